// The head of a table that fits stays in sight while its rows pass; a wider table scrolls inside its frame.
(() => {
  const root = document.documentElement;
  const head = document.querySelector(".x-head");
  const fit = (frame) => frame.classList.toggle("is-fitting", frame.scrollWidth <= frame.clientWidth);
  const watch = new ResizeObserver((seen) => {
    if (head) root.style.setProperty("--x-head-height", `${head.offsetHeight}px`);
    seen.forEach(({ target }) => fit(target));
  });
  const watchAll = () => document.querySelectorAll(".x-table").forEach((frame) => watch.observe(frame));
  document.body.addEventListener("htmx:afterSettle", watchAll);
  watchAll();
})();
