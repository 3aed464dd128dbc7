"""Reading an agreement from a Word document: headings, lists, tables, changes and comments."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.domain import markup
from agreements.domain.document import ServiceLevel
from agreements.importing.docx import read
from agreements.importing.result import UNPLACED_KEY, Imported, UnreadableAgreementError
from tests import word_files as w
from tests.domain.importing_words import walk

START = w.para("Samarbeidsavtale om noe", "Tittel") + w.h1("Formål") + w.para("Vi samarbeider.")


def texts(imported: Imported) -> dict[str, str]:
    """Heading -> text."""
    return {clause.heading: clause.text for clause in walk(imported.clauses)}


def tree(imported: Imported) -> list[tuple[str, str]]:
    return [(clause.number_as_printed, clause.heading) for clause in walk(imported.clauses)]


# --- structure -----------------------------------------------------------------------------------


def test_heading_styles_give_the_tree_whatever_they_are_called() -> None:
    body = START + w.h1("Ansvar") + w.para("Rammen.", "Egen") + w.para("A.") + w.h2("Fylket")
    found = read(w.package(body))
    assert found.title == "Samarbeidsavtale om noe"
    assert tree(found) == [("1", "Formål"), ("2", "Ansvar"), ("2.1", "Rammen."), ("2.2", "Fylket")]
    assert found.unit == "avsnitt"


def test_outline_level_makes_a_heading_and_unmakes_one() -> None:
    outlined = w.para("Uten stil", properties='<w:outlineLvl w:val="0"/>')
    not_one = w.para("Bare tekst", "Overskrift1", '<w:outlineLvl w:val="9"/>')
    found = read(w.package(START + outlined + not_one))
    assert texts(found) == {"Formål": "Vi samarbeider.", "Uten stil": "Bare tekst"}


def test_the_first_heading_alone_on_its_level_is_the_title() -> None:
    found = read(w.package(w.h1("Avtalen") + w.h2("En") + w.para("A") + w.h2("To") + w.para("B")))
    assert found.title == "Avtalen"
    assert tree(found) == [("1", "En"), ("2", "To")]


def test_numbers_typed_in_headings_are_taken_out_of_them() -> None:
    body = w.h1("1. Parter") + w.para("A") + w.h1("1.1 Hvem") + w.para("B") + w.h1("2. Slutt")
    assert tree(read(w.package(body))) == [("1.", "Parter"), ("1.1", "Hvem"), ("2.", "Slutt")]


def test_numbers_counted_by_word_are_found_without_heading_styles() -> None:
    body = (
        w.para("Avtale om noe")
        + w.numbered("Parter", 1)
        + w.para("Partene er A kommune og B kommune.")
        + w.numbered("Ansvar", 1)
        + w.numbered("Kommunens ansvar", 1, 1)
        + w.para("Kommunen skal noe.")
    )
    found = read(w.package(body, numbering=w.lists(w.POINTS)))
    assert tree(found) == [("1", "Parter"), ("2", "Ansvar"), ("2.1", "Kommunens ansvar")]
    assert [party.name for party in found.parties] == ["A kommune", "B kommune"]


def test_bold_numbered_lines_are_points_between_headings() -> None:
    bold = w.para(w.run("2.1 Fylkets ansvar", "<w:b/>"))
    plain = w.para("2.2 Dette er en setning i teksten.")
    body = w.h1("1. Formål") + w.para("A") + w.h1("2. Ansvar") + bold + w.para("B") + plain
    found = read(w.package(body))
    assert tree(found) == [("1.", "Formål"), ("2.", "Ansvar"), ("2.1", "Fylkets ansvar")]
    assert texts(found)["Fylkets ansvar"] == "B\n\n2.2 Dette er en setning i teksten."


def test_a_long_heading_is_cut_and_kept_whole_in_the_text() -> None:
    long = "Alle partenes felles og særskilte ansvar " * 6
    (_, clause) = walk(read(w.package(START + w.h1(long) + w.para("Tekst."))).clauses)
    assert len(clause.heading) <= 160
    assert clause.text == f"{long.strip()}\n\nTekst."


def test_a_document_without_points_is_refused() -> None:
    with pytest.raises(UnreadableAgreementError, match="Overskrift 1"):
        read(w.package(w.para("Bare tekst.")))


# --- text ----------------------------------------------------------------------------------------


def test_nested_lists_bullets_and_numbers() -> None:
    body = (
        START
        + w.numbered("en", 1)
        + w.numbered("under", 1, 1)
        + w.numbered("to", 1)
        + w.para("Så:")
        + w.numbered("først", 2)
        + w.numbered("bokstav", 2, 1)
        + w.numbered("sist", 2)
    )
    found = read(w.package(body, numbering=w.lists(w.BULLETS, w.DECIMALS)))
    assert texts(found)["Formål"] == (
        "Vi samarbeider.\n\n- en\n  - under\n- to\n\nSå:\n\n1. først\n\na) bokstav\n\n2\\. sist"
    )


def test_bold_from_run_and_character_style() -> None:
    inner = (
        w.run("Vi ")
        + w.run("må", "<w:b/>")
        + w.run(" og ")
        + w.run("skal", '<w:rStyle w:val="Sterk"/>')
    )
    not_bold = w.run(" nå", '<w:b w:val="0"/>')
    found = read(w.package(START + w.para(inner + not_bold)))
    assert texts(found)["Formål"].endswith("Vi **må** og **skal** nå")


def test_marks_in_the_text_are_text() -> None:
    hostile = "**ikke fet** {{ avtale.tittel }} [[punkt:x]] <b>&amp; \\ # - a"
    found = read(w.package(START + w.para(hostile)))
    blocks = markup.parse(texts(found)["Formål"])
    assert blocks[-1] == markup.Paragraph((markup.Text(hostile),))


def test_what_stands_in_fields_links_tags_and_controls_is_read() -> None:
    inner = (
        "<w:hyperlink>" + w.run("lenke ") + "</w:hyperlink>"
        "<w:smartTag><w:smartTagPr/>" + w.run("tagg ") + "</w:smartTag>"
        "<w:sdt><w:sdtPr/><w:sdtContent>" + w.run("kontroll ") + "</w:sdtContent></w:sdt>"
        '<w:fldSimple w:instr=" REF x ">' + w.run("felt ") + "</w:fldSimple>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + w.run("resultat ")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>sam</w:t><w:softHyphen/><w:t>arbeid '
        "a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:br/><w:t>ny linje</w:t><w:tab/><w:t>tabulert</w:t></w:r>"
        + w.run(" 10\u00a0000 kr og\u00a0så")
    )  # fmt: skip
    block = "<w:sdt><w:sdtContent>" + w.para("I en blokk.") + "</w:sdtContent></w:sdt>"
    found = read(w.package(START + w.para(inner) + block))
    assert texts(found)["Formål"].split("\n\n")[1:] == [
        "lenke tagg kontroll felt resultat samarbeid a-b ny linje tabulert 10\u00a0000 kr og så",
        "I en blokk.",
    ]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{w.para('I boksen.')}</w:txbxContent>"
    inner = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    found = read(w.package(START + w.para(w.run("Ved siden.") + inner)))
    assert texts(found)["Formål"] == "Vi samarbeider.\n\nVed siden.\n\nI boksen."


def test_tables_are_lines_and_frames_are_text() -> None:
    figures = w.table(["Kommune", "2026"], ["Hole", "102\u00a0442,50"], ["Sum", "102\u00a0442,50"])
    frame = "<w:tbl><w:tr><w:tc>" + w.h1("I ramme") + w.para("Tekst.") + "</w:tc></w:tr></w:tbl>"
    found = read(w.package(START + figures + w.para("Etter.") + frame))
    assert texts(found) == {
        "Formål": "Vi samarbeider.\n\nKommune | 2026\n\nHole | 102\u00a0442,50\n\n"
        "Sum | 102\u00a0442,50\n\nEtter.",
        "I ramme": "Tekst.",
    }


def test_service_lists_go_to_the_checklist() -> None:
    body = (
        START + w.h1("Tjenestens innhold") + w.para("Tjenesten skal minimum inneholde:")
        + w.numbered("Kurs.", 1) + w.numbered("Veiledning.", 1)
    )  # fmt: skip
    found = read(w.package(body, numbering=w.lists(w.BULLETS)))
    assert found.services == ((ServiceLevel.MINIMUM, "Kurs"), (ServiceLevel.MINIMUM, "Veiledning"))


def test_what_is_no_running_text_is_listed() -> None:
    note = f'<w:footnote w:id="2">{w.para("Noten.")}</w:footnote>'
    sep = f'<w:footnote w:id="0" w:type="separator">{w.para("skille")}</w:footnote>'
    hidden = w.para(w.run("Synlig.") + w.run("Skjult.", "<w:vanish/>"))
    picture = w.para('<w:r><w:drawing><wp:docPr descr="Et kart"/></w:drawing></w:r>')
    body = w.para("Innhold 1", "INNH1") + START + hidden + picture
    found = read(
        w.package(body, header=w.para("Øverst"), footer=w.para("Nederst"), footnotes=sep + note)
    )
    left = {line.text: line.kept for line in found.left}
    assert left == {
        "Innhold 1": False, "Skjult.": False, "Et kart": False, "Noten.": True, "Øverst": False,
        "Nederst": False,
    }  # fmt: skip
    assert [c.text for c in found.clauses if c.key == UNPLACED_KEY] == ["Noten."]
    assert "Skjult" not in texts(found)["Formål"]


# --- tracked changes -----------------------------------------------------------------------------


def test_the_text_is_as_it_stood_and_each_author_has_a_suggestion() -> None:
    changed = w.para(
        w.run("Vi ") + w.deleted("kan ") + w.ins("skal ") + w.run("dele ") + w.ins("alt", w.OLA)
    )
    found = read(w.package(START + changed + w.h1("Annet") + w.para("Uendret.")))
    assert texts(found)["Formål"] == "Vi samarbeider.\n\nVi kan dele"
    assert [(s.author, s.day, s.text) for s in found.suggestions] == [
        ("Kari Nordmann", date(2026, 5, 3), "Vi samarbeider.\n\nVi skal dele"),
        ("Ola Hansen", date(2026, 6, 1), "Vi samarbeider.\n\nVi kan dele alt"),
    ]
    assert {s.clause_key for s in found.suggestions} == {"formal"}
    assert found.comments == ()


def test_paragraphs_that_come_and_go() -> None:
    new = w.para(w.ins("Nytt avsnitt."), mark=f'<w:ins w:id="1" {w.KARI}/>')
    gone = w.para(w.deleted("Gammelt avsnitt."), mark=f'<w:del w:id="1" {w.KARI}/>')
    found = read(w.package(START + gone + new + w.para("Siste.")))
    assert texts(found)["Formål"] == "Vi samarbeider.\n\nGammelt avsnitt.\n\nSiste."
    assert [s.text for s in found.suggestions] == ["Vi samarbeider.\n\nNytt avsnitt.\n\nSiste."]


def test_a_paragraph_parted_in_two_and_two_made_one() -> None:
    parted = w.para("Først. ", mark=f'<w:ins w:id="1" {w.KARI}/>') + w.para("Så.")
    joined = w.para("En ", mark=f'<w:del w:id="1" {w.KARI}/>') + w.para("setning.")
    found = read(w.package(w.h1("Del") + parted + w.h1("Slå sammen") + joined))
    assert texts(found) == {"Del": "Først. Så.", "Slå sammen": "En\n\nsetning."}
    assert [s.text for s in found.suggestions] == ["Først.\n\nSå.", "En setning."]


def test_moves_rows_and_headings() -> None:
    moved_from = f'<w:moveFrom w:id="1" {w.KARI}>{w.run("Flyttet.")}</w:moveFrom>'
    moved_to = f'<w:moveTo w:id="1" {w.KARI}>{w.run("Flyttet.")}</w:moveTo>'
    row = f'<w:trPr><w:del w:id="1" {w.KARI}/></w:trPr>'
    rows = w.table(["A", "1"], ["B", "2"]).replace("</w:tbl>", "")
    rows += w.table(["C", "3"], properties=row).replace("<w:tbl>", "")
    body = (
        w.h1("En") + w.para(moved_from, mark=f'<w:moveFrom w:id="1" {w.KARI}/>') + w.para("Blir.")
        + w.para(w.run("To") + w.ins(" nye"), "Overskrift1")
        + w.para(moved_to, mark=f'<w:moveTo w:id="1" {w.KARI}/>') + w.para("Siste.")
        + w.h1("Tabell") + rows + w.para("Slutt.")
    )  # fmt: skip
    found = read(w.package(body))
    assert texts(found) == {
        "En": "Flyttet.\n\nBlir.", "To": "Siste.", "Tabell": "A | 1\n\nB | 2\n\nC | 3\n\nSlutt.",
    }  # fmt: skip
    assert [(s.heading, s.text) for s in found.suggestions] == [
        ("En", "Blir."), ("To nye", "Flyttet.\n\nSiste."), ("Tabell", "A | 1\n\nB | 2\n\nSlutt."),
    ]  # fmt: skip


def test_a_whole_clause_that_goes_and_one_that_comes() -> None:
    mark = f'<w:del w:id="1" {w.KARI}/>'
    gone = w.para(w.deleted("Ut"), "Overskrift1", mark=mark) + w.para(
        w.deleted("Teksten."), mark=mark
    )
    new_mark = f'<w:ins w:id="1" {w.OLA}/>'
    new = w.para(w.ins("Ny", w.OLA), "Overskrift1", mark=new_mark) + w.para(
        w.ins("Nytt.", w.OLA), mark=new_mark
    )
    found = read(w.package(START + gone + w.h1("Blir") + w.para("Her.") + new + w.h1("Slutt")))
    assert texts(found) == {
        "Formål": "Vi samarbeider.", "Ut": "Teksten.", "Blir": "Her.", "Slutt": "",
    }  # fmt: skip
    assert [(c.clause_key, c.text, c.proposal) for c in found.comments] == [
        ("ut", "Hele punktet foreslås tatt ut.", True)
    ]
    assert [(s.clause_key, s.author, s.text) for s in found.suggestions] == [
        ("blir", "Ola Hansen", "Her.\n\n**Ny**\n\nNytt.")
    ]


def test_changes_of_services_and_title_are_told_in_words() -> None:
    body = (
        w.para(w.run("Avtale") + w.ins(" om alt"), "Tittel") + w.h1("Tjenestens innhold")
        + w.para("Tjenesten skal minimum inneholde:") + w.numbered("Kurs", 1)
        + w.numbered("Veiledning", 1).replace("</w:p>", w.ins(" og mentor") + "</w:p>")
    )  # fmt: skip
    found = read(w.package(body, numbering=w.lists(w.BULLETS)))
    assert found.title == "Avtale"
    assert found.suggestions == ()
    assert [c.text for c in found.comments] == [
        "Teksten foran det første punktet foreslås endret:\nNytt: «Avtale om alt»\nUt: «Avtale»",
        "Minimumstjenester foreslås endret:\nNytt: «Veiledning og mentor»\nUt: «Veiledning»",
    ]


def test_changed_formatting_is_no_suggestion() -> None:
    bold = w.run("Fet", f'<w:b/><w:rPrChange w:id="1" {w.KARI}><w:rPr/></w:rPrChange>')
    found = read(w.package(START + w.para(bold)))
    assert found.suggestions == ()
    assert any("utseendet" in entry.what for entry in found.report)


def test_many_authors_are_read_together() -> None:
    many = "".join(w.ins(f"ord{n} ", f'w:author="Person {n}"') for n in range(40))
    found = read(w.package(START + w.para(many)))
    assert len(found.suggestions) == 8
    assert all(f"ord{n}" in " ".join(s.text for s in found.suggestions) for n in range(40))


# --- comments ------------------------------------------------------------------------------------


def comment(key: int, text: str, para_id: str, who: str = w.KARI) -> str:
    paragraph = w.para(text).replace("<w:p>", f'<w:p w14:paraId="{para_id}">')
    return f'<w:comment w:id="{key}" {who}>{paragraph}</w:comment>'


def test_comments_with_quote_reply_and_state() -> None:
    marked = (
        '<w:commentRangeStart w:id="0"/>' + w.run("Vi deler alt") + '<w:commentRangeEnd w:id="0"/>'
        '<w:r><w:commentReference w:id="0"/></w:r><w:r><w:commentReference w:id="1"/></w:r>'
        + w.run(" likt.")
    )  # fmt: skip
    done = w.para(w.run("Annet.") + '<w:r><w:commentReference w:id="2"/></w:r>')
    comments = (
        comment(0, "Er dette rett?", "AA") + comment(1, "Ja.", "BB", w.OLA) + comment(2, "Ok", "CC")
        + comment(3, "Uten sted", "DD")
    )  # fmt: skip
    extended = (
        '<w15:commentEx w15:paraId="AA" w15:done="0"/><w15:commentEx w15:paraId="BB" '
        'w15:paraIdParent="AA" w15:done="0"/><w15:commentEx w15:paraId="CC" w15:done="1"/>'
    )
    found = read(
        w.package(
            START + w.para(marked) + w.h1("Mer") + done,
            comments=comments,
            commentsExtended=extended,
        )
    )
    first, second, third = found.comments
    assert (first.clause_key, first.author, first.day) == (
        "formal",
        "Kari Nordmann",
        date(2026, 5, 3),
    )
    assert (first.quote, first.text, first.resolved) == ("Vi deler alt", "Er dette rett?", False)
    assert [(r.author, r.text) for r in first.replies] == [("Ola Hansen", "Ja.")]
    assert (second.clause_key, second.text, second.resolved) == ("mer", "Ok", True)
    assert (third.clause_key, third.text) == ("", "Uten sted")


def test_answers_in_a_ring_are_all_kept_or_none_repeated() -> None:
    answer = '<w15:commentEx w15:paraId="{}" w15:paraIdParent="{}"/>'.format
    extended = answer("AA", "BB") + answer("BB", "AA")
    found = read(
        w.package(
            START, comments=comment(0, "A", "AA") + comment(1, "B", "BB"), commentsExtended=extended
        )
    )
    assert sorted(c.text for c in found.comments) == ["A", "B"]
