/** Sealing what waits on this device: AES-GCM with a key that scripts can use and never read. */

const text = new TextEncoder();

/** Browsers offer this on https and on localhost only. */
export const canSeal = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

export function makeKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** `place` says where the value belongs: sealed content moved to another person's record does not open. */
export async function seal(key, value, place) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const data = await crypto.subtle.encrypt(algorithm(iv, place), key, text.encode(JSON.stringify(value)));
  return { iv, data };
}

/** The sealed value again. Throws when key or place are others. */
export async function unseal(key, { iv, data }, place) {
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(algorithm(iv, place), key, data)));
}

function algorithm(iv, place) {
  return { name: "AES-GCM", iv, additionalData: text.encode(place) };
}
