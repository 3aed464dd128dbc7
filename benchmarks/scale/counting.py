"""How many queries a page takes: said in a header to whoever asks for it, in the benchmark alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class CountQueriesMiddleware:
    """Answer a request that has `X-Count-Queries` with the number of queries in that same header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "X-Count-Queries" not in request.headers:
            return self.get_response(request)
        asked = 0

        def count(execute: Any, sql: str, *rest: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(sql, *rest)

        with connection.execute_wrapper(count):
            answer = self.get_response(request)
        answer["X-Count-Queries"] = str(asked)
        return answer
