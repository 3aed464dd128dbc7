"""Who has been told of what, and mailed: what the tests of messages look at."""

from __future__ import annotations

import datetime as dt

from django.core import mail
from django.utils import timezone

from agreements.models import Digest, Message, NoticeChoice
from municipalities.models import User
from tests import rounds
from tests.conftest import CAST

DIRECTORS = set(rounds.DIRECTORS.values())


def told(kind: str = "") -> set[str]:
    """Who has a message of a kind, or any."""
    rows = Message.objects.filter(kind=kind) if kind else Message.objects.all()
    return set(rows.values_list("recipient__email", flat=True))


def mailed() -> list[str]:
    return sorted(sent.to[0] for sent in mail.outbox)


def due() -> None:
    """Let so much time pass that everything unsent is due."""
    past = timezone.now() - dt.timedelta(minutes=1)
    Message.objects.update(try_after=past)
    Digest.objects.update(try_after=past)


def choose(who: str, kind: str, how: str) -> None:
    """Have one of the cast want a kind of message in another way."""
    user = User.objects.get(email=CAST[who])
    NoticeChoice.objects.create(user=user, kind=kind, delivery=how)
