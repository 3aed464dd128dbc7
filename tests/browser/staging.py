"""What the browser tests have beside the demonstration: people and an agreement with nothing yet."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.utils import timezone

from agreements import creation, demo, editing, template_editing
from agreements.domain.checks import Position
from agreements.domain.states import Action
from agreements.importing import docx, passing
from agreements.models import Agreement, AgreementTemplate, Upload
from financing import editing as plan_editing
from municipalities.invitations import service as invitations
from municipalities.models import Membership, Municipality, Organisation, Region, User
from municipalities.statistics import client as polite
from municipalities.statistics import service, steps
from municipalities.statistics.models import StatisticsImport
from tests import final_files, inputs, public, rounds, statistics_server, template_desk, word_files
from tests.conftest import CAST
from tests.studies import NAME, a_study

PASSWORD = "eksempel-passord-2026"
STUDY = NAME
# By the key of their municipality; Hole's is the director of the cast.
DIRECTORS = {
    key: "director" if email == CAST["director"] else f"director_{key}"
    for key, email in rounds.DIRECTORS.items()
}
PEOPLE = CAST | {
    **{who: rounds.DIRECTORS[key] for key, who in DIRECTORS.items()},
    "newcomer": "ny@kommune.example",
    "starter": "starter@kommune.example",
    "operator": "drift@kommune.example",
}
BARE = "ringeriksregionen-2030"
IN_REVIEW, IN_RESOLUTION = "ringeriksregionen-2026-2", "ringeriksregionen-2026-3"
READY, FINAL = "ringeriksregionen-2026-4", "ringeriksregionen-2026-5"
TAUGHT = "ringeriksregionen-2031"


def add() -> None:
    """Add a person without a role, one who may draft for two regions, one who runs the installation,
    an empty agreement, one in review in its second version, one with the councils, one to be signed,
    and imports from Statistics Norway.
    """
    User.objects.create_user(PEOPLE["newcomer"], PASSWORD, name="Nina Ny")
    starter = User.objects.create_user(PEOPLE["starter"], PASSWORD, name="Stine Starter")
    for key in ("3305", "3103"):
        Membership.objects.create(
            user=starter,
            organisation=Organisation.objects.get(key=key),
            role=Membership.Role.EDITOR,
        )
    _invited()
    inputs.a_suggestion(Agreement.objects.get(slug="ringeriksregionen-2026"))
    editor = User.objects.get(email=PEOPLE["editor"])
    _bare_agreement(editor)
    _reviewed()
    _an_upload(editor)
    a_study()
    _behind_its_template(User.objects.get(email=PEOPLE["editor"]))
    operator = User.objects.create_superuser(PEOPLE["operator"], PASSWORD, name="Dina Drift")
    Membership.objects.create(
        user=operator,
        organisation=Organisation.objects.get(key="3305"),
        role=Membership.Role.ADMINISTRATOR,
    )
    service.discard(_fetched(operator, 3), operator)
    _fetched(operator, len(steps.STEPS))


def _invited() -> None:
    """An invitation to somebody new, one to somebody with an account, and one that has run out."""
    hole = Organisation.objects.get(key="3310")
    region = hole.municipality.regions.get()
    by = User.objects.get(email=PEOPLE["administrator"])
    for email in ("invitert@hole.example", PEOPLE["newcomer"], "for.sent@hole.example"):
        row = invitations.invite(by, region, hole, email, "director")
    row.expires_at = timezone.now() - dt.timedelta(days=1)
    row.save(update_fields=["expires_at"])


def _reviewed() -> None:
    """Three agreements like the demonstration's, further on in the process."""
    reviewed = demo._ringeriksregionen()
    assert reviewed.slug == IN_REVIEW
    rounds.freeze(reviewed)
    rounds.take(reviewed, Action.WITHDRAW, "Satsen skulle være en annen.")
    clause = reviewed.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(rounds.administrator(), clause, 1, clause.heading, "Et annet formål.")
    version = rounds.freeze(reviewed)
    rounds.answer(version, rounds.MODUM, Position.CONDITIONAL, "En årlig orientering.")
    rounds.answer(version, rounds.KRODSHERAD)
    public.words(reviewed, "Ringerike kommune")
    public.clause(reviewed, "formaal", heading=True)
    public.row(reviewed, "3310")
    decided = demo._ringeriksregionen()
    assert decided.slug == IN_RESOLUTION
    version = rounds.to_councils(decided)
    rounds.an_extract(decided, version)
    ready = demo._ringeriksregionen()
    assert ready.slug == READY
    rounds.ready(ready)
    _final()


def _final() -> None:
    """One with its final files, and with a signed file that somebody has vouched for."""
    agreement = demo._ringeriksregionen()
    assert agreement.slug == FINAL
    with pytest.MonkeyPatch.context() as quickly:
        final_files.quick(quickly)
        version = final_files.finalised(agreement, "https://avtaler.example")
        public.row(agreement, "3310", sums=True)
        public.made(agreement)
    scanned = demo.one_line_pdf("Forside fra signeringstjenesten")
    final_files.sign(agreement, version, "33", "3305", content=scanned, confirmed=True)


def _fetched(operator: User, count: int) -> StatisticsImport:
    """An import with so many of its answers, from a country where much is new and odd."""
    land = statistics_server.country(
        dict(Municipality.objects.exclude(number="3310").values_list("number", "name"))
    )
    land.quarter, land.country = "2025K1", 5_000_000
    land.names["3305"] = "Ringerike - Ringrek"
    land.change("2024-06-01", "3310", "3305")
    land.change("2024-06-01", "3305", "3305")
    row = service.start(operator, dt.date(2025, 1, 1))
    server = statistics_server.Server(land)
    client = polite.Client(attempts=1, pause=0, sleep=lambda seconds: None)
    client.get = lambda address: _answer(server, address)
    for _ in range(count):
        row.refresh_from_db()
        service.fetch_next(row, client)
    return row


def _answer(server: statistics_server.Server, address: str) -> bytes:
    path = address.partition("/api/")[2].replace("pxwebapi/v2", "v2").replace("klass/v1", "klass")
    return json.dumps(server.answer(f"/{path}")[1]).encode()


def _an_upload(editor: User) -> None:
    """A Word file with changes and comments that the editor has sent in, and not made a draft of yet."""
    region = Region.objects.get(slug="ringeriksregionen")
    found = passing.dump(docx.read(word_files.an_agreement()))
    Upload.objects.create(user=editor, region=region, name="avtale.docx", content=found)


def _bare_agreement(editor: User) -> None:
    title = "En avtale det ikke står noe i ennå"
    agreement = _agreement(editor, 2030, title, template=None)
    agreement.parties.all().delete()
    assert agreement.slug == BARE


def _behind_its_template(editor: User) -> None:
    """An agreement whose template has come in a new version, in conflict with it and not."""
    words = "Uenighet løses ved forhandling innen fire uker. Ellers avgjør tingretten saken."
    first = template_desk.own_draft()
    template_desk.edit(first, "tvister", text=words)
    first = template_desk.publish(first)
    agreement = _agreement(editor, 2031, "En avtale som er laget fra fylkets mal", first)
    assert agreement.slug == TAUGHT
    actor = inputs.actor("editor")
    for key, heading, text in (
        ("tvister", "Tvister", words.replace("fire", "seks")),
        ("formaal", "Formål", agreement.clauses.get(key="formaal").text + "\n\nVår setning."),
    ):
        row = agreement.clauses.select_related("agreement").get(key=key)
        editing.save_clause(actor, row, row.revision, heading, text)
    second = template_desk.next_draft(first)
    template_desk.edit(second, "tvister", text=words.replace("fire", "åtte"))
    template_desk.edit(second, "formaal", "Formålet med avtalen")
    who = template_desk.actor()
    for key in ("merverdiavgift", "bevilgninger"):
        row = second.clauses.select_related("template").get(key=key)
        template_editing.delete_clause(who, row, row.revision)
    new = "Partene møtes to ganger i året."
    template_editing.add_clause(who, second, "fellesfunksjoner", "Møter", new, "Fylket")
    row = second.clauses.select_related("template").get(key="signering")
    template_editing.move_clause(who, row, -1)
    template_editing.add_service(who, second, "minimum", "Gratis mentor det første året")
    second = template_desk.publish(second, "Kortere frister, og faste møter mellom partene.")
    template_desk.next_draft(second)


def _agreement(
    editor: User, year: int, title: str, template: AgreementTemplate | None
) -> Agreement:
    region = Region.objects.get(slug="ringeriksregionen")
    contract = region.contract_municipality.organisation
    plan = plan_editing.create_plan(
        plan_editing.Actor(editor, contract),
        region,
        name=f"Ringeriksregionen {year}",
        years=(year, year),
        population_date=dt.date(2029, 1, 1),
        populations={},
    )
    return creation.create_agreement(
        editing.Actor(editor, contract),
        region=region,
        template=template,
        plan=plan,
        title=title,
        term_start=dt.date(year, 1, 1),
        term_end=dt.date(year, 12, 31),
    )
