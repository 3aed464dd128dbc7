"""Numbers of inhabitants in the text, and the date they are counted at."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from agreements.domain.checks.figures import Figures, figures, inhabitants, short_name
from agreements.domain.checks.mending import fact
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.names import Found
from agreements.domain.checks.quantities import Number, numbers
from agreements.domain.checks.reading import Kind, Passage, of_passage, sentences
from agreements.domain.checks.typed_dates import Precision, TypedDate, dates
from agreements.domain.document import Document
from financing.calculation import ContributorKind, Row
from municipalities.norwegian import date_long, integer, join

_COUNTED = r"(?:innbyggere|innbyggerne|innbyggjarar|innbyggjarane|innbyggarar|innbyggarane|innb\.)"
# Straight after a number, with at most two adjectives («registrerte») between.
_UNIT_AFTER = re.compile(
    rf"\s{{1,3}}(?:[a-zæøå]{{2,20}}e\s{{1,3}}){{0,2}}{_COUNTED}", re.IGNORECASE
)
# «300 innbyggere får veiledning»: some of them, not all.
_SOME = re.compile(
    r"\s{1,3}(?:som\s+)?(?:får|skal|kan|vil|deltar|deltek|bruker|brukar|mottar|mottek|tek\s+imot|nås)\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:inn?byggert[ae]l+\w{0,4}|inn?byggerantal+\w{0,4}|innbygg(?:j)?artal\w{0,3}|folketal\w{0,4}"
    r"|folkemengd\w{0,3}|befolkning\w{0,4}|antall\s+innbyggere|talet\s+på\s+innbyggj?arar)\b",
    re.IGNORECASE,
)
_OTHER_UNIT = re.compile(
    r"\s{0,3}(?:kr\b|kroner\b|,-|%|prosent|pst\b|kommun|fylk|år\b|tim[ea]r|dag[ea]r|uker|veker|måneder|månader|kurs|møter?\b"
    r"|bedrifter|person[ea]r|deltak(?:ere|arar)|gründer(?:e|ar)|årsverk|km)",
    re.IGNORECASE,
)
_NOT_OUR_TIME = re.compile(
    r"\b(?:tidligere|tidlegare|forrige|framskriv\w+|prognose\w*|i\s+dag)\b", re.I
)
_AT_LEAST = re.compile(r"\b(?:minst|minimum)\s{0,3}$", re.IGNORECASE)
_WHOLE = re.compile(
    r"\b(?:regionen|samlet|samla|totalt|i\s+alt|til\s+sammen|til\s+saman)\b", re.IGNORECASE
)
_REACH = 120  # letters between «innbyggertall» and its number


def population_numbers(document: Document, context: Context) -> Iterator[Finding]:
    """Find typed numbers of inhabitants that differ from those the contributions are computed from.

    A number given for another date than the plan's is only a warning: it may be right for its date.
    """
    known = figures(document)
    if known is None or document.financing is None:
        return
    for sentence in sentences(document):
        candidates = _candidates(sentence)
        if not candidates:
            continue
        named = known.find(sentence.text)
        municipal = [f for f in named if f[1].kind is ContributorKind.MUNICIPALITY]
        ends = [found.end for found, _ in municipal]
        together = list(dict.fromkeys(row for _, row in municipal))
        right = _right_numbers(known, together)
        smallest = min((row.population or 0 for row in known.municipal), default=0)
        other_time = _other_time(sentence, document.financing.population_date)
        for number in candidates:
            listed = _list_before(sentence.text, municipal, ends, number)
            if not listed and 2 * number.value < smallest:
                continue  # far too few to be a whole municipality: some of its inhabitants
            expected = {inhabitants(listed)} if listed else right
            if not any(number.agrees(Decimal(value)) for value in expected):
                level = Level.WARNING if other_time else Level.ERROR
                message = sentence.where() + _population_message(known, number, listed or together)
                name = None if named or other_time else _fact(known, sentence)
                sure = fact(document, sentence.anchor, number.raw, name)
                yield Finding(level, Code.POPULATION_DIFFERS, message, sentence.anchor, sure)


def _fact(known: Figures, sentence: Passage) -> str | None:
    """Return the fact that a number of inhabitants is where the sentence names nobody."""
    if known.mentions(sentence.text).kinds or known.mentions(sentence.lead).named:
        return None
    return "okonomi.innbyggere" if _WHOLE.search(sentence.typed) else None


@of_passage
def _candidates(sentence: Passage) -> Iterator[Number]:
    """Yield the numbers in a sentence that say how many inhabitants there are."""
    typed = sentence.typed
    spans = [(found.start, found.end) for found in dates(typed)]
    starts = [start for start, _ in spans]
    nouns = [match.end() for match in _NOUN.finditer(typed)]
    announced = sentence.kind is Kind.ITEM and _NOUN.search(sentence.lead) is not None
    for number in numbers(typed):
        span = bisect_right(starts, number.start) - 1
        if span >= 0 and number.start < spans[span][1]:
            continue
        if number.is_money or number.is_percent or number.is_limit or not number.is_whole:
            continue
        before = typed[max(0, number.start - 12) : number.start]
        if _AT_LEAST.search(before):
            continue
        if unit := _UNIT_AFTER.match(typed, number.end):
            if not _SOME.match(typed, unit.end()):
                yield number
            continue
        noun = bisect_right(nouns, number.start) - 1
        near = noun >= 0 and number.start - nouns[noun] <= _REACH
        a_year = not number.has_separator and 1900 <= number.value <= 2100
        if (
            (near or announced)
            and not a_year
            and number.value >= 100
            and not _OTHER_UNIT.match(typed, number.end)
        ):
            yield number


def _right_numbers(known: Figures, named: list[Row]) -> set[int]:
    """Return what a number of inhabitants may be in a sentence that names these municipalities."""
    rows = tuple(dict.fromkeys(named))
    right = known.populations()
    if rows:
        right.add(inhabitants(rows))
        right.update(row.population for row in rows if row.population is not None)
    else:
        right.update(row.population for row in known.municipal if row.population is not None)
    return right


# «Hole, Krødsherad og Ringerike kommune på 46 790 innbyggere»: the number is that of the list.
_LIST_GAP = re.compile(r"\s{0,3}(?:,|og|samt|kommune(?:r|ne|ane|ar)?\s{0,3}(?:,|og)?)\s{0,3}")
_TO_NUMBER = re.compile(
    r"(?:\s{0,3}\b(?:kommune(?:r|ne|ane|ar|n)?|på|er|var|har|hadde|utgj[øe]r|med|til|sammen|saman|totalt|samlet"
    r"|samla|i\s+alt|et|eit|sum|innbyggertal\w{1,4}|innbyggj?artal\w{0,3}|folketal\w{0,4}|ca\.?|om\s+lag)|\s{0,3}[:(]){1,9}\s{0,3}",
    re.IGNORECASE,
)
_LIST_START = re.compile(
    r"(?:^|[.:;]|\b(?:for|i|kommunene|kommunane|at|av))\s{0,3}$", re.IGNORECASE
)
_RESPECTIVELY = re.compile(r"\b(?:henholdsvis|respektive|kvar|hver)\b", re.IGNORECASE)
_LONGEST_GAP = 80


def _list_before(
    text: str, municipal: list[tuple[Found, Row]], ends: list[int], number: Number
) -> list[Row]:
    """Return the municipalities listed right before a number that speaks of them together, if any.

    `ends` is where each name in `municipal` ends.
    """
    last = bisect_right(ends, number.start) - 1
    if last < 0:
        return []
    gap = text[municipal[last][0].end : number.start]
    if len(gap) > _LONGEST_GAP or _TO_NUMBER.fullmatch(gap) is None or _RESPECTIVELY.search(gap):
        return []
    first = last
    while first > 0 and _LIST_GAP.fullmatch(
        text[municipal[first - 1][0].end : municipal[first][0].start]
    ):
        first -= 1
    before = text[max(0, municipal[first][0].start - 20) : municipal[first][0].start]
    if not _LIST_START.search(before):
        return []
    return list(dict.fromkeys(row for _, row in municipal[first : last + 1]))


def _population_message(known: Figures, number: Number, rows: list[Row]) -> str:
    said = f"Teksten sier {_tidy(number)} innbyggere."
    whole = inhabitants(known.municipal)
    parts = [f"Kommunene i bidragstabellen har til sammen {integer(whole)}"]
    if rows:
        names = join(short_name(row) for row in rows)
        together = " til sammen" if len(rows) > 1 else ""
        parts.insert(0, f"{names} har{together} {integer(inhabitants(rows))}")
    for row in known.authorities:
        if row.population not in {None, whole, inhabitants(rows)}:
            parts.append(f"{row.name} betaler for {integer(row.population or 0)}")
    return f"{said} {'. '.join(parts)}. Bruk en opplysning, så følger tallet tabellen."


def _tidy(number: Number) -> str:
    return integer(int(number.value))


def _other_time(sentence: Passage, population_date: date) -> bool:
    if _NOT_OUR_TIME.search(sentence.typed):
        return True
    return any(
        not _agrees(found, sentence.typed, population_date) for found in _population_dates(sentence)
    )


_PER = re.compile(r"(?:\bper|\bpr\.?)\s{0,3}(?:den\s)?$", re.IGNORECASE)
_BESIDE_NOUN = re.compile(
    r"(?:\bved|\bpå|\bav|\bi|\bfr[aå]|\bden|\bSSB|,|\(|:)\s{0,3}$", re.IGNORECASE
)
_END_OF = re.compile(r"\b(?:utgangen|slutten|slutt)\s+(?:av\s+)?$", re.IGNORECASE)
_COUNTING = re.compile(
    rf"{_NOUN.pattern}|\d\s{{1,3}}{_COUNTED}|\b(?:per|pr\.?)\s+innbygg", re.IGNORECASE
)
_NEAR = 25


def population_dates(document: Document, context: Context) -> Iterator[Finding]:
    """Find dates of the number of inhabitants that differ from the plan's, or from each other.

    A quarter means its first day («1. kvartal 2025» is 1 January), and the day before counts as the
    same: the statistics give one number for the end of a quarter and the start of the next.
    """
    financing = document.financing
    first: TypedDate | None = None
    for sentence in sentences(document):
        for found in _population_dates(sentence):
            right = financing.population_date if financing else (first.first if first else None)
            first = first or found
            if right is None or _agrees(found, sentence.typed, right):
                continue
            computed = "Bidragene er regnet ut fra" if financing else "Et annet sted i teksten står"
            yield Finding(
                Level.WARNING,
                Code.POPULATION_DATE_DIFFERS,
                f"{sentence.where()}Teksten regner innbyggertall per «{found.raw.strip()}». {computed} "
                f"innbyggertall per {date_long(right)}. Bruk én dato i hele avtalen.",
                sentence.anchor,
                fact(
                    document,
                    sentence.anchor,
                    found.raw,
                    "okonomi.befolkningsdato" if financing else None,
                ),
            )


def _population_dates(sentence: Passage) -> Iterator[TypedDate]:
    """Yield the dates that say when inhabitants are counted: «per …», or right after the noun."""
    typed = sentence.typed
    if not _COUNTING.search(typed):
        return
    nouns = [match.end() for match in _NOUN.finditer(typed)]
    for found in dates(typed):
        before = typed[max(0, found.start - _NEAR) : found.start]
        noun = bisect_right(nouns, found.start) - 1
        beside = noun >= 0 and found.start - nouns[noun] <= _NEAR
        if _PER.search(before) or (beside and (_BESIDE_NOUN.search(before) or before.isspace())):
            yield found


def _agrees(found: TypedDate, typed: str, right: date) -> bool:
    before = typed[max(0, found.start - 20) : found.start]
    if found.precision is not Precision.DAY and _END_OF.search(before):
        return found.last in {right, right - timedelta(days=1)}
    if found.precision is Precision.MONTH:
        return (found.first.year, found.first.month) == (right.year, right.month)
    return found.first in {right, right - timedelta(days=1)}
