"""From region, template, term and plan to a complete draft, and everything that can be typed wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from agreements import snapshot
from agreements.domain import checks
from agreements.domain.resolve import plain_text, resolve
from agreements.models import Agreement, AgreementEvent
from financing import reader
from financing.models import Plan
from municipalities.models import FormToken, Organisation, Region
from tests import pages

As = Callable[[str], Client]
ADDRESS = "/avtaler/ny/ringeriksregionen/"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def opened(client: Client, **answers: Any) -> pages.Sent:
    """The form as it is suggested, with other answers."""
    return pages.changed(pages.form(client.get(ADDRESS), "Lag utkast"), **answers)


def newest() -> Agreement:
    return Agreement.objects.latest("pk")


def stored() -> tuple[int, int, int]:
    return Agreement.objects.count(), Plan.objects.count(), FormToken.objects.count()


TERM = {"term_start": "2026-01-01", "term_end": "2028-12-31"}
RATES = {"municipal_rate": "14,50", "county_rate": "5,50", "index_percent": "4,1"}


# --- what works ----------------------------------------------------------------------------------


def test_one_form_makes_a_complete_draft(editor: Client) -> None:
    """The case of sak 27/25: the same figures as the agreement that was drafted there."""
    nav = Organisation.objects.get(key="nav-vest-viken")
    partners = [*opened(editor)["partners"], str(nav.pk)]
    answer = editor.post(ADDRESS, opened(editor, partners=partners, **TERM, **RATES))
    made = newest()
    assert (answer.status_code, answer["Location"]) == (302, f"/avtaler/{made.slug}/")
    assert made.slug == "ringeriksregionen-2026-2"
    assert [p.organisation.key for p in made.parties.all()] == [
        "33",
        "3305",
        "innovasjon-norge",
        "nav-vest-viken",
    ]
    signer = made.parties.get(organisation__key="3305")
    assert [o.short_name for o in signer.on_behalf_of.all()] == [
        "Hole",
        "Jevnaker",
        "Krødsherad",
        "Modum",
    ]
    table = reader.load(made.plan).tables[made.chosen_alternative_id]
    cells = {row.key: row.cells[0] for row in table.rows}
    assert cells["3310"] == Decimal("102442.50")
    assert sum(cells.values()) == table.total.cells[0]
    event = AgreementEvent.objects.get(agreement=made)
    assert (event.action, event.actor.email) == ("agreement.created", "redaktor@ringerike.example")


def test_the_draft_has_no_errors_and_no_blanks(editor: Client) -> None:
    nav = Organisation.objects.get(key="nav-vest-viken")
    partners = [*opened(editor)["partners"], str(nav.pk)]
    answers = {"title": "Avtale om etablererhjelp", "partners": partners, **TERM, **RATES}
    editor.post(ADDRESS, opened(editor, **answers))
    made = newest()
    document = snapshot.build(made)
    found = checks.run(document, snapshot.context(made.region))
    assert [f for f in found if f.level == checks.Level.ERROR] == []
    text = plain_text(resolve(document))
    assert "[mangler" not in text
    for word in ("Hole, Jevnaker, Krødsherad og Modum", "31. desember 2028", "102\u00a0442,50"):
        assert word in text
    for page in ("", "tekst/", "parter/", "tjenester/", "okonomi/", "kontroll/", "dokumenter/"):
        assert editor.get(f"/avtaler/{made.slug}/{page}").status_code == 200


def test_what_is_suggested_can_be_sent_at_once(editor: Client) -> None:
    """Three calendar years from next January, the newest figures, the region's own rates."""
    editor.post(ADDRESS, opened(editor))
    made, year = newest(), dt.date.today().year + 1  # noqa: DTZ011
    assert (made.term_start, made.term_end) == (dt.date(year, 1, 1), dt.date(year + 2, 12, 31))
    assert made.plan.population_date == dt.date(2025, 1, 1)
    assert made.chosen_alternative.rules.get(applies_to="municipalities").rate == Decimal("5.5")


def test_the_partners_of_the_last_agreement_are_suggested(
    ringerike: Agreement, editor: Client
) -> None:
    """In a region without one: those the template has points for, so that no point lacks its party."""

    def suggested() -> list[str]:
        chosen = Organisation.objects.filter(pk__in=opened(editor)["partners"])
        return list(chosen.order_by("key").values_list("key", flat=True))

    assert suggested() == ["innovasjon-norge", "nav-vest-viken"]
    ringerike.parties.filter(role="partner").delete()
    assert suggested() == ["innovasjon-norge", "nav"]
    editor.post(ADDRESS, opened(editor))
    made = newest()
    found = checks.run(snapshot.build(made), snapshot.context(made.region))
    assert [finding for finding in found if finding.level == checks.Level.ERROR] == []


def test_the_browser_does_not_cut_a_title_that_is_pasted_in(editor: Client) -> None:
    title = pages.page(editor.get(ADDRESS)).one("input", name="title")
    assert "maxlength" not in title
    answer = editor.post(ADDRESS, opened(editor, title="a" * 200))
    assert "høyst 160 tegn. Teksten har 200." in pages.complaints(answer)["title"]
    assert pages.page(answer).one("input", name="title")["value"] == "a" * 200


def test_an_index_that_is_left_empty_is_no_index(editor: Client) -> None:
    editor.post(ADDRESS, opened(editor, **TERM, **RATES | {"index_percent": ""}))
    table = reader.load(newest().plan).tables[newest().chosen_alternative_id]
    assert table.index == ()
    assert len({row.cells for row in table.rows if row.key == "3310"}.pop()) == 3
    assert table.rows[0].cells[0] == table.rows[0].cells[2]


def test_a_plan_that_was_studied_before_is_taken_as_it_is(editor: Client) -> None:
    region = Region.objects.get(slug="ringeriksregionen")
    plan = Plan.objects.create(
        region=region, name="Studert", first_year=2026, last_year=2028, population_date="2025-01-01"
    )
    plan.alternatives.create(name="Tegnet")
    empty = {"population_date": "", "municipal_rate": "", "county_rate": ""}
    answer = editor.post(ADDRESS, opened(editor, plan=str(plan.pk), **TERM, **empty))
    assert answer.status_code == 302
    assert newest().plan == plan
    assert newest().chosen_alternative.name == "Tegnet"
    assert str(plan.pk) not in pages.text(editor.get(ADDRESS))
    again = editor.post(ADDRESS, opened(editor, plan=str(plan.pk), **TERM))
    assert again.status_code == 422, "a plan belongs to one agreement"


def test_the_same_form_sent_twice_makes_one_agreement(editor: Client) -> None:
    form = opened(editor, **TERM, **RATES)
    first = editor.post(ADDRESS, form)
    count = stored()
    second = editor.post(ADDRESS, form)
    third = editor.post(ADDRESS, pages.changed(form, title="Samme skjema, annen tittel"))
    assert first["Location"] == second["Location"] == third["Location"]
    assert stored() == count


def test_somebody_elses_form_makes_nothing(editor: Client, as_: As) -> None:
    form = opened(editor, **TERM, **RATES)
    editor.post(ADDRESS, form)
    count = stored()
    assert as_("other_editor").post(ADDRESS, form)["Location"] == "/"
    assert stored() == count


def test_with_one_region_there_is_nothing_to_choose(editor: Client, as_: As) -> None:
    assert editor.get("/avtaler/ny/")["Location"] == ADDRESS
    answer = as_("director").get("/avtaler/ny/")
    assert "Du kan ikke lage avtaler" in pages.text(answer)


def test_with_two_regions_one_is_chosen(editor: Client) -> None:
    user = Organisation.objects.get(key="3305").memberships.get(role="editor").user
    user.memberships.create(organisation=Organisation.objects.get(key="3103"), role="editor")
    answer = editor.get("/avtaler/ny/")
    assert answer.status_code == 200
    moss = Region.objects.get(slug="mosseregionen")
    chosen = editor.get("/avtaler/ny/", {"region": moss.pk})
    assert chosen["Location"] == "/avtaler/ny/mosseregionen/"
    for odd in ("", "0", "-1", "x", "9" * 40, "\x00"):
        answer = editor.get("/avtaler/ny/", {"region": odd})
        assert answer.status_code == 422
        assert set(pages.complaints(answer)) == {"region"}
    assert editor.get("/avtaler/ny/viken/").status_code == 404


# --- what is typed wrong -------------------------------------------------------------------------

LONG = "Samarbeidsavtale " * 12
WRONG = {
    "end before start": ({"term_end": "2025-12-31"}, "Sluttdatoen må være etter startdatoen"),
    "end on the same day": ({"term_end": "2026-01-01"}, "Sluttdatoen må være etter startdatoen"),
    "too many years": ({"term_end": "2036-01-01"}, "høyst 10 kalenderår"),
    "a day there is not": ({"term_end": "2028-02-30"}, "som en dato"),
    "a date in words": ({"term_start": "første januar"}, "som en dato"),
    "a year far off": ({"term_start": "0026-01-01"}, "mellom 2000 og 2100"),
    "no start": ({"term_start": ""}, "Fyll inn"),
    "no title": ({"title": "   "}, "Fyll inn tittel"),
    "a long title": ({"title": LONG[:200]}, "høyst 160 tegn"),
    "NUL in the title": ({"title": "Avtale\x00"}, "ikke tillatt"),
    "only control characters": ({"title": "\x01\x02"}, "Fyll inn tittel"),
    "no template": ({"template": ""}, "Velg avtalemal"),
    "a template there is not": ({"template": "987654"}, "Velg på nytt"),
    "letters in a rate": ({"municipal_rate": "fjorten"}, "bare sifre"),
    "two commas": ({"municipal_rate": "14,5,0"}, "bare sifre"),
    "two meanings": ({"municipal_rate": "1.234,567.8"}, "flere måter"),
    "a negative rate": ({"county_rate": "-5,50"}, "mindre enn 0"),
    "too many decimals": ({"county_rate": "5,50001"}, "høyst 4 desimaler"),
    "too many digits": ({"county_rate": "123456"}, "sifre"),
    "no municipal rate": ({"municipal_rate": ""}, "Fyll inn kommunenes sats"),
    "no county rate": ({"county_rate": ""}, "Fyll inn fylkeskommunens sats"),
    "an index of letters": ({"index_percent": "4,1 %"}, "bare sifre"),
    "an index below": ({"index_percent": "-51"}, "mindre enn −50"),
    "no population date": ({"population_date": ""}, "Velg datoen"),
    "an unknown population date": ({"population_date": "1999-01-01"}, "Registeret har ikke"),
    "a title that cannot be printed": (
        {"title": "Avtale \U0001f600 om \u4e2d"},
        "Tegnene «\U0001f600», «\u4e2d» kan ikke skrives ut",
    ),
    "a partner there is not": ({"partners": ["987654"]}, "Velg på nytt"),
    "a partner that is a word": ({"partners": ["navn"]}, "Velg på nytt"),
    "a partner that is no character": ({"partners": ["\x00"]}, ""),
}


def sent_back(answer: HttpResponse, typed: pages.Sent, count: tuple[int, int, int]) -> None:
    assert answer.status_code == 422
    assert stored() == count
    again = pages.form(answer, "Lag utkast")
    # A browser cannot send a choice that is not in the list, so the page cannot show it again.
    chosen = ("template", "plan", "partners")
    assert {n: v for n, v in again.items() if n not in chosen} == {
        n: v for n, v in typed.items() if n not in chosen
    }


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(
    wrong: str, editor: Client
) -> None:
    answers, message = WRONG[wrong]
    typed = opened(editor, **TERM | RATES | {"title": "Avtale om noe"} | answers)
    count = stored()
    answer = editor.post(ADDRESS, typed)
    said = pages.complaints(answer)
    (name,) = answers
    assert name in said
    assert message in said[name]
    sent_back(answer, typed, count)


def test_everything_wrong_is_said_at_once(editor: Client) -> None:
    typed = opened(
        editor,
        title=LONG,
        municipal_rate="1,2,3",
        county_rate="fem",
        **TERM | {"term_end": "2020-01-01"},
    )
    count = stored()
    answer = editor.post(ADDRESS, typed)
    said = pages.complaints(answer)
    assert set(said) == {"title", "term_end", "municipal_rate", "county_rate"}
    assert pages.page(answer).one("title").text.startswith("Feil – ")
    sent_back(answer, typed, count)


def test_another_regions_plan_cannot_be_chosen(editor: Client, mosse: Agreement) -> None:
    free = Plan.objects.create(
        region=mosse.region, name="X", first_year=2026, last_year=2028, population_date="2025-01-01"
    )
    for plan in (free, mosse.plan):
        typed = opened(editor, plan=str(plan.pk), **TERM)
        count = stored()
        answer = editor.post(ADDRESS, typed)
        assert set(pages.complaints(answer)) == {"plan"}
        sent_back(answer, typed, count)


@pytest.mark.parametrize("token", [None, "", "x", "\x00", "7" * 40])
def test_a_form_without_its_token_makes_nothing(token: str | None, editor: Client) -> None:
    typed = opened(editor, token=token, **TERM, **RATES)
    count = stored()
    assert editor.post(ADDRESS, typed).status_code == 422
    assert stored() == count


def test_a_title_with_odd_characters_is_stored_clean(editor: Client) -> None:
    odd = "Avtale\x01 om \u202ehjelp\u200b – én «prøve» <b>"
    editor.post(ADDRESS, opened(editor, title=odd, **TERM, **RATES))
    assert newest().title == "Avtale om hjelp – én «prøve» <b>"
