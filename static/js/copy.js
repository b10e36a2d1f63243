// Buttons that copy the text of the field they name. Without this file they stay hidden: select and copy by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // without HTTPS browsers know only the old way
    }
    document.getElementById("announcer").textContent = button.dataset.copied;
    button.lastChild.textContent = ` ${button.dataset.copied}`;
  });
}
