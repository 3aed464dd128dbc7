"""What an agreement should say and does not, and a venue none of the parties belongs to. Information."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.domain.checks import model
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import Passage, passages, sentences
from agreements.domain.document import Document

# How the municipalities settle with the one that runs the service.
_SETTLEMENT = re.compile(
    r"\bfaktur|\boppgj[øe]r|\bgj(?:ør(?:es?|ast)?|ere?)\s+(?:det\s+)?opp\b|\binnbetal|\bkrev(?:er|je)?\s+inn\b"
    r"|\bbetal\w{0,4}\b.{0,60}\btil\s+(?:kontrakts|verts)kommun",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"\boppsig|\boppsei|\bsi(?:e?s|er|e|ast)?\s+(?:\w{1,15}\s+)?opp\b|\bsei(?:ast|er|e)\s+(?:\w{1,25}\s+){0,2}opp\b|\bsagt\s+opp\b|\butt?re(?:r|den|de|ding\w?)?\b"
    r"|\btre(?:r|den?)?\s+ut\b",
    re.IGNORECASE,
)
# What follows from notice: for money, for those who remain, for the time until it takes effect.
_AFTER_NOTICE = re.compile(
    r"\b(?:oppsigelses|oppseiings)tid|\bfristen\s+(?:løper|går)|\btre(?:r|de)\s+ut\b|\buttre(?:den|ding\w?)\b|\b(?:når|ved)\b.{0,40}\bopph(?:ør|øyr)"
    r"|\b(?:etter|ved)\s+(?:ein?\s+)?(?:ei\s+)?(?:oppsigelse|oppseiing)\b",
    re.IGNORECASE,
)
_DISSOLUTION = re.compile(
    r"\bavvikl|\boppløs|\boppløys|\bsluttoppgjør|\bsluttregnskap|\bsluttrekneskap|\bsluttoppgjer|\b(?:når|ved)\b.{0,40}\bopph(?:ør|øy)",
    re.IGNORECASE,
)
_BASIS = "Kommuneloven § 20-4 brukes her som anbefalt liste."


def recommended_content(document: Document, context: Context) -> Iterator[Finding]:
    """Find an agreement that does not settle accounts, or is thin about notice and dissolution.

    After kommuneloven § 20-4 as a recommended list; an agreement without clauses is only begun.
    """
    if not document.clauses:
        return
    texts = [passage.text for passage in passages(document)]
    if not any(_SETTLEMENT.search(text) for text in texts):
        yield _recommended(
            "Avtalen sier ikke hvordan kommunene gjør opp seg imellom: hvem som fakturerer hvem, når, og hva "
            "som skjer med penger som ikke er brukt.",
            model.FINANCING,
        )
    notice = next((p for p in passages(document) if _NOTICE.search(p.text)), None)
    if notice is None:
        yield _recommended(
            "Avtalen sier ikke hvordan en part kan si den opp eller tre ut.", model.AGREEMENT
        )
    elif not any(_AFTER_NOTICE.search(text) for text in texts):
        yield _recommended(
            f"{notice.where()}Avtalen kan sies opp, men sier ikke hva som følger: bidrag i oppsigelsestiden, "
            "og om avtalen fortsetter mellom de andre.",
            notice.anchor,
        )
    if not any(_DISSOLUTION.search(text) for text in texts):
        yield _recommended(
            "Avtalen sier ikke hva som skjer når den opphører: sluttoppgjør, arkiv og opplysninger "
            "om brukerne.",
            model.AGREEMENT,
        )


def _recommended(message: str, anchor: str) -> Finding:
    return Finding(Level.INFO, Code.RECOMMENDED_MISSING, f"{message} {_BASIS}", anchor)


_NAME = r"(?P<place>[A-ZÆØÅ][\w-]{1,30}(?:(?:,?\s|\sog\s)[A-ZÆØÅ][\w-]{1,30}){0,4})"
_VENUE = (
    re.compile(
        rf"(?<![\w-]){_NAME}(?:\s+tingrett)?\s+(?:(?:er|skal\s+være|skal\s+vere)\s+)?"
        r"(?:(?:vedtas|vedtatt|vedtakast|avtales|avtalast|velges|vel(?:jast|gt)|vedtatt|settes|brukes)\s+)?"
        r"(?:som\s+)?(?:partenes\s+|felles\s+|rett\s+|eksklusivt\s+)?verneting\b"
    ),
    re.compile(
        rf"\b[Vv]erneting(?:et)?\s*(?:(?:er|skal\s+være|skal\s+vere|settes|vedtas|avtales|legges|:|,)\s*)?"
        rf"(?:til\s+|i\s+|ved\s+)?{_NAME}"
    ),
    re.compile(
        r"\b(?:inn\s+for|avgj(?:øres|erast)\s+(?:av|ved|i)|før(?:es|ast)\s+(?:for|ved)|behandl(?:es|ast)\s+(?:av|ved|i))\s+"
        rf"{_NAME}\s+tingrett\b"
    ),
)
_NO_PLACE = frozenset({"Saksøktes", "Partenes", "Kontraktskommunens", "Fylkeskommunens", "Det"})


def venue(document: Document, context: Context) -> Iterator[Finding]:
    """Find a venue for disputes that is the place of none of the parties."""
    own = _places(document)
    for sentence in sentences(document):
        place = _venue(sentence)
        if place is None or place.split()[0] in _NO_PLACE or own.search(place):
            continue
        yield Finding(
            Level.INFO,
            Code.VENUE_OUTSIDE_PARTIES,
            f"{sentence.where()}{place} er satt som verneting, men ingen av partene hører til der. Se etter "
            "at det er ment slik.",
            sentence.anchor,
        )


def _venue(sentence: Passage) -> str | None:
    if "erneting" not in sentence.typed and "tingrett" not in sentence.typed:
        return None
    for pattern in _VENUE:
        if match := pattern.search(sentence.typed):
            return match["place"]
    return None


def _places(document: Document) -> re.Pattern[str]:
    """Return a pattern of the names that place a party: its own, those it signs for, county and region."""
    names = {document.region.removesuffix("regionen"), document.county}
    for party in document.parties:
        for body in (party.body, *party.on_behalf_of):
            names.update(
                word
                for word in re.split(r"[\s-]", body.name)
                if word[:1].isupper() and len(word) > 1
            )
    names -= {"", "Nav", "Innovasjon", "Norge"}
    return re.compile("|".join(map(re.escape, sorted(names))) or r"(?!)")
