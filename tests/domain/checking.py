"""What the tests of the checks share: one clause or one fact put into an agreement without defects."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.domain.checks import Context, Finding, RegisteredBody, run
from agreements.domain.document import Clause, Document
from agreements.domain.resolve import RBlock, ResolvedClause, RList, RParagraph, RTable, resolve
from financing.calculation import ContributorKind
from tests.builders import a_document, clauses

# The warning the clean agreement has: Skogland contributes conditionally.
EXPECTED = "contributor_not_confirmed"

# A register with a body dissolved before the term, one dissolved in it, one with a shorter name than
# a body that still exists, and one whose name was in use twice.
CONTEXT = Context(
    bodies=(
        RegisteredBody("Fjelland fylkeskommune", None, date(2019, 12, 31)),
        RegisteredBody("Fjelland fylkeskommune", date(2024, 1, 1)),
        RegisteredBody(
            "Storfjelland fylkeskommune",
            date(2020, 1, 1),
            date(2023, 12, 31),
            "Fjelland fylkeskommune",
        ),
        RegisteredBody("Granvik kommune", None, date(2026, 12, 31), "Granstad kommune"),
        RegisteredBody("Skogvik", date(2020, 1, 1), date(2023, 12, 31)),
        RegisteredBody("Nav Skogvik", date(2020, 1, 1)),
        RegisteredBody("Elveby kommune"),
        RegisteredBody("Dalstad kommune"),
    ),
    minimum_rates=(
        (ContributorKind.MUNICIPALITY, Decimal("5.50")),
        (ContributorKind.COUNTY_AUTHORITY, Decimal("5.50")),
    ),
)


def findings(
    text: str, heading: str = "Avtalt", context: Context = CONTEXT, **changes: Any
) -> list[Finding]:
    """Run the checks on the clean agreement with one more clause, and return what is found there."""
    document = a_document(clauses=(*clauses(), Clause("proven", heading, text)), **changes)
    return [finding for finding in run(document, context) if finding.anchor == "punkt:proven"]


def codes(text: str, heading: str = "Avtalt", **changes: Any) -> list[str]:
    """Return the codes found in one more clause."""
    return [str(finding.code) for finding in findings(text, heading, **changes)]


def typed_out(document: Document) -> Document:
    """Return the agreement with every fact and reference typed by hand, as someone without facts would."""
    resolved: dict[str, ResolvedClause] = {}

    def collect(found: tuple[ResolvedClause, ...]) -> None:
        for clause in found:
            resolved[clause.key] = clause
            collect(clause.children)

    def written(clause: Clause) -> Clause:
        printed = resolved[clause.key]
        text = "\n\n".join(_written(block) for block in printed.blocks)
        children = tuple(written(child) for child in clause.children)
        return Clause(clause.key, printed.heading, text, clause.source, children)

    collect(resolve(document).clauses)
    return replace(document, clauses=tuple(written(clause) for clause in document.clauses))


def _written(block: RBlock) -> str:
    match block:
        case RParagraph(runs):
            return "".join(run.text for run in runs)
        case RList(_, items):
            return "\n".join("- " + " ".join(_written(inner) for inner in item) for item in items)
        case RTable():
            return "{{ tabell.bidrag }}"


def document_codes(context: Context = CONTEXT, **changes: Any) -> list[str]:
    """Return the codes found in the clean agreement with changes, apart from the one it always has."""
    found = [str(finding.code) for finding in run(a_document(**changes), context)]
    if EXPECTED in found:
        found.remove(EXPECTED)
    return found
