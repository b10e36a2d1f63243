// A cell of a list that can be changed in place: double click or Enter opens it, Esc brings back what stood there.
// Saving is a form that htmx sends; what was refused comes back with the reason and what was typed.
(() => {
  const kept = new Map();
  const cellOf = (target) => target.closest?.("[data-inline]");

  function open(cell) {
    if (cell.querySelector("form")) return;
    kept.set(cell, cell.innerHTML);
    htmx.ajax("GET", cell.dataset.inline, { target: cell, swap: "innerHTML" });
  }

  function close(cell) {
    if (!kept.has(cell)) return;
    cell.innerHTML = kept.get(cell);
    kept.delete(cell);
    cell.focus();
  }

  document.addEventListener("dblclick", (event) => {
    const cell = cellOf(event.target);
    if (cell) open(cell);
  });
  document.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    if (event.key === "Enter" && event.target === cell) {
      event.preventDefault();
      open(cell);
    }
    if (event.key === "Escape" && cell.querySelector("form")) {
      event.preventDefault();
      close(cell);
    }
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const cell = event.detail.target;
    if (!cell.matches?.("[data-inline]")) return;
    const field = cell.querySelector("form :is(input:not([type=hidden]), select)");
    if (field) field.focus();
    else cell.focus();
  });
})();
