"""What the browser tests have beside the demonstration: people and an agreement with nothing yet."""

from __future__ import annotations

import datetime as dt

from agreements import creation, editing
from financing import editing as plan_editing
from municipalities.models import Membership, Organisation, Region, User
from tests.conftest import CAST
from tests.studies import NAME, a_study

PASSWORD = "eksempel-passord-2026"
PEOPLE = CAST | {"newcomer": "ny@kommune.example", "starter": "starter@kommune.example"}
STUDY = NAME
BARE = "ringeriksregionen-2030"


def add() -> None:
    """Add a person without a role, one who may draft for two regions, and an empty agreement."""
    User.objects.create_user(PEOPLE["newcomer"], PASSWORD, name="Nina Ny")
    starter = User.objects.create_user(PEOPLE["starter"], PASSWORD, name="Stine Starter")
    for key in ("3305", "3103"):
        Membership.objects.create(
            user=starter,
            organisation=Organisation.objects.get(key=key),
            role=Membership.Role.EDITOR,
        )
    _bare_agreement(User.objects.get(email=PEOPLE["editor"]))
    a_study()


def _bare_agreement(editor: User) -> None:
    region = Region.objects.get(slug="ringeriksregionen")
    contract = region.contract_municipality.organisation
    plan = plan_editing.create_plan(
        plan_editing.Actor(editor, contract),
        region,
        name="Ringeriksregionen 2030",
        years=(2030, 2030),
        population_date=dt.date(2029, 1, 1),
        populations={},
    )
    agreement = creation.create_agreement(
        editing.Actor(editor, contract),
        region=region,
        template=None,
        plan=plan,
        title="En avtale det ikke står noe i ennå",
        term_start=dt.date(2030, 1, 1),
        term_end=dt.date(2030, 12, 31),
    )
    agreement.parties.all().delete()
    assert agreement.slug == BARE
