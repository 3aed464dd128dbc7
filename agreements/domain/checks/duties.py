"""Duties: stated twice, optional where they are required, or put on somebody who is not bound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agreements.domain.checks.model import Code, Context, Finding, Level, service_anchor
from agreements.domain.checks.names import Found, finder
from agreements.domain.checks.reading import Kind, Passage, excerpt, passages, sentences, split
from agreements.domain.checks.stems import duty, is_same_duty, meaning
from agreements.domain.document import BodyKind, Document, ServiceLevel

_ADDED = re.compile(
    r"\btjenester\b.{0,60}\bi\s+tillegg\b|\bi\s+tillegg\b.{0,60}\btjenester\b|\btilleggstjenest\w{1,3}\b"
    r"|\btenester\b.{0,60}\bi\s+tillegg\b|\btilleggstenest\w{1,3}\b",
    re.IGNORECASE,
)
_REQUIRED_LIST = re.compile(
    r"\bskal\b.{0,60}\b(?:minimum|minst)\b|\b(?:minimum|minst)\b.{0,60}\b(?:skal|inn?eh[oa]lde|omfatte|ha)\b",
    re.IGNORECASE,
)
_OPTIONAL = re.compile(
    r"\bkan\s(?:\w{1,15}\s){0,2}?(?:tilbys|tilbydes|tilbydast|gis|givast|gjevast|leveres|leverast"
    r"|gjennomføres|gjennomførast|arrangeres|arrangerast|inngå|velges|veljast|vurderes|vurderast)\b"
    r"|\b(?:valgfri\w{0,2}|valfri\w{0,2}|frivillig\w{0,2})\b",
    re.IGNORECASE,
)
_SHALL = re.compile(r"\s{0,3}(?P<who>[^.:;]{1,60}?)\sskal\s(?:også\s|i\s+tillegg\s)?")
_PARENTHESIS = re.compile(r"\([^()]{0,300}\)")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a list of duties or services."""

    anchor: str
    where: str
    text: str
    group: str  # lines of one list
    pool: str  # lists that may hold the same service: those of a clause, or the checklist
    level: ServiceLevel | None


def _lines(document: Document) -> Iterator[_Line]:
    for passage in passages(document):
        if passage.kind is Kind.ITEM and passage.lead:
            level = _level(passage.lead)
            group = f"{passage.anchor} {passage.lead}"
            yield _Line(passage.anchor, passage.where(), passage.text, group, passage.anchor, level)
        elif passage.kind is Kind.PARAGRAPH:
            for sentence in split(passage):
                if match := _SHALL.match(sentence.text):
                    group = f"{passage.anchor} {' '.join(match['who'].lower().split())}"
                    text = sentence.text[match.end() :]
                    yield _Line(passage.anchor, passage.where(), text, group, "", None)
    for service in document.services:
        anchor = service_anchor(service.key)
        yield _Line(anchor, "«Tjenester»: ", service.text, f"{service.level}", "", service.level)


def _level(lead: str) -> ServiceLevel | None:
    """Return which list of services a lead introduces, by its last sentence."""
    introduces = lead.rpartition(". ")[2]
    if _ADDED.search(introduces):
        return ServiceLevel.ADDITIONAL
    return ServiceLevel.MINIMUM if _REQUIRED_LIST.search(introduces) else None


def same_duty_twice(document: Document, context: Context) -> Iterator[Finding]:
    """Find lines of one list that say the same, and services that are both required and additional.

    Lines are compared by the stems of their words, whatever the order, and by what they provide
    («sikre kontorlokaler», «tilrettelegge for kontorlokaler»).
    """
    seen: dict[tuple[str, object], _Line] = {}
    for line in _lines(document):
        said = meaning(line.text)
        keys: list[tuple[str, object]] = [(line.group, said)]
        if line.level in {ServiceLevel.MINIMUM, ServiceLevel.ADDITIONAL}:
            keys.append((f"services {line.pool}", said))
        provided = duty(line.text)
        if provided is not None:
            keys.append((line.group, provided.key))
        if not said:
            continue
        for key in keys:
            first = seen.get(key)
            if first is None:
                seen[key] = line
            elif key[1] == said or is_same_duty(first.text, line.text):
                yield _twice(first, line)
                break


def _twice(first: _Line, line: _Line) -> Finding:
    other, own = _quoted(first.text), _quoted(line.text)
    levels = {first.level, line.level}
    if levels == {ServiceLevel.MINIMUM, ServiceLevel.ADDITIONAL}:
        what = f"{own} står både som minimum og som tillegg ({other}). La tjenesten stå ett av stedene."
    else:
        what = f"{own} og {other} ser ut til å være samme plikt. La den stå ett sted."
    return Finding(Level.WARNING, Code.SAME_DUTY_TWICE, f"{line.where}{what}", line.anchor)


def _quoted(text: str) -> str:
    return f"«{excerpt(text, 0, len(text), around=0)}»"


def optional_in_minimum(document: Document, context: Context) -> Iterator[Finding]:
    """Find «kan tilbys» in a list of what the service must have at the least."""
    for line in _lines(document):
        if line.level is not ServiceLevel.MINIMUM:
            continue
        if match := _OPTIONAL.search(_PARENTHESIS.sub("", line.text)):
            yield Finding(
                Level.WARNING,
                Code.OPTIONAL_IN_MINIMUM,
                f"{line.where}{_quoted(line.text)} sier «{match.group()}», men står i listen over det "
                "tjenesten minst skal ha. Gjør det til et krav, eller flytt det til tilleggstjenestene.",
                line.anchor,
            )


# Who does the work without being bound by the agreement.
_CONTRACTOR = re.compile(
    r"(?:^|[.!?:;]\s{1,3})(?:(?:den\s+)?val(?:g?t|d)e\s+)?(?P<who>operatør(?:en|ane|ene)?|leverandør(?:en|ane|ene)?"
    r"|tjenesteleverandør(?:en)?|tenesteleverandør(?:en)?)"
    r"\s(?:[\w,-]{1,20}\s){0,4}?(?:skal|må|plikter|pliktar|forplikt[ea]r|har\s+(?:plikt|ansvar\w{0,3})|er\s+(?:ansvarl[ei]g|forplikt(?:et|a)))\b",
    re.IGNORECASE,
)
_CONTRACTOR_DOES = re.compile(
    r"^(?P<who>operatør(?:en|ane|ene)?|leverandør(?:en|ane|ene)?)\s(?:[\w,-]{1,20}\s){0,2}?"
    r"(?:rapporterer|sender|betaler|dekkj?er|utarbeider|stiller|legger\s+fram|legger\s+frem|legg\s+fram)\b"
    r"|\b(?:er|blir)\s(?P<whose>operatørens|leverandørens)\s(?:ansvar|oppgave|plikt)\b"
    r"|\b(?:er|blir)\s(?:ansvaret|oppgåva|plikta)\s(?:til|hos)\s(?P<whom>operatøren|leverandøren)\b",
    re.IGNORECASE,
)
_CONTRACTOR_HEADING = re.compile(
    r"^(?P<who>operatør(?:en|ens)?|leverandør(?:en|ens)?)\s{1,3}(?:(?:sitt|sine)\s)?(?:ansvar|oppg[aå]ver|plikter)"
    r"|^(?:ansvaret|oppgåvene|pliktene)\s(?:til|hos)\s(?P<whom>operatøren|leverandøren)\b",
    re.IGNORECASE,
)
_DUTY_AFTER = re.compile(
    r"\s(?:(?:og|samt)\s.{0,60}?\s)?(?:[\w,-]{1,20}\s){0,2}?"
    r"(?:skal|må|plikter|pliktar|forplikt[ea]r|har\s+(?:plikt|ansvar\w{0,3}|hov[eu]dansvar\w{0,3})|er\s+(?:ansvarl[ei]g|forplikt(?:et|a)))\b",
    re.IGNORECASE,
)
_TO_OR_BY = re.compile(
    r"\bskal\b.{0,120}\b(?:rapporter\w{0,4}|send\w{0,3}|lever\w{0,3}|godkjen\w{0,4}|betal\w{0,4}|utbetal\w{0,4}"
    r"|utfør\w{0,4}|gjennomfør\w{0,3}|dekk\w{0,3}|finansier\w{0,3}|led\w{0,3}|leie\w{0,2})\b.{0,60}\b(?:til|av|fr[aå])\s{1,3}$",
    re.IGNORECASE,
)
_HEADING_AFTER = re.compile(
    r"(?:\s(?:sitt|sine))?\s{1,3}(?:ansvar|oppgaver|plikter|oppgåver)\b", re.IGNORECASE
)
_REACH = 200


def duties_outside_parties(document: Document, context: Context) -> Iterator[Finding]:
    """Find duties put on, owed to or carried out by somebody who is not bound by the agreement.

    The operator, unless it is a party, and registered bodies that are no party, signed for by none
    and not in the contribution table. A unit of a party, and the agency it is a unit of, are bound.
    """
    bound = _bound(document)
    strangers = [b.name for b in context.bodies if not _is_bound(b.name, bound)]
    outside = frozenset(name for name in strangers if " " in name)
    # «Modum skal …»: a municipality goes by its short name too, unless that is a party's.
    places = {name.removesuffix(" kommune") for name in outside if name.endswith(" kommune")}
    places -= {word for name in bound for word in name.split()}
    outside |= places
    named = finder((*sorted(outside), *bound), standalone=True)
    operator_bound = any(p.body.kind is BodyKind.OPERATOR for p in document.parties)
    for sentence in sentences(document):
        if sentence.kind is Kind.FIELD:
            continue
        who = None if operator_bound else _contractor(sentence)
        if who is None:
            who = next(
                (
                    sentence.text[found.start : found.end]
                    for found in named.find(sentence.text)
                    if found.name in outside and _has_duty(sentence, found)
                ),
                None,
            )
        if who is not None:
            quote = excerpt(sentence.text, 0, len(sentence.text), around=0)
            yield Finding(
                Level.WARNING,
                Code.DUTY_OUTSIDE_PARTIES,
                f"{sentence.where()}«{quote}» gir en plikt som gjelder {who}, som ikke er part i "
                "avtalen og ikke er bundet av den. Legg plikten på en part, eller gjør den til part.",
                sentence.anchor,
            )


def _bound(document: Document) -> list[str]:
    names = [b.name for p in document.parties for b in (p.body, *p.on_behalf_of)]
    rows = document.financing.table.rows if document.financing else ()
    return list(dict.fromkeys([*names, *(row.name for row in rows)]))


def _is_bound(name: str, bound: list[str]) -> bool:
    return any(
        name == other or other.startswith(f"{name} ") or name.startswith(f"{other} ")
        for other in bound
    )


def _contractor(sentence: Passage) -> str | None:
    text = sentence.text.strip()[:_REACH]
    if sentence.kind is Kind.HEADING:
        match = _CONTRACTOR_HEADING.search(text)
    else:
        match = _CONTRACTOR.search(text) or _CONTRACTOR_DOES.search(text)
    if match is None:
        return None
    who: str = next(group for group in match.groups() if group)
    return who.lower().removesuffix("s")


def _has_duty(sentence: Passage, found: Found) -> bool:
    if sentence.kind is Kind.HEADING:
        return found.start == 0 and _HEADING_AFTER.match(sentence.text, found.end) is not None
    before = sentence.text[max(0, found.start - _REACH) : found.start]
    if not before.strip(" -–•«("):
        return _DUTY_AFTER.match(sentence.text, found.end) is not None
    return _TO_OR_BY.search(before) is not None
