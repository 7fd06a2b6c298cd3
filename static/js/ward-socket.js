/**
 * The ward's rows, kept true over an unreliable network. The socket brings hints and rows with a
 * gapless number; `cursor` is the highest number up to which nothing is missing. A gap, a heartbeat
 * ahead of the cursor or a resync pulls what was missed; without a socket the feed polls. Silence is
 * measured by the monotonic clock, and after 12 s the feed calls itself stale. So it does after 12 s of
 * knowing that rows are missing: a socket that speaks proves nothing while every pull fails.
 */
import { ApiError, getJson } from "./api.js";
import { anchor, lastContact } from "./clock.js";
import { elapsed } from "./monotonic.js";

const TICK_MS = 1000;
const POLL_MS = 5000;
const QUIET_MS = 8000;
const STALE_MS = 12000;
const BACKOFF_MS = [1000, 2000, 4000, 8000, 15000];

export class WardFeed {
  /**
   * `onRows(changedRows)` after rows changed; `onStatus({status, ageSeconds, refused})` each second.
   * `names`: "full", or "initials" where names may not even reach the device.
   */
  constructor(wardId, { snapshot = null, names = "full", onRows = () => {}, onStatus = () => {} } = {}) {
    this.wardId = wardId;
    this.names = names;
    this.onRows = onRows;
    this.onStatus = onStatus;
    this.rows = new Map();
    this.people = {};
    this.cursor = null;
    this.seen = 0;
    this.heardAt = lastContact().local;
    this.socketHeardAt = performance.now();
    this.pulledAt = 0;
    this.socket = null;
    this.failures = 0;
    this.refused = null;
    this.full = false;
    this.era = 0; // grows when the ward's numbers start anew: an answer to an earlier question tells of other ones
    this.failed = false;
    this.again = false;
    this.pulling = null;
    this.gone = new Map(); // removed rows and the number of their removal
    if (snapshot) this.take(snapshot, true);
  }

  start() {
    this.connect();
    setInterval(() => this.tick(), TICK_MS);
    const wake = () => {
      if (document.hidden) return;
      this.tick();
      this.pull();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    document.addEventListener("contact", () => this.refused && this.pull());
    window.addEventListener("pageshow", (event) => event.persisted && wake());
    this.tick();
  }

  get socketOpen() {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  connect() {
    if (this.refused || this.socket) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws/wards/${this.wardId}/?names=${this.names}`);
    this.socket = socket;
    this.socketHeardAt = performance.now();
    socket.addEventListener("message", (event) => this.receive(JSON.parse(event.data)));
    socket.addEventListener("open", () => {
      this.socketHeardAt = performance.now();
      document.dispatchEvent(new CustomEvent("contact"));
    });
    socket.addEventListener("close", (event) => {
      if (event.code === 4401) this.refused = "signed_out";
      if (event.code === 4403) this.refused = "no_right";
      if (event.code === 4423) this.refused = "locked";
      this.drop(socket);
    });
  }

  /** Give up this socket and try another one after a growing, jittered wait. */
  drop(socket) {
    if (this.socket !== socket) return;
    this.socket = null;
    socket.close();
    const wait = BACKOFF_MS[Math.min(this.failures, BACKOFF_MS.length - 1)] * (0.75 + Math.random() / 2);
    this.failures += 1;
    setTimeout(() => this.connect(), wait);
    this.pull();
    this.tick();
  }

  receive(message) {
    this.heard(message);
    this.socketHeardAt = performance.now();
    this.failures = 0;
    if (message.type === "row") this.receiveRow(message);
    else if (message.type === "resync") this.pull();
    else if (message.sequence !== undefined) {
      if (message.type === "hello" && this.cursor !== null && message.sequence < this.cursor) {
        // The ward's numbers went back (a restored database): start from a whole snapshot.
        this.cursor = null;
        this.seen = 0;
        this.era += 1;
        this.gone.clear();
        for (const row of this.rows.values()) row.sequence = -1;
      }
      this.seen = Math.max(this.seen, message.sequence);
      if (this.cursor === null || message.sequence > this.cursor) this.pull();
    }
    if (!this.behind) this.heardAt = elapsed();
    this.tick();
  }

  receiveRow(message) {
    this.seen = Math.max(this.seen, message.sequence);
    if (this.cursor !== null && message.sequence < this.cursor) return;
    const known = message.row.removed || String(message.row.patient_id) in this.people;
    if (!known) this.full = true;
    if (this.cursor !== null && message.sequence <= this.cursor + 1) {
      this.cursor = Math.max(this.cursor, message.sequence);
      this.apply([message.row]);
      if (known) return;
    }
    this.pull();
  }

  /** Fetch what is missing; one request at a time, again if more was asked meanwhile. */
  pull() {
    if (this.pulling) {
      this.again = true;
      return;
    }
    this.pulling = this.fetchMissing().finally(() => {
      this.pulling = null;
      // After a failure the poll in tick() tries again; never hammer a server in trouble.
      if (!this.failed && (this.again || this.full)) setTimeout(() => this.pull(), 200);
      else if (!this.failed && this.behind) setTimeout(() => this.pull(), 1000);
      this.again = false;
    });
  }

  async fetchMissing() {
    this.pulledAt = performance.now();
    const whole = this.cursor === null || this.full;
    const era = this.era;
    const base = `/api/v1/wards/${this.wardId}/board/`;
    try {
      const answer = await getJson(whole ? `${base}?names=${this.names}` : `${base}changes/?names=${this.names}&after=${this.cursor}`);
      this.failed = false;
      if (this.refused) {
        // Signed in again in another tab, or given the ward back.
        this.refused = null;
        this.connect();
      }
      this.heard(answer);
      if (era === this.era) {
        if (whole) this.full = false;
        this.take(answer, whole);
      } else this.full = true;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.code === "not_signed_in")) this.refused = "signed_out";
      else if (error instanceof ApiError && error.status === 423) this.refused = "locked";
      else if (error instanceof ApiError && (error.status === 403 || error.status === 404)) this.refused = "no_right";
      this.failed = true;
    }
    this.tick();
  }

  take(answer, whole) {
    Object.assign(this.people, answer.people ?? {});
    const rows = [...(answer.rows ?? [])];
    if (whole) {
      const present = new Set(rows.map((row) => row.row_id));
      for (const row of this.rows.values()) {
        if (!present.has(row.row_id) && row.sequence <= answer.sequence) {
          rows.push({ row_id: row.row_id, sequence: answer.sequence, removed: true });
        }
      }
    }
    if (this.cursor === null || answer.sequence > this.cursor) this.cursor = answer.sequence;
    if (!this.behind) this.heardAt = elapsed();
    this.apply(rows);
  }

  apply(rows) {
    const changed = [];
    for (const row of rows) {
      const old = this.rows.get(row.row_id);
      const latest = Math.max(old?.sequence ?? -1, this.gone.get(row.row_id) ?? -1);
      if (latest >= row.sequence) continue;
      if (row.removed) {
        this.rows.delete(row.row_id);
        this.gone.set(row.row_id, row.sequence);
      } else this.rows.set(row.row_id, row);
      changed.push(row.removed ? { ...old, ...row } : row);
    }
    if (changed.length) this.onRows(changed);
  }

  get behind() {
    return this.cursor === null || this.full || this.seen > this.cursor;
  }

  heard(message) {
    if (message?.server_now) anchor(message.server_now, message.clock_speed);
  }

  tick() {
    const silence = elapsed() - this.heardAt;
    const socketSilence = performance.now() - this.socketHeardAt;
    const quiet = !this.socketOpen || socketSilence > QUIET_MS;
    // Also beside a socket that speaks: what is missing, or was refused, stays so until a pull succeeds.
    if ((quiet || this.behind || this.refused) && performance.now() - this.pulledAt >= POLL_MS) this.pull();
    // A socket that says nothing, or never opens, is broken somewhere on the way.
    if (this.socket && socketSilence > STALE_MS) this.drop(this.socket);
    let status = quiet ? "polling" : "live";
    if (silence > STALE_MS || this.refused) status = "stale";
    this.onStatus({ status, ageSeconds: Math.floor(silence / 1000), refused: this.refused });
  }
}
