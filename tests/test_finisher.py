"""What is mended after the layout: the structure tree as a screen reader and as a validator meets it."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
from dataclasses import replace
from functools import cache
from typing import Any

import page as page_validation
import pydyf
import pytest
import weasyprint
from pypdf import PdfReader

from agreements import documents
from agreements.documents import engine, renderer
from agreements.documents.finisher import FinishError, streams
from agreements.documents.issue import Issue, Kind
from agreements.documents.record import record_pdf
from agreements.domain import canonical
from agreements.domain.document import Language
from tests import builders, pdf_reading, spreadsheets, stress_documents, structure
from tests.pdf_reading import DOCUMENTS, content, needs_poppler
from tests.test_pdf_text import MARKER, expected_words

STANDARDS = (
    page_validation.ValidationProfile.PDF_A_2A,
    page_validation.ValidationProfile.PDF_UA_1,
)
FULL_TEXT = [
    *("complete", "nynorsk", "letters", "problems", "model", "sixty-clauses", "one-clause"),
    *("twenty-parties", "two-parties", "long-headings"),
]
SHELL = '<!doctype html><html lang="nb"><head><title>Prøve</title></head><body>{}</body></html>'


class Line:
    """A line of the record, as `record_lines` gives them."""

    number = 1
    at = None
    actor = "Kari Nordmann"
    organisation = "Elveby kommune"
    text = "Avtalen ble opprettet"
    aside = "(versjon 2)"
    hash = "ab" * 32


def file(kind: str, language: Language, issue: Kind) -> bytes:
    """A file of each kind in each language and issue."""
    nynorsk = language is Language.NYNORSK
    document = stress_documents.nynorsk() if nynorsk else builders.a_document()
    number = None if issue is Kind.DRAFT else 2
    made = Issue(issue, number, canonical.sha256(document), signature_fields=issue is Kind.FINAL)
    match kind:
        case "agreement":
            return documents.agreement_pdf(document, made)
        case "contributions":
            return documents.contributions_pdf(document, made)
        case "comparison":
            return documents.comparison_pdf(spreadsheets.every_rule(), language)
        case _:
            return record_pdf(document.title, document.region, [Line()] * 80, language)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("kind", "issue"),
    [
        *itertools.product(("agreement", "contributions"), Kind),
        ("comparison", Kind.DRAFT),
        ("record", Kind.FINAL),
    ],
)
def test_every_kind_of_file_follows_both_standards(
    kind: str, language: Language, issue: Kind
) -> None:
    made = file(kind, language, issue)
    for profile in STANDARDS:
        report = page_validation.validate_pdf_bytes(made, profile=profile)
        assert report.is_compliant, [str(failure) for failure in report.failures]
    assert PdfReader(io.BytesIO(made)).trailer["/Root"]["/Lang"] == (
        "nb" if kind == "record" else language.value
    )


@pytest.mark.parametrize(("name", "kind"), pdf_reading.FILES)
def test_every_document_that_is_hard_to_print_follows_both_standards(name: str, kind: str) -> None:
    for profile in STANDARDS:
        report = page_validation.validate_pdf_bytes(content(name, kind), profile=profile)
        assert report.is_compliant, [str(failure) for failure in report.failures]


@needs_poppler
@pytest.mark.parametrize("name", FULL_TEXT)
def test_what_is_read_out_is_the_document_word_for_word(name: str) -> None:
    (points,) = structure.spoken(content(name)).find("Part")
    assert points.text(without=("Lbl",)).split() == expected_words(name)


@needs_poppler
@pytest.mark.parametrize("name", [name for name in FULL_TEXT if name != "long-headings"])
def test_what_is_copied_is_the_document_word_for_word(name: str) -> None:
    told = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=content(name), capture_output=True, check=True
    ).stdout.decode()
    found: list[str] = []
    for line in told.replace("\f", "\n").splitlines():
        if line == DOCUMENTS[name].title or re.search(r"Side \d+ av \d+$", line):
            continue
        if not MARKER.fullmatch(line.strip()):
            found += line.split()
    wanted = expected_words(name)
    assert f" {' '.join(wanted)} " in f" {' '.join(found)} "


@needs_poppler
@pytest.mark.parametrize("name", ["sixty-clauses", "twenty-parties"])
def test_nothing_of_the_margins_is_read_out(name: str) -> None:
    said = structure.spoken(content(name)).text()
    assert not re.search(r"Side \d+ av", said)
    assert "innhold " + canonical.sha256(DOCUMENTS[name])[:12] not in said
    assert " ".join(said.split()).count(DOCUMENTS[name].title) == 1


@pytest.mark.parametrize(
    ("name", "kind"), [("sixty-clauses", "agreement"), ("long-table", "contributions")]
)
def test_all_content_is_either_in_the_tree_or_an_artifact(name: str, kind: str) -> None:
    reader = PdfReader(io.BytesIO(content(name, kind)))
    root: Any = reader.trailer["/Root"]["/StructTreeRoot"]
    numbers = root["/ParentTree"]["/Nums"]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for sheet in reader.pages:
        stream = sheet.get_contents().get_data()
        marked = {int(n) for n in re.findall(rb"/MCID (\d+)>>\s+BDC", stream)}
        listed = owners[sheet["/StructParents"]]
        assert marked == {
            n for n, owner in enumerate(listed) if isinstance(owner.get_object(), dict)
        }
        assert stream.count(b"/Type /Pagination") >= 2  # the foot of the page
        assert stream.count(b"BDC") + stream.count(b"BMC") == stream.count(b"EMC")


@needs_poppler
def test_a_point_that_a_page_break_parts_is_one_element() -> None:
    name = "sixty-clauses"
    tree = structure.spoken(content(name))
    (points,) = tree.find("Part")
    clauses = DOCUMENTS[name].clauses
    assert len(points.parts) == len(clauses)
    paragraphs = [" ".join(p.text().split()) for p in points.find("P")]
    assert all(text.endswith((".", ":")) for text in paragraphs)
    parted = [element for element in structure.elements(content(name)) if pages_of(element) == 2]
    assert {"/P", "/Sect"} <= {element["/S"] for element in parted}


def pages_of(element: Any) -> int:
    """On how many pages the direct kids of an element stand."""
    kids = element.get("/K", [])
    listed = [kid.get_object() for kid in kids] if isinstance(kids, list) else []
    return len(
        {kid.raw_get("/Pg").idnum for kid in listed if isinstance(kid, dict) and "/Pg" in kid}
    )


@needs_poppler
def test_a_table_over_many_pages_is_one_table_with_one_heading() -> None:
    made = content("long-table", "contributions")
    tables = structure.spoken(made).find("Table")
    bands = len(tables)
    assert bands < len(PdfReader(io.BytesIO(made)).pages)
    financing = DOCUMENTS["long-table"].financing
    assert financing is not None
    for table in tables:
        assert [part.kind for part in table.parts if not isinstance(part, str)] == [
            "THead",
            "TBody",
        ]
        assert len(table.find("TR")) >= 1 + len(financing.table.rows)


@pytest.mark.parametrize(
    ("name", "kind"), [("complete", "agreement"), ("long-table", "contributions")]
)
def test_every_heading_of_a_table_says_of_what_and_can_be_found(name: str, kind: str) -> None:
    made = PdfReader(io.BytesIO(content(name, kind)))
    root: Any = made.trailer["/Root"]["/StructTreeRoot"]
    names = root["/IDTree"]["/Names"]
    listed = dict(zip(names[::2], names[1::2], strict=True))
    assert list(names[::2]) == sorted(names[::2])
    headings = [e for e in structure.elements(made) if e["/S"] == "/TH"]
    assert len(headings) == len(listed)
    for heading in headings:
        column = heading["/P"]["/P"]["/S"] == "/THead"
        assert heading["/A"]["/Scope"] == ("/Column" if column else "/Row")
        assert listed[heading["/ID"]].get_object() == heading
    for cell in (e for e in structure.elements(made) if e["/S"] == "/TD"):
        named = [listed[header].get_object() for header in cell["/A"]["/Headers"]]
        assert named
        assert any(heading["/P"] == cell["/P"] for heading in named)


def test_lists_say_how_they_are_marked() -> None:
    made = renderer.pdf(
        SHELL.format(
            "<ul><li>punkt<ul><li>under</li></ul></li></ul><ol><li>tall</li></ol>"
            '<ul class="parties"><li>uten</li></ul><dl><dt>navn</dt><dd>verdi</dd></dl>'
        )
    )
    found = [e["/A"]["/ListNumbering"] for e in structure.elements(made) if e["/S"] == "/L"]
    assert found == ["/Disc", "/Circle", "/Decimal", "/None", "/None"]


def test_a_part_in_another_language_says_so() -> None:
    made = renderer.pdf(
        SHELL.format('<p>På norsk <span lang="se">sámegillii</span></p><p lang="nn">Ikkje</p>')
    )
    found = [(e["/S"], e["/Lang"]) for e in structure.elements(made) if "/Lang" in e]
    assert found == [("/Span", "se"), ("/P", "nn")]


def test_the_record_of_a_nynorsk_agreement_marks_its_title() -> None:
    for language, expected in ((Language.NYNORSK, ["nn"]), (Language.BOKMAL, [])):
        made = record_pdf("Tittel", "Region", [Line()], language)
        assert [e["/Lang"] for e in structure.elements(made) if "/Lang" in e] == expected


def test_a_figure_is_placed_as_pdf_reckons() -> None:
    made = renderer.pdf(
        SHELL.format(
            '<img src="static:utkast.svg" alt="Utkast" style="width:40mm;height:50mm;display:block">'
        )
    )
    (figure,) = [e for e in structure.elements(made) if e["/S"] == "/Figure"]
    left, low, right, high = (float(edge) for edge in figure["/A"]["/BBox"])
    millimetre = 72 / 25.4
    assert figure["/Alt"] == "Utkast"
    assert (left, high) == pytest.approx((24 * millimetre, 841.89 - 25 * millimetre), abs=0.5)
    assert (right - left, high - low) == pytest.approx((40 * millimetre, 50 * millimetre), abs=0.5)


def test_the_metadata_name_both_standards_in_one_description() -> None:
    made = content("complete")
    start = made.index(b"<?xpacket begin")
    packet = made[start : made.index(b"<?xpacket end", start)].decode()
    assert packet.count("<rdf:RDF") == 1
    assert 'pdfaid:part="2"' in packet
    assert 'pdfaid:conformance="A"' in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet


def test_a_stream_never_ends_with_half_a_line_break() -> None:
    for name, kind in pdf_reading.FILES:
        assert not streams.is_mistakable(content(name, kind)), name


@pytest.mark.parametrize("end", [b"\r", b"\n"])
def test_a_stream_that_would_end_so_is_written_in_another_way(end: bytes) -> None:
    pdf = pydyf.PDF()
    text = next(
        b"%d" % n
        for n in range(10_000, 100_000)
        if pydyf.Stream([b"%d" % n], compress=True).data.removesuffix(streams.END).endswith(end)
    )
    stream = pydyf.Stream([text], compress=True)
    pdf.add_object(stream)
    assert streams.is_mistakable(stream.data)
    streams.end_unmistakably(pdf)
    assert not streams.is_mistakable(stream.data)
    assert text in stream.data


def test_a_file_that_would_end_so_is_packed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, True, False])
    tried: list[int] = []
    write = engine._write
    monkeypatch.setattr(engine, "is_mistakable", lambda made: next(answers))
    monkeypatch.setattr(
        engine,
        "_write",
        lambda html, names, spare: tried.append(spare) or write(html, names, spare),
    )
    assert engine.write(SHELL.format("<p>x</p>")).startswith(b"%PDF-1.7")
    assert tried == [0, 1, 2]


def test_another_version_of_weasyprint_makes_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(FinishError, match=r"made for WeasyPrint 70\.0"):
        engine.write(SHELL.format("<p>x</p>"))


def test_the_private_function_is_put_back() -> None:
    before = weasyprint.pdf.tags._build_box_tree
    with pytest.raises(FinishError):
        engine.write(SHELL.format('<input type="checkbox" name="x">'), ["y"])
    assert weasyprint.pdf.tags._build_box_tree is before


@cache
def _version_pages() -> tuple[list[str], list[str]]:
    document = builders.a_document()
    sha = canonical.sha256(document)
    return tuple(
        [
            " ".join(sheet.extract_text().split())
            for sheet in PdfReader(
                io.BytesIO(documents.agreement_pdf(document, Issue(kind, 2, sha)))
            ).pages
        ]
        for kind in (Kind.VERSION, Kind.FINAL)
    )


def test_a_version_and_a_final_file_say_what_they_are_on_every_page() -> None:
    start = canonical.sha256(builders.a_document())[:12]
    for pages, state in zip(
        _version_pages(), ("Versjon 2, til behandling", "Versjon 2"), strict=True
    ):
        for number, text in enumerate(pages, start=1):
            assert f"{state} · innhold {start} Side {number} av {len(pages)}" in text
            assert "utkast" not in text.casefold()


def test_only_a_draft_and_what_is_withdrawn_say_so_across_the_pages() -> None:
    document = builders.a_document()
    sha = canonical.sha256(document)
    for issue, marked in (
        (documents.draft(document), True),
        (Issue(Kind.VERSION, 1, sha), False),
        (Issue(Kind.WITHDRAWN, 1, sha), True),
        (Issue(Kind.DECIDED, 1, sha), False),
        (Issue(Kind.FINAL, 1, sha), False),
    ):
        for sheet in PdfReader(io.BytesIO(documents.agreement_pdf(document, issue))).pages:
            assert bool(sheet["/Resources"].get("/XObject")) is marked


def test_a_draft_has_no_number_and_the_others_have() -> None:
    for kind, number in ((Kind.DRAFT, 1), (Kind.VERSION, None), (Kind.FINAL, None)):
        with pytest.raises(ValueError, match="version number"):
            Issue(kind, number, "0" * 64)


def test_the_state_is_said_in_the_language_of_the_agreement() -> None:
    issue = Issue(Kind.VERSION, 3, "a" * 64)
    assert issue.state(Language.BOKMAL) == "Versjon 3, til behandling"
    assert issue.state(Language.NYNORSK) == "Versjon 3, til handsaming"
    assert replace(issue, kind=Kind.FINAL).state(Language.NYNORSK) == "Versjon 3"
