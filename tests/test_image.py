"""The image's own commands, run without Docker: on files nobody may write to, as on a server."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from django.db import connection

from config.embedded_place import PROJECT
from tests import production
from tests.database import copied, database_url
from tests.ports import free_port
from tests.production import HOST, TOKEN, ask

GIVEN = {"Host": HOST, "X-Forwarded-Proto": "https"}
COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


@cache
def can_seal() -> bool:
    return production.can_seal()


def closed(command: list[str], writable: Path) -> list[str]:
    """The command as in its container, where this machine lets us close it in."""
    return production.sealed(command, writable) if can_seal() else command


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a migrated database of its own, with the register."""
    with django_db_blocker.unblock(), copied():
        url = database_url()
        connection.close()
        yield url


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """The image's files."""
    with production.image() as folder:
        yield folder


class Site:
    """The web server of the image, and what it has said."""

    def __init__(self, port: int, log: Path) -> None:
        self.port, self.log = port, log
        self.address = f"http://127.0.0.1:{port}"

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def serving(image: Path, log: Path, temporary: Path, url: str, **changes: str) -> Iterator[Site]:
    temporary.mkdir(exist_ok=True)
    port = free_port()
    command = closed([*production.command_of_the_image(), f"--bind=127.0.0.1:{port}"], temporary)
    given = {"DATABASE_URL": url, "METRICS_TOKEN": TOKEN, "TMPDIR": str(temporary)}
    with production.started(command, image, log, **given | changes) as process:
        site = Site(port, log)
        production.wait_for(lambda: ask(f"{site.address}/health/", **GIVEN).status, process, log)
        yield site


@pytest.fixture(scope="module")
def site(image: Path, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The web server, started with the image's own command."""
    folder = tmp_path_factory.mktemp("web")
    with serving(image, folder / "log", folder / "tmp", database) as running:
        yield running


def test_it_serves_pages_and_files_from_a_folder_it_cannot_write_to(
    image: Path, site: Site
) -> None:
    before = production.files_in(image)
    page = ask(f"{site.address}/logg-inn/", **GIVEN)
    assert (page.status, page.headers["Location"]) == (302, "/oppstart/")
    page = ask(f"{site.address}/tilgjengelighet/", **GIVEN)
    assert page.status == 200
    style = re.findall(r'href="(/static/css/app\.[0-9a-f]+\.css)"', page.body)
    assert ask(site.address + style[0], **GIVEN).status == 200
    assert page.headers["Strict-Transport-Security"]
    plain = ask(f"{site.address}/tilgjengelighet/", Host=HOST)
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/tilgjengelighet/")
    assert production.files_in(image) == before


def test_each_line_of_its_log_is_json(site: Site) -> None:
    asked = ask(f"{site.address}/avtaler/?q=Kari+Hemmelig", **GIVEN)
    ask(f"{site.address}/finnes/kari@kommune.no/", **GIVEN)
    lines = site.lines()
    (line,) = [line for line in lines if line.get("request_id") == asked.headers["X-Request-ID"]]
    assert (line["route"], line["status"]) == ("agreements", asked.status)
    assert {"gunicorn.error", "config.request_log"} <= {line["logger"] for line in lines}
    assert not re.search("Hemmelig|kari@|finnes", site.log.read_text())


def test_prometheus_reads_the_numbers_of_all_processes(site: Site) -> None:
    shown = {"Authorization": f"Bearer {TOKEN}", "Host": "web:8000"}
    name = r'requests_total\{method="GET",route="accessibility",status="200"\} ([0-9.]+)'

    def counted() -> float:
        answer = ask(f"{site.address}/metrics", **shown)
        assert answer.status == 200
        assert "samarbeidsavtaler_database_up 1.0" in answer.body
        return sum(map(float, re.findall(name, answer.body)))

    before = counted()
    with ThreadPoolExecutor(6) as crowd:
        pages = crowd.map(lambda _: ask(f"{site.address}/tilgjengelighet/", **GIVEN), range(30))
        assert {page.status for page in pages} == {200}
    counts = site.log.with_name("tmp").glob("metrics-*/counter_*.db")
    assert sum(b'"accessibility"' in file.read_bytes() for file in counts) > 1, "each has its own"
    assert counted() == before + 30
    assert ask(f"{site.address}/metrics", Host=HOST).status == 404


def test_the_healthcheck_says_whether_it_answers(image: Path, site: Site) -> None:
    command = healthcheck()
    for _ in range(3):  # a busy machine may be late once
        well = production.run([*command, f"{site.address}/health/"], image)
        if well.returncode == 0:
            break
    assert (well.returncode, well.stderr) == (0, "")
    away = production.run([*command, f"http://127.0.0.1:{free_port()}/"], image)
    assert away.returncode == 1
    assert "does not answer" in away.stderr
    other = production.run(
        [*command, f"{site.address}/health/"], image, BASE_URL="https://en.annen.no"
    )
    assert other.returncode == 1


def healthcheck() -> list[str]:
    """The image's healthcheck, with this environment's Python."""
    program, *arguments = production.healthcheck_of_the_image()
    assert program == "python"
    return [sys.executable, *arguments]


def test_it_starts_with_the_database_away_and_says_so(image: Path, tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/nothing"
    with serving(image, tmp_path / "log", tmp_path / "tmp", url) as running:
        assert ask(f"{running.address}/health/", **GIVEN).status == 503
        page = ask(f"{running.address}/logg-inn/", **GIVEN)
        assert (page.status, page.headers["Retry-After"]) == (503, "30")
        assert "Ikke tilgjengelig akkurat nå" in page.body
    assert "127.0.0.1:1" not in running.log.read_text()


def test_the_worker_lives_and_its_probe_tells_the_truth(
    image: Path, database: str, tmp_path: Path
) -> None:
    kind, *probe = COMPOSE["worker"]["healthcheck"]["test"]
    assert kind == "CMD"
    assert production.run(probe, image, DATABASE_URL=database).returncode == 1
    log = tmp_path / "log"
    command = closed(list(COMPOSE["worker"]["command"]), tmp_path)
    with production.started(command, image, log, DATABASE_URL=database) as process:
        production.wait_for(
            lambda: production.run(probe, image, DATABASE_URL=database).returncode == 0,
            process,
            log,
        )
    said = log.read_text().splitlines()
    lines = [json.loads(line) for line in said if not line.startswith("Launching a worker")]
    assert "procrastinate.worker" in {line["logger"] for line in lines}
    with psycopg.connect(database, autocommit=True) as asked:  # one that died without a word
        asked.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '90 s')"
        )
    gone = production.run(probe, image, DATABASE_URL=database)
    assert (gone.returncode, "no worker has lived" in gone.stderr) == (1, True)
    away = production.run(probe, image, DATABASE_URL="postgresql://x:hemmelig@127.0.0.1:1/x")
    assert away.returncode == 1
    assert "hemmelig" not in away.stderr


def test_the_database_is_prepared_as_compose_does_it(
    image: Path, database: str, tmp_path: Path
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    script = closed(list(COMPOSE["migrate"]["command"]), temporary)
    done = production.run(script, image, DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(database) as asked:
        row = asked.execute("SELECT count(*) FROM municipalities_municipality").fetchone()
        assert row is not None
        assert row[0] > 20
        # Somebody of the demonstration with a password: the start is stopped.
        asked.execute(
            "INSERT INTO municipalities_user (password, is_superuser, email, name, sort_key,"
            " is_staff, is_active, date_joined)"
            " VALUES ('md5$x$y', false, 'redaktor@hole.example', 'x', 'x', false, true, now())"
        )
        asked.commit()
        try:
            stopped = production.run(script, image, DATABASE_URL=database)
        finally:
            asked.execute("DELETE FROM municipalities_user WHERE email LIKE '%.example'")
            asked.commit()
    assert stopped.returncode != 0
    assert "come from the demonstration" in stopped.stderr
    assert "Traceback" not in stopped.stderr


MAKE_A_PDF = """
import django
django.setup()
from agreements.documents import renderer
page = "<!doctype html><html lang='nb'><head><title>Prøve</title></head><body><h1>Prøve</h1></body></html>"
print(len(renderer.pdf(page)))
"""


def test_a_pdf_is_made_where_only_temporary_files_may_be_written(
    image: Path, tmp_path: Path
) -> None:
    if not can_seal():
        pytest.skip("needs the right to mount a read-only file system")
    command = closed([sys.executable, "-c", MAKE_A_PDF], tmp_path)
    given = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(image)}
    done = production.run(
        command, image, TMPDIR=str(tmp_path), XDG_CACHE_HOME=str(tmp_path / "cache"), **given
    )
    if "cannot be made on this machine" in done.stderr:
        pytest.skip("needs Pango")
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5000
    refused = production.run(closed(["touch", "manage.pyc"], tmp_path), image)
    assert "Read-only file system" in refused.stderr
