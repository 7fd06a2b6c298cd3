/** Passkeys: the browser's own dialog between two small exchanges with the server. */
import { ApiError, request } from "./api.js";
import { t } from "./texts.js";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const described = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

async function register(form) {
  const name = form.elements.name.value;
  const password = form.elements.password?.value ?? "";
  const options = await request("POST", "/account/passkeys/options/", { body: { password } });
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: described(options.excludeCredentials),
    },
  });
  const credential = {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
    },
  };
  return request("POST", "/account/passkeys/", { body: { credential, name } });
}

async function signIn(button) {
  const options = await request("POST", "/sign-in/passkey/options/", { body: {} });
  const used = await navigator.credentials.get({
    publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) },
  });
  const credential = {
    id: used.id,
    rawId: text(used.rawId),
    type: used.type,
    response: {
      clientDataJSON: text(used.response.clientDataJSON),
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
      userHandle: used.response.userHandle ? text(used.response.userHandle) : "",
    },
  };
  return request("POST", "/sign-in/passkey/", { body: { credential, next: button.dataset.next ?? "" } });
}

async function run(act, place, message) {
  message.hidden = true;
  try {
    location.assign((await act(place)).next);
  } catch (error) {
    const closed = error instanceof DOMException;
    message.textContent = error instanceof ApiError ? error.message : closed ? t("Nothing was done: no passkey was used.") : t("Not sent. Nothing was lost. Try again.");
    message.hidden = false;
  }
}

if (window.PublicKeyCredential && window.isSecureContext) {
  for (const form of document.querySelectorAll("form[data-passkey=register]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(register, form, form.querySelector("[data-passkey-message]"));
    });
  }
  for (const button of document.querySelectorAll("button[data-passkey=sign-in]")) {
    button.hidden = false;
    button.addEventListener("click", () => run(signIn, button, button.parentElement.querySelector("[data-passkey-message]")));
  }
}
