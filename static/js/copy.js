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

  // The styles stand on each cell, as Word keeps no class; align says the same where styles are lost.
  const cellHtml = (cell) => {
    const bold = cell.closest("thead, .sum") !== null;
    const side = cell.matches(".num") ? "right;white-space:nowrap" : "left";
    const style = `${LINE}text-align:${side};font-weight:${bold ? "bold" : "normal"}`;
    const wide = cell.colSpan > 1 ? ` colspan="${cell.colSpan}"` : "";
    const high = cell.rowSpan > 1 ? ` rowspan="${cell.rowSpan}"` : "";
    const name = cell.localName;
    const align = side.split(";")[0];
    return `<${name}${wide}${high} align="${align}" style="${style}">${escaped(words(cell)) || "&nbsp;"}</${name}>`;
  };

  const asHtml = (table) => {
    const rows = [...table.rows].map((row) => `<tr>${shown(row).map(cellHtml).join("")}</tr>`);
    return `<table border="1" cellspacing="0" style="border-collapse:collapse">${rows.join("")}</table>`;
  };

  const asText = (table) =>
    [...table.rows].map((row) => shown(row).map(words).join("\t")).join("\r\n") + "\r\n";

  // The event comes first: it asks for no permission, and takes the text as it is. The newer interface
  // reads it as a part of this page, where the content security policy allows no style.
  const write = async (html, text) => {
    const fill = (event) => {
      event.clipboardData.setData("text/html", html);
      event.clipboardData.setData("text/plain", text);
      event.preventDefault();
    };
    document.addEventListener("copy", fill, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill);
    if (done || !navigator.clipboard?.write || !window.ClipboardItem) return done;
    try {
      const plain = html.replaceAll(/ style="[^"]*"/g, "");
      const blob = (part, type) => new Blob([part], { type });
      const item = { "text/html": blob(plain, "text/html"), "text/plain": blob(text, "text/plain") };
      await navigator.clipboard.write([new ClipboardItem(item)]);
      return true;
    } catch {
      return false; // not allowed
    }
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
