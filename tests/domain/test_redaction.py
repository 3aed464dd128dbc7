"""What is withheld is not in what the public sees, whatever is marked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.domain import phrases, public_view, redaction
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Choice,
    Clause,
    Document,
    Language,
    ServiceChoice,
)
from agreements.domain.marks import Mark, MarkKind, targets
from agreements.domain.public_view import View, plain
from agreements.domain.resolve import RList, RParagraph, Run
from tests import builders
from tests.domain.agreement_documents import documents

BASIS = "offl. § 23 første ledd"
MARK = f"[unntatt offentlighet: {BASIS}]"


def words(text: str, basis: str = BASIS) -> Mark:
    return Mark(MarkKind.PHRASE, basis, phrase=text)


def said(view: View) -> str:
    return "\n".join(public_view.texts(view))


def bought(price: str = "10000.00") -> Document:
    """Myrvang buys what everybody else has not, and its price is in the text."""
    made = builders.a_document()
    own = ServiceChoice(builders.MYRVANG, Choice.BOUGHT, Decimal(price))
    services = tuple(replace(s, choices=(own,)) if s.key == "mentor" else s for s in made.services)
    attachments = (
        Attachment("Kontrakt med Nilsen AS", AttachmentKind.OTHER, "offl. § 13", "ab" * 32),
        Attachment("Evaluering", AttachmentKind.EVALUATION, "", "cd" * 32),
    )
    return replace(made, services=services, attachments=attachments)


def test_without_marks_everything_is_there() -> None:
    document = bought()
    view = redaction.redact(document, [])
    for text in (
        document.title,
        "Elvebyregionen",
        "1. januar 2026 til 31. desember 2028",
        "på vegne av Granstad kommune, Myrvang kommune og Åsvang kommune",
        "Ingrid Berg",
        "Fjelland fylkeskommune leder samarbeidet mellom regionene.",
        "Myrvang kommune for 10\u00a0000,00 kroner i året",
        "327\u00a0969,65",
        "Kontrakt med Nilsen AS",
    ):
        assert text in said(view), text
    assert view.withheld == ()
    assert "ab" * 32 not in public_view.dump(view).decode()


def test_words_are_withheld_wherever_they_stand() -> None:
    view = redaction.redact(bought(), [words("fjelland fylkeskommune")])
    assert "fjelland fylkeskommune" not in said(view).casefold()
    assert plain(view.parties[0].name) == MARK
    assert plain(view.clauses[3].children[0].heading) == MARK
    assert view.table is not None
    assert plain(view.table.rows[3].name) == MARK
    (one,) = view.withheld
    assert (one.kind, one.basis) == (MarkKind.PHRASE, BASIS)
    # The list of parties, the point's heading and text, clause 5, the note, the row, the party.
    assert one.places == said(redaction.redact(bought(), [])).casefold().count(
        "fjelland fylkeskommune"
    )


def test_words_are_found_across_bold_facts_and_references() -> None:
    text = "Prisen **er {{ okonomi.kommunesats }}** kroner, se [[punkt:to]] **der**"
    clauses = (Clause("en", "En", text), Clause("to", "To", "Tekst."))
    document = builders.a_document(clauses=clauses)
    view = redaction.redact(document, [words("er 10,50 kroner, se punkt 2 der")])
    assert view.clauses[0].blocks == (RParagraph((Run("Prisen "), Run(MARK, withheld=MARK))),)
    view = redaction.redact(document, [words("se")])
    runs = view.clauses[0].blocks[0].runs
    assert Run("punkt 2", target="p2") in runs
    cut = redaction.redact(document, [words("punkt")]).clauses[0].blocks[0].runs
    assert Run(" 2") in cut
    assert not any(run.target for run in cut)


def test_a_point_is_withheld_with_its_list_and_table_but_not_those_under_it() -> None:
    document = builders.a_document()
    view = redaction.redact(document, [Mark(MarkKind.CLAUSE, BASIS, "okonomi")])
    assert view.clauses[4].blocks == (RParagraph((Run(MARK, withheld=MARK),)),)
    assert plain(view.clauses[4].heading) == "Økonomi"
    assert view.table is None
    assert "315\u00a0052,50" not in said(view)
    headed = Mark(MarkKind.CLAUSE, BASIS, "kontraktskommunen", with_heading=True)
    view = redaction.redact(document, [headed])
    point = view.clauses[3].children[1]
    assert plain(point.heading) == MARK
    assert plain(point.children[0].heading) == "Tjenestens innhold"
    assert [one.places for one in view.withheld] == [2]


def test_who_signs_is_withheld_and_the_name_everywhere() -> None:
    document = builders.a_document()
    first = document.clauses[2]
    told = replace(first, text="Spør Ingrid Berg, som er fylkesordfører.")
    document = replace(document, clauses=(*document.clauses[:2], told))
    view = redaction.redact(document, [Mark(MarkKind.SIGNATORY, BASIS, "77")])
    party = view.parties[0]
    for line in (party.signatory_name, party.signatory_title, party.mandate):
        assert plain(line) == MARK
    assert "Ingrid" not in said(view)
    assert "som er fylkesordfører" in said(view)
    assert plain(view.parties[1].signatory_name) == "Jonas Lie Moen"


def test_a_purchase_is_withheld_with_its_price() -> None:
    document = bought()
    priced = replace(document.clauses[2], text="Myrvang betaler 10 000,00 kroner.")
    document = replace(document, clauses=(*document.clauses[:2], priced, *document.clauses[3:]))
    view = redaction.redact(document, [Mark(MarkKind.SERVICE, BASIS, "mentor/7702")])
    assert "10\u00a0000,00" not in said(view)
    assert "10 000,00" not in said(view)
    assert "Mentorordning for nye bedrifter (gjelder" in said(view)
    assert "kjøpt i tillegg av \n)" in said(view)


def shown(typed: str, document: Document, mark: Mark) -> str:
    """What the public sees of a point that says this."""
    point = replace(document.clauses[2], text=typed)
    made = replace(document, clauses=(*document.clauses[:2], point, *document.clauses[3:]))
    (block,) = redaction.redact(made, [mark]).clauses[2].blocks
    assert isinstance(block, RParagraph)
    return plain(block.runs)


@pytest.mark.parametrize(
    "amount",
    [
        *("74 781,00", "74781,00", "74.781,00", "74 781", "74.781", "74781"),
        *("77 847", "81 038", "81 039"),  # of 77 847,02 and 81 038,75
    ],
)
def test_an_amount_is_withheld_however_it_is_written(amount: str) -> None:
    mark = Mark(MarkKind.ROW, BASIS, "7702")
    said = shown(f"Myrvang betaler {amount},- i året.", builders.a_document(), mark)
    assert said == f"Myrvang betaler {MARK},- i året."


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("Myrvang betaler 2 026 kroner i 2026", f"Myrvang betaler {MARK} i 2026"),
        ("Myrvang betaler kr. 2026", f"Myrvang betaler {MARK}"),
        ("I 2026 er det 12 026 kroner", "I 2026 er det 12 026 kroner"),
    ],
)
def test_a_small_number_is_an_amount_only_where_it_is_said_to_be(typed: str, left: str) -> None:
    mark = Mark(MarkKind.SERVICE, BASIS, "mentor/7702")
    assert shown(typed, bought("2026.00"), mark) == left


def test_a_title_in_the_list_of_attachments_is_withheld_there() -> None:
    view = redaction.redact(bought(), [Mark(MarkKind.ATTACHMENT, BASIS, "1")])
    assert [plain(one.title) for one in view.attachments] == [MARK, "Evaluering"]
    assert plain(view.attachments[0].access_code) == "offl. § 13"


def test_a_row_is_withheld_in_the_table_and_in_the_text() -> None:
    mark = Mark(MarkKind.ROW, BASIS, "77")
    document = builders.a_document()
    paid = replace(document.clauses[2], text="Fylket betaler {{ okonomi.fylkesbidrag }} kroner.")
    document = replace(document, clauses=(*document.clauses[:2], paid, *document.clauses[3:]))
    view = redaction.redact(document, [mark])
    assert view.table is not None
    row = view.table.rows[3]
    assert [plain(cell) for cell in row.cells] == ["[unntatt 1]"] * 3
    assert plain(row.rate) == "[unntatt 1]"
    assert plain(row.population) == "41\u00a0448"
    assert "227\u00a0964,00" not in said(view)
    assert "663\u00a0168,00" in said(view)
    view = redaction.redact(document, [replace(mark, with_sums=True)])
    assert "663\u00a0168,00" not in said(view)
    assert "767\u00a0856,00" not in said(view)  # the reservation says the total too
    assert "104\u00a0688,00" in said(view)


def test_a_place_that_two_provisions_hide_names_both() -> None:
    marks = [words("Ingrid Berg"), words("Berg", "offl. § 14 første ledd")]
    view = redaction.redact(builders.a_document(), marks)
    both = f"[unntatt offentlighet: {BASIS}; offl. § 14 første ledd]"
    assert plain(view.parties[0].signatory_name) == both
    assert view.places == (1, 1)


def test_marks_are_written_in_the_language_of_the_agreement() -> None:
    document = builders.a_document(language=Language.NYNORSK)
    view = redaction.redact(document, [words("Ingrid Berg")])
    assert plain(view.parties[0].signatory_name) == f"[unnateke offentlegheit: {BASIS}]"


def test_anchors_and_titles_have_no_word_of_a_withheld_heading() -> None:
    view = redaction.redact(
        builders.a_document(),
        [Mark(MarkKind.CLAUSE, BASIS, "oppgjor", with_heading=True)],
    )
    written = public_view.dump(view).decode()
    for word in ("oppgjor", "Rapportering", "Ubrukte"):
        assert word not in written, word
    assert view.clauses[5].anchor == "p6"


def test_to_reveal_is_the_same_text_with_the_marks_beside_it() -> None:
    document = bought()
    marks = [words("Fjelland fylkeskommune"), Mark(MarkKind.CLAUSE, BASIS, "formaal")]
    shown = redaction.redact(document, marks, reveal=True)
    assert plain(shown.parties[0].name) == "Fjelland fylkeskommune"
    assert shown.parties[0].name[0].withheld == MARK
    assert shown.places == redaction.redact(document, marks).places
    blocks = shown.clauses[1].blocks
    assert isinstance(blocks[2], RList)
    assert blocks[0].runs[0].withheld == MARK
    assert "felles etablerertjeneste" in blocks[0].runs[0].text


def test_a_target_that_is_not_there_withholds_nothing() -> None:
    document = builders.a_document()
    marks = [Mark(kind, BASIS, target="finnes/ikke", phrase="finnes ikke") for kind in MarkKind]
    view = redaction.redact(document, marks)
    assert said(view) == said(redaction.redact(document, []))
    assert view.places == (0,) * len(marks)


def test_everything_that_can_be_marked_is_offered_and_withholds_something() -> None:
    document = bought()
    offered = targets(document)
    assert {target.kind for target in offered} == set(MarkKind) - {MarkKind.PHRASE}
    nothing = said(redaction.redact(document, []))
    empty = {"ansvar"}  # a heading over other points has no text of its own
    for target in offered:
        view = redaction.redact(document, [Mark(target.kind, BASIS, target.key)])
        assert (said(view) == nothing) == (target.key in empty), target


def test_the_hash_is_of_what_is_shown_and_of_nothing_else() -> None:
    marks = [Mark(MarkKind.CLAUSE, BASIS, "varighet")]
    document = builders.a_document()
    other = replace(document.clauses[2], text="Noe helt annet.")
    changed = replace(document, clauses=(*document.clauses[:2], other, *document.clauses[3:]))
    same = [public_view.sha256(redaction.redact(one, marks)) for one in (document, changed)]
    assert same[0] == same[1]
    assert public_view.sha256(redaction.redact(document, [])) != same[0]


def pieces(document: Document) -> st.SearchStrategy[str]:
    """Words as a person would copy them: any part of any text of the agreement."""
    lines = [line for line in public_view.texts(redaction.redact(document, [])) if line.strip()]

    def part(line: str) -> st.SearchStrategy[str]:
        ends = st.tuples(st.integers(0, len(line)), st.integers(0, len(line)))
        return ends.map(lambda at: line[min(at) : max(at)])

    return st.sampled_from(lines).flatmap(part)


@st.composite
def marked(draw: st.DrawFn) -> tuple[Document, list[Mark]]:
    """Any agreement with any marks, most of which are of something that is in it."""
    document = draw(documents())
    offered = targets(document)
    provision = st.sampled_from([BASIS, "offl. § 14 første ledd"])
    one = st.builds(
        lambda target, basis, more: Mark(
            target.kind, basis, target.key, with_heading=more, with_sums=more
        ),
        st.sampled_from(offered),
        provision,
        st.booleans(),
    )
    text = st.builds(lambda phrase, basis: words(phrase, basis), pieces(document), provision)
    return document, draw(st.lists(st.one_of(one, text, st.builds(words, st.text())), max_size=6))


@settings(max_examples=200)
@given(marked())
def test_whatever_the_marks_nothing_of_them_is_left(given_: tuple[Document, list[Mark]]) -> None:
    document, marks = given_
    view = redaction.redact(document, marks)
    lines = list(public_view.texts(view))
    for mark in marks:
        if mark.kind is MarkKind.PHRASE and (wanted := mark.phrase.strip().casefold()):
            # Neither as it was typed, nor in the parts that are left around the marks.
            unseen = not phrases.fold(mark.phrase)
            assert unseen or not any(wanted in line.casefold() for line in lines)
    assert redaction.remaining(view, marks) == []
    shown = redaction.redact(document, marks, reveal=True)
    assert shown.places == view.places
    whole = "".join(plain(line) for line in public_view.lines(shown))
    everything = "".join(plain(line) for line in public_view.lines(redaction.redact(document, [])))
    if not any(mark.kind is MarkKind.CLAUSE for mark in marks):  # for the table a word is shown
        assert whole == everything


def test_remaining_finds_what_is_left() -> None:
    view = redaction.redact(builders.a_document(), [])
    assert redaction.remaining(view, [words("Ingrid  berg"), words("Ola")]) == ["Ingrid  berg"]


@pytest.mark.parametrize("text", ["«", "a", "1", "-"])
def test_odd_words_raise_nothing(text: str) -> None:
    view = redaction.redact(bought(), [words(text)])
    assert redaction.remaining(view, [words(text)]) == []
