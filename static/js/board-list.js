/**
 * A list whose elements stay the same while their content does. Nothing moves under a finger: while
 * somebody is at the board, elements change in place, new ones come last, and order and departures wait.
 */

export class BoardList {
  constructor(element) {
    this.element = element;
    this.made = new Map(); // key -> {element, mark}
  }

  /** `wanted`: [{key, mark, build}] in order; an element is built anew only when its mark changes. */
  show(wanted, { hold = false } = {}) {
    const focus = this.focus();
    for (const { key, mark, build } of wanted) this.update(key, mark, build);
    if (hold) return this.restore(focus);
    const keys = wanted.map((item) => item.key);
    for (const [key, entry] of this.made) if (!keys.includes(key)) this.drop(key, entry);
    this.arrange(keys.map((key) => this.made.get(key).element));
    this.restore(focus);
  }

  update(key, mark, build) {
    const entry = this.made.get(key);
    if (entry?.mark === mark) return;
    const element = build();
    element.dataset.key = key;
    if (entry) {
      if (entry.element.querySelector("details[open]")) element.querySelector("details")?.setAttribute("open", "");
      entry.element.replaceWith(element);
    } else this.element.append(element);
    this.made.set(key, { element, mark });
  }

  drop(key, entry) {
    const { element } = entry;
    const next = element.contains(document.activeElement) && (element.nextElementSibling ?? element.previousElementSibling);
    element.remove();
    if (next) next.querySelector("a, button, summary")?.focus({ preventScroll: true });
    this.made.delete(key);
  }

  /** The element that holds the focus stays in the document; the others move around it. */
  arrange(wanted) {
    const children = [...this.element.children];
    if (wanted.every((element, index) => children[index] === element)) return;
    const anchor = wanted.findIndex((element) => element.contains(document.activeElement));
    wanted.forEach((element, index) => {
      if (index < anchor) wanted[anchor].before(element);
      else if (index > anchor) this.element.append(element);
    });
  }

  focus() {
    const active = document.activeElement;
    const owner = this.element.contains(active) ? active.closest("[data-key]") : null;
    return owner && { key: owner.dataset.key, tag: active.tagName };
  }

  restore(focus) {
    if (!focus || this.element.contains(document.activeElement)) return;
    const owner = this.made.get(focus.key)?.element;
    (owner?.querySelector(focus.tag) ?? owner?.querySelector("a, button, summary"))?.focus({ preventScroll: true });
  }
}
