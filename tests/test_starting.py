"""A setting that is wrong or missing stops the start with one sentence that names it."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from typing import Any

import pytest

from config.embedded_place import PROJECT
from config.environment import BadEnvironment
from tests import production
from tests.test_scripts import variables_read

SECRET = "hemmelig-passord"
WRONG = [
    ("LOCAL", "kanskje"),
    ("DEBUG", "2"),
    ("DEBUG", "1"),
    ("SECRET_KEY", ""),
    ("SECRET_KEY", "for kort"),
    ("DATABASE_URL", ""),
    ("DATABASE_URL", f"mysql://u:{SECRET}@db/name"),
    ("DATABASE_URL", f"postgresql://u:{SECRET}@db:femti/name"),
    ("DATABASE_URL", f"postgresql://u:{SECRET}@db:5432/"),
    ("DATABASE_URL", f"postgresql://u:{SECRET}@[db:5432/name"),
    ("DATABASE_URL", SECRET),
    ("DATABASE_POOLED", "kanskje"),
    ("BASE_URL", ""),
    ("BASE_URL", "avtaler.kommune.no"),
    ("BASE_URL", "http://avtaler.kommune.no"),
    ("BASE_URL", "https://avtaler.kommune.no/avtaler"),
    ("BASE_URL", "https://avtaler.kommune.no?x=1"),
    ("BASE_URL", "https://[avtaler"),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "avtaler.kommune.no,*"),
    ("ALLOWED_HOSTS", "https://avtaler.kommune.no"),
    ("ALLOWED_HOSTS", "avtaler.kommune.no:443"),
    ("ALLOWED_HOSTS", "en.annen.no"),
    ("CSRF_TRUSTED_ORIGINS", "avtaler.kommune.no"),
    ("CSRF_TRUSTED_ORIGINS", "https://avtaler.kommune.no/side"),
    ("SSL_REDIRECT", "ja takk"),
    ("EMAIL_URL", f"http://u:{SECRET}@mail.kommune.no"),
    ("EMAIL_URL", f"smtp://u:{SECRET}@mail.kommune.no:25/innboks"),
    ("EMAIL_URL", f"smtp://u:{SECRET}@mail.kommune.no:post"),
    ("EMAIL_URL", SECRET),
    ("DEFAULT_FROM_EMAIL", "Samarbeidsavtaler"),
    ("DEFAULT_FROM_EMAIL", "Avtaler <avtaler>"),
    ("FEEDBACK_EMAIL", "Kari Nordmann"),
    ("FEEDBACK_EMAIL", "mailto:kari@kommune.no"),
    ("ACCESSIBILITY_STATEMENT_URL", "uustatus.no/erklaering"),
    ("ACCESSIBILITY_STATEMENT_URL", "javascript:alert(1)"),
    ("STATISTICS_TABLES_URL", "data.ssb.no"),
    ("STATISTICS_CLASSIFICATIONS_URL", "https://data.ssb.no/?q=1"),
    ("LOG_FORMAT", "xml"),
    ("REQUIRE_TOTP_FOR_ADMINISTRATORS", "kanskje"),
    ("METRICS_TOKEN", "kort"),
    ("METRICS_TOKEN", "langt nok, men med mellomrom"),
    ("PDF_TIME_LIMIT", "4"),
    ("PDF_TIME_LIMIT", "ett minutt"),
    ("PDF_MEMORY_LIMIT", "1 GB"),
    ("PDF_MEMORY_LIMIT", "64"),
]
# A path may be any; a folder that files are not in is tried below.
ANY_VALUE = {"VAR_DIR", "STATIC_ROOT"}


def settings_with(monkeypatch: pytest.MonkeyPatch, **changes: str) -> dict[str, Any]:
    """Read the settings as a server's process does."""
    for name in variables_read():
        monkeypatch.delenv(name, raising=False)
    for name, value in (production.VALUES | changes).items():
        monkeypatch.setenv(name, value)
    # A part of the settings, and so read anew with them.
    monkeypatch.delitem(sys.modules, "config.accounts", raising=False)
    return runpy.run_path(str(PROJECT / "config/settings.py"))


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_one_sentence_that_names_it(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(BadEnvironment) as refused:
        settings_with(monkeypatch, **{name: value})
    said = str(refused.value)
    assert name in said
    assert "\n" not in said
    assert SECRET not in said


def test_every_variable_has_been_tried_wrong() -> None:
    assert {name for name, _ in WRONG} | ANY_VALUE == variables_read()


def test_a_mail_server_needs_a_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadEnvironment, match="DEFAULT_FROM_EMAIL is not set"):
        settings_with(monkeypatch, EMAIL_URL="smtp://mail.kommune.no")


def test_right_values_are_taken_as_they_are_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    read = settings_with(
        monkeypatch,
        EMAIL_URL="smtp+tls://u:p%40ss@mail.kommune.no",
        DEFAULT_FROM_EMAIL="Avtaler <avtaler@kommune.no>",
        FEEDBACK_EMAIL="post@kommune.no",
        ACCESSIBILITY_STATEMENT_URL="https://uustatus.no/nb/erklaringer/publisert/1",
        METRICS_TOKEN=production.TOKEN,
        DATABASE_URL="postgresql://u:p%2Fw@db:5432/avtaler",
    )
    assert read["ALLOWED_HOSTS"] == ["avtaler.kommune.no"]
    assert read["EMAIL_HOST_PASSWORD"] == "p@ss"
    database = read["DATABASES"]["default"]
    assert (database["HOST"], database["PASSWORD"]) == ("db", "p/w")
    assert read["LOG_FORMAT"] == "json"
    assert read["SESSION_COOKIE_NAME"].startswith("__Host-")
    wide = settings_with(monkeypatch, ALLOWED_HOSTS=".kommune.no, localhost")
    assert wide["ALLOWED_HOSTS"] == [".kommune.no", "localhost"]


def test_on_ones_own_machine_nothing_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "DATABASE_URL", "SECRET_KEY"):
        monkeypatch.setitem(production.VALUES, name, "")
    read = settings_with(monkeypatch, LOCAL="1", VAR_DIR=os.environ.get("VAR_DIR", "var"))
    assert read["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert (read["LOG_FORMAT"], read["BASE_URL"]) == ("lines", "")


GUNICORN = [*production.command_of_the_image(), "--bind=127.0.0.1:0"]
MANAGE = [sys.executable, "manage.py", "migrate", "--noinput"]
WORKER = [sys.executable, "manage.py", "procrastinate", "worker"]


@pytest.mark.parametrize("command", [GUNICORN, MANAGE, WORKER], ids=["web", "migrate", "worker"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("SECRET_KEY", "kort"), ("BASE_URL", ""), ("DATABASE_URL", "x"), ("LOG_FORMAT", "xml")],
)
def test_each_process_stops_with_the_sentence_and_no_traceback(
    command: list[str], name: str, value: str
) -> None:
    done = production.run(command, **{name: value})
    assert done.returncode == 2
    assert name in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_files_that_are_not_collected_stop_the_web_server(tmp_path: Any) -> None:
    done = production.run(GUNICORN, STATIC_ROOT=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr == (
        "STATIC_ROOT has no collected files: run manage.py collectstatic --noinput\n"
    )


@pytest.mark.parametrize(("name", "value"), [("SECRET_KEY", "kort"), ("STATIC_ROOT", "/nowhere")])
def test_gunicorn_without_our_settings_for_it_stops_too(name: str, value: str) -> None:
    done = production.run(
        ["gunicorn", "config.wsgi", "--workers=1", "--bind=127.0.0.1:0"], **{name: value}
    )
    assert done.returncode == 3
    assert name in done.stderr


def test_the_deployment_check_has_nothing_to_say() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done: subprocess.CompletedProcess[str] = production.run(command)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
