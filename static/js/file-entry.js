/** `<form data-file-api="/api/v1/…" data-next="/x/">`: one file as base64 in JSON; then the next page, or this one anew. */
import { newKey, request } from "./api.js";
import { t } from "./texts.js";

const MOST_BYTES = 740000; // in base64 it still fits through the door

function base64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(text);
}

for (const form of document.querySelectorAll("form[data-file-api]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.querySelector("input[type=file]").files[0];
    if (!file || form.dataset.busy === "true") return;
    const failure = form.querySelector("[data-failure]");
    failure.hidden = true;
    form.dataset.busy = "true";
    try {
      if (file.size > MOST_BYTES) {
        failure.textContent = t("This file is too large to come by this page. Ask the administrator to import it.");
        failure.hidden = false;
        return;
      }
      const content = base64(new Uint8Array(await file.arrayBuffer()));
      await request("POST", form.dataset.fileApi, { body: { name: file.name, content }, key: newKey(), timeout: 60000 });
      location.assign(form.dataset.next || location.href);
    } catch (error) {
      failure.textContent = error.code ? error.message : t("The file did not arrive. Try again.");
      failure.hidden = false;
    } finally {
      form.dataset.busy = "false";
    }
  });
}
