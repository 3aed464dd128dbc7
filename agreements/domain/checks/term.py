"""The agreement's term: dates, length and years, wherever they are stated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from agreements.domain.checks import model
from agreements.domain.checks.mending import fact
from agreements.domain.checks.model import Code, Context, Finding, Level, Mend
from agreements.domain.checks.reading import Passage, sentences
from agreements.domain.checks.typed_dates import (
    Precision,
    TypedDate,
    dates,
    lengths,
    year_spans,
)
from agreements.domain.document import Document
from municipalities.norwegian import date_long, join

_AGREEMENT = re.compile(
    r"\b(?:denne\s+|den\s+)?(?:samarbeids)?avtal(?:en|a|e|ens|as)\b|\b(?:avtale|kontrakts)periode\w{0,3}\b",
    re.IGNORECASE,
)
_TERM_HEADING = re.compile(
    r"\b(?:varighet|avtaleperiode|avtaletid|gyldighet|ikrafttred\w*|iverksett\w*|varigheit|lengd)",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:gjeld|gjelder|løper|løp|varer|varar|varighet|varigheit|virkning|verknad|kraft|inngås|inngåast|startar?|tek\s+til|sluttar"
    r"|utløper|utløp|opphører|opphøyrer|går\s+ut|avsluttes|gyldig|periode\w{0,3}|avtaleperiode\w{0,3}"
    r"|kontraktsperiode\w{0,3})\b",
    re.IGNORECASE,
)
# What the sentence says then is not about this agreement's whole term.
_NOT_THE_TERM = re.compile(
    r"\b(?:gjaldt|erstatter|erstattar|erstattes|avløser|avløyser|forrige|førre|tidligere|tidlegare|nåværende"
    r"|noverande|evaluer\w+|endring\w*|oppsi\w+|sies\s+opp|sei(?:ast|er|e)\s+opp|oppsei\w*)\b",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\b(?:forleng|opsjon|videreføres|vidareførast)", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:fra(?:\s+og\s+med)?|frå(?:\s+og\s+med)?|f\.?o\.?m\.?|kraft|virkning|inngås)\s{1,3}(?:den\s)?$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"(?:\b(?:til(?:\s+og\s+med)?|t\.?o\.?m\.?|utløper|opphører|opphøyrer|ut|avsluttes)\s{1,3}(?:den\s)?"
    r"|\d\s{0,2}[-–—]\s{0,2})$",
    re.IGNORECASE,
)


def term_order(document: Document, context: Context) -> Iterator[Finding]:
    """Find a term whose last day comes before its first."""
    if document.term_end < document.term_start:
        yield Finding(
            Level.ERROR,
            Code.TERM_ENDS_BEFORE_START,
            f"Avtalen slutter {date_long(document.term_end)}, før den begynner "
            f"{date_long(document.term_start)}. Rett datoene.",
            model.AGREEMENT,
        )


def term_and_table(document: Document, context: Context) -> Iterator[Finding]:
    """Find years of the term that the contribution table lacks, and years it has beyond the term."""
    if document.financing is None or document.term_end < document.term_start:
        return
    term = range(document.term_start.year, document.term_end.year + 1)
    table = document.financing.table.years
    missing = [str(year) for year in term if year not in table]
    beyond = [str(year) for year in table if year not in term]
    if missing:
        yield Finding(
            Level.ERROR,
            Code.TERM_YEARS_DIFFER,
            f"Avtalen varer til {date_long(document.term_end)}, men bidragstabellen mangler "
            f"{join(missing)}. Gi planen de samme årene som avtalen.",
            model.FINANCING,
        )
    if beyond:
        yield Finding(
            Level.ERROR,
            Code.TERM_YEARS_DIFFER,
            f"Bidragstabellen har bidrag for {join(beyond)}, men avtalen gjelder fra "
            f"{date_long(document.term_start)} til {date_long(document.term_end)}. Gi planen de samme "
            "årene som avtalen.",
            model.FINANCING,
        )


def title_years(document: Document, context: Context) -> Iterator[Finding]:
    """Find a title whose span of years is not the term's."""
    own = (document.term_start.year, document.term_end.year)
    for found in year_spans(document.title):
        if (found.first, found.last) != own:
            yield Finding(
                Level.ERROR,
                Code.TITLE_YEARS_DIFFER,
                f"Tittelen sier {found.raw}, men avtalen gjelder fra {date_long(document.term_start)} til "
                f"{date_long(document.term_end)}. Rett tittelen eller datoene.",
                model.AGREEMENT,
            )


def typed_term(document: Document, context: Context) -> Iterator[Finding]:
    """Find dates, spans of years and lengths typed as the agreement's term that are not its term."""
    for sentence in sentences(document):
        if not sentence.anchor.startswith(model.CLAUSE_PREFIX):
            continue
        extension = _EXTENSION.search(sentence.typed)
        typed = sentence.typed[: extension.start()] if extension else sentence.typed
        if _NOT_THE_TERM.search(sentence.typed):
            continue
        if _AGREEMENT.search(sentence.text) or _TERM_HEADING.search(sentence.label):
            yield from _dates(document, sentence, typed)
            yield from _lengths(document, sentence, typed)
        yield from _years(document, sentence, typed)


def _dates(document: Document, sentence: Passage, typed: str) -> Iterator[Finding]:
    if not _LASTS.search(typed):
        return
    for found in dates(typed):
        before = typed[max(0, found.start - 25) : found.start]
        if _FROM.search(before):
            right, ours, name = document.term_start, "begynner", "avtale.startdato"
        elif _TO.search(before):
            right, ours, name = document.term_end, "slutter", "avtale.sluttdato"
        else:
            continue
        if not _is(found, right, first=ours == "begynner"):
            yield Finding(
                Level.ERROR,
                Code.TERM_DATE_DIFFERS,
                f"{sentence.where()}Teksten sier «{found.raw.strip()}», men avtalen {ours} "
                f"{date_long(right)}. Bruk en opplysning, så følger teksten datoene.",
                sentence.anchor,
                fact(document, sentence.anchor, found.raw, name),
            )


def _is(found: TypedDate, right: date, *, first: bool) -> bool:
    if found.precision is Precision.DAY:
        return found.first == right
    return found.first == right if first else found.last == right


def _term_months(document: Document) -> int | None:
    """Return the length of the term in months, None where it is not a whole number of months."""
    after = document.term_end + timedelta(days=1)
    months = 12 * (after.year - document.term_start.year) + after.month - document.term_start.month
    return months if after.day == document.term_start.day else None


# «en treårig avtale», «avtaleperioden er tre år», «avtalen varer i fire år», «36 måneder».
_LENGTH_BEFORE = re.compile(
    r"(?:\b(?:gjeld|gjelder|løper|varer|varar|varighet|varigheit|periode\w{0,3}|avtaleperiode\w{0,3}"
    r"|kontraktsperiode\w{0,3}|inngås)\b(?:\s(?:er|i|på|for|satt\stil|med|ein?|en|dermed|normalt|av)){0,3}\s)$",
    re.IGNORECASE,
)
_LENGTH_AFTER = re.compile(
    r"\s{1,3}(?:lang\s)?(?:samarbeids)?(?:avtale|avtaleperiode|kontrakts?periode|periode)(?:n|en|a)?\b",
    re.IGNORECASE,
)


def _lengths(document: Document, sentence: Passage, typed: str) -> Iterator[Finding]:
    own = _term_months(document)
    for found in lengths(typed):
        before = typed[max(0, found.start - 45) : found.start]
        if not (_LENGTH_BEFORE.search(before) or _LENGTH_AFTER.match(typed, found.end)):
            continue
        if found.months != own:
            yield Finding(
                Level.ERROR,
                Code.TERM_LENGTH_DIFFERS,
                f"{sentence.where()}Teksten sier «{found.raw}», men avtalen gjelder fra "
                f"{date_long(document.term_start)} til {date_long(document.term_end)}. Rett teksten eller "
                "datoene.",
                sentence.anchor,
                _length_mend(document, sentence.anchor, found.raw),
            )


def _length_mend(document: Document, anchor: str, raw: str) -> Mend | None:
    """Return the fact for «ti år»; «tiårig» is part of a sentence a fact does not fit."""
    if not raw.lower().endswith("år"):
        return None
    return fact(document, anchor, raw, "avtale.varighet")


_PERIOD_BEFORE = re.compile(
    r"\b(?:(?:samarbeids)?avtal(?:en|a|e)|(?:avtale|kontrakts)periode\w{0,3}|denne\s+avtaleperioden)"
    r"\s{1,3}(?:(?:for|i|er|gjelder|gjeld|perioden|:)\s{1,3}){0,3}\(?$",
    re.IGNORECASE,
)


def _years(document: Document, sentence: Passage, typed: str) -> Iterator[Finding]:
    own = (document.term_start.year, document.term_end.year)
    for found in year_spans(typed):
        before = typed[max(0, found.start - 60) : found.start]
        if (found.first, found.last) != own and _PERIOD_BEFORE.search(before):
            yield Finding(
                Level.ERROR,
                Code.TERM_DATE_DIFFERS,
                f"{sentence.where()}Teksten sier «{found.raw}», men avtalen gjelder fra "
                f"{date_long(document.term_start)} til {date_long(document.term_end)}. Bruk en opplysning, "
                "så følger teksten datoene.",
                sentence.anchor,
                fact(document, sentence.anchor, found.raw, "avtale.periode"),
            )
