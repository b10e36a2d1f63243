// A day is typed as people say it; beside it stands which day that is. Arrow keys move it, a button opens the calendar.
(() => {
  const words = document.getElementById("announcer").dataset;
  const ISO = /^\d{4}-\d\d-\d\d$/;
  const WAIT = 250; // ms after the last key
  const seen = new WeakSet();

  async function ask(fields) {
    const query = new URLSearchParams(fields.map((field) => ["q", field.value.trim()]));
    try {
      const answer = await fetch(`/days/?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return [];
      return (await answer.json()).days;
    } catch {
      return []; // without a network the server reads it later
    }
  }

  async function tell(fields) {
    const filled = fields.filter((field) => field.value.trim());
    fields.filter((field) => !field.value.trim()).forEach((field) => say(field, null));
    if (!filled.length) return;
    const asked = filled.map((field) => field.value);
    const days = await ask(filled);
    days.forEach((day, index) => filled[index].value === asked[index] && say(filled[index], day));
  }

  function say(field, day) {
    const line = document.getElementById(field.dataset.daySaid);
    line.textContent = day?.text ?? "";
    line.className = `x-day-said${day && !day.day ? " is-unknown" : ""}${day?.rests ? " is-rest" : ""}`;
    field.dataset.dayIs = day?.day ?? "";
  }

  function put(field, iso) {
    field.value = iso;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function moved(iso, steps) {
    const day = new Date(`${iso}T00:00Z`);
    day.setUTCDate(day.getUTCDate() + steps);
    return day.toISOString().slice(0, 10);
  }

  function dress(field) {
    seen.add(field);
    const line = document.createElement("span");
    line.id = field.dataset.daySaid = `${field.id || `day-${Math.random().toString(36).slice(2)}`}-said`;
    line.className = "x-day-said";
    line.setAttribute("role", "status");
    const box = document.createElement("span");
    box.className = "x-day";
    const picker = document.createElement("input");
    picker.type = "date";
    picker.tabIndex = -1;
    picker.className = "x-day-picker";
    picker.setAttribute("aria-hidden", "true");
    const open = document.getElementById("day-open").content.firstElementChild.cloneNode(true);
    field.replaceWith(box);
    box.append(field, open, picker);
    box.after(line);
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));

    open.addEventListener("click", () => {
      picker.value = field.dataset.dayIs || (ISO.test(field.value) ? field.value : "");
      picker.showPicker();
    });
    picker.addEventListener("change", () => {
      if (picker.value) put(field, picker.value);
      field.focus();
    });
    let later;
    field.addEventListener("input", () => {
      field.dataset.dayIs = "";
      clearTimeout(later);
      later = setTimeout(() => tell([field]), WAIT);
    });
    field.addEventListener("keydown", async (event) => {
      const steps = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!steps || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const known = ISO.test(field.value) ? field.value : field.dataset.dayIs || (await ask([field]))[0]?.day;
      if (known) put(field, moved(known, steps));
      else if (!field.value.trim()) put(field, words.today);
    });
  }

  function dressAll(root) {
    const fields = [...root.querySelectorAll("input[data-day]")].filter((field) => !seen.has(field));
    fields.forEach(dress);
    tell(fields);
  }

  dressAll(document);
  document.body.addEventListener("htmx:load", (event) => dressAll(event.detail.elt.parentElement ?? document));
})();
