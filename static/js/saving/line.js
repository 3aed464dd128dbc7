// The line beside the button. What is the same as before is not written again, so that those who listen
// hear of it only when something is new.

const fill = (template, slots) => {
  const words = template.content.cloneNode(true);
  for (const slot of words.querySelectorAll("[data-slot]")) {
    const value = slots[slot.dataset.slot];
    if (slot.dataset.slot === "difference") slot.innerHTML = value ?? ""; // written by the server
    else slot.textContent = value ?? "";
  }
  return words;
};

export const line = (box) => {
  const said = box.querySelector("[data-said]");
  const errors = box.querySelector("[data-errors]");
  const busy = box.querySelector("[data-busy]");
  let last = "";

  return {
    say(state, slots = {}) {
      const now = JSON.stringify([state, slots]);
      if (now === last) return;
      last = now;
      box.dataset.state = state;
      said.replaceChildren(fill(box.querySelector(`template[data-state=${state}]`), slots));
    },
    list(messages) {
      if (messages.join() === errors.dataset.shown) return;
      errors.dataset.shown = messages.join();
      errors.replaceChildren();
      if (!messages.length) return;
      const heading = box.querySelector("template[data-errors-heading]").content.cloneNode(true);
      const list = document.createElement("ul");
      for (const message of messages) {
        list.append(Object.assign(document.createElement("li"), { textContent: message }));
      }
      errors.append(heading, list);
    },
    busy: (is) => (busy.hidden = !is),
    // Offer another text: `use` and `drop` are what its buttons do.
    offer(kind, slots, { use, drop }) {
      const found = document.querySelector(`[data-offered=${kind}]`);
      found.replaceChildren(fill(box.querySelector(`template[data-offer=${kind}]`), slots));
      found.hidden = false;
      const close = (act) => () => {
        found.hidden = true;
        found.replaceChildren();
        act?.();
      };
      found.querySelector("[data-use]").addEventListener("click", close(use));
      found.querySelector("[data-drop]")?.addEventListener("click", close(drop));
    },
  };
};
