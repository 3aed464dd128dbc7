"""The economy of an agreement: edited on the page, recalculated exactly, and never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.http import HttpResponse

from agreements.models import Agreement, AgreementEvent
from financing.models import Alternative, PlanEvent
from tests import pages
from tests.desk import BASE, ECONOMY, As, Room, events


@pytest.fixture
def room(ringerike: Agreement, as_: As) -> Room:
    return Room(ringerike, as_("editor"))


# --- calculating ---------------------------------------------------------------------------------


def test_without_hole_the_rate_is_raised_and_every_cell_is_exact(room: Room) -> None:
    """14,50 with Hole becomes 17,04 without: a kroner per inhabitant times 1,041 for each year."""
    room.save_plan(rad__0__status="declined")
    assert room.save(regel__0__rate="17,04").status_code == 302
    assert room.cells() == {
        "Hole": ("0.00", "0.00", "0.00"),
        "Krødsherad": ("38084.40", "39645.86", "41271.34"),
        "Modum": ("249874.56", "260119.42", "270784.31"),
        "Ringerike": ("541752.72", "563964.58", "587087.13"),
        "Buskerud fylkeskommune": ("267806.00", "267806.00", "267806.00"),
        "Jevnaker": ("120012.72", "124933.24", "130055.50"),
        "Akershus fylkeskommune": ("38736.50", "38736.50", "38736.50"),
        "Sum": ("1256266.90", "1295205.60", "1335740.78"),
    }
    words = pages.text(room.client.get(ECONOMY))
    assert "541 752,72" in words
    assert "1 256 266,90" in words


def test_the_text_and_the_pdf_table_follow_the_new_rate_at_once(room: Room) -> None:
    room.save(regel__0__rate="17,04")
    words = pages.text(room.client.get(BASE + "tekst/"))
    assert "17,04" in words
    assert "14,50" not in words


@pytest.mark.parametrize(("status", "included"), [("declined", "on"), ("confirmed", None)])
def test_who_declines_or_is_left_out_counts_nowhere(
    room: Room, status: str, included: str | None
) -> None:
    """Nor do the inhabitants count for the county authority: 55 757 less 7 065."""
    room.save_plan(rad__0__status=status, rad__0__included=included)
    cells = room.cells()
    assert cells.get("Hole", ("0.00",))[0] == "0.00"
    assert cells["Buskerud fylkeskommune"][0] == "267806.00"
    others = [Decimal(v[0]) for name, v in cells.items() if name not in ("Hole", "Sum")]
    assert sum(others) == Decimal(cells["Sum"][0])


def test_the_rounding_rule_is_followed_and_named(room: Room) -> None:
    room.save(rounding_rule="krone_half_up")
    cells = room.cells()
    assert cells["Hole"] == ("102443.00", "106643.00", "111015.00")
    total = sum(Decimal(values[1]) for name, values in cells.items() if name != "Sum")
    assert Decimal(cells["Sum"][1]) == total
    assert "Avrunding: nærmeste hele krone" in pages.text(room.client.get(ECONOMY))


def test_a_distribution_key_shares_to_the_ore(room: Room) -> None:
    """30 percent equally and 70 by inhabitants of 1 000 000,01 among five: no øre is lost."""
    room.save(
        regel__0__kind="distribution_key",
        regel__0__amount="1 000 000,01",
        regel__0__equal_percent="30",
        regel__0__population_percent="70",
        regel__0__rate="",
        regel__0__indexed=None,
    )
    table = room.table()
    shares = [row.cells[0] for row in table.rows if row.kind == "municipality"]
    assert len(shares) == 5
    assert sum(shares) == Decimal("1000000.01")
    hole = next(row for row in table.rows if row.name == "Hole")
    # 60 000 and 700 000 x 7 065 / 62 800, to the nearest øre.
    assert abs(hole.cells[0] - Decimal("138750.00")) <= Decimal("0.01")
    sums = {s.code: s.cells[0] for s in table.subtotals}
    assert sum(row.cells[0] for row in table.rows) == table.total.cells[0], sums


@pytest.mark.parametrize(
    ("equal", "population"), [("30", "60"), ("", ""), ("100", "0,01"), ("50", "")]
)
def test_a_key_that_is_not_the_whole_is_refused(room: Room, equal: str, population: str) -> None:
    answer = room.save(
        regel__0__kind="distribution_key",
        regel__0__amount="1000",
        regel__0__equal_percent=equal,
        regel__0__population_percent=population,
    )
    assert answer.status_code == 422
    assert "til sammen bli 100" in pages.complaints(answer)["regel-0-equal_percent"]


def test_a_rule_for_one_adds_to_the_rule_for_all(room: Room) -> None:
    hole = room.agreement.plan.participants.get(organisation__key="3310")
    room.save(
        regel__2__target=f"p{hole.pk}",
        regel__2__kind="fixed",
        regel__2__amount="10 000",
        regel__2__indexed=None,
    )
    assert room.cells()["Hole"][:2] == ("112442.50", "116642.64")
    assert room.save(regel__2__DELETE="on").status_code == 302
    assert room.cells()["Hole"][0] == "102442.50"


def test_an_index_with_a_gap_is_refused(room: Room) -> None:
    before = events()
    typed = room.opened(indeks__0__percent="")
    answer = room.client.post(room.address(), typed)
    assert answer.status_code == 422
    assert "alle årene" in pages.complaints(answer)[""]
    assert pages.form(answer, "Lagre") == typed
    assert events() == before


def test_an_index_with_all_years_empty_is_no_index(room: Room) -> None:
    room.save(indeks__0__percent="", indeks__1__percent="")
    assert room.cells()["Hole"] == ("102442.50",) * 3


def test_a_falling_index_is_allowed(room: Room) -> None:
    room.save(indeks__0__percent="-2", indeks__1__percent="0")
    assert room.cells()["Hole"] == ("102442.50", "100393.65", "100393.65")


# --- what is typed wrong -------------------------------------------------------------------------

WRONG = {
    "regel-0-rate": [
        ("fjorten", "bare sifre"),
        ("14,5,0", "bare sifre"),
        ("-14,50", "mindre enn 0"),
        ("", "Fyll inn satsen"),
        ("14,00001", "høyst 4 desimaler"),
        ("99999999999", "høyst"),
        ("1e9", "bare sifre"),
        ("NaN", "bare sifre"),
        ("\u0661\u0664", "bare sifre"),
        ("1.234,5.6", "flere måter"),
    ],
    "regel-0-base_amount": [("-1", "mindre enn 0"), ("1,234", "høyst 2 desimaler")],
    "regel-0-kind": [("gratis", "Velg på nytt")],
    "regel-0-target": [("p999999", "Velg på nytt"), ("", "Velg")],
    "name": [("", "Fyll inn"), ("x" * 81, "høyst 80 tegn"), ("Alternativ 2", "allerede")],
    "rounding_rule": [("som det passer", "Velg på nytt")],
    "index_source": [("x" * 201, "høyst 200 tegn")],
    "indeks-0-percent": [("fire", "bare sifre"), ("-51", "mindre enn"), ("101", "større enn")],
}


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [(name, typed, message) for name, rows in WRONG.items() for typed, message in rows],
)
def test_a_wrong_answer_is_said_at_its_field_and_kept(
    room: Room, name: str, typed: str, message: str
) -> None:
    before, cells = events(), room.cells()
    sent = room.opened() | {name: [typed]}
    answer = room.client.post(room.address(), sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    again = pages.form(answer, "Lagre")
    if name not in ("regel-0-kind", "regel-0-target", "rounding_rule"):
        assert again == sent
    assert (events(), room.cells()) == (before, cells)


# --- the preview ---------------------------------------------------------------------------------


def cells_of(answer: HttpResponse) -> list[str]:
    read = pages.Page(answer.content.decode())
    tables = read.all("table", class_="contributions") or read.all("table")
    return [n.text for n in read.all("td") if any(parent is tables[0] for parent in n.parents)]


def test_the_preview_is_what_saving_gives_and_writes_nothing(room: Room) -> None:
    sent = room.opened(regel__0__rate="17,04", rounding_rule="krone_up")
    before, cells = events(), room.cells()
    preview = room.client.post(room.address(more="regn/"), sent)
    assert preview.status_code == 200
    assert "Ikke lagret" in pages.Page(preview.content.decode()).one("p").text
    assert (events(), room.cells()) == (before, cells)
    assert Alternative.objects.get(pk=room.first).revision == 1

    room.client.post(room.address(), sent)
    saved = room.client.get(room.address())
    assert room.cells()["Hole"][0] == "120388.00"
    assert cells_of(preview)
    assert " ".join(cells_of(preview)) in " ".join(cells_of(saved))


def test_the_preview_says_what_is_wrong(room: Room) -> None:
    answer = room.client.post(room.address(more="regn/"), room.opened(regel__0__rate="x"))
    assert answer.status_code == 422
    assert "bare sifre" in answer.content.decode()
    assert room.client.get(room.address(more="regn/")).status_code == 405


def test_the_preview_of_a_key_nobody_is_left_to_share(room: Room) -> None:
    room.agreement.plan.participants.update(status="declined")
    sent = room.opened(
        regel__0__kind="distribution_key", regel__0__amount="1", regel__0__equal_percent="100"
    )
    answer = room.client.post(room.address(more="regn/"), sent)
    assert answer.status_code == 200
    assert "Kan ikke regnes ut" in answer.content.decode()
    assert room.client.post(room.address(), sent).status_code == 302
    assert "kan ikke regnes ut" in pages.text(room.client.get(ECONOMY))


# --- alternatives --------------------------------------------------------------------------------


def test_a_new_alternative_is_a_copy(room: Room) -> None:
    form = pages.form(room.client.get(ECONOMY), "Lag alternativet")
    sent = pages.changed(form, name="Uten Akershus", copy_of=str(room.second))
    address = ECONOMY + "nytt-alternativ/"
    answer = room.client.post(address, sent)
    made = Alternative.objects.get(name="Uten Akershus")
    assert answer["Location"] == room.address(made.pk)
    assert room.cells(made.pk) == room.cells(room.second)
    assert made.position == 2
    before = events()
    assert room.client.post(address, sent)["Location"] == answer["Location"]
    assert events() == before
    room.save(made.pk, regel__0__rate="1")
    assert room.cells(room.second)["Hole"][0] == "116572.50"


def test_a_name_that_is_taken_is_refused(room: Room) -> None:
    form = pages.form(room.client.get(ECONOMY), "Lag alternativet")
    for name, message in (("Alternativ 1", "allerede"), (" ", "Fyll inn"), ("x" * 81, "høyst 80")):
        sent = pages.changed(form, name=name)
        answer = room.client.post(ECONOMY + "nytt-alternativ/", sent)
        assert answer.status_code == 422
        assert message in pages.complaints(answer)["name"]
        assert pages.form(answer, "Lag alternativet") == sent
    assert Alternative.objects.filter(plan=room.agreement.plan).count() == 2


def test_another_plans_alternative_cannot_be_copied_chosen_or_opened(
    room: Room, mosse: Agreement
) -> None:
    other = str(mosse.chosen_alternative_id)
    form = pages.form(room.client.get(ECONOMY), "Lag alternativet")
    sent = pages.changed(form, name="Kopi", copy_of=other)
    assert room.client.post(ECONOMY + "nytt-alternativ/", sent).status_code == 422
    chosen = pages.changed(pages.form(room.client.get(ECONOMY), "Lagre valget"), alternative=other)
    assert room.client.post(ECONOMY + "velg/", chosen).status_code == 422
    for more in ("", "regn/", "slett/"):
        assert room.client.post(room.address(int(other), more)).status_code == 404


def test_the_chosen_alternative_cannot_be_deleted_and_the_other_can(room: Room) -> None:
    answer = room.client.post(room.address(more="slett/"), {"revision": 1}, follow=True)
    assert "Velg et annet alternativ før du sletter" in pages.text(answer)
    assert AgreementEvent.objects.filter(action="plan.edited").count() == 0
    answer = room.client.post(room.address(room.second, "slett/"), {"revision": 1}, follow=True)
    assert "Alternativ 2 er slettet" in pages.text(answer)
    assert list(room.agreement.plan.alternatives.values_list("pk", flat=True)) == [room.first]
    assert PlanEvent.objects.latest("pk").data["name"] == "Alternativ 2"


def test_choosing_another_alternative_changes_the_text(room: Room) -> None:
    form = pages.form(room.client.get(ECONOMY), "Lagre valget")
    answer = room.client.post(ECONOMY + "velg/", pages.changed(form, alternative=str(room.second)))
    assert answer.status_code == 302
    assert "16,50" in pages.text(room.client.get(BASE + "tekst/"))


def test_without_a_chosen_alternative_there_is_no_table_and_it_is_said(room: Room) -> None:
    form = pages.form(room.client.get(ECONOMY), "Lagre valget")
    room.client.post(ECONOMY + "velg/", pages.changed(form, alternative=""))
    assert "[mangler: " in pages.text(room.client.get(BASE + "tekst/"))
    assert "Velg et alternativ" in pages.text(room.client.get(BASE + "dokumenter/"))
    assert room.client.get(BASE + "dokumenter/bidragstabell.pdf").status_code == 404
