/** The visible "Live / Polling / STALE" indicator with the age of the data, and the stale banner. */
import { h } from "./dom.js";
import { digits } from "./numbers.js";
import { t } from "./texts.js";

const words = { live: "Live", polling: "Polling", stale: "STALE" };

/** A function for WardFeed's onStatus that keeps indicator and banner of this page right. */
export function statusView(covered = null) {
  const indicator = document.querySelector("[data-live-status]");
  const banner = document.querySelector("[data-stale-banner]");
  let last = "";
  return ({ status, ageSeconds, refused }) => {
    const age = t("updated %(seconds)s s ago", { seconds: digits(ageSeconds) });
    delete indicator.dataset.starting;
    indicator.replaceChildren(h("span", {}, t(words[status])), h("small", {}, age));
    if (covered) covered.dataset.stale = String(status === "stale");
    const state = `${status}/${refused}`;
    if (state === last) return;
    last = state;
    indicator.dataset.status = status;
    banner.hidden = status !== "stale";
    banner.replaceChildren(...message(status, refused));
  };
}

function message(status, refused) {
  if (status !== "stale") return [];
  if (refused === "signed_out") {
    const here = encodeURIComponent(location.pathname);
    return [t("You are signed out. What you see is old."), " ", h("a", { href: `/sign-in/?next=${here}` }, t("Sign in"))];
  }
  if (refused === "no_right") return [t("You no longer have access to this ward. What you see is old.")];
  return [t("STALE: no contact with the server. What you see is old. Look at the patient and the pump.")];
}
