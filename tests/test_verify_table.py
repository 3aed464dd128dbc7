"""The command verify_table: what it prints, and its exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.management import get_commands

from financing.management.commands.verify_table import Command

DATA = Path(__file__).parent / "data"
RIGHT = DATA / "printed_right.csv"
MISTAKES = DATA / "printed_mistakes.txt"
SHARED = Path(__file__).resolve().parents[2] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run as from the command line: (exit code, stdout, stderr)."""

    def call(*arguments: object, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(stdin)))
        monkeypatch.setattr(
            "municipalities.commands.connections", SimpleNamespace(close_all=lambda: None)
        )
        code = 0
        try:
            Command().run_from_argv(["manage.py", "verify_table", *map(str, arguments)])
        except SystemExit as end:
            code = int(end.code or 0)
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_django_finds_it() -> None:
    assert get_commands()["verify_table"] == "financing"


def test_a_right_table_ends_with_0(run: Any) -> None:
    code, out, err = run(RIGHT)
    assert (code, err) == (0, "")
    assert "Indeks: 3,2 prosent i 2028 (den som passer best)." in out
    assert out.endswith("0 of 10 amounts deviate\n")


def test_a_table_with_mistakes_ends_with_1_and_says_where(run: Any) -> None:
    code, out, err = run(MISTAKES)
    assert (code, err) == (1, "")
    line = next(line for line in out.splitlines() if line.startswith("rad 4 Nes, 2029"))
    assert line == (
        "rad 4 Nes, 2029: trykt 48660, riktig 48755, avvik -95, other_index: "
        "Regnet med 3 prosent, ikke 3,2 prosent."
    )
    assert "Kommuner og andre bidragsytere: Flå, Gol" in out


def test_json_holds_the_same(run: Any) -> None:
    code, out, _err = run(MISTAKES, "--format", "json")
    answer = json.loads(out)
    assert code == 1
    assert answer["rule"]["index"] == ["3.2", "3.2"]
    assert answer["rule"]["rows"][5] == {"row": "Buskerud fk", "rate": "5.5", "indexed": False}
    assert answer["checked"] == 30
    found = next(c for c in answer["deviations"] if (c["row"], c["year"]) == ("Nes", 2029))
    assert (found["printed"], found["expected"], found["right"]) == ("48660", "48755", "48755.20")
    assert (found["deviation"], found["cause"], found["row_number"]) == ("-95", "other_index", 4)


def test_rate_and_index_are_read_the_norwegian_way(run: Any) -> None:
    table = "Kommune;Innbyggere;2027;2028\nGol;1000;14500,00;15094,50\nNes;2000;29000,00;30189,00\n"
    given = ("-", "--rate", "14,50", "--index", "4,1")
    code, out, _err = run(*given, stdin=table.encode())
    assert code == 0
    assert "14,50 (oppgitt)" in out
    assert "4,1 prosent i 2028 (oppgitt)" in out
    assert run("-", "--rate", "15", stdin=table.encode())[0] == 1


def test_the_same_table_as_a_workbook(run: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Kommune", "Innbyggere", "Sats", 2027, 2028])
    book.active.append(["Gol", 4871, 13.5, 65758.5, 65758.5 * 1.032])
    book.active.append(["Nes", 3391, 13.5, 45778.5, 47243.412])
    book.active["E2"].number_format = "#,##0.00"
    book.save(tmp_path / "tabell.xlsx")
    code, out, err = run(tmp_path / "tabell.xlsx")
    assert (code, err) == (0, "")
    assert "0 of 4 amounts deviate" in out


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "ikke limt inn noe"),
        (b"Bare tekst.\nIngen tabell.", "ingen rader med tall"),
        (b"\x00\x01\x02" * 50, "fil og ikke tekst"),
        (b"PK\x03\x04" + b"\xff" * 500, "Excel-fil"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 500, "eldre Excel"),
        (b"%PDF-1.7\n", "fil og ikke tekst"),
        (b"x" * (10 * 1024 * 1024), "for stor"),
        (b"a;" * 150_000, "for lang"),
        (b"Kommune;Innbyggere;Sats;2027\n" + b"Gol;1;1;1\n" * 600, "for stor"),
        (b"\xff\xfe" + b"\xd8" * 99, "ingen rader"),
    ],
)
def test_what_is_no_table_ends_with_2_and_one_line(
    run: Any, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(content)
    code, out, err = run(path)
    assert (code, out) == (2, "")
    assert reason in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["finnes-ikke.csv"],
        ["\x00"],
        [str(DATA)],
        [str(RIGHT), "--rate", "mye"],
        [str(RIGHT), "--rate", "0"],
        [str(RIGHT), "--index", "1e400"],
        [str(RIGHT), "--index", "-100"],
        [],
    ],
)
def test_what_cannot_run_ends_with_2_and_one_line(run: Any, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1


@needs_shared
@pytest.mark.parametrize(("part", "deviating"), [(0, 19), (1, 15)])
def test_the_tables_of_the_case_paper(run: Any, part: int, deviating: int) -> None:
    paper = next((SHARED / "seeds").glob("000_*")).read_text(encoding="utf-8")
    table = paper.split("Alternativ 1 \n")[1].split("Eller")[part]
    code, out, _err = run("-", stdin=table.encode())
    assert code == 1
    assert out.endswith(f"{deviating} of 27 amounts deviate\n")
