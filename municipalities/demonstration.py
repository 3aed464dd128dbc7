"""Demonstration people cannot log in on a server: their password is printed in the source.

All of them have addresses under `.example`, a name that the internet keeps free for examples: nobody real
has one. Whatever made them, or copied them here, they are refused in two places that every way of logging
in passes: when a password is compared, and when a session is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

ENDING = ".example"


def is_refused(email: str) -> bool:
    """Tell whether a person with this address must not get in here."""
    return not settings.LOCAL and email.strip().lower().endswith(ENDING)


class NoDemonstrationMiddleware:
    """Ends the session of a demonstration person, however it came about."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or send to the login page."""
        if not settings.LOCAL and request.user.is_authenticated and is_refused(request.user.email):
            logout(request)
            return redirect(settings.LOGIN_URL)
        return self.get_response(request)


@register(Tags.security, deploy=True)
def no_demonstration_people(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """`check --deploy` says no where a demonstration person is active with a password on a server."""
    from municipalities.models import User

    if settings.LOCAL:
        return []
    try:
        people = User.objects.filter(email__endswith=ENDING, is_active=True)
        found = sum(person.has_usable_password() for person in people.only("password"))
    except DatabaseError:  # not there, or not migrated yet: then nobody is in it
        return []
    if not found:
        return []
    return [
        Error(
            f"{found} active people with an address under {ENDING} have a password: "
            "they come from the demonstration. They are refused, and should be made inactive.",
            hint="manage.py load_demo is for script/server only.",
            id="municipalities.E001",
        )
    ]
