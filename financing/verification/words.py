"""The words of printed tables: which column and which row is what. Pure."""

from __future__ import annotations

import re
from enum import StrEnum

from financing.verification.numbers import clean
from financing.verification.table import RowKind


class Role(StrEnum):
    """What a column holds."""

    NAME = "name"
    POPULATION = "population"
    RATE = "rate"
    YEAR = "year"  # amounts of the year in the heading
    AMOUNT = "amount"  # amounts without a year
    OTHER = "other"  # read by nobody


_RATE = re.compile(
    r"sats|pris|\brate\b|(?:kr|kroner|nok|beløp|bidrag)\W*(?:per|pr|/)\W*(?:innb|inhab)|per capita",
    re.IGNORECASE,
)
_POPULATION = re.compile(r"innb|folketall|befolkning|inhabitants|population", re.IGNORECASE)
_AMOUNT = re.compile(
    r"bidrag|beløp|\bsum\b|tilskudd|kostnad|totalt?\b|amount|contribution|\bkr\b|kroner|årlig|\bår \d",
    re.IGNORECASE,
)
_WHOLE_RATE = re.compile(rf"(?:{_RATE.pattern})\w*(?:\W+(?:per|pr)\W+innb\w*)?", re.IGNORECASE)
_HEADING_RATE = re.compile(r"\b(?:sats|st[ky]?k?\.?pris|pris|rate)\b", re.IGNORECASE)
_SUM_YEAR = re.compile(r"\bsum\s+år\b", re.IGNORECASE)
_NAME = re.compile(
    r"kommune(?!n(?:umme)?r)|\bnavn|bidragsyter|\bpart\b|deltaker|\brow\b|\bname\b|contributor"
    r"|municipality|fylkeskommune",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{1,2}\.\s?\d{1,2}\.\s?(?:\d{4}|\d{2})\b|\b\d{4}-\d\d-\d\d\b|\bq[1-4]\W{0,2}\d{2,4}"
    r"|\b(?:per|pr)\b\.?\s+\d{4}|\d{4}[kq]\d\b"
    r"|\b(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)"
    r"\s+\d{4}|[1-4]\.\s?(?:kvartal|kv\.?)\s+\d{4}",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.,])(?:19[5-9]\d|20\d\d)(?![\d]|[.,]\d)")


def years_in(heading: str) -> list[int]:
    """Return the years that a heading names; a date of counting («1.1.2025») is no year."""
    return [int(year) for year in _YEAR.findall(_DATE.sub(" ", heading))]


def is_year(text: str) -> bool:
    """Whether the whole text is a year, as in a heading."""
    return _YEAR.fullmatch(text) is not None


def role_of(heading: str) -> Role | None:
    """Return what a column holds by its heading; None where the heading does not say."""
    years = years_in(heading)
    if _RATE.search(heading):
        return Role.RATE
    if _POPULATION.search(heading):
        return Role.POPULATION
    if len(years) == 1:
        return Role.YEAR
    if years:  # «2026–2028»: the sum of the years, which is none of them
        return Role.OTHER
    if _NAME.search(heading):
        return Role.NAME
    return Role.AMOUNT if _AMOUNT.search(heading) else None


def is_heading(line: str) -> bool:
    """Whether a line of text is part of a table's heading: names what columns hold, no amounts."""
    if len(line) > 120 or re.search(r"\d", _YEAR.sub("", _DATE.sub("", line))):
        return False
    return bool(_POPULATION.search(line) or _HEADING_RATE.search(line) or _SUM_YEAR.search(line))


def stands_over_amounts(line: str) -> bool:
    """Whether a heading line names a rate or years, and not only a word a sentence can have."""
    return len(line) < 80 and bool(
        _HEADING_RATE.search(line)
        or _SUM_YEAR.search(line)
        or (_POPULATION.search(line) and (years_in(line) or _AMOUNT.search(line)))
    )


def leading_columns(heading: str) -> tuple[bool, bool, bool]:
    """Return whether a heading in one piece names inhabitants, a rate, and the rate first."""
    rate = _WHOLE_RATE.search(heading)
    population = _POPULATION.search(_WHOLE_RATE.sub(lambda match: " " * len(match[0]), heading))
    first = bool(rate and population and rate.start() < population.start())
    return population is not None, rate is not None, first


_SUM = re.compile(
    r"\b(?:del)?sum(?:men|me|mer)?\b|\btotal(?:t|en|sum(?:men)?)?\b|\bsamlet\b|\bi alt\b"
    r"|\btil ?sammen\b|\bsluttsum\b",
    re.IGNORECASE,
)
# Words that say no more of a sum than that it is one; beside them whatever begins with «total».
_PLAIN_SUM = frozenset(
    (
        *("sum", "summen", "summe", "summer", "samlet", "i", "alt", "til", "sammen", "tilsammen"),
        *("sluttsum", "alle", "bidrag", "kr", "av", "og", "per", "pr", "år", "årlig"),
    )
)
_WORD = re.compile(r"\w+")
_COUNTY_WORD = re.compile(r"fylkeskommun|\bfylke\b|\bfk\.?(?:\W|$)|\bcounty\b", re.IGNORECASE)
# Tables name a county authority by the county alone. Oslo is both, and counts as a municipality.
_COUNTIES = frozenset(
    (
        *("agder", "akershus", "buskerud", "finnmark", "innlandet", "møre og romsdal", "nordland"),
        *("rogaland", "telemark", "troms", "trøndelag", "vestfold", "vestland", "østfold"),
        *("viken", "vestfold og telemark", "troms og finnmark"),
    )
)


def row_kind(label: str) -> RowKind:
    """Return what a row is by its label. A row without a label can only be a sum."""
    if _SUM.search(label) or not label:
        return RowKind.SUM
    if _COUNTY_WORD.search(label) or label.casefold() in _COUNTIES:
        return RowKind.COUNTY_AUTHORITY
    return RowKind.CONTRIBUTOR


def is_plain_sum(label: str) -> bool:
    """Whether a sum's label says no more than that it is a sum: it counts every row above it."""
    words = (word.casefold() for word in _WORD.findall(label))
    return all(word in _PLAIN_SUM or word.startswith("total") for word in words)


def says_all(label: str) -> bool:
    """Whether a sum's label says that it counts everybody."""
    return bool(
        re.search(r"inkl|\balle\b|\btotal|\bhele\b|\bsamlet\b|\bi alt\b", label, re.IGNORECASE)
    )


def says_without(label: str) -> bool:
    """Whether a sum's label says that it leaves somebody out."""
    return bool(re.search(r"\buten\b|ekskl|\beks\.|bekreft|unntatt", label, re.IGNORECASE))


def shares_name(label: str, sum_label: str) -> bool:
    """Whether a sum's label names the body in a row: «Sum Buskerud» and «Buskerud fk»."""
    words = re.findall(r"[^\W\d_]+", label.casefold())
    names = {word for word in words if not re.match(r"(?:fylkes)?kommune|fylke|fk$|og$", word)}
    return bool(names & set(re.findall(r"[^\W\d_]+", sum_label.casefold())))


def tidy_label(text: str) -> str:
    """Return a row's name without the municipality number before it and marks after it."""
    return re.sub(r"^\d{2,4}\s+(?=\D)", "", clean(text)).strip(" :*|")
