"""The consistency check: what is wrong or unfinished in an agreement. Pure.

`run` reads a Document and facts from outside it and returns findings; the same list is shown on
the page, printed by the command and asked by the guard before freezing. Each check is a function
`(document, context) -> Iterator[Finding]` listed in CHECKS; every code is described in
docs/checks.md. No check knows a particular agreement: what is right comes from the Document's own
facts and from the Context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from agreements.domain.checks import (
    amounts,
    attached,
    bodies,
    choices,
    drafting,
    duties,
    financing,
    headings,
    law_references,
    parties,
    placeholders,
    pointing,
    population,
    printing,
    rates,
    recommended,
    references,
    registered,
    stances,
    term,
)
from agreements.domain.checks.model import (
    AGREEMENT,
    BLOCKS_SIGNING,
    FINANCING,
    PARTIES,
    Code,
    Context,
    Finding,
    Level,
    Mend,
    Position,
    RegisteredBody,
    Stance,
    clause_anchor,
    service_anchor,
)
from agreements.domain.document import Document, walk

__all__ = [
    "BLOCKS_SIGNING",
    "CHECKS",
    "Code",
    "Context",
    "Finding",
    "Level",
    "Mend",
    "Position",
    "RegisteredBody",
    "Stance",
    "run",
]

Check = Callable[[Document, Context], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    placeholders.leftover_placeholders,
    placeholders.empty_tables,
    placeholders.contribution_table_missing,
    headings.typed_numbers,
    headings.imported_numbers,
    references.broken_facts,
    references.dead_references,
    pointing.references_that_hold,
    drafting.drafting_notes,
    law_references.law_references,
    duties.same_duty_twice,
    duties.optional_in_minimum,
    duties.duties_outside_parties,
    choices.minimum_for_all,
    choices.prices,
    choices.chosen_by_others,
    choices.additional_for_somebody,
    bodies.retired_bodies,
    registered.names_as_registered,
    registered.terms_of_the_field,
    parties.contributors_and_parties,
    parties.named_twice,
    parties.signed_for,
    parties.signatories,
    parties.signers,
    term.term_order,
    term.term_and_table,
    term.title_years,
    headings.title_length,
    printing.unprintable_characters,
    term.typed_term,
    population.population_numbers,
    population.population_dates,
    rates.rates,
    rates.index_percentages,
    rates.index_not_stated,
    amounts.amounts,
    financing.minimum_rates,
    financing.contributors_not_confirmed,
    financing.budget_reservation,
    stances.contradicting_stances,
    recommended.recommended_content,
    recommended.venue,
    attached.data_processing,
)

_LEVELS = tuple(Level)


def run(document: Document, context: Context) -> list[Finding]:
    """Return every finding once, in document order (title, parties, clauses, services, money), then by level.

    Findings of one place and level stand in the order of CHECKS and of the text, so that the same
    Document and Context always give the same list: it is remembered for those read last, as a draft is
    locked or taken back, and read again, without a word of it being another.
    """
    return list(_run(document, context))


@lru_cache(maxsize=160)  # as many as there are drafts in agreements/remembered.py
def _run(document: Document, context: Context) -> tuple[Finding, ...]:
    order = _anchor_order(document)
    found = dict.fromkeys(finding for check in CHECKS for finding in check(document, context))
    by_place = sorted(
        found, key=lambda f: (order.get(f.anchor, len(order)), _LEVELS.index(f.level))
    )
    return tuple(by_place)


def _anchor_order(document: Document) -> dict[str, int]:
    anchors = (
        AGREEMENT,
        PARTIES,
        *(clause_anchor(clause.key) for clause in walk(document.clauses)),
        *(service_anchor(service.key) for service in document.services),
        FINANCING,
    )
    return {anchor: place for place, anchor in enumerate(dict.fromkeys(anchors))}
