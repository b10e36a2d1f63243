// What was typed and has not reached the server waits here, one entry a cell, in localStorage of this person;
// its photos lie beside it in IndexedDB, and the entry knows their keys.
// An entry leaves only when the server has taken it, or when somebody chose the other value or threw it away.
(() => {
  const bar = document.getElementById("outbox");
  if (!bar) return;
  const words = bar.dataset;
  const announcer = document.getElementById("announcer");
  const PREFIX = `outbox:${words.user}:`;
  const PATIENCE = 20000; // ms between two attempts while the server does not answer
  let token = words.token;
  let sending = null;
  let trouble = ""; // "lost" or "out" after an attempt that failed
  let arrived = false; // something that had waited was taken, and this page shows it as it was before

  // --- The entries: {id, url, page, label, body, photos, state: typing · waiting · clash · refused, answer}

  const entries = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).sort().map((key) => JSON.parse(localStorage.getItem(key)));
  const read = (id) => JSON.parse(localStorage.getItem(PREFIX + id) ?? "null");
  const write = (entry) => localStorage.setItem(PREFIX + entry.id, JSON.stringify(entry));
  const say = (name, entry, answer) => document.dispatchEvent(new CustomEvent(`outbox:${name}`, { detail: { entry, answer } }));

  function drop(id) {
    forgetPhotos(read(id)?.photos);
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
    // Chosen anew after a refusal, they take the place of those that were refused.
    const instead = before?.state === "refused" && entry.photos?.length;
    if (instead) forgetPhotos(before.photos);
    const photos = [...((!instead && before?.photos) || []), ...(entry.photos ?? [])];
    write({ state: "waiting", ...entry, id, photos, body: { token: uuid(), ...entry.body, opened } });
    if (entry.state !== "typing") send();
  }

  // --- The photos of the entries

  const LONGEST = 2400; // pixels; a phone takes far larger ones than a proof needs

  // The result of one transaction; the connection is closed again, so that signing out can throw all away.
  const photoStore = (mode, act) => new Promise((done, fail) => {
    const opening = indexedDB.open("outbox", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("photos");
    opening.onerror = () => fail(opening.error);
    opening.onsuccess = () => {
      const work = opening.result.transaction("photos", mode);
      const asked = act(work.objectStore("photos"));
      work.oncomplete = () => done(asked?.result);
      work.onerror = work.onabort = () => fail(work.error);
      opening.result.close();
    };
  });

  async function smaller(file) {
    try {
      const picture = await createImageBitmap(file);
      const scale = LONGEST / Math.max(picture.width, picture.height);
      if (scale >= 1) return file;
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [picture.width, picture.height].map((side) => Math.round(side * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const drawn = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return new File([drawn], file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" });
    } catch {
      return file; // no picture that this browser knows; the server says what it takes
    }
  }

  // Gives the keys under which they are kept, or null where this browser keeps nothing.
  async function keepPhotos(files) {
    const kept = [...files];
    try {
      const photos = await Promise.all(kept.map(smaller));
      const keys = photos.map(uuid);
      await photoStore("readwrite", (store) => photos.forEach((photo, index) => store.put(photo, keys[index])));
      return keys;
    } catch {
      return null;
    }
  }

  const photosOf = (entry) => Promise.all((entry.photos ?? []).map((key) => photoStore("readonly", (store) => store.get(key))));
  const forgetPhotos = (keys) => keys?.length && photoStore("readwrite", (store) => keys.forEach((key) => store.delete(key))).catch(() => null);

  // --- Sending, one after another

  async function post(entry) {
    const body = new FormData();
    Object.entries({ ...entry.body, csrfmiddlewaretoken: token }).forEach(([name, value]) => body.append(name, value));
    (await photosOf(entry)).filter(Boolean).forEach((photo) => body.append("files", photo));
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
      else if (now) write({ ...now, photos: now.photos?.filter((key) => !entry.photos?.includes(key)), body: { ...now.body, opened: answer.value ?? now.body.opened } });
      forgetPhotos(entry.photos);
      say("sent", entry, { ...answer, newer: !same });
      arrived ||= !atItsCell(entry);
    } else if (same) {
      const state = response.status === 409 ? "clash" : "refused";
      write({ ...entry, state, answer });
      say(state, entry, answer);
    }
    return "";
  }

  // Gives what is under way to whoever wants to wait for it.
  function send(options) {
    sending ??= sendAll(options).finally(() => (sending = null));
    return sending;
  }

  async function sendAll({ all = false } = {}) {
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
    if (trouble) say("held");
    show();
  }

  // --- The bar

  function choose(entry, whose) {
    if (whose === "theirs" && entry.photos?.length) {
      // The other value stays; what the photos show is told all the same.
      const { value } = entry.answer;
      write({ ...entry, state: "waiting", body: { ...entry.body, value, opened: value, token: uuid() } });
      send();
    } else if (whose === "theirs") {
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
    forgetPhotos(all.flatMap((entry) => entry.photos ?? []));
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

  const filesOf = (form) => [...(form.elements.files?.files ?? [])];

  // One body for each cell that moved; where none did, the first one carries the words and the photos.
  function cellsOf(form) {
    const measures = new Map();
    [...form.elements].forEach((field) => {
      const found = field.name?.match(/^(?:percent|indicator_(\d+))$/);
      if (found) measures.set(field.name, [...(measures.get(field.name) ?? []), field]);
    });
    const moved = [...measures].filter(([, fields]) => fields.some(changed));
    const note = form.elements.note?.value ?? "";
    const more = note || filesOf(form).length;
    return (moved.length || !more ? moved : [...measures].slice(0, 1)).map(([name, fields], index) => {
      const cell = name === "percent" ? `i${form.dataset.item}` : `n${name.slice("indicator_".length)}`;
      const body = { cell, value: valueOf(fields), opened: valueOf(fields, true), note: index ? "" : note };
      return index ? body : { ...body, token: form.elements.token.value };
    });
  }

  async function keepReport(form, bodies) {
    const files = filesOf(form);
    const photos = files.length ? await keepPhotos(files) : [];
    bodies.forEach((body, index) => put({ url: form.dataset.cellUrl, page: location.pathname, label: form.dataset.label, body, photos: index ? [] : photos ?? [] }));
    announcer.textContent = photos ? words.kept : words.photos;
    if (!photos) window.alert(words.photos);
    else if (files.length) form.elements.files.value = "";
  }

  // Caught on its way down: what waits here is not lost, so nobody need be told that it did not work.
  document.addEventListener("htmx:sendError", (event) => {
    const form = event.target;
    const bodies = form.dataset?.cellUrl ? cellsOf(form) : [];
    if (!bodies.length) return;
    event.stopPropagation();
    keepReport(form, bodies);
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

  window.outbox = { put, entries, choose, clash, drop, uuid, send, keepPhotos };
  show();
})();
