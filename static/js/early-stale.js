/**
 * A page that shows a ward is kept true by a module. Where that has not begun after 12 s, perhaps because it never
 * came, the page says that it is old. A classic script: it must need nothing else to come.
 */
setTimeout(() => {
  const indicator = document.querySelector("[data-live-status][data-starting]");
  if (!indicator) return;
  const banner = document.querySelector("[data-stale-banner]");
  indicator.dataset.status = "stale";
  indicator.textContent = banner.dataset.staleWord;
  banner.textContent = banner.dataset.neverBegan;
  banner.hidden = false;
}, 12000);
