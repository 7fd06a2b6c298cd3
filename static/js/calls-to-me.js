/** Who is called for an alert sees it on every page: in the bar and in the page's title. */
import { getJson } from "./api.js";
import { digits } from "./numbers.js";

const ASK_MS = 15_000;

function show(link, { count, ward_id: ward }) {
  link.hidden = count === 0;
  if (ward) link.href = `/wards/${ward}/`;
  link.querySelector(".nav-count").textContent = digits(count);
  const title = document.title.replace(/^\(\S+\) /u, "");
  document.title = count ? `(${digits(count)}) ${title}` : title;
}

/** Ask now and again while somebody looks at the page. */
export function startCalls() {
  const link = document.querySelector("[data-calls-to-me]");
  if (!link) return;
  const ask = async () => {
    if (document.hidden) return;
    try {
      show(link, await getJson("/api/v1/me/calls/"));
    } catch {
      // No contact: the page says so elsewhere, and the next time asks again.
    }
  };
  setInterval(ask, ASK_MS);
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("saved", () => setTimeout(ask, 0));
  const { hidden } = link;
  if (!hidden) ask();
}
