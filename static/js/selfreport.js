/**
 * The patient's form: one question at a time, each answer sent at once. What could not be sent waits on this phone
 * under the form's own name and is removed when it has arrived; the page says "not sent yet" until then. Without
 * this script the page is a plain form. Old telephones read it too, so it is one file without modules.
 */
(function () {
  "use strict";
  const form = document.querySelector("form[data-form]");
  if (!form || !window.fetch || !window.URLSearchParams) return;
  const state = document.getElementById("state");
  const call = document.getElementById("call");
  const rules = JSON.parse(document.getElementById("rules").textContent);
  const note = document.getElementById("note");
  const place = "ivig-report-" + form.dataset.form;
  const sections = [...form.querySelectorAll("section")];
  const LEVELS = ["none", "same_day", "emergency"];
  let shown = LEVELS.indexOf((call.querySelector("[data-urgency]") || { dataset: {} }).dataset.urgency);
  let waiting = read();
  let busy = false;
  let failed = false;
  let pause = 2000;
  let timer = 0;
  let here = 0;

  // What waits, oldest first: [{key, answers, note, complete}].
  function read() {
    try {
      return JSON.parse(localStorage.getItem(place)) || [];
    } catch {
      return [];
    }
  }

  function keep() {
    try {
      if (waiting.length) localStorage.setItem(place, JSON.stringify(waiting));
      else localStorage.removeItem(place);
    } catch {
      // A private window keeps nothing: it then waits as long as the page is open.
    }
  }

  function newKey() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => (byte + 256).toString(16).slice(1)).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  function put(answers, complete) {
    waiting.push({ key: newKey(), answers, note: note.value, complete });
    keep();
    warn();
    send();
  }

  function say(word) {
    const text = state.dataset[failed ? "refused" : word];
    if (state.textContent !== text) state.textContent = text;
  }

  async function send() {
    if (busy || !waiting.length) return;
    busy = true;
    clearTimeout(timer);
    const entry = waiting[0];
    const stop = window.AbortController ? new AbortController() : null;
    const limit = setTimeout(() => stop && stop.abort(), 15000);
    let status = 0;
    let answer = null;
    try {
      const response = await fetch(form.dataset.to, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(entry),
        credentials: "omit",
        cache: "no-store",
        signal: stop ? stop.signal : undefined,
      });
      status = response.status;
      answer = await response.json();
    } catch {
      answer = null;
    }
    clearTimeout(limit);
    busy = false;
    if (status >= 200 && status < 300 && answer) return arrived(entry, answer);
    // The service said no for good: asking again would not help. The answer stays on the page.
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return refused(entry);
    say("kept");
    timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, 60000);
  }

  function arrived(entry, answer) {
    waiting = waiting.filter((other) => other.key !== entry.key);
    keep();
    pause = 2000;
    show(LEVELS.indexOf(answer.urgency), answer.tell || []);
    if (entry.complete) {
      location.replace(location.pathname + "?lang=" + document.documentElement.lang);
      return;
    }
    say(waiting.length ? "kept" : "saved");
    send();
  }

  function refused(entry) {
    waiting = waiting.filter((other) => other.key !== entry.key);
    keep();
    failed = true;
    say("refused");
    send();
  }

  // What this phone can tell by itself, network or not: a red flag waits for nobody.
  function warn() {
    const yes = new Set([...form.querySelectorAll("input[value=yes]:checked")].map((field) => field.name.slice(2)));
    for (const rule of rules) {
      if (rule.parts.every(([least, codes]) => codes.filter((code) => yes.has(code)).length >= least)) {
        show(rule.urgency, rule.tell ? [rule.tell] : []);
      }
    }
  }

  function show(level, tell) {
    if (level > Math.max(shown, 0)) {
      call.textContent = "";
      call.append(document.getElementById("call-" + level).content.cloneNode(true));
      call.scrollIntoView();
    }
    shown = Math.max(shown, level);
    const said = [...call.querySelectorAll("p")].map((line) => line.textContent);
    for (const text of tell.filter((text) => !said.includes(text))) {
      call.append(Object.assign(document.createElement("p"), { className: "box", textContent: text }));
    }
  }

  const answered = (section) =>
    [...section.querySelectorAll("fieldset")].every((field) => field.querySelector("input:checked"));

  function go(index, focus) {
    here = Math.max(0, Math.min(index, sections.length - 1));
    sections.forEach((section, number) => (section.hidden = number !== here));
    document.getElementById("about").hidden = here > 0;
    document.getElementById("open").hidden = sections.slice(0, -1).every(answered);
    if (!focus) return;
    const title = sections[here].querySelector("h2");
    title.tabIndex = -1;
    title.focus();
    if (shown > 0) call.scrollIntoView();
    else window.scrollTo(0, 0);
  }

  function button(text, act, name) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    if (name) made.className = name;
    made.addEventListener("click", act);
    return made;
  }

  function noToAll(section) {
    const answers = {};
    for (const field of section.querySelectorAll("fieldset")) {
      if (field.querySelector("input:checked")) continue;
      const no = field.querySelector("input[value=no]");
      no.checked = true;
      answers[no.name.slice(2)] = "no";
    }
    if (Object.keys(answers).length) put(answers, false);
    go(here + 1, true);
  }

  sections.forEach((section, number) => {
    const last = number === sections.length - 1;
    const steps = Object.assign(document.createElement("div"), { className: "steps" });
    if (!last) section.append(button(state.dataset.none, () => noToAll(section)));
    if (number) steps.append(button(state.dataset.back, () => go(number - 1, true)));
    if (!last) steps.append(button(state.dataset.next, () => go(number + 1, true), "main"));
    section.append(steps);
  });

  form.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    put({ [event.target.name.slice(2)]: event.target.value }, false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answers = {};
    for (const field of form.querySelectorAll("input[type=radio]:checked")) answers[field.name.slice(2)] = field.value;
    if (!waiting.some((entry) => entry.complete)) put(answers, true);
  });
  note.addEventListener("change", () => put({}, false));
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());

  // What was answered before the page was opened again, but had not arrived.
  for (const { answers } of waiting) {
    for (const code of Object.keys(answers)) {
      const field = form.querySelector('input[name="a.' + CSS.escape(code) + '"][value="' + CSS.escape(answers[code]) + '"]');
      if (field) field.checked = true;
    }
  }
  if (waiting.length) say("kept");
  warn();
  const open = sections.findIndex((section) => !answered(section));
  go(open < 0 ? sections.length - 1 : open, false);
  send();
})();
