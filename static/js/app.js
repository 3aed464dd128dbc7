// Comfort only: every page works without this file.
"use strict";

(() => {
  // --- unsaved changes: <form data-warn-unsaved> ---------------------------------------------------
  const changed = new Set();

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-warn-unsaved]")) changed.add(form);
  });

  window.addEventListener("beforeunload", (event) => {
    const unsaved = [...changed].some((form) => form.isConnected);
    if (unsaved) event.preventDefault();
  });

  // --- one submit at a time ------------------------------------------------------------------------
  const sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return; // htmx sends it
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    changed.delete(form);
    // A form without an action is sent to this address. The field that an error message led to
    // would stand in it, and take the focus from the summary of the next answer.
    if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
    // A download leaves the page standing, so its form may be sent again.
    if (form.method === "post" && !form.hasAttribute("data-download")) {
      sent.add(form);
      event.submitter?.setAttribute("aria-busy", "true");
    }
  });

  // Back from the next page: the form must work again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) sent.delete(form);
    for (const button of document.querySelectorAll("button[aria-busy]")) {
      button.removeAttribute("aria-busy");
    }
  });

  // --- partial updates -----------------------------------------------------------------------------
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest("form");
    const saved = event.detail.requestConfig.triggeringEvent?.type === "submit"; // not a preview
    if (form && saved && event.detail.successful) changed.delete(form);
  });

  const tell = (text) => {
    const area = document.getElementById("side_meldinger");
    if (!area) return;
    const message = document.createElement("div");
    message.className = "ds-alert message";
    message.dataset.color = "danger";
    message.textContent = text;
    area.replaceChildren(message);
    message.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("htmx:sendError", () => {
    tell("Fikk ikke kontakt med serveren. Det du gjorde, er ikke lagret. Prøv på nytt.");
  });

  document.addEventListener("htmx:responseError", (event) => {
    tell(
      event.detail.xhr.status === 403
        ? "Du har ikke tilgang til dette, eller siden har stått åpen for lenge. Last den på nytt."
        : "Noe gikk galt, og det du gjorde, er ikke lagret. Prøv på nytt.",
    );
  });

  // --- tables of forms: «Legg til rad» ---------------------------------------------------------------
  for (const button of document.querySelectorAll("[data-formset-add]")) button.hidden = false;

  document.addEventListener("click", (event) => {
    const prefix = event.target.closest("[data-formset-add]")?.dataset.formsetAdd;
    if (!prefix) return;
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    const row = document.querySelector(`template[data-formset-row="${prefix}"]`);
    const body = document.querySelector(`[data-formset="${prefix}"] tbody`);
    const holder = document.createElement("tbody");
    holder.innerHTML = row.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    body.append(...holder.children);
    body.lastElementChild.querySelector(".ds-input")?.focus();
    if (total.form.matches("[data-warn-unsaved]")) changed.add(total.form);
  });

  // --- the current page's place in a navigation that is wider than the screen ------------------------
  for (const link of document.querySelectorAll(".subnav [aria-current]")) {
    const nav = link.closest(".subnav");
    nav.scrollLeft = link.offsetLeft - nav.clientWidth / 2;
  }
})();
