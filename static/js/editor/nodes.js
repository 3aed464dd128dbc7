// What clause text may hold, as Tiptap nodes: paragraphs, two kinds of list, bold, and two chips.
// What is not here cannot be made, typed or pasted. See docs/editor.md.
import { FACT, MAX_DEPTH, REFERENCE, isList, listDepth, tidy } from "./grammar.js";
import {
  Document,
  Extension,
  Mark,
  Node,
  Paragraph,
  Text,
  UndoRedo,
  combineTransactionSteps,
  getChangedRanges,
  markInputRule,
  pm,
  wrappingInputRule,
} from "./tiptap.js";

const { Plugin } = pm.state;
const { Decoration, DecorationSet } = pm.view;

const list = (name, tag, ordered, marker) =>
  Node.create({
    name,
    group: "block list",
    content: "listItem+",
    parseHTML: () => [{ tag }],
    renderHTML: () => [tag, 0],
    addInputRules() {
      return [
        wrappingInputRule({
          find: marker,
          type: this.type,
          // After a paragraph that ends with a list of this kind, it is that list that goes on.
          joinPredicate: (_match, before) => before.type.name === name,
        }),
      ];
    },
  });

const BulletList = list("bulletList", "ul", false, /^[-+*•]\s$/u);
const OrderedList = list("orderedList", "ol", true, /^1[.)]\s$/u);

const ListItem = Node.create({
  name: "listItem",
  content: "block+",
  defining: true,
  parseHTML: () => [{ tag: "li" }],
  renderHTML: () => ["li", 0],
  addKeyboardShortcuts() {
    const indent = () => this.editor.commands.sinkListItem(this.name) || true;
    const outdent = () => this.editor.commands.liftListItem(this.name) || true;
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      "Shift-Enter": () => this.editor.commands.keyboardShortcut("Enter"),
      // Not Tab: it leaves the field. The arrows are those of a word processor; the brackets need
      // AltGr on a Norwegian keyboard.
      "Alt-Shift-ArrowRight": indent,
      "Alt-Shift-ArrowLeft": outdent,
      "Mod-]": indent,
      "Mod-[": outdent,
    };
  },
});

const Bold = Mark.create({
  name: "bold",
  parseHTML: () => [{ tag: "strong" }],
  renderHTML: () => ["strong", 0],
  addKeyboardShortcuts() {
    const toggle = () => this.editor.commands.toggleMark(this.name);
    return { "Mod-b": toggle, "Mod-B": toggle };
  },
  addInputRules() {
    return [markInputRule({ find: /(?:^|[^*])(\*\*(?!\s)([^*]+)(?<!\s)\*\*)$/u, type: this.type })];
  },
});

// A chip: `known` is a Map from its name to {text, more, title, isBlock, isMissing}.
const chip = (name, attribute, marked) =>
  Node.create({
    name,
    group: "inline",
    inline: true,
    atom: true,
    addOptions: () => ({ known: new Map() }),
    addAttributes: () => ({ [attribute]: { default: "" } }),
    parseHTML: () => [
      { tag: `span[data-${name}]`, getAttrs: (element) => ({ [attribute]: element.dataset[name] }) },
    ],
    renderHTML({ node }) {
      const key = node.attrs[attribute];
      const found = this.options.known.get(key);
      const kinds = [
        "chip",
        found?.isMissing && "chip--missing",
        !found && "problem",
      ];
      return [
        "span",
        {
          class: kinds.filter(Boolean).join(" "),
          [`data-${name}`]: key,
          title: found ? `${found.title} ${marked(key)}` : "Finnes ikke i denne avtalen",
        },
        found?.text ?? marked(key),
        ...(found?.more ? [["span", { class: "chip__more" }, ` ${found.more}`]] : []),
      ];
    },
    renderText: ({ node }) => marked(node.attrs[attribute]),
  });

const Fact = chip("fact", "name", (name) => `{{ ${name} }}`);
const Reference = chip("reference", "key", (key) => `[[punkt:${key}]]`);

// A mark that has been written out, by typing, pasting or dictation, becomes its chip. Only where
// something changed: `{{ x }}` that was meant as characters stays.
const chipsIn = (state, { from, to }) => {
  const found = [];
  state.doc.nodesBetween(from, to, (node, position) => {
    if (!node.isText) return;
    for (const match of node.text.matchAll(new RegExp(`${FACT}|${REFERENCE}`, "gu"))) {
      const start = position + match.index;
      const end = start + match[0].length;
      const { fact, clause } = match.groups;
      const key = tidy(fact ?? clause);
      if (!key || end < from || start > to) continue;
      const made = fact
        ? state.schema.nodes.fact.create({ name: key }, null, node.marks)
        : state.schema.nodes.reference.create({ key }, null, node.marks);
      found.push({ start, end, made });
    }
  });
  return found;
};

const WrittenMarks = Extension.create({
  name: "writtenMarks",
  addProseMirrorPlugins() {
    return [
      new Plugin({
        appendTransaction(transactions, before, state) {
          const changing = transactions.filter((transaction) => transaction.docChanged);
          if (!changing.length || changing.some((one) => one.getMeta("history$"))) return null;
          const ranges = getChangedRanges(combineTransactionSteps(before.doc, changing));
          const chips = new Map();
          for (const { newRange } of ranges) {
            const from = Math.max(newRange.from - 1, 0);
            const to = Math.min(newRange.to + 1, state.doc.content.size);
            for (const found of chipsIn(state, { from, to })) chips.set(found.start, found);
          }
          if (!chips.size) return null;
          const transaction = state.tr;
          for (const [start, { end, made }] of [...chips].sort(([a], [b]) => b - a)) {
            transaction.replaceWith(start, end, made);
          }
          return transaction;
        },
      }),
    ];
  },
});

// A fact that fills a paragraph shows whether it has one of its own: in a sentence it is an error.
const FilledParagraphs = Extension.create({
  name: "filledParagraphs",
  addOptions: () => ({ known: new Map() }),
  addProseMirrorPlugins() {
    const { known } = this.options;
    return [
      new Plugin({
        props: {
          decorations({ doc }) {
            const found = [];
            doc.descendants((node, position, parent) => {
              if (node.type.name !== "fact" || !known.get(node.attrs.name)?.isBlock) return;
              const kind =
                parent.childCount === 1
                  ? { class: "chip--alone" }
                  : { class: "problem", title: "Må stå i et eget avsnitt" };
              found.push(Decoration.node(position, position + node.nodeSize, kind));
            });
            return DecorationSet.create(doc, found);
          },
        },
      }),
    ];
  },
});

const Depth = Extension.create({
  name: "depth",
  addOptions: () => ({ refuse: () => {} }),
  addProseMirrorPlugins() {
    const { refuse } = this.options;
    return [
      new Plugin({
        filterTransaction(transaction) {
          if (!transaction.docChanged || listDepth(transaction.doc) <= MAX_DEPTH) return true;
          refuse();
          return false;
        },
      }),
    ];
  },
});

// Whether the selection is in a list of this kind: the innermost that counts.
export const innermostList = ({ $from }) => {
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (isList($from.node(depth))) return $from.node(depth).type.name;
  }
  return "";
};

export const extensions = ({ facts, references, refuseDepth }) => [
  Document,
  Paragraph,
  Text,
  BulletList,
  OrderedList,
  ListItem,
  Bold,
  UndoRedo,
  Fact.configure({ known: facts }),
  Reference.configure({ known: references }),
  WrittenMarks,
  FilledParagraphs.configure({ known: facts }),
  Depth.configure({ refuse: refuseDepth }),
];
