// Text that was typed is not lost: a copy stays in this tab until the server has answered, and leaving asks first.
(() => {
  const words = document.getElementById("announcer").dataset;
  const PREFIX = "unsaved:";
  const NEVER = ["csrfmiddlewaretoken", "version", "once", "next"];
  const changed = new Set();

  const keyOf = (form) => PREFIX + location.pathname + "#" + [...document.forms].filter(guarded).indexOf(form);
  const guarded = (form) => form.matches?.("form[data-unsaved]");
  const fieldsOf = (form) =>
    [...form.elements].filter((el) => el.name && !NEVER.includes(el.name) && !["password", "file", "hidden", "submit"].includes(el.type));

  const read = (form) => fieldsOf(form).map((el) => [el.name, el.value, ["checkbox", "radio"].includes(el.type) ? el.checked : null]);

  function write(form, values) {
    fieldsOf(form).forEach((el, index) => {
      const [name, value, checked] = values[index] ?? [];
      if (name !== el.name) return;
      if (checked === null) el.value = value;
      else if (el.value === value) el.checked = checked;
    });
  }

  function remember(form) {
    changed.add(form);
    sessionStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), sent: false, values: read(form) }));
  }

  function offer(form) {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "null");
    if (!kept) return;
    // Sent, and the form is open again: with errors it still holds what was typed, without them the server has
    // taken it (or the form belongs to a new record).
    if (kept.sent && !document.body.classList.contains("x-entry") && !kept.lost) {
      if (!form.querySelector(".x-form-errors")) sessionStorage.removeItem(keyOf(form));
      return;
    }
    if (JSON.stringify(kept.values) === JSON.stringify(read(form))) return;
    const bar = document.createElement("div");
    bar.className = "x-unsaved";
    bar.setAttribute("role", "status");
    const line = document.createElement("p");
    bar.append(line);
    if (kept.lost) {
      // Sent when the session was over: it is put back by itself, still to be sent.
      const opened = read(form);
      write(form, kept.values);
      changed.add(form);
      line.textContent = words.restored;
      bar.append(choice(words.restoreNo, () => (write(form, opened), forget(form))));
    } else {
      line.textContent = words.restore;
      bar.append(choice(words.restoreYes, () => write(form, kept.values)), choice(words.restoreNo, () => forget(form)));
    }
    form.prepend(bar);
    for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (kept.lost) form.scrollIntoView({ block: "center" });

    function choice(label, act) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn x-button is-plain is-small";
      button.textContent = label;
      button.addEventListener("click", () => {
        act();
        bar.remove();
      });
      return button;
    }
  }

  function forget(form) {
    sessionStorage.removeItem(keyOf(form));
    changed.delete(form);
  }

  document.addEventListener("input", (event) => guarded(event.target.form ?? {}) && remember(event.target.form));
  document.addEventListener("submit", (event) => {
    if (!guarded(event.target) || event.defaultPrevented) return;
    const kept = JSON.parse(sessionStorage.getItem(keyOf(event.target)) ?? "null");
    if (kept) sessionStorage.setItem(keyOf(event.target), JSON.stringify({ ...kept, sent: true }));
    changed.delete(event.target);
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!guarded(form)) return;
    if (event.detail.successful) forget(form);
    else changed.add(form);
  });
  document.addEventListener("unsaved:kept", (event) => forget(event.target)); // it waits in the outbox now
  // A report in one row may draw its neighbours anew: a form there in which somebody is typing stays as it is.
  const lifted = [];

  function lift(target, sender) {
    [...changed]
      .filter((form) => form !== sender && form.isConnected && target.contains(form))
      .forEach((form) => {
        const focus = form.contains(document.activeElement) ? document.activeElement : null;
        lifted.push({ form, focus, action: form.getAttribute("action") });
        form.remove();
      });
  }

  function putBack() {
    lifted.splice(0).forEach(({ form, focus, action }) => {
      const fresh = [...document.forms].find((each) => guarded(each) && each.getAttribute("action") === action);
      if (!fresh) return lifted.push({ form, focus, action });
      fresh.replaceWith(form);
      for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
      focus?.focus();
    });
  }

  document.body.addEventListener("htmx:beforeSwap", (event) => event.detail.shouldSwap && lift(event.detail.target, event.detail.requestConfig?.elt));
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => lift(event.detail.target, null));
  document.body.addEventListener("htmx:oobAfterSwap", putBack);
  document.body.addEventListener("htmx:afterSettle", putBack);
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });

  // Landed on the sign-in page after sending: the session was over, so what was sent has not arrived.
  if (document.body.classList.contains("x-entry")) {
    Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => {
      const kept = JSON.parse(sessionStorage.getItem(key));
      if (kept.sent) sessionStorage.setItem(key, JSON.stringify({ ...kept, lost: true }));
    });
  } else {
    [...document.forms].filter(guarded).forEach(offer);
  }
})();
