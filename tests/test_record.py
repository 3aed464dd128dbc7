"""The record as a page, as files, and as a chain that can be followed without the program."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from agreements import record_lines, snapshot
from agreements.documents.record import record_html, record_report
from agreements.domain.document import Language
from agreements.domain.guards import Outcome
from agreements.domain.states import Action
from agreements.models import Agreement, AgreementEvent
from tests import inputs, pages, rounds

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/historikk/"


def rows(client: Client) -> list[dict[str, str]]:
    text = client.get(BASE + "hendelser.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_page_tells_what_has_been_done_newest_first(ringerike: Agreement, as_: As) -> None:
    version = rounds.freeze(ringerike)
    rounds.answer(version, rounds.HOLE)
    text = pages.text(as_("director").get(BASE + "hendelser/"))
    assert text.index("Hole kommune svarte på versjon 1: positiv") < text.index(
        "Versjon 1 ble låst og sendt til behandling"
    )


def test_which_version_an_event_is_about_is_said_once(ringerike: Agreement, as_: As) -> None:
    rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike, k3310=Outcome.REJECTED)
    rounds.take(ringerike, Action.GIVE_UP, "Ingen avtale.")
    rows = record_lines.rows(ringerike)
    lines = list(record_lines.lines(rows, snapshot.build(ringerike), team=True))
    report = record_report(ringerike.title, "", lines, Language.BOKMAL)
    for said in (
        pages.text(as_("director").get(BASE + "hendelser/")),
        re.sub("<[^>]*>", " ", record_html(ringerike.title, "", lines)),
        str(report),
    ):
        assert "Avtalen blir ikke inngått (versjon 1)" in said
        assert said.count("(versjon 1)") == 1
        assert "Hole kommune svarte på versjon 1: " in said


def test_the_csv_is_enough_to_compute_the_chain(ringerike: Agreement, as_: As) -> None:
    rounds.to_councils(ringerike)
    previous = "0" * 64
    found = rows(as_("editor"))
    assert len(found) == ringerike.events.count()
    for row in found:
        at = dt.datetime.fromisoformat(row["Tidspunkt"]).astimezone(dt.UTC)
        said = {
            "agreement": ringerike.slug,
            "number": int(row["Nummer"]),
            "at": at.isoformat(timespec="microseconds"),
            "actor": int(row["Person (nummer)"]) if row["Person (nummer)"] else None,
            "organisation": row["Organisasjon (nøkkel)"],
            "action": row["Handling"],
            "data": json.loads(row["Før og etter"]),
            "request_id": row["Forespørsel"],
            "version_sha256": row["Versjon"],
            "previous_hash": previous,
        }
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert row["Forrige"] == previous
        assert row["Kontrollsum"] == hashlib.sha256(text.encode()).hexdigest()
        previous = row["Kontrollsum"]


def test_internal_input_is_a_line_without_words_for_others(ringerike: Agreement, as_: As) -> None:
    inputs.an_internal(ringerike)
    for who, hidden in (("director", True), ("editor", False)):
        (last,) = rows(as_(who))[-1:]
        assert (last["Hva"] == "Intern hendelse") is hidden
        assert bool(last["Bruker"]) is not hidden
        assert last["Kontrollsum"]
        page = pages.text(as_(who).get(BASE + "hendelser/"))
        assert ("Intern hendelse" in page) is hidden


def test_the_page_follows_the_chain_when_asked(ringerike: Agreement, as_: As) -> None:
    newest = ringerike.events.latest("number")
    text = pages.text(as_("editor").get(BASE + "hendelser/?kontroll=1"))
    assert "Kjeden er hel" in text
    assert newest.hash in text


def broken(agreement: Agreement) -> AgreementEvent:
    event = agreement.events.order_by("number")[1]
    table = AgreementEvent._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(f"UPDATE {table} SET request_id = 'x' WHERE id = %s", [event.pk])  # noqa: S608
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
    return event


def test_a_broken_chain_is_said_on_the_page_and_by_the_command(
    ringerike: Agreement, as_: As, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("verify_record", ringerike.slug)
    assert "whole" in capsys.readouterr().out
    event = broken(ringerike)
    text = pages.text(as_("editor").get(BASE + "hendelser/?kontroll=1"))
    assert f"Hendelse {event.number} er endret etter at den ble skrevet" in text
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_record", ringerike.slug)
    assert stopped.value.code == 1


def test_the_command_finds_that_the_newest_were_cut_off(
    ringerike: Agreement, capsys: pytest.CaptureFixture[str]
) -> None:
    newest = ringerike.events.latest("number")
    call_command("verify_record", ringerike.slug, "--last", newest.hash)
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_record", ringerike.slug, "--last", "f" * 64)
    assert stopped.value.code == 1


def test_the_record_has_the_request_it_came_with(ringerike: Agreement, as_: As) -> None:
    client = as_("editor")
    page = client.get("/avtaler/ringeriksregionen-2026/tekst/punkt/formaal/")
    sent = pages.changed(pages.form(page, "Lagre"), text="Noe annet.")
    answer = client.post(
        "/avtaler/ringeriksregionen-2026/tekst/punkt/formaal/",
        sent,
        headers={"X-Request-ID": "fra-proxy-12345"},
    )
    assert answer["X-Request-ID"] == "fra-proxy-12345"
    assert ringerike.events.latest("number").request_id == "fra-proxy-12345"
    nasty = client.get("/", headers={"X-Request-ID": "x" * 65})
    assert nasty["X-Request-ID"] != "x" * 65


def test_a_cell_that_could_begin_a_formula_is_text() -> None:
    at = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
    line = record_lines.Line(
        number=1,
        at=at,
        actor="=1+1",
        organisation="+47",
        text="@SUM(A1)",
        action="clause.edited",
        data="{}",
        actor_number=7,
        organisation_key="-1",
        request_id="",
        version=None,
        version_sha256="",
        previous_hash="0" * 64,
        hash="f" * 64,
    )
    text = record_lines.as_csv([line]).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["Bruker"], row["Organisasjon"], row["Hva"]) == ("'=1+1", "'+47", "'@SUM(A1)")
    assert row["Organisasjon (nøkkel)"] == "'-1"
    assert row["Handling"] == "clause.edited"
