// Search from anywhere: Ctrl K or the button in the header. Arrows choose, Enter opens, Esc closes and gives the focus back.
(() => {
  const palette = document.getElementById("palette");
  if (!palette) return;
  const field = palette.querySelector("[role=combobox]");
  const list = palette.querySelector("[role=listbox]");
  const KEPT = 9; // one more than is offered: the page one is on is left out

  // Only addresses are kept, in this tab and by person; the server names those that may still be seen.
  const key = `visited:${palette.dataset.user}`;
  const here = location.pathname.match(/^\/((?:studios|people|topics|lessons|items)\/\d+)\//)?.[1];
  const visited = () => JSON.parse(sessionStorage.getItem(key) ?? "[]").filter((address) => address !== here);
  if (here) sessionStorage.setItem(key, JSON.stringify([here, ...visited()].slice(0, KEPT)));

  const options = () => [...list.querySelectorAll("[role=option]")];
  const chosen = () => document.getElementById(field.getAttribute("aria-activedescendant"));

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }

  function open() {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => (menu.open = false));
    palette.showModal();
    field.focus();
    field.select();
    field.dispatchEvent(new Event("refresh"));
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-palette]")) return;
    event.preventDefault();
    open();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (palette.open) palette.close();
    else open();
  });

  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // the keys belong to the Chinese input method
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const all = options();
      const next = all.indexOf(chosen()) + step;
      choose(all.at(next < -1 ? -1 : next % all.length));
    } else if (event.key === "Enter" && chosen()) {
      event.preventDefault();
      chosen().click();
    } else if (event.key === "Escape") {
      event.preventDefault(); // a search field would only empty itself
      palette.close();
    }
  });

  // What was chosen belongs to the words before; until the answer is here, Enter leads to the search page.
  field.addEventListener("input", () => choose(null));
  field.addEventListener("htmx:configRequest", (event) => (event.detail.parameters.visited = visited().join(",")));
  list.addEventListener("htmx:afterSwap", () => {
    const all = options();
    field.setAttribute("aria-expanded", String(all.length > 0));
    list.scrollTop = 0;
    choose(all[0] ?? null);
  });

  // Coming back to a page that the browser kept shows the page, not the palette.
  window.addEventListener("pagehide", () => palette.open && palette.close());
})();
