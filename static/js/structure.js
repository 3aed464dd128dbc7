// Moving clauses in the contents list, by dragging or with Alt and the arrow keys. Comfort only: the
// arrows beside each clause do the same without this file.
"use strict";

(() => {
  const form = document.getElementById("flytting_skjema");
  const fold = document.querySelector(".contents__fold");
  if (fold && window.matchMedia("(max-width: 63.99rem)").matches) fold.open = false;
  if (!form || !fold) return;

  const KEYS = { ArrowUp: "opp", ArrowDown: "ned", ArrowRight: "inn", ArrowLeft: "ut" };
  const THRESHOLD = 4; // pixels before a press becomes a drag
  const EDGE = 40; // pixels from the end of the list where it scrolls by itself
  const panel = fold.closest(".panel");
  const list = () => document.getElementById("innhold_liste");
  let dragged = false; // whether the latest press became a drag
  let last = null; // the clause that is being moved, and whether its arrow in the text was used

  const reveal = () => {
    document.getElementById("flytting_hjelp").hidden = false;
    for (const handle of list().querySelectorAll("[data-handle]")) handle.hidden = false;
  };

  const send = (key, path, values, inText = false) => {
    last = { key, inText };
    window.htmx.ajax("POST", form.dataset.address + path, { source: form, values });
  };

  // --- after a move: the focus stays on the clause, and it is in view --------------------------------
  document.addEventListener("htmx:afterSettle", () => {
    reveal();
    if (!last) return;
    const { key, inText } = last;
    const handle = document.getElementById(`flytt_${key}`);
    if (document.activeElement === document.body) handle?.focus({ preventScroll: true });
    const shown = inText ? document.getElementById(key) : handle;
    shown?.scrollIntoView({ block: "nearest" });
  });

  // --- the arrows in the text, and the keys in the list ----------------------------------------------
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (event.target !== form || !button?.dataset.moves) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const path = new URL(button.formAction).pathname.slice(form.dataset.address.length);
    send(button.dataset.moves, path, {}, true);
  }, true);

  document.addEventListener("keydown", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    const step = KEYS[event.key];
    if (!handle || !step || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { key } = handle.closest("li").dataset;
    send(key, `${key}/flytt/${step}/`, {});
  });

  document.addEventListener("click", (event) => {
    if (dragged || !event.target.closest("[data-handle]")) return;
    document.getElementById("flytting_melding").textContent =
      "Bruk Alt og piltastene for å flytte punktet: opp, ned, høyre for inn, venstre for ut.";
  });

  // --- dragging --------------------------------------------------------------------------------------
  let drag = null; // {item, handle, x, y, begun, place}

  const parentOf = (item) => item.parentElement.closest("li");
  const depthOf = (item) => (item ? 1 + depthOf(parentOf(item)) : 0);
  const heightOf = (item) =>
    1 + Math.max(0, ...[...item.querySelectorAll(":scope > ul > li")].map(heightOf));

  // Where the dragged clause would go if it were dropped here; null where it may not.
  const placeAt = (x, y) => {
    const row = document.elementFromPoint(x, y)?.closest("#innhold_liste .contents__row");
    if (!row) return null;
    const item = row.parentElement;
    if (drag.item.contains(item)) return null;
    const { top, height } = row.getBoundingClientRect();
    const part = (y - top) / height;
    const first = item.querySelector(":scope > ul > li");
    let mark = part < 0.3 ? "before" : part > 0.7 ? "after" : "under";
    let parent = mark === "under" ? item : parentOf(item);
    let before = mark === "before" ? item : null;
    if (mark === "after" && first) [parent, before] = [item, first];
    else if (mark === "after") before = item.nextElementSibling;
    if (before === drag.item) before = before.nextElementSibling;
    const deepest = depthOf(parent) + heightOf(drag.item);
    const deeper = depthOf(parent) + 1 > depthOf(drag.item);
    if (deeper && deepest > Number(list().dataset.depth)) return null;
    return { row, mark, under: parent?.dataset.key ?? "", before: before?.dataset.key ?? "" };
  };

  const show = (place) => {
    list().querySelector("[data-drop]")?.removeAttribute("data-drop");
    if (place) place.row.dataset.drop = place.mark;
  };

  const stop = () => {
    if (!drag) return;
    show(null);
    drag.item.removeAttribute("data-dragged");
    drag = null;
  };

  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle || event.button !== 0) return;
    const item = handle.closest("li");
    dragged = false;
    drag = { item, handle, x: event.clientX, y: event.clientY, begun: false, place: null };
    handle.setPointerCapture(event.pointerId);
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const { clientX: x, clientY: y } = event;
    if (!drag.begun && Math.hypot(x - drag.x, y - drag.y) < THRESHOLD) return;
    drag.begun = true;
    dragged = true;
    drag.item.dataset.dragged = "";
    const edges = panel.getBoundingClientRect();
    if (y < edges.top + EDGE) panel.scrollBy(0, -EDGE / 4);
    if (y > edges.bottom - EDGE) panel.scrollBy(0, EDGE / 4);
    drag.place = placeAt(x, y);
    show(drag.place);
  });

  document.addEventListener("pointerup", () => {
    if (!drag) return;
    const { item, handle, begun, place } = drag;
    stop();
    if (!begun) return;
    handle.focus({ preventScroll: true });
    const { key } = item.dataset;
    if (place) send(key, `${key}/plasser/`, { under: place.under, foran: place.before });
  });

  document.addEventListener("pointercancel", stop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
  });

  reveal();
})();
