// The limits and marks of clause text. They are those of agreements/domain/markup.py.
export const MAX_DEPTH = 8;
export const MAX_NAME = 120;

export const FACT = `\\{\\{(?<fact>[^{}]{1,${MAX_NAME}})\\}\\}`;
export const REFERENCE = `\\[\\[ ?punkt ?:(?<clause>[^\\[\\]]{1,${MAX_NAME}})\\]\\]`;

// A name as it is kept: single spaces, none at the ends; empty where there is no name.
export const tidy = (name) => (name ?? "").trim().replace(/\s+/gu, " ");

export const isList = (node) => node.type.name === "bulletList" || node.type.name === "orderedList";

// How many lists lie inside each other, at the most.
export const listDepth = (node) => {
  let deepest = 0;
  node.forEach((child) => {
    deepest = Math.max(deepest, listDepth(child));
  });
  return deepest + (isList(node) ? 1 : 0);
};

// How many lists a place lies inside.
export const depthAt = ($position) => {
  let depth = 0;
  for (let level = $position.depth; level > 0; level -= 1) {
    if (isList($position.node(level))) depth += 1;
  }
  return depth;
};
