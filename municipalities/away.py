"""The page while the database is away: it says so, asks to try again, and gives back what was typed.

Nothing here may ask the database, so the page has no menu and no name of a person. Whether the database
is stopped, full or has cut the connection: the transaction is undone, and the same form may be sent again.
"""

from __future__ import annotations

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from municipalities import failed, kept

RETRY_SECONDS = 30
AWAY = (OperationalError, InterfaceError)


def is_away(error: BaseException | None) -> bool:
    """Tell whether a failure comes of the database being away, whatever was made of it on the way up."""
    seen = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, AWAY):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request that failed: 503 where the database is away, else 500."""
    if is_away(sys.exc_info()[1]):
        return page(request)
    return failed.server_error(request)


def page(request: HttpRequest) -> HttpResponse:
    """The page with the typed text, and a button that sends the same form once more."""
    answer = HttpResponse(render_to_string("503.html", _form(request)), status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer


def _form(request: HttpRequest) -> dict[str, Any]:
    address = request.get_full_path()
    if request.method != "POST":
        return {"address": address}
    try:
        posted, files = request.POST, request.FILES
    except Exception:  # what cannot be read (cut off, too large) cannot be given back
        return {"sent": True}
    secret = any(kept.NEVER_SHOWN in name for name in posted)
    pairs = [(name, value) for name in posted for value in posted.getlist(name)]
    return {
        "sent": True,
        "kept": kept.typed(posted),
        "again": [] if secret else pairs,
        "files": bool(files),
        "address": address,
    }
