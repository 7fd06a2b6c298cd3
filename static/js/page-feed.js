/**
 * Keeps a page true for somebody to whom the ward's socket is shut: a patient opened in an emergency, an officer
 * who reads. The page is asked for again every few seconds, and calls itself stale as the socket's would.
 */
import { lastContact } from "./clock.js";
import { elapsed } from "./monotonic.js";

const TICK_MS = 1000;
const POLL_MS = 5000;
const STALE_MS = 12000;

export class PageFeed {
  /** `refresh()` fetches the page and anchors the clock; `refused()` says why it was not given, or null. */
  constructor(refresh, refused, onStatus) {
    Object.assign(this, { refresh, refused, onStatus, askedAt: -Infinity });
  }

  start() {
    setInterval(() => this.tick(), TICK_MS);
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
    window.addEventListener("online", () => this.ask());
    this.tick();
  }

  ask() {
    this.askedAt = elapsed();
    this.refresh();
  }

  tick() {
    if (elapsed() - this.askedAt >= POLL_MS) this.ask();
    const silence = elapsed() - lastContact().local;
    const refused = this.refused();
    const status = silence > STALE_MS || refused ? "stale" : "polling";
    this.onStatus({ status, ageSeconds: Math.floor(silence / 1000), refused });
  }
}
