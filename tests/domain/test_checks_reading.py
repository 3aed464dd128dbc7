"""What is remembered of a passage is what reading it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from agreements.domain.checks import drafting, placeholders, population, reading
from agreements.domain.checks.reading import Kind, Passage, of_passage, passages, sentences
from agreements.domain.document import Clause
from tests.builders import a_document, clauses
from tests.model_agreement import agreement

TEXT = "Regionen har 12 345 innbyggere. [Sett inn dato] skal avklares (sjekk dette)!\n\n- f.eks. kurs ?"


@pytest.mark.parametrize(
    "read", [reading.split, placeholders._left, drafting._in, population._candidates]
)
def test_the_second_reading_is_the_first(read: Any) -> None:
    proven = Clause("proven", "Xxx", TEXT)
    found = []
    for document in (agreement(), a_document(clauses=(*clauses(), proven))):
        for passage in (*passages(document), *sentences(document)):
            alone = tuple(read.__wrapped__(passage))
            assert read(passage) == read(passage) == alone
            found.extend(alone)
    assert found


def _counted() -> tuple[Any, list[str]]:
    seen: list[str] = []

    @of_passage
    def read(passage: Passage) -> Iterator[str]:
        seen.append(passage.text)
        yield passage.text

    return read, seen


def test_a_passage_is_read_once_and_a_very_long_one_each_time() -> None:
    read, seen = _counted()
    passage = Passage("punkt:a", "A", "tekst", "tekst", Kind.PARAGRAPH)
    assert read(passage) == read(replace(passage)) == ("tekst",)
    assert len(seen) == 1
    long = replace(passage, text="x" * 1001)
    assert read(long) == read(long)
    assert len(seen) == 3


def test_every_field_of_a_passage_makes_it_another() -> None:
    read, seen = _counted()
    passage = Passage("punkt:a", "A", "tekst", "tekst", Kind.PARAGRAPH, "før")
    read(passage)
    for field in fields(passage):
        other = Kind.ITEM if field.name == "kind" else "noe annet"
        read(replace(passage, **{field.name: other}))
    assert len(seen) == 1 + len(fields(passage))
