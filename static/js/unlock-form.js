/** The forms of a locked screen: the person's own PIN or password, or somebody else's name and PIN. */
import { ApiError, request } from "./api.js";
import { page } from "./dom.js";
import { divertScans } from "./scan-keys.js";

const ADDRESS = "/api/v1/screen/";

/** `onOpen()` when the same person is there, `onSwitch()` when another one has taken over. */
export function startUnlockForms(place, { onOpen, onSwitch }) {
  const said = place.querySelector("[data-lock-said]");
  const send = (form, path, then) => {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (form.dataset.busy === "true") return;
      form.dataset.busy = "true";
      said.textContent = "";
      const body = Object.fromEntries([...form.elements].filter((field) => field.name && field.value).map((field) => [field.name, field.value]));
      delete body.csrfmiddlewaretoken;
      try {
        const answer = await request("POST", ADDRESS + path, { body, performer: page.dataset.user || undefined });
        form.reset();
        then(answer);
      } catch (error) {
        refused(form, error);
      } finally {
        form.dataset.busy = "false";
      }
    });
  };
  const refused = (form, error) => {
    form.querySelectorAll("input[type=password]").forEach((field) => (field.value = ""));
    said.textContent = error instanceof ApiError ? error.message : said.dataset.noContact;
    if (error.status === 401 || error.code === "not_signed_in" || error.code === "session_ended") over();
    else form.querySelector("input[type=password]").focus();
  };
  /** The session is gone: what was typed stays on the page, and only a sign-in helps. */
  const over = () => {
    place.querySelectorAll("[data-lock-open]").forEach((part) => (part.hidden = true));
    place.querySelector("[data-lock-over]").hidden = false;
    place.querySelector("[data-lock-over] a").focus();
  };
  for (const form of place.querySelectorAll("[data-unlock]")) send(form, "unlock/", onOpen);
  for (const form of place.querySelectorAll("[data-switch-person]")) send(form, "switch/", ({ same_person: same }) => (same ? onOpen() : onSwitch()));
}

/** While the screen is locked a badge's code names its person, whose PIN is asked for then. */
export function readBadges(place, on) {
  const form = place.querySelector("[data-switch-person]");
  const choose = (badge) => {
    form.elements.badge.value = badge;
    form.elements.username.required = !badge;
    form.querySelector("[data-username]").hidden = Boolean(badge);
    form.querySelector("[data-badge-read]").hidden = !badge;
  };
  choose("");
  divertScans(
    on &&
      ((code) => {
        choose(code);
        form.elements.username.value = "";
        form.closest("details").open = true;
        form.elements.pin.focus();
      }),
  );
}
