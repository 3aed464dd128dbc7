"""An identity for each request, so that an event, a line of the log and a complaint can be matched."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")  # what a proxy may have given it
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the identity of the request that is being answered; empty outside one."""
    return _current.get()


class RequestIdMiddleware:
    """Give each request an identity, the proxy's where it has one, and send it back with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its identity."""
        given = request.headers.get(HEADER, "")
        identity = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        token = _current.set(identity)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response[HEADER] = identity
        return response
