// What was typed and has not reached the server waits here, one entry a cell, in localStorage of this person.
// An entry leaves only when the server has taken it, or when somebody chose the other value or threw it away.
(() => {
  const bar = document.getElementById("outbox");
  if (!bar) return;
  const words = bar.dataset;
  const announcer = document.getElementById("announcer");
  const PREFIX = `outbox:${words.user}:`;
  const PATIENCE = 20000; // ms between two attempts while the server does not answer
  let token = words.token;
  let sending = false;
  let trouble = ""; // "lost" or "out" after an attempt that failed
  let arrived = false; // something that had waited was taken, and this page shows it as it was before

  // --- The entries: {id, url, page, label, body, state: typing · waiting · clash · refused, answer}

  const entries = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).sort().map((key) => JSON.parse(localStorage.getItem(key)));
  const read = (id) => JSON.parse(localStorage.getItem(PREFIX + id) ?? "null");
  const write = (entry) => localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
  const say = (name, entry, answer) => document.dispatchEvent(new CustomEvent(`outbox:${name}`, { detail: { entry, answer } }));

  function drop(id) {
    localStorage.removeItem(PREFIX + id);
    show();
  }

  // crypto.randomUUID exists over HTTPS alone, and an intranet may do without.
  function uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function put(entry) {
    const id = `${entry.url}#${entry.body.cell ?? "same"}`;
    const before = read(id);
    // What was not sent yet was opened with the value that the server knew then.
    const opened = before && before.state !== "clash" ? before.body.opened : entry.body.opened;
    write({ state: "waiting", ...entry, id, body: { token: uuid(), ...entry.body, opened } });
    if (entry.state !== "typing") send();
  }

  // --- Sending, one after another

  async function post(entry) {
    const body = new URLSearchParams({ ...entry.body, csrfmiddlewaretoken: token });
    return fetch(entry.url, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "follow" });
  }

  const isAnswer = (response) => response.headers.get("Content-Type")?.startsWith("application/json");

  // A page that was open before the session ended carries an old token; any page of ours has the new one.
  async function freshToken() {
    const page = await fetch("/account/", { redirect: "follow" });
    const text = await page.text();
    const found = new DOMParser().parseFromString(text, "text/html").getElementById("outbox");
    if (found?.dataset.user !== words.user) return false;
    token = found.dataset.token;
    return true;
  }

  async function deliver(entry) {
    let response = await post(entry);
    if (!isAnswer(response) && response.status < 500) {
      if (!(await freshToken())) return "out";
      response = await post(entry);
    }
    if (response.status >= 500) return "lost";
    const answer = isAnswer(response) ? await response.json() : { error: document.getElementById("announcer").dataset.refused };
    const now = read(entry.id);
    const same = now?.body.token === entry.body.token;
    if (response.ok) {
      if (same) localStorage.removeItem(PREFIX + entry.id);
      else if (now) write({ ...now, body: { ...now.body, opened: answer.value ?? now.body.opened } });
      say("sent", entry, { ...answer, newer: !same });
      arrived ||= !atItsCell(entry);
    } else if (same) {
      const state = response.status === 409 ? "clash" : "refused";
      write({ ...entry, state, answer });
      say(state, entry, answer);
    }
    return "";
  }

  async function send({ all = false } = {}) {
    if (sending) return;
    sending = true;
    trouble = "";
    try {
      for (;;) {
        const next = entries().find((entry) => entry.state === "waiting" || (all && entry.state === "typing"));
        if (!next) break;
        trouble = await deliver(next.state === "typing" ? { ...next, state: "waiting" } : next);
        if (trouble) break;
      }
    } catch {
      trouble = "lost";
    }
    sending = false;
    if (trouble) say("held");
    show();
  }

  // --- The bar

  function choose(entry, whose) {
    if (whose === "theirs") {
      drop(entry.id);
      say("theirs", entry, entry.answer);
    } else {
      write({ ...entry, state: "waiting", body: { ...entry.body, opened: entry.answer.value, token: uuid() } });
      send();
    }
  }

  function clash(entry) {
    const box = document.getElementById("clash").content.cloneNode(true);
    const who = box.querySelector("[data-clash-who]");
    who.textContent = who.dataset.says.replace("{who}", entry.answer.who || who.dataset.somebody).replace("{when}", entry.answer.when || "…");
    for (const whose of ["theirs", "mine"]) {
      const button = box.querySelector(`[data-choice=${whose}]`);
      button.querySelector("b").textContent = entry.answer[whose] || "—";
      button.addEventListener("click", () => choose(entry, whose));
    }
    return box;
  }

  // What stands on the sheet is settled at its cell; the bar speaks of the rest.
  const atItsCell = ({ url, body }) => document.querySelector(`[data-url="${url}"]${body.cell ? ` [data-cell="${body.cell}"]` : ""}`);

  function show() {
    const all = entries();
    const elsewhere = all.filter((entry) => entry.state === "clash" || entry.state === "refused").filter((entry) => !atItsCell(entry));
    const held = trouble ? all.filter((entry) => entry.state === "waiting" || entry.state === "typing") : [];
    const count = held.length || elsewhere.length;
    const sentence = count === 1 ? words.one : words.many.replace("{count}", count);
    const done = !count && arrived;
    bar.hidden = !count && !done;
    bar.classList.toggle("is-done", done);
    bar.querySelector(".x-outbox-acts").hidden = done;
    bar.querySelector("[data-outbox-show]").hidden = !done;
    bar.querySelector("[data-outbox-text]").textContent = done ? words.sent : sentence + (trouble === "out" ? ` · ${words.out}` : "");
    const link = bar.querySelector("[data-outbox-sign-in]");
    link.hidden = trouble !== "out";
    link.search = `?next=${encodeURIComponent(location.pathname)}`;
    const list = bar.querySelector("[data-outbox-list]");
    list.replaceChildren(...elsewhere.map((entry) => {
      const line = document.createElement("li");
      line.append(entry.label);
      if (entry.state === "clash") line.append(clash(entry));
      else line.append(` ${entry.body.value ?? ""} · ${entry.answer.error}`);
      return line;
    }));
  }

  bar.querySelector("[data-outbox-send]").addEventListener("click", () => {
    entries().filter((entry) => entry.state === "refused").forEach((entry) => write({ ...entry, state: "waiting" }));
    send({ all: true });
  });
  bar.querySelector("[data-outbox-throw]").addEventListener("click", () => {
    if (!window.confirm(words.throw)) return;
    const all = entries();
    all.forEach((entry) => localStorage.removeItem(PREFIX + entry.id));
    trouble = "";
    say("thrown");
    show();
  });

  // --- A report in its row that did not get through waits as the cells it is made of

  const changed = (field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  const valueOf = (fields, was) => {
    const on = (field) => (was ? field.defaultChecked : field.checked);
    if (fields[0].type !== "checkbox") return was ? fields[0].defaultValue : fields[0].value;
    if (fields.length === 1 && fields[0].value === "on") return on(fields[0]) ? "1" : "0";
    return fields.filter(on).map((field) => field.value).join(",");
  };

  function keepReport(form) {
    const measures = new Map();
    [...form.elements].forEach((field) => {
      const found = field.name?.match(/^(?:percent|indicator_(\d+))$/);
      if (found) measures.set(field.name, [...(measures.get(field.name) ?? []), field]);
    });
    const moved = [...measures].filter(([, fields]) => fields.some(changed));
    let note = form.elements.note?.value ?? "";
    (moved.length || !note ? moved : [...measures].slice(0, 1)).forEach(([name, fields], index) => {
      const cell = name === "percent" ? `i${form.dataset.item}` : `n${name.slice("indicator_".length)}`;
      const body = { cell, value: valueOf(fields), opened: valueOf(fields, true), note };
      if (!index) body.token = form.elements.token.value;
      put({ url: form.dataset.cellUrl, page: location.pathname, label: form.dataset.label, body });
      note = ""; // it belongs to the first
    });
    return moved.length > 0 || Boolean(form.elements.note?.value);
  }

  // Caught on its way down: what waits here is not lost, so nobody need be told that it did not work.
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.target;
    if (!form.dataset?.cellUrl || !keepReport(form)) return;
    event.stopPropagation();
    const photos = form.elements.files?.files.length;
    announcer.textContent = photos ? words.photos : words.kept;
    if (photos) window.alert(words.photos);
    form.dispatchEvent(new CustomEvent("unsaved:kept", { bubbles: true }));
    const drawer = form.closest("details");
    if (drawer) drawer.open = false;
  }, true);

  // --- When to try again, and what to ask before going

  window.addEventListener("online", () => send());
  window.addEventListener("pageshow", () => send());
  window.addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
  setInterval(() => entries().some((entry) => entry.state === "waiting") && send(), PATIENCE);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-sign-out]") || !entries().length) return;
    if (!window.confirm(words.leave)) event.preventDefault();
  });

  window.outbox = { put, entries, choose, clash, drop, uuid, send };
  show();
})();
