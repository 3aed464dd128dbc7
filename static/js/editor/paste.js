// What goes in and out through the clipboard, and keys that come fast, as properties of the
// ProseMirror view.
import { cleanLines, disarm } from "./clean.js";
import { MAX_DEPTH, depthAt, isList } from "./grammar.js";
import { nest } from "./nest.js";
import { readLines } from "./read.js";
import { pm } from "./tiptap.js";
import { write } from "./write.js";

const { DOMParser, Slice } = pm.model;

const room = (view) => MAX_DEPTH - depthAt(view.state.selection.$from);

// Lines as the content of a document; the text in them is kept as it is.
export const fragment = (schema, lines, deepest = MAX_DEPTH) =>
  DOMParser.fromSchema(schema).parseSlice(nest(lines, deepest), { preserveWhitespace: "full" })
    .content;

// In a text with empty lines these part the paragraphs, and a single break is where a line was full.
const isWrapped = (text) => /\S[^\S\n]*\n[^\S\n]*\n\s*\S/u.test(text.replace(/\r\n?/gu, "\n"));

// What is marked within one item or paragraph goes out without the marker of its list.
const within = ({ content, openStart, openEnd }) => {
  let inner = content;
  let open = Math.min(openStart, openEnd);
  while (open > 0 && inner.childCount === 1 && !inner.firstChild.isTextblock) {
    if (isList(inner.firstChild) && inner.firstChild.childCount > 1) break;
    inner = inner.firstChild.content;
    open -= 1;
  }
  return inner;
};

export const clipboard = ({ isBlockFact, tell, clear }) => ({
  transformPastedHTML(html, view) {
    const isOurs = /\sdata-pm-slice=/u.test(html) && !/<(?:table|img)\b/iu.test(html);
    if (isOurs) return disarm(html);
    const { lines, tables, images } = cleanLines(html);
    if (tables || images) tell(tables ? "table" : "image");
    return nest(lines, room(view)).innerHTML;
  },
  clipboardTextParser: (text, _context, _plain, view) =>
    Slice.maxOpen(fragment(view.state.schema, readLines(text, isWrapped(text)), room(view))),
  clipboardTextSerializer: (slice) => write(within(slice), isBlockFact),
  handleDOMEvents: {
    // The browser tells of a moved cursor a little later. A key that comes before that would be left
    // to the browser, which joins paragraphs with styles that the content security policy reports.
    keydown: (view) => {
      view.dom.ownerDocument.dispatchEvent(new Event("selectionchange"));
      return false;
    },
    paste: () => {
      clear(); // what was said of the paste before this
      return false;
    },
  },
  handlePaste(_view, event, slice) {
    const kinds = [...(event.clipboardData?.types ?? [])];
    const isFile = kinds.includes("Files") && !kinds.some((kind) => kind.startsWith("text/"));
    if (isFile) tell("image");
    return isFile || !slice.size; // where nothing comes in, what is marked stays
  },
});
