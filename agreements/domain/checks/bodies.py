"""Bodies that no longer exist, by the register's dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from agreements.domain import facts
from agreements.domain.checks import model
from agreements.domain.checks.mending import mend
from agreements.domain.checks.model import (
    Code,
    Context,
    Finding,
    Level,
    Mend,
    RegisteredBody,
)
from agreements.domain.checks.names import Found, finder
from agreements.domain.checks.reading import Passage, passages
from agreements.domain.document import BodyKind, Document, PartyRole
from financing.calculation import ContributorKind
from municipalities.norwegian import date_long

# «Tidligere Viken fylkeskommune» says itself that the body is gone.
_SAID_TO_BE_GONE = re.compile(
    r"\b(?:tidligere|tidlegare|daværende|dåverande|nedlag[td]e|oppløy?ste|gamle|forhenværende)\s{1,3}$",
    re.IGNORECASE,
)


def retired_bodies(document: Document, context: Context) -> Iterator[Finding]:
    """Find bodies whose validity ended before the term's first day (error) or in the term (info).

    Every registered name takes part in the search, so that the longest one wins and a body still
    in existence is never mistaken for a retired one with a shorter name.
    """
    registered: dict[str, list[RegisteredBody]] = defaultdict(list)
    for body in context.bodies:
        registered[body.name].append(body)
    endings = {
        name: ended
        for name, bodies in registered.items()
        if (ended := _ended(bodies, document.term_end)) is not None
    }
    if not endings:
        return
    own = [party.body.name for party in document.parties]
    named = finder((*registered, *own), standalone=True)
    for passage in passages(document):
        for found in named.find(passage.text):
            if found.name in endings:
                gone = _said_to_be_gone(passage, found)
                sure = None if gone else _mend(document, endings[found.name], passage, found)
                yield _finding(
                    document, endings[found.name], passage.where(), passage.anchor, gone, sure
                )
    yield from _outside_the_text(document, endings)


def _ended(bodies: list[RegisteredBody], term_end: date) -> RegisteredBody | None:
    """Return the last body of a name, where no body of that name exists to the end of the term."""
    if any(body.valid_to is None or body.valid_to >= term_end for body in bodies):
        return None
    return max(bodies, key=lambda body: body.valid_to or date.max)


def _said_to_be_gone(passage: Passage, found: Found) -> bool:
    before = passage.text[max(0, found.start - 20) : found.start]
    return _SAID_TO_BE_GONE.search(before) is not None


def _mend(document: Document, body: RegisteredBody, passage: Passage, found: Found) -> Mend | None:
    """Return who to name instead of a body that is gone.

    The county authority that is a party; where that is the very one that is gone, the contributing one
    of the contract municipality's county; else the registered successor.
    """
    if body.valid_to is None or body.valid_to >= document.term_start:
        return None
    written = passage.text[found.start : found.end]
    fact = "fylkeskommune.navn"
    authorities = [p for p in document.parties if p.role is PartyRole.COUNTY_AUTHORITY]
    gone_itself = any(party.body.name == body.name for party in authorities)
    county = _is_county_authority(body)
    if county and len(authorities) == 1 and not gone_itself and facts.values(document)[fact]:
        instead = f"{{{{ {fact} }}}}"
    elif county and (contributor := _own_county_authority(document)) not in ("", body.name):
        instead = contributor
    elif body.successor:
        instead = body.successor
    else:
        return None
    genitive = written.lower().endswith("s") and not found.name.lower().endswith("s")
    return mend(document, passage.anchor, written, f"{instead}s" if genitive else instead)


def _own_county_authority(document: Document) -> str:
    """The contributing county authority of the contract municipality's county; empty for none."""
    if document.financing is None:
        return ""
    rows = document.financing.table.rows
    contract = {p.body.key for p in document.parties if p.role is PartyRole.CONTRACT_MUNICIPALITY}
    counties = {row.county for row in rows if row.key in contract}
    authorities = (row for row in rows if row.kind is ContributorKind.COUNTY_AUTHORITY)
    return next((row.name for row in authorities if row.county in counties), "")


def _is_county_authority(body: RegisteredBody) -> bool:
    return body.kind is BodyKind.COUNTY_AUTHORITY or body.name.endswith(" fylkeskommune")


def _outside_the_text(document: Document, endings: dict[str, RegisteredBody]) -> Iterator[Finding]:
    """Look at the names of parties, of those they sign for and of contributors."""
    for party in document.parties:
        for body in (party.body, *party.on_behalf_of):
            if body.name in endings:
                yield _finding(document, endings[body.name], "Parter: ", model.PARTIES)
    if document.financing is not None:
        for row in document.financing.table.rows:
            if row.name in endings:
                yield _finding(document, endings[row.name], "Bidragstabellen: ", model.FINANCING)


def _finding(
    document: Document,
    body: RegisteredBody,
    where: str,
    anchor: str,
    gone: bool = False,
    sure: Mend | None = None,
) -> Finding:
    assert body.valid_to is not None  # only ended bodies get here
    before = body.valid_to < document.term_start
    level = Level.ERROR if before and not gone else Level.INFO
    ended = "opphørte" if before else "opphører i avtaleperioden,"
    follows = f" Etterfølger: {body.successor}." if body.successor else ""
    advice = "" if gone else " Skriv navnet på den som har oppgaven i avtaleperioden."
    message = f"{where}{body.name} {ended} {date_long(body.valid_to)}.{follows}{advice}"
    return Finding(level, Code.RETIRED_BODY, message, anchor, sure)
