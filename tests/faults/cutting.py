"""Making the database go away: for a moment, for a while, and in the middle of something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import close_old_connections, connection
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from municipalities.models import User
from tests.conftest import CAST


class _Handler(ClientHandler):
    """Gives up connections that are broken before and after each request, as a server does.

    Django's own test client leaves that out, so that a test's transaction lives on.
    """

    def __call__(self, environ: dict[str, Any]) -> HttpResponse:
        close_old_connections()
        try:
            return super().__call__(environ)
        finally:
            close_old_connections()


def browser(who: str = "") -> Client:
    """Return a client, logged in as one of the cast, that gets error pages instead of exceptions."""
    client = Client(raise_request_exception=False)
    client.handler = _Handler(enforce_csrf_checks=False)
    if who:
        client.force_login(User.objects.get(email=CAST[who]))
    return client


@contextmanager
def away() -> Iterator[None]:
    """Nobody answers where the database was, as while it is stopped."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = options | {"host": "/nowhere", "port": "1"}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["OPTIONS"] = options


def cut() -> None:
    """Have the server break off this thread's connection, as when it is stopped or the net fails."""
    assert connection.connection is not None
    mine = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        done = other.execute("SELECT pg_terminate_backend(%s, 10000)", [mine]).fetchone()
    assert done == (True,)


def cut_before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Callable[[], bool]:
    """Cut the connection once, right before this function is called; the answer says whether it was."""
    real, done = getattr(module, name), []

    def first(*given: Any, **named: Any) -> Any:
        if not done:
            done.append(True)
            cut()
        return real(*given, **named)

    monkeypatch.setattr(module, name, first)
    return lambda: bool(done)
