"""What was read of a file comes through as bytes, the same as before, and nothing else does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agreements.importing import docx, passing, plain_text
from agreements.importing.result import Imported
from tests import word_files

TEXT = Path(__file__).parent.parent / "data" / "avtale_fra_pdf.txt"
WORD = docx.read(word_files.an_agreement())
READ = {"word": WORD, "text": plain_text.read(TEXT.read_text(encoding="utf-8"))}


def is_refused(data: bytes) -> bool:
    try:
        passing.load(data)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("found", READ.values(), ids=READ)
def test_everything_comes_through(found: Imported) -> None:
    assert passing.load(passing.dump(found)) == found


def test_there_is_something_of_everything_to_come_through() -> None:
    assert WORD.suggestions
    assert any(comment.replies for comment in WORD.comments)
    assert all((WORD.clauses, WORD.report, WORD.services, READ["text"].term, READ["text"].left))
    assert READ["text"].parties


@pytest.mark.parametrize(
    "changed",
    [
        {"title": None},
        {"title": 5},
        {"clauses": "tekst"},
        {"clauses": [{"key": "a"}]},
        {"clauses": [[]]},
        {"services": [["ingen slik", "Kurs"]]},
        {"services": [["minimum"]]},
        {"term": ["2026-01-01"]},
        {"term": ["2026-01-01", "i morgen"]},
        {"noe": "annet"},
    ],
    ids=str,
)
def test_nothing_else_is_read(changed: dict[str, Any]) -> None:
    told = json.loads(passing.dump(WORD)) | changed
    assert is_refused(json.dumps(told).encode())


def test_nor_are_other_bytes() -> None:
    for data in (b"", b"{}", b"[]", b"5", b"null", b"[" * 100_000, word_files.an_agreement()):
        assert is_refused(data), data[:9]
