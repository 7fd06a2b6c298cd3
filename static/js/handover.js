/** Entry of the handover page: an offer that arrives or is answered shows at once; ticks and notes stay. */
import { anchor } from "./clock.js";
import { swapLive } from "./live-region.js";
import { refreshTimes } from "./time.js";
import { parsePage } from "./trusted.js";
import { WardFeed } from "./ward-socket.js";

async function refresh() {
  try {
    const response = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(15000) });
    if (!response.ok || response.redirected) return;
    const fresh = parsePage(await response.text());
    anchor(fresh.documentElement.dataset.serverNow, fresh.documentElement.dataset.clockSpeed);
    const ticked = [...document.querySelectorAll("input[data-list]:checked")].map((box) => box.value);
    swapLive(document, fresh);
    for (const box of document.querySelectorAll("input[data-list]")) box.checked = ticked.includes(box.value);
    refreshTimes();
  } catch {
    // The next change of the ward tries again; what stands here carries its times.
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-tick-all]");
  for (const box of button?.form.elements ?? []) if (box.type === "checkbox") box.checked = true;
});

for (const ward of document.querySelectorAll("[data-feed]")) {
  let primed = false;
  new WardFeed(ward.dataset.feed, {
    onRows() {
      if (primed) refresh();
      primed = true;
    },
  }).start();
}
