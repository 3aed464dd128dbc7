"""Two factors and a forgotten password as somebody goes through them, each page examined on the way."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from municipalities.accounts import mails
from municipalities.models import User
from tests import codes
from tests.browser import staging
from tests.browser.watching import examine

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]
Open = Callable[..., Page]
ACCOUNT = "/min-side/konto/"


def log_in(page: Page, who: str) -> None:
    page.goto("/logg-inn/")
    page.get_by_label("E-postadresse").fill(staging.PEOPLE[who])
    page.get_by_label("Passord").fill(staging.PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_two_factors_from_on_to_off(open_as: Open) -> None:
    page = open_as("nobody")
    log_in(page, "editor")
    page.get_by_role("button", name=re.compile("Redaktør")).click()
    page.get_by_role("link", name="Min konto").click()
    page.get_by_role("link", name="Slå på").click()
    expect(page.get_by_role("img", name="QR-kode")).to_be_visible()
    examine(page)
    press(page, "Slå på")
    expect(page.locator("ds-error-summary")).to_contain_text("Skriv koden")
    examine(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("Koden i appen").fill(codes.code(secret, -1))
    press(page, "Slå på")
    expect(page.get_by_role("heading", level=1)).to_contain_text("gjenopprettingskodene")
    examine(page)
    recovery = page.locator("#koder code").all_inner_texts()
    with page.expect_download() as download:
        page.get_by_role("link", name="Last ned som tekst").click()
    assert download.value.suggested_filename == "gjenopprettingskoder.txt"
    assert download.value.path().read_text().split() == recovery
    page.get_by_role("link", name="Jeg har tatt vare på dem").click()
    examine(page)
    page.get_by_role("link", name="Lag nye gjenopprettingskoder").click()
    examine(page)
    page.goto("/logg-inn/bekreft/kode/")
    press(page, "Bekreft")
    examine(page)
    page.goto(f"{ACCOUNT}totrinn/av/")
    examine(page)
    other = open_as("nobody")
    log_in(other, "editor")
    expect(other.get_by_role("heading", level=1)).to_have_text("Skriv koden")
    examine(other)
    other.get_by_label("Kode").fill("000000")
    press(other, "Logg inn")
    expect(other.locator("ds-error-summary")).to_contain_text("Koden er feil")
    examine(other)
    other.get_by_label("Kode").fill(recovery[0])
    press(other, "Logg inn")
    other.wait_for_url("**/")
    other.goto(ACCOUNT)
    expect(other.get_by_text("Denne nettleseren", exact=False)).to_have_count(1)
    examine(other)
    press(page, "Slå av")
    page.wait_for_url(f"**{ACCOUNT}")
    expect(page.get_by_text("Totrinnsbekreftelse er slått av")).to_be_visible()


def test_a_forgotten_password(open_as: Open) -> None:
    path = mails.reset_path(User.objects.get(email=staging.PEOPLE["director"]))
    connection.close()
    page = open_as("nobody", path)
    examine(page)
    press(page, "Lagre passordet")
    expect(page.locator("ds-error-summary")).to_be_focused()
    examine(page)
    page.get_by_label("Nytt passord", exact=True).fill("en lang og god setning 7")
    page.get_by_label("Nytt passord en gang til").fill("en lang og god setning 7")
    press(page, "Lagre passordet")
    expect(page.get_by_role("heading", level=1)).to_have_text("Passordet er byttet")


def test_a_first_password(open_as: Open) -> None:
    """For somebody whom a provider has let in, which is done by hand here."""
    user = User.objects.get(email=staging.PEOPLE["director"])
    user.set_unusable_password()
    user.save()
    client = Client()
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "x", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    connection.close()
    page = open_as("nobody")
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": str(session.session_key),
                "url": page.url.partition("logg-inn")[0],
            }
        ]
    )
    page.goto(ACCOUNT)
    examine(page)
    page.get_by_role("link", name="Lag et passord").click()
    press(page, "Lagre passordet")
    expect(page.locator("ds-error-summary")).to_be_focused()
    examine(page)
    page.get_by_label("Nytt passord", exact=True).fill("en lang og god setning 7")
    page.get_by_label("Nytt passord en gang til").fill("en lang og god setning 7")
    press(page, "Lagre passordet")
    expect(page.get_by_text("Passordet er lagret.")).to_be_visible()
