"""What a final file costs beside the other ways to one. Run by hand: python benchmarks/finals.py

With the word «rendering» or «downloads» only one half is measured.

In one run, by turns: the same ten pages as a final file with fields, looked through by the gate, from
the warm worker; LibreOffice from Word; Chromium from the page; an empty page. Then a stored file beside
an empty page, from one server. README.md has what came of it.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOCAL", "1")

import django

django.setup()

from django.db import connection
from django.test import Client

from agreements import documents
from agreements.documents import bounded, inspection, renderer
from agreements.documents.agreement import agreement_html
from agreements.models import Agreement, StoredFile
from benchmarks import memory, others
from municipalities.models import User
from tests import database, demonstration, final_files, stress_documents
from tests.conftest import CAST

ROUNDS = 9
REQUESTS = 150
PAGES = 10
CLAUSES = 22  # gives so many pages; asserted
EMPTY = '<!doctype html><html lang="nb"><head><title>Tom</title></head><body></body></html>'
HOST = "127.0.0.1"
OURS, OFFICE = "final file, fields and gate, warm worker", "LibreOffice, DOCX to PDF, warm profile"
CHROMIUM, ALONE = "Chromium, print to PDF, warm", "Chromium, print to PDF, command line"
NOTHING = "an empty page, warm worker"
Work = Callable[[], object]


def by_turns(
    works: dict[str, Work], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """The median of each, every round with one of each: what else the machine does hits all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begun = clock()
            work()
            taken[name].append(clock() - begun)
    return {name: median(each) for name, each in taken.items()}


def worker() -> list[int]:
    """The process that makes PDF files."""
    return [bounded._worker.process.pid] if bounded._worker else []


def rendering() -> None:
    """Measure the ways to a file."""
    document = stress_documents.with_clauses(CLAUSES)
    issue = documents.Issue(documents.Kind.FINAL, 1, "ab" * 32, signature_fields=True)
    html = agreement_html(document, issue)

    def final() -> None:
        renderer.forget()
        assert not inspection.problems(documents.agreement_pdf(document, issue))

    def nothing() -> None:
        renderer.forget()
        renderer.pdf(EMPTY)

    made = documents.agreement_pdf(document, issue)
    assert len(inspection.facts(made).pages) == PAGES, len(inspection.facts(made).pages)
    with TemporaryDirectory() as name:
        folder = Path(name)
        with others.chromium_warm(html, folder) as warm:
            works: dict[str, Work] = {
                OURS: final,
                OFFICE: others.libreoffice(documents.agreement_docx(document), folder),
                CHROMIUM: warm,
                ALONE: others.chromium_alone(html, folder),
                NOTHING: nothing,
            }
            for _ in range(3):
                final()
            taken = by_turns(works, ROUNDS)
            worked = by_turns(works, ROUNDS, memory.processor)
            roots = dict.fromkeys(works) | {OURS: worker, NOTHING: worker}
            running = set(memory.tree(os.getpid())) - {os.getpid(), *worker()}
            roots[CHROMIUM] = lambda: sorted(running)
            peaks = {name: memory.peak(work, roots[name]) for name, work in works.items()}
    print(f"\n| {PAGES} pages | ms | beside ours | processor, ms | peak memory, MB (PSS) |")
    print("|---|---|---|---|---|")
    for way, each in taken.items():
        beside = f"{each / taken[OURS]:.2f} | {worked[way] * 1000:.0f}"
        print(f"| {way} | {each * 1000:.0f} | {beside} | {peaks[way]:.0f} |")
    for what, each in (("time", taken), ("processor time", worked)):
        aim(f"under half of LibreOffice's {what}", each[OURS] / each[OFFICE], 0.5)
        aim(f"no more than Chromium's {what}, warm", each[OURS] / each[CHROMIUM], 1)
    aim("under half of LibreOffice's memory", peaks[OURS] / peaks[OFFICE], 0.5)
    aim("no more than Chromium's memory", peaks[OURS] / peaks[CHROMIUM], 1)


def aim(name: str, ratio: float, most: float) -> None:
    """Say whether an aim is reached."""
    print(f"{name}: {ratio:.2f} of {most:g}: {'yes' if ratio <= most else 'NO'}")


@contextmanager
def served() -> Iterator[int]:
    """The program behind gunicorn on the database that Django uses here; gives the port."""
    params = connection.get_connection_params()
    host, user = quote(str(params["host"]), safe=""), quote(str(params["user"]))
    url = f"postgresql://{user}@/{params['dbname']}?host={host}&port={params['port']}"
    connection.close()
    port = 8765
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers=1", "--threads=4"]
    command += ["--no-control-socket", f"--bind={HOST}:{port}", "--log-level=warning"]
    settings = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "benchmarks.served"}
    server = subprocess.Popen(command, cwd=PROJECT, env=os.environ | settings | {"LOCAL": "1"})
    try:
        while True:
            try:
                http.client.HTTPConnection(HOST, port).connect()
                break
            except OSError:
                time.sleep(0.2)
        time.sleep(5)  # the worker warms up beside
        yield port
    finally:
        server.terminate()
        server.wait()


def downloads() -> None:
    """Measure a stored file beside an empty page."""
    demonstration.load()
    agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
    version = final_files.finalised(agreement)
    file = version.files.get(kind=StoredFile.Kind.AGREEMENT)
    client = Client()
    client.force_login(User.objects.get(email=CAST["administrator"]))
    cookie = "; ".join(f"{name}={each.value}" for name, each in client.cookies.items())
    with served() as port:
        first: list[float] = []

        def get(address: str, times: list[float] | None = None) -> Work:
            def ask() -> None:
                asked = http.client.HTTPConnection(HOST, port)
                begun = time.perf_counter()
                asked.request("GET", address, headers={"Cookie": cookie})
                answer = asked.getresponse()
                content = answer.read(1)
                if times is not None:
                    times.append(time.perf_counter() - begun)
                content += answer.read()
                asked.close()
                assert answer.status == 200, (address, answer.status)
                assert times is None or len(content) == file.size

            return ask

        stored = f"/avtaler/{agreement.slug}/dokumenter/fil/{file.pk}/"
        works: dict[str, Work] = {
            "empty page": get("/benk/tom/"),
            "stored file, whole": get(stored, first),
            "until a fresh render begins": get(f"/benk/{agreement.slug}/"),
        }
        by_turns(works, 20)
        first.clear()
        taken = by_turns(works, REQUESTS)
    taken["stored file, first byte"] = median(first)
    empty = taken["empty page"]
    print(f"\n| {file.size // 1000} kB over http | ms | beside the empty page |\n|---|---|---|")
    for what, each in taken.items():
        print(f"| {what} | {each * 1000:.1f} | {each / empty:.2f} |")
    aim("stored file beside an empty page", taken["stored file, whole"] / empty, 2.5)
    before = taken["stored file, first byte"] / taken["until a fresh render begins"]
    aim("first byte beside the beginning of a render", before, 1)


def main(asked: list[str]) -> None:
    """Measure all of it, or one half."""
    if "downloads" not in asked:
        rendering()
        bounded.stop()
    if "rendering" not in asked:
        with database.fresh():
            downloads()


if __name__ == "__main__":
    main(sys.argv[1:])
