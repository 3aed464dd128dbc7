"""A real OpenID Connect provider on this machine, and people who log in with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from config.oidc import Provider
from municipalities.models import Organisation, User
from tests import jobs, pages
from tests.ports import free_port

WAIT = 30  # seconds
PEOPLE = "/kommuner/regioner/ringeriksregionen/personer/"
NEW = "ny.direktor@hole.example"
# The mock says when somebody logged in, as real ones do: now, unless their claims say something else.
_MOCK = """
import time
from oidc_provider_mock import __main__, _storage
_storage.AuthorizationCode.get_auth_time = lambda code: int(time.time())
__main__.run()
"""
_told: set[str] = set()  # whom the provider has been told about


@contextmanager
def serving() -> Iterator[str]:
    """Run oidc-provider-mock in a process of its own; the value is its issuer."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-c", _MOCK, "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env={**os.environ, "NO_PROXY": "*"}, **quiet) as process:
        try:
            issuer = f"http://127.0.0.1:{port}"
            _wait(issuer)
            yield issuer
        finally:
            process.terminate()


def _wait(issuer: str) -> None:
    give_up = time.monotonic() + WAIT
    while time.monotonic() < give_up:
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the provider did not start")


def provider(issuer: str, name: str = "entra", **given: Any) -> Provider:
    """The provider as an operator would describe it."""
    facts = {"label": "Kommunekonto", "client_id": f"avtaler-{name}", "client_secret": "hemmelig"}
    return Provider(name=name, issuer=issuer, origins=(issuer,), **{**facts, **given})


def person(issuer: str, subject: str, **claims: Any) -> None:
    """Tell the provider about somebody."""
    answer = httpx.put(f"{issuer}/users/{subject}", json=claims, trust_env=False)
    assert answer.status_code == 204, answer.text
    _told.add(subject)


def forget(issuer: str) -> None:
    """Let it know no more of anybody than it makes up for a stranger."""
    for subject in sorted(_told):
        person(issuer, subject, email=subject)
    _told.clear()


def asked(client: Client, name: str = "entra", **data: str) -> str:
    """Press the button that leads to a provider, and return where it leads."""
    answer = client.post(f"/logg-inn/med/{name}/", data)
    assert answer.status_code == 302, pages.text(answer)
    return str(answer["Location"])


def allowed(address: str, subject: str) -> str:
    """Log in at the provider as somebody, and return the path it sends the browser back to."""
    answer = httpx.post(address, data={"sub": subject}, trust_env=False)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def log_in(client: Client, subject: str, name: str = "entra", **data: str) -> HttpResponse:
    """Go all the way round, and return this program's answer."""
    return client.get(allowed(asked(client, name, **data), subject))


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


# --- in a test's database --------------------------------------------------------------------------


def knows(client: Client) -> str:
    """Who the client is logged in as."""
    found = client.session.get("_auth_user_id")
    return User.objects.get(pk=found).email if found else ""


def link(client: Client, subject: str, **data: str) -> Any:
    """Link a provider to the account that is logged in, which has just shown its password."""
    confirmed(client)
    return log_in(client, subject, process="connect", **data)


def confirmed(client: Client) -> None:
    """Confirm with the password that it is still the one who is logged in."""
    user = User.objects.get(email=knows(client))
    user.set_password("granbar og morgendugg")
    user.save()
    client.force_login(user)
    answer = client.post("/logg-inn/bekreft/", {"password": "granbar og morgendugg"})
    assert answer.status_code == 302


def invited(as_: Callable[[str], Client], email: str = NEW) -> str:
    """Invite somebody to be Hole's director, and return the path in the mail."""
    client, hole = as_("administrator"), Organisation.objects.get(key="3310")
    sent = pages.form(client.get(PEOPLE), "Send invitasjonen")
    sent = pages.changed(sent, email=email, organisation=str(hole.pk), role="director")
    assert client.post(PEOPLE, sent).status_code == 302
    jobs.run()
    found = re.search(r"https://avtaler\.example(/invitasjon/\S+/)", mail.outbox[-1].body)
    assert found
    return found[1]


def take(client: Client, path: str, subject: str) -> Any:
    """Take an invitation as somebody at the provider."""
    opened = client.get(path)
    sent = pages.form(opened, "Ta imot med Kommunekonto")
    answer = client.post("/invitasjon/med/entra/", sent)
    assert answer.status_code == 302, pages.text(answer)
    return client.get(allowed(answer["Location"], subject))


def written() -> str:
    """Every word of every table, with sessions and jobs read as they are meant."""
    words = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own names
            words.append(str(cursor.fetchall()))
    words += [str(row.get_decoded()) for row in Session.objects.all()]
    return "\n".join(words)
