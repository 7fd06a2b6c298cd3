/** What a screen reader is told: alarms at once, the rest when it is done reading. */

/** New alarms only. Each call is one entry of the log, so that none is lost when several come together. */
export function sayAtOnce(text) {
  const log = document.querySelector("[data-announcer]");
  if (!log) return;
  const line = document.createElement("span");
  line.textContent = text;
  log.append(line);
  while (log.children.length > 5) log.firstElementChild.remove();
}

export function say(text) {
  const status = document.querySelector("[data-said]");
  if (status) status.textContent = text;
}
