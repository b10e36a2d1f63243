// The month sheet: keys through the cells, each saved by itself, a column pasted from Excel. What has not been
// taken by the server yet waits in the outbox (js/outbox.js).
(() => {
  const sheet = document.querySelector("[data-sheet]");
  if (!sheet || !window.outbox) return;
  const words = sheet.dataset;
  sheet.classList.add("is-live");
  const announcer = document.getElementById("announcer");
  const cellOf = (element) => element.closest("[data-cell]");
  const itemOf = (element) => element.closest("[data-item]");
  const nows = () => [...sheet.querySelectorAll("[data-now]")];
  const nowsOf = (line) => [...line.querySelectorAll("[data-now]")];
  const noteOf = (line) => line.querySelector("[data-note]");
  const openedOf = (line) => sheet.elements[`opened-${line.dataset.cell}`];

  // --- What stands in a cell

  function valueOf(line) {
    const fields = nowsOf(line);
    if (line.dataset.kind === "milestones") return fields.filter((field) => field.checked).map((field) => field.value).join(",");
    if (line.dataset.kind === "yes_no") return fields[0].checked ? "1" : "0";
    return fields[0].value.trim();
  }

  function setValue(line, value) {
    nowsOf(line).forEach((field) => {
      if (field.type !== "checkbox") field.value = value;
      else field.checked = line.dataset.kind === "yes_no" ? value === "1" : value.split(",").includes(field.value);
    });
  }

  const plain = (line, value) => (value === "" && line.dataset.kind === "yes_no" ? "0" : value);
  const isChanged = (line) => valueOf(line) !== plain(line, openedOf(line).value) || noteOf(line).value.trim() !== "";

  function mark(line, state, text = "") {
    const cell = line.querySelector(".x-cell");
    cell.className = `x-cell is-${state}`;
    const sign = line.querySelector("[data-cell-state]");
    const word = document.createElement("span");
    word.className = "visually-hidden";
    word.textContent = { saving: words.saving, saved: words.saved, unsent: words.unsent }[state] ?? "";
    sign.replaceChildren(word);
    line.querySelector("[data-cell-error]").textContent = text;
    line.querySelector(".x-clash")?.remove();
    nowsOf(line).forEach((field) => field.toggleAttribute("aria-invalid", state === "refused"));
  }

  const entryOf = (line) => ({
    url: itemOf(line).dataset.url,
    page: location.pathname,
    label: line.dataset.label,
    body: { cell: line.dataset.cell, value: valueOf(line), opened: openedOf(line).value, note: noteOf(line).value.trim() },
  });

  function save(line) {
    if (!isChanged(line)) return;
    const entry = entryOf(line);
    const waiting = outbox.entries().find((other) => other.url === entry.url && other.body.cell === entry.body.cell);
    const known = waiting && waiting.body.value === entry.body.value && waiting.body.note === entry.body.note;
    if (known && waiting.state !== "typing") return; // it is on its way, or refused as it is
    mark(line, "saving");
    outbox.put(entry);
  }

  function restore(line) {
    const entry = outbox.entries().find((each) => each.url === itemOf(line).dataset.url && each.body.cell === line.dataset.cell);
    if (entry) outbox.drop(entry.id);
    setValue(line, openedOf(line).value);
    noteOf(line).value = "";
    mark(line, "idle");
  }

  // --- What the server said

  const lineOf = ({ url, body }) => sheet.querySelector(`[data-url="${url}"] [data-cell="${body.cell}"]`);
  const fragment = (html) => document.createRange().createContextualFragment(html);

  function taken(line, answer) {
    if (answer.value === undefined) return;
    openedOf(line).value = answer.value;
    if (answer.newer) return;
    setValue(line, answer.value);
    noteOf(line).value = "";
    mark(line, "saved");
  }

  document.addEventListener("outbox:sent", ({ detail: { entry, answer } }) => {
    const body = sheet.querySelector(`[data-url="${entry.url}"]`);
    if (!body) return;
    const line = lineOf(entry);
    if (line) taken(line, answer);
    if (answer.entry) body.querySelector("[data-sheet-entry]").replaceWith(fragment(answer.entry));
    body.querySelector("[data-sheet-item]").replaceWith(fragment(answer.item));
    body.querySelectorAll("[data-sheet-item] a, [data-sheet-entry] a").forEach((link) => (link.tabIndex = -1));
    sheet.querySelector("[data-sheet-head]").replaceWith(fragment(answer.head));
    document.querySelector("[data-as-of]").replaceWith(fragment(answer.as_of));
    announcer.textContent = answer.said;
  });

  document.addEventListener("outbox:clash", ({ detail: { entry } }) => {
    const line = lineOf(entry);
    if (line) showClash(line, outbox.entries().find((each) => each.id === entry.id));
  });

  function showClash(line, entry) {
    mark(line, "clash");
    line.querySelector("[data-cell-error]").after(outbox.clash(entry));
    announcer.textContent = line.querySelector("[data-clash-who]").textContent;
  }

  document.addEventListener("outbox:theirs", ({ detail: { entry, answer } }) => {
    const line = lineOf(entry);
    if (line) taken(line, answer);
  });

  document.addEventListener("outbox:refused", ({ detail: { entry, answer } }) => {
    const line = lineOf(entry);
    if (line) mark(line, "refused", answer.error);
    announcer.textContent = answer.error;
  });

  document.addEventListener("outbox:held", () => ours().forEach(([line, entry]) => entry.state === "waiting" && mark(line, "unsent")));
  document.addEventListener("outbox:thrown", () => location.reload());

  // --- What waited since the last visit stands in its cell again

  const ours = () => outbox.entries().map((entry) => [lineOf(entry), entry]).filter(([line]) => line);

  ours().forEach(([line, entry]) => {
    setValue(line, entry.body.value);
    noteOf(line).value = entry.body.note;
    if (entry.state === "clash") showClash(line, entry);
    else mark(line, entry.state === "refused" ? "refused" : "unsent", entry.state === "refused" ? entry.answer.error : "");
  });

  // --- Typing

  sheet.addEventListener("input", ({ target }) => {
    const line = cellOf(target);
    if (!line || !target.matches("[data-now], [data-note]")) return;
    if (target.type === "checkbox") save(line);
    else if (isChanged(line)) outbox.put({ ...entryOf(line), state: "typing" });
    else restore(line);
  });
  sheet.addEventListener("focusout", ({ target, relatedTarget }) => {
    const line = cellOf(target);
    // From the number to its note is one report.
    if (line && nowsOf(line).length && !(relatedTarget && line.contains(relatedTarget))) save(line);
  });
  sheet.addEventListener("focusin", ({ target }) => target.matches("[data-now]:not([type=checkbox])") && target.select());

  sheet.addEventListener("change", async ({ target }) => {
    if (!target.matches("[data-photos]") || !target.files.length) return;
    const line = cellOf(target);
    mark(line, "saving");
    const photos = await outbox.keepPhotos(target.files);
    target.value = "";
    if (photos) outbox.put({ ...entryOf(line), photos });
    else mark(line, "refused", words.photos);
  });

  sheet.addEventListener("click", (event) => {
    const same = event.target.closest("[data-same]");
    if (same) {
      event.preventDefault();
      const { url, label } = itemOf(same).dataset;
      outbox.put({ url, page: location.pathname, label: `${label} · ${same.textContent.trim()}`, body: { same: "1" } });
    } else if (event.target.closest("[data-next]")) go(nowsOf(cellOf(event.target)).at(-1), 1);
  });

  // --- Keys. Tab meets the cells alone; the arrows lead to what stands beside them.

  sheet.querySelectorAll("tbody :is(a, button, [data-note], [data-photos])").forEach((element) => (element.tabIndex = -1));

  function go(from, step) {
    const all = nows();
    const next = all[all.indexOf(from) + step];
    if (next) {
      next.focus();
      if (matchMedia("(max-width: 36rem)").matches) next.closest("tr").scrollIntoView({ block: "center" });
    } else from.blur();
  }

  function aside(from, step) {
    const line = cellOf(from) ?? itemOf(from).querySelector("[data-cell]");
    const row = [...itemOf(from).querySelectorAll(".x-sheet-item :is(a, button)"), ...line.querySelectorAll("[data-now], [data-note], .x-clash button"), ...line.querySelectorAll("[data-photos]")];
    const next = row[row.indexOf(from) + step];
    next?.focus();
    return Boolean(next);
  }

  sheet.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || !itemOf(target)) return;
    const typing = target.matches("[data-now], [data-note]");
    const line = cellOf(target);
    const text = target.type !== "checkbox" && target.matches("input");
    const from = text ? target.selectionStart : 0;
    const whole = text && target.value !== "" && from === 0 && target.selectionEnd === target.value.length;
    const now = typing && (target.matches("[data-now]") ? target : nowsOf(line)[0]);
    let done = true;
    if (key === "Enter" && typing) go(now, event.shiftKey ? -1 : 1);
    else if (key === "Escape" && line) {
      restore(line);
      nowsOf(line)[0].focus();
    } else if (key === "ArrowDown" && typing) go(now, 1);
    else if (key === "ArrowUp" && typing) go(now, -1);
    else if (key === "ArrowRight" && (!text || whole || from === target.value.length)) done = aside(target, 1);
    else if (key === "ArrowLeft" && (!text || whole || target.selectionEnd === 0)) done = aside(target, -1);
    else done = false;
    if (done) event.preventDefault();
  });

  // --- A column from Excel: shown first, then filled downwards

  const dialog = document.getElementById("paste");
  let pasted = [];

  function readable(line, text) {
    const value = text.normalize("NFKC").replace(/[,\s%]/g, "");
    if (line.dataset.kind === "yes_no") return /^(1|是|有|√|y|yes)$/i.test(value) ? "1" : /^(0|否|无|×|n|no)?$/i.test(value) ? "0" : null;
    return /^-?\d*\.?\d+$/.test(value) ? value : value === "" ? "" : null;
  }

  sheet.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!event.target.matches("[data-now]") || !/[\n\t]/.test(text)) return;
    event.preventDefault();
    const column = text.split("\n").map((row) => row.split("\t")[0].trim());
    const all = [...sheet.querySelectorAll("[data-cell]")].filter((line) => nowsOf(line).length && line.dataset.kind !== "milestones");
    const lines = all.slice(Math.max(all.indexOf(cellOf(event.target)), 0));
    pasted = column.slice(0, lines.length).map((cell, index) => ({ line: lines[index], text: cell, value: readable(lines[index], cell) }));
    const says = [words.fills.replace("{count}", pasted.filter(({ value }) => value).length)];
    if (column.length > lines.length) says.push(words.more.replace("{count}", column.length - lines.length));
    dialog.querySelector("[data-paste-says]").textContent = says.join(" ");
    dialog.querySelector("tbody").replaceChildren(...pasted.map(preview));
    dialog.returnValue = "";
    dialog.showModal();
    dialog.querySelector("[data-paste-fill]").focus();
  });

  const shown = (line, value) => (line.dataset.kind === "yes_no" ? (value === "1" ? words.yes : words.no) : value || "—");

  function preview({ line, text, value }) {
    const row = document.createElement("tr");
    const cells = [line.dataset.label, shown(line, valueOf(line)), value === null ? `${text} · ${words.number}` : shown(line, value)].map((content, index) => {
      const cell = document.createElement(index ? "td" : "th");
      cell.textContent = content;
      if (index) cell.className = "number";
      else cell.scope = "row";
      return cell;
    });
    if (value === null) row.className = "is-bad";
    row.append(...cells);
    return row;
  }

  dialog.querySelector("[data-paste-fill]").addEventListener("click", () => {
    dialog.close();
    pasted.filter(({ value }) => value).forEach(({ line, value }) => {
      setValue(line, value);
      save(line);
    });
  });
})();
