/** Entry of the page that stands where a page was asked for while the screen is locked. */
import { startUnlockForms } from "./unlock-form.js";

startUnlockForms(document.querySelector("[data-lock-page]"), {
  onOpen: () => location.reload(),
  onSwitch: () => location.assign("/"),
});
