"""Every fixed word that the program has in nynorsk, read from the tables they stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from agreements.documents.words import WORDS
from agreements.domain import wording
from agreements.domain.diff_words import SENTENCES
from agreements.domain.document import Language
from financing import words as financing_words
from financing.xlsx import words as workbook_words
from tests.domain.nynorsk import bokmal_only, foreign

NN = Language.NYNORSK
TABLES: dict[str, Any] = {
    "wording": wording._WORDS,
    "documents": WORDS,
    "differences": SENTENCES,
    "table": financing_words._TABLE_WORDS,
    "rules": financing_words._WORDS,
}


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_words_is_nynorsk_in_the_chosen_forms(name: str) -> None:
    said = " ".join(texts(TABLES[name][NN]))
    assert (bokmal_only(said), foreign(said)) == ([], [])
    assert bokmal_only(" ".join(texts(TABLES[name][Language.BOKMAL])))


@pytest.mark.parametrize("name", TABLES)
def test_both_languages_fill_in_the_same_places(name: str) -> None:
    nb, nn = TABLES[name][Language.BOKMAL], TABLES[name][NN]
    assert len(list(texts(nb))) - len(list(texts(nn))) in {0, -len(list(texts(sums(nn))))}


def sums(words: Any) -> Any:
    """The labels of sums, which only nynorsk has: in bokmål they are the table's own."""
    return getattr(words, "sums", ())


def test_the_words_of_the_workbook_are_nynorsk_and_keep_their_places() -> None:
    for nb, nn in workbook_words._NYNORSK.items():
        assert (bokmal_only(nn), foreign(nn)) == ([], []), nn
        assert nb.count("{}") == nn.count("{}"), nb
        assert nb[:1].isupper() == nn[:1].isupper(), nb
