"""Drafts that are remembered: never older than what is stored, whoever wrote, and asked for cheaply."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.sql import SQL, Identifier

from agreements import remembered, snapshot
from agreements.domain import canonical, checks, resolve
from agreements.models import (
    Agreement,
    AgreementTemplate,
    Attachment,
    AttachmentFile,
    Clause,
    Party,
    ServiceChoice,
    ServiceItem,
)
from financing import reader
from financing.models import (
    CurrentContribution,
    Extra,
    IndexFactor,
    Participant,
    Rule,
    RuleWeight,
)
from municipalities.models import County, Municipality, Organisation, User

TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"')
FROM = re.compile(r'FROM "(\w+)" (?!U)')  # the outermost: those within columns have other names


def _is_as_stored(agreement: Agreement) -> bool:
    """Whether what is remembered is what a reading of the stored rows gives."""
    draft = remembered.draft(agreement)
    stored = Agreement.objects.get(pk=agreement.pk)
    document = snapshot.build(stored)
    found = checks.run(document, snapshot.context(stored.region))
    missing = reader.load(stored.plan).missing_population
    return (draft.document, draft.findings, draft.plan.missing_population) == (
        document,
        tuple(found),
        missing,
    )


def _tables(agreement: Agreement) -> list[str]:
    """Every table that a draft and its check are read from."""
    stored = Agreement.objects.get(pk=agreement.pk)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        stored = Agreement.objects.get(pk=agreement.pk)
        snapshot.build(stored)
        snapshot.context(stored.region)
    return sorted({name for query in asked for name in TABLE.findall(query["sql"])})


def test_a_draft_is_read_once(ringerike: Agreement, django_assert_num_queries: Any) -> None:
    first = remembered.draft(ringerike)
    with django_assert_num_queries(1):
        assert remembered.draft(ringerike) is first
    assert _is_as_stored(ringerike)


@pytest.mark.parametrize(
    ("page", "shown"),
    [("behandling/las/", "sha256"), ("historikk/hendelser/", "headings"), ("", "headings")],
)
def test_pages_take_what_is_worked_out_already(
    ringerike: Agreement, as_: Any, monkeypatch: pytest.MonkeyPatch, page: str, shown: str
) -> None:
    draft, again = remembered.draft(ringerike), []
    assert getattr(draft, shown)
    for module, name in ((canonical, "dump"), (resolve, "headings")):
        monkeypatch.setattr(module, name, lambda *given, name=name: again.append(name))
    answer = as_("administrator").get(f"/avtaler/{ringerike.slug}/{page}")
    assert (answer.status_code, again) == (200, [])
    if shown == "sha256":
        assert draft.sha256[:12] in answer.content.decode()


def _with_everything(agreement: Agreement) -> None:
    """Give the draft what the demonstration's has not: a table of weights and a model's confirmation."""
    rule = Rule.objects.filter(alternative__plan=agreement.plan).first()
    Rule.objects.filter(pk=rule.pk).update(
        kind=Rule.Kind.DISTRIBUTION_KEY, equal_percent=0, population_percent=0, table_percent=100
    )
    for person in agreement.plan.participants.all():
        RuleWeight.objects.create(rule=rule, participant=person, weight=1)
    service, body = agreement.services.first(), agreement.plan.participants.first().organisation
    ServiceChoice.objects.create(service=service, organisation=body, choice="bought", price=1)
    Extra.objects.create(plan=agreement.plan, organisation=body, key="mer", label="Mer", amount=1)
    AgreementTemplate.objects.filter(pk=agreement.template_id).update(
        confirmed_by=User.objects.first(), confirmed_on=dt.date(2026, 1, 1)
    )


def test_a_write_to_any_table_it_is_read_from_is_another_mark(ringerike: Agreement) -> None:
    _with_everything(ringerike)
    tables = _tables(ringerike)
    assert {"financing_ruleweight", "municipalities_user", "agreements_clause"} <= set(tables)
    with connection.cursor() as cursor:
        # Rows that are only added, as files are, can be written all the same.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            before = remembered.mark(ringerike)
            cursor.execute(SQL("UPDATE {} SET id = id").format(Identifier(table)))
            assert cursor.rowcount, f"{table} has no rows to write: give this draft one"
            assert remembered.mark(ringerike) != before, table
    assert remembered.mark(ringerike) == remembered.mark(ringerike)


@pytest.mark.parametrize("part", [*snapshot.PARTS, "agreement"])
def test_every_table_of_a_part_is_in_its_mark(ringerike: Agreement, part: str) -> None:
    """In the register's, which all parts are read again after, or in its own."""
    _with_everything(ringerike)
    read = snapshot.PARTS.get(part, lambda agreement: remembered._AGREEMENT.first(agreement.pk))
    with CaptureQueriesContext(connection) as asked:
        read(Agreement.objects.get(pk=ringerike.pk))
    tables = {name for query in asked for name in TABLE.findall(query["sql"])}
    assert len(tables) > 1
    # The row of the agreement is read each time, and the plan's is in the plan's mark.
    tables -= {"agreements_agreement"} | ({"financing_plan"} if part == "agreement" else set())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in sorted(tables):
            before = remembered.mark(ringerike)
            cursor.execute(SQL("UPDATE {} SET id = id").format(Identifier(table)))
            assert _written(before, remembered.mark(ringerike)) & {part, "register"}, table


def _written(before: str, now: str) -> set[str]:
    """The parts that have another mark now."""
    return {mark.partition("=")[0] for mark in set(now.split()) ^ set(before.split())}


# What is written, and the tables that are read again for it beside the agreement's own row.
READ_AGAIN = {
    "clauses": (Clause, {"agreements_clause"}),
    "parties": (Party, {"agreements_party"}),
    "services": (ServiceItem, {"agreements_serviceitem"}),
    "attachments": (Attachment, {"agreements_attachment"}),
    "today": (CurrentContribution, {"financing_currentcontribution"}),
    "plan": (
        Participant,
        {"financing_participant", "financing_alternative", "financing_rule"}
        | {"financing_ruleweight", "financing_indexfactor", "financing_extra"},
    ),
    "agreement": (Agreement, set()),
}


@pytest.mark.parametrize("part", READ_AGAIN)
def test_only_what_was_written_in_is_read_again(ringerike: Agreement, part: str) -> None:
    _with_everything(ringerike)
    model, tables = READ_AGAIN[part]
    before = remembered.draft(ringerike)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(SQL("UPDATE {} SET id = id").format(Identifier(model._meta.db_table)))
    with CaptureQueriesContext(connection) as asked:
        draft = remembered.draft(ringerike)
    read = {FROM.search(query["sql"])[1] for query in asked if "draft_mark" not in query["sql"]}
    assert read == tables | {"agreements_agreement"}
    assert draft is not before
    assert _is_as_stored(ringerike)


def test_a_write_in_the_register_reads_all_of_it_again(ringerike: Agreement) -> None:
    """Names of the register's bodies are in every part."""
    remembered.draft(ringerike)
    Organisation.objects.filter(key="3305").update(name="Ringerike nye kommune")
    with CaptureQueriesContext(connection) as asked:
        assert _is_as_stored(ringerike)
    remembered.forget()
    with CaptureQueriesContext(connection) as anew:
        assert _is_as_stored(ringerike)
    assert len(asked) == len(anew)


def test_every_part_has_a_mark(ringerike: Agreement) -> None:
    """A part whose rows are in no mark of its name would never be read again."""
    _with_everything(ringerike)
    marked = {part.partition("=")[0] for part in remembered.mark(ringerike).split()}
    assert marked == {*snapshot.PARTS, "agreement", "register"}


def test_a_part_that_is_emptied_and_filled_is_read_again(ringerike: Agreement) -> None:
    """A part without rows has no mark at all."""
    remembered.draft(ringerike)
    ringerike.plan.current_contributions.all().delete()
    assert "today=" not in remembered.mark(ringerike)
    assert _is_as_stored(ringerike)
    CurrentContribution.objects.create(
        plan=ringerike.plan,
        organisation=Organisation.objects.get(key="3305"),
        year=2025,
        amount=1000,
    )
    assert remembered.draft(ringerike).document.today
    assert _is_as_stored(ringerike)


def test_every_row_of_it_counts_in_its_part(ringerike: Agreement) -> None:
    """Points under others, and alternatives that are not chosen, as much as the rest."""
    _with_everything(ringerike)
    plan, services, attachments = ringerike.plan, ringerike.services, ringerike.attachments
    rules = Rule.objects.filter(alternative__plan=plan)
    contract, paying = ringerike.region.contract_municipality, plan.participants.all()
    rows = {
        "clauses": [*ringerike.clauses.all()],
        "parties": [
            *ringerike.parties.all(),
            *Party.on_behalf_of.through.objects.filter(party__agreement=ringerike),
        ],
        "services": [
            *services.all(),
            *ServiceChoice.objects.filter(service__agreement=ringerike),
        ],
        "attachments": [
            *attachments.all(),
            *AttachmentFile.objects.filter(attachment__agreement=ringerike),
        ],
        "today": [*plan.current_contributions.all()],
        "plan": [
            *paying,
            *plan.alternatives.all(),
            *rules,
            *RuleWeight.objects.filter(rule__in=rules),
            *IndexFactor.objects.filter(alternative__plan=plan),
            *plan.extras.all(),
            *Municipality.objects.filter(organisation__in=paying.values("organisation")).exclude(
                pk=contract.pk
            ),
        ],
        "agreement": [ringerike.region, ringerike.template, ringerike.template.confirmed_by],
        "register": [*Organisation.objects.all(), *County.objects.all()],
    }
    assert any(row.parent_id for row in rows["clauses"])
    assert plan.alternatives.exclude(pk=ringerike.chosen_alternative_id).exists()
    before = remembered.mark(ringerike)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    for part, own in rows.items():
        assert own, part
        for row in own:
            type(row).objects.filter(pk=row.pk).update(id=row.pk)
            now = remembered.mark(ringerike)
            assert _written(before, now) == {part}, row
            before = now
    Municipality.objects.filter(pk=contract.pk).update(id=contract.pk)
    assert "agreement" in _written(before, remembered.mark(ringerike))


def test_what_is_kept_of_the_plan_does_not_lead_to_an_old_agreement(ringerike: Agreement) -> None:
    """It is kept while the agreement is written in."""
    before = remembered.draft(ringerike)
    Agreement.objects.filter(pk=ringerike.pk).update(title="Ny tittel")
    draft = remembered.draft(ringerike)
    assert draft.plan is before.plan
    assert draft.document.title == "Ny tittel"
    assert draft.plan.plan.agreement.title == "Ny tittel"


def test_the_mark_of_the_release_before_reads_everything_anew(
    ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that is started before the database is migrated, and one that goes on afterwards."""
    mark = remembered.mark
    for found in ("75:123", "75:124", None, "75:125"):
        monkeypatch.setattr(remembered, "mark", lambda one, found=found: found or mark(one))
        Clause.objects.filter(agreement=ringerike, key="formaal").update(text=f"Nå {found}.")
        assert _is_as_stored(ringerike)


@pytest.mark.parametrize("again", [False, True])
def test_what_is_written_in_while_it_is_read_is_read_once_more(
    ringerike: Agreement, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    """With parts that are kept from before, and with none."""
    read = snapshot.read
    if again:
        remembered.draft(ringerike)
        Party.objects.filter(agreement=ringerike).update(mandate="")

    def interrupted(*given: Any) -> Any:
        monkeypatch.setattr(snapshot, "read", read)
        parts = read(*given)
        Clause.objects.create(agreement=ringerike, key="mer", heading="Mer", position=99)
        return parts

    monkeypatch.setattr(snapshot, "read", interrupted)
    seen = remembered.draft(ringerike)
    assert any(clause.key == "mer" for clause in seen.document.clauses)
    assert remembered.draft(ringerike) is seen
    Clause.objects.filter(key="mer").delete()
    assert not any(clause.key == "mer" for clause in remembered.draft(ringerike).document.clauses)


def test_what_is_written_in_all_the_time_is_shown_and_not_kept(
    ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, numbers = snapshot.read, iter(range(90, 99))

    def interrupted(*given: Any) -> Any:
        parts = read(*given)
        at = next(numbers)
        Clause.objects.create(agreement=ringerike, key=f"mer-{at}", heading="Mer", position=at)
        return parts

    monkeypatch.setattr(snapshot, "read", interrupted)
    seen = remembered.draft(ringerike)
    assert [clause.key for clause in seen.document.clauses if clause.key[:4] == "mer-"] == [
        "mer-90"
    ]
    monkeypatch.setattr(snapshot, "read", read)
    assert remembered.draft(ringerike) is not seen
    assert _is_as_stored(ringerike)


def test_rows_that_come_and_go_are_another_mark(ringerike: Agreement) -> None:
    marks = [remembered.mark(ringerike)]
    row = Clause.objects.create(agreement=ringerike, key="mer", heading="Mer", position=99)
    marks.append(remembered.mark(ringerike))
    row.delete()
    marks.append(remembered.mark(ringerike))
    Party.objects.filter(agreement=ringerike).first().on_behalf_of.clear()
    ringerike.parties.first().delete()
    marks.append(remembered.mark(ringerike))
    # What has come and gone leaves the draft as it was, mark and all.
    assert marks[0] == marks[2]
    assert len(set(marks)) == 3, marks


def test_another_agreement_s_writes_are_not_its_own(ringerike: Agreement, mosse: Agreement) -> None:
    before = remembered.mark(ringerike)
    Clause.objects.filter(agreement=mosse).update(heading="Noe annet")
    mosse.plan.participants.update(position=7)
    assert remembered.mark(ringerike) == before


def test_what_is_written_past_the_program_is_seen(ringerike: Agreement) -> None:
    remembered.draft(ringerike)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE municipalities_organisation SET name = name || ' x' WHERE key = '3305'"
        )
    assert _is_as_stored(ringerike)
    names = [party.body.name for party in remembered.draft(ringerike).document.parties]
    assert any(name.endswith(" x") for name in names), names


def test_the_caller_s_own_row_may_be_old(ringerike: Agreement) -> None:
    old = Agreement.objects.get(pk=ringerike.pk)
    Agreement.objects.filter(pk=ringerike.pk).update(title="Ny tittel")
    assert old.title != "Ny tittel"
    assert remembered.draft(old).document.title == "Ny tittel"


def test_pages_show_what_another_process_has_written(ringerike: Agreement, as_: Any) -> None:
    client: Client = as_("editor")
    address = f"/avtaler/{ringerike.slug}/tekst/"
    assert "Helt ny overskrift" not in client.get(address).content.decode()
    row = ringerike.clauses.first()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agreements_clause SET heading = 'Helt ny overskrift' WHERE id = %s", [row.pk]
        )
    assert "Helt ny overskrift" in client.get(address).content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_not_remembered(ringerike: Agreement) -> None:
    title = remembered.draft(ringerike).document.title
    with transaction.atomic():
        Agreement.objects.filter(pk=ringerike.pk).update(title="Aldri lagret")
        assert remembered.draft(ringerike).document.title == "Aldri lagret"
        transaction.set_rollback(True)
    assert remembered.draft(ringerike).document.title == title
