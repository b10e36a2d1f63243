// What htmx leaves to us: where the focus goes, what is said when the server refuses, messages that go away.
(() => {
  const announcer = document.getElementById("announcer");
  const toasts = document.getElementById("toasts");
  const GOOD_NEWS_STAYS = 6000; // ms; bad news stays until it is closed
  const WAY_BACK_STAYS = 10000; // ms; what can be undone

  function toast(text, tone = "bad") {
    const box = document.createElement("div");
    box.className = `x-toast is-${tone}`;
    box.dataset.toast = tone;
    const line = document.createElement("p");
    line.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "x-toast-close";
    close.dataset.toastClose = "";
    close.setAttribute("aria-label", announcer.dataset.close);
    close.textContent = "×";
    box.append(line, close);
    toasts.append(box);
  }

  function leaveLater(box) {
    if (box.dataset?.toast !== "good") return;
    const isInUse = () => box.matches(":hover") || box.contains(document.activeElement);
    const leave = () => (isInUse() ? setTimeout(leave, GOOD_NEWS_STAYS) : box.remove());
    setTimeout(leave, box.querySelector("form") ? WAY_BACK_STAYS : GOOD_NEWS_STAYS);
  }

  document.addEventListener("click", (event) => {
    event.target.closest("[data-toast-close]")?.closest("[data-toast]").remove();
  });
  toasts.querySelectorAll("[data-toast]").forEach(leaveLater);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(leaveLater))).observe(toasts, {
    childList: true,
  });

  // On a phone the row of tabs is longer than the screen: the one that is open is in sight.
  document.querySelectorAll(".x-tabs > ul").forEach((bar) => {
    const open = bar.querySelector("[aria-current]");
    if (open) bar.scrollLeft += open.getBoundingClientRect().left - bar.getBoundingClientRect().left - bar.clientWidth / 3;
  });

  // The page opens at what needs attention: the summary of errors, or a conflict.
  document.querySelector("main [data-focus]")?.focus();

  document.body.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.elt;
    const wanted = target.matches?.("[data-focus]") ? target : target.querySelector?.("[data-focus]");
    if (wanted) {
      if (!wanted.matches("a, button, input, select, textarea, [tabindex]")) wanted.tabIndex = -1;
      wanted.focus();
    }
  });

  // Errors of the form come with 422 or 400 and are shown in place; the rest is said and changes nothing.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
      return;
    }
    // Signed out meanwhile: the answer is the sign-in page, which must not land in the middle of this one.
    if (event.detail.xhr.responseURL && new URL(event.detail.xhr.responseURL).pathname.startsWith("/sign-in")) {
      event.detail.shouldSwap = false;
      toast(announcer.dataset.signedOut);
    }
  });
  // What the page asks by itself fails in silence: nobody did anything.
  const byItself = (event) => event.detail.requestConfig?.headers["X-By-Itself"];
  document.body.addEventListener("htmx:responseError", (event) => byItself(event) || toast(announcer.dataset.refused));
  document.body.addEventListener("htmx:sendError", (event) => byItself(event) || toast(announcer.dataset.failed));
  document.body.addEventListener("htmx:timeout", () => toast(announcer.dataset.failed));
})();
