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

  /** As few elements move as can be, and the one that holds the focus never does. */
  arrange(wanted) {
    const places = new Map([...this.element.children].map((element, index) => [element, index]));
    const staying = stay(wanted.map((element) => places.get(element)), wanted.findIndex((element) => element.contains(document.activeElement)));
    let next = null;
    for (let index = wanted.length - 1; index >= 0; index -= 1) {
      if (!staying.has(index)) this.element.insertBefore(wanted[index], next);
      next = wanted[index];
    }
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

/** Indexes of a longest rising run of `places`, one through `anchor` when that is not -1: these need not move. */
function stay(places, anchor) {
  const longest = [];
  const before = [];
  let last = -1;
  places.forEach((place, index) => {
    before[index] = -1;
    longest[index] = 0;
    if (anchor >= 0 && index !== anchor && place < places[anchor] !== index < anchor) return;
    longest[index] = 1;
    for (let earlier = 0; earlier < index; earlier += 1) {
      if (longest[earlier] > 0 && places[earlier] < place && longest[earlier] >= longest[index]) {
        longest[index] = longest[earlier] + 1;
        before[index] = earlier;
      }
    }
    if (longest[index] > (longest[last] ?? 0)) last = index;
  });
  const staying = new Set();
  for (let index = last; index >= 0; index = before[index]) staying.add(index);
  return staying;
}
