/** What only displays need: on a wall the pointer hides while nobody moves it. */

const IDLE_MS = 3000;

export function startView(view) {
  if (view !== "wall") return;
  let timer = null;
  const rest = () => (document.body.dataset.idle = "true");
  rest();
  document.addEventListener("pointermove", () => {
    document.body.dataset.idle = "false";
    clearTimeout(timer);
    timer = setTimeout(rest, IDLE_MS);
  });
}
