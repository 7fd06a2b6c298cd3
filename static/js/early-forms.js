/**
 * A form without a method is sent by a module, never by the browser: that would put what was typed into the page's
 * address. A click that comes before the modules listen waits here and is sent once they do. A classic script in the
 * head, because it must listen first.
 */
{
  const sentByModule = (form) => form instanceof HTMLFormElement && !form.hasAttribute("method");
  const waiting = new Map(); // form -> what was pressed

  const hold = (event) => {
    if (!sentByModule(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.set(event.target, event.submitter);
  };
  document.addEventListener("submit", hold, true);

  // Modules of the page have run when this fires.
  document.addEventListener("DOMContentLoaded", () => {
    document.removeEventListener("submit", hold, true);
    for (const [form, submitter] of waiting) if (form.isConnected) form.requestSubmit(submitter);
    waiting.clear();
  });

  // Should its module not have come at all.
  window.addEventListener("submit", (event) => sentByModule(event.target) && event.preventDefault());
}
