/** A wristband: the right patient ticks the box, a wrong one keeps it from being ticked. */
import { ApiError, request } from "./api.js";
import { h } from "./dom.js";
import { show, targetOf, title } from "./scan-result.js";
import { t } from "./texts.js";

/** Read a code for the patient of this widget. */
export async function readWristband(widget, data) {
  show(widget, "busy", t("Reading the code"));
  try {
    const body = { data, patient_id: Number(widget.dataset.patient) };
    const answer = await request("POST", "/api/v1/barcodes/wristband/", { body });
    widget.dataset.read = data;
    if (answer.matches) accept(widget, answer.text);
    else block(widget, answer.text);
  } catch (error) {
    // Nothing was compared: what the box says stays as it is.
    const refused = error instanceof ApiError && error.status < 500;
    show(widget, "bad", refused ? error.message : t("The code was not read: no contact with the server. Try again, or type it from the label."));
  }
}

function set(widget, state, { checked, complaint }) {
  widget.dataset.state = state;
  const target = targetOf(widget);
  const box = target.querySelector("[data-scan-confirm]");
  box.checked = checked;
  box.setCustomValidity(complaint);
  box.dispatchEvent(new Event("change", { bubbles: true }));
  target.querySelector("[data-scan-scanned]").value = state === "matched" ? "true" : "";
}

function accept(widget, text) {
  set(widget, "matched", { checked: true, complaint: "" });
  show(widget, "good", title(t("Right patient")), text);
}

function block(widget, text) {
  set(widget, "mismatch", { checked: false, complaint: text });
  const release = () => {
    set(widget, "", { checked: false, complaint: "" });
    show(widget, "");
  };
  show(widget, "bad", title(t("WRONG PATIENT")), text,
    h("button", { type: "button", class: "button", onclick: release, "data-test": "not-the-wristband" }, t("That was not the wristband: I check it by hand")));
}

/** While a wrong wristband stands there, the box cannot be ticked; unticked by hand, it no longer counts as scanned. */
export function guardBox(event) {
  if (!event.target.matches?.("[data-scan-confirm]")) return;
  const widget = targetOf(event.target).querySelector('[data-scan="wristband"]');
  if (widget.dataset.state === "mismatch") event.preventDefault();
  else if (widget.dataset.state === "matched" && !event.target.checked) {
    set(widget, "", { checked: false, complaint: "" });
    show(widget, "");
  }
}
