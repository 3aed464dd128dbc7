"""What a page takes, said in headers: processor time, and queries where asked. In the benchmark alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse


class CountQueriesMiddleware:
    """Say in `X-Processor-Time` the seconds of this process; in `X-Count-Queries`, if sent, the queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.thread_time()
        answer = self._answer(request)
        answer["X-Processor-Time"] = f"{time.thread_time() - begun:.6f}"
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
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
