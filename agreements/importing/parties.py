"""Reading who the agreement is between. Pure; the register is asked by the caller."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from agreements.domain.document import PartyRole
from agreements.importing.blocks import Block, Bullets, Paragraph
from agreements.importing.lines import Joined
from agreements.importing.result import ImportedParty

PARTIES_HEADING = re.compile(r"\b(?:avtale)?part(?:er|ene|ane|ar|s)?\b", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\bmellom\b:?\s*|\b(?:avtale)?part(?:ene|ane|er|ar)?(?: i avtal(?:en?|a))? er\b:?\s*"
    r"|\b(?:avtale)?part(?:er|ar|ene|ane):\s*",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{2})\.(?=\s+[A-ZÆØÅ]|\s*$)|:\s*$")
_SEPARATOR = re.compile(r"\s*,\s*(?:og|samt)\s+|\s*[,;]\s*|\s+(?:og|samt)\s+")
_BEHALF = re.compile(r"\bpå\s+vegner?\s+av\s+", re.IGNORECASE)
_ASIDE = re.compile(
    r"\s*(?:\(|\bpå\s+vegner?\s+av\b|\bheretter\b|\bi det følg\w+\b|\borg\.?\s?nr|\bkalt\b|\bkalla\b"
    r"|\brepresentert\b|\bv/).*",
    re.IGNORECASE | re.DOTALL,
)
_MUNICIPALITIES = re.compile(r"(?:kommunene|kommunane|kommune)\s+(?!i\b)", re.IGNORECASE)
_BODY = re.compile(
    r"kommune|\bnav\b|innovasjon|\bråd|rådet\b|\bas\b|\biks\b|etat|verk", re.IGNORECASE
)
# The official names with «og» in them: counties, former counties and municipalities.
_WITH_AND = (
    "Møre og Romsdal",
    "Evje og Hornnes",
    "Nore og Uvdal",
    "Sogn og Fjordane",
    "Vestfold og Telemark",
    "Troms og Finnmark",
)
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int  # in the paragraph
    end: int


@dataclass(frozen=True, slots=True)
class _Found:
    name: str
    behalf: tuple[str, ...]
    lines: tuple[int, ...]
    municipality: bool


def find(blocks: Sequence[Block]) -> tuple[ImportedParty, ...]:
    """Return the parties named after «mellom» or «partene er», or in the list right after it.

    At least two, else none: a text that names one body is about something else.
    """
    for index, block in enumerate(blocks):
        if not isinstance(block, Paragraph):
            continue
        match = _BETWEEN.search(block.text.text)
        if not match:
            continue
        found = _in_sentence(block.text, match.end())
        below = blocks[index + 1] if index + 1 < len(blocks) else None
        if not found and isinstance(below, Bullets):
            found = [party for item in below.items for party in _in_item(item.text)]
        if len(found) >= 2:
            return _with_roles(found)
    return ()


def in_list(blocks: Sequence[Block]) -> tuple[ImportedParty, ...]:
    """Return the parties of a point about parties that is only a list."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Bullets):
        return ()
    found = [party for item in first.items for party in _in_item(item.text)]
    return _with_roles(found) if len(found) >= 2 else ()


def _in_sentence(text: Joined, start: int) -> list[_Found]:
    stop = _SENTENCE_END.search(_masked(text.text), start)
    end = stop.start() if stop else len(text.text)
    found: list[_Found] = []
    open_behalf = False  # «på vegne av» without brackets: bare names after it belong to it
    plural = False  # «kommunene A, B og C»: each is a municipality
    for piece in _pieces(text.text, start, end):
        behalf = _BEHALF.match(piece.text)
        if behalf and found:
            found[-1] = replace(found[-1], behalf=_names(piece.text[behalf.end() :]))
            open_behalf = True
            continue
        bare = not _BODY.search(piece.text)
        if open_behalf and bare and found:
            found[-1] = replace(found[-1], behalf=(*found[-1].behalf, piece.text))
            continue
        party = _party(piece, text)
        if party is None:
            continue
        several = bool(re.match(r"kommun[ea]ne\s", piece.text, re.IGNORECASE))
        plural = several or (plural and bare)
        open_behalf = bool(party.behalf) and "(" not in piece.text
        found.append(replace(party, municipality=party.municipality or plural))
    return found


def _in_item(text: Joined) -> Iterable[_Found]:
    behalf = _BEHALF.search(text.text)
    party = _party(_Piece(text.text, 0, len(text.text)), text)
    if party is None:
        return []
    return [replace(party, behalf=_names(text.text[behalf.end() :]) if behalf else ())]


def _party(piece: _Piece, text: Joined) -> _Found | None:
    prefix = _MUNICIPALITIES.match(piece.text)
    offset = prefix.end() if prefix else 0
    name = _ASIDE.sub("", piece.text[offset:]).strip(" .,;:")
    name = re.sub(r"\s+(?:og|samt)$", "", name)
    if not name[:1].isupper() or len(name) > _LONGEST:
        return None
    behalf = _BEHALF.search(piece.text)
    start = piece.start + offset
    return _Found(
        name,
        _names(piece.text[behalf.end() :]) if behalf else (),
        text.lines(start, piece.end),
        bool(prefix) or bool(re.search(r"(?<!fylkes)kommune\b", name, re.IGNORECASE)),
    )


def _names(text: str) -> tuple[str, ...]:
    """Return the names in «kommunene A, B og C)». «kommunene i regionen» is one name."""
    text = re.split(r"[).]", text, maxsplit=1)[0].strip()
    prefix = _MUNICIPALITIES.match(text)
    return tuple(piece.text for piece in _pieces(text, prefix.end() if prefix else 0, len(text)))


def _pieces(text: str, start: int, end: int) -> list[_Piece]:
    """Divide a run of names at commas and «og» outside brackets and outside names with «og»."""
    masked = _masked(text[:end])
    pieces = []
    position = start
    for separator in [*_SEPARATOR.finditer(masked, start), None]:
        stop = separator.start() if separator else end
        part = text[position:stop]
        if part.strip():
            pieces.append(_Piece(part.strip(), position, stop))
        position = separator.end() if separator else end
    return pieces


def _masked(text: str) -> str:
    """Return text of the same length where brackets and names with «og» hold no separators."""
    text = re.sub(r"\([^()]*\)", lambda match: "_" * len(match.group()), text)
    for name in _WITH_AND:
        text = text.replace(name, name.replace(" ", "_"))
    return text


def _with_roles(found: Sequence[_Found]) -> tuple[ImportedParty, ...]:
    """Guess each part from the name. Of several municipalities the one that signs for others leads."""
    unique = list({party.name.casefold(): party for party in reversed(found)}.values())[::-1]
    towns = [party for party in unique if party.municipality]
    leading = next((party for party in towns if party.behalf), towns[0] if towns else None)
    counties = [party for party in unique if "fylkeskommune" in party.name.casefold()]

    def role(party: _Found) -> PartyRole:
        if party is leading:
            return PartyRole.CONTRACT_MUNICIPALITY
        return PartyRole.COUNTY_AUTHORITY if party in counties else PartyRole.PARTNER

    return tuple(ImportedParty(p.name, role(p), p.behalf, p.lines) for p in unique)
