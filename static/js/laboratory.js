/**
 * Entering laboratory results: an unusual number is asked about only once the server found it unusual, and asked
 * again when it is changed afterwards.
 */
function asked(form, name) {
  return [...form.querySelectorAll("[data-confirm]")].find((item) => item.dataset.confirm === name);
}

function show(item, shown) {
  const box = item.querySelector("input");
  item.hidden = !shown;
  box.disabled = !shown;
  if (!shown) box.checked = false;
}

for (const form of document.querySelectorAll("[data-laboratory-form]")) {
  form.addEventListener("refused", (event) => {
    const item = asked(form, event.detail.error.extra?.field ?? "");
    if (!item) return;
    const fold = item.closest("details");
    if (fold) fold.open = true;
    show(item, true);
    item.querySelector("input").focus();
  });
  form.addEventListener("input", (event) => {
    if (!/(^|\.)(value|unit|period_h)$/.test(event.target.name ?? "")) return;
    const item = asked(form, event.target.name.replace(/(value|unit|period_h)$/, "confirmed"));
    if (item && !item.hidden) show(item, false);
  });
}
