"""References to laws: misspelt, or to a law that no longer applied when the term began."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from agreements.domain.checks.mending import mend
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import Passage, passages
from agreements.domain.checks.spelling import is_slip
from agreements.domain.document import Document
from agreements.domain.laws import LAWS, Law

_DATED = (
    r"(?P<dated>(?:\s+(?:av|frå|fra))?(?:\s+\d{1,2}\.\s+[a-z]{3,9})?\s+(?P<year>(?:19|20)\d\d)"
    r"(?:\s+(?:nr\.?|nummer)\s+\d{1,3})?|\s+\(?LOV-(?P<code>\d{4})-[\d-]{5,12}\)?)?"
)
# After 5, S or $ for § three digits may be thousands («5 000 kroner»).
_SECTION = (
    r",?\s{0,3}(?:(?P<sign>§{1,2}|paragraf(?:ene)?|[5S$](?=\s?\d{1,2}(?![\d])))\s{0,3}"
    r"(?P<section>[1-9]\d{0,2}(?:-\d{1,3})?(?:\s[a-z](?![\w.]))?)"
    r"|(?P<bare>(?<=\s)[1-9]\d?-[1-9]\d?))"
    r"(?![\w%-])(?![.,]\d)(?!\s{0,3}(?:kr|kroner|prosent|år|dag[ea]r|innbygg))"
)
# «forvaltningsloven», with or without a section; «lov om Innovasjon Norge § 27», only with one.
_CITED = (
    re.compile(
        rf"(?P<name>(?<![\w-])[^\W\d_]{{2,40}}lov(?:en|a)(?=s?(?![\w-])))s?{_DATED}(?:{_SECTION})?",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<name>(?<![\w-])lov\s+om(?:\s+[^\W\d_]{1,30}){1,5}?)(?![\w-])" + _DATED + _SECTION,
        re.IGNORECASE,
    ),
)
_RIGHT_SIGNS = frozenset({"§", "§§", "paragraf", "paragrafene"})
_SHORTEST_SLIP = 9  # letters in a law's name

_BY_NAME: dict[str, list[Law]] = defaultdict(list)
for _law in LAWS:
    for _name in _law.names:
        _BY_NAME[_name].append(_law)
_SINGLE = tuple(name for name in _BY_NAME if " " not in name)


def law_references(document: Document, context: Context) -> Iterator[Finding]:
    """Find «forvaltningsloven 5 13» for «§ 13», misspelt names of laws, and laws that have ended."""
    for passage in passages(document):
        for pattern in _CITED:
            for match in pattern.finditer(passage.typed):
                yield from _misspelt(document, passage, match)
                yield from _outdated(document, passage, match)


def _misspelt(document: Document, passage: Passage, match: re.Match[str]) -> Iterator[Finding]:
    name = match["name"]
    if (right := _right_name(name)) is not None:
        cased = right[0].upper() + right[1:] if name[0].isupper() else right
        yield _finding(document, passage, name, cased, f"Loven heter {cased}, ikke «{name}».")
    section = match["section"] or match["bare"]
    if section and (match["sign"] or "").lower() not in _RIGHT_SIGNS:
        start = match.start("sign") if match["sign"] else match.start("bare")
        instead = f"{passage.typed[match.start() : start]}§ {section}"
        quote = " ".join(match.group().split())
        message = f"«{quote}» skal trolig være «{instead}». Rett lovhenvisningen."
        yield _finding(document, passage, match.group(), instead, message)


def _finding(
    document: Document, passage: Passage, found: str, instead: str, message: str
) -> Finding:
    return Finding(
        Level.WARNING,
        Code.LAW_REFERENCE_MISSPELT,
        f"{passage.where()}{message}",
        passage.anchor,
        mend(document, passage.anchor, found, instead),
    )


def _right_name(name: str) -> str | None:
    """Return the law whose name this is a slip of, None where it is none or no law we know."""
    lower = name.lower()
    if len(lower) < _SHORTEST_SLIP or lower in _BY_NAME:
        return None
    return next((known for known in _SINGLE if is_slip(lower, known)), None)


def _outdated(document: Document, passage: Passage, match: re.Match[str]) -> Iterator[Finding]:
    laws = _BY_NAME.get(" ".join(match["name"].lower().split()))
    if not laws:
        return
    year = match["year"] or match["code"]
    dated = [law for law in laws if year is not None and law.year == int(year)]
    in_force = [law for law in laws if _applies(law, document)]
    if (dated and not any(_applies(law, document) for law in dated)) or (
        not dated and not in_force
    ):
        yield from _ended(document, passage, match, (dated or laws)[-1])
    elif not dated and match["section"] and len(in_force) == 1:
        yield from _other_numbering(passage, match, in_force[0])


def _applies(law: Law, document: Document) -> bool:
    """Tell whether a law is valid on some day of the term."""
    if law.valid_from is None:
        return False
    return law.valid_from <= document.term_end and (
        law.valid_to is None or law.valid_to >= document.term_start
    )


def _ended(
    document: Document, passage: Passage, match: re.Match[str], law: Law
) -> Iterator[Finding]:
    if law.valid_to is None or law.valid_to >= document.term_start:
        return  # it has not begun: that is for people to judge
    cited = " ".join(match.group().split())
    yield Finding(
        Level.WARNING,
        Code.LAW_REFERENCE_OUTDATED,
        f"{passage.where()}«{cited}» ({law.number}) gjaldt til og med {law.valid_to.year}. Vis til "
        f"{law.until}, og se etter at paragrafen er den rette.",
        passage.anchor,
    )


def _other_numbering(passage: Passage, match: re.Match[str], law: Law) -> Iterator[Finding]:
    """Find «kommuneloven § 27»: the law numbers its sections by chapter, an earlier one did not."""
    if match["sign"] == "§§":
        return  # «§§ 13-13 g» is from one to another
    if law.by_chapter is None or ("-" in match["section"]) is law.by_chapter:
        return
    shape = "kapittel og nummer, som «§ 20-4»" if law.by_chapter else "ett nummer, som «§ 13»"
    yield Finding(
        Level.WARNING,
        Code.LAW_REFERENCE_OUTDATED,
        f"{passage.where()}«{' '.join(match.group().split())}» finnes ikke i loven som gjelder nå "
        f"({law.number}): paragrafene der har {shape}. Finn paragrafen som gjelder.",
        passage.anchor,
    )
