"""What follows when somebody has logged in, and how little of their address is kept."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.usersessions.models import UserSession
from django.db.models.signals import pre_save

from municipalities.accounts import confirming, devices, limits, second_factor, sessions


def _logged_in(request: Any, user: Any, response: Any = None, **given: Any) -> None:
    """Know the browser from now on, and note what the provider has proved and when."""
    sessions.begin(request)
    if response is not None:
        limits.remember(response, user.email)
    second_factor.vouched_for(request, given.get("sociallogin"))
    confirming.note(request, given.get("sociallogin"))


def _keep_the_network(instance: UserSession, **given: Any) -> None:
    """The whole address of a person's machine is nobody's business."""
    instance.ip = devices.network(instance.ip)


def connect() -> None:
    """Listen, once the tables are there."""
    user_logged_in.connect(_logged_in)
    pre_save.connect(_keep_the_network, sender=UserSession)
