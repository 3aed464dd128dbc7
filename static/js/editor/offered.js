// The facts and points that a text can fetch: as they are shown in chips, and in the pick lists.

const searchable = (...words) => words.join(" ").toLocaleLowerCase("nb");

export const factChips = (facts) =>
  new Map(
    facts.map(({ name, label, value, isBlock }) => [
      name,
      {
        text: value || label,
        title: value || isBlock ? label : `${label} (mangler ennå)`,
        isBlock,
        isMissing: !value && !isBlock,
      },
    ]),
  );

export const pointChips = (points) =>
  new Map(
    points.map(({ key, number, heading }) => [
      key,
      { text: `punkt ${number}`, more: heading, title: "Henvisning" },
    ]),
  );

export const factOptions = (facts) =>
  facts.map(({ name, label, value }) => ({
    key: name,
    text: label,
    more: value,
    search: searchable(label, name, value ?? ""),
  }));

export const pointOptions = (points) =>
  points.map(({ key, number, heading }) => ({
    key,
    text: `${number} ${heading}`,
    search: searchable(number, heading, key),
  }));
