/** Leaving: nothing that waits is dropped without asking, and nothing that can be read stays after a sign-out. */
import { ask } from "./ask.js";
import { digits } from "./numbers.js";
import { canSeal } from "./offline-crypto.js";
import { forgetPages } from "./offline-pages.js";
import { discard, durable, myEntries, retry, send } from "./offline-queue.js";
import { t } from "./texts.js";

async function askBeforeSignOut(entries) {
  const count = digits(String(entries.length));
  return ask(t("Entries that are not sent yet: %(count)s. What should happen to them?", { count }), [
    { value: "send", text: t("Send now"), kind: "primary" },
    ...(durable ? [{ value: "keep", text: t("Keep on this device") }] : []),
    { value: "discard", text: t("Discard"), kind: "danger" },
    { value: "", text: t("Stay signed in") },
  ]);
}

async function signOut(form) {
  if (!navigator.onLine) {
    await ask(t("Signing out needs the network: the server still counts you as signed in. Lock this device until the network is back."), [
      { value: "", text: t("Close") },
    ]);
    return;
  }
  const entries = await myEntries().catch(() => []);
  if (entries.length) {
    const answer = await askBeforeSignOut(entries);
    if (answer === "send") {
      for (const entry of entries) if (entry.state === "refused") await retry(entry.id);
      await send();
      return signOut(form);
    }
    if (answer === "discard") for (const entry of entries) await discard(entry.id);
    else if (answer !== "keep") return;
  }
  if (canSeal) await forgetPages().catch(() => null);
  form.submit();
}

export function startLeaving() {
  document.addEventListener("submit", (event) => {
    if (!("signOut" in event.target.dataset)) return;
    event.preventDefault();
    signOut(event.target);
  });
  if (!durable) keepFromLeaving();
}

/** Without a sealed store the entries live as long as the page: the browser asks before it goes. */
function keepFromLeaving() {
  let waiting = false;
  document.addEventListener("offline-changed", async () => (waiting = (await myEntries()).length > 0));
  window.addEventListener("beforeunload", (event) => waiting && event.preventDefault());
}
