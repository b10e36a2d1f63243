// Rows to choose: all on the page at once, and how many there are. Without JavaScript each box is ticked by hand.
(() => {
  const boxesOf = (bar) => [...document.querySelectorAll(`input[type=checkbox][form="${bar.dataset.chooseBar}"]`)];

  function tell(bar) {
    const boxes = boxesOf(bar);
    const chosen = boxes.filter((box) => box.checked).length;
    const page = bar.querySelector("[data-choose-page]");
    page.closest("label").hidden = boxes.length === 0;
    page.checked = boxes.length > 0 && chosen === boxes.length;
    page.indeterminate = chosen > 0 && chosen < boxes.length;
    const count = bar.querySelector("[data-choose-count]");
    count.hidden = boxes.length === 0;
    count.querySelector("strong").textContent = chosen;
  }

  const tellAll = () => document.querySelectorAll("[data-choose-bar]").forEach(tell);

  document.addEventListener("change", (event) => {
    const bar = event.target.closest("[data-choose-bar]");
    if (event.target.matches("[data-choose-page]")) boxesOf(bar).forEach((box) => (box.checked = event.target.checked));
    if (bar || event.target.form?.matches("[data-choose-form]") || event.target.hasAttribute?.("form")) tellAll();
  });
  document.body.addEventListener("htmx:afterSettle", tellAll);
  tellAll();
})();
