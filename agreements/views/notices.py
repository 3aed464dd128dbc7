"""A person's own messages, and how they want them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access
from agreements.domain.notices import KINDS
from agreements.models import Delivery, Message, NoticeChoice
from agreements.notice_forms import NoticesForm
from municipalities.access import region_ids
from municipalities.answers import INVALID
from municipalities.models import Membership, User
from municipalities.once import part
from municipalities.prepared import Prepared

SHOWN = 30


@dataclass(frozen=True)
class Shown:
    """The list of messages: where each leads, what it says, when it came and whether it is new."""

    rows: tuple[tuple[str, str, dt.datetime, bool], ...]

    def context(self) -> dict[str, Any]:
        """What the template of the list asks for."""
        return {"rows": self.rows}


def _own(user: User) -> list[Message]:
    """The person's newest messages about agreements they may still see, newest first."""
    team = tuple(region_ids(user, Membership.Role.EDITOR))
    return _NEWEST.all(user.pk, team, *access.places(user))


_NEWEST = Prepared(
    lambda user, team, *places: Message.objects.filter(
        Q(internal=False) | Q(agreement__region__in=team),
        recipient=user,
        agreement__in=access.listed_in(*places).values("pk"),
    ).select_related("agreement")[:SHOWN]
)
_CHOSEN = Prepared(
    lambda user: NoticeChoice.objects.filter(user=user).values_list("kind", "delivery")
)


@require_http_methods(["GET", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The newest messages, and a choice for each kind."""
    user: User = request.user
    stored = dict(_CHOSEN.all(user.pk))
    initial = {kind.value: stored.get(kind.value, Delivery.NOW) for kind in KINDS}
    form, status = NoticesForm(initial=initial), 200
    if request.method == "POST":
        form = NoticesForm(request.POST)
        if form.is_valid():
            _save(user, form.cleaned_data)
            messages.success(request, "Valgene er lagret.")
            return redirect("notices")
        status = INVALID
    rows = _own(user)
    shown = Shown(
        tuple((row.path, row.subject, row.created_at, row.read_at is None) for row in rows)
    )
    context = {
        "form": form,
        "newest": rows[0].pk if rows else None,
        "rows": part("agreements/_notices.html", shown) if rows else "",
        "unread": any(row.read_at is None for row in rows),
        "refused": status == INVALID,
    }
    return render(request, "agreements/notices.html", context, status=status)


@transaction.atomic
def _save(user: User, data: dict[str, str]) -> None:
    for kind in KINDS:
        NoticeChoice.objects.update_or_create(
            user=user, kind=kind.value, defaults={"delivery": data[kind.value]}
        )


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    """Take what was on the page as read."""
    user: User = request.user
    newest = request.POST.get("newest", "")
    rows = Message.objects.filter(recipient=user, read_at=None)
    if newest.isdecimal() and len(newest) < 19:
        rows.filter(pk__lte=int(newest)).update(read_at=timezone.now())
    return redirect("notices")
