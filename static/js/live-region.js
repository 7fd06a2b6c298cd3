/**
 * Swap the read-only parts of a page (`data-live="name"`) for fresh ones. A part in which someone is
 * typing is left alone; opened disclosures, answers of the server, and focus stay where they were.
 */
import { imported } from "./trusted.js";

export function swapLive(page, fresh) {
  for (const region of page.querySelectorAll("[data-live]")) {
    const other = fresh.querySelector(`[data-live="${region.dataset.live}"]`);
    if (!other || beingTyped(region) || region.dataset.was === other.innerHTML) continue;
    const focus = describeFocus(region);
    const held = region.ownerDocument.activeElement?.closest(".form-summary");
    const open = [...region.querySelectorAll("details[id]")].filter((item) => item.open).map((item) => item.id);
    const said = [...region.querySelectorAll(".form-summary")].map((summary) => [summary.parentElement.dataset.api ?? "", summary]);
    const chosen = [...region.querySelectorAll("form[data-api] input[type=radio]:checked")].map((radio) => [radio.form.dataset.api, radio.name, radio.value]);
    region.replaceChildren(imported(other.childNodes));
    for (const id of open) region.querySelector(`details#${CSS.escape(id)}`)?.setAttribute("open", "");
    // What a form was told stays beside it until it is sent again; above the part when the form is gone.
    for (const [api, summary] of said) (region.querySelector(`form[data-api="${CSS.escape(api)}"]`) ?? region).prepend(summary);
    // The first of two taps holds while the page is brought up to date.
    for (const [api, name, value] of chosen) {
      const radio = region.querySelector(`form[data-api="${CSS.escape(api)}"] input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
      if (radio) radio.checked = true;
    }
    region.dataset.was = other.innerHTML;
    if (held?.isConnected) held.focus({ preventScroll: true });
    else restore(region, focus);
  }
}

function beingTyped(region) {
  if (region.querySelector('form[data-busy="true"], form[data-dirty]')) return true;
  if ([...region.querySelectorAll('input[type="text"], textarea')].some((field) => field.value.trim() !== "")) return true;
  const chosen = (list) => list.selectedIndex > 0 && !list.options[list.selectedIndex].defaultSelected;
  if ([...region.querySelectorAll("select")].some(chosen)) return true;
  const active = region.ownerDocument.activeElement;
  return region.contains(active) && active.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
}

function describeFocus(region) {
  const active = region.ownerDocument.activeElement;
  if (!region.contains(active)) return null;
  const owner = active.closest("[id]");
  return { id: owner && region.contains(owner) ? owner.id : "", hook: active.dataset.test };
}

function restore(region, focus) {
  if (!focus) return;
  const owner = (focus.id && region.querySelector(`#${CSS.escape(focus.id)}`)) || region;
  const hook = focus.hook && owner.querySelector(`[data-test="${focus.hook}"]`);
  const target = hook || (owner.matches("button, a, summary") ? owner : owner.querySelector("button, a, summary"));
  target?.focus({ preventScroll: true });
  if (region.contains(region.ownerDocument.activeElement)) return;
  // What was in focus is gone or hidden now: the next Tab goes on from this part, not from the top of the page.
  region.tabIndex = -1;
  region.focus({ preventScroll: true });
}
