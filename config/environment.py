"""Read settings from environment variables. An odd value stops the program: guessing is worse."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


class BadEnvironment(RuntimeError):
    """A variable is missing or has a value that cannot be read."""


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


def words(name: str, default: str = "") -> list[str]:
    """Return a comma-separated variable as a list without empty items."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


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


def own_address(name: str) -> str:
    """Return the installation's own address without a slash at the end; empty where it is not set."""
    return address(name, "https://avtaler.example/").rstrip("/") if os.environ.get(name) else ""


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
