// A pick list with a search field: a combobox whose list is open as long as it is.

// The options that hold all the words; first those that begin as what is written.
const found = (options, written) => {
  const words = written.split(" ").filter(Boolean);
  const isFirst = (index) => Number(!options[index].search.startsWith(written));
  return options
    .flatMap(({ search }, index) => (words.every((word) => search.includes(word)) ? [index] : []))
    .sort((one, other) => isFirst(one) - isFirst(other));
};

// `panel` is server markup with a search field, a list and a line for «no hits»; `options` are
// {key, text, more, search}. Calls `choose(key)`, or `leave()` where nothing was chosen.
export const pickList = ({ panel, button, options, choose, leave }) => {
  const search = panel.querySelector("input");
  const list = panel.querySelector("[role=listbox]");
  const none = panel.querySelector("[data-none]");
  let shown = [];
  let current = 0;

  const elements = options.map((option, index) => {
    const element = document.createElement("li");
    element.id = `${list.id}_${index}`;
    element.setAttribute("role", "option");
    element.append(option.text);
    if (option.more) {
      const more = document.createElement("span");
      more.className = "subtle";
      more.textContent = option.more;
      element.append(" ", more);
    }
    element.addEventListener("click", () => finish(() => choose(option.key)));
    return element;
  });

  const point = (index) => {
    current = index;
    elements.forEach((element) => element.setAttribute("aria-selected", "false"));
    const element = elements[shown[current]];
    element?.setAttribute("aria-selected", "true");
    element?.scrollIntoView({ block: "nearest" });
    if (element) search.setAttribute("aria-activedescendant", element.id);
    else search.removeAttribute("aria-activedescendant");
  };

  const filter = () => {
    shown = found(options, search.value.toLocaleLowerCase("nb").trim().replace(/\s+/gu, " "));
    list.replaceChildren(...shown.map((index) => elements[index]));
    list.hidden = !shown.length;
    none.hidden = shown.length > 0;
    search.setAttribute("aria-expanded", String(shown.length > 0));
    point(0);
  };

  const close = () => {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };

  const finish = (then) => {
    close();
    then();
  };

  const open = () => {
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    search.value = "";
    filter();
    search.focus();
    panel.scrollIntoView({ block: "nearest" });
  };

  const keys = {
    ArrowDown: () => point((current + 1) % Math.max(shown.length, 1)),
    ArrowUp: () => point((current - 1 + shown.length) % Math.max(shown.length, 1)),
    Enter: () => shown.length && finish(() => choose(options[shown[current]].key)),
    Escape: () => finish(leave),
  };
  search.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.isComposing || panel.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  search.addEventListener("input", filter);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the search keeps the focus
  panel.addEventListener("focusout", (event) => {
    if (!panel.contains(event.relatedTarget) && event.relatedTarget !== button) close();
  });

  return { toggle: () => (panel.hidden ? open() : finish(leave)) };
};
