// The toolbar: one stop for Tab, arrows between the buttons, and each button as its command stands.
import { innermostList } from "./nodes.js";

const ITEM = "listItem";

// Each command: what it does, whether it can be done now, and whether it is on (undefined: neither).
const commands = {
  bold: {
    run: (chain) => chain.toggleMark("bold"),
    isOn: (editor) => editor.isActive("bold"),
  },
  bulletList: {
    run: (chain) => chain.toggleList("bulletList", ITEM),
    isOn: (editor) => innermostList(editor.state.selection) === "bulletList",
  },
  orderedList: {
    run: (chain) => chain.toggleList("orderedList", ITEM),
    isOn: (editor) => innermostList(editor.state.selection) === "orderedList",
  },
  indent: {
    run: (chain) => chain.sinkListItem(ITEM),
    can: (editor) => editor.can().sinkListItem(ITEM),
  },
  outdent: {
    run: (chain) => chain.liftListItem(ITEM),
    can: (editor) => editor.can().liftListItem(ITEM),
  },
  undo: { run: (chain) => chain.undo(), can: (editor) => editor.can().undo() },
  redo: { run: (chain) => chain.redo(), can: (editor) => editor.can().redo() },
};

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

// `openers` are the buttons that open something, by their `data-pick`.
export const toolbar = ({ bar, editor, openers }) => {
  const buttons = [...bar.querySelectorAll("button")];

  const moveTo = (index) => {
    buttons.forEach((button, place) => {
      button.tabIndex = place === index ? 0 : -1;
    });
  };

  const show = () => {
    for (const button of buttons) {
      const command = commands[button.dataset.command];
      if (command?.isOn) button.setAttribute("aria-pressed", String(command.isOn(editor)));
      if (command?.can) button.setAttribute("aria-disabled", String(!command.can(editor)));
    }
  };

  bar.addEventListener("keydown", (event) => {
    const here = buttons.indexOf(event.target.closest("button"));
    if (event.key === "Escape") editor.view.focus();
    let to = null;
    if (event.key in STEPS) to = (here + STEPS[event.key] + buttons.length) % buttons.length;
    if (event.key === "Home") to = 0;
    if (event.key === "End") to = buttons.length - 1;
    if (to === null || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    moveTo(to);
    buttons[to].focus();
  });
  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    moveTo(buttons.indexOf(button));
    if (button.dataset.pick) openers[button.dataset.pick].toggle();
    else if (button.getAttribute("aria-disabled") !== "true") {
      editor.view.focus();
      commands[button.dataset.command].run(editor.chain().focus()).run();
    }
  });

  moveTo(0);
  show();
  editor.on("transaction", show);
};
