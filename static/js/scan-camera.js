/** The camera as a scanner, where the browser itself can read barcodes. */
import { h } from "./dom.js";
import { openDialog, tell } from "./scan-dialog.js";
import { t } from "./texts.js";

const WANTED = ["data_matrix", "code_128", "ean_13", "qr_code"];
const EVERY_MS = 200;

/** The formats that this browser can read through the camera; none when it cannot. */
export async function cameraFormats() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return [];
  const supported = await window.BarcodeDetector.getSupportedFormats();
  return WANTED.filter((format) => supported.includes(format));
}

/** The first code held in front of the camera; "" when the person gives up or the camera cannot be used. */
export async function scanWithCamera(formats) {
  const title = t("Hold the code in front of the camera");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    await tell(title, [t("The camera cannot be used. Allow it for this page, or type the code.")]);
    return "";
  }
  const video = h("video", { autoplay: true, playsinline: true });
  video.muted = true;
  video.srcObject = stream;
  const detector = new window.BarcodeDetector({ formats });
  let timer;
  const found = await openDialog(title, (close) => {
    timer = setInterval(() => look(detector, video, close), EVERY_MS);
    return [video, h("div", { class: "actions" }, h("button", { type: "button", class: "button", onclick: () => close("") }, t("Cancel")))];
  });
  clearInterval(timer);
  for (const track of stream.getTracks()) track.stop();
  return found;
}

async function look(detector, video, close) {
  try {
    const [code] = await detector.detect(video);
    if (code?.rawValue) close(code.rawValue);
  } catch {
    // Until the first picture is there, there is nothing to look at.
  }
}
