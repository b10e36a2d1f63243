// Keys of a page: whatever carries data-shortcut ("e", "n i") is clicked by them; j and k walk through rows; ? lists them.
(() => {
  const help = document.getElementById("shortcuts");
  if (!help) return;
  const ROWS = "main :is(.x-table tbody tr, .x-row, .x-line)";
  const PATIENCE = 1500; // ms between the two keys of a pair
  let first = "";
  let pressed = 0;
  const meant = new WeakMap(); // what a key chose while the text that it needs was missing

  const declared = () => [...document.querySelectorAll("[data-shortcut]")];
  const shown = (element) => element.offsetParent !== null;
  const wayIn = (row) => [...row.querySelectorAll("a[href], button, summary")].find(shown);
  const rows = () => [...document.querySelectorAll(ROWS)].filter(wayIn);

  // --- The list

  const own = declared().filter((element) => element.closest("main"));
  const single = document.getElementById("shortcuts-single");
  if (single) {
    own.forEach((element) => {
      const line = document.createElement("div");
      const label = document.createElement("dt");
      const keys = document.createElement("dd");
      label.textContent = element.getAttribute("aria-label") ?? element.textContent.trim();
      element.dataset.shortcut.split(" ").forEach((key) => {
        const cap = document.createElement("kbd");
        cap.textContent = key;
        keys.append(cap, " ");
      });
      line.append(label, keys);
      single.prepend(line);
    });
  }

  function list() {
    help.querySelectorAll("[data-when]").forEach((line) => {
      const when = line.dataset.when;
      line.hidden = when === "row" ? !rows().length : !document.querySelector(when);
    });
    help.showModal();
  }

  // --- The keys

  function walk(step) {
    const all = rows();
    const now = all.indexOf(document.activeElement.closest?.(ROWS));
    const next = all[now < 0 ? 0 : now + step];
    if (next) wayIn(next).focus();
  }

  function press(keys) {
    const found = declared().filter((element) => element.dataset.shortcut === keys);
    // The page knows better than the frame around it.
    const button = found.find((element) => element.closest("main")) ?? found[0];
    const field = document.getElementById(button?.dataset.needs ?? "");
    if (field && !field.value.trim()) {
      meant.set(button.form, button);
      field.focus();
    } else button?.click();
    return found.length > 0;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form[data-unsaved]");
      if (form) {
        event.preventDefault();
        form.requestSubmit(meant.get(form) ?? form.querySelector("button[type=submit]"));
      }
      return;
    }
    if (help.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;

    const pair = Date.now() - pressed < PATIENCE && first ? `${first} ${event.key}` : "";
    first = "";
    if (pair && press(pair)) event.preventDefault();
    else if (event.key === "?" || event.key === "？") list();
    else if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
    else if (press(event.key)) event.preventDefault();
    else {
      first = event.key;
      pressed = Date.now();
    }
  });
})();
