"""The alternatives of a plan on paper: side by side for each year, then each with its own table.

Made from a frozen Study, so that a plan without an agreement has it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import ceil
from typing import Any

from django.template.loader import render_to_string

from agreements.documents import grids, renderer
from agreements.documents.agreement import set_type, shorten
from agreements.documents.chapters import Chapter, Note, Report
from agreements.documents.issue import Issue, Kind
from agreements.documents.word import content
from agreements.documents.word.content import Grid, GridRow
from agreements.documents.word.report import report_docx
from agreements.documents.words import WORDS
from agreements.domain import markup
from agreements.domain.document import Financing, Language
from agreements.domain.wording import financing_notes
from financing.bands import WHOLE_LINES, bands
from financing.calculation import Row, Table
from financing.export import study_sha256 as sha256
from financing.figures import municipal_sum, per_inhabitant, printed_rows
from financing.study import Study
from financing.words import table_words

ABREAST = 5  # columns of amounts that a page has room for beside the names


@dataclass(frozen=True, slots=True)
class SideLine:
    """A contributor's or a sum's kroner of one year in each alternative that stands on the page.

    An amount is None for one that has declined. `differences` are those to the plan's first
    alternative, and empty where there is no room for them.
    """

    label: str
    status: str
    code: str  # of a sum; empty for a contributor
    amounts: tuple[Decimal | None, ...]
    differences: tuple[Decimal | None, ...]

    @property
    def cells(self) -> list[tuple[Decimal | None, bool]]:
        """The amounts, each followed by its difference, which is True."""
        found: list[tuple[Decimal | None, bool]] = []
        for place, amount in enumerate(self.amounts):
            found.append((amount, False))
            if self.differences and place:
                found.append((self.differences[place], True))
        return found


@dataclass(frozen=True, slots=True)
class SideTable:
    """Some alternatives side by side in one year."""

    year: int
    names: tuple[str, ...]
    with_differences: bool
    lines: tuple[SideLine, ...]
    whole: bool  # low enough to be kept on one page


def side_by_side(study: Study, language: Language) -> tuple[SideTable, ...]:
    """Return a table for each year, in parts where the alternatives are more than a page has room for."""
    tables = [table for _, table in study.alternatives]
    columns = 2 * len(tables) - 1
    differing = 1 < columns <= ABREAST
    parts = ceil(len(tables) / ABREAST)  # as even as can be: seven are four and three
    cuts = [len(tables) * part // parts for part in range(parts + 1)]
    groups = [tables[first:stop] for first, stop in pairwise(cuts)]
    return tuple(
        SideTable(
            year,
            tuple(table.alternative for table in group),
            differing,
            lines := lines_of_year(group, place, language, differing=differing),
            len(lines) <= WHOLE_LINES,
        )
        for place, year in enumerate(study.years)
        for group in groups
    )


def lines_of_year(
    tables: list[Table], year: int, language: Language, *, differing: bool
) -> tuple[SideLine, ...]:
    """The lines of the first table, which has the same contributors as the others.

    `year` is the place of the year. With `differing` they have the differences to the first.
    """
    words = table_words(language)
    by_code = [
        {_code(line): line for line in (*printed_rows(table), municipal_sum(table))}
        for table in tables
    ]
    printed = list(printed_rows(tables[0]))
    printed.insert(printed.index(tables[0].total), municipal_sum(tables[0]))
    lines = []
    for line in printed:
        declined = isinstance(line, Row) and line.status == "declined"
        found = [cells.get(_code(line)) for cells in by_code]
        amounts = tuple(None if declined or one is None else one.cells[year] for one in found)
        lines.append(
            SideLine(
                label=line.name if isinstance(line, Row) else words.label(line),
                status=words.status(line.status) if isinstance(line, Row) else "",
                code="" if isinstance(line, Row) else line.code,
                amounts=amounts,
                differences=_less_first(amounts) if differing else (),
            )
        )
    shares = tuple(_of_each(table, year) for table in tables)
    if any(share is not None for share in shares):
        less = _less_first(shares) if differing else ()
        lines.append(SideLine(WORDS[language].all_per_inhabitant, "", "each", shares, less))
    return tuple(lines)


def _code(line: Any) -> str:
    return line.key if isinstance(line, Row) else f"sum {line.code}"


def _of_each(table: Table, year: int) -> Decimal | None:
    total = per_inhabitant(table).total
    return None if total is None else total[year]


def _less_first(amounts: tuple[Decimal | None, ...]) -> tuple[Decimal | None, ...]:
    first = amounts[0]
    return tuple(None if a is None or first is None else a - first for a in amounts)


def report_title(study: Study, language: Language) -> str:
    """The title of the file."""
    return f"{WORDS[language].comparison}: {study.name}"


def _issue(study: Study) -> Issue:
    return Issue(Kind.DRAFT, None, sha256(study))


def stamp(study: Study, language: Language) -> str:
    """What the foot of every page says: that it is a draft, and the hash of all that it says."""
    return _issue(study).stamp(language)


def notes_of(study: Study, table: Table, language: Language) -> tuple[str, ...]:
    """What is said under the table of an alternative."""
    return financing_notes(_financing(study, table), language)


def comparison_html(study: Study, language: Language = Language.BOKMAL) -> str:
    """Return the page that is rendered; ValueError where no alternative can be calculated."""
    if not study.alternatives:
        raise ValueError("there is nothing to compare")
    words = WORDS[language]
    issue, title = _issue(study), report_title(study, language)
    alternatives = [
        {
            "table": table,
            "bands": bands(table, language, bars=True),
            "notes": notes_of(study, table, language),
        }
        for _, table in study.alternatives
    ]
    filled = {
        "document": {"title": title, "language": language},
        "study": study,
        "words": words,
        "table_words": table_words(language),
        "sides": side_by_side(study, language),
        "alternatives": alternatives,
        "issue": issue,
        "state": issue.state(language),
        "stamp": issue.stamp(language),
        "running_title": shorten(title),
    }
    return set_type(render_to_string("agreements/document/comparison.html", filled))


def _financing(study: Study, table: Table) -> Financing:
    return Financing(
        table=table,
        population_date=study.population_date,
        excludes_vat=study.excludes_vat,
        invoicing=study.invoicing,
        population_source=study.population_source,
    )


def comparison_pdf(study: Study, language: Language = Language.BOKMAL) -> bytes:
    """Render the comparison as a draft. ValueError as above, PdfError where it cannot be done."""
    return renderer.pdf(comparison_html(study, language))


def comparison_report(study: Study, language: Language = Language.BOKMAL) -> Report:
    """What its Word document is made of. ValueError as above."""
    if not study.alternatives:
        raise ValueError("there is nothing to compare")
    words, printed = WORDS[language], table_words(language)
    chapters = [Chapter("side", words.side_by_side, 1, ())]
    chapters += [
        Chapter(f"side-{number}", str(side.year), 2, (_grid(side, language),))
        for number, side in enumerate(side_by_side(study, language), start=1)
    ]
    for number, (_, table) in enumerate(study.alternatives, start=1):
        made = (
            content.contributions(table, printed, band, table.alternative)
            for band in bands(table, language.value)
        )
        notes = map(Note, notes_of(study, table, language))
        heading = markup.one_line(table.alternative)
        chapters.append(Chapter(f"alternativ-{number}", heading, 1, (*made, *notes)))
    return Report(
        title=report_title(study, language),
        language=language,
        stamp=stamp(study, language),
        eyebrow=_issue(study).state(language),
        heading=words.comparison,
        facts=(("", f"{study.name}, {study.region}."),),
        chapters=tuple(chapters),
    )


def _grid(side: SideTable, language: Language) -> Grid:
    words = WORDS[language]
    head = [table_words(language).contributor]
    for place, name in enumerate(side.names):
        head.append(markup.one_line(name))
        head += [words.difference] if side.with_differences and place else []
    rows = [GridRow("head", tuple(head))]
    for line in side.lines:
        label = f"{line.label} ({line.status})" if line.status else line.label
        cells = (
            grids.signed(amount) if is_difference else grids.money(amount)
            for amount, is_difference in line.cells
        )
        kind = "total" if line.code == "total" else "row" if line.code in ("", "each") else "sum"
        rows.append(GridRow(kind, (markup.one_line(label), *cells)))
    caption = f"{words.side_by_side}, {side.year}"
    return grids.numbers(rows, caption, compact=len(head) > 5)


def comparison_docx(study: Study, language: Language = Language.BOKMAL) -> bytes:
    """Return the comparison as a Word document. ValueError as above."""
    return report_docx(comparison_report(study, language))
