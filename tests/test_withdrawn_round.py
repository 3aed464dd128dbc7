"""Whoever comes to a round after its version was withdrawn: told what became of it, with nothing lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from agreements import access, deciding
from agreements.domain.states import Action
from agreements.models import Agreement
from tests import pages, rounds
from tests.rounds import HOLE

As = Callable[[str], Client]
REVIEW = "/avtaler/ringeriksregionen-2026/behandling/"
ANSWER = REVIEW + "svar/3310/"


def test_an_answer_about_a_version_that_was_withdrawn_meanwhile_is_told_and_kept(
    ringerike: Agreement, as_: As
) -> None:
    rounds.freeze(ringerike)
    client = as_("director")
    opened = client.get(ANSWER)
    forms = {
        ANSWER: (pages.form(opened, "Send svaret"), {"comment": "Vi betaler for mye."}),
        ANSWER + "deleger/": (pages.form(opened, "Deleger"), {"reason": "Ferie i uke 30."}),
    }
    rounds.take(ringerike, Action.WITHDRAW, "Feil sats.")
    for address, (form, written) in forms.items():
        refused = client.post(address, pages.changed(form, **written))
        assert refused.status_code == 409
        assert "Versjon 1 er trukket tilbake" in pages.text(refused)
        assert next(iter(written.values())) in pages.text(refused)
    assert not ringerike.events.filter(action__startswith="decision.").exists()
    # The link in the mail that asked for it, a week later.
    old_link = client.get(ANSWER)
    assert old_link.status_code == 200
    assert "Svarene på den gjelder ikke lenger." in pages.text(old_link)
    rounds.freeze(ringerike)
    assert pages.form(client.get(ANSWER), "Send svaret")


@pytest.mark.parametrize(
    ("who", "key", "status"),
    [
        *(("outsider", "3310", 404), ("reader", "3310", 403), ("editor", "3310", 403)),
        *(("administrator", "3310", 403), ("director", "3305", 403), ("director", "0301", 404)),
        ("director", "3310", 200),
    ],
)
def test_only_those_who_were_asked_are_told_that_it_is_withdrawn(
    ringerike: Agreement, as_: As, who: str, key: str, status: int
) -> None:
    rounds.freeze(ringerike)
    rounds.take(ringerike, Action.WITHDRAW, "Feil sats.")
    assert as_(who).get(f"{REVIEW}svar/{key}/").status_code == status


def test_a_delegation_is_ended_while_no_version_is_up_for_review(
    ringerike: Agreement, as_: As
) -> None:
    rounds.freeze(ringerike)
    actor, hole, today = rounds.director(HOLE), rounds.body(HOLE), timezone.localdate()
    (to, *_) = access.may_be_delegated(actor.user, ringerike, hole)
    given = deciding.delegate(actor, ringerike, hole, to, (today, today), "Ferie.")
    rounds.take(ringerike, Action.WITHDRAW, "Feil sats.")
    address = f"{ANSWER}deleger/{given.pk}/avslutt/"
    assert as_("editor").post(address).status_code == 403
    assert access.running_delegations(ringerike)
    answer = as_("director").post(address, follow=True)
    assert "Delegeringen er avsluttet." in pages.text(answer)
    assert not access.running_delegations(ringerike)


def test_a_reason_for_taking_back_an_answer_that_counts_no_more_is_shown(
    ringerike: Agreement, as_: As
) -> None:
    version = rounds.freeze(ringerike)
    rounds.answer(version, HOLE)
    opened = pages.form(as_("director").get(ANSWER), "Trekk svaret")
    rounds.take(ringerike, Action.WITHDRAW, "Feil sats.")
    sent = pages.changed(opened, reason="Nye tall i budsjettet.")
    refused = as_("director").post(ANSWER + "trekk/", sent)
    assert refused.status_code == 409
    assert "Svarene på den gjelder ikke lenger." in pages.text(refused)
    assert "Nye tall i budsjettet." in pages.text(refused)


def test_who_is_left_out_of_the_next_version_is_told(ringerike: Agreement, as_: As) -> None:
    rounds.freeze(ringerike)
    opened = pages.form(as_("director").get(ANSWER), "Send svaret")
    rounds.take(ringerike, Action.WITHDRAW, "Feil sats.")
    second = rounds.freeze(ringerike)
    with connection.cursor() as cursor:  # as if Hole were a party to it no more
        cursor.execute("SET LOCAL session_replication_role = replica")
        second.decisions.filter(organisation__key=HOLE).delete()
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    sent = pages.changed(opened, stance="negative", comment="Vi betaler for mye.")
    refused = as_("director").post(ANSWER, sent)
    assert refused.status_code == 409
    assert "Hole kommune er ikke spurt om versjon 2" in pages.text(refused)
    assert "Vi betaler for mye." in pages.text(refused)
