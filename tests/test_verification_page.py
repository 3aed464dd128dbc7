"""The page where a printed table is pasted and checked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from municipalities.models import Organisation
from tests import pages
from tests.register_people import person

ADDRESS = "/okonomi/kontrollregning/"
DATA = Path(__file__).parent / "data"
MISTAKES = (DATA / "printed_mistakes.txt").read_text(encoding="utf-8")
RIGHT = (DATA / "printed_right.csv").read_text(encoding="utf-8")
HEADING = "Kommune\tInnbyggere\tSats\t2027\t2028\n"
GOL = "Gol\t4871\t12,50\t60887,50\t62835,90\n"
NES = "Nes\t3391\t12,50\t42387,50\t43743,90\n"

pytestmark = pytest.mark.django_db
Send = Callable[..., HttpResponse]


@pytest.fixture
def client(client: Client) -> Client:
    """Somebody with the least of roles, logged in."""
    Organisation.objects.create(key="drift", kind="operator", name="Drift AS", short_name="Drift")
    client.force_login(person("leser@eksempel.no", ("drift", "reader")))
    return client


@pytest.fixture
def send(client: Client) -> Send:
    def post(table: str = "", status: int = 200, **fields: object) -> HttpResponse:
        answer = client.post(ADDRESS, {"table": table, "rate": "", "index": "", **fields})
        assert answer.status_code == status
        return answer

    return post


def test_the_empty_page_asks_for_a_table(client: Client) -> None:
    answer = client.get(ADDRESS)
    assert pages.form(answer, "Kontroller") == {
        "table": [""],
        "file": [""],
        "rate": [""],
        "index": [""],
    }
    parents = [node["href"] for node in pages.page(answer).all("a") if node.text == "Økonomi"]
    assert parents == ["/okonomi/"] * 3  # the menu, and the trail for wide and narrow screens


def test_somebody_who_acts_for_nobody_has_no_such_page(client: Client) -> None:
    client.force_login(person("ingen@eksempel.no"))
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS, {"table": RIGHT}).status_code == 404


def test_a_table_with_mistakes(send: Send) -> None:
    answer = send(MISTAKES)
    words = pages.text(answer)
    assert "av 30 beløp avviker" in words
    assert words.index("av 30 beløp avviker") < words.index("Regelen vi regnet etter")
    assert "Indeks: 3,2 prosent i 2028 og 3,2 prosent i 2029 (den som passer best)." in words
    assert "NesSum 202948 66048 755−95Annen indeks. Regnet med 3 prosent, ikke" in words
    assert "SUM (rad 7)Sum 2027" in words  # there are two
    assert "Sumrader: SUM og SUM." in words
    read = pages.page(answer)
    marked = [node for node in read.all("td") if "deviates" in node.get("class", "")]
    links = [node["href"] for node in read.all("a") if node.get("href", "").startswith("#avvik-")]
    rows = [node["id"] for node in read.all("tr") if node.get("id", "").startswith("avvik-")]
    assert len(marked) == len(links) == len(rows) > 5
    assert sorted(links) == sorted(f"#{row}" for row in rows)
    assert pages.form(answer, "Kontroller")["table"] == [MISTAKES]


def test_a_right_table(send: Send) -> None:
    words = pages.text(send(RIGHT))
    assert "Alle 10 beløp stemmer" in words
    assert "avvik-" not in words


def test_what_is_stated_is_used(send: Send) -> None:
    table = "Kommune;Innbyggere;2027;2028\nGol;1000;14500,00;15094,50\nNes;2000;29000,00;30189,00\n"
    words = pages.text(send(table, rate="kr 14,50", index="4,0"))
    assert "14,50 (oppgitt)" in words
    assert "2 av 4 beløp avviker" in words
    assert "Regnet med 4,1 prosent, ikke 4 prosent." in words


def test_nothing_is_written_and_few_queries_are_made(client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as made:
        client.post(ADDRESS, {"table": MISTAKES})
    assert len(made) <= 3
    assert all(query["sql"].startswith("SELECT") for query in made)


@pytest.mark.parametrize(
    ("table", "row", "advice"),
    [
        (HEADING + "Gol\t4871\t12,50\t60887,50\n" + NES, "Gol", "slått sammen"),
        (HEADING + "Gol\t4871\t12,50\t\t62835,90\n" + NES, "Gol", "skriv beløpet"),
        (
            HEADING + GOL + "\t3391\t12,50\t42387,50\t43743,90\n",
            "Rad 2 (uten navn)",
            "skriv navnet",
        ),
        (HEADING + GOL.replace("60887,50", "uavklart") + NES, "Gol", "«uavklart» er ikke et tall"),
        (HEADING + GOL + HEADING + NES, "", "én tabell om gangen"),
        ((HEADING + GOL + NES).replace("2028", "2029"), "", "mangler 2028"),
        ((HEADING + GOL + NES).replace("2028", ""), "", "Skriv årstallet over kolonnen"),
        (
            (HEADING + GOL + NES).replace("\t", " ").replace("62835,90", ""),
            "Gol",
            "Mangler et beløp",
        ),
    ],
)
def test_what_was_not_read_names_the_row_and_what_to_do(
    send: Send, table: str, row: str, advice: str
) -> None:
    answer = send(table)
    words = pages.text(answer)
    assert "Dette ble ikke lest" in words
    assert "Alle" not in words  # what was not read is not said to be right
    items = [node.text for node in pages.page(answer).all("li")]
    assert any(item.startswith(f"{row}:" if row else "") and advice in item for item in items)
    assert pages.form(answer, "Kontroller")["table"] == [table]


def test_two_heading_rows_are_one_heading(send: Send) -> None:
    heading = "Kommune\tInnbyggere\tSats\tBidrag\t\n\t\t\t2027\t2028\n"
    words = pages.text(send(heading + GOL + NES))
    assert "Alle 4 beløp stemmer" in words
    assert "Dette ble ikke lest" not in words


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "ikke limt inn noe"),
        (" \n", "ikke limt inn noe"),
        ("Vi foreslår en tabell.", "ingen rader med tall"),
        ("x" * 1_000_000, "for lang"),
        ("<table><tr><td>Gol</td></tr></table>", "ingen rader med tall"),
    ],
)
def test_what_is_no_table_comes_back(send: Send, table: str, message: str) -> None:
    answer = send(table, 422)
    assert message in pages.complaints(answer)["table"]
    assert pages.form(answer, "Kontroller")["table"] == [table]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("rate", "mye", "Sats per innbygger"),
        ("rate", "0", "større enn 0"),
        ("rate", "9" * 500, "Sats per innbygger"),
        ("index", "NaN", "Indeks"),
        ("index", "400", "fra −50 til 50"),
    ],
)
def test_what_is_stated_wrongly(send: Send, field: str, value: str, message: str) -> None:
    answer = send(MISTAKES, 422, **{field: value})
    assert message in pages.complaints(answer)[field]
    assert pages.form(answer, "Kontroller")["table"] == [MISTAKES]


def test_ten_megabytes_get_a_page_that_says_what_to_do(client: Client) -> None:
    for kind in ("multipart", "urlencoded"):
        body = {"table": "å" * 5_000_000}
        if kind == "multipart":
            answer = client.post(ADDRESS, body)
        else:
            answer = client.post(
                ADDRESS,
                "table=" + "x" * 10_000_000,
                content_type="application/x-www-form-urlencoded",
            )
        assert answer.status_code == 413
        assert "Lim inn mindre om gangen" in pages.text(answer)


def test_control_characters_do_no_harm(send: Send) -> None:
    words = pages.text(send((HEADING + GOL + NES).replace("Gol", "G\x07\u202eol\x1b")))
    assert "Alle 4 beløp stemmer" in words
    assert "Gol" in words
    send("\x00" + HEADING + GOL, 422)
    assert "&lt;b&gt;" in send(HEADING + GOL.replace("Gol", "<b>Gol</b>")).content.decode()


# --- files ---------------------------------------------------------------------------------------


def workbook(*rows: list[object], empty_first: bool = False) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Tabell") if empty_first else book.active
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def file(content: bytes, name: str = "tabell.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


ROWS: list[list[object]] = [
    ["Kommune", "Innbyggere", "Sats", 2027, 2028],
    ["Gol", 4871, 12.5, 60887.5, 62835.9],
    ["Nes", 3391, 12.5, 42387.5, 43743.9],
]


def test_a_workbook_and_its_text_in_the_form(send: Send) -> None:
    answer = send(file=file(workbook(*ROWS, empty_first=True)))
    assert "Alle 4 beløp stemmer" in pages.text(answer)
    text = pages.form(answer, "Kontroller")["table"][0]
    assert text.splitlines()[1] == "Gol\t4871\t12,5\t60887,5\t62835,9"
    assert "Alle 4 beløp stemmer" in pages.text(send(text))


def test_a_text_file_in_the_windows_code_page(send: Send) -> None:
    answer = send(file=file(RIGHT.encode("cp1252"), "tabell.csv"))
    assert "Alle 10 beløp stemmer" in pages.text(answer)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * 30_000_000)
    return out.getvalue()


def many_parts() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for number in range(600):
            parts.writestr(f"{number}.xml", b"")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bomb, "for stor"),
        (many_parts, "for stor"),
        (lambda: b"x" * (3 * 1024 * 1024), "for stor"),
        (lambda: workbook(*ROWS)[:-200], "kunne ikke leses"),
        (lambda: b"PK\x03\x04" + b"\x00" * 100, "kunne ikke leses"),
        (lambda: workbook(), "ikke noe ark med tall"),
        (lambda: workbook(*([ROWS[0]] + [ROWS[1]] * 700)), "for stor"),
        (lambda: b"\x89PNG\r\n\x00\x00", "fil og ikke tekst"),
        (lambda: b"", "tom"),
    ],
)
def test_files_that_cannot_be_read(send: Send, content: Callable[[], bytes], message: str) -> None:
    answer = send("", 422, file=file(content()))
    assert message in pages.complaints(answer)["file"]


def test_both_a_table_and_a_file(send: Send) -> None:
    answer = send(RIGHT, 422, file=file(workbook(*ROWS)))
    assert "ikke begge" in pages.complaints(answer)["file"]
    assert pages.form(answer, "Kontroller")["table"] == [RIGHT]
