"""Logging in: passwords, links by mail, and an app for codes."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from municipalities.models import User
from tests import jobs, pages

PASSWORD = "granbar og morgendugg"
ACTIVATE = "/min-side/konto/totrinn/"
OF_THE_SECRET = -1, 0, 1  # half a minute ago, now, and in half a minute: each is good once


def code(secret: str, step: int = 0) -> str:
    """What the app shows."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + step))


def known(email: str) -> User:
    """Somebody of the demonstration, with a password. Setting it anew would end their sessions."""
    user = User.objects.get(email=email)
    if not user.check_password(PASSWORD):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return user


def log_in(client: Client, email: str, password: str = PASSWORD, **data: str) -> Any:
    """Send the login form."""
    return client.post("/logg-inn/", {"login": email, "password": password, **data})


def logged_in(email: str) -> Client:
    """Somebody who has come in by the page."""
    known(email)
    client = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/142.0"})
    assert log_in(client, email).status_code == 302
    return client


def activate(client: Client, following: str = "") -> tuple[str, list[str], Any]:
    """Turn two factors on; the secret, the recovery codes, and the page they were shown on."""
    address = ACTIVATE + (f"?next={following}" if following else "")
    opened = client.get(address)
    sent = pages.form(opened, "Slå på")
    secret = pages.page(opened).one("code").text
    answer = client.post(ACTIVATE, pages.changed(sent, code=code(secret)))
    assert answer.status_code == 200, pages.complaints(answer)
    return secret, [node.text for node in pages.page(answer).all("code")], answer


def secret_of(email: str) -> str:
    """The secret that is stored for somebody, as the program reads it."""
    row = Authenticator.objects.get(user__email=email, type="totp")
    return str(decrypt(row.data["secret"]))


def reset_link(client: Client, email: str) -> str:
    """Ask for a link, have it mailed, and open it."""
    assert client.post("/logg-inn/glemt-passord/", {"email": email}).status_code == 302
    jobs.run()
    jobs.run()
    found = re.search(
        r"https://avtaler\.example(/logg-inn/nytt-passord/\S+/)", mail.outbox[-1].body
    )
    assert found
    with CaptureQueriesContext(connection) as asked:
        opened = client.get(found[1])
    assert not [q for q in asked if re.match("INSERT|UPDATE|DELETE", q["sql"])]
    assert pages.form(opened, "Lagre passordet", found[1]).keys() == {"password1", "password2"}
    return found[1]
