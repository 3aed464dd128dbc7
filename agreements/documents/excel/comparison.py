"""The alternatives of a plan as a workbook: all of them beside each other, then each alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from agreements.documents.comparison import SideLine, lines_of_year, notes_of, report_title, stamp
from agreements.documents.excel.words import SHEETS
from agreements.documents.words import WORDS
from agreements.domain.document import Language
from financing.study import Study
from financing.words import table_words
from financing.xlsx import listing
from financing.xlsx.listing import Figure, Line, Listing, Value


def comparison_xlsx(study: Study, language: Language) -> bytes:
    """Return the workbook; ValueError where no alternative can be calculated."""
    if not study.alternatives:
        raise ValueError("there is nothing to compare")
    words, names = WORDS[language], SHEETS[language]
    lead = f"{study.name}, {study.region}."
    tables = [table for _, table in study.alternatives]
    heads = [names.year, table_words(language).contributor, "Status"]
    for place, table in enumerate(tables):
        heads.append(table.alternative)
        heads += [f"{words.difference}: {table.alternative}"] if place else []
    beside = Listing(
        names.side_by_side,
        f"{lead} {words.side_by_side}.",
        tuple(heads),
        tuple(_lines(study, language)),
        numbers_from=3,
        filtered=True,
    )
    alone = [
        listing.contributions(
            table, table.alternative, lead, notes_of(study, table, language), language.value
        )
        for table in tables
    ]
    return listing.workbook(
        [beside, *alone],
        report_title(study, language),
        language.value,
        stamp(study, language),
        words.page,
    )


def _lines(study: Study, language: Language) -> Iterator[Line]:
    confirmed = table_words(language).confirmed
    tables = [table for _, table in study.alternatives]
    for place, year in enumerate(study.years):
        for line in lines_of_year(tables, place, language, differing=True):
            status = line.status or ("" if line.code else confirmed)
            values: list[Value] = [Figure(year, listing.PLAIN), line.label, status]
            values += [
                listing.signed(amount) if is_difference else listing.money(amount)
                for amount, is_difference in line.cells
            ]
            yield Line(tuple(values), _kind(line))


def _kind(line: SideLine) -> str:
    if line.code == "total":
        return "total"
    return "row" if line.code in ("", "each") else "sum"
