"""The program's addresses, and some where things go wrong: to see the pages people get then."""

from __future__ import annotations

from typing import NoReturn

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import include, path

from municipalities.away import page

ERRORS = {"400": SuspiciousOperation, "403": PermissionDenied}
TEMPLATES = ("403_csrf", "409", "413", "500")


@login_not_required
def fail(request: HttpRequest, error: str) -> NoReturn:
    """Raise what Django answers with the page of this number."""
    raise ERRORS[error]


@login_not_required
def show(request: HttpRequest, template: str) -> HttpResponse:
    """Show an error page that is hard to bring about."""
    return render(request, f"{template}.html", status=int(template[:3]))


@login_not_required
def away(request: HttpRequest) -> HttpResponse:
    """Show what somebody who was saving gets while the database is away."""
    typed = QueryDict("heading=Formål&text=Avtalen+gjelder.&revision=1")
    request.method, request.POST = "POST", typed
    return page(request)


urlpatterns = [
    path("", include("config.urls")),
    *[path(f"feil/{error}/", fail, {"error": error}) for error in ERRORS],
    path("feil/503/", away),
    *[path(f"feil/{name}/", show, {"template": name}) for name in TEMPLATES],
]
