// What takes longer than a second shows that it is being done: a bar at the top of the page, and a word for those
// who hear it. A form that is sent keeps it until the next page is there.
(() => {
  const bar = document.getElementById("working");
  const announcer = document.getElementById("announcer");
  const PATIENCE = 1000; // ms
  const asked = new Set();
  let soon;

  function begin(what) {
    asked.add(what);
    soon ??= setTimeout(() => {
      bar.hidden = false;
      announcer.textContent = announcer.dataset.working;
    }, PATIENCE);
  }

  function end(...what) {
    what.forEach((each) => asked.delete(each));
    if (asked.size) return;
    clearTimeout(soon);
    soon = undefined;
    if (bar.hidden) return;
    bar.hidden = true;
    announcer.textContent = "";
  }

  document.body.addEventListener("htmx:beforeSend", ({ detail }) => {
    // What the page asks by itself is not waited for.
    if (!detail.requestConfig.headers["X-By-Itself"]) begin(detail.xhr);
  });
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => end(detail.xhr));
  window.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && event.target.method !== "dialog") begin(event.target);
  });
  // Left for good, or shown once more by the button that leads back.
  window.addEventListener("pageshow", () => end(...asked));
})();
