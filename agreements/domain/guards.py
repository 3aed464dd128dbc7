"""What stands in the way of a step: each need of the table judged on plain facts. Pure.

The same answers tell the page what is missing and stop the writer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agreements.domain.checks import BLOCKS_SIGNING, Code, Finding, Level, Position
from agreements.domain.states import Action, Need, transition
from municipalities.norwegian import date_long, join


class Outcome(StrEnum):
    """What a council has decided."""

    ADOPTED = "adopted"
    CONDITIONAL = "conditional"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the guards look at. Names are bodies' short names; dates are the installation's calendar days."""

    today: date
    term_start: date
    term_end: date
    has_financing: bool = True
    findings: tuple[Finding, ...] = ()  # those that nobody has acknowledged
    answers: tuple[tuple[str, Position], ...] = ()
    deadline: date | None = None
    outcomes: tuple[tuple[str, Outcome | None], ...] = ()  # of those whose council must decide
    limits: tuple[str, ...] = ()  # why the signing service would not take the agreement, in bokmål


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A need that is not met, and in bokmål what is missing."""

    need: Need
    message: str


def obstacles(action: Action, facts: Facts) -> tuple[Obstacle, ...]:
    """Return what stands in the way, in the order of the table; empty when the step can be taken."""
    messages = ((need, _JUDGES[need](facts)) for need in transition(action).needs)
    return tuple(Obstacle(need, message) for need, message in messages if message)


def conclusion(outcomes: Iterable[Outcome | None]) -> Action | None:
    """Return the step that follows from the councils' decisions; None until all have decided.

    All without conditions: adopted. None at all: rejected. Anything between is partly adopted, and
    somebody must choose (koml. §§ 18-4, 19-4 and 20-4 let each council decide for itself).
    """
    said = tuple(outcomes)
    if not said or None in said:
        return None
    if all(outcome is Outcome.ADOPTED for outcome in said):
        return Action.ADOPT
    if all(outcome is Outcome.REJECTED for outcome in said):
        return Action.REJECT
    return Action.ADOPT_PARTLY


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def _errors(facts: Facts) -> str:
    found = sum(finding.level is Level.ERROR for finding in facts.findings)
    funn = _count(found, "funn som må rettes", "funn som må rettes")
    return f"Kontrollen har {funn}." if found else ""


def _warnings(facts: Facts) -> str:
    found = sum(finding.level is Level.WARNING for finding in facts.findings)
    if not found:
        return ""
    return (
        f"Kontrollen har {_count(found, 'advarsel', 'advarsler')} som verken er rettet eller vurdert "
        "med en begrunnelse."
    )


def _financing(facts: Facts) -> str:
    return "" if facts.has_financing else "Avtalen har ingen bidragstabell. Velg et alternativ."


def _answered(facts: Facts) -> str:
    waiting = [name for name, position in facts.answers if position is Position.UNDECIDED]
    late = facts.deadline is not None and facts.today > facts.deadline
    if not waiting or late:
        return ""
    until = f" Fristen er {date_long(facts.deadline)}." if facts.deadline else ""
    return f"{join(waiting)} har ikke svart.{until}"


def _positive(facts: Facts) -> str:
    positive = any(
        position in (Position.POSITIVE, Position.CONDITIONAL) for _, position in facts.answers
    )
    return "" if positive else "Ingen har svart positivt."


def _resolved(facts: Facts) -> str:
    waiting = [name for name, outcome in facts.outcomes if outcome is None]
    return f"Vedtaket fra {join(waiting)} er ikke registrert." if waiting else ""


def _no_reservation(facts: Facts) -> str:
    no = [name for name, outcome in facts.outcomes if outcome is Outcome.REJECTED]
    return f"{join(no)} har sagt nei." if no else ""


_SIGNING = {
    Code.SIGNATORY_MISSING: "navn på den som signerer",
    Code.MANDATE_MISSING: "fullmakt",
}


def _signers(facts: Facts) -> str:
    missing = [
        words
        for code, words in _SIGNING.items()
        if code in BLOCKS_SIGNING and any(finding.code is code for finding in facts.findings)
    ]
    return f"Partene mangler {join(missing)}." if missing else ""


def _limits(facts: Facts) -> str:
    if not facts.limits:
        return ""
    mend = "Dette rettes i utkastet: trekk versjonen tilbake, og lås den på nytt."
    return " ".join([*facts.limits, mend])


def _started(facts: Facts) -> str:
    if facts.today >= facts.term_start:
        return ""
    return f"Avtaleperioden begynner {date_long(facts.term_start)}."


def _ended(facts: Facts) -> str:
    return (
        ""
        if facts.today > facts.term_end
        else f"Avtaleperioden varer til {date_long(facts.term_end)}."
    )


_JUDGES = {
    Need.NO_ERRORS: _errors,
    Need.WARNINGS_ACKNOWLEDGED: _warnings,
    Need.FINANCING: _financing,
    Need.ANSWERED_OR_LATE: _answered,
    Need.SOMEBODY_POSITIVE: _positive,
    Need.ALL_RESOLVED: _resolved,
    Need.SIGNERS_KNOWN: _signers,
    Need.SIGNING_LIMITS: _limits,
    Need.NO_RESERVATION: _no_reservation,
    Need.TERM_STARTED: _started,
    Need.TERM_ENDED: _ended,
}
