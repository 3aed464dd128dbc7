"""Making the documents of a test, each once, and reading what came out."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PageObject, PdfReader

from agreements import documents
from agreements.domain import canonical
from agreements.domain.document import Document
from tests import builders, model_agreement, stress_documents

needs_poppler = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs poppler-utils")
SIDE = 24 * 72 / 25.4  # points from the edge to the text

DOCUMENTS = {
    "complete": builders.a_document(),
    "model": model_agreement.agreement(),
    **stress_documents.stress(),
}
# Every file that tests look at: each agreement, and its table alone where it has one.
FILES = [
    (name, kind)
    for name, document in DOCUMENTS.items()
    for kind in ("agreement", "contributions")
    if kind == "agreement" or document.financing
]


@cache
def content(name: str, kind: str = "agreement") -> bytes:
    """The finished file."""
    make = documents.agreement_pdf if kind == "agreement" else documents.contributions_pdf
    return make(DOCUMENTS[name], documents.draft(DOCUMENTS[name]))


@cache
def read(name: str, kind: str = "agreement") -> PdfReader:
    """The file, opened."""
    return PdfReader(io.BytesIO(content(name, kind)))


@cache
def lines(name: str, kind: str = "agreement") -> tuple[tuple[str, ...], ...]:
    """The lines of every page, with single spaces, without the running title and the footer."""
    document = DOCUMENTS[name]
    stamp = documents.draft(document).stamp(document.language)
    footer = re.compile(rf"{re.escape(stamp)} Side \d+ av \d+")
    found = []
    for number, page in enumerate(read(name, kind).pages):
        text = [" ".join(line.split()) for line in page.extract_text().splitlines()]
        text = [line for line in text if line]
        assert footer.fullmatch(text.pop()), "the footer is the last line"
        if number:
            running = text.pop()
            assert document.title.startswith(running.removesuffix("…")), running
        found.append(tuple(text))
    return tuple(found)


def page_of(name: str, key: str) -> int:
    """The index of the page where the point with this key begins."""
    found = read(name).get_destination_page_number(read(name).named_destinations[key])
    assert found is not None
    return found


def page_texts(name: str, kind: str = "agreement") -> list[str]:
    """The text of every page with single spaces."""
    return [" ".join(page) for page in lines(name, kind)]


def fonts(page: PageObject) -> dict[str, Any]:
    """The fonts of a page by name, without the prefix of a subset."""
    resources: Any = page["/Resources"]
    return {
        str(font.get_object()["/BaseFont"]).rpartition("+")[2].removeprefix("/"): font.get_object()
        for font in resources["/Font"].values()
    }


def in_another_process(document: Document, folder: Path, program: str, **environment: str) -> str:
    """Run Python code that finds the Document as `document`; return what it prints."""
    file = folder / "document.json"
    file.write_bytes(canonical.dump(document))
    start = (
        "import sys, django; from pathlib import Path; django.setup();"
        "from agreements import documents; from agreements.domain import canonical;"
        f"document = canonical.load(Path({str(file)!r}).read_bytes())\n"
    )
    return run_python(start + program, **environment)


def run_python(program: str, code: int = 0, errors: bool = False, **environment: str) -> str:
    """Run Python code in a process of its own, from the project's folder; return what it prints.

    `code` is how it must end; with `errors` what it says on stderr is returned.
    """
    project = Path(__file__).resolve().parent.parent
    given = {"DJANGO_SETTINGS_MODULE": "config.settings", "LOCAL": "1", "PYTHONPATH": str(project)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=project,
        env=os.environ | given | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    return (done.stderr if errors else done.stdout).strip()
