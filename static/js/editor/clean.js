// HTML from the clipboard as the lines of nest.js: paragraphs, lists and bold, and nothing else of it.
//
// Word writes a list as paragraphs with `mso-list` in their style and the marker as text; Google Docs
// puts a list straight into a list; Word on the web makes a list of each item and says its level.
import { tidy } from "./grammar.js";

const BLOCKS = new Set(
  (
    "address article aside blockquote body caption center dd div dl dt fieldset figcaption figure " +
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend main nav ol p pre section table tbody td " +
    "tfoot th thead tr ul"
  ).split(" "),
);
const SKIPPED = "button del iframe input link meta object script select style svg template textarea";
const DROPPED = new Set(`${SKIPPED} title xml base head`.split(" "));
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/giu;

// Make the HTML harmless before anything reads it: the page's content security policy holds for a
// document that is only parsed too, and would report each style and handler in it.
export const disarm = (html) =>
  html
    .replace(/<!--[\s\S]*?(?:-->|$)/gu, "")
    .replace(/<!\[[^>]*>/gu, "")
    .replace(/<(style|script|xml)\b[\s\S]*?(?:<\/\1\s*>|$)/giu, "")
    .replace(TAG, (tag) =>
      tag
        .replace(/^<(?:base|meta|link)\b[\s\S]*/iu, "")
        .replace(/([\s"'/])style(?=\s*=)/giu, "$1data-style")
        .replace(/([\s"'/])on(?=[a-z]+\s*=)/giu, "$1data-on"),
    );

const styleOf = (element) => {
  const styles = new Map();
  for (const part of (element.dataset?.style ?? "").split(";")) {
    const colon = part.indexOf(":");
    const name = part.slice(0, colon).trim().toLowerCase();
    if (colon > 0) styles.set(name, part.slice(colon + 1).trim().toLowerCase());
  }
  return styles;
};

const isHidden = (element, style) =>
  style.get("display") === "none" ||
  style.get("mso-hide") === "all" ||
  /^(?:comment|footnote|endnote|annotation)/u.test(style.get("mso-element") ?? "") ||
  element.matches(".msocomanchor, .MsoCommentReference, .msoDel");

const isBold = (element, style, before) => {
  const weight = style.get("font-weight");
  if (weight) return /^(?:bold|bolder|[6-9]00)$/u.test(weight);
  return before || element.matches("b, strong, h1, h2, h3, h4, h5, h6, th");
};

// What Word says of a paragraph in a list, with the marker taken out of the paragraph.
const wordItem = (element, style) => {
  const level = /level([1-9])/u.exec(style.get("mso-list") ?? "")?.[1];
  if (!level) return null;
  const ignored = [...element.querySelectorAll("[data-style]")].filter(
    (part) => styleOf(part).get("mso-list") === "ignore",
  );
  const marker = ignored.map((part) => part.textContent).join("");
  for (const part of ignored) part.remove();
  if (/^h[1-6]$/u.test(element.localName)) return null; // a numbered heading is no list
  return { level: Number(level), ordered: /[0-9a-z][.)]/iu.test(marker), begun: false };
};

const NO_LIST = { level: 0, ordered: false, begun: true };

class Reader {
  lines = [];
  tables = 0;
  images = 0;
  #runs = [];
  #item = NO_LIST;

  // Finish the line, if there is anything to be seen in it.
  #flush() {
    const runs = joined(this.#runs);
    this.#runs = [];
    if (!runs.length) return;
    const { level, ordered, begun } = this.#item;
    this.lines.push({ level, ordered, first: !begun, runs });
    this.#item.begun = true;
  }

  #within(item, read) {
    this.#flush();
    const outer = this.#item;
    this.#item = item;
    read();
    this.#flush();
    this.#item = outer;
  }

  read(node, state = { bold: false, level: 0, ordered: false }) {
    for (const child of [...node.childNodes]) {
      if (child.nodeType === 3) this.#runs.push({ text: child.data, bold: state.bold });
      else if (child.nodeType === 1) this.#element(child, state);
    }
    if (node.localName === "body") this.#flush();
  }

  #element(element, state) {
    const name = element.localName;
    const style = styleOf(element);
    if (DROPPED.has(name) || isHidden(element, style)) return;
    const bold = isBold(element, style, state.bold);
    const inside = { ...state, bold };
    if (name === "br") this.#flush();
    else if (name === "img") this.images += 1;
    else if (name === "table" && element.querySelectorAll("td, th").length > 1) this.#refuse();
    else if (element.dataset.fact) this.#runs.push({ fact: tidy(element.dataset.fact), bold });
    else if (element.dataset.reference) {
      this.#runs.push({ reference: tidy(element.dataset.reference), bold });
    } else if (style.get("mso-spacerun") || style.get("mso-tab-count")) {
      this.#runs.push({ text: " ", bold });
    } else if (name === "ul" || name === "ol") {
      const level = state.level + 1;
      this.#within(this.#item, () => this.read(element, { ...inside, level, ordered: name === "ol" }));
    } else if (name === "li") {
      const said = Number(element.getAttribute("aria-level") ?? element.dataset.ariaLevel ?? 1);
      const level = Math.max(state.level, said || 1, 1);
      const item = { level, ordered: state.ordered, begun: false };
      this.#within(item, () => this.read(element, { ...inside, level }));
    } else if (BLOCKS.has(name)) this.#block(element, style, inside);
    else this.read(element, inside);
  }

  #block(element, style, state) {
    const item = wordItem(element, style) ?? this.#continued(element, style) ?? this.#item;
    this.#within(item, () => this.read(element, state));
  }

  // One more paragraph of the item before, as Word's list styles have it. Its indentation says of
  // which level, half an inch for each; the style alone is the first level.
  #continued(element, style) {
    this.#flush();
    const before = this.lines.at(-1);
    if (!before?.level || !/^MsoList(?:Paragraph|Continue)/u.test(element.className)) return null;
    const margin = Number.parseFloat(style.get("margin-left") ?? "36");
    const level = Math.max(1, Math.min(before.level, Math.round(margin / 36)));
    return { ...before, level, begun: true };
  }

  #refuse() {
    this.#flush();
    this.tables += 1;
  }
}

// Neighbouring texts of the same weight as one, with single spaces, and none at the ends.
const joined = (runs) => {
  const made = [];
  for (const run of runs) {
    const last = made.at(-1);
    if (run.text !== undefined && last?.text !== undefined && last.bold === run.bold) {
      last.text += run.text;
    } else made.push({ ...run });
  }
  for (const run of made) {
    if (run.text !== undefined) run.text = run.text.replace(/[ \t\r\n\f]+/gu, " ");
  }
  if (made.length && made[0].text !== undefined) made[0].text = made[0].text.trimStart();
  if (made.length && made.at(-1).text !== undefined) made.at(-1).text = made.at(-1).text.trimEnd();
  const kept = made.filter((run) => run.text !== "");
  return kept.some((run) => run.text === undefined || run.text.trim()) ? kept : [];
};

// Return {lines, tables, images}: the two last are how many were left out.
export const cleanLines = (html) => {
  const reader = new Reader();
  reader.read(new DOMParser().parseFromString(disarm(html), "text/html").body);
  return reader;
};
