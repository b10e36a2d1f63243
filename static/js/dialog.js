// Native dialogs opened by a button, questions before an act, menus that close when one looks elsewhere.
(() => {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      event.preventDefault();
      // The focus comes back to where it was: in a menu that is to its head, which is still there then.
      const menu = opener.closest("details[data-menu]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      document.getElementById(opener.dataset.dialog).showModal();
      return;
    }
    const dialog = event.target.closest("dialog[open]");
    if (dialog && (event.target === dialog || event.target.closest("[data-dialog-close]"))) {
      event.preventDefault();
      dialog.close(); // the browser gives the focus back to the opener
    }
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === " " && event.target.matches("a[role=button]")) {
      event.preventDefault();
      event.target.click();
    }
    if (event.key !== "Escape") return;
    const menu = event.target.closest("details[data-menu][open]") ?? document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);
})();
