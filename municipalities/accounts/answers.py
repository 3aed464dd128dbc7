"""The plain pages that say why somebody did not get in, or that a provider does not answer."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

log = logging.getLogger(__name__)

REFUSED, GONE, AWAY = 403, 410, 503


def refused(request: HttpRequest, reason: str, provider: str = "") -> HttpResponse:
    """Say that the person is unknown, shut out, or somebody else than the invitation is to."""
    context = {"reason": reason, "provider": provider}
    return render(request, "accounts/refused.html", context, status=REFUSED)


def not_confirmed(
    request: HttpRequest, reason: str, provider: str, following: str | None
) -> HttpResponse:
    """Say that a provider has not confirmed who somebody is, and that nothing was done."""
    context = {"reason": reason, "provider": provider, "following": following or ""}
    return render(request, "accounts/not_confirmed.html", context, status=REFUSED)


def gone(request: HttpRequest) -> HttpResponse:
    """A plain page for every invitation that does not work."""
    return render(request, "municipalities/invitation_gone.html", status=GONE)


def went_wrong(request: HttpRequest, provider: str, problem: Exception | None) -> HttpResponse:
    """Say that the provider does not answer (503), or that its answer is not accepted (403).

    The log gets the kind of problem, never what a provider has said: that may name a person.
    """
    log.warning("Logging in with %s failed: %s", provider, type(problem).__name__)
    if isinstance(problem, RequestException):
        return render(request, "accounts/away.html", {"provider": provider}, status=AWAY)
    return refused(request, "not_accepted", provider)
