"""References and facts that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.domain import facts, numbering
from agreements.domain.checks import model
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import excerpt, places, problems, sentences
from agreements.domain.document import Document

_PLAIN = r"\d{1,3}(?:\.\d{1,3}){0,5}"
_DOTTED = r"\d{1,3}(?:\.\d{1,3}){1,5}"
_AND = r"\s{0,2}(?:,|og|eller|til|[-–])\s{0,2}"
# «punkt 5.2 og 5.3», «punktene 4 til 6»; after the singular a plain number counts something else
# («punkt 2 og 14 dager»). Chapters are those of laws, unless said to be the agreement's.
_REFERENCE = re.compile(
    rf"""(?<![\w-]) (?:
      (?: punkt(?:et)? | pkt\.? | (?P<chapter>kapittel|kap\.?) ) \s{{0,3}}
        (?P<one>{_PLAIN} (?:{_AND}{_DOTTED}){{0,8}})
    | (?: punktene | punkta | pkt\.? ) \s{{0,3}} (?P<many>{_PLAIN} (?:{_AND}{_PLAIN}){{1,8}})
    | (?: jf | jfr | jamfør | se ) \.? \s{{1,3}} (?P<bare>{_DOTTED}) (?!\.?\s?(?:kr|kroner)\b)
    ) (?![\w%]) (?![.,]\d) """,
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER = re.compile(_PLAIN)

# What goes before or follows can show that the point is in another document.
_OWN_BEFORE = re.compile(r"\b(?:samarbeids)?avtal(?:ens|as)\s{1,3}$", re.IGNORECASE)
_OTHER_BEFORE = re.compile(
    r"(?:\b[\w-]{2,40}(?:ets|ens|enes|anes)"  # «vedtakets punkt 3»
    r"|\b[\w-]{0,30}(?:vedlegg|bilag|vedtak|sak|protokoll|brev|kontrakt|lov|loven|lova|forskrift"
    r"|forskriften|plan|planen|strategien|vedtekter|vedtektene|reglement)"
    r"(?:\s{1,2}[\w/.–-]{0,10}\d[\w/.–-]{0,5})?)\s{0,2},?\s{1,3}$",
    re.IGNORECASE,
)
_OTHER_AFTER = re.compile(
    r"\s{1,3}(?:i|av|til|fr[aå])\s{1,3}(?!(?:denne\s|den\s)?(?:samarbeids)?avtal(?:en|a|e)\b)"
    r"(?:[\w-]{1,30}\s{1,3}){0,2}[\w-]{0,30}"
    r"(?:avtalen?|avtala|kontrakt(?:en)?|vedlegg(?:et)?|bilag(?:et)?|brev(?:et)?|forskrift(?:en|a)?"
    r"|lov(?:en|a)?|vedtak(?:et)?|vedtekter|vedtektene|saken|saka|saksframlegg(?:et)?|plan(?:en)?"
    r"|strategi(?:en)?|reglement(?:et)?|retningslinjer|retningslinjene|protokoll(?:en)?"
    r"|instruks(?:en)?|budsjett(?:et)?|konkurransegrunnlag(?:et)?)\b",
    re.IGNORECASE,
)
_WINDOW = 70

# Without financing these are reported once, by the check of the contribution table.
_NEED_THE_TABLE = frozenset({"tabell.bidrag", "avsnitt.forbehold"})


def dead_references(document: Document, context: Context) -> Iterator[Finding]:
    """Find references to points that do not exist, typed («punkt 7.3») or made by key."""
    existing = set(numbering.numbers(document.clauses).values())
    for sentence in sentences(document):
        if not sentence.anchor.startswith(model.CLAUSE_PREFIX):
            continue
        for start, number in references_in(sentence.typed):
            if number not in existing:
                quote = excerpt(sentence.text, start, start + len(number))
                yield _dead(sentence.where(), quote, f"punkt {number}", sentence.anchor)
    for key, kind, name in problems(document):
        if kind == "dead_reference":
            anchor = model.clause_anchor(key)
            where = f"«{places(document)[anchor]}»: "
            yield _dead(where, f"[[punkt:{name}]]", f"et punkt med nøkkelen {name}", anchor)


def _dead(where: str, quote: str, target: str, anchor: str) -> Finding:
    return Finding(
        Level.ERROR,
        Code.DEAD_REFERENCE,
        f"{where}«{quote}» viser til {target}, som ikke finnes i avtalen. Sett inn en henvisning til "
        "riktig punkt, så følger nummeret med når punktene flyttes.",
        anchor,
    )


def references_in(typed: str) -> Iterator[tuple[int, str]]:
    """Yield position and number of each reference to a point of this agreement."""
    for match in _REFERENCE.finditer(typed):
        before = typed[max(0, match.start() - _WINDOW) : match.start()]
        if not _OWN_BEFORE.search(before) and (
            match["chapter"]
            or _OTHER_BEFORE.search(before)
            or _OTHER_AFTER.match(typed, match.end())
        ):
            continue
        group = next(name for name in ("one", "many", "bare") if match[name])
        for number in _NUMBER.finditer(match[group]):
            yield match.start(group) + number.start(), number.group()


def broken_facts(document: Document, context: Context) -> Iterator[Finding]:
    """Find facts that nobody knows, and facts that have no value in this agreement."""
    labels = {info.name: info.label_nb for info in facts.names()}
    for key, kind, name in problems(document):
        anchor = model.clause_anchor(key)
        where = f"«{places(document)[anchor]}»: "
        if kind == "unknown_fact":
            message = (
                f"{where}Opplysningen «{name}» finnes ikke. Velg en fra listen over opplysninger."
            )
            yield Finding(Level.ERROR, Code.UNKNOWN_FACT, message, anchor)
        elif kind == "empty_fact" and not (document.financing is None and name in _NEED_THE_TABLE):
            message = (
                f"{where}Opplysningen «{labels.get(name, name)}» har ingen verdi i denne avtalen. Fyll "
                "den ut der den hører til, eller ta den bort fra teksten."
            )
            yield Finding(Level.ERROR, Code.EMPTY_FACT, message, anchor)
