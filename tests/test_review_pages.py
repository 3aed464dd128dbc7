"""The review in the browser's forms: freezing, answering, deciding, and what each may see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from agreements import deciding, editing, versions, workflow
from agreements.domain.states import Action, State
from agreements.models import AccessLog, Agreement, Round, Version
from agreements.views import director
from financing.calculation import Status
from municipalities.models import User
from municipalities.norwegian import money
from tests import pages, rounds
from tests.conftest import CAST
from tests.rounds import HOLE

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/"
REVIEW, FREEZE = BASE + "behandling/", BASE + "behandling/las/"
ANSWER = REVIEW + "svar/3310/"
AMOUNT = re.compile(r"<dd>([^<]+) kr</dd>")


def in_days(days: int) -> str:
    return str(timezone.localdate() + dt.timedelta(days=days))


def test_an_administrator_freezes_what_the_page_showed(ringerike: Agreement, as_: As) -> None:
    rounds.ready(ringerike)
    client = as_("administrator")
    sent = pages.changed(pages.form(client.get(FREEZE), "Lås"), deadline=in_days(14))
    assert client.post(FREEZE, sent).status_code == 302
    ringerike.refresh_from_db()
    assert ringerike.state is State.IN_REVIEW
    # The same form once more: a double click, or a page open for a week.
    again = client.post(FREEZE, sent)
    assert again.status_code == 409
    assert "Avtalen er kommet videre" in pages.text(again)
    assert Version.objects.count() == 1


def test_a_draft_changed_meanwhile_is_shown_again_with_what_was_typed(
    ringerike: Agreement, as_: As
) -> None:
    rounds.ready(ringerike)
    client = as_("administrator")
    opened = pages.form(client.get(FREEZE), "Lås")
    sent = pages.changed(opened, deadline=in_days(14), message="Les punkt 4.")
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, 1, "Formål", "Noe annet.")
    answer = client.post(FREEZE, sent)
    assert answer.status_code == 409
    assert "Utkastet er endret mens du hadde siden åpen" in pages.text(answer)
    again = pages.form(answer, "Lås")
    assert again["message"] == ["Les punkt 4."]
    assert again["seen"] != sent["seen"]
    assert client.post(FREEZE, again).status_code == 302


def test_what_stands_in_the_way_is_said_before_anything_is_typed(
    ringerike: Agreement, as_: As
) -> None:
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, 1, "Formål", "Se [[punkt:finnes-ikke]].")
    text = pages.text(as_("administrator").get(FREEZE))
    assert "Utkastet kan ikke låses ennå" in text
    assert "som må rettes" in text


@pytest.mark.parametrize(
    ("days", "message"),
    [(-1, "kan ikke være en dag som har vært"), (400, "kan ikke være mer enn ett år fram")],
)
def test_a_deadline_is_ahead_of_us(ringerike: Agreement, as_: As, days: int, message: str) -> None:
    rounds.ready(ringerike)
    client = as_("administrator")
    sent = pages.changed(pages.form(client.get(FREEZE), "Lås"), deadline=in_days(days))
    answer = client.post(FREEZE, sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)["deadline"]


def test_a_director_sees_own_amounts_news_and_answers(ringerike: Agreement, as_: As) -> None:
    rounds.freeze(ringerike)
    client = as_("director")
    page = client.get(ANSWER)
    text = pages.text(page)
    assert "Hole kommune om versjon 1" in text
    assert "102 442,50 kr" in text  # Alternativ 1, 2026: 7 065 inhabitants at 14,50
    assert "avtalen følger dette" in text.lower()
    sent = pages.changed(pages.form(page, "Send svaret"), stance="negative", comment="For dyrt.")
    assert client.post(ANSWER, sent).status_code == 302
    text = pages.text(client.get(ANSWER))
    assert "Negativ" in text
    assert "For dyrt." in text
    version = Version.objects.get()
    assert version.sha256[:12] in text


def test_an_answer_without_reasons_is_asked_for_them(ringerike: Agreement, as_: As) -> None:
    rounds.freeze(ringerike)
    client = as_("director")
    opened = pages.form(client.get(ANSWER), "Send svaret")
    answer = client.post(ANSWER, pages.changed(opened, stance="negative"))
    assert answer.status_code == 422
    assert pages.complaints(answer) == {"comment": "Skriv hvorfor svaret er negativt"}
    nothing = client.post(ANSWER, opened)
    assert "stance" in pages.complaints(nothing)


def test_a_director_is_told_what_changed_since_the_version_they_saw(
    ringerike: Agreement, as_: As
) -> None:
    rounds.freeze(ringerike)
    client = as_("director")
    client.get(ANSWER)
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, 1, "Formål", "Et nytt formål.")
    rounds.freeze(ringerike)
    text = pages.text(client.get(ANSWER))
    assert "Endret siden du så versjon 1" in text
    assert "Beløpene deres er de samme." in text


def test_the_answer_to_a_version_that_is_gone_is_not_lost(ringerike: Agreement, as_: As) -> None:
    """The page stood open while the team froze a new version."""
    rounds.freeze(ringerike)
    client = as_("director")
    opened = pages.form(client.get(ANSWER), "Send svaret")
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, 1, "Formål", "Et nytt formål.")
    rounds.freeze(ringerike)
    sent = pages.changed(opened, stance="negative", comment="Min lange begrunnelse.")
    answer = client.post(ANSWER, sent)
    assert answer.status_code == 409
    assert "Min lange begrunnelse." in pages.text(answer)
    assert not rounds.decision(Version.objects.get(number=2), HOLE).given


def test_an_answer_is_taken_back_on_the_page(ringerike: Agreement, as_: As) -> None:
    version = rounds.freeze(ringerike)
    rounds.answer(version, HOLE)
    client = as_("director")
    opened = pages.form(client.get(ANSWER), "Trekk svaret")
    refused = client.post(ANSWER + "trekk/", opened)
    assert refused.status_code == 422
    assert (
        client.post(ANSWER + "trekk/", pages.changed(opened, reason="Nye tall.")).status_code == 302
    )
    assert not rounds.decision(version, HOLE).given


def test_the_review_says_who_has_opened_answered_and_is_late(ringerike: Agreement, as_: As) -> None:
    version = rounds.freeze(ringerike)
    as_("director").get(ANSWER)
    rounds.answer(version, rounds.MODUM)
    text = pages.text(as_("editor").get(REVIEW))
    assert "1 positive, 0 positive på vilkår, 0 negative, 4 ikke svart" in text
    assert "Åpnet" in text
    assert "Fristen er ute" not in text
    Round.objects.update(deadline=timezone.localdate() - dt.timedelta(days=1))
    assert "Fristen er ute" in pages.text(as_("editor").get(REVIEW))


def test_opening_is_noted_once_for_a_visit(ringerike: Agreement, as_: As) -> None:
    version = rounds.freeze(ringerike)
    for _ in range(3):
        as_("director").get(ANSWER)
    assert AccessLog.objects.count() == 1
    director = User.objects.get(email=CAST["director"])
    assert versions.seen_before(version, director) is None


def test_a_reader_reads_versions_and_nothing_of_the_draft(ringerike: Agreement, as_: As) -> None:
    client = as_("reader")
    assert client.get(BASE).status_code == 404
    rounds.freeze(ringerike)
    assert client.get(BASE)["Location"] == REVIEW
    assert "Samarbeidsavtale" in pages.text(client.get(BASE + "versjoner/1/"))
    page = pages.page(client.get(REVIEW))
    links = [link["href"] for link in page.all("a") if link["href"].startswith(BASE)]
    for link in {link.partition("#")[0] for link in links if not link.endswith(".pdf")}:
        assert client.get(link).status_code == 200, link
    assert "ringeriksregionen-2026" in str(client.get("/avtaler/").content)


def test_a_step_is_taken_with_its_reason_and_a_replayed_form_is_told(
    ringerike: Agreement, as_: As
) -> None:
    rounds.freeze(ringerike)
    client, address = as_("administrator"), REVIEW + "steg/withdraw/"
    opened = pages.form(client.get(address), "Trekk")
    assert pages.complaints(client.post(address, opened)) == {"reason": "Fyll inn begrunnelse"}
    sent = pages.changed(opened, reason="Feil sats.")
    assert client.post(address, sent).status_code == 302
    assert "Steget «Trekk versjonen tilbake» er utført." in pages.text(client.get(REVIEW))
    replayed = client.post(address, sent)
    assert replayed.status_code == 409
    assert ringerike.events.filter(action="state.withdraw").count() == 1
    assert "Feil sats." in pages.text(as_("director").get(REVIEW))


def test_whoever_loses_the_right_while_the_answer_is_sent_is_refused(
    ringerike: Agreement, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds.freeze(ringerike)
    client = as_("director")
    sent = pages.changed(
        pages.form(client.get(ANSWER), "Send svaret"), stance="negative", comment="For dyrt."
    )

    def lost(*given: object) -> object:
        raise deciding.NotAllowedError

    monkeypatch.setattr(deciding, "_mandate", lost)
    refused = client.post(ANSWER, sent)
    assert refused.status_code == 403
    assert "For dyrt." in refused.content.decode()


def test_what_the_director_is_told_to_pay_is_the_body_s_own(ringerike: Agreement, as_: As) -> None:
    """Also for the next who asks, and nothing at all for a body that has declined."""
    version = rounds.freeze(ringerike)
    document = workflow.document_of(version)
    tables = (document.financing.table, *document.others)
    for key in (HOLE, "3305", HOLE):
        client = Client()
        client.force_login(User.objects.get(email=rounds.DIRECTORS[key]))
        shown = client.get(f"{REVIEW}svar/{key}/").content.decode()
        cells = [row.cells for table in tables for row in table.rows if row.key == key]
        assert AMOUNT.findall(shown) == [money(cell) for own in cells for cell in own]
        assert cells
    rows = {row.key: row for row in document.financing.table.rows}
    declined = replace(rows[HOLE], status=Status.DECLINED)
    table = replace(document.financing.table, rows=(declined,))
    financing = replace(document.financing, table=table)
    without = replace(document, financing=financing, others=())
    assert director._amounts(without, None, HOLE) == ()


def test_what_was_written_for_a_step_that_somebody_has_taken_is_shown(
    ringerike: Agreement, as_: As
) -> None:
    rounds.ready(ringerike)
    client = as_("administrator")
    freeze = pages.form(client.get(FREEZE), "Lås")
    rounds.freeze(ringerike)
    sent = pages.changed(freeze, deadline=in_days(14), message="Les punkt 4 <nøye>.")
    refused = client.post(FREEZE, sent)
    assert refused.status_code == 409
    assert "Les punkt 4 &lt;nøye&gt;." in refused.content.decode()


def test_a_step_that_cannot_be_taken_yet_says_why(ringerike: Agreement, as_: As) -> None:
    rounds.freeze(ringerike)
    client, address = as_("administrator"), REVIEW + "steg/recommend/"
    shown = pages.text(client.get(address))
    assert "har ikke svart" in shown
    assert "Status er «til behandling» nå, og «innstilt» etter steget." in shown
    answer = client.post(address, {"source": "in_review"})
    assert answer.status_code == 409
    ringerike.refresh_from_db()
    assert ringerike.state is State.IN_REVIEW


@pytest.mark.parametrize("action", ["adopt", "sign", "freeze", "finnes-ikke"])
def test_nobody_asks_for_other_steps(ringerike: Agreement, as_: As, action: str) -> None:
    assert as_("administrator").get(f"{REVIEW}steg/{action}/").status_code == 404


def test_resolutions_are_recorded_until_the_state_follows(ringerike: Agreement, as_: As) -> None:
    rounds.to_councils(ringerike)
    client = as_("administrator")
    for key in rounds.DIRECTORS:
        address = f"{REVIEW}vedtak/{key}/"
        sent = pages.changed(
            pages.form(client.get(address), "Lagre vedtaket"),
            case_number="45/25",
            decided_on="2025-06-12",
            outcome="rejected" if key == HOLE else "adopted",
        )
        answer = client.post(address, sent)
        assert answer.status_code == 302, pages.text(answer)
    ringerike.refresh_from_db()
    assert ringerike.state is State.PARTLY_ADOPTED
    text = pages.text(client.get(REVIEW))
    assert "Gå videre uten dem som sa nei" in text
    assert "Hole har sagt nei." in text  # why the conditions cannot be accepted


def test_conditions_are_written_down(ringerike: Agreement, as_: As) -> None:
    rounds.to_councils(ringerike)
    client, address = as_("administrator"), f"{REVIEW}vedtak/{HOLE}/"
    opened = pages.form(client.get(address), "Lagre vedtaket")
    sent = pages.changed(opened, case_number="1/25", decided_on=in_days(1), outcome="conditional")
    assert set(pages.complaints(client.post(address, sent))) == {"conditions", "decided_on"}


def test_the_trace_goes_from_input_to_clause_to_version(ringerike: Agreement, as_: As) -> None:
    """Modum's request of sak 27/25, which nobody could follow in the e-mails."""
    client, address = as_("director"), BASE + "innspill/spor/"
    assert "med i versjon" not in pages.text(client.get(address))
    rounds.freeze(ringerike)
    assert "Tatt inn som utgave 2 av punktet, med i versjon 1" in pages.text(client.get(address))
