/** The filter of the cards: buttons with counts, remembered by this device. Only the normal view has them. */
import { filterNames, isShown, matches } from "./board-order.js";
import { digits } from "./numbers.js";
import { say } from "./say.js";
import { remember, remembered } from "./store.js";
import { t } from "./texts.js";

const STORED = "board-filter";

export class Filters {
  constructor(board, onChange) {
    this.buttons = [...board.querySelectorAll("[data-filter]")];
    this.note = board.querySelector("[data-filter-note]");
    this.me = Number(board.dataset.me);
    this.onChange = onChange;
    const stored = remembered(STORED);
    this.name = this.buttons.length && filterNames.includes(stored) ? stored : "all";
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(button.dataset.filter));
    board.querySelector("[data-show-all]")?.addEventListener("click", () => {
      this.choose("all");
      this.buttons[0].focus();
    });
  }

  choose(name) {
    this.name = name;
    remember(STORED, name);
    const shown = this.onChange();
    const button = this.buttons.find((one) => one.dataset.filter === name);
    say(t("%(filter)s: %(count)s shown", { filter: button.querySelector("[data-filter-word]").textContent, count: digits(shown) }));
  }

  /** The rows to show; buttons and the line that says what is hidden are brought up to date. */
  apply(rows, worst) {
    if (!this.buttons.length) return rows;
    const alertOf = (row) => worst.get(row.session_id);
    for (const button of this.buttons) {
      const { filter } = button.dataset;
      button.setAttribute("aria-pressed", String(filter === this.name));
      const count = digits(rows.filter((row) => matches(filter, row, alertOf(row), this.me)).length);
      const place = button.querySelector("[data-filter-count]");
      if (place.textContent !== String(count)) place.textContent = count;
    }
    const shown = rows.filter((row) => isShown(this.name, row, alertOf(row), this.me));
    const hidden = rows.length - shown.length;
    this.note.hidden = hidden === 0;
    const text = t("Hidden by the filter: %(count)s", { count: digits(hidden) });
    const words = this.note.querySelector("[data-hidden-count]");
    if (words.textContent !== text) words.textContent = text;
    return shown;
  }
}
