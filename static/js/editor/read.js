// Plain text as the lines of nest.js: clause text, and what people paste that looks like it.
//
// The server reads clause text for good; this reads what is pasted, and what the browser has put back
// into the field after a step back. It reads all that write.js writes exactly as the server does.
import { FACT, REFERENCE, tidy } from "./grammar.js";

const MARK = new RegExp(
  `\\\\(?<escaped>[\\\\*{\\[\\-+.)])|${FACT}|${REFERENCE}|(?<stars>\\*+)`,
  "gu",
);
// Bullets of other programs too. A lone «o» is Word's second level, and has a tab after it.
const BULLET = /^(?:[-+*•·‣◦▪●○■□]|o(?=\t))([ \t]+)(?=\S)/u;
const NUMBER = /^([0-9]{1,9})[.)]([ \t]+)(?=\S)/u;
const isSpace = (character) => /\s/u.test(character);

// The inline marks of one paragraph, as runs.
export const readRuns = (content) => {
  const text = content.replace(/[ \t\n]+/g, " ").trim();
  let runs = [];
  let opened = null; // where in `runs` the pair of stars stands that may begin bold
  let position = 0;
  const add = (run) => runs.push({ bold: false, ...run });
  for (const match of text.matchAll(MARK)) {
    const { escaped, fact, clause, stars } = match.groups;
    add({ text: text.slice(position, match.index) });
    position = match.index + match[0].length;
    if (tidy(fact)) add({ fact: tidy(fact) });
    else if (tidy(clause)) add({ reference: tidy(clause) });
    else if (stars !== "**") add({ text: escaped ?? match[0] });
    else if (opened === null && position < text.length && !isSpace(text[position])) {
      opened = runs.length;
      add({ text: "**" });
    } else if (opened !== null && !isSpace(text[match.index - 1])) {
      const inside = runs.slice(opened + 1).map((run) => ({ ...run, bold: true }));
      runs = [...runs.slice(0, opened), ...inside];
      opened = null;
    } else add({ text: "**" });
  }
  add({ text: text.slice(position) });
  return runs.filter((run) => run.text !== "");
};

// The width of the white space at the start; a tab goes on to the next multiple of four.
const indentation = (line, from = 0) => {
  let width = from;
  let length = 0;
  while (line[length] === " " || line[length] === "\t") {
    width += line[length] === "\t" ? 4 - (width % 4) : 1;
    length += 1;
  }
  return { width, rest: line.slice(length) };
};

// `wrapped`: a single line break is a space, as in clause text; otherwise each line is a paragraph.
export const readLines = (text, wrapped) => {
  const lines = [];
  let columns = []; // where the text of each item we are inside begins
  let numbers = []; // the last number of the list at each level, 0 for bullets
  let isApart = true; // an empty line before this one
  let content = null; // the paragraph that goes on
  const finish = () => {
    if (content) content.line.runs = readRuns(content.text);
    content = null;
  };
  for (const raw of text.replace(/\r\n?/g, "\n").split("\n")) {
    if (!raw.trim()) {
      isApart = true;
      continue;
    }
    let { width, rest } = indentation(raw);
    const inside = columns.filter((column) => column <= width);
    let marker = takeMarker(rest, inside, numbers);
    if (!marker && !isApart && wrapped && content) {
      content.text += ` ${rest}`;
      continue;
    }
    finish();
    columns = inside;
    let last = null;
    while (marker) {
      const level = columns.length + 1;
      numbers = [...numbers.slice(0, level - 1), marker.number];
      last = { level, ordered: marker.number > 0, first: true, runs: null };
      lines.push(last);
      const begun = width + marker.sign;
      ({ width, rest } = indentation(rest.slice(marker.sign), begun));
      // Far to the right of its marker, as in text from a word processor, it is one step in.
      if (width > begun + 4) width = begun + 1;
      columns = [...columns, width];
      marker = takeMarker(rest, columns, numbers.slice(0, level));
    }
    if (!last) {
      if (!columns.length) numbers = [];
      last = { level: columns.length, first: false };
      lines.push(last);
    }
    content = { line: last, text: rest };
    isApart = false;
  }
  finish();
  return lines;
};

// The marker at the start, if it is one: a numbered list begins at 1 and goes on with the next number.
const takeMarker = (rest, columns, numbers) => {
  if (BULLET.test(rest)) return { number: 0, sign: 1 };
  const number = NUMBER.exec(rest)?.[1];
  if (!number) return null;
  const previous = numbers[columns.length] ?? 0;
  const goesOn = Number(number) === 1 || (previous > 0 && Number(number) === previous + 1);
  return goesOn ? { number: Number(number), sign: number.length + 1 } : null;
};
