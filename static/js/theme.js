// Before anything is painted: "automatic" follows the device, also while the page is open.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const theme = root.dataset.theme;
    root.dataset.bsTheme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  };
  apply();
  dark.addEventListener("change", apply);
  // Paper is white, whatever the screen is.
  window.addEventListener("beforeprint", () => (root.dataset.bsTheme = "light"));
  window.addEventListener("afterprint", apply);
})();
