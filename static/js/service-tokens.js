/** The token that was just given out is in the answer alone, so the page shows it at once. */
const issued = document.getElementById("issued");

document.getElementById("issue-form").addEventListener("saved", (event) => {
  event.preventDefault();
  document.getElementById("issued-token").textContent = event.detail.answer.token;
  event.target.reset();
  issued.hidden = false;
  document.getElementById("issued-title").focus();
});
