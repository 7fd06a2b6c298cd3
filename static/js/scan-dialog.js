/** Dialogs that stop and ask after a scan. */
import { h } from "./dom.js";
import { t } from "./texts.js";

/** Show a dialog; `content` gets a function that closes it. Resolves to its return value, "" after Escape. */
export function openDialog(title, content) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "scan-dialog", "aria-label": title, "data-test": "scan-dialog" });
    const close = (value) => dialog.close(value);
    dialog.append(h("div", {}, h("h2", {}, title), content(close)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const dialogIsOpen = () => Boolean(document.querySelector(".scan-dialog[open]"));

const paragraphs = (texts) => texts.map((text) => h("p", {}, text));

/** Say something that must be read before work goes on. */
export function tell(title, texts) {
  return openDialog(title, (close) => [
    ...paragraphs(texts),
    h("div", { class: "actions" }, h("button", { type: "button", class: "button primary", onclick: () => close("read") }, t("I have read it"))),
  ]);
}

/** Whether a person says yes. The other answer has the focus: Enter alone confirms nothing. */
export async function ask(title, texts, { yes, no }) {
  const answer = await openDialog(title, (close) => [
    ...paragraphs(texts),
    h("div", { class: "actions" },
      h("button", { type: "button", class: "button", autofocus: true, onclick: () => close("no") }, no),
      h("button", { type: "button", class: "button primary", onclick: () => close("yes"), "data-test": "scan-yes" }, yes)),
  ]);
  return answer === "yes";
}
