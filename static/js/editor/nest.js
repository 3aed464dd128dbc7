// From a flat run of lines to nested lists. Word, plain text and HTML all come through here.
//
// A line is {level, ordered, first, runs}: `level` 0 is a paragraph, 1 an item of an outermost list;
// `first` begins an item, otherwise the line is one more paragraph of the item before. `runs` is a
// list of {text, bold}, {fact, bold} and {reference, bold}; null for an item that begins with a list.

const runElement = (page, run) => {
  let element;
  if (run.fact) {
    element = page.createElement("span");
    element.dataset.fact = run.fact;
  } else if (run.reference) {
    element = page.createElement("span");
    element.dataset.reference = run.reference;
  } else {
    element = page.createTextNode(run.text);
  }
  if (!run.bold) return element;
  const strong = page.createElement("strong");
  strong.append(element);
  return strong;
};

const paragraph = (page, runs) => {
  const element = page.createElement("p");
  element.append(...runs.map((run) => runElement(page, run)));
  return element;
};

// Return a <div> with paragraphs and lists, at most `deepest` of these inside each other.
export const nest = (lines, deepest) => {
  const page = document.implementation.createHTMLDocument("");
  const root = page.createElement("div");
  let open = []; // the lists we are inside: {element, level, ordered}
  for (const line of lines) {
    while (open.length && open.at(-1).level > line.level) open.pop();
    if (line.level === 0) open = [];
    if (line.level && line.first && deepest > 0) {
      const top = open.at(-1);
      if (top?.level === line.level && top.ordered !== line.ordered) open.pop();
      const isNew = !open.length || (open.at(-1).level < line.level && open.length < deepest);
      if (isNew) {
        const element = page.createElement(line.ordered ? "ol" : "ul");
        (open.at(-1)?.element.lastElementChild ?? root).append(element);
        open.push({ element, level: line.level, ordered: line.ordered });
      }
      open.at(-1).element.append(page.createElement("li"));
    }
    const place = open.at(-1)?.element.lastElementChild ?? root;
    if (line.runs) place.append(paragraph(page, line.runs));
  }
  return root;
};
