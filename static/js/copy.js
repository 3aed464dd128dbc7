// «Kopier tabellen»: the table as Word and a spreadsheet want it. Without this file the button is hidden.
"use strict";

(() => {
  const COPIED = "Tabellen er kopiert. Lim den inn i Word eller et regneark.";
  const FAILED = "Nettleseren lot oss ikke kopiere. Tabellen er merket: kopier den med Ctrl+C.";
  const LINE = "border:1px solid #808080;padding:2px 6px;vertical-align:top;";

  const escaped = (text) =>
    text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

  // What is read aloud and seen: neither the bars nor the words that only a screen reader has. A
  // no-break space inside a number stays: Word must not part it, and Norwegian Excel reads it.
  const words = (cell) => {
    const copy = cell.cloneNode(true);
    for (const part of copy.querySelectorAll('[aria-hidden="true"], .ds-sr-only, svg')) part.remove();
    return copy.textContent.replace(/[ \t\r\n\u2007]+/g, " ").trim();
  };

  const shown = (row) => [...row.cells].filter((cell) => cell.getAttribute("aria-hidden") !== "true");

  // The styles stand on each cell: Word keeps no class.
  const cellHtml = (cell) => {
    const bold = cell.closest("thead, .sum") !== null;
    const side = cell.matches(".num") ? "right;white-space:nowrap" : "left";
    const style = `${LINE}text-align:${side};font-weight:${bold ? "bold" : "normal"}`;
    const wide = cell.colSpan > 1 ? ` colspan="${cell.colSpan}"` : "";
    const high = cell.rowSpan > 1 ? ` rowspan="${cell.rowSpan}"` : "";
    const name = cell.localName;
    return `<${name}${wide}${high} style="${style}">${escaped(words(cell)) || "&nbsp;"}</${name}>`;
  };

  const asHtml = (table) => {
    const rows = [...table.rows].map((row) => `<tr>${shown(row).map(cellHtml).join("")}</tr>`);
    return `<table style="border-collapse:collapse">${rows.join("")}</table>`;
  };

  const asText = (table) =>
    [...table.rows].map((row) => shown(row).map(words).join("\t")).join("\r\n") + "\r\n";

  const write = async (html, text) => {
    if (navigator.clipboard?.write && window.ClipboardItem) {
      try {
        const kinds = { "text/html": html, "text/plain": text };
        const blobs = Object.entries(kinds).map(([kind, part]) => [kind, new Blob([part], { type: kind })]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
        return true;
      } catch {
        // not allowed, or no focus: the older way may do
      }
    }
    const fill = (event) => {
      event.clipboardData.setData("text/html", html);
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", fill, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill);
    return done;
  };

  const show = (root) => {
    for (const button of root.querySelectorAll("[data-copy-table]")) button.hidden = false;
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy-table]");
    if (!button) return;
    const { copyTable: id } = button.dataset;
    const holder = button.closest(".copy-table");
    const region = id ? document.getElementById(id) : holder.previousElementSibling;
    const table = region.matches("table") ? region : region.querySelector("table");
    const done = await write(asHtml(table), asText(table));
    if (!done) getSelection().selectAllChildren(table);
    const told = holder.querySelector("[role=status]");
    told.textContent = ""; // said again when it is done again
    requestAnimationFrame(() => {
      told.textContent = done ? COPIED : FAILED;
    });
  });

  show(document);
  document.addEventListener("htmx:load", (event) => show(event.detail.elt));
})();
