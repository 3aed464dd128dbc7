"""The states an agreement goes through, as one table of transitions. Pure.

The table governs: `agreements.workflow` carries out nothing that is not in it, the pages offer what it
allows, and docs/states.md is printed from it. Who may ask for a step is said as a role here and
found out by `agreements.access`; what a step needs is said here and judged by `agreements.domain.guards`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How far the agreement has come."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RECOMMENDED = "recommended"
    IN_RESOLUTION = "in_resolution"
    ADOPTED = "adopted"
    PARTLY_ADOPTED = "partly_adopted"
    REJECTED = "rejected"
    READY_TO_SIGN = "ready_to_sign"
    PARTLY_SIGNED = "partly_signed"
    SIGNED = "signed"
    ACTIVE = "active"
    AMENDED = "amended"
    NOTICE_GIVEN = "notice_given"
    EXTENDED = "extended"
    EXPIRED = "expired"
    ARCHIVED = "archived"


class Action(StrEnum):
    """A step from one state to another."""

    FREEZE = "freeze"
    WITHDRAW = "withdraw"
    RECOMMEND = "recommend"
    SEND_TO_COUNCILS = "send_to_councils"
    ADOPT = "adopt"
    ADOPT_PARTLY = "adopt_partly"
    REJECT = "reject"
    GO_ON_WITHOUT = "go_on_without"
    ACCEPT_CONDITIONS = "accept_conditions"
    GIVE_UP = "give_up"
    CORRECT = "correct"
    NEW_ROUND = "new_round"
    PREPARE_SIGNING = "prepare_signing"
    SIGN_PARTLY = "sign_partly"
    SIGN = "sign"
    UNSIGN_PARTLY = "unsign_partly"
    UNSIGN = "unsign"
    START = "start"
    AMEND = "amend"
    EXTEND = "extend"
    GIVE_NOTICE = "give_notice"
    EXPIRE = "expire"
    ARCHIVE = "archive"


class Asker(StrEnum):
    """Who may ask for a step."""

    ADMINISTRATOR = "administrator"  # of the contract municipality
    PROGRAM = "program"  # it follows from something else that somebody has recorded


class Need(StrEnum):
    """What must be so before a step."""

    NO_ERRORS = "no_errors"
    WARNINGS_ACKNOWLEDGED = "warnings_acknowledged"
    FINANCING = "financing"
    ANSWERED_OR_LATE = "answered_or_late"
    SOMEBODY_POSITIVE = "somebody_positive"
    ALL_RESOLVED = "all_resolved"
    SIGNERS_KNOWN = "signers_known"
    SIGNING_LIMITS = "signing_limits"
    NO_RESERVATION = "no_reservation"
    TERM_STARTED = "term_started"
    TERM_ENDED = "term_ended"


@dataclass(frozen=True, slots=True)
class Transition:
    """One line of the table. `label` is the button, bokmål; `effect` says what happens, one sentence."""

    action: Action
    sources: tuple[State, ...]
    target: State
    asker: Asker
    label: str
    effect: str
    needs: tuple[Need, ...] = ()
    reason: bool = False  # a reason must be given

    @property
    def slug(self) -> str:
        """The action as it stands in an address."""
        return self.action.value.replace("_", "-")


_OPEN = (State.IN_REVIEW, State.RECOMMENDED, State.IN_RESOLUTION, State.ADOPTED)
_RUNNING = (State.ACTIVE, State.AMENDED, State.EXTENDED)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        Action.FREEZE,
        (State.DRAFT,),
        State.IN_REVIEW,
        Asker.ADMINISTRATOR,
        "Lås og send til behandling",
        "Teksten, tallene og partene låses som en ny versjon, og hver kommune blir bedt om svar.",
        (Need.FINANCING, Need.NO_ERRORS, Need.WARNINGS_ACKNOWLEDGED),
    ),
    Transition(
        Action.WITHDRAW,
        (*_OPEN, State.PARTLY_ADOPTED, State.READY_TO_SIGN),
        State.DRAFT,
        Asker.ADMINISTRATOR,
        "Trekk versjonen tilbake",
        "Utkastet åpnes for redigering igjen, og svarene gjelder ikke lenger. Alle som er spurt, får "
        "beskjed.",
        reason=True,
    ),
    Transition(
        Action.RECOMMEND,
        (State.IN_REVIEW,),
        State.RECOMMENDED,
        Asker.ADMINISTRATOR,
        "Avslutt runden med innstilling",
        "Svarene blir stående som de er, og avtalen er innstilt. Ingen kan svare etterpå.",
        (Need.ANSWERED_OR_LATE, Need.SOMEBODY_POSITIVE),
    ),
    Transition(
        Action.SEND_TO_COUNCILS,
        (State.RECOMMENDED,),
        State.IN_RESOLUTION,
        Asker.ADMINISTRATOR,
        "Send til vedtak",
        "Kommunestyrene skal vedta avtalen. Vedtakene registreres her etter hvert.",
    ),
    Transition(
        Action.ADOPT,
        (State.IN_RESOLUTION,),
        State.ADOPTED,
        Asker.PROGRAM,
        "Vedtatt",
        "Alle har vedtatt avtalen uten vilkår.",
        (Need.ALL_RESOLVED,),
    ),
    Transition(
        Action.ADOPT_PARTLY,
        (State.IN_RESOLUTION,),
        State.PARTLY_ADOPTED,
        Asker.PROGRAM,
        "Delvis vedtatt",
        "Noen har vedtatt avtalen, andre har sagt nei eller satt vilkår.",
        (Need.ALL_RESOLVED,),
    ),
    Transition(
        Action.REJECT,
        (State.IN_RESOLUTION,),
        State.REJECTED,
        Asker.PROGRAM,
        "Forkastet",
        "Ingen har vedtatt avtalen.",
        (Need.ALL_RESOLVED,),
    ),
    Transition(
        Action.GO_ON_WITHOUT,
        (State.PARTLY_ADOPTED,),
        State.DRAFT,
        Asker.ADMINISTRATOR,
        "Gå videre uten dem som sa nei",
        "De som sa nei, tas ut av økonomien og av partene, og utkastet åpnes så teksten kan følge "
        "etter. De andre må ta stilling til den nye versjonen.",
        reason=True,
    ),
    Transition(
        Action.ACCEPT_CONDITIONS,
        (State.PARTLY_ADOPTED,),
        State.ADOPTED,
        Asker.ADMINISTRATOR,
        "Godta vilkårene",
        "Ingen har sagt nei, og vilkårene er oppfylt eller tatt til følge uten å endre avtalen.",
        (Need.NO_RESERVATION,),
        reason=True,
    ),
    Transition(
        Action.GIVE_UP,
        (State.PARTLY_ADOPTED,),
        State.REJECTED,
        Asker.ADMINISTRATOR,
        "Avslutt uten avtale",
        "Avtalen blir ikke inngått.",
        reason=True,
    ),
    Transition(
        Action.CORRECT,
        (State.ADOPTED, State.PARTLY_ADOPTED, State.REJECTED),
        State.IN_RESOLUTION,
        Asker.ADMINISTRATOR,
        "Rett et vedtak som er ført feil",
        "Vedtakene kan rettes. Når de er riktige, følger avtalens status av dem på nytt.",
        reason=True,
    ),
    Transition(
        Action.NEW_ROUND,
        (State.REJECTED,),
        State.DRAFT,
        Asker.ADMINISTRATOR,
        "Åpne utkastet igjen",
        "Utkastet åpnes for en ny runde. Det som er sagt og vedtatt, blir stående i historikken.",
        reason=True,
    ),
    Transition(
        Action.PREPARE_SIGNING,
        (State.ADOPTED,),
        State.READY_TO_SIGN,
        Asker.ADMINISTRATOR,
        "Gjør klar til signering",
        "Den endelige PDF-en lages én gang og lagres. Etter dette endres den aldri.",
        (Need.SIGNERS_KNOWN, Need.SIGNING_LIMITS),
    ),
    Transition(
        Action.SIGN_PARTLY,
        (State.READY_TO_SIGN, State.PARTLY_SIGNED),
        State.PARTLY_SIGNED,
        Asker.PROGRAM,
        "Delvis signert",
        "Noen av partene har signert.",
    ),
    Transition(
        Action.SIGN,
        (State.READY_TO_SIGN, State.PARTLY_SIGNED),
        State.SIGNED,
        Asker.PROGRAM,
        "Signert",
        "Alle partene har signert.",
    ),
    Transition(
        Action.UNSIGN_PARTLY,
        (State.PARTLY_SIGNED, State.SIGNED),
        State.PARTLY_SIGNED,
        Asker.PROGRAM,
        "Signatur tatt tilbake",
        "En bekreftelse på at noen har signert, var feil og er tatt tilbake. Andre har signert.",
        reason=True,
    ),
    Transition(
        Action.UNSIGN,
        (State.PARTLY_SIGNED, State.SIGNED),
        State.READY_TO_SIGN,
        Asker.PROGRAM,
        "Alle signaturer tatt tilbake",
        "En bekreftelse på at noen har signert, var feil og er tatt tilbake. Ingen har signert.",
        reason=True,
    ),
    Transition(
        Action.START,
        (State.SIGNED,),
        State.ACTIVE,
        Asker.ADMINISTRATOR,
        "Sett avtalen i kraft",
        "Avtaleperioden har begynt, og avtalen gjelder.",
        (Need.TERM_STARTED,),
    ),
    Transition(
        Action.AMEND,
        _RUNNING,
        State.AMENDED,
        Asker.ADMINISTRATOR,
        "Registrer en endring",
        "Partene har endret avtalen med et tillegg. Den signerte teksten blir stående.",
        reason=True,
    ),
    Transition(
        Action.EXTEND,
        _RUNNING,
        State.EXTENDED,
        Asker.ADMINISTRATOR,
        "Registrer en forlengelse",
        "Partene har forlenget avtalen.",
        reason=True,
    ),
    Transition(
        Action.GIVE_NOTICE,
        _RUNNING,
        State.NOTICE_GIVEN,
        Asker.ADMINISTRATOR,
        "Registrer en oppsigelse",
        "En part har sagt opp avtalen.",
        reason=True,
    ),
    Transition(
        Action.EXPIRE,
        (*_RUNNING, State.NOTICE_GIVEN),
        State.EXPIRED,
        Asker.ADMINISTRATOR,
        "Registrer at avtalen er utløpt",
        "Avtaleperioden er over.",
        (Need.TERM_ENDED,),
    ),
    Transition(
        Action.ARCHIVE,
        (State.EXPIRED, State.REJECTED),
        State.ARCHIVED,
        Asker.ADMINISTRATOR,
        "Arkiver",
        "Avtalen er avsluttet og kan bare leses.",
    ),
)

_BY_ACTION = {transition.action: transition for transition in TRANSITIONS}

# Bokmål; docs/states.md and the pages print these.
LABELS = {
    State.DRAFT: "utkast",
    State.IN_REVIEW: "til behandling",
    State.RECOMMENDED: "innstilt",
    State.IN_RESOLUTION: "til vedtak",
    State.ADOPTED: "vedtatt",
    State.PARTLY_ADOPTED: "delvis vedtatt",
    State.REJECTED: "forkastet",
    State.READY_TO_SIGN: "klar til signering",
    State.PARTLY_SIGNED: "delvis signert",
    State.SIGNED: "signert",
    State.ACTIVE: "i kraft",
    State.AMENDED: "endret",
    State.NOTICE_GIVEN: "sagt opp",
    State.EXTENDED: "forlenget",
    State.EXPIRED: "utløpt",
    State.ARCHIVED: "arkivert",
}

INPUT_STATES = frozenset({State.DRAFT, State.IN_REVIEW})  # in which people may say something
# In which the team may write the case paper: until the councils have it.
CASE_PAPER_STATES = frozenset({State.DRAFT, State.IN_REVIEW, State.RECOMMENDED})
# In which it may be changed how those who sign are reached: until all have signed, or nobody will.
CONTACT_STATES = frozenset(
    {*_OPEN, State.DRAFT, State.PARTLY_ADOPTED, State.READY_TO_SIGN, State.PARTLY_SIGNED}
)


class IllegalStepError(ValueError):
    """The table has no such step from this state."""


def transition(action: Action) -> Transition:
    """Return the line of the table for an action."""
    return _BY_ACTION[action]


def step(state: State, action: Action) -> State:
    """Return the state an action leads to. IllegalStepError where it is not allowed from `state`."""
    found = _BY_ACTION[action]
    if state not in found.sources:
        raise IllegalStepError(f"{action} is not a step from {state}")
    return found.target


def from_state(state: State, asker: Asker | None = None) -> tuple[Transition, ...]:
    """Return what can follow a state, in the order of the table; for one asker, or for all."""
    return tuple(
        found for found in TRANSITIONS if state in found.sources and asker in (None, found.asker)
    )


def as_markdown(lines: Iterable[Transition] = TRANSITIONS) -> str:
    """Print the table as docs/states.md has it."""
    rows = ["| from | step | to | who | needs | reason |", "|---|---|---|---|---|---|"]
    for line in lines:
        sources = ", ".join(f"`{source}`" for source in line.sources)
        needs = ", ".join(f"`{need}`" for need in line.needs) or "–"
        reason = "required" if line.reason else "–"
        rows.append(
            f"| {sources} | `{line.action}` «{line.label}» | `{line.target}` | {line.asker} "
            f"| {needs} | {reason} |"
        )
    return "\n".join(rows) + "\n"
