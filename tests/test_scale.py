"""The benchmark's made-up country holds: chains, versions, files, and an empty page the product has not."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import Resolver404, resolve

from agreements import record, templates_store, workflow
from agreements.models import Agreement, AgreementEvent, StoredFile, Version
from benchmarks.scale import copies, originals, people
from municipalities import register
from municipalities.models import Municipality, Organisation, User
from tests import database, final_files

COPIES = 40


@pytest.fixture
def country(db: Any, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A country with few agreements, in a database of its own, as VACUUM runs in no transaction."""
    final_files.quick(monkeypatch)
    with database.copied():
        call_command("flush", interactive=False, verbosity=0)
        register.load()
        templates_store.load_shipped()
        places = people.make()
        made = {
            kind: copies.watched(lambda kind=kind: originals.make(places[0], kind))
            for kind in originals.KINDS
        }
        copies.make(made, places, copies.copies(COPIES, len(places)))
        yield places


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_copy_holds(country: Any) -> None:
    assert Municipality.objects.count() == people.MUNICIPALITIES
    assert User.objects.count() == people.PEOPLE
    found = Agreement.objects.select_related("region", "plan__region")
    rows = list(found.filter(slug__startswith="avtale"))
    assert len(rows) == COPIES
    assert AgreementEvent.objects.count() == originals.EVENTS * (COPIES + len(originals.KINDS))
    assert {record.first_break(row) for row in rows} == {None}
    for version in Version.objects.select_related("agreement"):
        document = workflow.document_of(version)  # ValueError where the hash is another
        assert document.title == version.agreement.title
    # A copy is of its own region through and through: who pays, who signs, who has answered.
    other = next(row for row in rows if row.region != rows[0].region and row.status == "in_review")
    (version,) = other.versions.all()
    bodies = set(Organisation.objects.filter(municipality__regions=other.region))
    assert bodies < {decision.organisation for decision in version.decisions.all()}
    members = {member.name for member in other.region.members.all()}
    table = workflow.document_of(version).financing
    assert table is not None
    assert members <= {line.name.removesuffix(" kommune") for line in table.table.rows}
    for file in StoredFile.objects.all():
        assert hashlib.sha256(bytes(file.content)).hexdigest() == file.sha256
        assert len(file.content) == file.size
    call_command("check", verbosity=0)


def test_the_empty_page_is_the_benchmarks_alone(ringerike: Any, as_: Any) -> None:
    with pytest.raises(Resolver404):
        resolve("/tom/")
    with override_settings(ROOT_URLCONF="benchmarks.scale.urls"):
        assert Client().get("/tom/").status_code == 302, "it needs a login, as every page"
        client = as_("editor")
        assert "Samarbeidsavtaler" in client.get("/tom/").content.decode()
        assert client.get("/avtaler/").status_code == 200
