/**
 * A form without a method is sent by a module, never by the browser: that would put what was typed into the page's
 * address. A click that comes before the modules listen waits here and is sent once they do; one that nobody listens
 * to is said not to be sent. A classic script in the head, because it must listen first and needs nothing else to come.
 */
{
  const SLOW_MS = 2000;
  const words = document.currentScript.dataset;
  const sentByModule = (form) => form instanceof HTMLFormElement && !form.hasAttribute("method");
  const waiting = new Map(); // form -> what was pressed

  /** At the head of the form, where form-messages.js would say it. */
  const say = (form, text) => {
    const summary = form.querySelector(":scope > .form-summary") ?? form.insertBefore(document.createElement("div"), form.firstChild);
    summary.className = "form-summary";
    summary.setAttribute("role", "alert");
    summary.textContent = text;
    summary.scrollIntoView({ block: "nearest" });
  };

  const hold = (event) => {
    const form = event.target;
    if (!sentByModule(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.set(form, event.submitter);
    setTimeout(() => waiting.has(form) && say(form, words.loading), SLOW_MS);
  };
  document.addEventListener("submit", hold, true);

  // Modules of the page have run when this fires.
  document.addEventListener("DOMContentLoaded", () => {
    document.removeEventListener("submit", hold, true);
    for (const [form, submitter] of waiting) {
      form.querySelector(":scope > .form-summary")?.remove();
      if (form.isConnected) form.requestSubmit(submitter);
    }
    waiting.clear();
  });

  // Whoever sends a form keeps the browser from doing so; where nobody did, its module has not come.
  window.addEventListener("submit", (event) => {
    if (!sentByModule(event.target) || event.defaultPrevented) return;
    event.preventDefault();
    say(event.target, words.incomplete);
  });
}
