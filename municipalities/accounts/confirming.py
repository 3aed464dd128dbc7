"""It is still you: what somebody was about to do waits while they confirm that, and is done then.

A provider's word counts from when it says that the person logged in there (`auth_time`): it may let somebody
in by a session of its own, and whoever sits at a browser that was left open has that session too.

django-allauth would keep the whole request in the session meanwhile: headers, cookies, and a password that
was typed. Here only the fields of the form are kept, and of a form with a password nothing at all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse
from django.utils.http import urlencode

from municipalities import kept
from municipalities.accounts import answers, second_factor
from municipalities.models import User

AGAIN = "again"  # for those who have neither password nor code: logging in at the provider
ANEW_SINCE = "anew_since"  # of a round to a provider: when the person was sent off to confirm
LEEWAY = 60  # seconds that a provider's clock may differ from ours
_WAITING = "waiting_for_confirmation"
_NOT_KEPT = "Passordet du skrev, er ikke lagret. Bekreft at det er deg, og skriv det en gang til."


log = logging.getLogger(__name__)


class ConfirmingMiddleware:
    """Sends whoever must confirm that it is still them to where they do it, and keeps what they sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; what matters is in process_exception."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer before allauth's middleware does, which stands further out."""
        if not isinstance(error, ReauthenticationRequired):
            return None
        address = request.get_full_path()
        # What waited before was given up, also where the same address is opened again.
        if _WAITING in request.session:
            del request.session[_WAITING]
        if request.method == "POST":
            _keep(request, address)
        where = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
        return HttpResponseRedirect(f"{where}?{urlencode({'next': address})}")


def _keep(request: HttpRequest, address: str) -> None:
    if any(kept.NEVER_SHOWN in name for name in request.POST):
        messages.info(request, _NOT_KEPT)
        return
    sent = request.POST.copy()
    sent.pop("csrfmiddlewaretoken", None)
    request.session[_WAITING] = {"address": address, "sent": sent.urlencode()}


def go_on(request: HttpRequest, address: str) -> HttpResponse:
    """Do what waits at this address, or go there. What waits elsewhere was given up, and is forgotten."""
    waiting = request.session.pop(_WAITING, None)
    if not waiting or waiting["address"] != address:
        return HttpResponseRedirect(address)
    parts = urlsplit(address)
    request.method, request.POST = "POST", QueryDict(waiting["sent"])
    request.GET = QueryDict(parts.query)
    view, arguments, options = resolve(parts.path)
    answer: HttpResponse = view(request, *arguments, **options)
    return answer


def needs_the_provider(user: User) -> bool:
    """Tell whether the person can only confirm by logging in at the provider again."""
    return bool(get_adapter().get_reauthentication_methods(user)[0]["id"] == AGAIN)


def is_asked_for(request: HttpRequest, login: Any) -> bool:
    """Tell whether the person was sent to the provider to confirm, and it is the one who is logged in."""
    return (
        ANEW_SINCE in login.state
        and login.user == request.user
        and needs_the_provider(request.user)
    )


def by_provider(request: HttpRequest, login: Any) -> HttpResponse:
    """Take the provider's word that it is still the one who is logged in, whose session goes on.

    Not where they logged in there before they were asked to, nor where it does not say when they did.
    """
    following = login.get_redirect_url(request)
    if login.authenticated_at is None:
        log.warning("Confirming with %s failed: no usable auth_time", login.provider.name)
        return answers.not_confirmed(request, "no_time", login.provider.name, following)
    if login.authenticated_at < login.state[ANEW_SINCE] - LEEWAY:
        return answers.not_confirmed(request, "not_anew", login.provider.name, following)
    record_authentication(request, login)
    second_factor.vouched_for(request, login)
    return go_on(request, following or reverse("account"))


def note(request: HttpRequest, login: Any) -> None:
    """Let a login at a provider count from when the provider says that it was, or as long ago."""
    if login is None:
        return
    records = get_authentication_records(request, login.user)
    for record in records:
        if record.get("method") == "socialaccount":
            told = getattr(login, "authenticated_at", None)  # gone where a code was waited for
            record["at"] = min(record["at"], told or 0)
    request.session.modified = True
