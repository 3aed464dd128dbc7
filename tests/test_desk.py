"""What waits for a person on their own desk, by role."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.test import Client
from django.utils import timezone

from agreements import desk
from agreements.domain.states import Action
from agreements.models import Agreement, Round
from municipalities.models import Membership, User
from tests import pages, rounds
from tests.conftest import CAST

As = Callable[[str], Client]


def waiting(who: str) -> list[str]:
    return [task.text for task in desk.tasks(User.objects.get(email=CAST[who]))]


def test_a_director_is_asked_until_the_municipality_has_answered(ringerike: Agreement) -> None:
    assert waiting("director") == []
    version = rounds.freeze(ringerike)
    assert waiting("director") == ["Hole kommune er bedt om å svare på versjon 1"]
    rounds.answer(version, rounds.HOLE)
    assert waiting("director") == []


def test_a_withdrawn_version_waits_for_nobody(ringerike: Agreement) -> None:
    rounds.freeze(ringerike)
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    assert waiting("director") == []
    rounds.freeze(ringerike)
    assert waiting("director") == ["Hole kommune er bedt om å svare på versjon 2"]


def test_who_is_delegated_to_is_asked_while_it_lasts(ringerike: Agreement) -> None:
    from agreements import deciding

    rounds.freeze(ringerike)
    lars = User.objects.get(email=CAST["reader"])
    today = timezone.localdate()
    made = deciding.delegate(
        rounds.director(rounds.HOLE), ringerike, rounds.body(rounds.HOLE), lars, (today, today), "!"
    )
    assert waiting("reader") == ["Hole kommune er bedt om å svare på versjon 1"]
    deciding.revoke(rounds.director(rounds.HOLE), ringerike, made)
    assert waiting("reader") == []


def test_the_administrator_sees_the_next_step_of_the_process(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    assert waiting("administrator") == ["5 av 5 har ikke svart"]
    Round.objects.update(deadline=timezone.localdate() - dt.timedelta(days=1))
    assert waiting("administrator") == ["5 av 5 har ikke svart, og fristen er ute"]
    rounds.all_answer(version)
    assert waiting("administrator") == ["Alle har svart. Runden kan avsluttes"]
    rounds.take(ringerike, Action.RECOMMEND)
    assert waiting("administrator") == ["Avtalen er innstilt. Send den til vedtak i kommunestyrene"]
    rounds.take(ringerike, Action.SEND_TO_COUNCILS)
    rounds.resolve(ringerike, rounds.HOLE)
    assert waiting("administrator") == ["4 av 5 vedtak er ikke registrert"]


def test_the_team_sees_open_input(ringerike: Agreement) -> None:
    assert waiting("editor") == ["Ett åpent innspill"]
    assert waiting("outsider") == []


def test_the_page_has_it_with_the_deadline(ringerike: Agreement, as_: As) -> None:
    rounds.freeze(ringerike, days=3)
    text = pages.text(as_("director").get("/"))
    assert "Venter på deg" in text
    assert "Frist" in text
    assert "Ingenting venter på deg nå." in pages.text(as_("reader").get("/"))


def test_a_long_list_is_shown_when_it_is_asked_for(ringerike: Agreement, as_: As) -> None:
    plan, comment = ringerike.plan, ringerike.comments.get(parent=None, state="open")
    for number in range(desk.TASKS):
        plan.pk, ringerike.pk, comment.pk = None, None, None
        plan.save()
        ringerike.slug, ringerike.title, ringerike.plan = f"nr-{number}", f"Nr. {number}", plan
        ringerike.chosen_alternative = None
        ringerike.save()
        comment.agreement = ringerike
        comment.save()
    client = as_("editor")
    short, whole = client.get("/").content.decode(), client.get("/?oppgaver=alle").content.decode()
    assert short.count("Ett åpent innspill") == desk.TASKS
    assert "Vis alt som venter" in short
    assert whole.count("Ett åpent innspill") == desk.TASKS + 1
    assert "Vis alt som venter" not in whole


def test_whoever_is_asked_about_two_versions_meets_the_agreement_once(
    ringerike: Agreement, as_: As
) -> None:
    """A reader in a body that is in no region: only what the body is asked about is theirs to see."""
    county = ringerike.parties.get(role="county_authority").organisation
    user = User.objects.create_user("leser@fylket.example", name="Lise Leser")
    Membership.objects.create(user=user, organisation=county, role=Membership.Role.READER)
    client = Client()
    client.force_login(user)
    assert ringerike.title not in client.get("/avtaler/").content.decode()
    for _ in range(2):
        rounds.freeze(ringerike)
        rounds.take(ringerike, Action.WITHDRAW, "En gang til.")
    rounds.freeze(ringerike)
    for address in ("/", "/avtaler/"):
        page = pages.page(client.get(address))
        named = [link for link in page.all("a") if link.text == ringerike.title]
        assert len(named) == 1, address
