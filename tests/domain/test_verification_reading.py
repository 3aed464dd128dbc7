"""Reading a pasted table: the forms it comes in, and what is said about what cannot be read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from financing.verification import PrintedTable, ReadingError, RowKind, read, text_of, verify
from financing.verification.numbers import Style, read_number
from financing.verification.reading import MAX_CHARACTERS

HEADING = "Kommune;Innbyggere;Sats;Sum 2027;Sum 2028\n"
GOL = "Gol;4 871;12,50;60 887,50;62 835,90\n"


def amounts(table: PrintedTable) -> list[list[str]]:
    return [[str(cell.value) if cell else "" for cell in row.cells] for row in table.rows]


def the_problem(table: PrintedTable) -> tuple[str, str]:
    assert len(table.problems) == 1, table.problems
    return table.problems[0].row, table.problems[0].message


@pytest.mark.parametrize(
    ("text", "style", "value", "decimals"),
    [
        ("102442", Style.NORWEGIAN, "102442", 0),
        ("102 442,50", Style.NORWEGIAN, "102442.50", 2),
        ("102\u00a0442,5", Style.NORWEGIAN, "102442.5", 1),
        ("102\u202f442", Style.NORWEGIAN, "102442", 0),
        ("32 407,0", Style.NORWEGIAN, "32407.0", 1),
        ("Kr 124.890", Style.NORWEGIAN, "124890", 0),
        ("kr 5,5", Style.NORWEGIAN, "5.5", 1),
        ("5,50 kr/innb.", Style.NORWEGIAN, "5.50", 2),
        ("kr 14,50 pr. innbygger", Style.NORWEGIAN, "14.50", 2),
        ("64,0", Style.NORWEGIAN, "64.0", 1),
        ("50 000,-", Style.NORWEGIAN, "50000", 0),
        ("1.148.286,0", Style.NORWEGIAN, "1148286.0", 1),
        ("14.50", Style.NORWEGIAN, "14.50", 2),
        ("1 148 \n286,0", Style.NORWEGIAN, "1148286.0", 1),
        ("1,148,286.0", Style.NORWEGIAN, "1148286.0", 1),
        ("106,642.15", Style.NORWEGIAN, "106642.15", 2),
        ("1,148,286", Style.NORWEGIAN, "1148286", 0),
        ("106642.643", Style.NORWEGIAN, "106642.643", 3),
        ("204,920", Style.NORWEGIAN, "204.920", 3),
        ("204,920", Style.ENGLISH, "204920", 0),
        ("124.890", Style.ENGLISH, "124.890", 3),
        ("\u22125,00", Style.NORWEGIAN, "-5.00", 2),
        ("102442.50000000000001", Style.NORWEGIAN, "102442.5", 12),
    ],
)
def test_number_forms(text: str, style: Style, value: str, decimals: int) -> None:
    found = read_number(text, style)
    assert found is not None
    assert (found.value, found.decimals) == (Decimal(value), decimals)


@pytest.mark.parametrize(
    "text", ["", "ikke avklart", "12 13", "5,5,5", "1.2.3", "x100", "9" * 13, "1" * 80, "–"]
)
def test_what_is_no_number(text: str) -> None:
    assert read_number(text, Style.NORWEGIAN) is None


def test_what_is_understood_is_said() -> None:
    table = read(
        "Kommune;Innbyggere;Sats;Merknad;Sum 2027\nGol;100;5;fast;500\nBuskerud fk;100;5;;500\n"
        "Telemark;100;5;;500\nSamlet sum;300;;;1500"
    )
    assert [row.kind for row in table.rows] == [
        RowKind.CONTRIBUTOR,
        RowKind.COUNTY_AUTHORITY,
        RowKind.COUNTY_AUTHORITY,
        RowKind.SUM,
    ]
    assert table.understood() == (
        "Beløpskolonner: Sum 2027.",
        "Kommuner og andre bidragsytere: Gol.",
        "Fylkeskommuner: Buskerud fk og Telemark.",
        "Sumrader: Samlet sum.",
        "Ikke kontrollert: «Merknad».",
    )
    assert not table.problems


@pytest.mark.parametrize(
    "label", ["SUM", "Sum kommuner", "Totalt", "I alt", "Til sammen", "Delsum"]
)
def test_sum_rows(label: str) -> None:
    assert read(f"{HEADING}{GOL}{label};;;60 887,50;62 835,90").rows[1].kind is RowKind.SUM


def test_a_single_column_without_a_year() -> None:
    table = read(
        "Kommune Innbyggertall pr 1.7.2021 Sats Bidrag\n\nFlå  1085 Kr 2,50  Kr 2.713\nSum 1085  Kr 2.713"
    )
    assert [column.label for column in table.columns] == ["Bidrag"]
    assert table.columns[0].year is None
    assert [(row.population, row.rate) for row in table.rows] == [
        (1085, Decimal("2.50")),
        (1085, None),
    ]
    assert amounts(table) == [["2713"], ["2713"]]


def test_a_csv_without_headings() -> None:
    table = read("Gol;4871;12,50;60887,50;62835,90\nNes;3391;12,50;42387,50;43743,90")
    assert table.rows[0].population == 4871
    assert table.rows[0].rate == Decimal("12.50")
    assert amounts(table)[1] == ["42387.50", "43743.90"]


def test_one_cell_on_each_line() -> None:
    text = HEADING.replace("Sum ", "") + GOL + "Nes;3 391;12,50;42 387,50;43 743,90"
    table = read(text.replace(";", "\n"))
    assert [row.label for row in table.rows] == ["Gol", "Nes"]
    assert [column.year for column in table.columns] == [2027, 2028]
    assert table.rows[1].population == 3391


def test_headings_over_two_rows_are_one_heading() -> None:
    table = read("Kommune;Innbyggere;Sats;Bidrag;\n;1.1.2026;;2027;2028\n" + GOL)
    assert [column.year for column in table.columns] == [2027, 2028]
    assert table.rows[0].population == 4871
    assert not table.problems


def test_a_heading_broken_over_lines_between_tabs() -> None:
    text = (
        "Kommune/\nfylkeskommune\tInnbyggerantall\nper Q1/26\tStkpris\tSum år 2027\tSum år\n2028\n"
    )
    table = read(text + GOL.replace(";", "\t") * 2)
    assert [column.year for column in table.columns] == [2027, 2028]
    assert table.rows[0].rate == Decimal("12.50")


def test_a_heading_with_fewer_cells_than_the_rows() -> None:
    table = read("Kommune;Innbyggere;Sats;Bidrag\n;;;2027;2028\n" + GOL * 2)
    assert [column.year for column in table.columns] == [2027, 2028]
    assert (table.rows[0].population, table.rows[0].rate) == (4871, Decimal("12.50"))
    trailing = read(HEADING + GOL.replace("\n", ";\n") * 2)
    assert [column.year for column in trailing.columns] == [2027, 2028]


def test_empty_cells_of_a_markdown_table_keep_their_place() -> None:
    table = read("|Kommune|Innbyggere|2027|2028|\n|--|--:|--:|--:|\n|Gol|100|500|510|\n|SUM||500||")
    assert [cell and cell.value for cell in table.rows[1].cells] == [500, None]


def test_english_thousands_are_found_by_what_makes_sense() -> None:
    table = read(
        "name\tinhabitants\trate\tamount\nMoss\t49,956\t2.50\t124,890\nSum\t49,956\t\t124,890"
    )
    assert table.rows[0].population == 49956
    assert amounts(table) == [["124890"], ["124890"]]


def test_a_rate_before_the_inhabitants() -> None:
    table = read(
        "Kommune Sats Innbyggere Sum 2027\nGol 12,50 4 871 60 887,50\nNes 12,50 3 391 42 387,50"
    )
    assert [(row.population, row.rate) for row in table.rows] == [
        (4871, Decimal("12.50")),
        (3391, Decimal("12.50")),
    ]


def test_prose_around_the_table_is_left_alone() -> None:
    table = read(
        "Legges kr 12,50 til grunn per innbygger, blir rammen om lag kr 100 000 i året.\nKommune "
        "Innbyggere Sats Sum 2027\nGol 4 871 12,50 60 887,50\nBidraget på kr 5,50 pr innbygger fra "
        "fylket utgjør kr 26.790 i tillegg til dette."
    )
    assert [row.label for row in table.rows] == ["Gol"]
    assert len(table.remarks) == 2
    assert not table.problems


def test_merged_cells_are_named() -> None:
    row, message = the_problem(read(f"{HEADING}{GOL}Buskerud fk;4871;5,50;26 790,50;"))
    assert row == "Buskerud fk"
    assert "«Sum 2028»" in message
    assert "slått sammen" in message


def test_merged_cells_between_spaces_are_named() -> None:
    text = HEADING.replace(";", " ") + GOL.replace(";", " ") + "Nes 3 391 12,50 42 387,50"
    row, message = the_problem(read(text))
    assert row == "Nes"
    assert "3 391 12,50 42 387,50" in message
    assert "skriv raden med tabulator" in message


@pytest.mark.parametrize("sign", [";", " "])
def test_text_in_a_cell_is_named(sign: str) -> None:
    text = f"{HEADING}{GOL}Nes;3 391;12,50;uavklart;43 743,90".replace(";", sign)
    problem = read(text).problems[0]
    assert problem.row == "Nes"
    assert "«uavklart» er ikke et tall" in problem.message


def test_two_numbers_in_a_cell_are_named() -> None:
    problem = read(f"{HEADING}{GOL}Nes;3 391;12,50;42 387,50 43 743,90;1").problems[0]
    assert problem.row == "Nes"
    assert "Skriv ett tall i hver celle" in problem.message


def test_missing_years_are_named() -> None:
    row, message = the_problem(read(HEADING.replace("2028", "2030") + GOL))
    assert row == ""
    assert "2028 og 2029" in message


def test_a_year_twice_is_named() -> None:
    table = read(HEADING.replace("2028", "2027") + GOL)
    assert "To kolonner er merket 2027" in the_problem(table)[1]
    assert len(table.columns) == 1


@pytest.mark.parametrize("sign", [";", " "])
def test_a_second_table_is_named(sign: str) -> None:
    table = read((f"{HEADING}{GOL}{GOL}{HEADING}{GOL}").replace(";", sign))
    assert len(table.rows) == 2
    assert "én tabell om gangen" in the_problem(table)[1]


def test_inhabitants_that_are_no_whole_number() -> None:
    row, message = the_problem(read(HEADING + GOL.replace("4 871", "4 871,5")))
    assert row == "Gol"
    assert "ikke et helt tall" in message
    assert read(HEADING + GOL.replace("4 871", "4 871,0")).rows[0].population == 4871


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "ikke limt inn noe"),
        (" \n\t\n", "ikke limt inn noe"),
        ("x" * 10_000_000, "for lang"),
        ("PK\x03\x04" + "a" * 50, "fil og ikke tekst"),
        ("Gol\x00;1", "fil og ikke tekst"),
        ("Vi foreslår en tabell.", "ingen rader med tall"),
        (HEADING, "ingen rader med tall"),
        ("1;2;3\n4;5;6", "kolonne med navn"),
        (f"{HEADING}{GOL * 600}", "for stor"),
        ("Kommune;Innbyggere\nGol;100\nNes;200", "kolonne med beløp"),
    ],
)
def test_what_is_no_table_is_refused(text: str, part: str) -> None:
    with pytest.raises(ReadingError, match=part):
        read(text)


@pytest.mark.parametrize("figures", ["4871 12,50 60887,50", "4871 12,50", "60887,50 62835,90 4871"])
def test_a_missing_amount_between_spaces_is_no_missing_rate(figures: str) -> None:
    table = read(f"{HEADING}{GOL}Nes {figures}".replace(";", " "))
    assert the_problem(table)[0] == "Nes"
    assert set(table.rows[1].cells) == {None}


def test_a_row_without_a_name_is_named_by_its_number() -> None:
    table = read(HEADING + GOL + GOL.replace("Gol", "") + "Sum;;;121 775,00;125 671,80")
    assert the_problem(table)[0] == table.rows[1].label == "Rad 2 (uten navn)"
    assert "mangler navn" in the_problem(table)[1]
    assert [row.kind for row in table.rows][1:] == [RowKind.CONTRIBUTOR, RowKind.SUM]


def test_a_year_with_only_text_is_a_year_all_the_same() -> None:
    table = read(HEADING + GOL.replace("60 887,50", "#VERDI!"))
    assert [column.year for column in table.columns] == [2027, 2028]
    assert the_problem(table)[0] == "Gol"
    assert "#VERDI!" in the_problem(table)[1]


def test_amounts_without_a_year_above_them() -> None:
    one = read("Kommune;Innbyggere;Sats;2027;\n" + GOL)
    assert [column.year for column in one.columns] == [2027]
    assert "Kolonne 5 har tall, men ingen overskrift" in the_problem(one)[1]
    none = read("Kommune;Innbyggere;Sats;;\n" + GOL)
    assert len(none.columns) == 2
    assert "Ingen beløpskolonne har et årstall" in the_problem(none)[1]


def test_marks_of_notes_and_control_characters_are_no_part_of_the_cells() -> None:
    for sign in (";", " "):
        text = (HEADING + GOL.replace("50;62", "50*;62").replace("Gol", "G\x07ol\u202e")).replace(
            ";", sign
        )
        table = read(text)
        assert not table.problems
        assert (table.rows[0].label, amounts(table)) == ("Gol", [["60887.50", "62835.90"]])


def test_a_currency_with_a_no_break_space_between_spaces() -> None:
    text = (HEADING + GOL.replace("12,50", "kr\u00a012,50")).replace(";", " ")
    assert read(text).rows[0].rate == Decimal("12.50")


def test_many_rows_that_cannot_be_parted_are_refused_together() -> None:
    rows = "".join(f"Nes {'111 ' * 30}\n" for _ in range(20))
    with pytest.raises(ReadingError, match="skille tallene"):
        read("Kommune Innbyggere Sats 2027 2028\n" + rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_of_several_encodings(encoding: str) -> None:
    text = f"{HEADING}Ål;4 931;12,50;61 637,50;63 609,90\n"
    assert read(text_of(text.encode(encoding))).rows[0].label == "Ål"


def test_a_large_file_is_refused_undecoded() -> None:
    with pytest.raises(ReadingError, match="for lang"):
        text_of(b"x" * (4 * MAX_CHARACTERS + 1))


PIECES = ["Gol", "SUM", "kommune", "Innbyggere", "Sats", "2027", "4 871", "12,50", "1 148", "286,0"]
PIECES += ["kr", "\t", ";", "|", ",", '"', "\n", " ", "  ", "–", "\u00a0", "Bidrag", "-5", "0"]


@settings(max_examples=30)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        table = read(text)
    except ReadingError:
        return
    assert table.rows
    assert all(len(row.cells) == len(table.columns) for row in table.rows)
    checked = verify(table)
    assert all(cell.is_right == (cell.deviation == 0) for cell in checked.cells)
