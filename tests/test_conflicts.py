"""Two people at the same thing: nobody overwrites the other, and nothing is made or done twice."""

from __future__ import annotations

import pytest

from agreements.models import Agreement, AgreementEvent
from financing.models import Participant, PlanEvent
from tests import pages
from tests.desk import BASE, As, Case, Desk

CASES = [
    Case(
        "opplysninger/",
        {"title": "Avtale om etablererhjelp", "term_end": "2029-06-30"},
        {"title": "Avtale om gründerhjelp"},
        ("Avtale om etablererhjelp", "30. juni 2029"),
    ),
    Case(
        "tekst/punkt/formaal/",
        {"heading": "Hvorfor vi samarbeider", "text": "Den ene <b>skrev</b> dette."},
        {"text": "Den andre skrev noe helt annet.\n\n- med en liste"},
        ("Hvorfor vi samarbeider", "Den ene <b>skrev</b> dette."),
    ),
    Case(
        "parter/part/3305/",
        {"signatory_name": "Kari Nord", "mandate": "Vedtak 12/26"},
        {"signatory_name": "Per Sør", "on_behalf_of": None},
        ("Kari Nord", "Vedtak 12/26"),
    ),
    Case(
        "tjenester/{service}/",
        {"text": "Kurs to ganger i året"},
        {"text": "Kurs hver måned", "level": "quality"},
        ("Kurs to ganger i året",),
    ),
    Case(
        "okonomi/plan/",
        {"name": "Planen etter møtet", "rad__0__population": "7 100"},
        {"rad__3__status": "undecided", "invoicing": "Alle betaler i mars."},
        ("Planen etter møtet", "Hole: 7 100"),
    ),
    Case(
        "okonomi/alternativ/{first}/",
        {"regel__0__rate": "17,04"},
        {"regel__0__rate": "20", "index_source": "Eget anslag"},
        # 17,04 x 7 065 inhabitants of Hole.
        ("120 387,60",),
    ),
    Case(
        "okonomi/",
        {"alternative": "{second}"},
        {"alternative": ""},
        ("Noen andre endret avtalen mens du valgte", "Alternativ 2 Valgt"),
        button="Lagre valget",
        action="velg/",
        sent_to="okonomi/velg/",
    ),
]
each_form = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture
def desk(ringerike: Agreement, as_: As) -> Desk:
    return Desk(ringerike, as_)


def without(data: pages.Sent, *names: str) -> pages.Sent:
    return {name: value for name, value in data.items() if name not in names}


@each_form
def test_a_stale_save_is_stopped_with_both_texts_and_saving_again_works(
    case: Case, desk: Desk
) -> None:
    mine, theirs = desk.open(case, "editor"), desk.open(case, "other_editor")
    assert desk.send(case, desk.typed(mine, case.one)).status_code == 302
    events = AgreementEvent.objects.count()

    typed = desk.typed(theirs, case.two)
    stopped = desk.send(case, typed, "other_editor")
    assert stopped.status_code == 409
    assert AgreementEvent.objects.count() == events
    words = pages.text(stopped)
    for shown in case.shown:
        assert shown in words
    # Everything the second person typed is still in the form; only the revision is the stored one,
    # and the text of a point is kept in a draft.
    again = pages.form(stopped, "Lagre", case.action)
    assert without(again, "revision", "draft") == without(typed, "revision", "draft")
    assert again["revision"] != typed["revision"]

    assert desk.send(case, again, "other_editor").status_code == 302
    assert AgreementEvent.objects.count() == events + 1
    stored = desk.open(case)
    for name, value in case.two.items():
        kept = stored.get(name.replace("__", "-"), [None])[0]
        assert kept in (desk.fill(value), f"{value},00")


@each_form
def test_the_same_form_sent_twice_changes_once(case: Case, desk: Desk) -> None:
    typed = desk.typed(desk.open(case), case.one)
    first = desk.send(case, typed)
    events = AgreementEvent.objects.count(), PlanEvent.objects.count()
    second = desk.send(case, typed)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert (AgreementEvent.objects.count(), PlanEvent.objects.count()) == events


@each_form
def test_saving_without_a_change_writes_nothing(case: Case, desk: Desk) -> None:
    events = AgreementEvent.objects.count(), PlanEvent.objects.count()
    opened = desk.open(case)
    assert desk.send(case, opened).status_code == 302
    assert (AgreementEvent.objects.count(), PlanEvent.objects.count()) == events
    assert desk.open(case) == opened


@each_form
def test_a_form_without_its_revision_is_refused(case: Case, desk: Desk) -> None:
    typed, before = desk.typed(desk.open(case), case.one), AgreementEvent.objects.count()
    for revision in (None, "0", "-1", "2147483648", "9" * 30, "x", "1.5", "\x00"):
        answer = desk.send(case, pages.changed(typed, revision=revision))
        assert answer.status_code == 422, revision
    assert AgreementEvent.objects.count() == before


# --- deleting something that somebody has changed ------------------------------------------------


DELETIONS = [
    ("tekst/punkt/formaal/", "tekst/punkt/formaal/slett/", {"text": "Nytt."}),
    ("parter/part/3305/", "parter/part/3305/slett/", {"signatory_name": "Ny"}),
    ("tjenester/{service}/", "tjenester/{service}/slett/", {"text": "Nytt"}),
    ("okonomi/alternativ/{second}/", "okonomi/alternativ/{second}/slett/", {"name": "Nytt"}),
]


@pytest.mark.parametrize(("page", "delete", "change"), DELETIONS)
def test_what_was_changed_meanwhile_is_not_deleted(
    page: str, delete: str, change: dict[str, str], desk: Desk
) -> None:
    case = Case(page, change, {}, ())
    opened = desk.open(case)
    assert desk.send(case, desk.typed(opened, change)).status_code == 302
    answer = desk.as_("other_editor").post(
        BASE + desk.fill(delete), {"revision": opened["revision"]}, follow=True
    )
    assert "endret av noen andre" in pages.text(answer) or answer.status_code == 409
    assert not AgreementEvent.objects.filter(action__endswith="deleted").exists()
    assert desk.as_("editor").get(BASE + desk.fill(page)).status_code == 200


def test_deleting_twice_says_that_it_is_gone(desk: Desk) -> None:
    service = desk.agreement.services.first()
    address = f"{BASE}tjenester/{service.key}/slett/"
    statuses = [desk.as_("editor").post(address, {"revision": 1}).status_code for _ in range(2)]
    assert statuses == [302, 404]
    assert AgreementEvent.objects.filter(action="service.deleted").count() == 1


# --- the economy ---------------------------------------------------------------------------------


ECONOMY = Case("okonomi/alternativ/{first}/", {}, {}, ())
PLAN = Case("okonomi/plan/", {}, {}, ())


def test_a_rule_somebody_added_does_not_turn_the_conflict_into_a_complaint(desk: Desk) -> None:
    """The page was opened with two rules; the empty row after them is still empty."""
    theirs = desk.open(ECONOMY, "other_editor")
    added = {
        "regel__2__target": "municipalities",
        "regel__2__kind": "fixed",
        "regel__2__amount": "5",
    }
    assert desk.send(ECONOMY, desk.typed(desk.open(ECONOMY), added)).status_code == 302
    typed = desk.typed(theirs, {"regel__0__rate": "15"})
    stopped = desk.send(ECONOMY, typed, "other_editor")
    assert stopped.status_code == 409
    again = pages.form(stopped, "Lagre")
    assert without(again, "revision") == without(typed, "revision")


def test_a_new_population_date_sent_twice_fetches_once(desk: Desk) -> None:
    """The second time the date is the stored one, and the figures in the form are the old ones."""
    typed = desk.typed(desk.open(PLAN), {"population_date": "2026-01-01"})
    figures(desk.agreement, "2026-01-01", 100)
    assert [desk.send(PLAN, typed).status_code for _ in range(2)] == [302, 302]
    assert desk.agreement.plan.events.filter(action="plan.edited").count() == 1
    assert hole(desk.agreement) == (7165, "2026-01-01", "Prøve")


def test_a_stale_save_over_a_new_population_date_keeps_the_source_of_the_figures(
    desk: Desk,
) -> None:
    """The figures belong to a date: going back to the old one takes them from the register again."""
    theirs = desk.open(PLAN, "other_editor")
    before = hole(desk.agreement)
    figures(desk.agreement, "2026-01-01", 100)
    mine = desk.typed(desk.open(PLAN), {"population_date": "2026-01-01"})
    assert desk.send(PLAN, mine).status_code == 302
    stopped = desk.send(PLAN, desk.typed(theirs, {"name": "Den andre planen"}), "other_editor")
    assert stopped.status_code == 409
    assert desk.send(PLAN, pages.form(stopped, "Lagre"), "other_editor").status_code == 302
    assert hole(desk.agreement) == before


def figures(agreement: Agreement, day: str, more: int) -> None:
    """Give the register figures for another date: those of the plan and some more."""
    for person in agreement.plan.participants.exclude(population=None).select_related(
        "organisation__municipality"
    ):
        person.organisation.municipality.population_figures.create(
            reference_date=day, value=person.population + more, source="Prøve"
        )


def hole(agreement: Agreement) -> tuple[int | None, str, str]:
    row = Participant.objects.get(plan=agreement.plan, organisation__key="3310")
    return row.population, str(row.population_date), row.population_source
