"""A difference as the page shows it: texts with their facts filled in, and only what is to be seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from agreements.domain import diff, diff_summary, diff_text, diff_words, facts, markup, numbering
from agreements.domain.diff import Difference, PartyTerm, Term
from agreements.domain.diff_clauses import ClauseChange
from agreements.domain.diff_money import LineChange, TableChange
from agreements.domain.diff_text import Change, Line, Run
from agreements.domain.document import (
    Choice,
    Clause,
    Document,
    Language,
    PartyRole,
    ServiceChoice,
    ServiceLevel,
)
from financing.calculation import Row, Status
from financing.words import table_words, terms
from municipalities import norwegian

NB = Language.BOKMAL
CONTEXT = 1  # unchanged paragraphs shown on either side of a change
TERMS = {
    Term.TITLE: "Tittel",
    Term.REGION: "Region",
    Term.COUNTY: "Fylke",
    Term.START: "Gjelder fra",
    Term.END: "Gjelder til og med",
    Term.LANGUAGE: "Målform",
    Term.TEMPLATE: "Mal",
    Term.ALTERNATIVE: "Alternativ",
    Term.YEARS: "År i bidragstabellen",
    Term.ROUNDING: "Avrunding",
    Term.INDEX: "Indeksregulering",
    Term.INVOICING: "Hvem fakturerer hvem",
    Term.VAT: "Merverdiavgift",
    Term.POPULATION_DATE: "Dato for innbyggertall",
    Term.POPULATION_SOURCE: "Kilde til innbyggertall",
}
PARTY_TERMS = {
    PartyTerm.NAME: "Navn",
    PartyTerm.ROLE: "Rolle",
    PartyTerm.ON_BEHALF_OF: "Signerer på vegne av",
    PartyTerm.SIGNATORY_NAME: "Den som signerer",
    PartyTerm.SIGNATORY_TITLE: "Tittel",
    PartyTerm.MANDATE: "Fullmakt",
}
LEVELS = {
    ServiceLevel.QUALITY: "Kvalitetskrav",
    ServiceLevel.MINIMUM: "Minimumstjenester",
    ServiceLevel.ADDITIONAL: "Tilleggstjenester",
}
CHOICES = {Choice.IN: "med", Choice.OUT: "ikke med", Choice.BOUGHT: "kjøpt i tillegg"}
ATTACHMENTS = {
    Change.ADDED: ("nytt", "success"),
    Change.DELETED: ("tatt ut", "danger"),
    None: ("endret", "info"),
}
FACTS = {fact.name: fact.label_nb for fact in facts.names()}


@dataclass(frozen=True)
class Piece:
    """Text of one kind in a run. A `fact` stands for something the program writes there."""

    text: str
    bold: bool = False
    fact: bool = False


@dataclass(frozen=True)
class Shown:
    """A run to print, after its space."""

    change: str
    space: str
    pieces: tuple[Piece, ...]


class _Reader:
    """Fills in facts and numbers: in what was deleted those of the older agreement."""

    def __init__(self, before: Document, after: Document) -> None:
        self._values = {side: facts.values(side_of) for side, side_of in _sides(before, after)}
        self._numbers = {
            side: numbering.numbers(side_of.clauses) for side, side_of in _sides(before, after)
        }

    def runs(self, runs: Iterable[Run]) -> list[Shown]:
        """Runs as they are printed."""
        shown = []
        for run in runs:
            pieces = [self._piece(part, run.change is Change.DELETED) for part in run.parts]
            first = pieces[0].text if pieces else ""
            space = " " if first.startswith(" ") else ""
            if space:
                pieces[0] = Piece(first.removeprefix(" "), pieces[0].bold)
            shown.append(Shown(run.change.value, space, tuple(p for p in pieces if p.text)))
        return shown

    def _piece(self, part: markup.Inline, old: bool) -> Piece:
        match part:
            case markup.Text(text, bold):
                return Piece(text, bold)
            case markup.FactRef(name, bold):
                value = self._values[old].get(name)
                return Piece(value or f"[{FACTS.get(name, name)}]", bold, fact=True)
            case markup.ClauseRef(key, bold):
                return Piece(f"punkt {self._numbers[old].get(key, f'[{key}]')}", bold, fact=True)

    def line(self, line: Line) -> dict[str, Any]:
        """A paragraph or a list item."""
        reshaped = None not in (line.before, line.after) and line.before != line.after
        return {
            "marker": bool(line.shape.marker),
            "depth": min(line.shape.depth, 4),
            "runs": self.runs(line.runs),
            "reshaped": reshaped,
        }

    def blocks(self, lines: Sequence[Line], *, fold: bool) -> list[dict[str, Any]]:
        """Lines in groups: paragraphs and lists, long unchanged passages apart where `fold`."""
        near = {
            place + step
            for place, line in enumerate(lines)
            if line.change is not Change.KEPT
            for step in range(-CONTEXT, CONTEXT + 1)
        }
        hidden = [fold and place not in near for place in range(len(lines))]
        blocks = []
        for folded, group in groupby(zip(hidden, lines, strict=True), lambda pair: pair[0]):
            passage = [line for _, line in group]
            folded = folded and len(passage) > 1
            parts = [
                {"is_list": is_list, "lines": [self.line(line) for line in part]}
                for is_list, part in groupby(passage, lambda line: line.shape.depth > 0)
            ]
            blocks.append({"folded": folded, "count": len(passage), "parts": parts})
        return blocks


class Wordings:
    """Shows two wordings of a clause against each other as they are printed in an agreement.

    `before` and `after` are the agreement with and without what is proposed: facts and numbers in what
    falls away are those of the first.
    """

    def __init__(self, before: Document, after: Document) -> None:
        self._reader = _Reader(before, after)

    def between(self, one: Clause | None, other: Clause | None) -> dict[str, Any]:
        """Text of `one` as it becomes `other`, None where there is no clause; the heading where both
        have one and it is another.
        """
        old, new = one or Clause("", ""), other or Clause("", "")
        heading = diff_text.compare_inline(old.heading, new.heading)
        differs = one and other and old.heading != new.heading
        return {
            "heading": self._reader.runs(heading) if differs else [],
            "blocks": self._reader.blocks(
                diff_text.compare(old.text, new.text), fold=bool(one and other)
            ),
        }


def _sides(before: Document, after: Document) -> tuple[tuple[bool, Document], ...]:
    """Each document, by whether it is the older."""
    return ((True, before), (False, after))


def parts(found: Difference, before: Document, after: Document, own: str) -> dict[str, Any]:
    """Everything the page shows under the summary. `own` is the key of the reader's organisation."""
    reader = _Reader(before, after)
    return {
        "clauses": _clauses(found.clauses, reader),
        "clause_count": sum(clause.differs for clause in found.clauses),
        "money": _money(found, own) if found.table.differs else None,
        "parties": [_party(party) for party in found.parties if party.differs],
        "services": _services(found, reader),
        "attachments": [
            (one.attachment.title, ATTACHMENTS[one.change]) for one in found.attachments
        ],
        "terms": [
            (TERMS[change.term], _term_value(change.before), _term_value(change.after))
            for change in found.terms
        ],
    }


def _term_value(value: diff.Value | None) -> str:
    return "" if value is None else diff_words.value(value, NB)


def _clauses(clauses: Iterable[ClauseChange], reader: _Reader) -> list[dict[str, Any]]:
    """Changed clauses one by one, unchanged ones in passages."""
    groups = []
    for differs, passage in groupby(clauses, lambda clause: clause.differs):
        listed = [
            {
                "clause": clause,
                "heading": reader.runs(clause.heading),
                "tags": _tags(clause),
                "blocks": reader.blocks(
                    clause.lines, fold=clause.change in (None, Change.KEPT) and differs
                ),
                "source": reader.runs(clause.source)
                if any(run.change is not Change.KEPT for run in clause.source)
                else [],
            }
            for clause in passage
        ]
        groups.append({"differs": differs, "clauses": listed})
    return groups


def _tags(clause: ClauseChange) -> list[tuple[str, str]]:
    if clause.change is Change.ADDED:
        return [("nytt", "success")]
    if clause.change is Change.DELETED:
        return [("tatt ut", "danger")]
    tags = [("endret", "info")] if clause.change is None else []
    if clause.moved:
        tags.append((f"flyttet fra {clause.before_number}", "warning"))
    elif clause.renumbered:
        tags.append((f"var punkt {clause.before_number}", "neutral"))
    return tags


def _services(found: Difference, reader: _Reader) -> list[dict[str, Any]]:
    groups = []
    for level, heading in LEVELS.items():
        changed = [item for item in found.services if item.level is level and item.differs]
        if changed:
            items = [
                {
                    "text": reader.runs(item.text),
                    "tags": _service_tags(item),
                    "choices": [
                        (own.name, _choice(own.before), _choice(own.after)) for own in item.choices
                    ],
                }
                for item in changed
            ]
            groups.append({"heading": heading, "services": items})
    return groups


def _choice(own: ServiceChoice | None) -> str:
    """«med», «ikke med», «kjøpt i tillegg for 50 000,00 kroner i året»."""
    if own is None:
        return CHOICES[Choice.IN]
    price = "" if own.price is None else f" for {norwegian.money(own.price)} kroner i året"
    return CHOICES[own.choice] + price


def _service_tags(service: diff.ServiceChange) -> list[tuple[str, str]]:
    if service.change is Change.ADDED:
        return [("ny", "success")]
    if service.change is Change.DELETED:
        return [("tatt ut", "danger")]
    tags = [("endret", "info")] if service.edited else []
    if service.before and service.before is not service.after:
        tags.append((f"før blant {LEVELS[service.before].lower()}", "warning"))
    if service.moved:
        tags.append(("annen plass i listen", "neutral"))
    return tags


def _party(party: diff.PartyChange) -> dict[str, Any]:
    tags = {Change.ADDED: ("ny part", "success"), Change.DELETED: ("ikke lenger part", "danger")}
    found = [tags[party.change]] if party.change in tags else []
    if party.moved:
        found.append(("annen plass i listen", "neutral"))
    return {
        "name": party.party.body.name,
        "tags": found,
        "terms": [
            (PARTY_TERMS[term.term], _party_value(term.before), _party_value(term.after))
            for term in party.terms
        ],
    }


def _party_value(value: str | PartyRole | tuple[str, ...]) -> str:
    if isinstance(value, PartyRole):
        return diff_words.ROLES[value]
    return value if isinstance(value, str) else norwegian.join(value)


def _money(found: Difference, own: str) -> dict[str, Any]:
    table = found.table
    rows = [line for line in table.lines if isinstance(line.line, Row)]
    return {
        "years": [
            {"year": after or before, "before": before, "after": after}
            for before, after in table.years
        ],
        # Two agreements without a year in common.
        "one_pair": any(None not in pair and pair[0] != pair[1] for pair in table.years),
        "lines": [_line(line, own) for line in table.changed],
        "unchanged": [
            line.line.name
            for line in rows
            if line not in table.changed and isinstance(line.line, Row)
        ],
        "own": _own(table, own),
        "bases": _bases(rows, own),
        "rules": [list(terms(side, NB)) if side else [] for side in (table.before, table.after)]
        if table.before and table.after and table.before.terms != table.after.terms
        else None,
    }


def _line(line: LineChange, own: str) -> dict[str, Any]:
    is_row = isinstance(line.line, Row)
    note = ""
    if is_row and line.paid and not line.pays:
        note = "ikke lenger bidragsyter"
    elif is_row and line.pays and not line.paid:
        note = "ny bidragsyter"
    elif is_row and _status(line.before) != _status(line.after):
        note = f"nå {_status(line.after)}"
    name = line.line.name if isinstance(line.line, Row) else line.line.label
    cells = [(cell.before, cell.after, cell.difference) for cell in line.cells]
    return {
        "name": name,
        "note": note,
        "cells": cells,
        "is_sum": not is_row,
        "is_own": bool(own) and is_row and line.key == own,
    }


def _status(line: object) -> str:
    if not isinstance(line, Row):
        return ""
    return table_words(NB).status(Status(line.status)) or "bekreftet"


def _own(table: TableChange, own: str) -> dict[str, Any] | None:
    """The reader's own amounts, in the first year that both have, else the first of the newer one."""
    line = next((line for line in table.lines if line.key == own), None)
    if line is None:
        return None
    best = min(
        range(len(table.years)),
        key=lambda place: (None in table.years[place], table.years[place][1] is None),
    )
    before, after = table.years[best]
    return {
        "name": diff_summary.full_name(line),
        "cell": line.cells[best],
        "before": before,
        "after": after,
    }


def _bases(rows: Iterable[LineChange], own: str) -> dict[str, Any]:
    """What amounts are calculated from: the columns and the contributors in which it is another."""
    both = [
        (line, line.before, line.after)
        for line in rows
        if isinstance(line.before, Row) and isinstance(line.after, Row)
    ]
    texts = {
        "Kroner per innbygger": lambda row: "" if row.rate is None else norwegian.rate(row.rate),
        "Innbyggere": lambda row: (
            "" if row.population is None else norwegian.integer(row.population)
        ),
        "Grunnbeløp": lambda row: (
            "" if row.base_amount is None else norwegian.money(row.base_amount)
        ),
        "Bidraget": _status,
    }
    columns = [
        heading
        for heading, text in texts.items()
        if any(text(before) != text(after) for _, before, after in both)
    ]
    lines = []
    for line, before, after in both:
        pairs = [(texts[heading](before), texts[heading](after)) for heading in columns]
        if any(old != new for old, new in pairs):
            own_line = bool(own) and line.key == own
            lines.append({"name": after.name, "pairs": pairs, "is_own": own_line})
    return {"columns": columns, "lines": lines}
