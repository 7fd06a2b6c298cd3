/** A question in a dialog of the page. */
import { h } from "./dom.js";

let asked = 0;

/** Ask; `choices` are `{value, text, kind}`. Resolves with the chosen value, "" when the dialog was closed. */
export function ask(question, choices) {
  asked += 1;
  const id = `question-${asked}`;
  const buttons = choices.map(({ value, text, kind = "" }) =>
    h("button", { class: `button ${kind}`.trim(), value, "data-test": `answer-${value || "cancel"}` }, text),
  );
  const form = h("form", { method: "dialog" }, h("p", { class: "strong", id }, question), h("div", { class: "actions" }, buttons));
  const dialog = h("dialog", { "aria-labelledby": id, "data-test": "question" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}
