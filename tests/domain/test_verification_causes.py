"""Why a cell deviates: one case for each way, with the sentence that says so."""

from __future__ import annotations

import pytest

from financing.verification import CAUSE_LABELS, Cause, CheckedCell, read, verify

HEADING = "Kommune;Innbyggere;Sats;2027;2028;2029"
# 12,50 kroner, 3,2 percent: right to the øre.
RIGHT = {
    "Flå": "1 085;12,50;13 562,50;13 996,50;14 444,39",
    "Gol": "4 871;12,50;60 887,50;62 835,90;64 846,65",
    "Nes": "3 391;12,50;42 387,50;43 743,90;45 143,70",
    "Ål": "4 931;12,50;61 637,50;63 609,90;65 645,42",
    "Buskerud fk": "14 278;5,50;78 529,00;78 529,00;78 529,00",
    "SUM": ";;257 004,00;262 715,20;268 609,16",
}


def found(**changed: str) -> list[CheckedCell]:
    """Check the table with some rows' amounts changed; a row's name has _ for a space."""
    lines = [HEADING]
    for name, cells in RIGHT.items():
        lead = ";".join(cells.split(";")[:2])
        amounts = changed.get(name.replace(" ", "_"))
        lines.append(f"{name};{lead};{amounts}" if amounts else f"{name};{cells}")
    table = read("\n".join(lines))
    assert not table.problems
    return list(verify(table).deviations)


def test_the_table_is_right() -> None:
    assert not found()


@pytest.mark.parametrize(
    ("name", "amounts", "cause", "detail"),
    [
        ("Gol", "60 887,00;62 835,90;64 846,65", Cause.TRUNCATED, "Desimaler er kuttet"),
        ("Gol", "60 888,00;62 835,90;64 846,65", Cause.ROUNDED, "Avrundet grovere"),
        ("Gol", "60 887,50;62 836;64 847,00", Cause.ROUNDED, "Regnet av et avrundet beløp"),
        ("Gol", "60 800,00;62 835,90;64 846,65", Cause.TRUNCATED, "Desimaler er kuttet"),
        ("Gol", "60 900,00;62 835,90;64 846,65", Cause.ROUNDED, "Avrundet grovere"),
        ("Gol", "60 887,50;62 385,90;64 846,65", Cause.DIGIT, "siffer"),
        ("Gol", "60 887,50;6 283,59;64 846,65", Cause.DIGIT, "siffer"),
        ("Gol", "60 887,50;662 835,90;64 846,65", Cause.DIGIT, "siffer"),
        ("Gol", "62 835,90;62 835,90;64 846,65", Cause.OTHER_INDEX, "allerede første år"),
        ("Gol", "60 887,50;62 835,90;64 784,30", Cause.OTHER_INDEX, "lagt sammen"),
        ("Gol", "60 887,50;62 835,90;64 720,98", Cause.OTHER_INDEX, "med 3 prosent, ikke 3,2"),
        ("Gol", "60 887,50;62 835,90;62 835,90", Cause.OTHER_INDEX, "med 0 prosent, ikke 3,2"),
        ("Buskerud_fk", "78 529;78 529;81 041,93", Cause.OTHER_INDEX, "med 3,2 prosent, ikke 0"),
        ("Gol", "61 637,50;63 609,90;65 645,42", Cause.COPIED_ROW, "Samme beløp som for Ål."),
        ("Gol", "71 234,77;62 835,90;64 846,65", Cause.UNEXPLAINED, "ingen enkel årsak"),
        ("SUM", "257 004;262 715,20;286 609,16", Cause.DIGIT, "siffer"),
        ("SUM", "257 004;262 715,20;202 963,74", Cause.SUM_OF_ROWS, "Ål er ikke med i summen"),
        ("SUM", "257 004;262 715,20;333 455,81", Cause.SUM_OF_ROWS, "Gol er regnet med for mye"),
        ("SUM", "257 004;262 715,20;271 717,33", Cause.SUM_OF_ROWS, "ikke summen av radene"),
        ("SUM", "257 004;262 715,20;268 000,00", Cause.TRUNCATED, "Desimaler er kuttet"),
    ],
)
def test_one_mistake(name: str, amounts: str, cause: Cause, detail: str) -> None:
    cells = found(**{name: amounts})
    assert {(cell.row, cell.cause) for cell in cells} == {(name.replace("_", " "), cause)}
    assert all(detail in cell.detail for cell in cells)


def test_a_wrong_first_year_is_carried_on() -> None:
    cells = found(Gol="80 887,50;83 475,90;86 147,13")
    assert [cell.cause for cell in cells] == [Cause.DIGIT, Cause.CONSEQUENCE, Cause.CONSEQUENCE]
    assert cells[2].detail == "Regnet videre fra beløpet i «2028», som er feil."


def test_one_wrong_index_is_carried_on() -> None:
    cells = found(Gol="60 887,50;62 714,13;64 720,98")
    assert [cell.cause for cell in cells] == [Cause.OTHER_INDEX, Cause.CONSEQUENCE]


def test_the_sums_tell_whether_a_silent_row_is_indexed() -> None:
    lines = [HEADING.removesuffix(";2029")]
    for name, cells in RIGHT.items():
        lines.append(f"{name};{';'.join(cells.split(';')[:4])}")
    lines[5] = "Buskerud fk;14 278;5,50;78 529,00;98 529,00"
    wrong = verify(read("\n".join(lines))).deviations
    assert [(cell.row, cell.year, cell.cause) for cell in wrong] == [
        ("Buskerud fk", 2028, Cause.DIGIT)
    ]


def test_every_cause_has_a_name() -> None:
    assert set(CAUSE_LABELS) == set(Cause)
