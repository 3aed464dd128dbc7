// What the editor takes from Tiptap and ProseMirror, which come as one file: the only place that
// knows where it lies.
export {
  Document,
  Editor,
  Extension,
  InputRule,
  Mark,
  Node,
  Paragraph,
  Text,
  UndoRedo,
  getChangedRanges,
  getSchema,
  combineTransactionSteps,
  markInputRule,
  pm,
  wrappingInputRule,
} from "../../vendor/prose-editor/editor.js";
