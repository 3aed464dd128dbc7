"""Notes between those who draft, left in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import (
    BLOT,
    Kind,
    Passage,
    excerpt,
    of_passage,
    passages,
    split,
)
from agreements.domain.document import Document

_PARENTHESIS = re.compile(r"\([^()]{3,300}\)")
_TEXT_ITSELF = (
    r"(?:list(?:en|a)|tekst(?:en|a)|punktet|avsnittet|setning(?:en|a)|kulepunktet"
    r"|formulering(?:en|a))"
)
_TAKEN_OUT = (
    r"(?:sløyfes|sløyfast|strykes|strykast|slettes|slettast|fjernes|fjernast"
    r"|(?:tas|takast)\s+(?:ut|bort)|utgå)"
)
# «Punktet kan strykes», «denne kan sløyfes», «kan dette tas ut»: about the text, not in it.
_MAY_BE_EDITED = (
    rf"\b{_TEXT_ITSELF}\s+kan\s.{{0,60}}\b(?:{_TAKEN_OUT}|redigeres|redigerast|forlenges|forlengjast|utvides|utvidast|endres|endrast)\b"
    rf"|\b(?:denne|dette|disse|desse)\s+kan\s.{{0,30}}\b{_TAKEN_OUT}\b"
    rf"|\bkan\s+(?:denne|dette|disse|desse|den|det|dei?)\s.{{0,30}}\b{_TAKEN_OUT}\b"
)
# Inside a parenthesis also words addressed to whoever edits, a label, or a question.
_ASIDE = re.compile(
    rf"{_MAY_BE_EDITED}|\b(?:sløyf\w{{1,4}}|redigeres|redigerast|omformuleres|omformulerast)\b"
    rf"|\b{_TAKEN_OUT}\s+(?:før|hvis|viss|om|dersom|ved\s+behov)\b"
    r"|^.\s{0,2}(?:slett|fjern|stryk|velg|vel|fyll\s+(?:ut|inn)|sett?\s+inn|skriv\s+om)\b"
    r"|\b(?:skal|bør|må|ønsker|ønskjer)\s+(?:vi|me)\b"
    r"|\b(?:må|bør)\s+(?:avklares|avklarast|sjekkes|sjekkast|kvalitetssikr(?:es|ast)|diskuter(?:es|ast)|drøft(?:es|ast))\b"
    r"|^.\s{0,2}(?:obs|nb|notat|kommentar|internt|utkast|forslag|spørsmål|jf\.?\s+e-?post)\b\s{0,2}[:!]"
    r"|\?\W{0,3}$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    rf"{_MAY_BE_EDITED}"
    r"|^\s{0,3}(?:obs|nb|notat|kommentar|internt|utkast|til\s+drøfting|spørsmål)\b(?:\s+(?:fr[aå]|til)\s+\w{1,30})?\s{0,2}[:!]",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:vi|me|oss|dere|dykk)\b", re.IGNORECASE)
# «eks.» first in a line: an example from the model agreement, not something agreed.
_EXAMPLE = re.compile(
    r"\s{0,3}[«(]?(?:f\.?\s?eks|for\s+eksempel|eks|eksempelvis|til\s+dømes|t\.\s?d|døme)\b[.\s:?]",
    re.IGNORECASE,
)


def drafting_notes(document: Document, context: Context) -> Iterator[Finding]:
    """Find remarks to whoever edits the text, and examples standing where services are agreed."""
    for passage in passages(document):
        if passage.kind is not Kind.HEADING:  # a heading may well be a question
            yield from _in(passage)


@of_passage
def _in(passage: Passage) -> Iterator[Finding]:
    for quote in _notes(passage):
        yield Finding(
            Level.WARNING,
            Code.DRAFTING_NOTE,
            f"{passage.where()}«{quote}» ser ut som en merknad til den som skriver. Ta den bort, "
            "eller skriv det partene er enige om.",
            passage.anchor,
        )
    if passage.kind is Kind.ITEM and (match := _EXAMPLE.match(passage.typed)):
        quote = excerpt(passage.text, match.start(), match.end(), around=40)
        yield Finding(
            Level.WARNING,
            Code.DRAFTING_NOTE,
            f"{passage.where()}«{quote}» står som et eksempel i en liste over det som er avtalt. "
            "Skriv det som avtalt, eller ta linjen bort.",
            passage.anchor,
        )


def _notes(passage: Passage) -> Iterator[str]:
    """Yield the remarks in a passage: asides in parentheses first, then whole sentences."""
    rest: list[str] = []
    position = 0
    for match in _PARENTHESIS.finditer(passage.typed):
        if _ASIDE.search(match.group()):
            yield excerpt(passage.text, *match.span(), around=0)
            rest.append(passage.typed[position : match.start()] + BLOT * len(match.group()))
            position = match.end()
    rest.append(passage.typed[position:])
    for sentence in split(replace(passage, typed="".join(rest))):
        typed = sentence.typed
        asks = typed.rstrip().endswith("?") and _FIRST_PERSON.search(typed)
        if asks or _SENTENCE.search(typed):
            yield excerpt(sentence.text, 0, len(sentence.text), around=0)
