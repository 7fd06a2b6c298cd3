/** The link that was just given out: its code and address are in the answer alone, so the page shows them at once. */
const issued = document.getElementById("issued");

document.getElementById("issue-form")?.addEventListener("saved", (event) => {
  event.preventDefault();
  const { answer } = event.detail;
  const image = new Image(240, 240);
  image.alt = "";
  image.src = `data:image/svg+xml,${encodeURIComponent(answer.qr_svg)}`;
  document.getElementById("qr").replaceChildren(image);
  const link = document.getElementById("issued-url");
  link.href = link.textContent = answer.url;
  const form = document.getElementById("send-form");
  if (form) {
    form.dataset.api = `/api/v1/self-report-links/${answer.id}/send/`;
    form.elements.token.value = answer.token;
  }
  issued.hidden = false;
  document.getElementById("issued-title").focus();
});
