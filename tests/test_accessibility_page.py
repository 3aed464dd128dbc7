"""/tilgjengelighet/: open to anybody, and true to what the operator has set."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import pages

PAGE = "/tilgjengelighet/"
STATEMENT = "https://uustatus.no/nb/erklaringer/publisert/1"


def links(client: Client) -> set[str]:
    read = pages.page(client.get(PAGE))
    return {
        link["href"] for link in read.all("a") if link["href"].startswith(("https:", "mailto:"))
    }


def test_it_leads_to_the_statement_and_to_whoever_listens(
    client: Client, db: None, settings: Any
) -> None:
    settings.ACCESSIBILITY_STATEMENT_URL, settings.FEEDBACK_EMAIL = STATEMENT, "post@kommune.no"
    assert links(client) == {STATEMENT, "mailto:post@kommune.no"}
    assert "kontraktskommunen" not in pages.text(client.get(PAGE))


def test_without_the_settings_it_says_whom_to_ask(client: Client, db: None, settings: Any) -> None:
    settings.ACCESSIBILITY_STATEMENT_URL = settings.FEEDBACK_EMAIL = ""
    assert links(client) == set()
    said = pages.text(client.get(PAGE))
    assert said.count("administratoren i kontraktskommunen") == 2


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client: Client, db: None, method: str) -> None:
    assert getattr(client, method)(PAGE).status_code == 405


def test_it_asks_the_database_nothing(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(PAGE).status_code == 200
    assert len(asked) == 0
