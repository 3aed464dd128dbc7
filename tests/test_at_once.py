"""Two requests in the same moment, each in a thread of its own: one of them waits, none fails."""

from __future__ import annotations

import threading

import pytest

from agreements import editing, snapshot
from agreements.domain import numbering
from agreements.models import Agreement, AgreementEvent
from financing.models import Alternative
from municipalities.models import Organisation
from tests import inputs, pages
from tests.desk import BASE, As, Case, Desk
from tests.simultaneous import at_once, codes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(ringerike: Agreement, as_: As) -> Desk:
    return Desk(ringerike, as_)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let two requests both have checked their forms before either takes the lock."""
    barrier, lock = threading.Barrier(2), editing.lock_draft
    waited = threading.local()

    def wait(agreement: Agreement) -> Agreement:
        # A service may lock again for an edit inside it: only the first time is a race.
        if threading.current_thread() is not threading.main_thread() and not hasattr(
            waited, "once"
        ):
            waited.once = True
            barrier.wait(30)
        return lock(agreement)

    monkeypatch.setattr(editing, "lock_draft", wait)


def test_two_saves_at_once_store_one_and_stop_the_other(desk: Desk, late: None) -> None:
    case = Case("tekst/punkt/formaal/", {}, {}, ())
    address, opened = BASE + case.path, desk.open(case)
    answers = at_once(
        ("editor", address, desk.typed(opened, {"text": "Den ene."})),
        ("other_editor", address, desk.typed(opened, {"text": "Den andre."})),
    )
    assert codes(answers) == [302, 409]
    clause = desk.agreement.clauses.get(key="formaal")
    assert clause.revision == 2
    assert AgreementEvent.objects.filter(data__pk=clause.pk, action="clause.edited").count() == 1


def tree(agreement: Agreement) -> dict[str, str]:
    """The number of every clause; fails where one is not in the tree."""
    found = numbering.numbers(snapshot.build(agreement).clauses)
    assert len(found) == agreement.clauses.count()
    return found


def test_two_points_put_under_each_other_at_once(desk: Desk, late: None) -> None:
    address = BASE + "tekst/punkt/{}/plasser/"
    answers = at_once(
        ("editor", address.format("formaal"), {"under": "varighet"}),
        ("other_editor", address.format("varighet"), {"under": "formaal"}),
    )
    assert codes(answers) == [302, 409]
    tree(desk.agreement)


def test_a_point_moved_under_one_that_is_deleted_at_once(desk: Desk, late: None) -> None:
    base = BASE + "tekst/punkt/"
    before = desk.agreement.clauses.count()
    moved, deleted = at_once(
        ("editor", base + "formaal/plasser/", {"under": "varighet"}),
        ("other_editor", base + "varighet/slett/", {"revision": "1"}),
    )
    assert deleted.status_code == 302
    assert moved.status_code in (302, 409)
    # Moved first, it went with the other, and comes back with it.
    assert len(tree(desk.agreement)) == before - (2 if moved.status_code == 302 else 1)


def test_all_steps_at_once_end_in_one_tree(desk: Desk) -> None:
    base = BASE + "tekst/punkt/"
    steps = (("formaal", "opp"), ("varighet", "inn"), ("formaal", "ned"), ("varighet", "ut"))
    answers = at_once(*(("editor", f"{base}{key}/flytt/{step}/", {}) for key, step in steps))
    assert set(codes(answers)) <= {302, 409}
    tree(desk.agreement)


def test_a_suggestion_accepted_and_declined_at_once_has_one_outcome(desk: Desk, late: None) -> None:
    row = inputs.a_suggestion(desk.agreement)
    address = f"{BASE}innspill/{row.pk}/"
    answers = at_once(
        ("editor", address + "ta-inn/", {"revision": "1"}),
        ("other_editor", address + "avslag/", {"reason": "Trengs ikke."}),
    )
    assert codes(answers) == [302, 409]
    row.refresh_from_db()
    accepted = row.state == "accepted"
    stored = desk.agreement.clauses.get(key=row.clause_key)
    assert stored.revision == (2 if accepted else 1)
    closing = AgreementEvent.objects.filter(
        action__in=("input.accepted", "input.declined"), data__pk=row.pk
    )
    assert [event.action for event in closing] == [f"input.{row.state}"]


def test_a_double_click_makes_one_agreement(desk: Desk) -> None:
    address = "/avtaler/ny/ringeriksregionen/"
    data = pages.form(desk.as_("editor").get(address), "Lag utkast")
    answers = at_once(("editor", address, data), ("editor", address, data))
    assert codes(answers) == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Agreement.objects.filter(region__slug="ringeriksregionen").count() == 2


def test_two_people_make_two_agreements_for_the_same_years_at_once(desk: Desk) -> None:
    address = "/avtaler/ny/ringeriksregionen/"
    people = ("editor", "other_editor")
    forms = [pages.form(desk.as_(who).get(address), "Lag utkast") for who in people]
    answers = at_once(*((who, address, data) for who, data in zip(people, forms, strict=True)))
    assert codes(answers) == [302, 302]
    assert answers[0]["Location"] != answers[1]["Location"]


def test_a_plan_is_given_to_one_agreement_only(desk: Desk) -> None:
    plan = desk.agreement.plan
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


def test_two_alternatives_given_one_name_at_once(desk: Desk, late: None) -> None:
    posts = []
    for word, who in (("{first}", "editor"), ("{second}", "other_editor")):
        case = Case(f"okonomi/alternativ/{word}/", {}, {}, ())
        address = BASE + desk.fill(case.path)
        posts.append((who, address, desk.typed(desk.open(case), {"name": "Felles navn"})))
    assert codes(at_once(*posts)) in ([302, 409], [302, 422])
    assert Alternative.objects.filter(name="Felles navn").count() == 1


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
    assert desk.agreement.parties.filter(organisation=organisation).count() == 1


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
