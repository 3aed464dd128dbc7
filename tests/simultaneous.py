"""Requests in the same moment, each from a thread of its own. For tests with transaction=True."""

from __future__ import annotations

import threading
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from municipalities.models import User
from tests.conftest import CAST


def at_once(*posts: tuple[str, str, dict[str, Any]]) -> list[HttpResponse]:
    """Send the forms (role or e-mail, address, data) from one thread each, all at the same moment."""
    barrier, answers = threading.Barrier(len(posts)), [HttpResponse()] * len(posts)

    def send(number: int, who: str, address: str, data: dict[str, Any]) -> None:
        try:
            client = Client(raise_request_exception=False)
            client.force_login(User.objects.get(email=CAST.get(who, who)))
            barrier.wait(30)
            answers[number] = client.post(address, data)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=(number, *post)) for number, post in enumerate(posts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def codes(answers: list[HttpResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)
