"""The checks together: nothing on a right agreement, everything on a defective one, always in order."""

import itertools
import re
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.domain import checks, markup
from agreements.domain.checks import (
    CHECKS,
    Code,
    Context,
    Level,
    names,
    reading,
    registered,
    run,
    stems,
)
from agreements.domain.document import Clause, Document, Language
from tests import defective
from tests.builders import a_document, clauses
from tests.domain.checking import CONTEXT, EXPECTED, typed_out
from tests.model_agreement import agreement

REMEMBERING = (
    *(checks._run, markup._remembered, names.finder, registered._register, stems.meaning),
    *(reading.passages, reading.sentences, reading.problems),
)
DOCS = Path(__file__).resolve().parents[2] / "docs" / "checks.md"


def _all_of(document: Document) -> list[tuple[str, str]]:
    return [(str(finding.code), finding.anchor) for finding in run(document, CONTEXT)]


@pytest.mark.parametrize("context", [CONTEXT, Context(), replace(defective.CONTEXT, stances=())])
@pytest.mark.parametrize("language", list(Language))
def test_a_right_agreement_gives_only_the_expected_warning(
    context: Context, language: Language
) -> None:
    found = run(a_document(language=language), context)
    assert [(finding.code, finding.level) for finding in found] == [(EXPECTED, Level.WARNING)]


@pytest.mark.parametrize("document", [a_document(), agreement()], ids=["builders", "model"])
def test_a_right_agreement_typed_by_hand_is_right_too(document: Document) -> None:
    typed = typed_out(document)
    assert "{{ okonomi" not in str(typed.clauses)
    assert [finding.code for finding in run(typed, CONTEXT)] == [EXPECTED]


def test_the_defective_draft_gives_every_code() -> None:
    found = run(defective.a_defective_document(), defective.CONTEXT)
    in_clauses = {(finding.anchor, finding.code) for finding in found}
    for code in defective.clause_codes():
        assert (f"punkt:{code}", code) in in_clauses
    # Four defects cannot stand in the same draft as the rest: they take a term, a table or the words
    # about the index away, or add parties.
    backwards = run(a_document(term_end=date(2025, 1, 1)), CONTEXT)
    without = run(a_document(financing=None), CONTEXT)
    others = (defective.without_index(), defective.crowded())
    silent = [finding for document in others for finding in run(document, CONTEXT)]
    codes = {finding.code for finding in (*found, *backwards, *without, *silent)}
    assert codes == set(Code)


def test_what_is_remembered_of_texts_changes_no_finding() -> None:
    """A draft with one point changed is checked as if nothing had been read before."""
    whole = defective.a_defective_document()
    drafts = [
        replace(whole, clauses=(*whole.clauses[:n], *whole.clauses[n + 1 :]))
        for n in range(len(whole.clauses))
    ]
    drafts.append(replace(whole, parties=whole.parties[:-1]))
    contexts = (CONTEXT, defective.CONTEXT)
    warm = [run(draft, context) for draft in drafts for context in contexts]
    cold = []
    for draft in drafts:
        for context in contexts:
            for remembering in REMEMBERING:
                remembering.cache_clear()
            cold.append(run(draft, context))
    assert cold == warm


def test_each_defective_clause_gives_nothing_but_its_own_code() -> None:
    found = run(defective.a_defective_document(), defective.CONTEXT)
    own = {(f.anchor, f.code) for f in found if f.anchor.startswith("punkt:")}
    assert own == {(f"punkt:{code}", code) for code in defective.clause_codes()}


def test_the_documentation_lists_every_code_with_its_levels() -> None:
    listed = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", DOCS.read_text("utf-8"), re.MULTILINE))
    assert list(listed) == [str(code) for code in Code]
    documents = (
        defective.a_defective_document(),
        a_document(term_end=date(2025, 1, 1)),
        a_document(financing=None),
        defective.without_index(),
        defective.crowded(),
    )
    for document in documents:
        for finding in run(document, defective.CONTEXT):
            assert finding.level in listed[finding.code]


def test_the_classes_of_defect_name_every_code_and_a_test_that_mentions_it() -> None:
    section = DOCS.read_text("utf-8").partition("## Classes of defect")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.endswith(".py` |")]
    named: list[str] = []
    for _, row_codes, _, file in rows:
        source = (Path(__file__).parent / file.strip(" |`")).read_text("utf-8")
        for code in re.findall(r"`(\w+)`", row_codes):
            assert code in source, f"{file} does not try {code}"
            named.append(code)
    assert sorted(named) == sorted(str(code) for code in Code)


def test_every_message_is_a_whole_norwegian_sentence_without_code() -> None:
    for finding in run(defective.a_defective_document(), defective.CONTEXT):
        assert finding.message.endswith("."), finding.message
        assert not re.search(r"[_{}\ufffc]|None|\bpunkt:", finding.message), finding.message


def test_no_check_is_listed_twice() -> None:
    assert len({check.__name__ for check in CHECKS}) == len(CHECKS)


def test_findings_stand_in_document_order_then_by_level() -> None:
    document = defective.a_defective_document()
    anchors = [
        "avtale",
        "parter",
        *(f"punkt:{code}" for code in defective.clause_codes()),
        *(f"tjenester:{key}" for key in ("kurs", "veiledning", "mentor", "messe")),
        "okonomi",
    ]
    found = run(document, defective.CONTEXT)
    places = [(anchors.index(f.anchor), list(Level).index(f.level)) for f in found]
    assert places == sorted(places)
    assert {f.anchor for f in found} == set(anchors)


def test_the_same_input_gives_the_same_findings_without_doubles() -> None:
    text = "Det er xxx kroner.\n\nDet er xxx kroner."
    document = a_document(clauses=(*clauses(), Clause("a", "A", text)))
    first, second = run(document, CONTEXT), run(document, CONTEXT)
    assert first == second
    assert [f.code for f in first].count(Code.LEFTOVER_PLACEHOLDER) == 1


def test_children_are_read() -> None:
    child = Clause("barn", "Barn", "Det er ____ kroner.")
    document = a_document(
        clauses=(Clause("a", "A", children=(Clause("b", "B", children=(child,)),)),)
    )
    assert ("leftover_placeholder", "punkt:barn") in _all_of(document)


# What the patterns look for, in all orders; an underscore stands for a space inside a piece.
PIECES = (
    "punkt 5.2 46_790 innbyggere per kr Elveby og Myrvang på_vegne_av … 1._januar 2026 til fra avtalen "
    "gjelder ( ) ? eks. xx 4,1_% {{ }} [[punkt: ]] ** \n\n- bidrar_med fylkeskommunen Q1/25 ."
)
WORDS = st.lists(st.sampled_from(PIECES.split(" ")), max_size=40).map(
    lambda pieces: " ".join(pieces).replace("_", " ")
)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=300), WORDS))
def test_no_text_stops_the_checks(text: str) -> None:
    document = a_document(title=text, clauses=(Clause("a", text, text),))
    assert all(finding.message for finding in run(document, CONTEXT))


# 100 kB each of what makes careless patterns slow.
HOSTILE = {
    "parentheses": "(" * 100_000,
    "asides": "(kan denne " * 9_000,
    "brackets": "[a" * 50_000,
    "braces": "{a" * 50_000,
    "dots": ". " * 50_000,
    "ellipses": "…" * 100_000,
    "digits": "1" * 100_000,
    "groups": "111 " * 25_000,
    "dotted": "punkt 1." + "1." * 50_000,
    "references": "punkt 1 og " * 9_000,
    "references elsewhere": "punkt 99 i aaaaaaaa " * 5_000,
    "names": "Elveby, Myrvang og Åsvang " * 4_000,
    "names and numbers": "Elveby kommune på 4 321 innbyggere og " * 2_600,
    "wrong numbers": "Elveby bidrar med 1 234,50 kroner per innbygger og " * 2_000,
    "on behalf": "på vegne av Åsvang, " * 5_000,
    "dates": "fra 1. januar 2026 til " * 4_300,
    "avtalen": "avtalen gjelder i " * 5_500,
    "lists": "- eks. punkt 9\n" * 6_500,
    "one word": "x" * 100_000,
    "spaces": "kr" + " " * 100_000 + "kr",
    "letters": "å" * 100_000,
    "questions": "vi " * 33_000 + "?",
    "stars": "**a " * 25_000,
    "names of agencies": "NAV Aaa " * 12_000,
    "slips": "Granstat kommune, Elvebi " * 4_000,
    "laws": "lov om a b c d e 5 1 forvaltningsloven " * 2_500,
    "law names": "loven " * 16_000,
    "duties": "Operatøren og noen andre " * 4_000,
    "owed duties": "skal sendes til Storfjelland fylkeskommune " * 2_300,
    "same items": "- sikre kontorlokaler til oss\n" * 3_300,
    "items of a minimum": "Skal minst ha:\n\n" + "- veiledning kan kan tilbys\n" * 3_500,
    "notice": "når ved etter " * 7_000,
    "venues": "Aa Bb Cc verneting " * 5_000,
    "capitals": "A B " * 25_000,
    "facts": "{{ fylkeskommune.navn }} 46 790 innbyggere " * 2_300,
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_large_hostile_clause_is_read_in_reasonable_time(name: str) -> None:
    document = a_document(clauses=(Clause("a", "Parter og varighet", HOSTILE[name]),))
    began = time.perf_counter()
    run(document, CONTEXT)
    assert (
        time.perf_counter() - began < 20
    )  # takes a second or two; a quadratic pattern takes minutes


def test_time_grows_with_the_number_of_clauses_only_in_proportion() -> None:
    numbers = itertools.count(1)

    def seconds(count: int) -> float:
        texts = clauses()
        many = tuple(
            Clause(
                f"{i}-{clause.key}",
                clause.heading,
                clause.text + f"\n\nPunkt {i}: 46 790 innbyggere.",
            )
            for i in range(count)
            for clause in texts[:5]
        )
        # What was checked last is remembered: each is another document.
        document = a_document(clauses=many, title=f"Avtale {next(numbers)}")
        began = time.perf_counter()
        run(document, CONTEXT)
        return time.perf_counter() - began

    seconds(2)  # warm up
    small, large = min(seconds(10) for _ in range(3)), seconds(120)
    assert large < 48 * small  # 12 times the clauses; 144 times the time if it were quadratic
