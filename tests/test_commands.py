"""The commands as an operator runs them: answers on stdout, exit 2 and one line where they cannot run."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import load_command_class
from django.db import connections

from agreements.documents import gate
from agreements.domain import canonical
from agreements.models import Agreement, AgreementEvent, AgreementTemplate
from agreements.snapshot import build
from municipalities.models import Organisation, Region, User

SLUG = "ringeriksregionen-2026"
SAMPLE = Path(__file__).parent / "data" / "avtale_fra_pdf.txt"
SEEDS = Path(__file__).parents[2] / "shared" / "seeds"


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    error: str


Run = Callable[..., Ran]


@pytest.fixture
def run(db: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as manage.py does, from its arguments."""
    # The database connection of the test must survive the end of the command.
    monkeypatch.setattr(type(connections), "close_all", lambda self: None)

    def ran(name: str, *arguments: object) -> Ran:
        app = "municipalities" if name == "load_register" else "agreements"
        argv = ["manage.py", name, *(str(argument) for argument in arguments)]
        code = 0
        capsys.readouterr()
        try:
            load_command_class(app, name).run_from_argv(argv)
        except SystemExit as ended:
            code = ended.code or 0
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return ran


def cannot(ran: Ran, *words: object) -> None:
    """It ended with 2, and one line on stderr says what and where."""
    assert ran.code == 2, ran
    assert ran.out == ""
    assert len(ran.error.splitlines()) == 1, ran.error
    for word in words:
        assert str(word) in ran.error


# --- contributions -------------------------------------------------------------------------------

TOTALS = {
    "Alternativ 1": ["1256000.00", "1293334.60", "1332199.92"],
    "Alternativ 2": ["1381600.00", "1424084.20", "1468310.26"],
}


def test_contributions_as_json_with_exact_totals_of_both_alternatives(
    ringerike: Agreement, run: Run
) -> None:
    ran = run("contributions", SLUG)
    answer = json.loads(ran.out)
    assert (ran.code, ran.error) == (0, "")
    assert answer["agreement"] == SLUG
    assert answer["population_date"] == "2025-01-01"
    found = {a["name"]: list(a["total"]["amounts"].values()) for a in answer["alternatives"]}
    assert found == TOTALS
    hole = next(row for row in answer["alternatives"][0]["rows"] if row["key"] == "3310")
    assert hole["amounts"] == {"2026": "102442.50", "2027": "106642.64", "2028": "111014.99"}
    assert (hole["population"], hole["rate"]) == (7065, "14.5")


def test_contributions_of_one_alternative_as_csv_add_up(ringerike: Agreement, run: Run) -> None:
    ran = run("contributions", SLUG, "--alternative", "Alternativ 2", "--format", "csv")
    header, *rows = csv.reader(io.StringIO(ran.out))
    assert header == ["alternative", "row", "status", "population", "rate", "2026", "2027", "2028"]
    assert {row[0] for row in rows} == {"Alternativ 2"}
    payers = [row for row in rows if row[2]]
    assert len(payers) == 7
    sums = {row[1]: row[5:] for row in rows if not row[2]}
    assert TOTALS["Alternativ 2"] in sums.values()
    for year in range(3):
        whole = sum(round(float(row[5 + year]) * 100) for row in payers)
        assert whole == round(float(TOTALS["Alternativ 2"][year]) * 100)


def test_contributions_that_cannot_be_calculated_are_an_error_and_never_left_out(
    ringerike: Agreement, run: Run
) -> None:
    second = ringerike.plan.alternatives.get(name="Alternativ 2")
    second.rules.update(kind="distribution_key", amount=5, equal_percent=100)
    ringerike.plan.participants.filter(organisation__kind="municipality").update(status="declined")
    cannot(run("contributions", SLUG), SLUG, "Alternativ 2")
    cannot(run("contributions", SLUG, "--alternative", "Alternativ 2"), "Alternativ 2")
    assert run("contributions", SLUG, "--alternative", "Alternativ 1").code == 0


def test_contributions_without_a_population_name_who(ringerike: Agreement, run: Run) -> None:
    person = ringerike.plan.participants.filter(organisation__key="3310")
    person.update(population=None, population_date=None)
    cannot(run("contributions", SLUG), SLUG, "Hole")


def test_an_unknown_alternative_names_those_there_are(ringerike: Agreement, run: Run) -> None:
    for name in ("Alternativ 3", "", "alternativ 1", "\x00"):
        ran = run("contributions", SLUG, "--alternative", name)
        cannot(ran, "Alternativ 1, Alternativ 2")


@pytest.mark.parametrize("command", ["contributions", "check_agreement", "export"])
@pytest.mark.parametrize(
    "slug", ["ringeriksregionen-2027", "", "\x00", "\udcff", "a" * 5000, "æøå"]
)
def test_an_unknown_agreement_is_one_line(
    ringerike: Agreement, run: Run, command: str, slug: str, tmp_path: Path
) -> None:
    more = ["--output", tmp_path / "a.pdf"] if command == "export" else []
    cannot(run(command, slug, *more), "there is no agreement")
    assert list(tmp_path.iterdir()) == []


def test_a_slug_that_is_nearly_right_gets_a_hint(ringerike: Agreement, run: Run) -> None:
    cannot(run("check_agreement", "ringeriksregionen-2062"), f"did you mean {SLUG}?")


@pytest.mark.parametrize(
    "arguments",
    [
        ("contributions",),
        ("contributions", SLUG, "--format", "xml"),
        ("contributions", SLUG, "--what"),
        ("check_agreement", SLUG, "en til"),
        ("export", SLUG),
        ("export", SLUG, "--output"),
        ("export", SLUG, "--output", "x", "--format", "doc"),
        ("export", SLUG, "--output", "x", "--document", "alt"),
        ("import_agreement",),
        ("import_agreement", "fil.txt"),
        ("import_agreement", "fil.txt", "--region", "Hole", "--term", "2026-01-01"),
        ("import_agreement", "fil.txt", "--region", "Hole", "--term", "i", "dag"),
        ("load_demo", "nå"),
    ],
)
def test_wrong_arguments_are_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    cannot(run(*arguments), "--help")


@pytest.mark.parametrize(
    "name",
    ["contributions", "check_agreement", "export", "import_agreement", "load_demo", "demo_users"],
)
def test_every_command_explains_itself(run: Run, name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0
    assert f"manage.py {name}" in ran.out


# --- check_agreement -----------------------------------------------------------------------------


def test_checking_ends_with_1_only_on_an_error(ringerike: Agreement, run: Run) -> None:
    ran = run("check_agreement", SLUG)
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "1 finding"
    ringerike.clauses.filter(key="formaal").update(text="Se [[punkt:finnes-ikke]].")
    ran = run("check_agreement", SLUG)
    assert (ran.code, ran.error) == (1, "")
    assert any(
        line.startswith("error") and "punkt:formaal" in line for line in ran.out.splitlines()
    )


def test_findings_as_json_are_the_pages_findings(ringerike: Agreement, run: Run, as_: Any) -> None:
    ringerike.clauses.filter(key="formaal").update(text="{{ avtale.finnes_ikke }}")
    ran = run("check_agreement", SLUG, "--format", "json")
    rows = json.loads(ran.out)
    assert ran.code == 1
    assert all(set(row) == {"level", "code", "message", "anchor"} for row in rows)
    page = as_("editor").get(f"/avtaler/{SLUG}/kontroll/").content.decode()
    assert len(rows) == page.count('class="findings__item"')
    assert [r["anchor"] for r in rows if r["level"] == "error"] == ["punkt:formaal"]


# --- export --------------------------------------------------------------------------------------


def test_exporting_the_agreement_as_json_is_the_canonical_document(
    ringerike: Agreement, run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "avtale.json"
    ran = run("export", SLUG, "--format", "json", "--output", path)
    content = path.read_bytes()
    assert canonical.load(content) == build(ringerike)
    size, sha256 = len(content), canonical.sha256(build(ringerike))
    assert ran.out == f"{path}: {size} bytes, content {sha256}\n"


def test_exporting_the_table_as_json(ringerike: Agreement, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tabell.json"
    run("export", SLUG, "--document", "contributions", "--format", "json", "--output", path)
    assert list(json.loads(path.read_text())["total"]["amounts"].values()) == TOTALS["Alternativ 1"]


@pytest.mark.parametrize("slug", [SLUG, "mosseregionen-2022"])
@pytest.mark.parametrize("document", ["agreement", "contributions", "casepaper"])
def test_every_pdf_of_both_regions_follows_both_standards(
    ringerike: Agreement, run: Run, tmp_path: Path, slug: str, document: str
) -> None:
    path = tmp_path / "ut.pdf"
    path.write_bytes(b"an older one")
    assert run("export", slug, "--document", document, "--output", path).code == 0
    assert gate.problems(path.read_bytes()) == []
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_one_line_and_leaves_nothing(
    ringerike: Agreement, run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "mappe"
    folder.mkdir()
    for place in (tmp_path / "finnes" / "ikke.json", folder, "", ".", "/", "a" * 300):
        cannot(run("export", SLUG, "--format", "json", "--output", place))
    assert list(tmp_path.iterdir()) == [folder]
    assert list(folder.iterdir()) == []


def test_a_table_that_is_not_chosen_cannot_be_exported(
    ringerike: Agreement, run: Run, tmp_path: Path
) -> None:
    Agreement.objects.filter(pk=ringerike.pk).update(chosen_alternative=None)
    more = ("--document", "contributions", "--output", tmp_path / "a.pdf")
    cannot(run("export", SLUG, *more), "no alternative is chosen")


# --- import_agreement ----------------------------------------------------------------------------


@pytest.fixture
def fjord(ringerike: Agreement) -> Region:
    """The made-up region of the sample."""
    contract = Region.objects.get(slug="ringeriksregionen").contract_municipality
    region = Region.objects.create(
        name="Fjordregionen", slug="fjordregionen", contract_municipality=contract
    )
    region.members.set([contract])
    return region


def test_importing_prints_the_slug_last(fjord: Region, run: Run) -> None:
    ran = run("import_agreement", SAMPLE, "--region", "fjordregionen")
    assert (ran.code, ran.error) == (0, "")
    slug = ran.out.split()[-1]
    agreement = Agreement.objects.get(slug=slug)
    assert agreement.region == fjord
    assert (str(agreement.term_start), str(agreement.term_end)) == ("2027-01-01", "2030-12-31")
    assert agreement.clauses.count() > 5
    event = AgreementEvent.objects.get(agreement=agreement)
    assert (event.action, event.actor) == ("agreement.imported", None)
    assert run("check_agreement", slug).code in (0, 1)


def test_an_imported_draft_opens_on_every_page(fjord: Region, run: Run, as_: Any) -> None:
    slug = run("import_agreement", SAMPLE, "--region", "Fjordregionen").out.split()[-1]
    for page in ("", "tekst/", "parter/", "tjenester/", "okonomi/", "kontroll/", "dokumenter/"):
        assert as_("editor").get(f"/avtaler/{slug}/{page}").status_code == 200


def test_importing_twice_makes_two_drafts(fjord: Region, run: Run) -> None:
    slugs = [run("import_agreement", SAMPLE, "--region", fjord.name).out.split()[-1] for _ in "ab"]
    assert slugs == ["fjordregionen-2027", "fjordregionen-2027-2"]


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared")
def test_importing_the_agreement_of_ringeriksregionen(ringerike: Agreement, run: Run) -> None:
    (file,) = SEEDS.glob("001_*.txt")
    ran = run("import_agreement", file, "--region", "Ringeriksregionen")
    assert (ran.code, ran.error) == (0, "")
    made = Agreement.objects.get(slug=ran.out.split()[-1])
    assert (str(made.term_start), str(made.term_end)) == ("2026-01-01", "2028-12-31")
    keys = set(made.parties.values_list("organisation__key", flat=True))
    assert {"33", "3305", "innovasjon-norge"} <= keys
    assert made.clauses.filter(parent=None).count() >= 5


BAD_FILES: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \n\n\t\n",
    "binary": bytes(range(256)) * 50,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" * 20,
    "NUL": b"1. Parter\n\x00Avtalen gjelder fra 1. januar 2026 til 31. desember 2028.",
    "zip": b"PK\x03\x04\x14\x00\x06\x00\x08\x00" * 100,
    "big": b"1. Parter\nEn linje til.\n" * 130_000,
    "words": b"Bare noen ord uten punkter.",
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_is_no_agreement_is_one_line_and_stores_nothing(
    ringerike: Agreement, run: Run, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "fil.txt"
    path.write_bytes(BAD_FILES[kind])
    count = Agreement.objects.count()
    cannot(run("import_agreement", path, "--region", "Ringeriksregionen"), path)
    assert Agreement.objects.count() == count


def test_a_path_that_is_no_file_is_one_line(ringerike: Agreement, run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "finnes-ikke.txt", tmp_path, "a" * 300, "rad\nrad"):
        cannot(run("import_agreement", path, "--region", "Ringeriksregionen"))


@pytest.mark.parametrize("name", ["Ukjent", "", "\x00", "\udcff", "Hole kommune"])
def test_an_unknown_region_names_those_there_are(ringerike: Agreement, run: Run, name: str) -> None:
    cannot(run("import_agreement", SAMPLE, "--region", name), "Ringeriksregionen")


@pytest.mark.parametrize(
    "term", [("2026-01-01", "2025-12-31"), ("2026-01-01", "2040-01-01"), ("2026-01-01",) * 2]
)
def test_a_term_that_cannot_be_used_is_one_line(
    fjord: Region, run: Run, term: tuple[str, str]
) -> None:
    ran = run("import_agreement", SAMPLE, "--region", fjord.name, "--term", *term)
    cannot(ran, term[0], term[1])


# --- load_demo and demo_users --------------------------------------------------------------------


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "EMBEDDED_DATABASE", "1")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMBEDDED_DATABASE", raising=False)


def test_the_demonstration_goes_into_an_empty_embedded_database(run: Run, embedded: None) -> None:
    ran = run("load_demo")
    assert (ran.code, ran.out.split()) == (0, [SLUG, "mosseregionen-2022", "hallingdal-2026"])
    people = run("demo_users").out.splitlines()
    assert len(people) == 1 + User.objects.count()
    assert "eksempel-passord-2026" in people[0]
    user = User.objects.get(email="redaktor@ringerike.example")
    assert user.check_password("eksempel-passord-2026")
    cannot(run("load_demo"), "not empty")
    assert run("load_demo", "--if-empty").out == ""
    cannot(run("load_demo", "--yes"), "nothing was loaded")
    assert Agreement.objects.count() == 3


def test_elsewhere_the_demonstration_needs_a_yes_and_nobody_can_log_in(
    run: Run, elsewhere: None
) -> None:
    cannot(run("load_demo"), "--yes")
    assert run("load_demo", "--if-empty").out == ""
    assert not Organisation.objects.exists()
    assert run("load_demo", "--yes").code == 0
    assert not User.objects.filter(is_active=True).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())
    assert run("demo_users").out == ""


def test_an_embedded_database_with_people_in_it_is_not_taken_for_empty(
    run: Run, embedded: None
) -> None:
    User.objects.create_user("kari@eksempel.no", name="Kari")
    cannot(run("load_demo"), "not empty")
    assert run("load_demo", "--yes").code == 0
    assert not User.objects.filter(email__endswith=".example", is_active=True).exists()


def test_the_shipped_templates_are_loaded_once(run: Run) -> None:
    assert run("load_templates").out.startswith("added: ")
    assert run("load_templates").out == "nothing to add\n"
    assert AgreementTemplate.objects.count() == 2
