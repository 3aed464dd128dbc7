"""What somebody typed is shown again when a page refuses it before the form is even read.

A session that ran out while a page stood open, a form token that is too old, something another
person deleted meanwhile: the typed text comes back to be copied, never just an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from municipalities.revisions import ConflictError

MACHINE_NAMES = {
    *("csrfmiddlewaretoken", "revision", "token", "key", "pk", "username", "next"),
    *("draft", "user", "bruk", "gone", "login", "process", "code", "sealed"),
}
NEVER_SHOWN = "password"
SHOWN = 200  # more fields than any form has
LABELS = {
    "heading": "Overskrift",
    "text": "Tekst",
    "title": "Tittel",
    "name": "Navn",
    "mandate": "Fullmakt",
    "signatory_name": "Navn på den som signerer",
    "signatory_title": "Tittel",
    "invoicing": "Hvem fakturerer hvem",
    "index_source": "Kilde for indeksen",
}


@dataclass(frozen=True)
class Typed:
    """One field as it was sent."""

    label: str
    value: str
    rows: int


def typed(data: QueryDict) -> list[Typed]:
    """Return what a person typed or chose, without passwords and the form's own machinery."""
    found = []
    for name in list(data)[:SHOWN]:
        if (
            name.rpartition("-")[2] in MACHINE_NAMES
            or name.endswith("_FORMS")
            or NEVER_SHOWN in name
        ):
            continue
        label = LABELS.get(name, name)
        for value in data.getlist(name):
            if value.strip():
                found.append(Typed(label, value, min(16, value.count("\n") + len(value) // 80 + 1)))
    return found


def show(
    request: HttpRequest, kept: list[Typed], reason: str, status: int, explanation: str = ""
) -> HttpResponse:
    """The page with what was typed. A script that sent it reads the reason in the header."""
    context = {"kept": kept, "reason": reason, "explanation": explanation}
    answer = render(request, "kept.html", context, status=status)
    answer["X-Refused"] = reason
    return answer


class KeepingLoginRequiredMiddleware(LoginRequiredMiddleware):
    """Django's, except that a form sent after the session ran out comes back with its text."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        """Show what was typed; without a form, go to the login page as usual."""
        if request.method == "POST" and (kept := typed(request.POST)):
            return show(request, kept, "login", 403)
        return super().handle_no_permission(request, view_func)


class KeepTypedMiddleware:
    """Answers a form that cannot be taken (gone, not allowed, changed meanwhile) with what was typed.

    And whoever opens an address that can only be sent to, with a page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a 405 to somebody who opens an address gets words."""
        answer = self.get_response(request)
        if answer.status_code != 405 or request.method != "GET":
            return answer
        page = render(request, "405.html", status=405)
        page["Allow"] = answer.get("Allow", "POST")
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what a view refuses with into a page; anything unexpected goes on as it is."""
        if isinstance(error, Http404):
            status, explanation = (
                404,
                "Det du ville endre, finnes ikke, eller er slettet av noen andre.",
            )
        elif isinstance(error, PermissionDenied):
            status, explanation = 403, "Rollen din gir ikke tilgang til å endre dette."
        elif isinstance(error, ObjectDoesNotExist):
            status, explanation = 409, "Det du ville endre, er slettet av noen andre."
        elif isinstance(error, ConflictError):
            status, explanation = (
                409,
                "Noen andre endret dette, eller avtalen kan ikke lenger endres.",
            )
        else:
            return None
        kept = typed(request.POST) if request.method == "POST" else []
        if kept:
            return show(request, kept, "refused", status, explanation)
        return render(request, "409.html", status=409) if status == 409 else None


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show the page for what cannot be read, or the one for what is too large to be read at all."""
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
        return render(request, "413.html", {"most": most}, status=413)
    return render(request, "400.html", status=400)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show what was typed; a form without text gets the plain page."""
    kept = typed(request.POST) if request.method == "POST" else []
    if kept:
        return show(request, kept, "csrf", 403)
    return render(request, "403_csrf.html", status=403)
