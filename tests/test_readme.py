"""The README is true: its commands run, its links lead somewhere, its map names what is there."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.sql import SQL, Identifier

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
CONSOLE = [
    line
    for block in re.findall(r"^```console\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
COMMANDS = [line for line in CONSOLE if line.startswith("script/manage ")]
DOCUMENTS = [
    "README.md",
    *sorted(str(p.relative_to(PROJECT)) for p in (PROJECT / "docs").glob("*.md")),
]


@pytest.fixture(scope="module")
def environment(
    django_db_setup: None, django_db_blocker: pytest.FixtureDef
) -> Iterator[dict[str, str]]:
    """A database of its own with the demonstration, named in the environment of the commands."""
    name = f"run_{os.getpid()}_readme"
    with django_db_blocker.unblock():
        settings = connection.settings_dict
        connection.close()
    address = {"user": settings["USER"], "host": settings["OPTIONS"].get("host", settings["HOST"])}
    options = {key: value for key, value in settings["OPTIONS"].items() if key in {"host", "port"}}
    address |= options
    if settings["PORT"]:
        address["port"] = settings["PORT"]
    if settings["PASSWORD"]:
        address["password"] = settings["PASSWORD"]
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as server:
        copy = SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(copy.format(Identifier(name), Identifier(settings["NAME"])))
    url = f"postgresql://{address['user']}@/{name}?host={address['host']}"
    if "port" in address:
        url += f"&port={address['port']}"
    made = {**os.environ, "DATABASE_URL": url, "LOCAL": "1"}
    made.pop("EMBEDDED_DATABASE", None)
    run("script/manage load_demo --yes", made, PROJECT)
    yield made
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as server:
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def run(line: str, environment: dict[str, str], folder: Path) -> str:
    """Run a README command as typed, from `folder`, and return its stdout."""
    program, *arguments = shlex.split(line)
    arguments = [str(PROJECT / a) if a.startswith("tests/data/") else a for a in arguments]
    done = subprocess.run(
        [PROJECT / program, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_the_readme_names_the_two_commands_and_they_can_be_run() -> None:
    for line in ("script/server", "script/test"):
        assert line in CONSOLE
        assert os.access(PROJECT / line, os.X_OK)


def test_every_command_of_the_readme_runs_from_another_folder(
    environment: dict[str, str], tmp_path: Path
) -> None:
    assert len(COMMANDS) >= 6
    answers = {line.split()[1]: run(line, environment, tmp_path) for line in COMMANDS}
    tables = json.loads(answers["contributions"])["alternatives"]
    assert [table["total"]["amounts"]["2026"] for table in tables] == ["1256000.00", "1381600.00"]
    assert (tmp_path / "avtale.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "bidrag.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "bidrag.xlsx").read_bytes().startswith(b"PK")
    assert answers["import_agreement"].split()[-1].startswith("ringeriksregionen-")


def test_the_server_of_the_readme_answers_and_stops(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [PROJECT / "script/server"],
        cwd=tmp_path,
        env={**environment, "PORT": str(port)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        address = next((line.strip() for line in server.stdout if line.startswith("http://")), "")
        assert address == f"http://127.0.0.1:{port}"
        with urllib.request.urlopen(f"{address}/logg-inn/", timeout=30) as answer:  # noqa: S310
            assert answer.status == 200
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_and_paths_of_the_documents_exist(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8")
    folder = (PROJECT / name).parent
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in target:
            assert (folder / target).exists(), f"{name}: {target}"


def test_the_map_names_what_is_there() -> None:
    rooms = README.split("## The map")[1].split("## Deploy")[0]
    for path in re.findall(r"`([\w/]+(?:/|\.py))`", rooms):
        assert (PROJECT / path).exists() or (PROJECT / "financing" / path).exists(), path
