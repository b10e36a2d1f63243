// Buttons that copy the text of the field they name, or an explanation with its table. Without scripts they are not
// shown: select and copy by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
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

// As a table for a spreadsheet or a letter, and as lines with tabs for whatever knows no tables.
const words = (element) => element.innerText.replace(/\s+/g, " ").trim();

function explained(part) {
  const lines = [...part.querySelectorAll("p, h2")].filter((line) => line.offsetParent && !line.closest("table")).map(words);
  const rows = [...part.querySelectorAll("table tr")].map((row) => [...row.cells].map(words));
  const page = document.createElement("div");
  lines.forEach((line) => page.appendChild(document.createElement("p")).append(line));
  if (rows.length) {
    const table = page.appendChild(document.createElement("table"));
    table.border = "1";
    rows.forEach((cells, index) => {
      const row = table.insertRow();
      cells.forEach((cell) => row.appendChild(document.createElement(index ? "td" : "th")).append(cell));
    });
  }
  return { html: page.innerHTML, text: [...lines, ...rows.map((cells) => cells.join("\t"))].join("\n") };
}

for (const button of document.querySelectorAll("[data-copy-table]")) {
  button.addEventListener("click", async () => {
    const { html, text } = explained(document.getElementById(button.dataset.copyTable));
    try {
      const as = (type, content) => [type, new Blob([content], { type })];
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries([as("text/html", html), as("text/plain", text)]))]);
    } catch {
      // Without HTTPS browsers know only the old way.
      const put = (event) => {
        event.preventDefault();
        event.clipboardData.setData("text/html", html);
        event.clipboardData.setData("text/plain", text);
      };
      document.addEventListener("copy", put, { once: true });
      document.execCommand("copy");
      document.removeEventListener("copy", put);
    }
    document.getElementById("announcer").textContent = button.dataset.copied;
    button.lastChild.textContent = ` ${button.dataset.copied}`;
  });
}
