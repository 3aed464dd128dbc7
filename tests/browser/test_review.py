"""A director's answer to a version that is withdrawn in between: told, and nothing of it lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.domain.states import Action
from agreements.models import Agreement
from tests import rounds
from tests.browser.staging import IN_REVIEW
from tests.browser.watching import NARROW, WIDE, examine
from tests.rounds import HOLE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

# How far, in pixels, what follows the alert is from it.
GAP = """
(alert) => alert.nextElementSibling.getBoundingClientRect().top - alert.getBoundingClientRect().bottom
"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_version_is_withdrawn_while_a_director_writes(
    width: int, open_as: Callable[..., Page]
) -> None:
    page = open_as("director", reverse("decision", args=[IN_REVIEW, HOLE]), width=width)
    page.get_by_label("Begrunnelse eller vilkår").fill("Vi betaler for mye.\n\nSatsen må ned.")
    page.get_by_label("Negativ").check()
    rounds.take(Agreement.objects.get(slug=IN_REVIEW), Action.WITHDRAW, "Feil sats.")
    connection.close()
    page.get_by_role("button", name="Send svaret").click()
    alert = page.locator(".ds-alert", has_text="Versjon 2 er trukket tilbake")
    expect(alert.locator(".input__text")).to_contain_text("Satsen må ned.")
    assert alert.evaluate(GAP) >= 24
    examine(page)
