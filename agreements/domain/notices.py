"""Who is told of what: for each event of the record, the audiences and what they read. Pure.

A notice says what has happened and where to look. It never has the words of an answer or of input, so a
mailbox holds nothing that the page would not show; the reason of a withdrawal is meant for those asked.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

SUBJECT_LIMIT = 200


class Kind(StrEnum):
    """What a person may set apart: at once, in a daily summary, or not at all."""

    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    REMINDER = "reminder"
    ANSWERS = "answers"
    INPUT = "input"
    PROGRESS = "progress"
    REQUEST = "request"


KINDS = {
    Kind.ASKED: "Du blir bedt om svar, eller fristen flyttes",
    Kind.WITHDRAWN: "En versjon du er spurt om, trekkes tilbake",
    Kind.REMINDER: "Påminnelser før og etter svarfristen",
    Kind.ANSWERS: "Kommunene svarer",
    Kind.INPUT: "Innspill kommer, eller ditt eget får svar",
    Kind.PROGRESS: "Behandlingen går videre: steg og vedtak",
    Kind.REQUEST: "En redaktør ber om at utkastet låses",
}
MANDATORY = frozenset(
    {Kind.ASKED, Kind.WITHDRAWN}
)  # somebody waits for the person: never wholly off


class Audience(StrEnum):
    """Groups of people, as the agreement has them when the event is stored."""

    ASKED = "asked"  # who may answer for a body that is asked
    UNANSWERED = "unanswered"  # those of them whose body has not answered
    DELEGATE = "delegate"
    TEAM = "team"  # the editors of the region's municipalities
    ADMINISTRATORS = "administrators"  # of the contract municipality
    AUTHOR = "author"  # of the input


class Page(StrEnum):
    """Where a notice leads."""

    REVIEW = "review"
    DECISION = "decision"
    INPUT = "input"
    AGREEMENT = "agreement"


PAGES = {
    Page.REVIEW: "Behandling",
    Page.DECISION: "Svar på versjonen",
    Page.INPUT: "Innspill",
    Page.AGREEMENT: "Oversikt",
}


@dataclass(frozen=True)
class Facts:
    """What an event says, as far as notices use it. Empty where the event says nothing of it."""

    title: str
    version: int | None = None
    deadline: dt.date | None = None
    name: str = ""  # of the body it is about
    stance: str = ""
    to_name: str = ""
    reason: str = ""
    days: tuple[str, str] = ("", "")
    about: str = ""
    sender: str = ""
    internal: bool = False
    complete: bool = False  # the last of those who decide has answered


@dataclass(frozen=True)
class Notice:
    """What one audience reads. `internal` is for those who may see internal input and nobody else."""

    audience: Audience
    kind: Kind
    subject: str
    text: str
    page: Page
    internal: bool = False


_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni", "juli"),
    *("august", "september", "oktober", "november", "desember"),
)
_STEPS = {
    "state.recommend": "Runden om versjon {version} er avsluttet med innstilling.",
    "state.send_to_councils": "Versjon {version} er sendt til vedtak i kommunestyrene.",
    "state.adopt": "Versjon {version} er vedtatt av alle.",
    "state.adopt_partly": "Versjon {version} er delvis vedtatt.",
    "state.reject": "Versjon {version} ble ikke vedtatt av noen.",
    "state.accept_conditions": "Vilkårene til versjon {version} er godtatt.",
    "state.give_up": "Avtalen blir ikke inngått.",
    "state.correct": "Vedtakene om versjon {version} er åpnet for retting.",
    "state.new_round": "Utkastet er åpnet for en ny runde.",
    "state.go_on_without": "Avtalen går videre uten dem som sa nei. Utkastet er åpnet igjen.",
    "state.prepare_signing": "Versjon {version} er gjort klar til signering.",
    "state.sign_partly": "Versjon {version} er signert av noen av partene.",
    "state.sign": "Versjon {version} er signert av alle partene.",
    "state.unsign_partly": "Det er tatt tilbake at {name} har signert versjon {version}.",
    "state.unsign": "Det er tatt tilbake at {name} har signert versjon {version}. Ingen har signert nå.",
    "state.start": "Avtalen har trådt i kraft.",
    "state.amend": "En endring av avtalen er registrert.",
    "state.extend": "En forlengelse av avtalen er registrert.",
    "state.give_notice": "En oppsigelse av avtalen er registrert.",
    "state.expire": "Avtalen er utløpt.",
    "state.archive": "Avtalen er arkivert.",
}
_INPUT = {
    "input.answered": ("Innspillet ditt har fått svar", "har fått svar"),
    "input.resolved": ("Innspillet ditt er avklart", "er avklart"),
    "input.accepted": ("Forslaget ditt er tatt inn", "er tatt inn i avtalen"),
    "input.declined": ("Innspillet ditt er avslått", "er avslått. Begrunnelsen står på siden"),
    "input.reopened": ("Innspillet ditt er åpnet igjen", "er åpnet igjen"),
}
WITHDRAWING = frozenset({"state.withdraw", "state.go_on_without", "state.new_round"})
TOLD = frozenset(
    {
        *("state.freeze", "state.withdraw", "round.deadline_moved", "freeze.requested"),
        *("decision.given", "decision.taken_back", "resolution.recorded"),
        *("delegation.given", "delegation.revoked", "input.added"),
        *_STEPS,
        *_INPUT,
    }
)


def about(action: str, facts: Facts) -> tuple[Notice, ...]:
    """Return who is told of an event and what, most concerned first; nothing for most events."""
    if action.startswith("input."):
        return _of_input(action, facts)
    if action in ("decision.given", "decision.taken_back", "resolution.recorded"):
        return _of_answers(action, facts)
    found: list[Notice] = []
    if action in WITHDRAWING and facts.version is not None:
        found.append(_withdrawn(facts))
    if action == "state.freeze":
        found += _frozen(facts)
    elif action == "state.withdraw":
        text = f"Versjon {facts.version} er trukket tilbake, og utkastet er åpent igjen."
        found += _to_team(facts, "En versjon er trukket tilbake", text)
    elif action == "round.deadline_moved":
        text = f"Svarfristen for versjon {facts.version} er flyttet til {day(facts.deadline)}."
        found.append(
            _notice(facts, Audience.UNANSWERED, Kind.ASKED, "Ny svarfrist", text, Page.DECISION)
        )
    elif action == "freeze.requested":
        text = (
            "En redaktør mener utkastet er ferdig, og ber om at det låses og sendes til behandling."
        )
        found.append(
            _notice(facts, Audience.ADMINISTRATORS, Kind.REQUEST, "En redaktør ber om låsing", text)
        )
    elif action in ("delegation.given", "delegation.revoked"):
        found.append(_delegation(action, facts))
    elif action in _STEPS:
        back = action.startswith("state.unsign")
        subject = "En signatur er tatt tilbake" if back else "Avtalen er kommet videre"
        found += _to_team(facts, subject, _STEPS[action])
    return tuple(found)


def _notice(
    facts: Facts, audience: Audience, kind: Kind, subject: str, text: str, page: Page = Page.REVIEW
) -> Notice:
    whole = f"{subject}: {facts.title}"
    if len(whole) > SUBJECT_LIMIT:
        whole = whole[: SUBJECT_LIMIT - 1] + "…"
    return Notice(audience, kind, whole, f"{facts.title}\n\n{text}", page)


def _frozen(facts: Facts) -> list[Notice]:
    asked = (
        f"Versjon {facts.version} er låst, og {{bodies}} er bedt om svar. "
        f"Fristen er {day(facts.deadline)}."
    )
    subject = f"Svar innen {day(facts.deadline)}"
    told = f"Versjon {facts.version} er låst og sendt til behandling. Svarfristen er {day(facts.deadline)}."
    return [
        _notice(facts, Audience.ASKED, Kind.ASKED, subject, asked, Page.DECISION),
        *_to_team(facts, "Sendt til behandling", told),
    ]


def _withdrawn(facts: Facts) -> Notice:
    text = f"Versjon {facts.version} er trukket tilbake. Dere skal ikke svare på den eller behandle den."
    if facts.reason:
        text += f"\n\nBegrunnelse: {facts.reason}"
    subject = f"Versjon {facts.version} er trukket tilbake"
    return _notice(facts, Audience.ASKED, Kind.WITHDRAWN, subject, text)


def _of_answers(action: str, facts: Facts) -> tuple[Notice, ...]:
    if action == "resolution.recorded":
        text = f"Vedtaket fra {facts.name} om versjon {facts.version} er registrert."
        return tuple(_to_team(facts, f"Vedtak fra {facts.name}", text))
    if action == "decision.taken_back":
        subject, text = (
            f"{facts.name} har trukket svaret",
            f"{facts.name} har trukket svaret på versjon {facts.version}.",
        )
    else:
        subject = f"{facts.name} har svart"
        text = f"{facts.name} har svart på versjon {facts.version}: {facts.stance}."
    told = (Audience.ADMINISTRATORS, Audience.TEAM)
    found = [_notice(facts, who, Kind.ANSWERS, subject, text) for who in told]
    if facts.complete:
        done = f"{text}\n\nNå har alle svart, og runden kan avsluttes."
        found[0] = _notice(facts, told[0], Kind.ANSWERS, "Alle har svart", done)
    return tuple(found)


def _delegation(action: str, facts: Facts) -> Notice:
    if action == "delegation.given":
        first, last = (dt.date.fromisoformat(text) for text in facts.days)
        subject = f"Du kan svare for {facts.name}"
        text = f"Du kan svare for {facts.name} fra {day(first)} til {day(last)}."
    else:
        subject = f"Du svarer ikke lenger for {facts.name}"
        text = f"Fullmakten til å svare for {facts.name} er avsluttet."
    return _notice(facts, Audience.DELEGATE, Kind.ASKED, subject, text)


def _of_input(action: str, facts: Facts) -> tuple[Notice, ...]:
    if action == "input.added":
        if facts.internal:
            subject, text = "Nytt internt innspill", "Et internt innspill er lagt inn."
        else:
            subject = f"Nytt innspill fra {facts.sender}"
            text = f"{facts.sender} har gitt innspill om «{facts.about}»."
        made = _notice(facts, Audience.TEAM, Kind.INPUT, subject, text, Page.INPUT)
    elif action in _INPUT:
        subject, outcome = _INPUT[action]
        which = "Et internt innspill fra deg" if facts.internal else _yours(facts)
        made = _notice(
            facts, Audience.AUTHOR, Kind.INPUT, subject, f"{which} {outcome}.", Page.INPUT
        )
    else:
        return ()
    return (Notice(**{**vars(made), "internal": facts.internal}),)


def _yours(facts: Facts) -> str:
    return f"Innspillet ditt om «{facts.about}»"


def _to_team(facts: Facts, subject: str, text: str) -> list[Notice]:
    text = text.format(version=facts.version, name=facts.name)
    told = (Audience.TEAM, Audience.ADMINISTRATORS)
    return [_notice(facts, who, Kind.PROGRESS, subject, text) for who in told]


def day(value: dt.date | None) -> str:
    """«1. mai 2026»; empty for none."""
    return f"{value.day}. {_MONTHS[value.month - 1]} {value.year}" if value else ""


MILESTONES = (7, 2, -1)  # days before the deadline; the last is the day after it
LATE_FOR = 7  # days after the deadline that the last reminder is still worth sending


def milestone(today: dt.date, deadline: dt.date, asked_on: dt.date) -> int | None:
    """Return which reminder is due today: 7, 2 or -1; None for none.

    The newest whose day has come, also where the program did not run on that very day, so that it may
    be asked every hour. None for a day before the body was asked: a round of three days has no reminder
    seven days before its end.
    """
    left = (deadline - today).days
    if left < -LATE_FOR:
        return None
    come = [days for days in MILESTONES if left <= days]
    if not come:
        return None
    newest = min(come)
    if asked_on >= deadline - dt.timedelta(days=newest):
        return None
    return newest


def reminder(facts: Facts, today: dt.date) -> Notice:
    """What those read who have not answered: how long there is, or that the deadline has passed."""
    assert facts.deadline is not None
    left = (facts.deadline - today).days
    if left < 0:
        subject = "Svarfristen er ute"
        text = (
            f"{{bodies}} har ikke svart på versjon {facts.version}. Fristen var {day(facts.deadline)}. "
            "Dere kan svare så lenge runden er åpen."
        )
    else:
        when = {0: "i dag", 1: "i morgen"}.get(left, f"om {left} dager")
        subject = f"Svarfristen er {when}"
        text = (
            f"{{bodies}} har ikke svart på versjon {facts.version}. "
            f"Fristen er {day(facts.deadline)}, {when}."
        )
    return _notice(facts, Audience.UNANSWERED, Kind.REMINDER, subject, text, Page.DECISION)
