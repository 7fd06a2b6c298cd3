/** Talking to the API: JSON, CSRF, one error shape. */
import { idleSeconds } from "./touch.js";

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.message || `HTTP ${status}`);
    this.status = status;
    this.code = body?.code ?? "";
    this.extra = body?.extra ?? {};
  }
}

export class NetworkError extends Error {}

function csrfToken() {
  // The cookie first: after a new sign-in in another tab the token in this page's forms is old.
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1];
  return cookie ?? document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

/** A version 4 uuid; works on plain http too, where crypto.randomUUID is missing. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Send a request. Throws NetworkError when nothing came back in time, ApiError when it was refused. With
 * `performer` the server refuses the entry when somebody else is signed in by now.
 */
export async function request(method, url, { body, key, performer, timeout = 15000 } = {}) {
  const headers = { Accept: "application/json", "Ivig-Idle": String(idleSeconds()) };
  const options = { method, headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(timeout) };
  if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    options.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  if (method !== "GET") {
    headers["X-CSRFToken"] = csrfToken();
    // Pages fetch themselves anew after a write: of a session's answer nothing but its id is read.
    headers.Prefer = "return=minimal";
  }
  if (key) headers["Idempotency-Key"] = key;
  if (performer) headers["Ivig-Performer"] = performer;
  let response;
  let text;
  try {
    response = await fetch(url, options);
    text = await response.text();
  } catch (error) {
    throw new NetworkError(String(error));
  }
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok) throw new NetworkError("not JSON");
  }
  if (answer?.code === "screen_locked") document.dispatchEvent(new CustomEvent("screen-locked"));
  if (!response.ok) throw new ApiError(response.status, answer);
  return answer;
}

export const getJson = (url) => request("GET", url);
