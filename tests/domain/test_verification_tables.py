"""Whole printed tables, checked cell by cell: the project's own, and those of the case papers."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from financing.verification import Cause, CheckedCell, Verification, read, verify

PROJECT = Path(__file__).resolve().parents[2]
DATA = PROJECT / "tests" / "data"
SHARED = PROJECT.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")


def shown(cell: CheckedCell) -> tuple[str, str, str, str, str, str]:
    return (
        str(cell.row_number),
        cell.row,
        str(cell.year),
        str(cell.printed),
        str(cell.expected),
        "" if cell.cause is None else cell.cause.value,
    )


@pytest.mark.parametrize("name", ["printed_cut", "printed_mistakes"])
def test_the_projects_own_tables(name: str) -> None:
    table = read((DATA / f"{name}.txt").read_text(encoding="utf-8"))
    assert not table.problems
    with (DATA / "printed_expected.csv").open(encoding="utf-8", newline="") as lines:
        wanted = [line for line in csv.DictReader(lines) if line["table"] == name]
    columns = ("row_number", "row", "year", "printed", "expected", "cause")
    assert [shown(cell) for cell in verify(table).cells] == [
        tuple(line[column] for column in columns) for line in wanted
    ]


def test_the_own_tables_carry_every_kind_of_mistake() -> None:
    with (DATA / "printed_expected.csv").open(encoding="utf-8", newline="") as lines:
        found = {line["cause"] for line in csv.DictReader(lines)}
    assert found == {"", *Cause} - {Cause.ROUNDED, Cause.UNEXPLAINED}


def test_what_is_said_of_each_mistake() -> None:
    checked = verify(read((DATA / "printed_mistakes.txt").read_text(encoding="utf-8")))
    said = {(cell.row_number, cell.year): cell.detail for cell in checked.deviations}
    assert said[4, 2029] == "Regnet med 3 prosent, ikke 3,2 prosent."
    assert said[7, 2029] == "Summen tar med beløpet for Nes, som er feil."
    assert said[8, 2027] == "Samme beløp som for Flå."
    assert said[10, 2027] == "Regnet fra SUM, som er feil."
    assert all(detail for detail in said.values())
    assert not checked.notes
    assert checked.rule_notes == (
        "Sats per innbygger: 5,50 og 13,50 (trykt i tabellen).",
        "Indeks: 3,2 prosent i 2028 og 3,2 prosent i 2029 (den som passer best).",
        "Uten indeks: Buskerud fk og Telemark fk.",
        "Avrunding: til de desimalene som er trykt, halve oppover.",
    )


# The case papers. The causes are derived from the explanations, which are written for people.

CAUSES = {
    "truncation": Cause.TRUNCATED,
    "sum of": Cause.SUM_OF_ROWS,
    "digit error": Cause.DIGIT,
    "copy error": Cause.COPIED_ROW,
    "factor 1.04 used": Cause.OTHER_INDEX,
    "Krødsherad factor error": Cause.CONSEQUENCE,
    "Jevnaker copy error": Cause.CONSEQUENCE,
}


def explained(line: dict[str, str]) -> Cause | None:
    text = line["explanation"]
    return next((cause for start, cause in CAUSES.items() if text.startswith(start)), None)


def recomputed(document: str, table: str) -> list[dict[str, str]]:
    path = SHARED / "data" / "financing_recomputed.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            line
            for line in csv.DictReader(lines)
            if line["document"] == document and table in ("", line["table"])
        ]


def paper(number: str) -> str:
    return next((SHARED / "seeds").glob(f"{number}_*")).read_text(encoding="utf-8")


def pasted(alternative: str) -> Verification:
    """The table of an alternative, as it is copied out of the paper."""
    first, second = paper("000").split("Alternativ 1 \n")[1].split("Eller")
    return verify(read(first if alternative == "alt 1" else second))


def cells_of_both() -> Iterator[tuple[CheckedCell, dict[str, str]]]:
    for alternative in ("alt 1", "alt 2"):
        yield from zip(pasted(alternative).cells, recomputed("000", alternative), strict=True)


@needs_shared
def test_every_cell_of_the_case_paper() -> None:
    pairs = list(cells_of_both())
    assert Counter(cell.is_right for cell, _line in pairs) == {True: 20, False: 34}
    for cell, line in pairs:
        assert line["row"].startswith(cell.row)
        assert str(cell.year) == line["year"]
        assert str(cell.printed) == line["printed"]
        assert cell.exact.quantize(Decimal("0.0001")) == Decimal(line["exact"])
        assert str(cell.expected) == line["exact_at_printed_precision"]
        assert cell.deviation == Decimal(line["deviation"]), line
        assert cell.is_right == (line["status"] == "ok")
        assert cell.cause == explained(line), line


@needs_shared
@pytest.mark.parametrize(
    ("alternative", "totals"),
    [
        ("alt 1", ["1256000.00", "1293334.60", "1332199.92"]),
        ("alt 2", ["1381600.00", "1424084.20", "1468310.26"]),
    ],
)
def test_the_right_totals_of_the_case_paper(alternative: str, totals: list[str]) -> None:
    assert [str(cell.right) for cell in pasted(alternative).cells[-3:]] == totals


@needs_shared
@pytest.mark.parametrize("as_stated", [{"rate": Decimal("9.99")}, {"index": Decimal("4.1")}])
def test_what_is_printed_wins_over_what_is_stated(as_stated: dict[str, Decimal]) -> None:
    first = paper("000").split("Alternativ 1 \n")[1].split("Eller")[0]
    found = [shown(cell) for cell in verify(read(first), **as_stated).cells]
    assert found == [shown(cell) for cell in pasted("alt 1").cells]


@needs_shared
def test_both_alternatives_pasted_at_once_say_that_one_was_read() -> None:
    table = read(paper("000").split("Økonomisk modell")[1])
    assert [column.year for column in table.columns] == [2026, 2027, 2028]
    assert len(table.rows) == 9
    assert "én tabell om gangen" in table.problems[-1].message


@needs_shared
@pytest.mark.parametrize("sign", ["\t", ";", "|", " "])
@pytest.mark.parametrize("space", ["", " ", "\u00a0", "\u202f"])
@pytest.mark.parametrize("alternative", ["alt 1", "alt 2"])
def test_the_case_paper_as_it_is_pasted_from_elsewhere(
    sign: str, space: str, alternative: str
) -> None:
    as_copied = pasted(alternative)
    lines = [["Kommune/fylkeskommune", "Innbyggerantall per Q1/25", "Stkpris", "Sum år 2026"]]
    lines[0] += ["Sum år 2027", "Sum år 2028"]
    for row in as_copied.table.rows:
        leading = [f"{row.population:,}", f"kr {row.rate}"] if row.population else ["", ""]
        amounts = [f"{cell.value:,}" for cell in row.cells if cell]
        written = [n.replace(",", "X").replace(".", ",").replace("X", space) for n in amounts]
        leading = [leading[0].replace(",", space), leading[1].replace(" ", space or " ")]
        lines.append([row.label, *leading, *written])
    text = "\n".join(sign.join(cell for cell in line if cell or sign != " ") for line in lines)
    table = read(text)
    assert not table.problems
    assert [shown(cell) for cell in verify(table).cells] == [shown(c) for c in as_copied.cells]


@needs_shared
def test_the_older_case_paper_is_right_in_every_cell() -> None:
    table = read(paper("002").split("Kommune Innbyggertall")[1].join(["Kommune Innbyggertall", ""]))
    checked = verify(table)
    assert [cell.row for cell in checked.cells] == ["Moss", "Vestby", "Råde", "Våler", "Sum"]
    assert not checked.deviations
    assert not checked.notes


@needs_shared
def test_the_older_case_paper_with_the_sums_in_its_text() -> None:
    lines = recomputed("002", "")
    inhabitants = {"Moss": 49956, "Vestby": 18530, "Råde": 7594, "Våler": 5888}
    inhabitants["Viken fylkeskommune"] = 81968
    text = "Navn;Innbyggere;Sats;Bidrag\n"
    for line in lines:
        name = line["row"]
        rate = line["table"].partition("/")[0] if name in inhabitants else ""
        text += f"{name};{inhabitants.get(name, '')};{rate};kr {line['printed']}\n"
    checked = verify(read(text))
    assert len(checked.cells) == len(lines) == 7
    assert not checked.deviations
