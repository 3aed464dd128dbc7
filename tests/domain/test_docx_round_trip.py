"""An agreement out as a Word document and in again says the same, changes made or not."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import docx as python_docx
import pytest
from hypothesis import given, settings
from lxml import etree

from agreements.documents.docx import Remark, agreement_docx, changes_docx
from agreements.domain import markup
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Clause,
    Document,
    Language,
    ServiceLevel,
)
from agreements.domain.resolve import RBlock, ResolvedClause, RList, RParagraph, resolve
from agreements.importing.docx import read
from agreements.importing.result import Imported, ImportedClause
from agreements.importing.word import archive, layout, styles
from agreements.importing.word.body import AS_IT_STOOD, Body
from tests import builders
from tests.domain.agreement_documents import documents

WHEN = datetime(2026, 5, 3, 12, tzinfo=UTC)
FACTS = {
    "liste.kvalitetskrav": ServiceLevel.QUALITY,
    "liste.minimumstjenester": ServiceLevel.MINIMUM,
    "liste.tilleggstjenester": ServiceLevel.ADDITIONAL,
}
Line = tuple[str, str]  # the marks before it, and its text with ** for bold


# --- what a reader sees --------------------------------------------------------------------------


def plain(text: str) -> str:
    return " ".join(re.split(r"\s+", text)).strip()


def runs(parts: Iterable[tuple[str, bool]]) -> str:
    """A line of text; where bold begins and ends next to a space does not show."""
    shown = "".join(f"\0{text}\0" if bold else text for text, bold in parts).replace("\0\0", "")
    return plain(re.sub(r"\0(\s*)([^\0]*?)(\s*)\0", r"\1<\2>\3", shown).replace("<>", ""))


def printed(clauses: tuple[ResolvedClause, ...]) -> Iterator[tuple[str, str, list[Line]]]:
    """(number, heading, lines) of each clause as the agreement prints it."""
    for clause in clauses:
        yield clause.number, plain(clause.heading), list(lines_of(clause.blocks, ""))
        yield from printed(clause.children)


def lines_of(blocks: tuple[RBlock, ...], marks: str) -> Iterator[Line]:
    for block in blocks:
        match block:
            case RParagraph(found):
                text = runs((run.text, run.bold) for run in found)
                if text:
                    yield marks, text
            case RList(ordered, items):
                for item in items:
                    yield from lines_of(item, marks + ("1" if ordered else "-"))


def imported_lines(found: Imported) -> list[tuple[str, str, list[Line]]]:
    return [
        (number, plain_heading(clause), list(marked(markup.parse(clause.text), "", found)))
        for number, clause in numbered(found.clauses, "")
    ]


def plain_heading(clause: ImportedClause) -> str:
    return plain(
        "".join(p.text for p in markup.parse_inline(clause.heading) if isinstance(p, markup.Text))
    )


def numbered(
    clauses: tuple[ImportedClause, ...], above: str
) -> Iterator[tuple[str, ImportedClause]]:
    for position, clause in enumerate(clauses, start=1):
        yield f"{above}{position}", clause
        yield from numbered(clause.children, f"{above}{position}.")


def marked(blocks: Iterable[markup.Block], marks: str, found: Imported) -> Iterator[Line]:
    for block in blocks:
        match block:
            case markup.Paragraph(inlines):
                assert all(isinstance(part, markup.Text) for part in inlines)
                text = runs((p.text, p.bold) for p in inlines if isinstance(p, markup.Text))
                if text:
                    yield marks, text
            case markup.ListBlock(ordered, items):
                for item in items:
                    yield from marked(item, marks + ("1" if ordered else "-"), found)
            case markup.BlockFact(name):
                for level, text in found.services:
                    if level is FACTS[name]:
                        yield "-", plain(text)


def every_line(data: bytes, *, made: bool) -> list[str]:
    """The whole text of a file, front page and signatures too, with all changes made or refused."""
    opened = archive.open_archive(data)
    body = Body(opened.document, styles.read(opened.first("styles")), opened.first("numbering"))
    view = frozenset(body.authors()) if made else AS_IT_STOOD
    # Empty paragraphs part tables, and say nothing.
    return [line for line in layout.lines_of(body.view(view)) if line]


# --- out and in again ----------------------------------------------------------------------------


def without_table(document: Document) -> Document:
    """Without what is read back as lines: the table has no mark in clause text."""
    return replace(document, financing=None)


@settings(max_examples=50)
@given(documents())
def test_any_agreement_comes_back_with_its_points_texts_and_lists(document: Document) -> None:
    document = without_table(document)
    found = read(agreement_docx(document))
    assert imported_lines(found) == list(printed(resolve(document).clauses))
    assert found.title == plain(document.title)
    assert found.suggestions == found.comments == ()


def test_the_complete_agreement_comes_back() -> None:
    document = builders.a_document()
    found = read(agreement_docx(document))
    assert [text for _, text in found.services] == [service.text for service in document.services]
    assert found.term == (document.term_start, document.term_end)
    assert [party.name for party in found.parties] == [p.body.name for p in document.parties]
    economy = next(c for _, c in numbered(found.clauses, "") if c.heading == "Økonomi")
    assert "Elveby kommune | 30\u00a0005 | 10,50 | 315\u00a0052,50" in economy.text
    assert not [line for line in found.left if line.kept]


@settings(max_examples=15)
@given(documents())
def test_the_same_agreement_gives_the_same_bytes(document: Document) -> None:
    assert agreement_docx(document) == agreement_docx(document)


# --- differences ---------------------------------------------------------------------------------


@settings(max_examples=50)
@given(documents(), documents())
def test_refusing_gives_the_older_text_and_making_gives_the_newer(
    before: Document, after: Document
) -> None:
    data = changes_docx(before, after, "Endret siden sist", WHEN)
    assert every_line(data, made=False) == every_line(agreement_docx(before), made=False)
    assert every_line(data, made=True) == every_line(agreement_docx(after), made=False)


def edited() -> tuple[Document, Document]:
    """The builders' agreement, and the same with something of every kind changed."""
    before = builders.a_document()
    first, second, *rest = before.clauses
    changed = replace(second, heading="Formål og mål", text=f"Nytt først.\n\n{second.text} Mer.")
    new = Clause("nytt", "Nytt punkt", "Her står det.")
    return before, replace(
        before,
        title=before.title.replace("2028", "2029"),
        clauses=(first, changed, *rest[:-2], new, rest[-1]),
        parties=before.parties[:3],
        financing=builders.a_financing(excludes_vat=False),
    )


def test_differences_are_read_back_as_suggestions() -> None:
    before, after = edited()
    found = read(changes_docx(before, after, "Endret siden sist", WHEN))
    assert imported_lines(found) == imported_lines(read(agreement_docx(before)))
    assert {s.author for s in found.suggestions} == {"Endret siden sist"}
    headings = {s.heading for s in found.suggestions}
    assert "Formål og mål" in headings
    assert any("Nytt punkt" in s.text for s in found.suggestions)


def test_nothing_changed_leaves_no_mark() -> None:
    document = builders.a_document()
    data = changes_docx(document, document, "Ingen", WHEN)
    assert not re.search(r"<w:(?:ins|del) ", part(data, "word/document.xml"))


def test_a_change_in_a_figure_is_in_its_cell() -> None:
    before = builders.a_document()
    assert before.financing is not None
    table = before.financing.table
    row = replace(table.rows[0], cells=builders.amounts("1.00", *map(str, table.rows[0].cells[1:])))
    changed = replace(table, rows=(row, *table.rows[1:]))
    after = replace(before, financing=replace(before.financing, table=changed))
    text = part(changes_docx(before, after, "Noen", WHEN), "word/document.xml")
    assert re.search(r"<w:delText[^>]*>315\xa0052,50<", text)
    assert re.search(r"<w:ins [^>]*><w:r><w:t[^>]*>1,00<", text)
    assert "<w:trPr><w:cantSplit/><w:del" not in text


def test_a_paragraph_that_is_gone_has_its_mark_deleted_and_the_heading_after_it_has_not() -> None:
    """As Word itself writes it: else refusing and making would leave an empty paragraph."""
    first, *rest = builders.a_document().clauses
    before = builders.a_document(clauses=(replace(first, text=f"{first.text}\n\nBorte."), *rest))
    data = changes_docx(before, builders.a_document(), "Noen", WHEN)
    body = etree.fromstring(part(data, "word/document.xml").encode())
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    marked = [p for p in body.iter(f"{w}p") if p.find(f"{w}pPr/{w}rPr/{w}del") is not None]
    (gone,) = marked
    assert "".join(gone.itertext()) == "Borte."
    assert gone.find(f"{w}pPr")[-1].tag == f"{w}rPr", (
        "the last of the properties, or Word refuses it"
    )
    following = gone.getnext()
    assert following.find(f"{w}pPr/{w}pStyle").get(f"{w}val") == "Heading1"
    assert following.find(f"{w}pPr/{w}rPr") is None


def test_attachments_are_listed_as_in_the_pdf_and_are_no_point() -> None:
    codes = ("", "offl. § 13")
    attachments = tuple(
        Attachment(f"Vedlegg {n}", AttachmentKind.OTHER, code, "a" * 64)
        for n, code in enumerate(codes, 1)
    )
    document = builders.a_document(attachments=attachments)
    opened = python_docx.Document(io.BytesIO(agreement_docx(document)))
    listed = [p for p in opened.paragraphs if p.style.name == "Avtale vedlegg"]
    assert [p.text for p in listed] == ["Vedlegg 1", "Vedlegg 2 (unntatt offentlighet: offl. § 13)"]
    assert all(p._p.pPr.numPr is not None for p in listed)
    found = read(agreement_docx(document))
    assert imported_lines(found) == imported_lines(read(agreement_docx(builders.a_document())))
    assert any("Vedlegg 1" in line.text for line in found.left)


# --- the file itself -----------------------------------------------------------------------------


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def test_another_program_finds_headings_lists_tables_and_title() -> None:
    opened = python_docx.Document(io.BytesIO(agreement_docx(builders.a_document())))
    assert opened.core_properties.title == builders.a_document().title
    assert opened.core_properties.language == "nb-NO"
    headings = [
        (p.style.name, p.text) for p in opened.paragraphs if p.style.name.startswith("Heading")
    ]
    assert ("Heading 1", "Formål") in headings
    assert ("Heading 3", "Tjenestens innhold") in headings
    contributions, *signatures = opened.tables
    assert contributions.cell(1, 0).text == "Elveby kommune"
    assert len(signatures) == 4
    assert opened.sections[0].page_width.mm == pytest.approx(210, abs=0.2)


def test_language_follows_the_agreement() -> None:
    nynorsk = builders.a_document(language=Language.NYNORSK)
    assert 'w:lang w:val="nn-NO"' in part(agreement_docx(nynorsk), "word/styles.xml")


def test_every_part_is_xml_whatever_the_text_holds() -> None:
    nasty = "\x00\x0b<&>\"'\ufffe\U000e0041 ]]> \t"
    text = f"{nasty}\n\n- {nasty}"
    hostile = builders.a_document(
        title=f"T{nasty}", clauses=(Clause("a", f"H{nasty}", text), Clause("a", "To ganger", text))
    )
    remark = Remark("a", f"N{nasty}", WHEN, nasty, (Remark("", "M", WHEN, ""),))
    for data in (
        agreement_docx(hostile, [remark]),
        changes_docx(builders.a_document(), hostile, nasty, WHEN, [remark]),
    ):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            for name in file.namelist():
                etree.fromstring(file.read(name))
        read(data)
        python_docx.Document(io.BytesIO(data))


def test_ids_are_used_once_and_point_at_something() -> None:
    before, after = edited()
    remarks = [
        Remark("formaal", "A", WHEN, "x", (Remark("", "B", WHEN, "y"),)),
        Remark("", "C", WHEN, "z"),
    ]
    data = changes_docx(before, after, "Noen", WHEN, remarks)
    text = part(data, "word/document.xml")
    ids = re.findall(r"<w:(?:ins|del) w:id=\"(\d+)\"", text)
    assert ids
    assert len(ids) == len(set(ids))
    names = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="(\w+)"', text)
    assert len(names) == len(set(names))
    assert set(re.findall(r'w:anchor="(\w+)"', text)) <= set(names)
    starts = re.findall(r'<w:commentRangeStart w:id="(\d+)"', text)
    comments = re.findall(r'<w:comment w:id="(\d+)"', part(data, "word/comments.xml"))
    assert sorted(starts) == sorted(comments) == ["0", "1", "2"]


def test_comments_come_back_where_they_were() -> None:
    key = builders.a_document().clauses[1].key
    remarks = [
        Remark(key, "Kari, Modum", WHEN, "Hva betyr\ndette?", (Remark("", "Ola", WHEN, "Alt."),)),
        Remark("", "Per", WHEN, "Fint."),
    ]
    found = read(agreement_docx(builders.a_document(), remarks))
    by_author = {c.author: c for c in found.comments}
    kari, per = by_author["Kari, Modum"], by_author["Per"]
    assert (kari.clause_key, kari.quote, kari.text) == ("formal", "Formål", "Hva betyr\ndette?")
    assert [(r.author, r.text) for r in kari.replies] == [("Ola", "Alt.")]
    assert (per.clause_key, per.text) == ("", "Fint.")
