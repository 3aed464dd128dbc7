"""Where somebody is logged in, and ending that. A row is written at login, and at most every ten minutes
after that when something is sent: reading writes nothing.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from municipalities.accounts import devices
from municipalities.models import RegisterEvent, SharedCache, User

_SEEN = "seen_at"
_PAUSE = 10 * 60  # seconds
_MOMENT = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Place:
    """One browser that the person is logged in from."""

    pk: int
    words: str
    network: str
    since: dt.datetime
    used: dt.datetime | None
    is_this: bool


def log_in(request: HttpRequest, user: User) -> HttpResponse:
    """Log in somebody who has just chosen a password, and return where that leads."""
    record_authentication(request, user, "password", email=user.email)
    return perform_login(request, user, email_verification="none", redirect_url="/")


def begin(request: HttpRequest) -> None:
    """Let the session tell when it is used, from now on."""
    request.session[_SEEN] = int(time.time())


def places(request: HttpRequest) -> list[Place]:
    """Where the person is logged in now, this browser first. Two queries, whatever the number."""
    rows = list(UserSession.objects.filter(user=request.user).order_by("-last_seen_at", "-pk"))
    alive = _alive(request.user, [row.session_key for row in rows])
    found = [
        Place(
            pk=row.pk,
            words=devices.describe(row.user_agent),
            network="" if row.ip == devices.NOWHERE else row.ip,
            since=row.created_at,
            used=row.last_seen_at if row.last_seen_at - row.created_at > _MOMENT else None,
            is_this=row.session_key == request.session.session_key,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda place: not place.is_this)


def _alive(user: User, keys: list[str]) -> set[str]:
    """The sessions that have not run out, and were not ended by a new password."""
    stored = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    current = user.get_session_auth_hash()
    return {
        row.session_key
        for row in stored
        if constant_time_compare(row.get_decoded().get("_auth_user_hash", ""), current)
    }


@transaction.atomic
def end(user: User, pk: int) -> bool:
    """Log the person out of one browser; tell whether it was there."""
    return _end(UserSession.objects.filter(user=user, pk=pk), user, user) > 0


@transaction.atomic
def end_others(request: HttpRequest) -> int:
    """Log the person out of every browser but this one; return how many."""
    others = UserSession.objects.filter(user=request.user)
    others = others.exclude(session_key=request.session.session_key)
    return _end(others, request.user, request.user)


@transaction.atomic
def end_all(user: User, by: User | None) -> int:
    """Log somebody out everywhere, at once; return of how many browsers."""
    return _end(UserSession.objects.filter(user=user), user, by)


def end_without_role(user: User, by: User) -> None:
    """Log somebody out whose last role has ended, unless they run the installation."""
    if not user.is_superuser and not user.memberships.exists():
        end_all(user, by)


def _end(rows: Any, user: User, by: User | None) -> int:
    keys = list(rows.select_for_update().values_list("session_key", flat=True))
    if not keys:
        return 0
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    data = {"user": user.pk, "name": user.name, "count": len(keys)}
    RegisterEvent.objects.create(actor=by, action="session.ended", data=data)
    return len(keys)


@transaction.atomic
def tidy() -> None:
    """Forget sessions that have run out, where they were, and counters that no longer count."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    SharedCache.objects.filter(expires__lt=now).delete()


class SeenMiddleware:
    """Notes that a session is used, when something is sent and not more often than every ten minutes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer first: a person waits for that."""
        answer = self.get_response(request)
        if request.method == "POST" and request.user.is_authenticated:
            seen = request.session.get(_SEEN)
            if isinstance(seen, int) and time.time() - seen > _PAUSE:
                begin(request)
                rows = UserSession.objects.filter(session_key=request.session.session_key)
                rows.update(last_seen_at=timezone.now())
        return answer
