"""Read settings from environment variables. An odd value stops the program: guessing is worse."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import dj_database_url

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


class BadEnvironment(RuntimeError):
    """A variable is missing or has a value that cannot be read."""


@contextmanager
def ends_with_a_sentence(code: int) -> Iterator[None]:
    """End the program with this exit code, and one line on stderr, where a variable is wrong."""
    try:
        yield
    except BadEnvironment as problem:
        print(problem, file=sys.stderr)
        raise SystemExit(code) from None


def boolean(name: str, default: bool) -> bool:
    """Return the variable as true or false; raise BadEnvironment on anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise BadEnvironment(f"{name} must be one of 1, true, 0, false; it is {value!r}")


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    """Return a variable that has one of a few values."""
    value = os.environ.get(name) or default
    if value not in choices:
        raise BadEnvironment(f"{name} must be one of {', '.join(choices)}; it is {value!r}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty items."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def whole_number(name: str, default: int, least: int, most: int) -> int:
    """Return a whole number within these limits."""
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and least <= int(value[:20]) <= most):
        raise BadEnvironment(f"{name} must be a number from {least} to {most}; it is {value!r}")
    return int(value)


def address(name: str, default: str) -> str:
    """Return an http(s) address that other addresses begin with, ending in a slash."""
    value = os.environ.get(name) or default
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise BadEnvironment(f"{name} must be an address like {default}; it is {value!r}")
    return value.rstrip("/") + "/"


MAIL_SCHEMES = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_server(name: str) -> dict[str, Any]:
    """Return Django's settings for a mail server, or nothing where the variable is not set.

    `smtp+tls://user:password@host:587` begins in plain text and asks for TLS, `smtps://…:465` is TLS
    from the start, `smtp://host:25` has none. What a password has of `:/@%` is percent-encoded.
    """
    value = os.environ.get(name)
    if not value:
        return {}
    try:
        parts = urlsplit(value)
        port = parts.port or MAIL_SCHEMES.get(parts.scheme, 0)
        usable = bool(port and parts.hostname and parts.path in ("", "/"))
    except ValueError:
        usable = False
    if not usable:
        # The value itself has a password in it: it is not repeated.
        raise BadEnvironment(f"{name} must be an address like smtp+tls://user:password@host:587")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def own_address(name: str, *, server: bool) -> str:
    """Return the installation's own address without a slash at the end.

    On a server it has to be there, with https: cookies are sent over nothing else. On one's own machine
    it may be left out.
    """
    if not os.environ.get(name):
        if server:
            raise BadEnvironment(f"{name} is not set: it is the address people use, with https://")
        return ""
    value = address(name, "https://avtaler.example/").rstrip("/")
    if urlsplit(value).path:
        raise BadEnvironment(f"{name} must have nothing after the host name; it is {value!r}")
    if server and urlsplit(value).scheme != "https":
        raise BadEnvironment(f"{name} must begin with https:// on a server; it is {value!r}")
    return value


HOST = re.compile(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9a-fA-F:.]+\]|\*")


def host_names(name: str, own: str, *, server: bool) -> list[str]:
    """Return the host names that are answered: the variable's, else the one of the own address.

    On a server `*` is refused, and so is a list without the own address.
    """
    host = (urlsplit(own).hostname or "").lower()
    names = words(name) or ([host] if server else ["127.0.0.1", "localhost", "[::1]"])
    for each in names:
        if not HOST.fullmatch(each):
            raise BadEnvironment(f"{name} must be host names with commas between; one is {each!r}")
        if server and each == "*":
            raise BadEnvironment(f"{name} must name the hosts; * would answer for any name")
    if server and not any(_covers(each.lower(), host) for each in names):
        raise BadEnvironment(f"{name} must have {host!r}, the host name of the own address")
    return names


def _covers(name: str, host: str) -> bool:
    return name == host or (name.startswith(".") and f".{host}".endswith(name))


def origins(name: str) -> list[str]:
    """Return a list of origins, `https://avtaler.example`."""
    found = words(name)
    for each in found:
        if not re.fullmatch(r"https?://[A-Za-z0-9.*_-]+(:[0-9]+)?", each):
            raise BadEnvironment(
                f"{name} must be origins like https://avtaler.example; one is {each!r}"
            )
    return found


def link(name: str) -> str:
    """Return the address of a page elsewhere; empty where it is not set."""
    value = os.environ.get(name, "")
    if value and not re.fullmatch(r"https?://[^\s/@]+(/\S*)?", value):
        raise BadEnvironment(
            f"{name} must be an address that begins with https://; it is {value!r}"
        )
    return value


MAILBOX = re.compile(r"[^\s@<>,;:()]+@[A-Za-z0-9.-]*[A-Za-z0-9]")


def mailbox(name: str) -> str:
    """Return an e-mail address; empty where it is not set."""
    value = os.environ.get(name, "")
    if value and not MAILBOX.fullmatch(value):
        raise BadEnvironment(
            f"{name} must be an address like post@kommune.example; it is {value!r}"
        )
    return value


def sender(name: str, default: str, *, needed: bool) -> str:
    """Return who mails come from: `post@kommune.example`, or `A name <post@kommune.example>`."""
    value = os.environ.get(name) or ""
    if not value and needed:
        raise BadEnvironment(f"{name} is not set: a mail server needs to know who mails come from")
    value = value or default
    if "\n" in value or not MAILBOX.fullmatch(parseaddr(value)[1]):
        raise BadEnvironment(
            f"{name} must be like Samarbeidsavtaler <post@kommune.example>; it is {value!r}"
        )
    return value


def database(name: str, *, default: str, pooled: bool = False) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL database. Without a default it has to be named.

    The value has a password in it: it is never repeated. `pooled`: a pooler is in between, which may give
    each transaction another connection, so nothing is left on one.
    """
    value = os.environ.get(name) or default
    if not value:
        raise BadEnvironment(f"{name} is not set")
    wrong = BadEnvironment(f"{name} must be like postgresql://user:password@host:5432/name")
    try:
        parts = urlsplit(value)
        _ = parts.port  # ValueError where it is no number
        if parts.scheme not in ("postgresql", "postgres") or len(parts.path) < 2:
            raise wrong
        found = dj_database_url.parse(
            value,
            conn_max_age=0 if pooled else 60,
            conn_health_checks=not pooled,
            disable_server_side_cursors=pooled,
        )
        return dict(found)
    except ValueError:
        raise wrong from None


def token(name: str, least: int) -> str:
    """Return a secret that other programs show us, long enough not to be guessed; empty if not set."""
    value = os.environ.get(name, "")
    if value and not re.fullmatch(rf"[!-~]{{{least},}}", value):
        raise BadEnvironment(
            f"{name} must be at least {least} letters, digits and signs, no spaces"
        )
    return value


def secret(name: str, fallback_file: Path | None) -> str:
    """Return a secret from the variable, else from a file made on first use.

    The file is for one machine (script/server). With no file allowed, a missing secret stops
    the program: two web processes with different secrets would log everybody out.
    """
    if value := os.environ.get(name):
        if len(value) < 50:
            raise BadEnvironment(f"{name} must be at least 50 characters long")
        return value
    if fallback_file is None:
        raise BadEnvironment(f"{name} is not set")
    if not fallback_file.exists():
        import secrets

        fallback_file.parent.mkdir(parents=True, exist_ok=True)
        made = secrets.token_urlsafe(64)
        descriptor = os.open(fallback_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(made)
    return fallback_file.read_text().strip()


def check_collected(static_root: Path) -> None:
    """BadEnvironment where the files of the pages have not been collected: every page would fail."""
    if not (static_root / "staticfiles.json").is_file():
        raise BadEnvironment(
            "STATIC_ROOT has no collected files: run manage.py collectstatic --noinput"
        )
