"""Two people at the same thing: nobody overwrites the other, and nothing is made or done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from agreements import editing
from agreements.models import Agreement, AgreementEvent, Party
from financing.models import Alternative, Participant, PlanEvent
from municipalities.models import Organisation, User
from tests import pages
from tests.conftest import CAST

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/"


@dataclass(frozen=True)
class Case:
    """A form two people have open: what each types, and which words show what the other stored."""

    path: str
    one: dict[str, Any]
    two: dict[str, Any]
    shown: tuple[str, ...]
    button: str = "Lagre"
    action: str = ""
    sent_to: str = ""
    only: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.path or "velg"


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
        {"signatory_name": "Per Sør", "on_behalf_of": []},
        ("Kari Nord", "Vedtak 12/26"),
    ),
    Case(
        "tjenester/{service}/",
        {"text": "Kurs to ganger i året"},
        {"text": "Kurs hver måned", "level": "additional"},
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


@dataclass
class Desk:
    """Forms as this database has them."""

    agreement: Agreement
    as_: As

    def fill(self, word: Any) -> Any:
        if not isinstance(word, str):
            return word
        first, second = self.agreement.plan.alternatives.order_by("position")[:2]
        service = self.agreement.services.filter(level="minimum")[0]
        known = {"{first}": first.pk, "{second}": second.pk, "{service}": service.key}
        for name, value in known.items():
            word = word.replace(name, str(value))
        return word

    def open(self, case: Case, who: str = "editor") -> pages.Sent:
        answer = self.as_(who).get(BASE + self.fill(case.path))
        return pages.form(answer, case.button, case.action)

    def send(self, case: Case, data: pages.Sent, who: str = "editor") -> HttpResponse:
        return self.as_(who).post(BASE + self.fill(case.sent_to or case.path), data)

    def typed(self, opened: pages.Sent, values: dict[str, Any]) -> pages.Sent:
        return pages.changed(opened, **{name: self.fill(v) for name, v in values.items()})


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
    # Everything the second person typed is still in the form; only the revision is the stored one.
    again = pages.form(stopped, "Lagre", case.action)
    assert without(again, "revision") == without(typed, "revision")
    assert again["revision"] != typed["revision"]

    assert desk.send(case, again, "other_editor").status_code == 302
    assert AgreementEvent.objects.count() == events + 1
    stored = desk.open(case)
    for name, value in case.two.items():
        name, value = name.replace("__", "-"), desk.fill(value)
        assert [v.replace("\xa0", " ") for v in stored.get(name, [])] in ([value], [value + ",00"], value)


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
    typed = desk.typed(desk.open(case), case.one)
    for revision in (None, "0", "-1", "2147483648", "9" * 30, "x", "1.5", "\x00"):
        answer = desk.send(case, pages.changed(typed, revision=revision))
        assert answer.status_code == 422, revision
    assert not AgreementEvent.objects.filter(action__endswith="edited").exists()


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
    added = {"regel__2__target": "municipalities", "regel__2__kind": "fixed", "regel__2__amount": "5"}
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


# --- at the same moment --------------------------------------------------------------------------


def at_once(*posts: tuple[str, str, dict[str, Any]]) -> list[HttpResponse]:
    """Send the forms (role, address, data) from one thread each, all at the same moment."""
    barrier, answers = threading.Barrier(len(posts)), [HttpResponse()] * len(posts)

    def send(number: int, who: str, address: str, data: dict[str, Any]) -> None:
        try:
            client = Client(raise_request_exception=False)
            client.force_login(User.objects.get(email=CAST[who]))
            barrier.wait(30)
            answers[number] = client.post(address, data)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=send, args=(number, *post)) for number, post in enumerate(posts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def codes(answers: list[HttpResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two requests both have checked their forms before either takes the lock."""
    barrier, lock = threading.Barrier(2), editing.lock_draft

    def wait(agreement: Agreement) -> Agreement:
        barrier.wait(30)
        return lock(agreement)

    monkeypatch.setattr(editing, "lock_draft", wait)


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_store_one_and_stop_the_other(desk: Desk, late: None) -> None:
    case = CASES[1]
    address, opened = BASE + case.path, desk.open(case)
    answers = at_once(
        ("editor", address, desk.typed(opened, case.one)),
        ("other_editor", address, desk.typed(opened, case.two)),
    )
    assert codes(answers) == [302, 409]
    clause = desk.agreement.clauses.get(key="formaal")
    assert clause.revision == 2
    assert AgreementEvent.objects.filter(action="clause.edited").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_agreement(desk: Desk) -> None:
    address = "/avtaler/ny/ringeriksregionen/"
    data = pages.form(desk.as_("editor").get(address), "Lag utkast")
    answers = at_once(("editor", address, data), ("editor", address, data))
    assert codes(answers) == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Agreement.objects.filter(region__slug="ringeriksregionen").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_people_make_two_agreements_for_the_same_years_at_once(desk: Desk) -> None:
    address = "/avtaler/ny/ringeriksregionen/"
    people = ("editor", "other_editor")
    forms = [pages.form(desk.as_(who).get(address), "Lag utkast") for who in people]
    answers = at_once(*((who, address, data) for who, data in zip(people, forms, strict=True)))
    assert codes(answers) == [302, 302]
    assert answers[0]["Location"] != answers[1]["Location"]


@pytest.mark.django_db(transaction=True)
def test_a_plan_is_given_to_one_agreement_only(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = desk.agreement.plan
    desk.agreement.chosen_alternative = None
    address = "/avtaler/ny/ringeriksregionen/"
    plan.pk, plan._state.adding, plan.name = None, True, "Ledig plan"
    plan.save()
    people = ("editor", "other_editor")
    forms = [
        pages.changed(pages.form(desk.as_(who).get(address), "Lag utkast"), plan=str(plan.pk))
        for who in people
    ]
    answers = at_once(*((who, address, data) for who, data in zip(people, forms, strict=True)))
    assert codes(answers)[0] == 302
    assert codes(answers)[1] in (409, 422)
    assert Agreement.objects.filter(plan=plan).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_new_alternatives_with_one_name_at_once(desk: Desk, late: None) -> None:
    forms = [
        pages.changed(
            pages.form(desk.as_(who).get(BASE + "okonomi/"), "Lag alternativet"), name="Nytt"
        )
        for who in ("editor", "other_editor")
    ]
    address = BASE + "okonomi/nytt-alternativ/"
    answers = at_once(("editor", address, forms[0]), ("other_editor", address, forms[1]))
    assert codes(answers) in ([302, 409], [302, 422])
    assert Alternative.objects.filter(name="Nytt").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_alternatives_given_one_name_at_once(desk: Desk, late: None) -> None:
    posts = []
    for word, who in (("{first}", "editor"), ("{second}", "other_editor")):
        case = Case(f"okonomi/alternativ/{word}/", {}, {}, ())
        address = BASE + desk.fill(case.path)
        posts.append((who, address, desk.typed(desk.open(case), {"name": "Felles navn"})))
    assert codes(at_once(*posts)) in ([302, 409], [302, 422])
    assert Alternative.objects.filter(name="Felles navn").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_parties_added_at_once(desk: Desk, late: None) -> None:
    organisation = Organisation.objects.get(key="nav-ost-viken")
    forms = [
        pages.changed(
            pages.form(desk.as_(who).get(BASE + "parter/ny/"), "Legg til"),
            organisation=str(organisation.pk),
            role="partner",
        )
        for who in ("editor", "other_editor")
    ]
    address = BASE + "parter/ny/"
    answers = at_once(("editor", address, forms[0]), ("other_editor", address, forms[1]))
    assert codes(answers) in ([302, 409], [302, 422])
    assert Party.objects.filter(organisation=organisation).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_parties_made_the_contract_municipality_at_once(desk: Desk, late: None) -> None:
    desk.agreement.parties.all().delete()
    posts = []
    for position, (key, who) in enumerate((("3305", "editor"), ("3310", "other_editor"))):
        organisation = Organisation.objects.get(key=key)
        desk.agreement.parties.create(organisation=organisation, role="partner", position=position)
        case = Case(f"parter/part/{key}/", {}, {}, ())
        typed = desk.typed(desk.open(case), {"role": "contract_municipality"})
        posts.append((who, BASE + case.path, typed))
    assert codes(at_once(*posts)) in ([302, 409], [302, 422])
    assert desk.agreement.parties.filter(role="contract_municipality").count() == 1


@pytest.mark.django_db(transaction=True)
def test_lines_added_at_once_get_different_keys(desk: Desk) -> None:
    address = BASE + "tjenester/"
    posts = []
    for who in ("editor", "other_editor"):
        opened = pages.form(desk.as_(who).get(address), "Legg til", "")
        tokens = opened["token"][-1:]
        typed = {"level": ["quality"], "text": ["Rask hjelp"], "token": tokens, "key": [""]}
        posts.append((who, address, typed))
    assert codes(at_once(*posts)) == [302, 302]
    rows = desk.agreement.services.filter(text="Rask hjelp")
    assert sorted(row.key for row in rows) == ["rask-hjelp", "rask-hjelp-2"]
    assert len({row.position for row in rows}) == 2
