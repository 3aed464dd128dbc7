"""It is still you: what somebody was about to do waits while they confirm that, and is done then.

django-allauth would keep the whole request in the session meanwhile: headers, cookies, and a password that
was typed. Here only the fields of the form are kept, and of a form with a password nothing at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from allauth.socialaccount.internal.flows.login import record_authentication
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import resolve, reverse
from django.utils.http import urlencode

from municipalities import kept
from municipalities.accounts import second_factor
from municipalities.models import User

AGAIN = "again"  # for those who have neither password nor code: logging in at the provider
_WAITING = "waiting_for_confirmation"
_NOT_KEPT = "Passordet du skrev, er ikke lagret. Bekreft at det er deg, og skriv det en gang til."


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


def by_provider(request: HttpRequest, login: Any) -> HttpResponse:
    """Take the provider's word that it is still the one who is logged in, whose session goes on."""
    record_authentication(request, login)
    second_factor.vouched_for(request, login)
    return go_on(request, login.get_redirect_url(request) or reverse("account"))
