// Puts the editor over the text area of a clause. The text area stays the form's field: it is what is
// sent, and it is what people get where this file does not run, or fails.
import { extensions } from "./nodes.js";
import { factChips, factOptions, pointChips, pointOptions } from "./offered.js";
import { clipboard, fragment } from "./paste.js";
import { pickList } from "./pick.js";
import { readLines } from "./read.js";
import { Editor, getSchema, pm } from "./tiptap.js";
import { toolbar } from "./toolbar.js";
import { write } from "./write.js";

const { TextSelection } = pm.state;
const READING_MS = 8000;

// Put a chip where the cursor is. A fact that fills a paragraph gets one of its own.
const insert = (editor, name, attributes, isBlock) => {
  const { nodes } = editor.schema;
  const chip = nodes[name].create(attributes);
  const put = ({ tr }) => {
    const { $to } = tr.selection;
    if (!isBlock || !$to.parent.content.size) tr.replaceSelectionWith(chip, true);
    else {
      const place = $to.after();
      tr.insert(place, nodes.paragraph.create(null, chip));
      tr.setSelection(TextSelection.create(tr.doc, place + 2));
    }
    tr.scrollIntoView();
    return true;
  };
  editor.view.focus(); // at once: `focus` of Tiptap waits, and the next key would go astray
  editor.chain().focus().command(put).run();
};

// The document to begin with. After a step back the browser may have put a later text into the text
// area than the server wrote: it is read here. Null where it cannot be read exactly.
const firstDocument = (textarea, written, schema, isBlockFact) => {
  if (textarea.value === textarea.defaultValue) return written;
  const content = fragment(schema, readLines(textarea.value, true));
  if (!content.size) return { type: "doc", content: [{ type: "paragraph" }] };
  const read = schema.nodes.doc.create(null, content);
  return write(read, isBlockFact) === textarea.value ? read.toJSON() : null;
};

// What the text area had, for the element that is edited in its place.
const attributesOf = (textarea, label) => {
  const attributes = {
    id: textarea.id,
    class: "ds-input editor__text",
    role: "textbox",
    "aria-multiline": "true",
    "aria-labelledby": label.id,
    spellcheck: "true",
  };
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  }
  return attributes;
};

// Let the editor take over the text area's place, label and help.
const takeOver = (textarea, label, frame, editor) => {
  const help = document.getElementById(`${textarea.id}_helptext`);
  help?.replaceChildren(frame.querySelector("template[data-help]").content.cloneNode(true));
  const isWritten = document.activeElement === textarea;
  textarea.id = `${textarea.id}_source`;
  textarea.hidden = true;
  textarea.before(frame);
  if (isWritten) {
    editor.commands.focus("end"); // somebody began before the editor had come
    editor.view.focus(); // the command waits for the next frame, and a key pressed before it would be lost
  }
  label.addEventListener("click", () => editor.commands.focus());
};

// What is said under the text. It stands long enough to be read, and until something else is written.
const messages = (frame) => {
  const place = frame.querySelector("[data-said]");
  let since = 0;
  return {
    tell(kind) {
      const words = frame.querySelector(`template[data-message=${kind}]`);
      place.replaceChildren(words.content.cloneNode(true));
      since = Date.now();
    },
    clear: () => place.replaceChildren(),
    settle() {
      if (Date.now() - since > READING_MS) place.replaceChildren();
    },
  };
};

const start = (textarea, data, template) => {
  const blockFacts = new Set(data.facts.filter(({ isBlock }) => isBlock).map(({ name }) => name));
  const isBlockFact = (name) => blockFacts.has(name);
  const frame = template.content.firstElementChild.cloneNode(true);
  const { tell, clear, settle } = messages(frame);
  const label = textarea.labels[0];
  label.id ||= `${textarea.id}_label`;

  const parts = extensions({
    facts: factChips(data.facts),
    references: pointChips(data.points),
    refuseDepth: () => tell("depth"),
  });
  const content = firstDocument(textarea, data.document, getSchema(parts), isBlockFact);
  if (!content) return;
  const editor = new Editor({
    element: frame.querySelector("[data-text]"),
    injectCSS: false,
    extensions: parts,
    content,
    editorProps: {
      attributes: attributesOf(textarea, label),
      ...clipboard({ isBlockFact, tell, clear }),
    },
    onUpdate: () => {
      settle();
      textarea.value = write(editor.state.doc, isBlockFact);
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });

  const opener = (kind, options, choose) =>
    pickList({
      panel: frame.querySelector(`[data-panel=${kind}]`),
      button: frame.querySelector(`[data-pick=${kind}]`),
      options,
      choose,
      leave: () => editor.view.focus(),
    });
  toolbar({
    bar: frame.querySelector("[role=toolbar]"),
    editor,
    openers: {
      fact: opener("fact", factOptions(data.facts), (name) =>
        insert(editor, "fact", { name }, isBlockFact(name)),
      ),
      reference: opener("reference", pointOptions(data.points), (key) =>
        insert(editor, "reference", { key }, false),
      ),
    },
  });
  takeOver(textarea, label, frame, editor);
  if (textarea.value !== textarea.defaultValue) {
    textarea.dispatchEvent(new Event("input", { bubbles: true })); // not saved yet
  }
};

const begin = () => {
  const template = document.getElementById("editor_template");
  const data = JSON.parse(document.getElementById("editor_data").textContent);
  start(document.getElementById(template.dataset.for), data, template);
};

// After a step back, or when the page is loaded again, the browser fills in the fields at the very end.
const [arrival] = performance.getEntriesByType("navigation");
if (arrival?.type === "navigate") begin();
else window.addEventListener("pageshow", begin, { once: true });
