"""The keys of another agreement's, plan's or region's things lead nowhere under one's own address."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, AgreementEvent
from financing.models import Participant, Plan
from municipalities.models import Membership, Region, User
from tests import pages, permission_world
from tests.conftest import CAST
from tests.permission_rows import SLUG, Row
from tests.permission_world import TABLE, As, Real, brought, everything, opener, send
from tests.studies import a_study

ringerike, real = (
    permission_world.ringerike,
    permission_world.real,
)  # fixtures, found by their names
no_rendering = permission_world.no_rendering

REGION, OTHER_REGION = "ringeriksregionen", "mosseregionen"
# What the table calls by a key that is one row's alone; the others (a clause's key, a party's number, a
# version's number) name a thing of the same name in each agreement.
KEYS = {
    *("first", "second", "third", "attachment", "attachment-file", "upload", "delegation"),
    *("wish", "internal", "closed", "proposed", "extract", "final-file", "signed-file"),
    *("membership", "invitation", "mark", "public-file"),
}
NESTED = [row for row in TABLE if len(row.args) > 1 and KEYS & {str(arg) for arg in row.args[1:]}]


def another(real: Real, state: str, editor: Client) -> Real:
    """The next period of an agreement, as far come as itself, for the same people."""
    agreement = real.agreement
    status = agreement.status
    Agreement.objects.filter(pk=agreement.pk).update(status="draft")
    address = f"/avtaler/{agreement.slug}/ny-periode/"
    answer = editor.post(address, pages.form(editor.get(address), "Lag ny periode"))
    Agreement.objects.filter(pk=agreement.pk).update(status=status)
    other = Agreement.objects.get(slug=answer["Location"].split("/")[2])
    # Nobody signs for Akershus: as in the first period, it has not said yes.
    akershus = other.plan.participants.filter(organisation__name="Akershus fylkeskommune")
    assert akershus.update(status=Participant.Status.CONDITIONAL) == 1
    staged = real.staged | {SLUG: other.slug} | brought(other, state)
    return replace(real, agreement=other, staged=staged)


def elsewhere(row: Row, real: Real) -> str:
    """Where the same study or region would be if it were another's: for somebody with the same right."""
    if row.args[0] == "study":
        return str(a_study().pk)
    assert row.args[0] == REGION
    moss = Region.objects.get(slug=OTHER_REGION).contract_municipality.organisation
    user = User.objects.get(email=CAST[opener(row)])
    for role in Membership.Role:
        Membership.objects.create(user=user, organisation=moss, role=role)
    return OTHER_REGION


# What is gone has been ended, or is public again: that is all one is told.
GONE = {("end-access", "POST"), ("unmark-public", "POST")}


@pytest.mark.parametrize("row", NESTED, ids=str)
def test_a_key_of_something_else_is_not_found(row: Row, real: Real, as_: As) -> None:
    client = as_(opener(row))
    own = [real.word(arg) for arg in row.args]
    data = sent = real.data(row, client) if row.method == "POST" else {}
    if row.args[0] == SLUG:
        theirs = another(real, row.state, as_("editor"))
        other = theirs.agreement.slug
        if row.state != "draft" and sent:
            sent = theirs.data(row, client)  # as their page says it, about their version
    else:
        other = elsewhere(row, real)
    before = everything()
    answer = send(client, row, reverse(row.name, args=[other, *own[1:]]), sent)
    assert answer.status_code == (302 if (row.name, row.method) in GONE else 404)
    assert everything() == before
    # The same person, sending the same, has what it is under its own address.
    with transaction.atomic():
        found = send(client, row, real.address(row), data).status_code
        assert found == row.statuses[opener(row)] != 404
        transaction.set_rollback(True)
    if row.args[0] == SLUG and row.state != "draft":
        # And so has whoever sends theirs under theirs: nothing but the key was wrong.
        with transaction.atomic():
            found = send(client, row, theirs.address(row), sent).status_code
            assert found == row.statuses[opener(row)]
            transaction.set_rollback(True)


def test_the_table_has_no_other_kinds_of_keys() -> None:
    """A new address with a number in it is tried here too, or is named as one that cannot be."""
    same_everywhere = {row.name for row in TABLE if row.name.startswith(("version", "difference"))}
    # One's own logins, whoever asks.
    own = {"unlink-login", "end-session", "account_reset_password_from_key"}
    templates = {row.name for row in TABLE if "template" in row.name}
    operators = {
        row.name for row in TABLE if row.name.endswith("statistics") or "import" in row.name
    }
    numbered = {
        row.name
        for row in TABLE
        if any(str(arg).isdigit() and len(str(arg)) < 4 for arg in row.args)
    }
    assert numbered - same_everywhere - templates - operators - own == {"reopen-finding"}


ROOMS = ("municipalities", "financing", "agreements")
Keys = dict[type[models.Model], set[Any]]


def keys_of(agreement: Agreement) -> Keys:
    """The keys of everything that is an agreement's, its plan's, or belongs to what is."""
    found: Keys = {Agreement: {agreement.pk}, Plan: {agreement.plan_id}}
    links = [
        (model, field)
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model is not None
    ]
    grown = True
    while grown:
        before = sum(map(len, found.values()))
        for model, field in links:
            if owners := found.get(field.related_model):
                rows = model._default_manager.filter(**{f"{field.name}__in": owners})
                found.setdefault(model, set()).update(rows.values_list("pk", flat=True))
        grown = sum(map(len, found.values())) > before
    return found


def rows(keys: Keys) -> dict[str, Any]:
    """What stands in the rows with these keys, and how much has happened to the agreement."""
    kept: dict[str, Any] = {
        model._meta.label: list(model._default_manager.filter(pk__in=pks).order_by("pk").values())
        for model, pks in keys.items()
        if pks
    }
    return kept | {"events": AgreementEvent.objects.filter(agreement__in=keys[Agreement]).count()}


@pytest.mark.parametrize(
    "row", [r for r in TABLE if r.method == "POST" and r.form and r.args[:1] == (SLUG,)], ids=str
)
def test_keys_of_others_in_a_form_change_nothing_of_theirs(row: Row, real: Real, as_: As) -> None:
    client = as_(opener(row))
    data = real.data(row, client)
    theirs = Agreement.objects.get(slug="mosseregionen-2022")
    alternative = theirs.chosen_alternative
    assert alternative is not None
    mine = {str(key) for keys in keys_of(real.agreement).values() for key in keys}
    fields = [
        name
        for name, (value, *_) in data.items()
        if "revision" not in name
        and (
            (re.fullmatch(r"[a-z]?\d+", value) and value.lstrip("p") in mine)
            or name.endswith(("-pk", "-target", "alternative"))
        )
    ]
    keys = keys_of(theirs)
    others = [
        *(theirs.plan_id, alternative.pk, theirs.plan.participants.first().pk),
        alternative.rules.first().pk,
    ]
    before = rows(keys)
    for name in fields:
        letter = "p" if data[name][0].startswith("p") or name.endswith("-target") else ""
        for other in others:
            with transaction.atomic():
                changed = data | {name: [f"{letter}{other}"]}
                answer: HttpResponse = client.post(real.address(row), changed)
                assert answer.status_code < 500
                assert rows(keys) == before, name
                real.agreement.refresh_from_db()
                if chosen := real.agreement.chosen_alternative:
                    assert chosen.plan_id == real.agreement.plan_id
                transaction.set_rollback(True)
