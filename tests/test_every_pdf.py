"""Everything that must be true of any file: each kind, capacity and language, and the hard ones.

Each file is made once, and all is asked of it in one test, as making them takes the time.
"""

from __future__ import annotations

import re
from typing import Any

import page as page_validation
import pytest

from agreements import documents
from agreements.documents import engine
from agreements.documents.agreement import agreement_html
from agreements.documents.case_paper import case_paper_html
from agreements.documents.signers import field_names
from agreements.domain.document import Language
from tests import (
    geometry,
    long_documents,
    pdf_reading,
    printed,
    stress_documents,
    structure,
    watermarks,
    workers,
)
from tests.pdf_reading import needs_poppler
from tests.printed import FILES, File

SPOKEN = 1  # pages: Poppler takes a second to read out each
STANDARDS = (
    page_validation.ValidationProfile.PDF_A_2A,
    page_validation.ValidationProfile.PDF_UA_1,
)
WATERMARK = re.compile(rb"0\.925\d* 0\.933\d* 0\.945\d* rg")
LONG = long_documents.a_long_agreement()
every_file = pytest.mark.parametrize("file", FILES, ids=str)


def test_the_list_has_every_kind_in_every_capacity_and_language() -> None:
    names = {file.name for file in FILES}
    assert len(names) == len(FILES)
    wanted = {
        f"{kind}-{capacity}-{language}"
        for kind in ("agreement", "contributions")
        for capacity in printed.CAPACITIES
        for language in Language
    }
    wanted |= {
        f"casepaper-{capacity}-{whose}-{language}"
        for capacity in ("draft", "version", "withdrawn")
        for whose in ("region", "own")
        for language in Language
    }
    others = ("comparison", "record", *printed.PUBLIC)
    wanted |= {f"{kind}-{language}" for kind in others for language in Language}
    assert wanted <= names
    made = {name.removesuffix("_pdf") for name in documents.__all__ if name.endswith("_pdf")}
    assert made == {
        *("agreement", "contributions", "case_paper", "comparison", "record", "public"),
    }


@needs_poppler
@every_file
def test_every_file(file: File) -> None:
    made = printed.printed(file)
    follows_both_standards(made.content)
    catalogue: Any = made.reader.trailer["/Root"]
    assert catalogue["/Lang"] == file.language.value
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(made.reader.metadata.title).strip()
    assert len(made.reader.pages) >= file.least
    assert len(catalogue.get("/AcroForm", {}).get("/Fields", ())) == file.parties
    pages_are_as_they_should_be(file, made)
    the_tree_is_as_it_should_be(file, made)
    for look in (geometry.outside, geometry.overlapping, geometry.parted, geometry.stranded):
        assert list(look(made)) == []


def follows_both_standards(content: bytes) -> None:
    for profile in STANDARDS:
        report = page_validation.validate_pdf_bytes(content, profile=profile)
        assert report.is_compliant, [str(failure) for failure in report.failures]


def pages_are_as_they_should_be(file: File, made: geometry.Printed) -> None:
    """A4 portrait, our font alone, the foot, and the words across the page, where there are any."""
    assert all(map(is_a4_portrait, made.reader.pages))
    for number, (sheet, words) in enumerate(
        zip(made.reader.pages, made.words, strict=True), start=1
    ):
        assert pdf_reading.fonts(sheet).keys() <= {"Inter", "Inter-Semi-Bold"}
        foot = " ".join(word.text for word in words if word.top > geometry.A4[1] - geometry.FOOT)
        assert foot == f"{file.foot} Side {number} av {len(made.reader.pages)}"
        above = [word for word in words if word.bottom < geometry.TOP - 3]
        assert bool(above) is (number > 1), "the running title is on every page but the first"
        drawn: Any = sheet["/Resources"].get("/XObject", {})
        shapes = [thing.get_object().get_data() for thing in drawn.values()]
        outlines = {shape.count(b"h\n") for shape in shapes if WATERMARK.search(shape)}
        assert outlines == ({watermarks.outlines(file.across)} if file.across else set())


def test_the_words_across_a_page_are_drawn_in_our_font_and_tell_apart() -> None:
    for name, lines in watermarks.WORDS.items():
        assert watermarks.drawn(lines) == (engine.OWN / name).read_text("utf-8"), name
    assert len({watermarks.outlines(name) for name in watermarks.WORDS}) == len(watermarks.WORDS)


def is_a4_portrait(sheet: Any) -> bool:
    size = (sheet.mediabox.width, sheet.mediabox.height)
    return size == pytest.approx(geometry.A4, abs=0.1) and not sheet.get("/Rotate", 0)


def the_tree_is_as_it_should_be(file: File, made: geometry.Printed) -> None:
    """What is on the pages is read once in order, or is an artifact; each part says what it is."""
    if len(made.reader.pages) <= SPOKEN:
        said = structure.spoken(made.content).text()
        assert not re.search(r"Side \d+ av \d+", said)
        assert file.foot not in " ".join(said.split())
    numbers = made.reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    owners = dict(zip(numbers[::2], numbers[1::2], strict=True))
    for sheet in made.reader.pages:
        stream = sheet.get_contents().get_data()
        assert stream.count(b"/Type /Pagination") >= 2  # the foot of the page
        marked = {int(n) for n in re.findall(rb"/MCID (\d+)>>\s+BDC", stream)}
        listed = owners[sheet["/StructParents"]]
        assert marked == {n for n, one in enumerate(listed) if isinstance(one.get_object(), dict)}
    headings = 0
    for element in made.elements:
        kind = element["/S"]
        if kind == "/TH":
            column = element["/P"]["/P"]["/S"] == "/THead"
            assert element["/A"]["/Scope"] == ("/Column" if column else "/Row")
        if kind == "/L":
            assert element["/A"]["/ListNumbering"] in {"/Disc", "/Circle", "/Decimal", "/None"}
        if kind == "/Figure":
            assert element["/Alt"].strip()
        if re.fullmatch("/H[1-6]", kind):
            level = int(kind[-1])
            assert level <= headings + 1, "no level is left out"
            headings = level
    assert headings, "there are headings"


def test_a_row_longer_than_a_page_goes_on_and_loses_nothing() -> None:
    paper = long_documents.with_long_conditions()
    made = geometry.Printed(documents.case_paper_pdf(paper))
    follows_both_standards(made.content)
    assert len(list(geometry.parted(made))) == 1
    assert list(geometry.outside(made)) == []
    assert list(geometry.stranded(made)) == []
    said = " ".join(structure.spoken(made.content).text().split())
    assert " ".join(long_documents.CONDITIONS.split()) in said


# --- that these looks can find something ---------------------------------------------------------

STYLES = [
    (geometry.stranded, "h2, h3 { break-after: auto !important } p { orphans: 9; widows: 9 }"),
    (geometry.stranded, ".contributions tbody tr:last-child { break-before: page !important }"),
    (geometry.stranded, "li { break-after: auto !important; break-before: auto !important }"),
    (geometry.parted, ".contributions tr { break-inside: auto !important }"),
    (geometry.parted, ".signature .lines { break-before: page !important }"),
    (geometry.outside, ".contributions { width: 120% !important }"),
    (geometry.outside, ".signatures { margin-top: 9mm }"),
    (geometry.overlapping, ".clause p { line-height: .4 }"),
]


@needs_poppler
@pytest.mark.parametrize(
    ("look", "style"), STYLES, ids=lambda given: getattr(given, "__name__", "")
)
def test_each_look_finds_what_it_looks_for(look: Any, style: str) -> None:
    """With one rule of the style sheet undone, at least one of the files is no longer as it should."""
    nynorsk = stress_documents.nynorsk()
    made = [
        (agreement_html(nynorsk, documents.draft(nynorsk)), []),
        (agreement_html(LONG, documents.draft(LONG, signature_fields=True)), field_names(LONG)),
        (case_paper_html(long_documents.a_long_paper()), []),
    ]
    for html, fields in made:
        content = engine.write(html.replace("</head>", f"<style>{style}</style></head>"), fields)
        if list(look(geometry.Printed(content))):
            return
    raise AssertionError(f"nothing is found without «{style}»")


@pytest.mark.parametrize("rows", [2, 3, 4])
@pytest.mark.parametrize(
    ("around", "row", "parted"),
    [
        ("<table><thead><tr><th>A</th></tr></thead><tbody>{}</tbody></table>", "tr", "/TR"),
        ("<ul>{}</ul>", "li", "/LI"),
    ],
)
def test_a_short_list_or_table_is_looked_at_too(
    around: str, row: str, parted: str, rows: int
) -> None:
    """However short it is, one row alone on a page is found."""
    for alone in (1, rows - 1):
        made = [
            f"<{row}{' style=break-before:page' if n == alone else ''}>"
            f"{f'<td>{n}</td>' if row == 'tr' else n}</{row}>"
            for n in range(rows)
        ]
        content = engine.write(workers.page("<h1>Kort</h1>" + around.format("".join(made))))
        found = list(geometry.stranded(geometry.Printed(content)))
        assert [one for one in found if one.startswith(parted)], (rows, alone)


def test_a_page_on_its_side_is_no_page() -> None:
    style = "<style>@page wide { size: A4 landscape } .contributions { page: wide }</style>"
    html = agreement_html(LONG, documents.draft(LONG)).replace("</head>", f"{style}</head>")
    sheets = geometry.Printed(engine.write(html)).reader.pages
    assert 0 < sum(map(is_a4_portrait, sheets)) < len(sheets)
