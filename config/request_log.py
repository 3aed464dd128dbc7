"""One line, and one count for Prometheus, for each request that is answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.logs import route_of
from municipalities import measures

log = logging.getLogger(__name__)
ASKED_ALL_THE_TIME = {
    "health",
    "ready",
    "metrics",
}  # by machines: a line only where something is wrong
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestLogMiddleware:
    """Says what was asked for (the address's name, not the path), how it went, and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and write down that it was done."""
        began = time.monotonic()
        response = self.get_response(request)
        seconds = time.monotonic() - began
        route = "static" if request.path_info.startswith("/static/") else route_of(request)
        route = getattr(response, "route", route)
        method = request.method if request.method in METHODS else "other"
        measures.REQUESTS.labels(method, route, str(response.status_code)).inc()
        measures.REQUEST_SECONDS.labels(route).observe(seconds)
        quiet = route in ASKED_ALL_THE_TIME and response.status_code < 400
        log.log(
            logging.DEBUG if quiet else logging.INFO,
            "answered",
            extra={
                "method": method,
                "route": route,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000),
            },
        )
        return response
