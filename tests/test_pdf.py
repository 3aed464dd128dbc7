"""The finished PDF as a file: its format, its pages, its fonts, and where things stand on a page."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import subprocess
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from agreements import documents
from agreements.documents import engine
from agreements.documents.agreement import shorten
from agreements.domain import canonical
from agreements.domain.document import Language, walk
from agreements.domain.resolve import resolve
from financing import bands
from financing.templatetags.contributions import contribution_table
from tests import builders, pdf_reading, stress_documents, workers
from tests.pdf_reading import DOCUMENTS, FILES, SIDE, content, lines, needs_poppler, read

A4 = (595.28, 841.89)
WATERMARK = (236, 238, 241)
all_files = pytest.mark.parametrize(("name", "kind"), FILES)
all_agreements = pytest.mark.parametrize("name", list(DOCUMENTS))
with_table = pytest.mark.parametrize("name", [n for n, d in DOCUMENTS.items() if d.financing])


@all_files
def test_is_tagged_and_says_its_language_and_title(name: str, kind: str) -> None:
    catalogue: Any = read(name, kind).trailer["/Root"]
    document = DOCUMENTS[name]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/Lang"] == document.language.value
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    title = " ".join(str(read(name, kind).metadata.title).split())
    assert title.endswith(" ".join(document.title.split()))
    assert title.startswith("Bidragstabell: ") == (kind == "contributions")


@all_files
def test_every_page_is_a4_portrait(name: str, kind: str) -> None:
    for sheet in read(name, kind).pages:
        assert (sheet.mediabox.width, sheet.mediabox.height) == pytest.approx(A4, abs=0.1)
        assert sheet.get("/Rotate", 0) == 0


@all_files
def test_every_page_says_its_number_the_state_and_the_hash(name: str, kind: str) -> None:
    pages = read(name, kind).pages
    start = canonical.sha256(DOCUMENTS[name])[:12]
    word = "innhald" if DOCUMENTS[name].language is Language.NYNORSK else "innhold"
    for number, sheet in enumerate(pages, start=1):
        footer = " ".join(sheet.extract_text().splitlines()[-1].split())
        assert footer == f"Utkast · {word} {start} Side {number} av {len(pages)}"


@all_files
def test_inter_is_embedded_and_no_other_font_is_used(name: str, kind: str) -> None:
    for sheet in read(name, kind).pages:
        used = pdf_reading.fonts(sheet)
        assert used.keys() <= {"Inter", "Inter-Semi-Bold"}
        for font in used.values():
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert descriptor.keys() & {"/FontFile2", "/FontFile3"}
            assert "/ToUnicode" in font


@all_files
def test_the_watermark_is_drawn_on_every_page(name: str, kind: str) -> None:
    colour = " ".join(f"{part / 255:.3f}" for part in WATERMARK)
    for sheet in read(name, kind).pages:
        drawn: Any = sheet["/Resources"]["/XObject"]
        shapes = [thing.get_object().get_data().decode("latin-1") for thing in drawn.values()]
        fills = [
            tuple(map(float, f)) for s in shapes for f in re.findall(r"(\S+) (\S+) (\S+) rg", s)
        ]
        assert colour in {" ".join(f"{part:.3f}" for part in fill) for fill in fills}


@needs_poppler
@pytest.mark.parametrize(
    ("name", "kind"), [("complete", "agreement"), ("nynorsk", "contributions")]
)
def test_the_watermark_is_seen_and_does_not_darken_the_text(
    name: str, kind: str, tmp_path: Path
) -> None:
    file = tmp_path / "made.pdf"
    file.write_bytes(content(name, kind))
    subprocess.run(["pdftoppm", "-r", "40", str(file), str(tmp_path / "sheet")], check=True)
    sheets = sorted(tmp_path.glob("sheet*.ppm"))
    assert len(sheets) == len(read(name, kind).pages)
    for sheet in sheets:
        with Image.open(sheet) as picture:
            colours = {colour: n for n, colour in picture.getcolors(maxcolors=1 << 20)}
            area = picture.width * picture.height
        assert 0.01 < colours[WATERMARK] / area < 0.15
        assert colours[(255, 255, 255)] / area > 0.6


@needs_poppler
@all_files
def test_nothing_is_printed_outside_the_margins(name: str, kind: str, tmp_path: Path) -> None:
    file = tmp_path / "made.pdf"
    file.write_bytes(content(name, kind))
    told = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True, text=True
    ).stdout
    words = re.findall(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)"', told)
    assert words
    for left, top, right, bottom in (map(float, word) for word in words):
        assert left >= SIDE - 1
        assert right <= A4[0] - SIDE + 1
        assert top > 30
        assert bottom < A4[1] - 30


@pytest.mark.parametrize("name", ["complete", "two-parties", "twenty-parties", "nynorsk"])
def test_a_signature_block_is_never_parted(name: str) -> None:
    document = DOCUMENTS[name]
    labels = ("Sted", "Underskrift", "Navn", "Tittel", "Fullmakt")
    if document.language is Language.NYNORSK:
        labels = ("Stad", "Underskrift", "Namn", "Tittel", "Fullmakt")
    begun = False
    blocks: list[str] = []
    for sheet in lines(name)[pdf_reading.page_of(name, "_signatures") :]:
        named = ""
        found: list[str] = []
        for line in sheet:
            begun = begun or line == "Underskrifter"
            if begun and line in {party.body.name for party in document.parties}:
                named, found = line, []
            elif begun and named and line.split()[0] in labels:
                found.append(line.split()[0])
                if len(found) == len(labels):
                    assert tuple(found) == labels
                    blocks.append(named)
                    named = ""
        assert not named, f"the block of {named} goes on to the next page"
    assert blocks == [party.body.name for party in document.parties]


@all_agreements
def test_no_heading_stands_last_on_a_page(name: str) -> None:
    headings = {
        f"{clause.number} {clause.heading}" for clause in _clauses(name) if len(clause.heading) < 60
    }
    first = pdf_reading.page_of(name, DOCUMENTS[name].clauses[0].key)
    for sheet in lines(name)[first:]:
        text = [line for line in sheet if not re.fullmatch(r"[•◦▪]|\d+\.", line)]
        assert text[-1] not in headings | {"Underskrifter"}


def _clauses(name: str) -> list[Any]:
    pending = list(resolve(DOCUMENTS[name]).clauses)
    found = []
    while pending:
        clause = pending.pop(0)
        found.append(clause)
        pending[:0] = clause.children
    return found


@pytest.mark.parametrize("name", ["complete", "model", "sixty-clauses"])
def test_links_go_to_the_points_and_the_contents_name_their_pages(name: str) -> None:
    reader = read(name)
    number = {
        key: 1 + reader.get_destination_page_number(target)
        for key, target in reader.named_destinations.items()
    }
    last = ["_attachments", "_signatures"] if DOCUMENTS[name].attachments else ["_signatures"]
    assert number.keys() == {clause.key for clause in walk(DOCUMENTS[name].clauses)} | set(last)
    links = [
        (sheet.page_number, str(link.get_object()["/Dest"]))
        for sheet in reader.pages
        for link in sheet.get("/Annots", ())
    ]
    assert {target for _, target in links} <= number.keys()
    first_clause = number[DOCUMENTS[name].clauses[0].key]
    contents = [key for sheet, key in links if sheet + 1 < first_clause]
    top = [clause.key for clause in DOCUMENTS[name].clauses]
    assert list(dict.fromkeys(contents)) == [*top, *last]
    printed = [
        line
        for sheet in lines(name)[: first_clause - 1]
        for line in sheet
        if re.fullmatch(r"\d+", line)
    ]
    assert sorted(map(int, printed)) == sorted(number[key] for key in [*top, *last])


def test_a_reference_in_the_text_is_a_link() -> None:
    reader = read("complete")
    inside = [
        link.get_object()["/Dest"]
        for sheet in reader.pages[1:]
        for link in sheet.get("/Annots", ())
    ]
    assert inside == ["okonomi", "oppgjor"]


@all_agreements
def test_the_outline_has_every_point(name: str) -> None:
    def titles(entries: list[Any]) -> list[str]:
        nested = [titles(e) if isinstance(e, list) else [str(e["/Title"])] for e in entries]
        return list(itertools.chain.from_iterable(nested))

    headings = [f"{clause.number} {clause.heading}".strip() for clause in _clauses(name)]
    assert [" ".join(t.split()) for t in titles(read(name).outline)] == [
        *(" ".join(heading.split()) for heading in headings),
        *(["Vedlegg"] if DOCUMENTS[name].attachments else []),
        "Underskrifter",
    ]


@with_table
def test_a_table_that_fits_is_whole_and_a_longer_one_repeats_its_heading(name: str) -> None:
    financing = DOCUMENTS[name].financing
    assert financing is not None
    first_words = [row.name.split()[0] for row in financing.table.rows]
    heading = re.compile(r"Bidragsyt[ea]r( |$)")
    sheets = [sheet for sheet in lines(name, "contributions") if any(map(heading.match, sheet))]
    kept = bands.bands(financing.table, DOCUMENTS[name].language)
    assert sum(bool(heading.match(line)) for sheet in sheets for line in sheet) >= len(kept)
    if len(kept) == 1 and kept[0].whole:
        assert len(sheets) == 1
    for sheet in lines(name, "contributions"):
        rows = [n for n, line in enumerate(sheet) if re.search(r",\d\d \d.*,\d\d$", line)]
        if any(line.split()[0] in first_words for line in sheet) and rows:
            assert any(heading.match(line) for line in sheet[: rows[0]]), sheet[:4]


@pytest.mark.parametrize("above", [24, 30, 34, 37])
def test_a_short_table_goes_to_the_next_page_with_its_heading_and_what_introduces_it(
    above: int,
) -> None:
    document = builders.a_document(
        clauses=(
            builders.a_clause("\n\n".join(["En linje."] * above), key="fyll"),
            builders.a_clause("Slik er bidragene:\n\n{{ tabell.bidrag }}", key="tabell"),
        )
    )
    made = documents.agreement_pdf(document, documents.draft(document))
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(made)).pages][1:]
    (page,) = [" ".join(text.split()) for text in sheets if "Sum uten ubekreftede" in text]
    for wanted in (
        "2 Overskrift",
        "Slik er bidragene:",
        "Bidragsyter Innbyggere",
        "Elveby kommune",
    ):
        assert wanted in page


def test_a_sum_is_not_parted_from_those_it_sums() -> None:
    for sheet in lines("long-table", "contributions"):
        for above, line in itertools.pairwise(sheet):
            if line.startswith("Sum "):
                assert not re.match(r"Bidragsyter|Kroner|innbygger", above), sheet[:4]


def test_the_same_document_gives_the_same_bytes_in_any_process_on_any_day(tmp_path: Path) -> None:
    document = DOCUMENTS["complete"]
    final = documents.Issue(
        documents.Kind.FINAL, 2, canonical.sha256(document), signature_fields=True
    )
    program = (
        f"{workers.IN_THIS_PROCESS}import time\n"
        "from hashlib import sha256\n"
        "time.time = lambda: {clock}\n"
        "issue = documents.draft(document)\n"
        "final = documents.Issue(documents.Kind.FINAL, 2, issue.sha256, signature_fields=True)\n"
        "made = documents.agreement_pdf(document, issue)"
        " + documents.contributions_pdf(document, issue)"
        " + documents.agreement_pdf(document, final)\n"
        "print(sha256(made).hexdigest())"
    )
    other = [
        pdf_reading.in_another_process(
            document,
            tmp_path,
            program.format(clock=clock),
            PYTHONHASHSEED=seed,
            TZ=zone,
            LANG=language,
        )
        for seed, zone, language, clock in (
            ("1", "Asia/Tokyo", "C", 1_000_000_000),
            ("2", "UTC", "nb_NO.UTF-8", 4_000_000_000),
        )
    ]
    made = content("complete") + content("complete", "contributions")
    here = hashlib.sha256(made + documents.agreement_pdf(document, final)).hexdigest()
    assert other == [here, here]


def test_the_fonts_have_every_letter_an_agreement_may_need() -> None:
    wanted = {
        ord(letter)
        for document in DOCUMENTS.values()
        for letter in canonical.dump(document).decode()
        if letter.isprintable()
    } | {ord(letter) for letter in "\u00a0\u2007\u2212…·"}
    for name in engine.ASSETS:
        if name.startswith("fonts/"):
            with TTFont(io.BytesIO(engine.asset(name))) as font:
                assert not {chr(code) for code in wanted - font.getBestCmap().keys()}, name


def test_a_long_title_is_shortened_at_the_top_of_a_page() -> None:
    assert shorten("Kort tittel") == "Kort tittel"
    assert shorten("a" * 100) == "a" * 100
    assert shorten("a" * 101) == "a" * 99 + "…"
    assert shorten("a" * 98 + " bcd") == "a" * 98 + "…"
    assert shorten("en avtale, " * 10) == "en avtale, " * 8 + "en avtale…"


@given(
    st.integers(2, 40),
    st.integers(1, 15),
    st.sampled_from(["0", "1250000", "98765432109"]),
    st.booleans(),
)
def test_bands_hold_every_year_once(
    contributors: int, years: int, base: str, long_names: bool
) -> None:
    financing = stress_documents.a_wide_financing(
        contributors, years, base=base, long_names=long_names
    )
    made = bands.bands(financing.table, Language.BOKMAL)
    shown = [year for band in made for year in range(band.first, band.stop)]
    assert shown == list(range(years))
    assert [band.basis for band in made] == [True] + [False] * (len(made) - 1)
    assert len(made) == 1 or all(band.compact for band in made)


def test_few_years_stand_in_one_band_in_the_normal_type() -> None:
    for years, expected in ((1, (1, False)), (3, (1, False)), (10, (2, True))):
        table = stress_documents.a_wide_financing(6, years).table
        made = bands.bands(table, Language.BOKMAL)
        assert (len(made), made[0].compact) == expected, years


def test_a_rate_with_more_decimals_keeps_the_commas_under_each_other() -> None:
    table = builders.a_table()
    rows = (replace(table.rows[0], rate=Decimal("5.125")), *table.rows[1:])
    html = contribution_table(replace(table, rows=rows))
    assert html.index(">5,125<") < html.index(">10,50\u2007<")


@pytest.mark.slow
def test_three_hundred_points_take_no_more_than_their_share() -> None:
    def seconds(points: int) -> float:
        document = stress_documents.with_clauses(points)
        begun = time.process_time()
        made = documents.agreement_pdf(document, documents.draft(document))
        taken = time.process_time() - begun
        assert len(PdfReader(io.BytesIO(made)).pages) > points / 8
        return taken

    seconds(10)  # import and fonts
    # Four times as many points: 4 is linear, 16 quadratic.
    assert seconds(300) / seconds(75) < 8
