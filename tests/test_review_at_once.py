"""The review raced for real: two people, or a person and the team, in the same moment."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements import record, workflow
from agreements.domain.states import Action, State
from agreements.models import Agreement, Version
from municipalities.models import Membership, User
from tests import pages, rounds
from tests.conftest import CAST
from tests.rounds import HOLE
from tests.simultaneous import at_once, codes

pytestmark = pytest.mark.django_db(transaction=True)
REVIEW = "/avtaler/ringeriksregionen-2026/behandling/"
ANSWER = REVIEW + "svar/3310/"
SECOND = "varadirektor@hole.example"


def client(who: str) -> Client:
    made = Client()
    made.force_login(User.objects.get(email=CAST.get(who, who)))
    return made


def answer_of(who: str, stance: str) -> dict[str, Any]:
    opened = pages.form(client(who).get(ANSWER), "Send svaret")
    return pages.changed(opened, stance=stance, comment="Derfor.")


def given(agreement: Agreement) -> int:
    return agreement.events.filter(action="decision.given").count()


@pytest.fixture
def version(ringerike: Agreement) -> Version:
    second = User.objects.create_user(SECOND, "x", name="Siv Stedfortreder")
    Membership.objects.create(
        user=second, organisation=rounds.body(HOLE), role=Membership.Role.DIRECTOR
    )
    return rounds.freeze(ringerike)


def test_two_directors_of_one_municipality_give_one_answer(
    ringerike: Agreement, version: Version
) -> None:
    posts = [
        (who, ANSWER, answer_of(who, stance))
        for who, stance in (("director", "negative"), (SECOND, "conditional"))
    ]
    answers = at_once(*posts)
    assert codes(answers) == [302, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "Det er alt svart for kommunen" in pages.text(refused)
    assert given(ringerike) == 1
    assert record.first_break(ringerike) is None


def test_a_double_click_is_one_answer(ringerike: Agreement, version: Version) -> None:
    data = answer_of("director", "positive")
    answers = at_once(*[("director", ANSWER, data)] * 3)
    assert codes(answers) == [302, 302, 302]
    assert given(ringerike) == 1


def test_an_answer_and_a_withdrawal_have_one_order(ringerike: Agreement, version: Version) -> None:
    """Either the answer came first and counts in the record, or the version was gone and it is told."""
    step = REVIEW + "steg/withdraw/"
    withdraw = pages.changed(pages.form(client("administrator").get(step), "Trekk"), reason="Feil.")
    answers = at_once(
        ("director", ANSWER, answer_of("director", "negative")), ("administrator", step, withdraw)
    )
    assert codes(answers) in ([302, 302], [302, 409])
    ringerike.refresh_from_db()
    assert ringerike.state is State.DRAFT
    actions = list(ringerike.events.order_by("number").values_list("action", flat=True))
    if answers[0].status_code == 302:
        assert actions.index("decision.given") < actions.index("state.withdraw")
    else:
        assert "decision.given" not in actions
        assert "Derfor." in pages.text(answers[0])
    assert record.first_break(ringerike) is None


def test_two_administrators_freeze_one_version(ringerike: Agreement) -> None:
    other = User.objects.create_user("admin2@ringerike.example", "x", name="Anne Administrator")
    Membership.objects.create(
        user=other, organisation=rounds.body("3305"), role=Membership.Role.ADMINISTRATOR
    )
    rounds.ready(ringerike)
    address = REVIEW + "las/"
    posts = []
    for who in ("administrator", other.email):
        opened = pages.form(client(who).get(address), "Lås")
        posts.append((who, address, pages.changed(opened, deadline="2026-12-31")))
    answers = at_once(*posts)
    assert codes(answers) == [302, 409]
    assert Version.objects.count() == 1
    assert ringerike.events.filter(action="state.freeze").count() == 1


def test_an_edit_while_it_is_frozen_is_in_the_version_or_refused(ringerike: Agreement) -> None:
    rounds.ready(ringerike)
    clause = "/avtaler/ringeriksregionen-2026/tekst/punkt/formaal/"
    edit = pages.changed(pages.form(client("editor").get(clause), "Lagre"), text="Nytt formål.")
    address = REVIEW + "las/"
    freeze = pages.changed(
        pages.form(client("administrator").get(address), "Lås"), deadline="2026-12-31"
    )
    edited, frozen = at_once(("editor", clause, edit), ("administrator", address, freeze))
    assert sorted([edited.status_code, frozen.status_code]) == [302, 409]
    ringerike.refresh_from_db()
    if frozen.status_code == 302:
        document = workflow.document_of(Version.objects.get())
        assert "Nytt formål." not in str(document)
        assert "Nytt formål." in pages.text(edited)  # what was typed is not lost
    else:
        assert ringerike.state is State.DRAFT
        assert "Utkastet er endret" in pages.text(frozen)


def test_two_steps_from_one_state_are_one_step(ringerike: Agreement, version: Version) -> None:
    for key in rounds.DIRECTORS:
        rounds.answer(version, key)
    posts = []
    for action in ("recommend", "withdraw"):
        address = f"{REVIEW}steg/{action}/"
        opened = client("administrator").get(address)
        button = "Avslutt" if action == "recommend" else "Trekk"
        sent = pages.form(opened, button)
        if action == "withdraw":
            sent = pages.changed(sent, reason="Feil.")
        posts.append(("administrator", address, sent))
    answers = at_once(*posts)
    assert codes(answers) == [302, 409]
    steps = ringerike.events.filter(action__in=[f"state.{a}" for a in Action]).count()
    assert steps == 2  # the freezing, and one of them


def test_the_last_two_councils_conclude_once(ringerike: Agreement) -> None:
    rounds.to_councils(ringerike)
    keys = list(rounds.DIRECTORS)
    for key in keys[:-2]:
        rounds.resolve(ringerike, key)
    posts = []
    for key in keys[-2:]:
        address = f"{REVIEW}vedtak/{key}/"
        sent = pages.changed(
            pages.form(client("administrator").get(address), "Lagre vedtaket"),
            case_number="1/25",
            decided_on="2025-06-12",
            outcome="adopted",
        )
        posts.append(("administrator", address, sent))
    assert codes(at_once(*posts)) == [302, 302]
    ringerike.refresh_from_db()
    assert ringerike.state is State.ADOPTED
    assert ringerike.events.filter(action="state.adopt").count() == 1
