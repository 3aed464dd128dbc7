"""What people are told: with the event or not at all, once, in time, and only what they may know."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from django.utils import timezone

from agreements import deadlines, deciding, delivery, notifying, tasks
from agreements import input as services
from agreements.domain.states import Action
from agreements.models import Agreement, Message
from municipalities import outbox
from municipalities.models import Membership, User
from tests import inputs, jobs, rounds
from tests.conftest import CAST
from tests.rounds import HOLE, MODUM
from tests.telling import DIRECTORS, due, mailed, told

As = Callable[[str], Client]


# --- with the event, or not at all ---------------------------------------------------------------


def test_what_is_rolled_back_tells_nobody(quiet: Agreement) -> None:
    with transaction.atomic():
        rounds.freeze(quiet)
        assert Message.objects.exists()
        assert jobs.queued()
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not jobs.queued()


def test_freezing_asks_every_director_and_mails_each_once(quiet: Agreement) -> None:
    rounds.freeze(quiet)
    assert told("asked") == DIRECTORS
    assert CAST["editor"] in told("progress")
    assert CAST["administrator"] not in told(), "nobody is told of what they did"
    assert not mail.outbox, "the mail waits for the worker"
    assert jobs.run() == Message.objects.count()
    assert mailed() == sorted(told())
    jobs.run()
    outbox.wake(delivery.waiting(), notifying.TASK)
    jobs.run()
    assert len(mail.outbox) == Message.objects.count()


def test_a_mail_is_plain_text_and_html_with_the_link(quiet: Agreement) -> None:
    rounds.freeze(quiet)
    jobs.run()
    (sent,) = [sent for sent in mail.outbox if sent.to == [CAST["director"]]]
    link = f"https://avtaler.example/avtaler/{quiet.slug}/behandling/svar/3310/"
    html = sent.alternatives[0][0]
    assert "Hole kommune er bedt om svar" in sent.body
    assert link in sent.body
    assert f'href="{link}"' in html
    assert 'lang="nb"' in html
    assert "style" not in html
    row = Message.objects.get(recipient__email=CAST["director"])
    assert sent.message()["Message-ID"] == row.message_id
    assert sent.subject.startswith("Svar innen ")


def test_without_an_address_the_mail_names_the_page(quiet: Agreement, settings: Any) -> None:
    settings.BASE_URL = ""
    rounds.freeze(quiet)
    jobs.run()
    (sent,) = [sent for sent in mail.outbox if sent.to == [CAST["director"]]]
    assert "åpne siden «Svar på versjonen»" in sent.body
    for body in (sent.body, sent.alternatives[0][0]):
        assert "http" not in body
        assert "/avtaler/" not in body


def test_a_title_cannot_break_out_of_the_subject_or_the_html(quiet: Agreement) -> None:
    Agreement.objects.update(title="Avtale\r\nBcc: <b>alle</b>@moss.example & «venner»")
    quiet.refresh_from_db()
    deadlines.request_freeze(inputs.actor("editor"), quiet)
    jobs.run()
    (sent,) = mail.outbox
    assert "\n" not in sent.message()["Subject"].replace("\n ", "")
    assert sent.message()["Bcc"] is None
    assert "<b>" not in sent.alternatives[0][0]
    assert "& «venner»" in sent.body


# --- sent at least once --------------------------------------------------------------------------


class Killed(BaseException):
    """The worker's process is gone."""


def test_a_crash_between_sending_and_storing_gives_one_more_with_the_same_id(
    quiet: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadlines.request_freeze(inputs.actor("editor"), quiet)
    message = Message.objects.get()

    def killed(*given: object, **named: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Message, "save", killed)
        with pytest.raises(Killed):
            jobs.run()
    message.refresh_from_db()
    assert (len(mail.outbox), message.sent_at) == (1, None)
    assert not jobs.queued(), "the job is gone with the worker"
    tasks.wake_messages.func(timestamp=0)
    assert not jobs.queued(), "not before its time"
    due()
    tasks.wake_messages.func(timestamp=0)
    tasks.wake_messages.func(timestamp=0)
    assert len(jobs.queued()) == 1
    jobs.run()
    due()
    tasks.wake_messages.func(timestamp=0)
    jobs.run()
    ids = [sent.message()["Message-ID"] for sent in mail.outbox]
    assert ids == [message.message_id] * 2


def test_a_mail_server_that_is_down_for_a_day_loses_nothing(
    quiet: Agreement, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadlines.request_freeze(inputs.actor("editor"), quiet)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens: the connection is refused
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = taken.getsockname()
        pauses = []
        for _ in range(9):
            jobs.run()
            row = Message.objects.get()
            pauses.append(round((row.try_after - timezone.now()).total_seconds() / 60))
            due()
            tasks.wake_messages.func(timestamp=0)
    assert pauses == [2, 4, 8, 16, 32, 60, 60, 60, 60]
    assert (row.attempts, row.error, row.sent_at) == (9, "ConnectionRefusedError", None)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    jobs.run()
    row.refresh_from_db()
    assert (mailed(), row.error) == ([CAST["administrator"]], "")
    assert row.sent_at


def test_after_a_week_it_gives_up(quiet: Agreement, settings: Any) -> None:
    deadlines.request_freeze(inputs.actor("editor"), quiet)
    settings.EMAIL_BACKEND = "tests.test_messages.Refusing"
    Message.objects.update(created_at=timezone.now() - dt.timedelta(days=6))
    jobs.run()
    assert Message.objects.get().dropped_at is None
    Message.objects.update(created_at=timezone.now() - dt.timedelta(days=8))
    due()
    tasks.wake_messages.func(timestamp=0)
    jobs.run()
    row = Message.objects.get()
    assert row.dropped_at
    assert row.error == "SMTPDataError 554", "nothing of what the server said"


class Refusing:
    """A mail server that says no."""

    def __init__(self, **options: object) -> None: ...

    def send_messages(self, sent: object) -> None:
        from smtplib import SMTPDataError

        raise SMTPDataError(554, b"direktor@hole.example is not welcome")


def test_who_has_lost_the_role_or_is_shut_out_gets_no_mail(quiet: Agreement) -> None:
    rounds.freeze(quiet)
    Membership.objects.filter(user__email=rounds.DIRECTORS[HOLE]).delete()
    User.objects.filter(email=rounds.DIRECTORS[MODUM]).update(is_active=False)
    jobs.run()
    assert DIRECTORS - set(mailed()) == {rounds.DIRECTORS[HOLE], rounds.DIRECTORS[MODUM]}
    assert Message.objects.exclude(dropped_at=None).count() == 2


def test_an_installation_without_a_mail_server_mails_nothing_and_keeps_the_list(
    quiet: Agreement, settings: Any
) -> None:
    settings.SENDS_MAIL = False
    rounds.freeze(quiet)
    assert told() >= DIRECTORS
    assert not jobs.queued()


# --- who is told of what -------------------------------------------------------------------------


def test_a_withdrawal_tells_those_asked_why(quiet: Agreement) -> None:
    rounds.freeze(quiet)
    rounds.take(quiet, Action.WITHDRAW, "Satsen skulle være en annen.")
    assert told("withdrawn") == DIRECTORS
    row = Message.objects.filter(kind="withdrawn")[0]
    assert "Satsen skulle være en annen." in row.text


def test_an_answer_tells_the_team_and_the_administrators_without_its_words(
    quiet: Agreement,
) -> None:
    version = rounds.freeze(quiet)
    rounds.answer(version, HOLE, rounds.ANSWERS[HOLE][0], "Hemmelig begrunnelse.")
    assert told("answers") == {CAST["editor"], CAST["other_editor"], CAST["administrator"]}
    assert not Message.objects.filter(text__contains="Hemmelig").exists()
    assert Message.objects.filter(text__contains="Hole kommune har svart").exists()


def test_the_last_answer_tells_the_administrator_that_all_have_answered(quiet: Agreement) -> None:
    version = rounds.freeze(quiet)
    keys = list(rounds.ANSWERS)
    for key in keys[:-1]:
        rounds.answer(version, key)
    done = Message.objects.filter(subject__startswith="Alle har svart")
    assert not done.exists()
    rounds.answer(version, keys[-1])
    assert [row.recipient.email for row in done] == [CAST["administrator"]]
    row = rounds.decision(version, keys[-1])
    deciding.take_back(rounds.director(keys[-1]), row, row.revision, "Feil.")
    assert Message.objects.filter(subject__startswith="Modum kommune har trukket svaret").exists()


def test_a_delegate_is_told_and_reminded(quiet: Agreement) -> None:
    rounds.freeze(quiet, days=20)
    lars = User.objects.get(email=CAST["reader"])
    today = timezone.localdate()
    days = (today, today + dt.timedelta(days=30))
    made = deciding.delegate(rounds.director(HOLE), quiet, rounds.body(HOLE), lars, days, "Ferie.")
    assert told("asked") == DIRECTORS | {CAST["reader"]}
    notifying.remind(today + dt.timedelta(days=13))
    assert CAST["reader"] in told("reminder")
    deciding.revoke(rounds.director(HOLE), quiet, made)
    assert Message.objects.filter(subject__startswith="Du svarer ikke lenger for Hole").exists()


def test_input_tells_the_team_and_its_answer_the_author(quiet: Agreement) -> None:
    comment = inputs.a_comment(quiet)
    assert told("input") == {CAST["editor"], CAST["other_editor"]}
    services.reply(inputs.actor("editor"), comment, "Hvilken del?")
    services.decline(inputs.actor("editor"), comment, "Det står alt.")
    mine = Message.objects.filter(recipient__email=CAST["director"])
    assert [row.subject.split(":")[0] for row in mine] == [
        "Innspillet ditt er avslått",
        "Innspillet ditt har fått svar",
    ]


def test_what_is_internal_stays_in_the_team(quiet: Agreement, as_: As) -> None:
    comment = inputs.an_internal(quiet)
    assert told() == {CAST["editor"]}
    services.reply(inputs.actor("editor"), comment, "Enig.")
    assert told() == {CAST["editor"], CAST["other_editor"]}
    for row in Message.objects.all():
        assert inputs.SECRET not in row.text + row.subject
        assert row.internal
    # The author leaves the team before the mail goes out, and the list is empty too.
    Membership.objects.filter(user__email=CAST["other_editor"]).update(role="director")
    jobs.run()
    assert mailed() == [CAST["editor"]]
    page = as_("other_editor").get("/min-side/varsler/").content.decode()
    assert "Innspillet ditt" not in page
    assert services.reply(inputs.actor("editor"), comment, "Mer.")
    assert Message.objects.filter(recipient__email=CAST["other_editor"]).count() == 1


def test_steps_and_resolutions_tell_the_team(quiet: Agreement) -> None:
    rounds.to_councils(quiet)
    rounds.resolve(quiet, HOLE)
    subjects = Message.objects.filter(recipient__email=CAST["editor"], kind="progress")
    heads = [row.subject.split(":")[0] for row in subjects]
    assert heads == [
        "Vedtak fra Hole kommune",
        "Avtalen er kommet videre",
        "Avtalen er kommet videre",
        "Sendt til behandling",
    ]


def test_freezing_is_asked_for_once(quiet: Agreement) -> None:
    assert deadlines.request_freeze(inputs.actor("editor"), quiet)
    assert not deadlines.request_freeze(inputs.actor("other_editor"), quiet)
    assert told() == {CAST["administrator"]}
    version = rounds.freeze(quiet)
    assert deadlines.standing_request(quiet) is None
    assert version.events.count() == 1
    rounds.take(quiet, Action.WITHDRAW, "Feil.")
    assert deadlines.request_freeze(inputs.actor("editor"), quiet)
