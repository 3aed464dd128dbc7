"""The same bodies everywhere: among the parties, in the contribution table and where somebody signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from agreements.domain.checks import model
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.names import NameFinder, finder
from agreements.domain.checks.reading import Passage, sentences
from agreements.domain.document import Body, BodyKind, Document, Party
from financing.calculation import Row, Status
from municipalities.norwegian import join

# A conditional contributor is named as such in the text; these stand in the table as if they were bound.
_BOUND = frozenset({Status.CONFIRMED, Status.UNDECIDED})


def contributors_and_parties(document: Document, context: Context) -> Iterator[Finding]:
    """Find contributors nobody signs for, and municipalities signed for that are not in the table."""
    if document.financing is None:
        return
    rows = {row.key: row for row in document.financing.table.rows}
    bodies = {body.key: body for body in _bodies(document.parties)}
    for row in rows.values():
        if row.key not in bodies and row.status in _BOUND:
            yield Finding(
                Level.ERROR,
                Code.CONTRIBUTOR_NOT_PARTY,
                f"{row.name} står i bidragstabellen, men er ikke part, og ingen part skriver under på "
                f"vegne av {row.name}. Legg til {row.name} under Parter, merk bidraget som betinget "
                "under Økonomi, eller ta det ut av tabellen.",
                model.PARTIES,
            )
    for body in bodies.values():
        if body.kind is BodyKind.MUNICIPALITY:
            yield from _payer(body, rows.get(body.key))


def _payer(body: Body, row: Row | None) -> Iterator[Finding]:
    if row is None:
        yield Finding(
            Level.ERROR,
            Code.PARTY_NOT_IN_TABLE,
            f"{body.name} er bundet av avtalen, men står ikke i bidragstabellen. Ta kommunen med under "
            "Økonomi, eller ta den ut under Parter.",
            model.PARTIES,
        )
    elif row.status is Status.DECLINED:
        yield Finding(
            Level.WARNING,
            Code.PARTY_DECLINED,
            f"{body.name} har sagt nei til å bidra, men er fortsatt bundet av avtalen. Ta kommunen ut "
            "under Parter, eller endre svaret under Økonomi.",
            model.PARTIES,
        )


def named_twice(document: Document, context: Context) -> Iterator[Finding]:
    """Find bodies that stand twice among the parties and those they sign for, or in the table."""
    bodies = list(_bodies(document.parties))
    names = {body.key: body.name for body in bodies}
    for key, times in Counter(body.key for body in bodies).items():
        if times > 1:
            yield Finding(
                Level.ERROR,
                Code.NAMED_TWICE,
                f"{names[key]} er nevnt {times} ganger blant partene og dem det skrives under for. Hver "
                "skal stå én gang.",
                model.PARTIES,
            )
    if document.financing is None:
        return
    rows = document.financing.table.rows
    labels = {row.key: row.name for row in rows}
    for key, times in Counter(row.key for row in rows).items():
        if times > 1:
            yield Finding(
                Level.ERROR,
                Code.NAMED_TWICE,
                f"{labels[key]} står {times} ganger i bidragstabellen. Hver bidragsyter skal stå én gang.",
                model.FINANCING,
            )


def signatories(document: Document, context: Context) -> Iterator[Finding]:
    """Find parties without a named signatory, or whose right to sign is not stated."""
    for party in document.parties:
        name = party.body.name
        if not (party.signatory_name.strip() and party.signatory_title.strip()):
            yield Finding(
                Level.WARNING,
                Code.SIGNATORY_MISSING,
                f"Det er ikke skrevet hvem som skriver under for {name}. Fyll ut navn og tittel under "
                "Parter før avtalen sendes til signering.",
                model.PARTIES,
            )
        if not party.mandate.strip():
            yield Finding(
                Level.WARNING,
                Code.MANDATE_MISSING,
                f"Det er ikke skrevet hva retten til å skrive under for {name} bygger på. Fyll ut "
                "fullmakten under Parter før avtalen sendes til signering.",
                model.PARTIES,
            )


MOST_SIGNERS = 10  # for one document in the signing service


def signers(document: Document, context: Context) -> Iterator[Finding]:
    """Find more parties than can sign one document in the signing service."""
    count = len(document.parties)
    if count > MOST_SIGNERS:
        yield Finding(
            Level.WARNING,
            Code.TOO_MANY_SIGNERS,
            f"Avtalen har {count} parter som skriver under. Signeringstjenesten tar {MOST_SIGNERS} for hvert "
            "dokument. La en part skrive under på vegne av flere, eller signer på en annen måte.",
            model.PARTIES,
        )


_ON_BEHALF = re.compile(r"\bpå\s+vegner?\s+av\b", re.IGNORECASE)
_LIST_GAP = re.compile(r"[\s,]{0,4}(?:(?:og|samt|kommunene|kommunane|kommune)\b[\s,]{0,3}){0,2}")
_LONGEST_LIST = 600  # letters
_PARTIES_HEADING = re.compile(r"\b(?:avtale)?part(?:er|ar|ene|ane)?\b", re.IGNORECASE)


def signed_for(document: Document, context: Context) -> Iterator[Finding]:
    """Find typed «på vegne av …» lists that name others than those the parties sign for.

    In the clause about the parties the list must also be complete.
    """
    signers = [party for party in document.parties if party.on_behalf_of]
    if not signers:
        return
    finder, keys = _municipality_names(document, context)
    for sentence in sentences(document):
        for match in _ON_BEHALF.finditer(sentence.typed):
            listed = _listed(sentence, match.end(), finder)
            if listed:
                yield from _compare(document, signers, sentence, [keys[name] for name in listed])


def _municipality_names(
    document: Document, context: Context
) -> tuple[NameFinder, dict[str, tuple[str, str]]]:
    """Return a finder of municipalities, and each found name's key and short name."""
    keys: dict[str, tuple[str, str]] = {}
    for registered in context.bodies:
        short = registered.name.removesuffix(" kommune")
        if short != registered.name:
            keys[registered.name] = keys[short] = (short, short)
    if document.financing is not None:
        for row in document.financing.table.rows:
            short = row.name.removesuffix(" kommune")
            keys[f"{short} kommune"] = keys[short] = (row.key, short)
    for body in _bodies(document.parties):
        keys[body.name] = keys[body.short_name] = (body.key, body.short_name)
    return finder(tuple(keys)), keys


def _listed(sentence: Passage, start: int, finder: NameFinder) -> list[str]:
    """Return the names in the list that begins at `start`; none where no list of names does."""
    names: list[str] = []
    position = start
    text = sentence.text[start : start + _LONGEST_LIST]
    for found in finder.find(text):
        gap = text[position - start : found.start]
        if _LIST_GAP.fullmatch(gap) is None:
            break
        names.append(found.name)
        position = start + found.end
    return names


def _compare(
    document: Document, signers: list[Party], sentence: Passage, listed: list[tuple[str, str]]
) -> Iterator[Finding]:
    right = " og ".join(
        f"{p.body.name} på vegne av {join(b.short_name for b in p.on_behalf_of)}" for p in signers
    )
    own = {body.key for body in _bodies(document.parties)}
    shorts = {body.short_name for body in _bodies(document.parties)}
    strangers = [short for key, short in listed if key not in own and short not in shorts]
    if strangers:
        yield Finding(
            Level.ERROR,
            Code.SIGNED_FOR_DIFFERS,
            f"{sentence.where()}Teksten nevner {join(strangers)}, men etter partslisten skriver {right} "
            "under. Rett teksten eller partene.",
            sentence.anchor,
        )
        return
    if len(listed) < 2 or not _PARTIES_HEADING.search(sentence.label):
        return
    named = {key for key, _short in listed}
    missing = [b.short_name for p in signers for b in p.on_behalf_of if b.key not in named]
    if missing and all(not _exactly(party, named) for party in signers):
        yield Finding(
            Level.ERROR,
            Code.SIGNED_FOR_DIFFERS,
            f"{sentence.where()}Teksten nevner ikke {join(missing)}. Etter partslisten skriver {right} "
            "under. Rett teksten eller partene.",
            sentence.anchor,
        )


def _exactly(party: Party, named: set[str]) -> bool:
    return {b.key for b in party.on_behalf_of} == named - {party.body.key}


def _bodies(parties: tuple[Party, ...]) -> Iterator[Body]:
    for party in parties:
        yield party.body
        yield from party.on_behalf_of
