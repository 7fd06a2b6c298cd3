/** Small behaviours shared by pages: dialogs, steppers, fill buttons, fields shown when they matter. */
import { number, typedNumber } from "./numbers.js";

function onClick(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  const opener = target.closest("[data-open-dialog]");
  if (opener) document.getElementById(opener.dataset.openDialog)?.showModal();
  const closer = target.closest("[data-close-dialog]");
  if (closer) closer.closest("dialog")?.close();
  const stepper = target.closest("[data-step]");
  if (stepper) stepField(stepper);
  const filler = target.closest("[data-fill], [data-fill-username]");
  if (filler) fill(filler);
  const focuser = target.closest("[data-focus]");
  if (focuser) {
    const field = document.getElementById(focuser.dataset.focus);
    field?.scrollIntoView({ block: "center" });
    field?.focus();
  }
  const printer = target.closest("[data-print]");
  if (printer) window.print();
  for (const menu of document.querySelectorAll("details.bar-menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
}

/** − and +: an empty field starts at its ghosted last value, then moves within its limits. */
function stepField(button) {
  const field = button.parentElement.querySelector("input");
  const by = Number(button.dataset.step);
  const places = Number(field.dataset.places ?? 0);
  const ghost = typedNumber(field.dataset.last ?? "");
  const typed = typedNumber(field.value.replace(",", "."));
  let value = typed;
  if (Number.isNaN(typed)) value = ghost;
  else value = typed + by;
  if (Number.isNaN(value)) {
    field.focus();
    return;
  }
  const low = Number(field.dataset.minimum);
  const high = Number(field.dataset.maximum);
  if (field.dataset.minimum && value < low) value = low;
  if (field.dataset.maximum && value > high) value = high;
  field.value = number(value.toFixed(places), { fixed: places, places });
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What a fill button writes: `data-fill="field=value;field=value"` or the two sign-in attributes. */
function fillings(button) {
  const { fillUsername, fillPassword } = button.dataset;
  if (fillUsername !== undefined) return [["username", fillUsername], ["password", fillPassword]];
  return button.dataset.fill.split(";").map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
}

/** Fill fields of the button's form (or of `data-form`); `data-then-submit` sends it. */
function fill(button) {
  const form = document.getElementById(button.dataset.form ?? "") ?? button.closest("form");
  for (const [name, value] of fillings(button)) {
    const field = form.elements.namedItem(name);
    if (!field) continue;
    if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value)) continue;
    field.value = value;
    const element = field instanceof RadioNodeList ? form : field;
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }
  if ("thenSubmit" in button.dataset) form.requestSubmit();
}

/** `data-when-field` (+ `data-when-value`): shown while that field has the value, or any value. */
export function refreshConditional(root = document) {
  for (const element of root.querySelectorAll("[data-when-field]")) {
    const form = element.closest("form") ?? root.querySelector("form");
    const fields = [...(form?.elements ?? [])].filter((field) => field.name === element.dataset.whenField);
    const values = fields.filter((field) => !/checkbox|radio/.test(field.type) || field.checked).map((field) => field.value);
    const wanted = element.dataset.whenValue;
    const shown = wanted === undefined ? values.some((value) => value !== "") : values.includes(wanted);
    element.hidden = !shown;
    for (const field of element.querySelectorAll("[data-required-when-shown]")) field.required = shown;
  }
}

export function startControls() {
  document.addEventListener("click", onClick);
  document.addEventListener("change", () => refreshConditional());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const menu of document.querySelectorAll("details.bar-menu[open]")) menu.open = false;
  });
  refreshConditional();
}
