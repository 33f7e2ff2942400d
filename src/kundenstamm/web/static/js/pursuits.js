// The board by dragging and by keyboard; each card's own form does the same without it.
const board = document.querySelector("[data-board]");
let dragged = null;

const said = (ticket, name) => (ticket.dataset[name] || "").split(" ");

function move(ticket, state) {
  if (!ticket || !said(ticket, "leads").includes(state)) return;
  const details = ticket.querySelector("details"), form = ticket.querySelector("form");
  form.elements.to.value = state;
  if (said(ticket, "asks").includes(state) && !form.elements.because.value) {
    // It needs a reason: the form asks for it.
    details.open = true;
    form.elements.because.required = true;
    form.elements.because.focus();
    return;
  }
  form.requestSubmit();
}

board?.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".ticket");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  board.classList.add("dragging");
  for (const column of board.querySelectorAll("[data-state]")) {
    column.classList.toggle("open", said(dragged, "leads").includes(column.dataset.state));
  }
});
board?.addEventListener("dragend", () => {
  board.classList.remove("dragging");
  for (const column of board.querySelectorAll("[data-state]")) column.classList.remove("open", "over");
  dragged = null;
});
for (const column of board?.querySelectorAll("[data-state]") || []) {
  column.addEventListener("dragover", (event) => {
    if (!column.classList.contains("open")) return;
    event.preventDefault();
    column.classList.add("over");
  });
  column.addEventListener("dragleave", (event) => {
    if (!column.contains(event.relatedTarget)) column.classList.remove("over");
  });
  column.addEventListener("drop", (event) => {
    event.preventDefault();
    move(dragged, column.dataset.state);
  });
}

// Shift and an arrow: to the next column that this card may go to.
board?.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step || !event.shiftKey || event.target.matches("input, select, textarea")) return;
  const ticket = event.target.closest(".ticket");
  if (!ticket?.dataset.leads) return;
  const states = [...board.querySelectorAll("[data-state]")].map((each) => each.dataset.state);
  let at = states.indexOf(ticket.closest("[data-state]").dataset.state) + step;
  while (states[at] && !said(ticket, "leads").includes(states[at])) at += step;
  if (!states[at]) return;
  event.preventDefault();
  move(ticket, states[at]);
});
