"""Reminders, a deadline that is moved, daily summaries, and the pages of one's own messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from agreements import deadlines, notifying, tasks
from agreements.domain.states import Action
from agreements.models import Agreement, Delivery, Digest, Message, NoticeChoice, Version
from municipalities import revisions
from tests import inputs, jobs, pages, rounds
from tests.conftest import CAST
from tests.rounds import HOLE, MODUM
from tests.telling import DIRECTORS, choose, due, mailed, told

As = Callable[[str], Client]
NOTICES, FRIST = "/min-side/varsler/", "/avtaler/ringeriksregionen-2026/behandling/frist/"
REVIEW = "/avtaler/ringeriksregionen-2026/behandling/"


# --- reminders and the deadline ------------------------------------------------------------------


def remind_after(version: Version, days: int) -> set[str]:
    """Run the day's reminders so many days after freezing, twice; return who got one."""
    day = timezone.localdate(version.frozen_at) + dt.timedelta(days=days)
    before = set(Message.objects.filter(kind="reminder").values_list("pk", flat=True))
    notifying.remind(day)
    assert notifying.remind(day) == 0
    new = Message.objects.filter(kind="reminder").exclude(pk__in=before)
    assert new.count() == len(new.values("recipient").distinct())
    return set(new.values_list("recipient__email", flat=True))


def test_those_who_have_not_answered_are_reminded_three_times(quiet: Agreement) -> None:
    version = rounds.freeze(quiet, days=14)
    rounds.answer(version, HOLE)
    left = DIRECTORS - {rounds.DIRECTORS[HOLE]}
    assert remind_after(version, 6) == set()
    assert remind_after(version, 7) == left
    assert remind_after(version, 8) == set()
    rounds.answer(version, MODUM)
    left -= {rounds.DIRECTORS[MODUM]}
    assert remind_after(version, 12) == left
    assert remind_after(version, 14) == set()
    assert remind_after(version, 15) == left
    assert remind_after(version, 16) == set()


def test_a_day_without_a_worker_is_made_up_for(quiet: Agreement) -> None:
    version = rounds.freeze(quiet, days=14)
    assert remind_after(version, 9) == DIRECTORS


def test_nobody_is_reminded_of_what_is_withdrawn(quiet: Agreement) -> None:
    version = rounds.freeze(quiet, days=14)
    rounds.take(quiet, Action.WITHDRAW, "Feil.")
    assert remind_after(version, 12) == set()


def test_a_moved_deadline_is_told_and_reminded_of_anew(quiet: Agreement) -> None:
    version = rounds.freeze(quiet, days=14)
    rounds.answer(version, HOLE)
    assert remind_after(version, 12)
    Message.objects.all().delete()
    actor, day = rounds.administrator(), timezone.localdate() + dt.timedelta(days=30)
    with pytest.raises(ValueError, match="past"):
        deadlines.move(actor, quiet, 1, timezone.localdate() - dt.timedelta(days=1))
    assert deadlines.move(actor, quiet, 1, day)
    assert not deadlines.move(actor, quiet, 1, day), "the same once more is nothing"
    with pytest.raises(revisions.StaleRevisionError):
        deadlines.move(actor, quiet, 1, day + dt.timedelta(days=1))
    assert told("asked") == DIRECTORS - {rounds.DIRECTORS[HOLE]}
    moved = quiet.events.get(action="round.deadline_moved")
    assert moved.data["deadline"][1] == str(day)
    assert remind_after(version, 28) == DIRECTORS - {rounds.DIRECTORS[HOLE]}


# --- as the person wants it ----------------------------------------------------------------------


def test_a_summary_has_the_days_messages_and_goes_out_once(quiet: Agreement) -> None:
    choose("editor", "input", Delivery.DIGEST)
    choose("other_editor", "input", Delivery.NONE)
    inputs.a_comment(quiet)
    inputs.a_comment(quiet, text="En ting til.")
    assert not jobs.queued()
    tasks.daily.func(timestamp=0)
    tasks.daily.func(timestamp=0)
    jobs.run()
    (sent,) = mail.outbox
    assert sent.to == [CAST["editor"]]
    assert sent.body.count("Nytt innspill fra Hole kommune") == 2
    assert sent.alternatives[0][0].count("<li>") == 2
    inputs.a_comment(quiet)
    tasks.daily.func(timestamp=0)
    jobs.run()
    assert len(mail.outbox) == 1, "the next one is tomorrow's"
    Digest.objects.update(day=timezone.localdate() - dt.timedelta(days=1))
    tasks.daily.func(timestamp=0)
    jobs.run()
    assert mail.outbox[1].body.count("Nytt innspill fra Hole kommune") == 1


def test_a_summary_survives_a_lost_job(quiet: Agreement) -> None:
    choose("editor", "input", Delivery.DIGEST)
    inputs.a_comment(quiet)
    jobs.drop()
    tasks.daily.func(timestamp=0)
    jobs.drop()
    tasks.wake_messages.func(timestamp=0)
    assert not jobs.queued()
    due()
    tasks.wake_messages.func(timestamp=0)
    jobs.run()
    assert mailed() == sorted([CAST["editor"], CAST["other_editor"]])
    assert Message.objects.get(recipient__email=CAST["editor"]).sent_at


# --- pages ---------------------------------------------------------------------------------------


def test_choices_are_kept_and_what_somebody_waits_for_stays_on(quiet: Agreement, as_: As) -> None:
    client = as_("director")
    sent = pages.changed(pages.form(client.get(NOTICES), "Lagre"), input="none", asked="digest")
    assert client.post(NOTICES, sent).status_code == 302
    stored = NoticeChoice.objects.filter(user__email=CAST["director"])
    assert dict(stored.values_list("kind", "delivery"))["input"] == "none"
    assert pages.form(client.get(NOTICES), "Lagre") == sent
    refused = client.post(NOTICES, pages.changed(sent, asked="none", withdrawn="none"))
    assert refused.status_code == 422
    assert set(pages.complaints(refused)) == {"asked", "withdrawn"}
    assert dict(stored.values_list("kind", "delivery"))["asked"] == "digest"


def test_the_list_shows_ones_own_and_takes_them_as_read(quiet: Agreement, as_: As) -> None:
    rounds.freeze(quiet)
    client = as_("director")
    page = client.get(NOTICES)
    assert pages.text(page).count("Svar innen") == 1
    sent = pages.form(page, "Merk")
    later = rounds.take(quiet, Action.WITHDRAW, "Feil.")
    assert later is None
    assert client.post(NOTICES + "lest/", sent).status_code == 302
    mine = Message.objects.filter(recipient__email=CAST["director"])
    assert {row.kind: bool(row.read_at) for row in mine} == {"asked": True, "withdrawn": False}
    others = Message.objects.exclude(recipient__email=CAST["director"])
    assert not others.exclude(read_at=None).exists()
    for odd in ("", "x", "9" * 40, "-1"):
        assert client.post(NOTICES + "lest/", {"newest": odd}).status_code == 302


def test_an_editor_asks_for_freezing_and_the_administrator_sees_it(
    quiet: Agreement, as_: As
) -> None:
    client = as_("editor")
    assert pages.form(client.get(REVIEW), "Be om låsing") == {}
    address = REVIEW + "be-om-lasing/"
    assert client.post(address).status_code == 302
    again = client.post(address, follow=True)
    assert "Det er bedt om låsing allerede" in pages.text(again)
    assert "Rita Redaktør ba om låsing" in pages.text(again)
    assert "ber om at utkastet låses" in pages.text(as_("administrator").get("/"))
    assert "ber om at utkastet låses" not in pages.text(as_("editor").get("/"))
    rounds.freeze(quiet)
    assert "ber om at utkastet låses" not in pages.text(as_("administrator").get("/"))
    assert client.post(address).status_code == 409
    record = pages.text(client.get("/avtaler/ringeriksregionen-2026/historikk/hendelser/"))
    assert "Det ble bedt om at utkastet låses" in record


def test_the_administrator_moves_the_deadline_in_the_browsers_form(
    quiet: Agreement, as_: As
) -> None:
    rounds.freeze(quiet)
    client, today = as_("administrator"), timezone.localdate()
    opened = pages.form(client.get(FRIST), "Flytt fristen")
    later = pages.changed(opened, deadline=str(today + dt.timedelta(days=30)))
    for wrong in (today - dt.timedelta(days=1), today + dt.timedelta(days=400), "i morgen"):
        refused = client.post(FRIST, pages.changed(opened, deadline=str(wrong)))
        assert (refused.status_code, set(pages.complaints(refused))) == (422, {"deadline"})
    assert client.post(FRIST, later).status_code == 302
    other = pages.changed(opened, deadline=str(today + dt.timedelta(days=40)))
    stale = client.post(FRIST, other)
    assert stale.status_code == 409
    assert "Noen andre har flyttet fristen" in pages.text(stale)
    again = pages.form(stale, "Flytt fristen")
    assert again["deadline"] == other["deadline"]
    assert client.post(FRIST, again).status_code == 302
    record = client.get("/avtaler/ringeriksregionen-2026/historikk/hendelser/")
    assert pages.text(record).count("Svarfristen for versjon 1 ble flyttet fra ") == 2
    rounds.take(quiet, Action.WITHDRAW, "Feil.")
    assert client.post(FRIST, again).status_code == 409
    assert quiet.events.filter(action="round.deadline_moved").count() == 2
