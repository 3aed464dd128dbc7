"""The page where the program itself has failed."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse

from municipalities import request_ids

PAGE = Path(__file__).resolve().parent.parent / "templates" / "500.html"
PLACE = "<!-- identity -->"


def server_error(request: HttpRequest) -> HttpResponse:
    """Say so, with the request's identity: the log has the rest under it.

    The page is read as it is and nothing in it computed: whatever failed may fail here too.
    """
    text = PAGE.read_text(encoding="utf-8")
    if identity := request_ids.current():
        text = text.replace(PLACE, f"<p>Referanse: <code>{identity}</code></p>")
    return HttpResponse(text, status=500)
