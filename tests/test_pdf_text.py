"""What the PDF says: the words of the Document, all of them, and nothing that the text smuggles in."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pypdf import PdfReader

from agreements import documents
from agreements.documents import engine, renderer
from agreements.documents.agreement import agreement_html
from agreements.domain.document import Language
from agreements.domain.resolve import plain_text, printed_rows, resolve, table_notes, table_words
from agreements.models import Agreement
from financing.calculation import Row, Status
from municipalities import norwegian
from municipalities.commands import CannotRunError
from tests import builders, pdf_reading, workers
from tests.pdf_reading import DOCUMENTS, lines

MARKER = re.compile(r"[•◦▪]|\d+\.")
HOSTILE = (
    "<img src=file:///etc/passwd>",
    "<script>alert(1)</script>",
    '<link rel=attachment href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/hostname">vedlegg</a>',
    "<style>@import 'http://192.0.2.1/a.css'; body { display: none }</style>",
    "<style>@page { background: none }</style>",
    '<p style="background: url(http://192.0.2.1/b.png)">',
    "url(file:///etc/passwd)",
    "static:../../../config/settings.py",
    "<object data='static:utkast.svg'></object>",
    "<svg><image href='http://192.0.2.1/c.svg'/></svg>",
    '"><input name=sig-elveby type=text value=x>',
    "</section></main><h1>Ny forside</h1>",
    '" data-stamp="Vedtatt" x="',
    "{% include 'base.html' %} {{ document.title }}",
    "&lt;b&gt; &amp; &#x3c;i&#62;",
)


def words_of_points(name: str) -> list[str]:
    """The words of the points as printed, the marks of lists left out."""
    found: list[str] = []
    for sheet in lines(name)[pdf_reading.page_of(name, DOCUMENTS[name].clauses[0].key) :]:
        for line in sheet:
            if line == "Underskrifter":
                return found
            if not MARKER.fullmatch(line):
                found += line.split()
    raise AssertionError("there are no signatures")


def expected_words(name: str) -> list[str]:
    """The same words as the page and the plain text have them."""
    text = plain_text(resolve(DOCUMENTS[name])).removeprefix(DOCUMENTS[name].title)
    text = re.sub(r"(?m)^\s*((- |\d+\. )\s*)+", "", text)
    return text.replace(" | ", " ").split()


@pytest.mark.parametrize("name", ["complete", "nynorsk", "letters", "problems", "model"])
def test_the_points_say_what_the_document_says(name: str) -> None:
    assert words_of_points(name) == expected_words(name)


@pytest.mark.parametrize("name", ["sixty-clauses", "one-clause", "twenty-parties"])
def test_nothing_is_lost_between_the_pages(name: str) -> None:
    assert words_of_points(name) == expected_words(name)


@pytest.mark.parametrize("name", [name for name, d in DOCUMENTS.items() if d.financing])
def test_the_table_has_every_cell_of_the_document(name: str) -> None:
    document = DOCUMENTS[name]
    assert document.financing is not None
    text = "".join(pdf_reading.page_texts(name, "contributions")).replace(" ", "")
    amounts = r"−?\d{1,3}(?:\d{3})*,\d\d"
    for line in printed_rows(document.financing.table):
        label = line.name if isinstance(line, Row) else table_words(document.language).label(line)
        label = label.replace(" ", "")
        cells = [norwegian.money(cell).replace("\u00a0", "") for cell in line.cells]
        # A row of more than one band is printed once in each: together they have all the years.
        printed = re.findall(rf"{re.escape(label)}(?:\([^)]*\))?((?:{amounts}|\d)+)", text)
        assert printed, label
        assert _takes_in_order("".join(printed), cells), (label, printed, cells)


def _takes_in_order(text: str, cells: list[str]) -> bool:
    """Whether the cells stand in the text in this order."""
    at = 0
    for cell in cells:
        at = text.find(cell, at) + len(cell)
        if at < len(cell):
            return False
    return True


def test_one_row_is_printed_with_all_its_figures() -> None:
    sheet = lines("complete", "contributions")[0]
    assert "Elveby kommune 30 005 10,50 315 052,50 327 969,65 341 416,41" in sheet
    assert "Sum alle bidrag 767 856,00 788 516,12 810 023,32" in sheet


def test_one_that_has_declined_is_named_without_amounts() -> None:
    document = builders.with_statuses(Status.DECLINED)
    made = documents.contributions_pdf(document, documents.draft(document))
    text = _text(made)
    assert "Elveby kommune (bidrar ikke) 30 005 10,50 Myrvang" in text


@pytest.mark.parametrize("name", ["complete", "nynorsk"])
def test_the_table_alone_has_its_notes_and_says_what_it_belongs_to(name: str) -> None:
    document = DOCUMENTS[name]
    text = pdf_reading.page_texts(name, "contributions")[0]
    assert f"«{document.title}», Alternativ 1." in text
    for note in table_notes(document):
        assert " ".join(note.split()) in text


def test_the_front_page_names_the_parties_and_whom_they_sign_for() -> None:
    front = pdf_reading.page_texts("complete")[0]
    behalf = "Granstad kommune, Myrvang kommune og Åsvang kommune"
    assert f"Elveby kommune på vegne av {behalf} Nav Fjelland" in front
    assert "1. januar 2026 til 31. desember 2028" in front
    assert f"på vegner av {behalf}" in pdf_reading.page_texts("nynorsk")[0]


def test_a_template_that_nobody_has_confirmed_is_said_on_the_front_page() -> None:
    confirmed = builders.a_document()
    assert confirmed.template is not None
    unconfirmed = replace(confirmed, template=replace(confirmed.template, confirmed_by=""))
    sentence = "Avtalemalen er ikke juridisk kvalitetssikret."
    assert sentence in agreement_html(unconfirmed, documents.draft(unconfirmed))
    assert sentence not in agreement_html(confirmed, documents.draft(confirmed))
    nynorsk = replace(unconfirmed, language=Language.NYNORSK)
    html = agreement_html(nynorsk, documents.draft(nynorsk))
    assert "Avtalemalen er ikkje juridisk kvalitetssikra." in html


def test_a_paragraph_sign_stays_with_its_number() -> None:
    document = builders.a_document(clauses=(builders.a_clause("Se kommuneloven § 17-1."),))
    assert "§\u00a017-1" in agreement_html(document, documents.draft(document))


def test_a_fact_without_a_value_is_pointed_out() -> None:
    text = " ".join(pdf_reading.page_texts("problems"))
    for name in ("okonomi.kommunesats", "borte", "ukjent.navn", "tabell.bidrag"):
        assert f"[mangler: {name}]" in text


def _text(made: bytes) -> str:
    sheets = PdfReader(io.BytesIO(made)).pages
    return " ".join(" ".join(sheet.extract_text().split()) for sheet in sheets)


def hostile_document() -> Any:
    """Every payload in every place where a person may type."""
    everything = " ".join(HOSTILE)
    clauses = tuple(
        builders.a_clause(f"Før {payload} etter", key=f"p-{number}", heading=f"Punkt {payload}")
        for number, payload in enumerate(HOSTILE)
    )
    party = replace(
        builders.parties()[0],
        body=replace(builders.FJELLAND, name=everything),
        signatory_name=everything,
        signatory_title=everything,
        mandate=everything,
    )
    table = builders.a_table()
    named = replace(table, rows=(replace(table.rows[0], name=everything), *table.rows[1:]))
    return builders.a_document(
        title=f"Avtale {everything}",
        region=everything,
        clauses=(*clauses, builders.a_clause("{{ tabell.bidrag }}", key="tabell")),
        parties=(party, *builders.parties()[1:]),
        financing=builders.a_financing(table=named, invoicing=everything),
    )


def test_hostile_text_is_printed_as_text() -> None:
    document = hostile_document()
    made = documents.agreement_pdf(document, documents.draft(document))
    printed = _text(made).replace(" ", "")
    for clause in resolve(document).clauses[: len(HOSTILE)]:
        assert re.sub(r"\s", "", clause.heading) in printed
    for payload in HOSTILE[:-1]:
        assert printed.count(re.sub(r"\s", "", payload)) >= 6, payload
    assert b"/EmbeddedFile" not in made
    assert b"root:x" not in made
    catalogue: Any = PdfReader(io.BytesIO(made)).trailer["/Root"]
    assert "/AcroForm" not in catalogue
    assert "/EmbeddedFiles" not in catalogue.get("/Names", {})


def test_making_a_document_opens_no_file_and_no_connection(tmp_path: Path) -> None:
    program = f"""{workers.IN_THIS_PROCESS}
documents.agreement_pdf(document, documents.draft(document))  # imports and fonts
reached = []
sys.addaudithook(lambda event, args: reached.append((event, str(args[:1]))) if event == "open"
                 or event.split(".")[0] in ("socket", "urllib", "subprocess", "http") else None)
documents.agreement_pdf(document, documents.draft(document))
documents.contributions_pdf(document, documents.draft(document))
# Read templates are the project's own.
print([each for each in reached if not ("/templates/" in each[1] and each[1].endswith(".html',)"))])
"""
    assert pdf_reading.in_another_process(hostile_document(), tmp_path, program) == "[]"


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://192.0.2.1/a.png",
        "https://192.0.2.1/",
        "ftp://192.0.2.1/",
        "data:text/plain,x",
        "static:../../../config/settings.py",
        "static:print.css",
        "static:/etc/passwd",
        "static:fonts/../../../package.json",
        "STATIC:utkast.svg",
        "utkast.svg",
        "",
    ],
)
def test_no_other_address_can_be_fetched(address: str) -> None:
    with pytest.raises(ValueError, match="blocked"):
        engine.StaticOnly().fetch(address)


def test_even_markup_that_got_through_reaches_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hemmelighet")
    address = secret.as_uri()
    markup = (
        f'<!doctype html><html lang="nb"><head><title>x</title><link rel=attachment href="{address}">'
        f'<link rel=stylesheet href="{address}"><style>@import "{address}";</style></head>'
        f'<body><img src="{address}" alt="bilde"><a rel=attachment href="{address}">fil</a>'
        f'<object data="{address}"></object><p style="background: url({address})">Tekst</p></body></html>'
    )
    made = renderer.pdf(markup)
    assert "Tekst" in _text(made)
    assert b"/EmbeddedFile" not in made
    assert "hemmelighet" not in _text(made)


@pytest.fixture
def _without_libraries(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The worker cannot load Pango; cffi says so with an OSError."""
    workers.use(
        monkeypatch,
        "import cffi\n"
        "def missing(*given):\n"
        "    raise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
        "cffi.FFI.dlopen = missing",
    )


@pytest.mark.usefixtures("_without_libraries")
def test_without_pango_the_page_says_so(as_: Any) -> None:
    for file in ("avtale.pdf", "bidragstabell.pdf"):
        answer = as_("editor").get(f"/avtaler/ringeriksregionen-2026/dokumenter/{file}")
        assert answer.status_code == 503
        assert "PDF kan ikke lages på denne maskinen" in answer.content.decode()
        assert "Pango" in answer.content.decode()


@pytest.mark.usefixtures("_without_libraries")
def test_without_pango_the_command_says_so_and_writes_nothing(
    ringerike: Any, tmp_path: Path
) -> None:
    file = tmp_path / "avtale.pdf"
    with pytest.raises(CannotRunError, match=r"install Pango and HarfBuzz") as caught:
        call_command("export", ringerike.slug, "--output", str(file))
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_the_program_starts_without_weasyprint() -> None:
    without = "import sys; sys.modules['weasyprint'] = None"
    program = f"""
{without}
import django
django.setup()
import config.urls
from agreements import documents
from agreements.documents import renderer
from municipalities.apart import process
process.COMMAND = {workers.command(without)!r}
try:
    renderer.pdf("<p>x</p>")
except documents.PdfUnavailableError as problem:
    print(problem)
"""
    said = pdf_reading.run_python(program)
    assert said.startswith("PDF files cannot be made on this machine: install Pango")


def test_without_the_font_there_is_no_document(settings: Any, tmp_path: Path) -> None:
    settings.NODE_MODULES = tmp_path
    with pytest.raises(documents.PdfUnavailableError, match="the font Inter is missing"):
        renderer.pdf("<p>x</p>")


def test_a_document_that_cannot_be_laid_out_is_a_page_and_a_line_in_the_log(
    as_: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    workers.use(monkeypatch, workers.TURNS)
    Agreement.objects.update(title="FEIL")
    client: Client = as_("editor")
    answer = client.get("/avtaler/ringeriksregionen-2026/dokumenter/avtale.pdf")
    assert answer.status_code == 503
    assert "Dokumentet kunne ikke lages" in answer.content.decode()
    assert "ValueError: too <deep>" in caplog.text
    assert "deep" not in answer.content.decode()


def test_the_page_gives_the_file_as_a_draft(as_: Any) -> None:
    answer = as_("editor").get("/avtaler/ringeriksregionen-2026/dokumenter/avtale.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "ringeriksregionen-2026-utkast.pdf" in answer["Content-Disposition"]
