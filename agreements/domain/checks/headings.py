"""Titles and headings: too long for the signing service, or numbered by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.domain import numbering
from agreements.domain.checks import model
from agreements.domain.checks.mending import mend
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import Kind, excerpt, passages, places
from agreements.domain.document import Document, walk

LONGEST_TITLE = 80  # letters the signing service takes

_MONTHS = r"(?:januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)"
# «5.2 Innhold», «5.4 1 Samarbeid», «3. Varighet»; not «24 timer» or «1. mai».
_TYPED = re.compile(
    r"\s{0,3}(?P<number>[1-9]\d?(?:\.[1-9]\d?){1,5}(?:\s[1-9])?\.?|[1-9]\d?\.?)\s{1,3}"
    rf"(?!(?i:{_MONTHS})\b)(?=[A-ZÆØÅ«])"
)
_DOTTED = re.compile(r"\d\.\d")
# The importer keeps the number as it was printed.
_PRINTED = re.compile(r"\bpunkt (?P<number>\d[\d. ]{0,20}\d|\d)$")
_WELL_FORMED = re.compile(r"\d{1,3}(?:\.\d{1,3}){0,5}")


def title_length(document: Document, context: Context) -> Iterator[Finding]:
    """Find a title the signing service will not take."""
    length = len(document.title.strip())
    if length > LONGEST_TITLE:
        yield Finding(
            Level.WARNING,
            Code.TITLE_TOO_LONG,
            f"Tittelen har {length} tegn. Signeringstjenesten tar {LONGEST_TITLE}. Velg en kortere tittel.",
            model.AGREEMENT,
        )


def typed_numbers(document: Document, context: Context) -> Iterator[Finding]:
    """Find points numbered by hand, in a heading or first in a paragraph; the program numbers them."""
    for passage in passages(document):
        if passage.kind not in {Kind.HEADING, Kind.PARAGRAPH}:
            continue
        match = _TYPED.match(passage.typed)
        if match is None or (
            passage.kind is Kind.PARAGRAPH and not _DOTTED.search(match["number"])
        ):
            continue
        quote = excerpt(passage.text, 0, match.end(), around=40)
        sure = None
        if passage.kind is Kind.HEADING:
            sure = mend(document, passage.anchor, passage.text, passage.text[match.end() :])
        yield Finding(
            Level.ERROR,
            Code.TYPED_POINT_NUMBER,
            f"{passage.where()}«{quote}» har nummeret {match['number'].rstrip('.')} skrevet inn for hånd. "
            "Punktene nummereres av seg selv. Ta bort nummeret, eller lag et eget punkt.",
            passage.anchor,
            sure,
        )


def imported_numbers(document: Document, context: Context) -> Iterator[Finding]:
    """Find imported points whose printed number was broken or stood twice: references may be off."""
    printed: dict[str, str] = {}
    numbers = numbering.numbers(document.clauses)
    labels = places(document)
    for clause in walk(document.clauses):
        match = _PRINTED.search(clause.source.strip())
        if match is None or not clause.source.startswith("Importert"):
            continue
        number, anchor = match["number"], model.clause_anchor(clause.key)
        if _WELL_FORMED.fullmatch(number) and printed.setdefault(number, clause.key) == clause.key:
            continue
        broken = "var ødelagt" if not _WELL_FORMED.fullmatch(number) else "stod på to punkter"
        yield Finding(
            Level.INFO,
            Code.TYPED_POINT_NUMBER,
            f"«{labels[anchor]}»: Nummeret {number} i teksten som ble importert, {broken}. Punktet er nå "
            f"{numbers[clause.key]}. Se etter at henvisninger til det er riktige.",
            anchor,
        )
