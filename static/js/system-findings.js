/**
 * What is wrong with the service itself, on every page. The watchdog's findings are asked for over plain
 * HTTP, apart from the ward's socket: a page must learn of a relay that stands still.
 */
import { h } from "./dom.js";
import { t } from "./texts.js";

const ASK_MS = 10_000;
const LIMIT_MS = 5_000;

export function startSystemFindings(place = document.querySelector("[data-system-findings]")) {
  if (!place) return;
  let shown = "[]";
  const ask = async () => {
    if (document.hidden) return;
    try {
      const response = await fetch("/health/findings", { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(LIMIT_MS) });
      if (!response.ok) return;
      const { findings } = await response.json();
      const sentences = [...new Set(findings.map(({ text }) => text))];
      const now = JSON.stringify(sentences);
      if (now === shown) return; // said once: an assistive reader is not told the same again and again
      shown = now;
      place.hidden = sentences.length === 0;
      place.replaceChildren(...sentences.map((text) => h("p", {}, t(text))));
    } catch {
      // Without contact the page says so itself; what was known stays.
    }
  };
  ask();
  setInterval(ask, ASK_MS);
  document.addEventListener("visibilitychange", ask);
}
