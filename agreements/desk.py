"""A person's own desk: what waits for them, by role. Reads in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from agreements import access
from agreements.deadlines import REQUEST
from agreements.domain.checks import Position
from agreements.domain.states import State
from agreements.models import Agreement, AgreementEvent, Comment, Decision, Delegation
from municipalities.access import organisation_ids, region_ids
from municipalities.models import Membership, User
from municipalities.norwegian import date_long
from municipalities.prepared import Prepared

Role = Membership.Role
Numbers = tuple[int, ...]
TASKS = 20  # somebody with more has a list to go through, and asks for it


@dataclass(frozen=True)
class Task:
    """One thing that waits. `due` is the last day; `late` that it has passed."""

    title: str  # of the agreement
    text: str
    url: str
    due: dt.date | None = None
    late: bool = False

    @property
    def due_text(self) -> str:
        """«Frist 1. mai 2026»; empty without one."""
        return f"Frist {date_long(self.due)}" if self.due else ""


def tasks(user: User, *, everything: bool = False) -> list[Task]:
    """What waits for this person: answers first, the nearest deadline first, then steps, then drafts.

    Of each kind one more than is shown, so that it can be said that there is more, unless all are asked
    for.
    """
    found = sorted(
        _answers(user, everything), key=lambda task: (task.due or dt.date.max, task.text)
    )
    if organisation_ids(user, Role.ADMINISTRATOR):
        found += [*_requests(user, everything), *_steps(user, everything)]
    if organisation_ids(user, Role.EDITOR):
        found += _drafts(user, everything)
    return found


def _both(rows: Callable[..., QuerySet[Any, Any]]) -> dict[bool, Prepared]:
    """The query for everything, and for what is shown at first."""
    return {True: Prepared(rows), False: Prepared(lambda *given: rows(*given)[: TASKS + 1])}


def _answers(user: User, everything: bool) -> Iterator[Task]:
    """The answers this person may give and has not given."""
    today = timezone.localdate()
    own = tuple(organisation_ids(user, Role.DIRECTOR))
    given = _DELEGATED.all(user.pk, today, today)
    if not own and not given:  # most people answer for nobody
        return
    agreements, bodies = zip(*given, strict=True) if given else ((), ())
    editing = tuple(region_ids(user, Role.EDITOR))
    for row in _WAITING[everything].all(user.pk, own, agreements, bodies, editing):
        title, slug, name, key, kind, number, deadline = row
        what = "svare på" if kind == Decision.Kind.DECIDES else "bekrefte sin del av"
        yield Task(
            title,
            f"{name} er bedt om å {what} versjon {number}",
            reverse("decision", args=[slug, key]),
            deadline,
            deadline < today,
        )


_DELEGATED = Prepared(
    lambda user, started, ending: Delegation.objects.filter(
        given_to=user, revoked_at=None, first_day__lte=started, last_day__gte=ending
    ).values_list("agreement", "organisation")
)


def _waiting(
    user: int, own: Numbers, agreements: Numbers, bodies: Numbers, editing: Numbers
) -> QuerySet[Any, Any]:
    asked = Q(organisation__in=own)
    # Each by itself: with a condition on another table the database reads every answer there is.
    for agreement, body in zip(agreements, bodies, strict=True):
        asked |= Q(version__agreement=agreement, organisation=body)
    drafted = AgreementEvent.objects.filter(
        access.drafting(), agreement=OuterRef("version__agreement"), actor=user
    )
    return (
        Decision.objects.filter(
            asked,
            ~Exists(drafted),
            stance=Position.UNDECIDED.value,
            version__agreement__status=State.IN_REVIEW.value,
            version__round__withdrawn_at=None,
        )
        .exclude(version__agreement__region__in=editing)
        .order_by("version__round__deadline", "organisation__name", "pk")
        .values_list(
            *("version__agreement__title", "version__agreement__slug"),
            *("organisation__name", "organisation__key", "kind"),
            *("version__number", "version__round__deadline"),
        )
    )


_WAITING = _both(_waiting)


def _administered(user: User) -> Numbers:
    """The bodies whose agreements the person administers."""
    return tuple(organisation_ids(user, Role.ADMINISTRATOR))


def _administered_by(bodies: Numbers) -> QuerySet[Agreement]:
    return Agreement.objects.filter(region__contract_municipality__organisation__in=bodies)


_NEXT = {
    State.RECOMMENDED: "Avtalen er innstilt. Send den til vedtak i kommunestyrene",
    State.ADOPTED: "Avtalen er vedtatt. Gjør den klar til signering",
    State.PARTLY_ADOPTED: "Avtalen er delvis vedtatt. Velg hvordan dere går videre",
    State.READY_TO_SIGN: "Avtalen er klar til signering",
    State.PARTLY_SIGNED: "Noen av partene har signert. Legg inn filene etter hvert",
    State.SIGNED: "Avtalen er signert. Sett den i kraft når perioden begynner",
}


def _requests(user: User, everything: bool) -> Iterator[Task]:
    """The drafts that an editor has asked an administrator to freeze."""
    for row in _REQUESTED[everything].all(_administered(user)):
        text = "En redaktør ber om at utkastet låses og sendes til behandling"
        yield Task(row.title, text, reverse("freeze", args=[row.slug]))


def _requested(bodies: Numbers) -> QuerySet[Agreement]:
    events = AgreementEvent.objects.filter(agreement=OuterRef("pk"))
    steps = events.filter(Q(action__startswith="state.") | Q(action=REQUEST)).order_by("-number")
    return (
        _administered_by(bodies)
        .filter(status=State.DRAFT.value)
        .annotate(last_step=Subquery(steps.values("action")[:1]))
        .filter(last_step=REQUEST)
        .order_by("-updated_at")
    )


_REQUESTED = _both(_requested)


def _steps(user: User, everything: bool) -> Iterator[Task]:
    """What an administrator of a contract municipality can do now."""
    today = timezone.localdate()
    # Which they are first: else the answers to every one of them are counted, not to these alone.
    numbers = tuple(_GOING[everything].all(_administered(user)))
    # A prepared query for as many as are shown at first, an ordinary one for all of them.
    for row in _counted(numbers) if everything else _COUNTED.all(numbers):
        url = reverse("review", args=[row.slug])
        if row.state is State.IN_REVIEW:
            late = row.deadline is not None and row.deadline < today
            if not row.unanswered:
                yield Task(row.title, "Alle har svart. Runden kan avsluttes", url)
            elif late:
                text = f"{row.unanswered} av {row.asked} har ikke svart, og fristen er ute"
                yield Task(row.title, text, url, row.deadline, late=True)
            else:
                yield Task(
                    row.title, f"{row.unanswered} av {row.asked} har ikke svart", url, row.deadline
                )
        elif row.state is State.IN_RESOLUTION:
            missing = row.asked - row.resolved
            yield Task(row.title, f"{missing} av {row.asked} vedtak er ikke registrert", url)
        else:
            yield Task(row.title, _NEXT[row.state], url)


def _going(bodies: Numbers) -> QuerySet[Any, int]:
    states = (*_NEXT, State.IN_REVIEW, State.IN_RESOLUTION)
    going = _administered_by(bodies).filter(status__in=[state.value for state in states])
    return going.order_by("-updated_at").values_list("pk", flat=True)


def _counted(numbers: Numbers) -> QuerySet[Agreement]:
    counts = Q(versions__round__withdrawn_at=None)
    deciding = Q(versions__decisions__kind=Decision.Kind.DECIDES) & counts
    waiting = Q(versions__decisions__stance=Position.UNDECIDED.value)
    return (
        Agreement.objects.filter(pk__in=numbers)
        .annotate(
            asked=Count("versions__decisions", filter=deciding, distinct=True),
            unanswered=Count("versions__decisions", filter=deciding & waiting, distinct=True),
            resolved=Count("versions__resolutions", filter=counts, distinct=True),
            deadline=Max("versions__round__deadline", filter=counts),
        )
        .order_by("-updated_at")
    )


_GOING, _COUNTED = _both(_going), Prepared(_counted)


def _drafts(user: User, everything: bool) -> Iterator[Task]:
    """Drafts of the team with input that nobody has dealt with."""
    for row in _WITH_INPUT[everything].all(tuple(region_ids(user, Role.EDITOR))):
        number = "Ett åpent" if row.waiting == 1 else f"{row.waiting} åpne"
        yield Task(row.title, f"{number} innspill", reverse("inputs", args=[row.slug]))


def _with_input(regions: Numbers) -> QuerySet[Agreement]:
    first = Q(comments__parent=None, comments__state=Comment.State.OPEN)
    return (
        Agreement.objects.filter(region__in=regions, status=State.DRAFT.value)
        .annotate(waiting=Count("comments", filter=first))
        .filter(waiting__gt=0)
        .order_by("-updated_at")
    )


_WITH_INPUT = _both(_with_input)
