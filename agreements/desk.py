"""A person's own desk: what waits for them, by role. Reads in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

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

Role = Membership.Role


@dataclass(frozen=True)
class Task:
    """One thing that waits. `due` is the last day; `late` that it has passed."""

    agreement: Agreement
    text: str
    url: str
    due: dt.date | None = None
    late: bool = False

    @property
    def due_text(self) -> str:
        """«Frist 1. mai 2026»; empty without one."""
        return f"Frist {date_long(self.due)}" if self.due else ""


def tasks(user: User, most: int | None = None) -> list[Task]:
    """What waits for this person: answers first, the nearest deadline first, then steps, then drafts.

    At most `most` of each kind.
    """
    found = sorted(_answers(user, most), key=lambda task: (task.due or dt.date.max, task.text))
    if organisation_ids(user, Role.ADMINISTRATOR):
        found += [*_requests(user, most), *_steps(user, most)]
    if organisation_ids(user, Role.EDITOR):
        found += _drafts(user, most)
    return found


def _answers(user: User, most: int | None) -> Iterator[Task]:
    """The answers this person may give and has not given."""
    today = timezone.localdate()
    own = organisation_ids(user, Role.DIRECTOR)
    given = Delegation.objects.filter(
        given_to=user, revoked_at=None, first_day__lte=today, last_day__gte=today
    )
    asked = Q(organisation__in=own)
    # Each by itself: with a condition on another table the database reads every answer there is.
    for agreement, organisation in given.values_list("agreement", "organisation"):
        asked |= Q(version__agreement=agreement, organisation=organisation)
    if not own and len(asked) == 1:  # most people answer for nobody
        return
    drafted = AgreementEvent.objects.filter(
        access.drafting(), agreement=OuterRef("version__agreement"), actor=user
    )
    rows = (
        Decision.objects.filter(
            asked,
            ~Exists(drafted),
            stance=Position.UNDECIDED.value,
            version__agreement__status=State.IN_REVIEW.value,
            version__round__withdrawn_at=None,
        )
        .exclude(version__agreement__region__in=region_ids(user, Role.EDITOR))
        .select_related("version__agreement__region", "version__round", "organisation")
        .defer("version__document", "version__findings")
        .order_by("version__round__deadline", "organisation__name", "pk")
    )
    for row in rows[:most]:
        agreement, deadline = row.version.agreement, row.version.round.deadline
        what = "svare på" if row.kind == Decision.Kind.DECIDES else "bekrefte sin del av"
        yield Task(
            agreement,
            f"{row.organisation.name} er bedt om å {what} versjon {row.version.number}",
            reverse("decision", args=[agreement.slug, row.organisation.key]),
            deadline,
            deadline < today,
        )


def _administered(user: User) -> QuerySet[Agreement]:
    own = organisation_ids(user, Role.ADMINISTRATOR)
    return Agreement.objects.filter(region__contract_municipality__organisation__in=own)


_NEXT = {
    State.RECOMMENDED: "Avtalen er innstilt. Send den til vedtak i kommunestyrene",
    State.ADOPTED: "Avtalen er vedtatt. Gjør den klar til signering",
    State.PARTLY_ADOPTED: "Avtalen er delvis vedtatt. Velg hvordan dere går videre",
    State.READY_TO_SIGN: "Avtalen er klar til signering",
    State.PARTLY_SIGNED: "Noen av partene har signert. Legg inn filene etter hvert",
    State.SIGNED: "Avtalen er signert. Sett den i kraft når perioden begynner",
}


def _requests(user: User, most: int | None) -> Iterator[Task]:
    """The drafts that an editor has asked an administrator to freeze."""
    events = AgreementEvent.objects.filter(agreement=OuterRef("pk"))
    steps = events.filter(Q(action__startswith="state.") | Q(action=REQUEST)).order_by("-number")
    rows = (
        _administered(user)
        .filter(status=State.DRAFT.value)
        .annotate(last_step=Subquery(steps.values("action")[:1]))
        .filter(last_step=REQUEST)
        .select_related("region")
        .order_by("-updated_at")
    )
    for row in rows[:most]:
        text = "En redaktør ber om at utkastet låses og sendes til behandling"
        yield Task(row, text, reverse("freeze", args=[row.slug]))


def _steps(user: User, most: int | None) -> Iterator[Task]:
    """What an administrator of a contract municipality can do now."""
    today = timezone.localdate()
    deciding = Q(versions__decisions__kind=Decision.Kind.DECIDES) & Q(
        versions__round__withdrawn_at=None
    )
    waiting = Q(versions__decisions__stance=Position.UNDECIDED.value)
    # Which they are first: else the answers to every one of them are counted, not to these alone.
    going = _administered(user).filter(status__in=[*_NEXT, State.IN_REVIEW, State.IN_RESOLUTION])
    numbers = list(going.order_by("-updated_at").values_list("pk", flat=True)[:most])
    rows = (
        Agreement.objects.filter(pk__in=numbers)
        .select_related("region")
        .annotate(
            asked=Count("versions__decisions", filter=deciding, distinct=True),
            unanswered=Count("versions__decisions", filter=deciding & waiting, distinct=True),
            resolved=Count(
                "versions__resolutions",
                filter=Q(versions__round__withdrawn_at=None),
                distinct=True,
            ),
            deadline=Max("versions__round__deadline", filter=Q(versions__round__withdrawn_at=None)),
        )
        .order_by("-updated_at")
    )
    for row in rows:
        url = reverse("review", args=[row.slug])
        if row.state is State.IN_REVIEW:
            late = row.deadline is not None and row.deadline < today
            if not row.unanswered:
                yield Task(row, "Alle har svart. Runden kan avsluttes", url)
            elif late:
                text = f"{row.unanswered} av {row.asked} har ikke svart, og fristen er ute"
                yield Task(row, text, url, row.deadline, late=True)
            else:
                yield Task(
                    row, f"{row.unanswered} av {row.asked} har ikke svart", url, row.deadline
                )
        elif row.state is State.IN_RESOLUTION:
            missing = row.asked - row.resolved
            yield Task(row, f"{missing} av {row.asked} vedtak er ikke registrert", url)
        else:
            yield Task(row, _NEXT[row.state], url)


def _drafts(user: User, most: int | None) -> Iterator[Task]:
    """Drafts of the team with input that nobody has dealt with."""
    rows = (
        Agreement.objects.filter(region__in=region_ids(user, Role.EDITOR), status=State.DRAFT.value)
        .select_related("region")
        .annotate(
            waiting=Count(
                "comments", filter=Q(comments__parent=None, comments__state=Comment.State.OPEN)
            )
        )
        .filter(waiting__gt=0)
        .order_by("-updated_at")
    )
    for row in rows[:most]:
        number = "Ett åpent" if row.waiting == 1 else f"{row.waiting} åpne"
        yield Task(row, f"{number} innspill", reverse("inputs", args=[row.slug]))
