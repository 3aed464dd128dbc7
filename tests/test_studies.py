"""A plan studied before there is an agreement: made, worked on, and then an agreement's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from agreements.models import Agreement
from financing.models import Alternative, Plan, RuleWeight
from financing.reader import load
from municipalities.models import Region
from tests import pages
from tests.desk import As
from tests.studies import NAME, a_study

NEW = "/okonomi/ny/"


@pytest.fixture
def editor(ringerike: Agreement, as_: As) -> Client:
    return as_("editor")


def test_from_nothing_to_a_table(editor: Client) -> None:
    opened = pages.form(editor.get(NEW), "Lag planen")
    assert opened["municipal_rate"] != [""]
    sent = pages.changed(
        opened,
        name="Prøveplan",
        first_year="2026",
        last_year="2028",
        population_date="2025-01-01",
        municipal_rate="14,50",
        county_rate="5,50",
        index_percent="4,1",
    )
    answer = editor.post(NEW, sent)
    plan = Plan.objects.get(name="Prøveplan")
    assert answer["Location"] == f"/okonomi/{plan.pk}/"
    assert editor.post(NEW, sent)["Location"] == answer["Location"]  # a double click
    assert "1 256 000,00" in pages.text(editor.get(f"/okonomi/{plan.pk}/"))
    assert "Prøveplan" in pages.text(editor.get("/okonomi/"))


@pytest.mark.parametrize(
    ("changes", "name", "message"),
    [
        ({"name": ""}, "name", "Fyll inn"),
        ({"first_year": "2030", "last_year": "2029"}, "last_year", "før første år"),
        ({"last_year": "2060"}, "last_year", "høyst 10 år"),
        ({"municipal_rate": "14,5,0"}, "municipal_rate", "bare sifre"),
        ({"population_date": "i fjor"}, "population_date", "som en dato"),
        ({"region": "999999"}, "region", "Velg på nytt"),
    ],
)
def test_a_wrong_answer_is_said_and_kept(
    editor: Client, changes: dict[str, str], name: str, message: str
) -> None:
    sent = pages.changed(pages.form(editor.get(NEW), "Lag planen"), **changes)
    answer = editor.post(NEW, sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    kept = pages.form(answer, "Lag planen")
    assert {n: v for n, v in kept.items() if n != "region"} == {
        n: v for n, v in sent.items() if n != "region"
    }


def test_a_date_without_figures_leaves_them_to_be_typed(editor: Client) -> None:
    sent = pages.changed(
        pages.form(editor.get(NEW), "Lag planen"), name="Uten tall", population_date="2024-06-30"
    )
    answer = editor.post(NEW, sent)
    assert "Innbyggertall mangler" in pages.text(editor.get(answer["Location"]))


def test_a_plan_becomes_an_agreements_and_its_address_shows_that(
    ringerike: Agreement, editor: Client, as_: As
) -> None:
    plan = a_study()
    link = f"/avtaler/ny/ringeriksregionen/?plan={plan.pk}"
    assert link in {n["href"] for n in pages.page(editor.get(f"/okonomi/{plan.pk}/")).all("a")}
    opened = pages.form(editor.get(link), "Lag utkast")
    assert opened["plan"] == [str(plan.pk)]
    assert (opened["term_start"], opened["term_end"]) == (["2029-01-01"], ["2031-12-31"])
    for odd in ("x", "-1", "9" * 30, "٣", ringerike.plan_id):
        other = pages.form(editor.get(f"/avtaler/ny/ringeriksregionen/?plan={odd}"), "Lag utkast")
        assert other["plan"] == [""]
    answer = editor.post("/avtaler/ny/ringeriksregionen/", opened)
    made = Agreement.objects.get(plan=plan)
    assert answer["Location"] == f"/avtaler/{made.slug}/"
    assert made.chosen_alternative == plan.alternatives.get()
    page = pages.page(editor.get(f"/okonomi/{plan.pk}/"))
    assert f"/avtaler/{made.slug}/tekst/" in {n["href"] for n in page.all("a")}
    assert NAME not in pages.text(editor.get("/okonomi/"))


def test_strangers_do_not_see_a_plan(ringerike: Agreement, as_: As) -> None:
    plan = a_study()
    for who in ("reader", "outsider"):
        assert as_(who).get(f"/okonomi/{plan.pk}/").status_code == 404
        assert NAME not in pages.text(as_(who).get("/okonomi/"))
    assert as_("county").get(f"/okonomi/{plan.pk}/").status_code == 200


class Rules:
    """The form of the study's alternative."""

    def __init__(self, client: Client) -> None:
        self.client, self.plan = client, a_study()
        self.row: Alternative = self.plan.alternatives.get()
        self.address = f"/okonomi/{self.plan.pk}/alternativ/{self.row.pk}/"

    def save(self, **changes: str) -> object:
        opened = pages.form(self.client.get(self.address), "Lagre")
        return self.client.post(self.address, pages.changed(opened, **changes))

    def cells(self, key: str) -> tuple[Decimal, ...]:
        (table,) = load(Plan.objects.get(pk=self.plan.pk)).tables.values()
        return next(row.cells for row in table.rows if row.key == key)

    def words(self) -> str:
        return pages.text(self.client.get(f"/okonomi/{self.plan.pk}/"))


@pytest.fixture
def rules(editor: Client) -> Rules:
    return Rules(editor)


def person(rules: Rules, key: str) -> str:
    return f"p{rules.plan.participants.get(organisation__key=key).pk}"


def test_hours_bought_by_one_municipality_come_on_top(rules: Rules) -> None:
    rules.save(
        **{
            "regel-2-target": person(rules, "3310"),
            "regel-2-kind": "hours",
            "regel-2-hours": "20",
            "regel-2-hour_price": "950",
            "regel-2-label": "Veiledning utenom fast del",
            "regel-2-indexed": "",
        }
    )
    assert rules.cells("3310")[0] == Decimal("102442.50") + 19000
    assert "Veiledning utenom fast del. 20 timer à 950,00 kroner i året for Hole" in rules.words()


def test_a_cap_and_a_step_up(rules: Rules) -> None:
    rules.save(**{"regel-0-cap": "400 000", "regel-0-steps": "50 75 100", "regel-0-indexed": ""})
    assert rules.cells("3305") == (200000, 300000, 400000)
    assert rules.cells("3310")[2] == Decimal("102442.50")
    assert "høyst 400 000,00 kroner for hver" in rules.words()


def test_each_county_has_its_own_rate(rules: Rules) -> None:
    rules.save(
        **{
            "regel-1-target": person(rules, "33"),
            "regel-1-rate": "6",
            "regel-2-target": person(rules, "32"),
            "regel-2-kind": "per_inhabitant",
            "regel-2-rate": "4",
            "regel-2-indexed": "",
        }
    )
    assert rules.cells("33")[0] == 6 * 55757
    assert rules.cells("32")[0] == 4 * 7043


WEIGHTS = "Hole; 10\nKrødsherad 0\nModum\t25,5\nRingerike: 60\nJevnaker 4,5"


def test_a_part_by_use_is_stored_and_shown_again(rules: Rules) -> None:
    key = {
        "regel-0-kind": "distribution_key",
        "regel-0-amount": "1 000 000",
        "regel-0-equal_percent": "20",
        "regel-0-population_percent": "50",
        "regel-0-table_percent": "30",
        "regel-0-weights": WEIGHTS,
        "regel-0-indexed": "",
    }
    assert rules.save(**key).status_code == 302
    assert RuleWeight.objects.filter(rule__alternative=rules.row).count() == 5
    total = sum(rules.cells(k)[0] for k in ("3310", "3318", "3316", "3305", "3236"))
    assert total == 1_000_000
    again = pages.form(rules.client.get(rules.address), "Lagre")
    assert "Modum; 25,5" in again["regel-0-weights"][0]
    assert rules.save().status_code == 302
    assert RuleWeight.objects.filter(rule__alternative=rules.row).count() == 5


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("", "Tabellen mangler"),
        ("Hole 1", "Tabellen mangler"),
        (WEIGHTS + "\nOslo 3", "Linje 6 («Oslo 3»): navnet er ikke en av dem"),
        (WEIGHTS + "\nHole 3", "Linje 6 («Hole 3»): navnet står to ganger"),
        (WEIGHTS.replace("60", "mange"), "Linje 4"),
        ("Hole 0\nKrødsherad 0\nModum 0\nRingerike 0\nJevnaker 0", "Minst én"),
    ],
)
def test_a_table_that_cannot_share(rules: Rules, weights: str, message: str) -> None:
    answer = rules.save(
        **{
            "regel-0-kind": "distribution_key",
            "regel-0-amount": "1 000 000",
            "regel-0-table_percent": "100",
            "regel-0-weights": weights,
        }
    )
    assert answer.status_code == 422
    assert message in pages.complaints(answer)["regel-0-weights"]


@pytest.mark.parametrize(
    ("changes", "name", "message"),
    [
        ({"regel-0-steps": "50 150"}, "regel-0-steps", "mellom 0 og 100"),
        ({"regel-0-steps": "1 " * 11}, "regel-0-steps", "høyst 10 år"),
        ({"regel-0-floor": "10", "regel-0-cap": "5"}, "regel-0-cap", "ikke være mindre"),
        ({"regel-0-kind": "hours"}, "regel-0-hours", "Fyll inn hvor mange timer"),
        ({"regel-0-kind": "hours", "regel-0-hours": "5"}, "regel-0-hour_price", "prisen per time"),
        ({"regel-0-label": "x" * 121}, "regel-0-label", "høyst 120 tegn"),
    ],
)
def test_a_rule_that_contradicts_itself(
    rules: Rules, changes: dict[str, str], name: str, message: str
) -> None:
    answer = rules.save(**changes)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]


def test_regions_with_many_plans_are_listed_in_pages(editor: Client, ringerike: Agreement) -> None:
    region = Region.objects.get(slug="ringeriksregionen")
    for number in range(30):
        Plan.objects.create(
            region=region,
            name=f"Plan {number:02}",
            first_year=2030,
            last_year=2031,
            population_date=ringerike.plan.population_date,
        )
    assert "Side 1 av 2" in pages.text(editor.get("/okonomi/"))
    assert "Plan 29" in pages.text(editor.get("/okonomi/?side=2"))
