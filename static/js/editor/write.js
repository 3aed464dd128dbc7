// The editor's document as clause text: the same text as `serialise` of agreements/domain/markup.py
// writes for the same tree. Where a document is not a tree that can be read (lists of one kind side by
// side, spaces at the ends), what is written is its nearest such tree.
import { isList } from "./grammar.js";

const SPECIAL = /[\\*]|\{(?=\{|$)|\[(?=\[|$)/gu;
const LEADING_MARKER = /^(?:[0-9]{1,9}(?=[.)])|(?=[-+]))(?=.(?:\s|$))/u;

const mark = (node) => {
  if (node.type.name === "fact") return `{{ ${node.attrs.name} }}`;
  if (node.type.name === "reference") return `[[punkt:${node.attrs.key}]]`;
  return node.text.replace(/[ \t\n]+/g, " ").replace(SPECIAL, "\\$&");
};

const isBold = (node) => node.marks.some(({ type }) => type.name === "bold");

const paragraph = (node, isBlockFact) => {
  const runs = [];
  node.forEach((child) => {
    const bold = isBold(child);
    if (runs.at(-1)?.bold !== bold) runs.push({ bold, text: "" });
    runs.at(-1).text += mark(child);
  });
  // A fact that fills its paragraph is never bold.
  const alone = node.childCount === 1 && node.firstChild.type.name === "fact";
  if (alone && isBlockFact(node.firstChild.attrs.name)) return mark(node.firstChild);
  const text = runs
    .map((run) => {
      const visible = run.text.trim();
      if (!run.bold || !visible) return run.text;
      const start = run.text.indexOf(visible);
      return `${run.text.slice(0, start)}**${visible}**${run.text.slice(start + visible.length)}`;
    })
    .join("");
  return text
    .replace(/[ \t\n]+/g, " ")
    .trim()
    .replace(LEADING_MARKER, "$&\\");
};

const items = (list, isBlockFact) => {
  const texts = [];
  list.forEach((item) => {
    const text = blocks(item, true, isBlockFact);
    if (text) texts.push(text);
  });
  return texts;
};

const listed = (ordered, texts) =>
  texts
    .flatMap((text, index) => {
      const marker = ordered ? `${index + 1}. ` : "- ";
      const [first, ...rest] = text.split("\n");
      return [marker + first, ...rest.map((line) => line && " ".repeat(marker.length) + line)];
    })
    .join("\n");

const blocks = (parent, nested, isBlockFact) => {
  const parts = [];
  parent.forEach((block) => {
    if (!isList(block)) {
      const text = paragraph(block, isBlockFact);
      if (text) parts.push({ text });
      return;
    }
    const ordered = block.type.name === "orderedList";
    const texts = items(block, isBlockFact);
    if (!texts.length) return;
    if (parts.at(-1)?.ordered === ordered) parts.at(-1).texts.push(...texts);
    else parts.push({ ordered, texts });
  });
  return parts
    .map((part, index) => {
      const between = nested && part.texts ? "\n" : "\n\n";
      return (index ? between : "") + (part.texts ? listed(part.ordered, part.texts) : part.text);
    })
    .join("");
};

// `isBlockFact(name)` says whether a fact fills a paragraph of its own.
export const write = (node, isBlockFact) => blocks(node, false, isBlockFact);
