"""The tables of a case paper. Every amount is a cell of a finished table or of `financing.comparison`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil

from agreements.documents import grids
from agreements.documents.case_paper_words import PAPER_WORDS
from agreements.documents.word import content
from agreements.documents.word.content import Grid, GridRow
from agreements.domain import markup
from agreements.domain.case_paper import CasePaper, Said, View, own_row
from agreements.domain.checks import Position
from agreements.domain.document import Financing
from agreements.domain.wording import financing_notes
from financing.bands import bands
from financing.calculation import Status, Table
from financing.comparison import ComparedRow, Comparison, Difference
from financing.words import table_words
from municipalities import norwegian

ABREAST = 2  # alternatives beside each other, each with its difference from today
OWN_ABREAST = 4  # alternatives of one municipality
LONGEST = 400  # characters of an input that are told


def alternative(paper: CasePaper, place: int) -> str:
    """The name of an alternative, with what is chosen said."""
    name = markup.one_line(paper.tables[place].alternative)
    return (
        f"{name} ({PAPER_WORDS[paper.language]['chosen']})" if paper.chosen and not place else name
    )


def contributions(paper: CasePaper, place: int) -> Iterator[Grid]:
    """The contribution table of an alternative, in as many bands of years as it needs."""
    table, language = paper.tables[place], paper.language
    for band in bands(table, language):
        yield content.contributions(
            table, table_words(language), band, alternative(paper, place), paper.key
        )


def notes(paper: CasePaper) -> tuple[list[list[str]], list[str]]:
    """What is printed under each contribution table, and what is said once of them all."""
    listed = [_notes(paper, table) for table in paper.tables]
    common = [note for note in listed[0] if len(listed) > 1 and all(note in one for one in listed)]
    return [[note for note in one if note not in common] for one in listed], common


def _notes(paper: CasePaper, table: Table) -> tuple[str, ...]:
    basis = paper.basis
    return financing_notes(
        Financing(
            table=table,
            population_date=basis.population_date,
            excludes_vat=basis.excludes_vat,
            invoicing=basis.invoicing,
            population_source=basis.population_source,
        ),
        paper.language,
    )


def _groups(count: int, most: int) -> list[range]:
    """Parts as even as can be: five of at most two are two, two and one."""
    parts = ceil(count / most)
    cuts = [count * part // parts for part in range(parts + 1)]
    return [range(first, stop) for first, stop in pairwise(cuts)]


def beside(paper: CasePaper, compared: Comparison) -> Iterator[Grid]:
    """The first year of the alternatives beside what is paid today.

    With nothing known of today, the alternatives beside each other.
    """
    words, printed = PAPER_WORDS[paper.language], table_words(paper.language)
    with_today = compared.current_year is not None
    for group in _groups(len(paper.tables), ABREAST):
        head = [printed.contributor]
        if with_today:
            head.append(words["today"].format(year=compared.current_year))
        for place in group:
            head.append(f"{alternative(paper, place)}, {compared.year}")
            if with_today:
                head.append(words["change"])
        rows = [GridRow("head", tuple(head))]
        for row in compared.rows:
            cells = [_named(paper, row)]
            if with_today:
                cells.append(grids.money(row.current))
            for place in group:
                cells += _figures(row, place, with_today=with_today)
            rows.append(GridRow(_kind(row), tuple(cells)))
        caption = words["beside" if with_today else "beside_alone"]
        yield grids.numbers(rows, f"{caption}, {compared.year}", compact=len(head) > 4)


def _figures(row: ComparedRow, place: int, *, with_today: bool) -> list[str]:
    figures = row.figures[place]
    declined = figures.status is Status.DECLINED
    cells = [grids.NOTHING if declined else grids.money(figures.amounts[0])]
    if with_today:
        cells.append(_signed(figures.from_current[0]))
    return cells


def _kind(row: ComparedRow) -> str:
    if row.key == "total":
        return "total"
    return "sum" if row.is_sum else "own" if row.is_own else "row"


def _named(paper: CasePaper, row: ComparedRow) -> str:
    printed = table_words(paper.language)
    if row.is_sum:
        return markup.one_line(dict(printed.sums).get(row.key, row.name))
    status = printed.status(row.status) if row.status else ""
    return markup.one_line(f"{row.name} ({status})" if status else row.name)


def own_figures(paper: CasePaper) -> Iterator[Grid]:
    """What one municipality pays in each alternative, year by year, and against today."""
    words, printed = PAPER_WORDS[paper.language], table_words(paper.language)
    compared = paper.compared()
    own = compared.own if compared else None
    name = markup.one_line(paper.recipient.short_name if paper.recipient else "")
    for group in _groups(len(paper.tables), OWN_ABREAST) if paper.tables else ():
        listed = [(place, own_row(paper.tables[place], paper.key)) for place in group]
        rows = [GridRow("head", (words["year"], *(alternative(paper, p) for p in group)))]
        if paper.today:
            today = dict(paper.today.amounts).get(paper.key)
            label = words["today"].format(year=paper.today.year)
            rows.append(GridRow("row", (label, *[grids.money(today)] * len(listed))))
        for year in sorted({year for place in group for year in paper.tables[place].years}):
            amounts = []
            for place, row in listed:
                years = paper.tables[place].years
                shown = row is not None and year in years
                amounts.append(grids.money(row.cells[years.index(year)] if row and shown else None))
            rows.append(GridRow("own", (str(year), *amounts)))
        if own is not None and compared is not None:
            rows += _against(paper, own, compared, list(group))
        yield grids.numbers(rows, f"{name}: {printed.contributor}", compact=False)


def _against(
    paper: CasePaper, own: ComparedRow, compared: Comparison, group: list[int]
) -> Iterator[GridRow]:
    words = PAPER_WORDS[paper.language]
    if compared.current_year is not None:
        label = words["change_year"].format(year=compared.year)
        differences = [own.figures[place].from_current[0] for place in group]
        yield GridRow("row", (label, *map(_signed, differences)))
    each = [own.figures[place].per_inhabitant[0] for place in group]
    if any(amount is not None for amount in each):
        label = words["each_year"].format(year=compared.year)
        yield GridRow("row", (label, *map(grids.money, each)))


def answers(paper: CasePaper, views: Sequence[View]) -> Grid:
    """What each municipality has answered."""
    words = PAPER_WORDS[paper.language]
    prefers = any(view.preferred for view in views)
    head = [words["municipality"], words["answer"]]
    head += [words["prefers"]] if prefers else []
    rows = [GridRow("head", (*head, words["day"]))]
    for view in views:
        cells = [view.body.short_name, words[f"stance_{view.stance}"]]
        cells += [view.preferred or grids.NOTHING] if prefers else []
        rows.append(
            _words_row("own" if view.body.key == paper.key else "row", *cells, _day(paper, view))
        )
    return grids.worded(rows, words["views"], (42, *([36] if prefers else [])))


def resolutions(paper: CasePaper, views: Iterable[View]) -> Grid:
    """What each council has decided, of those that have."""
    words = PAPER_WORDS[paper.language]
    rows = [
        GridRow(
            "head",
            (words["municipality"], words["council"], words["case_and_day"], words["condition"]),
        )
    ]
    for view in views:
        if view.decided:
            said = view.decided
            day = norwegian.date_long(said.day, paper.language)
            rows.append(
                _words_row(
                    "row",
                    view.body.short_name,
                    words[f"outcome_{said.outcome}"],
                    f"{said.case_number}, {day}",
                    said.conditions or grids.NOTHING,
                )
            )
    return grids.worded(rows, words["resolutions"], (32, 28, 28))


_CONFIRMED = {
    Position.POSITIVE: "confirmed",
    Position.CONDITIONAL: "confirmed_conditional",
    Position.NEGATIVE: "refused",
    Position.UNDECIDED: "not_confirmed",
}


def confirmations(paper: CasePaper, others: Iterable[View]) -> Grid:
    """Whether county authorities and other parties have confirmed their part."""
    words = PAPER_WORDS[paper.language]
    rows = [GridRow("head", (words["body"], words["answer"], words["day"]))]
    rows += [
        _words_row("row", one.body.name, words[_CONFIRMED[one.stance]], _day(paper, one))
        for one in others
    ]
    return grids.worded(rows, words["others"], (72,))


def inputs(paper: CasePaper) -> Iterator[Grid]:
    """The trace from shared input to clause and version. Nothing where nobody has given any."""
    if not paper.inputs:
        return
    words = PAPER_WORDS[paper.language]
    rows = [GridRow("head", (words["from"], words["about"], words["asked"], words["became"]))]
    rows += [
        _words_row(
            "row",
            said.organisation,
            said.place or words["whole"],
            short(said.text) or (words["proposal"] if said.is_suggestion else grids.NOTHING),
            _outcome(paper, said),
        )
        for said in paper.inputs
    ]
    yield grids.worded(rows, words["inputs"], (26, 34, 58))


def _outcome(paper: CasePaper, said: Said) -> str:
    words = PAPER_WORDS[paper.language]
    parts = [words[said.outcome].format(revision=said.revision)]
    if said.reason:
        parts.append(short(said.reason))
    if said.version is not None:
        parts.append(words["in_version"].format(number=said.version))
    return " ".join(parts)


def short(text: str) -> str:
    """A text on one line, cut between two words where it is long."""
    line = markup.one_line(text)
    if len(line) <= LONGEST:
        return line
    cut = line[:LONGEST]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,.;:") + " …"


def _day(paper: CasePaper, view: View) -> str:
    if view.day is None:
        return grids.NOTHING
    day = norwegian.date_long(view.day, paper.language)
    return PAPER_WORDS[paper.language]["delegated"].format(day=day) if view.delegated else day


def _signed(found: Difference | None) -> str:
    return grids.signed(found.kroner if found else None)


def _words_row(kind: str, *cells: str) -> GridRow:
    return GridRow(kind, tuple(markup.one_line(cell) for cell in cells))
