"""The log: one JSON object for each line on a server, with the request's identity and nobody's data.

A person's name or address, a token, what was typed in a form or after a `?` never gets here. Messages of
exceptions are left out for that reason: PostgreSQL quotes the row it refuses, Python the value it cannot
read. What kind of error it was and where in the code says enough.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from pathlib import Path
from typing import Any

from municipalities import request_ids

FORMATS = ("json", "lines")
PROJECT = Path(__file__).resolve().parent.parent
FIELDS = (
    "method",
    "route",
    "status",
    "milliseconds",
)  # what a caller may add; nothing else is written
MOST_ERRORS, MOST_FRAMES = 5, 40

LINK = re.compile(r"((?:invitasjon|nytt-passord)(?:/|%2F))[A-Za-z0-9_-]{20,}", re.IGNORECASE)
QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']+")
ADDRESS = re.compile(r"[^\s@<>\"'(),;:=/]+(?:@|%40)[^\s@<>\"'(),;:=/]+")
# What PostgreSQL says under the first line has values of the row in it.
DETAIL = re.compile(r"\s*\b(?:DETAIL|CONTEXT|QUERY|STATEMENT|HINT):.*", re.DOTALL)


def harmless(text: str) -> str:
    """Return the text without tokens, query strings, e-mail addresses and values from the database."""
    text = LINK.sub(r"\1…", text)
    text = QUERY.sub(r"\1?…", text)
    text = ADDRESS.sub("…@…", text)
    return DETAIL.sub("", text)


def route_of(request: Any) -> str:
    """Return the name of the address that was asked for: `clause`, never which agreement's."""
    match = getattr(request, "resolver_match", None)
    return match.view_name or "unnamed" if match else "none"


def message_of(record: logging.LogRecord) -> str:
    """Return a record's message. Django puts the path into its own: the route's name stands there."""
    args, request = record.args, getattr(record, "request", None)
    if request is not None and isinstance(args, tuple):
        path = getattr(request, "path", None)
        args = tuple(route_of(request) if arg == path else arg for arg in args)
    text = str(record.msg)
    try:
        return harmless(text % args if args else text)
    except (TypeError, ValueError, KeyError):
        return harmless(text)


def errors_of(error: BaseException | None) -> list[dict[str, Any]]:
    """Return an error and what caused it, the last first: its kind, and where in the code it was."""
    found: list[dict[str, Any]] = []
    while error is not None and len(found) < MOST_ERRORS:
        kind = type(error)
        told: dict[str, Any] = {"kind": f"{kind.__module__}.{kind.__qualname__}"}
        for name in ("sqlstate", "errno"):
            if isinstance(value := getattr(error, name, None), str | int):
                told[name] = value
        diagnosis = getattr(error, "diag", None)
        for name in ("table_name", "constraint_name"):
            if value := getattr(diagnosis, name, None):
                told[name] = value
        frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
        told["where"] = [f"{_short(f.filename)}:{f.lineno} {f.name}" for f in frames]
        found.append(told)
        hidden = error.__suppress_context__
        error = error.__cause__ or (None if hidden else error.__context__)
    return found


def _short(name: str) -> str:
    """A file's path within the project, or within the installed packages."""
    _, packages, rest = name.rpartition("site-packages/")
    return rest if packages else name.removeprefix(f"{PROJECT}/")


class JsonFormatter(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time (UTC), level, logger and message, and what is known of the request and the error."""
        when = dt.datetime.fromtimestamp(record.created, dt.UTC)
        line: dict[str, Any] = {
            "time": when.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": message_of(record),
        }
        if identity := request_ids.current():
            line["request_id"] = identity
        line |= {name: record.__dict__[name] for name in FIELDS if name in record.__dict__}
        if "route" not in line and (request := getattr(record, "request", None)) is not None:
            line["route"] = route_of(request)
        if record.exc_info and record.exc_info[1] is not None:
            line["errors"] = errors_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class LinesFormatter(logging.Formatter):
    """Lines for people. With `whole_errors`, for one's own machine, errors as Python tells them."""

    def __init__(self, *, whole_errors: bool) -> None:
        super().__init__()
        self.whole_errors = whole_errors

    def format(self, record: logging.LogRecord) -> str:
        """Return the time of day, level, logger and message, and the error under it."""
        identity = request_ids.current()
        when = dt.datetime.fromtimestamp(record.created).astimezone()
        start = f"{when:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}"
        line = f"{start}{f' [{identity}]' if identity else ''}: {message_of(record)}"
        extra = [f"{name}={record.__dict__[name]}" for name in FIELDS if name in record.__dict__]
        line = " ".join([line, *extra])
        if record.exc_info and record.exc_info[1] is not None:
            if self.whole_errors:
                return f"{line}\n{self.formatException(record.exc_info)}"
            line += f" {json.dumps(errors_of(record.exc_info[1]), default=str)}"
        return line


def formatter(form: str, *, local: bool) -> logging.Formatter:
    """Return what writes lines of this form."""
    return JsonFormatter() if form == "json" else LinesFormatter(whole_errors=local)


def configuration(form: str, *, local: bool) -> dict[str, Any]:
    """Return Django's LOGGING. On a server each request is a line; on one's own machine just trouble."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "config.logs.formatter", "form": form, "local": local}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            # Django's own handlers are taken away: its mail to administrators has whole requests in it.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "config.request_log": {"level": "WARNING" if local else "INFO"},
            "procrastinate.worker": {"level": "WARNING" if local else "INFO"},
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }
