/** The site's MedDRA archive on its way in: in parts that each fit through the door, then loaded as one. */
import { newKey, request } from "./api.js";
import { t } from "./texts.js";

const ADDRESS = "/api/v1/meddra/uploads/";
const LOADING_MS = 120000;

function base64(bytes) {
  let text = "";
  for (let start = 0; start < bytes.length; start += 8192) {
    text += String.fromCharCode(...bytes.subarray(start, start + 8192));
  }
  return btoa(text);
}

async function send(form, file) {
  const progress = form.querySelector("[data-progress]");
  const upload = await request("POST", ADDRESS, { body: { size_bytes: file.size }, key: newKey() });
  const parts = Math.ceil(file.size / upload.part_bytes);
  for (let number = 0; number < parts; number += 1) {
    progress.textContent = t("Part %(part)s of %(parts)s", { part: number + 1, parts });
    const slice = file.slice(number * upload.part_bytes, (number + 1) * upload.part_bytes);
    const content = base64(new Uint8Array(await slice.arrayBuffer()));
    await request("POST", `${ADDRESS}${upload.id}/parts/`, { body: { number, content }, key: newKey(), timeout: 60000 });
  }
  progress.textContent = t("Loading…");
  const version = form.elements.version.value.trim();
  await request("POST", `${ADDRESS}${upload.id}/load/`, { body: version ? { version } : {}, key: newKey(), timeout: LOADING_MS });
}

for (const form of document.querySelectorAll("[data-meddra-upload]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const file = form.querySelector("input[type=file]").files[0];
    if (!file || form.dataset.busy === "true") return;
    const failure = form.querySelector("[data-failure]");
    failure.hidden = true;
    form.dataset.busy = "true";
    try {
      await send(form, file);
      location.reload();
    } catch (error) {
      form.querySelector("[data-progress]").textContent = "";
      failure.textContent = error.code ? error.message : t("The archive did not arrive. Try again.");
      failure.hidden = false;
    } finally {
      form.dataset.busy = "false";
    }
  });
}
