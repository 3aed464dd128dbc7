"""The case paper as frozen facts: what it says, and what it never says. No database."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.documents.case_paper import case_paper_docx, case_paper_html
from agreements.documents.case_paper_words import PAPER_WORDS
from agreements.domain import case_paper_texts as texts
from agreements.domain.case_paper import Decided, Former, FormerKind, Part, Said, View
from agreements.domain.case_paper_sentences import SENTENCES
from agreements.domain.checks import Position
from agreements.domain.document import Language
from agreements.domain.guards import Outcome
from agreements.importing import docx
from financing.calculation import Status
from tests import builders, papers
from tests.domain import nynorsk
from tests.papers import a_paper, chapter, everything, grids, keys, said

ELVEBY, MYRVANG, AASVANG = builders.ELVEBY, builders.MYRVANG, builders.AASVANG


def test_the_words_and_sentences_are_the_same_in_both_languages() -> None:
    for both in (PAPER_WORDS, SENTENCES):
        assert both[Language.BOKMAL].keys() == both[Language.NYNORSK].keys()
        for key, text in both[Language.BOKMAL].items():
            other = both[Language.NYNORSK][key]
            assert sorted(_places(text)) == sorted(_places(other)), key


def _places(text: str) -> list[str]:
    return [piece.partition("}")[0].strip(" {") for piece in text.split("{")[1:] if piece]


def test_the_nynorsk_words_are_nynorsk() -> None:
    for both in (PAPER_WORDS, SENTENCES):
        text = " ".join(both[Language.NYNORSK].values())
        assert nynorsk.bokmal_only(_without_facts(text)) == []
        assert nynorsk.foreign(_without_facts(text)) == []


def _without_facts(text: str) -> str:
    return " ".join(piece.rpartition("}}")[2] for piece in text.split("{{"))


def test_the_regions_paper_proposes_before_it_explains() -> None:
    assert keys(a_paper())[:4] == ["kort", "forslag", "bakgrunn", "nytt"]
    short = said(chapter(a_paper(), "kort"))
    assert "Kommunedirektøren i Elveby anbefaler avtalen." in short
    assert "Kommunedirektøren i Myrvang anbefaler avtalen på vilkår." in short
    assert "Kommunedirektøren i Åsvang anbefaler ikke avtalen." in short
    assert "Kommunedirektøren i Granstad har ikke svart." in short
    assert "Det er tatt forbehold om bidrag fra Skogland fylkeskommune, som ikke" in short
    assert "Alternativ 1 (valgt): alle bidrag er 767 856,00 kroner i 2026." in short
    assert "Kommunenes del er 503 905,50 kroner, 303 905,50 kroner mer enn i dag." in short


def test_the_proposal_names_the_exact_version_and_every_year() -> None:
    text = said(chapter(a_paper(), "forslag"))
    assert f"versjon 2 (kontrollsum {papers.SHA256[:12]})" in text
    assert "kommune.navn" not in text
    for amount in ("503 905,50 kroner i 2026", "524 565,62", "546 072,82"):
        assert amount in text
    assert "forbehold om årlig bevilgning" in text


def test_a_municipality_meets_its_own_figures_and_a_proposal_with_its_name() -> None:
    paper = a_paper(recipient=ELVEBY)
    assert keys(paper)[:3] == ["kort", "egne-tall", "forslag"]
    text = said(chapter(paper, "forslag"))
    assert "Kommunestyret i Elveby kommune vedtar" in text
    for amount in ("315 052,50 kroner i 2026", "327 969,65 kroner i 2027", "341 416,41"):
        assert amount in text
    assert "Ordføreren får fullmakt til å signere" in text
    own = grids(chapter(paper, "egne-tall"))[0]
    cells = {row.cells[0]: row.cells[1].replace("\u00a0", " ") for row in own.rows}
    assert cells["I dag (2025)"] == "50 000,00"
    assert cells["2026"] == "315 052,50"
    assert cells["Endring 2026 mot i dag"] == "+265 052,50"
    assert cells["Per innbygger 2026"] == "10,50"


def test_a_member_leaves_the_signature_to_the_contract_municipality() -> None:
    text = said(chapter(a_paper(recipient=MYRVANG), "forslag"))
    assert "Elveby kommune får fullmakt til å signere avtalen på vegne av kommunen." in text
    assert "Ordføreren" not in text


def test_conditions_stand_with_the_proposal_they_are_about() -> None:
    text = said(chapter(a_paper(recipient=MYRVANG), "forslag"))
    assert text.index("vedtar") < text.index("på vilkår") < text.index("Ikke dyrere.")
    assert "på vilkår" not in said(chapter(a_paper(recipient=ELVEBY), "forslag"))


def test_where_the_director_is_against_both_proposals_stand() -> None:
    text = said(chapter(a_paper(recipient=AASVANG), "forslag"))
    no, yes = text.index("vedtar ikke"), text.index("Kommunestyret i Åsvang kommune vedtar «")
    assert no < text.index("Vil kommunestyret likevel være med") < yes
    assert "45 370,50 kroner i 2026" in text
    assert "Ingen penger." in said(chapter(a_paper(recipient=AASVANG), "kort"))


def test_one_that_has_declined_is_not_asked_for_money() -> None:
    rows = tuple(
        replace(row, status=Status.DECLINED, cells=()) if row.key == MYRVANG.key else row
        for row in builders.a_table().rows
    )
    table = builders.a_table(rows=rows)
    financing = builders.a_financing(table=table)
    paper = a_paper(
        recipient=MYRVANG,
        document=builders.a_document(financing=financing),
        tables=(table,),
        today=None,
        views=(),
    )
    assert "Myrvang bidrar ikke." in said(chapter(paper, "kort"))
    assert "74 781" not in everything(paper)
    assert "vedtar ikke" in said(chapter(paper, "forslag"))


def test_without_any_alternative_no_amount_is_guessed() -> None:
    paper = a_paper(
        document=builders.a_document(financing=None), tables=(), chosen=False, today=None
    )
    for one in (paper, replace(paper, recipient=ELVEBY)):
        text = everything(one)
        assert "Ingen alternativer er regnet ut ennå" in text
        assert "[mangler" not in text.replace("[mangler: okonomi", "")
        assert "kroner i 2026" not in text
        assert "når et alternativ er valgt" in said(chapter(one, "forslag"))


def test_with_alternatives_and_none_chosen_each_is_told_and_none_is_proposed() -> None:
    paper = a_paper(document=builders.a_document(financing=None), chosen=False, recipient=ELVEBY)
    assert "(valgt)" not in everything(paper)
    assert "315 052,50 kroner i 2026" in said(chapter(paper, "kort"))
    assert "når et alternativ er valgt" in said(chapter(paper, "forslag"))


def test_a_draft_says_so_and_that_nobody_is_asked() -> None:
    paper = a_paper(frozen=None, views=(), confirmations=(), waiting=("Punkt 3 mangler.",))
    text = everything(paper)
    assert "Ingen versjon er sendt ut" in text
    assert "Punkt 3 mangler." in said(chapter(paper, "avklart"))
    assert "kontrollsum" not in said(chapter(paper, "forslag"))
    page = case_paper_html(paper)
    assert "Saksframlegg · Utkast" in page
    assert '<body class="draft"' in page
    assert '<body class="draft"' not in case_paper_html(a_paper())


def test_a_withdrawn_version_says_so_at_the_top() -> None:
    frozen = a_paper().frozen
    assert frozen is not None
    paper = a_paper(frozen=replace(frozen, withdrawn=True))
    words = "Versjonen er trukket tilbake, og skal ikke vedtas."
    assert words in case_paper_html(paper).partition("<main>")[0]
    assert words not in case_paper_html(a_paper())


def test_what_is_new_is_told_against_the_former_agreement() -> None:
    changes = ("Myrvang kommune er ny.", "Satsen er en annen.")
    former = Former(FormerKind.PREVIOUS, "Den gamle <avtalen>", papers.DAY, changes)
    paper = a_paper(former=former)
    text = said(chapter(paper, "nytt"))
    assert "Endret siden «Den gamle <avtalen>», som varer til 10. april 2025:" in text
    assert all(change in text for change in changes)
    assert "følger etter «Den gamle <avtalen>»" in said(chapter(paper, "bakgrunn"))
    assert "ingen mal er registrert" in said(chapter(a_paper(), "nytt"))


def test_the_trace_goes_from_input_to_version() -> None:
    inputs = (
        Said("Modum", "5.4.1 Nav", True, "", "accepted", "", 2, papers.DAY, 2),
        Said("Hole", "", False, "x " * 400, "declined", "For dyrt.", None, papers.DAY, None),
        Said("Gol", "3 Mål", False, "Når?", "open", "", None, None, None),
    )
    text = said(chapter(a_paper(inputs=inputs), "innspill"))
    assert (
        "Modum | 5.4.1 Nav | Forslag til ny ordlyd. | Tatt inn i punktet, utgave 2. Med i v" in text
    )
    assert " … | Ikke tatt inn. For dyrt." in text
    assert "avtalen som helhet" in text
    assert "1 innspill er ikke avklart." in said(chapter(a_paper(inputs=inputs), "avklart"))
    assert "innspill" not in keys(a_paper())


def test_councils_that_have_decided_are_told_with_their_cases() -> None:
    decided = Decided(Outcome.CONDITIONAL, "45/25", papers.DAY, "Årlig orientering.")
    views = (replace(papers.views()[0], decided=decided), *papers.views()[1:])
    paper = a_paper(views=views, recipient=ELVEBY)
    text = said(chapter(paper, "vedtak"))
    assert "Elveby | vedtatt på vilkår | 45/25, 10. april 2025 | Årlig orientering." in text
    assert "45/25" in case_paper_html(paper).partition("<main>")[0]
    assert "vedtak" not in keys(a_paper())


def test_what_the_team_has_written_stands_with_the_facts_filled_in() -> None:
    paper = a_paper(
        recipient=ELVEBY,
        texts=(
            (Part.ASSESSMENT, "**Vi** tror {{ sak.svar }} Se [[punkt:okonomi]]. {{ finnes.ikke }}"),
            (Part.RESOLUTION, "{{ kommune.navn }} betaler {{ kommune.bidrag }}."),
            (Part.BACKGROUND, "{{ kommune.navn }}\n\n{{ tabell.bidrag }}"),
        ),
    )
    assessment = said(chapter(paper, "vurdering"))
    assert "Vi tror Kommunedirektøren i Elveby anbefaler" in assessment
    assert "Se punkt 5. [mangler: finnes.ikke]" in assessment
    assert "Elveby kommune betaler 315 052,50 kroner i 2026" in said(chapter(paper, "forslag"))
    background = chapter(paper, "bakgrunn")
    assert "[mangler: kommune.navn]" in said(background)
    assert len(grids(background)) == 1


def test_every_part_but_the_case_number_has_a_text_from_the_start() -> None:
    for language in Language:
        for recipient in (None, ELVEBY, MYRVANG):
            document = builders.a_document(language=language)
            paper = a_paper(document=document, recipient=recipient)
            for part in Part:
                text = texts.usual(paper, part)
                own = part in (Part.RESOLUTION, Part.REJECTION)
                if own and recipient is None:
                    continue
                assert bool(text) == (part is not Part.CASE_NUMBER)
                shown = " ".join(papers._words(texts.blocks(paper, part)))
                assert "[mangler" not in shown, (part, shown)


def test_a_paper_in_nynorsk_has_no_words_of_bokmal() -> None:
    document = builders.a_document(language=Language.NYNORSK, clauses=(), template=None)
    views = tuple(replace(view, comment="") for view in papers.views())
    for recipient in (None, ELVEBY, MYRVANG, AASVANG):
        paper = a_paper(
            document=document,
            recipient=recipient,
            standing=(),
            views=views,
            today=replace(a_paper().today, sources=()),
        )
        text = everything(paper).replace(document.title, "")
        assert nynorsk.bokmal_only(text) == []
        assert nynorsk.foreign(text) == []


@pytest.mark.parametrize("count", [1, 3, 7])
def test_any_number_of_alternatives_is_told_whole(count: int) -> None:
    tables = tuple(builders.a_table(alternative=f"Forslag {n}") for n in range(count))
    paper = a_paper(tables=tables, recipient=ELVEBY)
    heads = [grid.rows[0].cells for grid in grids(chapter(paper, "side-om-side"))]
    assert sum(sum("Forslag" in cell for cell in head) for head in heads) == count
    assert max(map(len, heads)) <= 6
    own = [cell for grid in grids(chapter(paper, "egne-tall")) for cell in grid.rows[0].cells]
    assert sum("Forslag" in cell for cell in own) == count


def test_sums_are_those_of_the_tables_and_differences_those_from_today() -> None:
    grid = grids(chapter(a_paper(), "side-om-side"))[0]
    rows = {row.cells[0]: [c.replace("\u00a0", " ") for c in row.cells[1:]] for row in grid.rows}
    assert rows["Elveby kommune"][:3] == ["50 000,00", "315 052,50", "+265 052,50"]
    assert rows["Sum alle bidrag"][:3] == ["300 000,00", "767 856,00", "+467 856,00"]
    assert Decimal("767856.00") - 6 * Decimal(50000) == Decimal("467856.00")


HOSTILE = (
    "<script>alert(1)</script> {{ avtale.tittel }} **x** [[punkt:okonomi]]\n\x00\u202e&amp; 😀"
)


def test_hostile_text_stays_text_everywhere() -> None:
    bad = replace(papers.views()[1], comment=HOSTILE, preferred=HOSTILE)
    paper = a_paper(
        document=builders.a_document(title=HOSTILE, region=HOSTILE),
        views=(bad,),
        inputs=(Said(HOSTILE, HOSTILE, False, HOSTILE, "declined", HOSTILE, None, None, None),),
        tables=(builders.a_table(alternative=HOSTILE),),
        texts=((Part.ASSESSMENT, HOSTILE), (Part.CASE_NUMBER, HOSTILE)),
    )
    page = case_paper_html(paper)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    content = case_paper_docx(paper)
    assert docx.read(content) is not None
    assert b"\x00" not in content[:4]


@given(st.text(max_size=300))
def test_no_text_stops_the_paper(text: str) -> None:
    paper = a_paper(
        texts=((Part.BACKGROUND, text), (Part.RECOMMENDATION, text)),
        views=(View(ELVEBY, Position.NEGATIVE, text[:120], text, papers.DAY),),
    )
    assert everything(paper)
