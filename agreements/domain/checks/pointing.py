"""References to a point that exists and says nothing of the matter it is referred to for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.domain import numbering
from agreements.domain.checks import model
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import Kind, Passage, excerpt, passages
from agreements.domain.checks.references import references_in
from agreements.domain.document import Clause, Document, PartyRole

# What a point can be referred to for: the words of the matter, and those by which a point shows that
# it deals with it. Only matters that a point cannot deal with in other words.
_MATTERS = (
    (r"forleng\w{0,12}", "forleng"),
    (
        r"oppsigelse\w{0,10}|oppseiing\w{0,6}|(?:si(?:er?|es)?|sei(?:er|e|ast))\sopp",
        r"oppsig|oppsei|oppsagt|\b(?:si(?:er?|es)?|sei(?:er|e|ast))\s(?:\w+\s)?opp\b",
    ),
    (r"taushets\w{0,12}|teieplikt\w{0,6}", "taushet|teieplikt"),
    (r"verneting\w{0,6}|v[oa]ldgift\w{0,6}", "verneting|v[oa]ldgift|domstol|tvist"),
    (r"(?:års)?rapporter(?:e|er|es|ast|ing|ingen|inga|ingskrav)", "rapport"),
    (r"utbetal\w{0,8}", "betal|faktur"),
    (r"personopplysning\w{0,8}", "personopplysning|personvern|databehandl"),
)
_POINT = r"(?:(?:denne\s)?avtalens\s)?(?:punkt(?:et)?|pkt\.?)\s{0,3}(?P<number>\d{1,3}(?:\.\d{1,3}){0,5})"
# «…forlengelse. Jfr. avtalens pkt 10», «forlenges etter punkt 10», at most two words between; what
# follows may say that the reference is for something else («se punkt 6 om oppgjøret»).
_LEADS = (
    r"(?:\s{1,3}[\w-]{1,30}){0,2}[.,;]?\s{0,3}\(?"
    r"(?:jfr?\.?|se|sjå|etter|i\shenhold\stil|i\ssamsvar\smed|i\stråd\smed)\s{1,3}"
    + _POINT
    + r"(?!\s{1,3}(?:om|for)\b)"
)
_REFERRED = tuple(
    (
        re.compile(rf"(?<!\w)(?P<matter>{words}){_LEADS}", re.IGNORECASE),
        re.compile(held, re.IGNORECASE),
    )
    for words, held in _MATTERS
)
_REGION = re.compile(
    r"(?<!\w)(?P<matter>region(?:en)?)\s{1,3}(?:som\s(?:er|blir)\s|er\s)?(?:nevnt|nemn[dt]|angitt|beskrevet|beskriven|gitt)\s"
    rf"(?:i|under)\s{{1,3}}{_POINT}",
    re.IGNORECASE,
)


def references_that_hold(document: Document, context: Context) -> Iterator[Finding]:
    """Find references to a point that never mentions the matter: extension, reporting, the region named."""
    held = _texts(document)
    region = re.compile("|".join(map(re.escape, _region_names(document))) or r"(?!)")
    for passage in passages(document):
        if not passage.anchor.startswith(model.CLAUSE_PREFIX) or passage.kind is Kind.HEADING:
            continue
        own = dict(references_in(passage.text))
        for pattern, mentioned in (*_REFERRED, (_REGION, region)):
            for match in pattern.finditer(passage.text):
                number = match["number"]
                if own.get(match.start("number")) != number or number not in held:
                    continue
                if not mentioned.search(held[number]):
                    yield _off(passage, match)


def _off(passage: Passage, match: re.Match[str]) -> Finding:
    quote = excerpt(passage.text, match.start(), match.end())
    return Finding(
        Level.WARNING,
        Code.REFERENCE_DOES_NOT_HOLD,
        f"{passage.where()}«{quote}» viser til punkt {match['number']}, men det punktet nevner ikke "
        f"{match['matter'].lower()}. Vis til punktet som sier det, eller skriv det inn der.",
        passage.anchor,
    )


def _texts(document: Document) -> dict[str, str]:
    """Return all a point says by its number: its own text, the points under it, the headings above."""
    said: dict[str, list[str]] = {}
    for passage in passages(document):
        said.setdefault(passage.anchor, []).append(passage.text)
    numbers = numbering.numbers(document.clauses)
    texts: dict[str, str] = {}

    def collect(clause: Clause, above: str) -> str:
        own = said.get(model.clause_anchor(clause.key), [])
        headings = f"{above}\n{own[0] if own else ''}"
        whole = "\n".join([*own, *(collect(child, headings) for child in clause.children)])
        texts[numbers[clause.key]] = f"{above}\n{whole}"
        return whole

    for clause in document.clauses:
        collect(clause, "")
    return texts


def _region_names(document: Document) -> list[str]:
    """Return what a text can name the region by: its name, and its municipalities."""
    bodies = [
        body
        for party in document.parties
        if party.role is PartyRole.CONTRACT_MUNICIPALITY
        for body in (party.body, *party.on_behalf_of)
    ]
    return [name for name in (document.region, *(body.short_name for body in bodies)) if name]
