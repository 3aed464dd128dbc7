"""The nynorsk edition of the model agreement: the same agreement as the bokmål one, in nynorsk."""

from __future__ import annotations

import re

import pytest

from agreements import model_agreements
from agreements.domain.checks import Level, run
from agreements.domain.document import Document, Language
from agreements.domain.resolve import plain_text, problems, resolve
from agreements.model_agreements import ModelAgreement
from tests.domain.nynorsk import bokmal_only, foreign
from tests.model_agreement import (
    MODEL,
    NYNORSK,
    agreement,
    in_nynorsk,
    plain_agreement,
    register,
    sentences,
    typed_text,
    words,
)

BOTH = (MODEL, NYNORSK)


def named(text: str) -> list[str]:
    """The facts and references of a text, in order."""
    return re.findall(r"\{\{\s*(.*?)\s*\}\}|\[\[punkt:(.*?)\]\]", text)


def shape(text: str) -> list[tuple[str, int]]:
    """The paragraphs of a text: how each begins, and how many lines it has."""
    return [
        ("-" if part.startswith("- ") else "1" if part[:1].isdigit() else "p", part.count("\n"))
        for part in text.split("\n\n")
    ]


def test_both_editions_have_the_same_version_points_and_places() -> None:
    assert (MODEL.language, NYNORSK.language) == (Language.BOKMAL, Language.NYNORSK)
    assert MODEL.version == NYNORSK.version
    points = [[(c.key, c.parent, c.source) for c in model.clauses] for model in BOTH]
    assert points[0] == points[1]


def test_both_editions_have_the_same_checklist() -> None:
    lines = [[(s.key, s.level) for s in model.services] for model in BOTH]
    assert lines[0] == lines[1]


@pytest.mark.parametrize("key", [clause.key for clause in MODEL.clauses])
def test_a_point_has_the_same_facts_references_and_parts_in_both_editions(key: str) -> None:
    nb, nn = (next(c for c in model.clauses if c.key == key) for model in BOTH)
    assert sorted(named(nb.heading + nb.text)) == sorted(named(nn.heading + nn.text))
    assert shape(nb.text) == shape(nn.text)
    numbers = [re.findall(r"\d+", typed_text(c.text)) for c in (nb, nn)]
    assert numbers[0] == numbers[1]


def test_the_duties_of_the_map_are_in_the_nynorsk_edition_too() -> None:
    assert model_agreements.load_duties(NYNORSK) == model_agreements.load_duties(MODEL)


def all_text(model: ModelAgreement) -> str:
    parts = [f"{typed_text(c.heading)}\n{typed_text(c.text)}" for c in model.clauses]
    return "\n".join([model.name, model.invoicing, *parts, *(s.text for s in model.services)])


def test_no_word_of_the_nynorsk_edition_is_bokmal() -> None:
    assert bokmal_only(all_text(NYNORSK)) == []
    assert len(bokmal_only(all_text(MODEL))) > 60  # the list knows bokmål when it sees it


def test_the_chosen_forms_are_held_throughout() -> None:
    assert foreign(all_text(NYNORSK)) == []


def test_sentences_are_short() -> None:
    for clause in NYNORSK.clauses:
        for sentence in sentences(typed_text(clause.text)):
            assert len(words(sentence)) <= 26, f"{clause.key}: {sentence}"


@pytest.mark.parametrize("document", [agreement(), plain_agreement()], ids=["full", "plain"])
def test_an_agreement_made_from_it_is_complete_and_the_checks_find_what_they_find_in_bokmal(
    document: Document,
) -> None:
    made = in_nynorsk(document)
    assert problems(made) == []
    expected = [(f.level, f.code, f.anchor) for f in run(document, register())]
    assert [(f.level, f.code, f.anchor) for f in run(made, register())] == expected
    assert all(level is not Level.ERROR for level, _, _ in expected)


@pytest.mark.parametrize("document", [agreement(), plain_agreement()], ids=["full", "plain"])
def test_everything_the_program_writes_into_it_is_nynorsk(document: Document) -> None:
    text = plain_text(resolve(in_nynorsk(document)))
    assert bokmal_only(text) == []
    assert "innbyggjarar" in text
    assert "næraste øre" in text
