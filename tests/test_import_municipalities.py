"""An operator brings the register in line with a file of municipalities."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from municipalities import municipality_file, register
from municipalities.commands import CannotRunError
from municipalities.models import (
    County,
    Municipality,
    Organisation,
    PopulationFigure,
    RegisterEvent,
)

SAMPLE = Path(__file__).parent / "data" / "municipalities.csv"
WHOLE_COUNTRY = Path(__file__).parents[2] / "shared" / "data" / "municipalities_2024.csv"
DAY = dt.date(2025, 1, 1)

Capsys = pytest.CaptureFixture[str]
Write = Callable[[str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file and return where it is."""

    def written(content: str | bytes) -> Path:
        path = tmp_path / "fil.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


def run(path: Path, *options: str) -> None:
    """Run the command."""
    call_command("import_municipalities", "--from-file", str(path), *options)


def newest(number: str, day: dt.date = DAY) -> int:
    """The figure that counts."""
    municipality = Municipality.objects.get(number=number)
    return register.population_on([municipality], day)[municipality.pk].value


@pytest.mark.django_db
def test_everything_in_the_file_is_added(capsys: Capsys) -> None:
    """Counties with their authorities, municipalities with their organisations, and figures."""
    run(SAMPLE, "--source", "SSB, tabell 07459")
    assert County.objects.count() == 2
    assert Organisation.objects.get(key="77").name == "Fjelland fylkeskommune"
    aasvang = Municipality.objects.get(number="7703")
    assert (aasvang.name, aasvang.official_name) == ("Åsvang", "Åsvang - Ájvuovdna")
    assert aasvang.organisation.name == "Åsvang kommune"
    assert aasvang.organisation.short_name == "Åsvang"
    assert Municipality.objects.get(number="7701").official_name == ""
    assert Municipality.objects.filter(name="Myrvang").count() == 2
    assert PopulationFigure.objects.count() == 9
    figure = aasvang.population_figures.get(reference_date=DAY)
    assert (figure.value, figure.source) == (4321, "SSB, tabell 07459")
    said = capsys.readouterr().out
    assert "municipalities: 5 added" in said
    assert "organisations: 7 added" in said
    assert "population figures: 9 added" in said
    event = RegisterEvent.objects.get()
    assert event.action == "register.imported"
    assert event.data["file"] == "municipalities.csv"
    assert len(event.data["sha256"]) == 64


@pytest.mark.django_db
def test_importing_again_changes_nothing(capsys: Capsys) -> None:
    """The second time everything is unchanged, and no event is left."""
    run(SAMPLE)
    capsys.readouterr()
    run(SAMPLE)
    assert capsys.readouterr().out.splitlines() == [
        "municipalities: 5 unchanged",
        "population figures: 9 unchanged",
    ]
    assert PopulationFigure.objects.count() == 9
    assert RegisterEvent.objects.count() == 1


@pytest.mark.django_db
def test_dry_run_stores_nothing(capsys: Capsys) -> None:
    """It says what would be done."""
    run(SAMPLE, "--dry-run")
    assert "municipalities: 5 added" in capsys.readouterr().out
    assert not Municipality.objects.exists()
    assert not RegisterEvent.objects.exists()


@pytest.mark.django_db
def test_corrections_and_new_names(write: Write, capsys: Capsys) -> None:
    """A corrected figure is a new row that counts; the organisation follows a new name."""
    run(SAMPLE)
    Organisation.objects.filter(key="7702").update(short_name="Myrvang herad")
    capsys.readouterr()
    changed = SAMPLE.read_text().replace("30005", "30006").replace("Elveby", "Elvebyen")
    run(write(changed.replace("Myrvang,77", "Myrvangen,77")))
    said = capsys.readouterr().out
    assert "7701 Elvebyen: name 'Elveby' -> 'Elvebyen'" in said
    assert "7701 Elvebyen, 2025-01-01: 30005 -> 30006" in said
    assert "municipalities: 2 changed, 3 unchanged" in said
    assert "population figures: 1 changed, 8 unchanged" in said
    assert newest("7701") == 30006
    figures = PopulationFigure.objects.filter(municipality__number="7701", reference_date=DAY)
    assert sorted(figures.values_list("value", flat=True)) == [30005, 30006]
    assert Organisation.objects.get(key="7701").name == "Elvebyen kommune"
    assert Organisation.objects.get(key="7702").short_name == "Myrvang herad"  # named by hand


@pytest.mark.django_db
def test_sudden_changes_are_warned_about(write: Write, capsys: Capsys) -> None:
    """A slip of a digit is stored, but said; ten per cent exactly is not sudden."""
    run(
        write(
            "municipality_number,name_norwegian,county_number,county_name,"
            "population_2024_01_01,population_2025_01_01\n"
            "7701,Elveby,77,Fjelland,1000,1100\n"
            "7702,Myrvang,77,Fjelland,1000,1101\n"
            "7703,Åsvang,77,Fjelland,1000,899\n"
        )
    )
    warnings = capsys.readouterr().err.splitlines()
    assert [line[:21] for line in warnings] == ["warning: row 3: 7702 ", "warning: row 4: 7703 "]
    assert "from 1000 (2024-01-01) to 1101 (2025-01-01)" in warnings[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "made",
    [
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("Ájvuovdna", "Ajvuovdna").encode("iso-8859-1"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: (text + "\n,,,,,,\n\n").encode(),
    ],
    ids=["semicolon", "tab", "bom", "iso-8859-1", "crlf", "blank-lines"],
)
def test_the_ways_such_files_come(made: Callable[[str], bytes], write: Write) -> None:
    """Separators, encodings and line ends as Excel, SSB and others write them."""
    run(write(made(SAMPLE.read_text())))
    assert Municipality.objects.get(number="7703").name == "Åsvang"
    assert newest("7701") == 30005


HEAD = "municipality_number,name_norwegian,county_number,county_name,population_2025_01_01\n"
GOOD = "7701,Elveby,77,Fjelland,30005\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("  \n\n", "the file is empty"),
        (b"\x7fELF\x02\x01\x01\x00\x00", "not a text file"),
        (SAMPLE.read_text().encode("utf-16"), "not a text file"),
        ("navn,tall\nElveby,3\n", "row 1: the column municipality_number is missing"),
        (HEAD, "there are no municipalities in it"),
        (HEAD.replace("\n", ",name_norwegian\n"), "row 1: the column name_norwegian occurs twice"),
        (HEAD.replace("2025_01_01", "2025_02_30") + GOOD, "row 1: the column population_2025_02"),
        (HEAD.replace("2025_01_01", "2025") + GOOD, "row 1: the column population_2025 must be"),
        (HEAD + GOOD + "7702,Myrvang,77\n", "row 3: 3 columns, the header has 5"),
        (HEAD + "301,Elveby,03,Oslo,1\n", "row 2: municipality_number must be four digits"),
        (HEAD + "77o1,Elveby,77,Fjelland,1\n", "row 2: municipality_number must be four digits"),
        (HEAD + "7701,Elveby,7,Fjelland,1\n", "row 2: county_number must be two digits, not '7'"),
        (HEAD + "7701,Elveby,78,Fjelland,1\n", "row 2: municipality 7701 cannot be in county 78"),
        (HEAD + "7701,,77,Fjelland,1\n", "row 2: name_norwegian is missing"),
        (HEAD + f"7701,{'x' * 81},77,Fjelland,1\n", "row 2: name_norwegian must be one line of"),
        (HEAD + '7701,"a\nb",77,Fjelland,1\n', "row 3: name_norwegian must be one line of"),
        (HEAD + "7701,Elveby,77,,1\n", "row 2: county 77 is unknown and has no county_name"),
        (HEAD + "7701,Elveby,77,Fjelland,-1\n", "row 2: population_2025_01_01 must be a whole"),
        (HEAD + "7701,Elveby,77,Fjelland,1.5\n", "row 2: population_2025_01_01 must be a whole"),
        (HEAD + "7701,Elveby,77,Fjelland,9999999999\n", "row 2: population_2025_01_01 must be"),
        (HEAD + "7701,Elveby,77,Fjelland,mange\n", "row 2: population_2025_01_01 must be a whole"),
        (HEAD + GOOD + GOOD, "row 3: municipality 7701 is on row 2 too"),
        (HEAD + GOOD + "7702,B,77,Fjell,1\n", "row 3: county 77 is 'Fjell' here and 'Fjelland'"),
        (HEAD + '7701,"' + "x" * 200_000 + '",77,Fjelland,1\n', "row 2: not a table"),
    ],
)
def test_bad_files_are_refused_whole(content: str | bytes, said: str, write: Write) -> None:
    """One line that says the file, the row and what; exit code 2; nothing stored."""
    path = write(content)
    with pytest.raises(CannotRunError) as refused:
        run(path)
    assert str(refused.value).startswith(f"{path}: {said}")
    assert "\n" not in str(refused.value)
    assert refused.value.returncode == 2
    assert not County.objects.exists()


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing, a folder, an impossible name, enormous: one line each."""
    enormous = tmp_path / "stor.csv"
    with enormous.open("wb") as file:
        file.truncate(11 * 1024 * 1024)
    for path, said in (
        (tmp_path / "finnes-ikke.csv", "No such file"),
        (tmp_path, "Is a directory"),
        (tmp_path / ("x" * 300), "File name too long"),
        (tmp_path / "a\x00b", "null"),
        (enormous, "larger than 10 MB"),
    ):
        with pytest.raises(CannotRunError, match=said):
            run(path)
    with pytest.raises(CannotRunError, match="--source"):
        run(SAMPLE, "--source", "x" * 201)
    for option in (["--accept"], ["--date", "2026-01-01"]):
        with pytest.raises(CannotRunError, match="not for --from-file"):
            run(SAMPLE, *option)


@given(st.binary(max_size=200))
def test_any_bytes_give_rows_or_a_refusal(content: bytes) -> None:
    """Nothing else can come out."""
    try:
        rows = municipality_file.read(content)
    except municipality_file.RefusedFileError:
        return
    assert rows


@given(st.lists(st.text(max_size=12), min_size=5, max_size=5))
def test_any_cells_give_a_row_or_a_refusal(cells: list[str]) -> None:
    """Whatever stands in the cells of a table with the right header."""
    line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        (row,) = municipality_file.read((HEAD + line).encode(errors="replace"))
    except municipality_file.RefusedFileError:
        return
    assert len(row.number) == 4


@pytest.mark.django_db
@pytest.mark.skipif(not WHOLE_COUNTRY.exists(), reason="needs ../shared")
def test_the_whole_country() -> None:
    """357 municipalities in 15 counties; Våler and Herøy are two each; the shipped ones agree."""
    register.load()
    figures_before = dict(PopulationFigure.objects.values_list("pk", "value"))
    run(WHOLE_COUNTRY)
    today = County.objects.filter(valid_to__isnull=True)
    assert today.count() == 15
    assert Municipality.objects.count() == 357
    assert Organisation.objects.filter(kind="municipality").count() == 357
    assert not Organisation.objects.filter(key="03").exists()  # Oslo has no county authority
    for name in ("Våler", "Herøy"):
        assert Municipality.objects.filter(name=name).count() == 2
    assert newest("3305") == 31793
    kept = PopulationFigure.objects.filter(pk__in=figures_before)
    assert dict(kept.values_list("pk", "value")) == figures_before
    shipped = PopulationFigure.objects.filter(reference_date=DAY, municipality__number="3305")
    assert shipped.count() == 1  # the file says the same as the shipped figure
    assert sum(newest_values(DAY)) == 5_594_340
    run(WHOLE_COUNTRY)
    assert RegisterEvent.objects.filter(action="register.imported").count() == 1


def newest_values(day: dt.date) -> list[int]:
    """Every municipality's figure of a day."""
    return [f.value for f in register.population_on(Municipality.objects.all(), day).values()]
