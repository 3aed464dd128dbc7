"""Headers and cookies of a server: on pages, files, refusals and failures alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agreements.models import Agreement
from config.embedded_place import PROJECT
from municipalities.models import User
from tests import pages, production
from tests.conftest import CAST
from tests.production import HOST

As = Callable[[str], Client]
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'self'",
)


@pytest.fixture
def server(settings: Any) -> None:
    """The settings that a server has and one's own machine has not."""
    production.use(settings)
    settings.ROOT_URLCONF = "tests.test_logs"


def visitor(who: str = "nobody") -> Client:
    """Somebody who comes through the proxy."""
    client = Client(headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    client.raise_request_exception = False
    if who != "nobody":
        user = User.objects.get(email=CAST[who])
        User.objects.filter(pk=user.pk).update(email=f"{who}@kommune.no")
        client.force_login(User.objects.get(pk=user.pk))
    return client


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("nobody", "/logg-inn/", 200),
        ("nobody", "/tilgjengelighet/", 200),
        ("nobody", "/static/css/app.css", 200),
        ("nobody", "/static/img/mark.svg", 200),
        ("nobody", "/avtaler/", 302),
        ("nobody", "/metrics", 404),
        ("editor", "/avtaler/ringeriksregionen-2026/", 200),
        ("editor", "/avtaler/ringeriksregionen-2026/historikk/hendelser.csv", 200),
        ("editor", "/avtaler/finnes-ikke/", 404),
        ("editor", "/static/finnes-ikke.css", 404),
        ("editor", "/feil/odelagt/x/", 500),
    ],
)
def test_every_answer_has_them(
    ringerike: Agreement, server: None, who: str, address: str, status: int
) -> None:
    answer = visitor(who).get(address)
    answer.close()
    assert answer.status_code == status
    headers = answer.headers
    assert all(part in headers["Content-Security-Policy"] for part in POLICY)
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert re.fullmatch("[0-9a-f]{32}", headers["X-Request-ID"])


def test_cookies_are_for_this_host_over_https_alone(ringerike: Agreement, server: None) -> None:
    User.objects.create_user("kari@kommune.no", "granbar og morgendugg", name="Kari")
    client = visitor()
    sent = pages.form(client.get("/logg-inn/"), "Logg inn")
    sent = pages.changed(sent, login="kari@kommune.no", password="granbar og morgendugg")
    assert client.post("/logg-inn/", sent).status_code == 302
    cookies: SimpleCookie = client.cookies
    assert {"__Host-sessionid", "__Host-csrftoken"} <= cookies.keys()
    for cookie in cookies.values():
        assert cookie["secure"]
        assert cookie["path"] == "/"
        assert not cookie["domain"]
        assert cookie["samesite"] == "Lax"
    assert cookies["__Host-sessionid"]["httponly"]


def test_plain_http_is_sent_to_https(ringerike: Agreement, server: None) -> None:
    answer = Client(headers={"Host": HOST}).get("/logg-inn/")
    assert (answer.status_code, answer["Location"]) == (301, f"https://{HOST}/logg-inn/")
    assert Client(headers={"Host": "en.annen.no"}).get("/logg-inn/").status_code == 400


def test_a_form_without_its_token_is_refused(ringerike: Agreement, server: None) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Host": HOST, "X-Forwarded-Proto": "https"})
    assert client.post("/logg-inn/", {"login": "x", "password": "y"}).status_code == 403


INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize(
    "path", sorted((PROJECT / "templates").rglob("*.html")), ids=lambda path: path.name
)
def test_no_template_of_a_page_has_code_or_style_in_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = text.replace(' style="width:{{ part.width }}%"', "")  # bars that only a PDF has
    if "mail" not in path.parts:  # a mail has no style sheet beside it
        assert not INLINE.search(text), path
