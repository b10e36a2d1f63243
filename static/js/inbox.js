// The inbox: what a message is about opens beside the list where there is room; e is done with a message, s puts it off.
(() => {
  const wide = matchMedia("(min-width: 75rem)");
  const list = () => document.getElementById("messages");
  const beside = document.getElementById("beside");
  const rows = () => [...list().querySelectorAll(".x-row")];
  let at = 0;

  // The keys belong to one row: the one that has the focus, or the last that had.
  function choose(row) {
    at = Math.max(rows().indexOf(row), 0);
    rows().forEach((each) => {
      const chosen = each === row;
      each.classList.toggle("is-chosen", chosen);
      for (const [act, key] of [["[data-act=done] button", "e"], ["[data-menu] > summary", "s"]]) {
        const button = each.querySelector(act);
        if (button && chosen) button.dataset.shortcut = key;
        else if (button) delete button.dataset.shortcut;
      }
    });
  }

  function open(link) {
    // The page of the record without its frame; the same address opens it whole where this does not run.
    htmx.ajax("GET", link.href, { target: beside, select: "#main > .x-page-head, #main > .x-page", swap: "innerHTML" }).then(() => {
      beside.hidden = false;
      const row = link.closest(".x-row");
      row.querySelector(".x-badge.is-info")?.remove();
      beside.focus({ preventScroll: true });
    });
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#messages .x-row-title a");
    if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(link.closest(".x-row"));
    open(link);
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("#messages .x-row");
    if (row) choose(row);
  });
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.id !== "messages" && event.detail.target?.id !== "messages") return;
    const next = rows()[Math.min(at, rows().length - 1)];
    if (!next) return;
    choose(next);
    next.querySelector("a").focus({ preventScroll: true });
  });
  if (rows().length) choose(rows()[0]);
})();
