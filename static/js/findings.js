// Comfort only: after a mend or an assessment the list is another, and the focus must not be lost.
"use strict";

(() => {
  let place = -1;
  let unfolded = false;
  let typed = new Map(); // reasons that somebody has begun on, by the field's id

  const items = () => [...document.querySelectorAll("#funn > section .findings__item")];

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "funn") return;
    const item = document.activeElement?.closest(".findings__item");
    place = items().indexOf(item);
    unfolded = Boolean(document.getElementById("funn_vurdert")?.open);
    const fields = [...document.querySelectorAll("#funn textarea")].filter(({ value }) => value);
    typed = new Map(fields.map(({ id, value }) => [id, value]));
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "funn") return;
    const folded = document.getElementById("funn_vurdert");
    if (folded && unfolded) folded.open = true;
    for (const [id, value] of typed) {
      const field = document.getElementById(id);
      if (!field || field.value) continue;
      field.value = value;
      field.closest("details").open = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (document.querySelector("#funn ds-error-summary")) return; // it takes the focus itself
    // The finding that has come in the place of the one that is gone, else the top of the page.
    const left = items();
    const next = place < 0 ? undefined : left[Math.min(place, left.length - 1)];
    (next ?? document.getElementById("funn_tittel")).focus({ preventScroll: Boolean(next) });
    next?.scrollIntoView({ block: "nearest" });
  });
})();
