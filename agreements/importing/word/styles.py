"""What a paragraph's style says: heading and level, title, contents, bold, numbering. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from agreements.importing.word.names import W, child, number, on, value

# What this program's own documents call what is made anew when an agreement is printed.
FRONT = "Avtale forside"
SIGNATURES = "Avtale underskrift"
ATTACHMENTS = "Avtale vedlegg"
TEXT = "Avtale tekst"  # a dash or a number typed in it is no list, and bold no heading
_HEADING = re.compile(r"(?:heading|overskrift|rubrik)\s*([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:toc|innh|innhold|innhald)\s*\d|toc heading|overskrift for innhold.*", re.IGNORECASE
)
_LONGEST_CHAIN = 12  # styles built on styles; a ring would have no end


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with what it has from those it is built on. `level` is 1 for the outermost."""

    name: str = ""
    level: int | None = None
    bold: bool = False
    title: bool = False
    contents: bool = False
    num_id: str | None = None
    num_level: int = 0


NO_STYLE = Style()


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by their keys."""

    paragraphs: dict[str, Style]
    bold_characters: frozenset[str]
    default: Style

    def of(self, properties: etree._Element | None) -> Style:
        """The style that a paragraph's properties name."""
        key = value(properties, "pStyle")
        return self.default if key is None else self.paragraphs.get(key, self.default)


def read(root: etree._Element | None) -> Styles:
    """Read styles.xml; none of it is needed."""
    nodes = [] if root is None else root.findall(W + "style")
    by_key = {node.get(W + "styleId", ""): node for node in nodes}
    paragraphs = {
        key: _style(key, by_key)
        for key, node in by_key.items()
        if node.get(W + "type", "paragraph") == "paragraph"
    }
    default = next(
        (
            paragraphs[key]
            for key, node in by_key.items()
            if key in paragraphs and node.get(W + "default") in ("1", "true", "on")
        ),
        NO_STYLE,
    )
    bold = frozenset(
        key
        for key, node in by_key.items()
        if node.get(W + "type") == "character" and on(child(node, "rPr"), "b")
    )
    return Styles(paragraphs, bold, default)


def outline(properties: etree._Element | None) -> int | None:
    """The level that paragraph properties give, from 1; 9 in the file means running text."""
    level = value(properties, "outlineLvl")
    found = number(level, 9)
    return found + 1 if level is not None and found < 9 else None


def _style(key: str, by_key: dict[str, etree._Element]) -> Style:
    chain: list[etree._Element] = []
    while key in by_key and len(chain) < _LONGEST_CHAIN and by_key[key] not in chain:
        chain.append(by_key[key])
        key = value(by_key[key], "basedOn") or ""
    names = [" ".join((value(node, "name") or "").split()) for node in chain]
    level = bold = num_id = None
    num_level = 0
    for node, name in zip(chain, names, strict=True):
        properties = child(node, "pPr")
        heading = _HEADING.fullmatch(name)
        if level is None:
            level = outline(properties) or (int(heading[1]) if heading else None)
        if bold is None:
            bold = on(child(node, "rPr"), "b")
        numbered = child(properties, "numPr")
        if num_id is None and numbered is not None:
            num_id = value(numbered, "numId")
            num_level = number(value(numbered, "ilvl"), 0, 8)
    name = names[0]
    return Style(
        name,
        level,
        bool(bold),
        name.casefold() in ("title", "tittel"),
        _CONTENTS.fullmatch(name) is not None,
        num_id,
        num_level,
    )
