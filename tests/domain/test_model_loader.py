"""Reading a model agreement's file: what it gives, and that mistakes in it are refused by name."""

from __future__ import annotations

import pytest

from agreements import model_agreements
from agreements.domain.document import walk
from tests.model_agreement import MODEL

FILE = "etablerertjenesten_nb.toml"
CONTENT = (model_agreements.FOLDER / FILE).read_text(encoding="utf-8")


def test_the_tree_has_every_clause_under_its_parent_with_its_source() -> None:
    tree = MODEL.clause_tree()
    assert [clause.key for clause in walk(tree)] == [clause.key for clause in MODEL.clauses]
    parents = {child.key: clause.key for clause in walk(tree) for child in clause.children}
    assert parents == {clause.key: clause.parent for clause in MODEL.clauses if clause.parent}
    assert all("2026" in clause.source for clause in walk(tree))


@pytest.mark.parametrize("name", ["missing", "../secret", "", "etablerertjenesten_nb.toml"])
def test_an_unknown_model_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no such model agreement"):
        model_agreements.load(name)


def test_an_unknown_additional_service_is_refused() -> None:
    with pytest.raises(ValueError, match="no additional service temakurs"):
        MODEL.checklist(["temakurs"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('language = "nb"', 'language = "en"', "language: 'en' is none of nb, nn"),
        ("version = 1", "version = 0", "version: must be a whole number from 1"),
        ("version = 1", "version = true", "version: must be a whole number from 1"),
        ("issued = 2026-11-21", 'issued = "2026-11-21"', "issued: must be a date"),
        ("issued = 2026-11-21", "issued = 2026-11-21T10:00:00", "issued: must be a date"),
        ('confirmed_by = ""\n', "", "confirmed_by: is missing"),
        ('confirmed_by = ""', "confirmed_by = 1", "confirmed_by: must be text"),
        ('heading = "Formål"', 'heading = " "', "clauses: formaal: heading: is empty"),
        ('heading = "Formål"\n', "", "clauses: formaal: heading: is missing"),
        ('key = "formaal"', 'key = "Formål"', "key: 'Formål' must be small letters"),
        ('key = "formaal"', 'key = "parter"', "clauses: the key 'parter' is used twice"),
        ('key = "temakurs"', 'key = "parter"', "services: the key 'parter' is used twice"),
        ('parent = "nav"', 'parent = "tvister"', "nav-lokalt: parent 'tvister' is no earlier"),
        ('level = "minimum"', 'level = "some"', "services: etablererkurs: level: 'some' is none"),
        ('brukerundersøkelser"', 'brukerundersøkelser."', "a service is a phrase without full"),
        ("[[clauses]]\n", "[[clauses]]\nnumber = 1\n", "clauses: parter: unknown number"),
        ('"mentorordning", "veks', '"temakurs", "veks', "demo: Ringeriksregionen: .*temakurs"),
        ("Mosseregionen = []", "Mosseregionen = 3", "demo: must be lists of text"),
        ("Mosseregionen = []", "Mosseregionen = [", "Unclosed array|Invalid value"),
    ],
)
def test_bad_content_is_refused_with_file_and_key(old: str, new: str, message: str) -> None:
    assert old in CONTENT
    with pytest.raises(ValueError, match=f"^{FILE}: (.*)(?:{message})"):
        model_agreements.parse(CONTENT.replace(old, new, 1), FILE)


def test_a_model_without_clauses_is_refused() -> None:
    head = CONTENT[: CONTENT.index("[[clauses]]")]
    with pytest.raises(ValueError, match=rf"{FILE}: clauses: is missing"):
        model_agreements.parse(head, FILE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,key\nO01,formaal\n", "the columns must be duty, key, kind, note"),
        ("duty,key,kind,note\nO01,nowhere,goal,\n", "line 2: no clause or service 'nowhere'"),
        ("duty,key,kind,note\nO01,formaal\n", "line 2"),
        ("duty,key,kind,note\nO01,formaal,goal,a,b\n", "line 2"),
    ],
)
def test_a_bad_duty_map_is_refused(content: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"duties.csv: {message}"):
        model_agreements.parse_duties(content, "duties.csv", MODEL)
