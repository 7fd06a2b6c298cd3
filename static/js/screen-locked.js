/** Entry of the page that stands where a page was asked for while the screen is locked. */
import { readBadges, startUnlockForms } from "./unlock-form.js";

const place = document.querySelector("[data-lock-page]");
readBadges(place, true);
startUnlockForms(place, {
  onOpen: () => location.reload(),
  onSwitch: () => location.assign("/"),
});
