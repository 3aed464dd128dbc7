"""What municipalities have chosen of the checklist: edited where it is read, and paid for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from agreements import checklist, snapshot
from agreements.checklist import Chosen
from agreements.domain import canonical, checks
from agreements.domain.document import Choice
from agreements.editing import Actor
from agreements.models import Agreement, AgreementEvent, ServiceChoice
from financing import reader
from financing.models import Plan, PlanEvent
from municipalities.models import Organisation
from tests import desk, pages
from tests.desk import BASE, As

SERVICES = BASE + "tjenester/"
HOLE, MODUM, JEVNAKER = "3310", "3316", "3236"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


@pytest.fixture
def key(ringerike: Agreement) -> str:
    return str(ringerike.services.filter(level="additional")[0].key)


def opened(client: Client, key: str, **answers: Any) -> pages.Sent:
    return pages.changed(pages.form(client.get(f"{SERVICES}{key}/valg/"), "Lagre"), **answers)


def save(client: Client, key: str, **answers: Any) -> Any:
    return client.post(f"{SERVICES}{key}/valg/", opened(client, key, **answers))


def facts(agreement: Agreement) -> reader.PlanFacts:
    return reader.load(Plan.objects.get(pk=agreement.plan_id))


def cells(agreement: Agreement) -> dict[str, list[tuple[Decimal, ...]]]:
    """Each contributor's yearly amounts in every alternative."""
    found: dict[str, list[tuple[Decimal, ...]]] = {}
    for table in facts(agreement).tables.values():
        for row in (*table.rows, table.total):
            found.setdefault(getattr(row, "key", "total"), []).append(row.cells)
    return found


def test_the_page_is_a_table_with_a_column_for_each_municipality(
    ringerike: Agreement, editor: Client
) -> None:
    table = pages.page(editor.get(SERVICES)).all("table")[0]
    heads = [node.text for node in pages.page(editor.get(SERVICES)).all("th", scope="col")]
    assert heads[1:6] == ["Hole", "Jevnaker", "Krødsherad", "Modum", "Ringerike"]
    assert table.text.count("Med") >= 5
    ringerike.plan.participants.filter(organisation__key=HOLE).update(status="declined")
    assert "Hole" not in [
        node.text for node in pages.page(editor.get(SERVICES)).all("th", scope="col")
    ]


def test_what_is_bought_is_paid_by_the_one_who_buys_in_every_alternative(
    ringerike: Agreement, editor: Client, key: str
) -> None:
    before = cells(ringerike)
    answer = save(
        editor, key, **{"valg-3316": "bought", "pris-3316": "50\u00a0000,50", "valg-3310": "out"}
    )
    assert answer["Location"] == f"{SERVICES}#{key}"
    price = Decimal("50000.50")
    after = cells(ringerike)
    for who, tables in before.items():
        more = price if who in (MODUM, "total") else Decimal(0)
        assert after[who] == [tuple(cell + more for cell in years) for years in tables]
    words = pages.text(editor.get(SERVICES))
    assert "Kjøpt i tillegg 50 000,50 kr" in words
    assert "Ikke med" in words
    sums = [n.text for n in pages.page(editor.get(SERVICES)).all("td", class_="num")]
    assert sums == ["0,00", "0,00", "0,00", "50 000,50", "0,00"]
    # The table says what is in the amount, wherever it is shown.
    for page in ("okonomi/", "tekst/"):
        shown = pages.text(editor.get(BASE + page))
        assert "Kjøpt i tillegg: " in shown
        assert "Fast beløp for Modum: 50 000,50 kroner i året; indeksreguleres ikke" in shown
    assert "kjøpt i tillegg av Modum for 50 000,50 kroner" in pages.text(
        editor.get(BASE + "tekst/")
    )


def test_the_same_choice_again_changes_nothing_and_has_no_event(
    ringerike: Agreement, editor: Client, key: str
) -> None:
    save(editor, key, **{"valg-3316": "bought", "pris-3316": "100"})
    done = desk.events()
    save(editor, key)
    assert desk.events() == done
    event = AgreementEvent.objects.filter(action="service.chosen").latest("pk")
    assert event.data["choices"] == {MODUM: ["in", "bought 100,00"]}
    assert PlanEvent.objects.latest("pk").action == "extras.edited"


def test_going_back_takes_the_amount_away(ringerike: Agreement, editor: Client, key: str) -> None:
    before = cells(ringerike)
    hash_before = canonical.sha256(snapshot.build(ringerike))
    save(editor, key, **{"valg-3316": "bought", "pris-3316": "100"})
    assert canonical.sha256(snapshot.build(ringerike)) != hash_before
    save(editor, key, **{"valg-3316": "in", "pris-3316": ""})
    assert cells(ringerike) == before
    assert not ServiceChoice.objects.exists()
    assert canonical.sha256(snapshot.build(ringerike)) == hash_before


def test_a_new_wording_is_told_and_a_deleted_line_costs_nothing(
    ringerike: Agreement, editor: Client, key: str
) -> None:
    before = cells(ringerike)
    save(editor, key, **{"valg-3316": "bought", "pris-3316": "100"})
    address = f"{SERVICES}{key}/"
    editor.post(
        address, pages.changed(pages.form(editor.get(address), "Lagre"), text="Hjelp til søknader")
    )
    assert facts(ringerike).extras[0].label == "Kjøpt i tillegg: Hjelp til søknader"
    editor.post(f"{address}slett/", pages.form(editor.get(address), "Slett"))
    assert cells(ringerike) == before
    assert AgreementEvent.objects.latest("pk").data["choices"] == {MODUM: "bought 100,00"}


def test_one_who_does_not_contribute_pays_nothing_and_is_told_of(
    ringerike: Agreement, editor: Client, key: str
) -> None:
    save(editor, key, **{"valg-3310": "bought", "pris-3310": "100"})
    ringerike.plan.participants.filter(organisation__key=HOLE).update(status="declined")
    document = snapshot.build(Agreement.objects.get(pk=ringerike.pk))
    found = checks.run(document, snapshot.context(ringerike.region))
    assert ("choice_outside_agreement", f"tjenester:{key}") in [
        (str(f.code), f.anchor) for f in found
    ]
    assert all(years == (Decimal("0.00"),) * 3 for years in cells(ringerike)[HOLE])
    # The choice is still there to be taken back.
    assert "(bidrar ikke)" in pages.text(editor.get(SERVICES))
    save(editor, key, **{"valg-3310": "in", "pris-3310": ""})
    assert not ServiceChoice.objects.exists()


WRONG = [
    ("valg-3316", "kanskje", "Velg på nytt"),
    ("valg-3316", "", "Velg for Modum"),
    ("pris-3316", "mye", "Modum, pris per år"),
    ("pris-3316", "-1", "kan ikke være mindre enn"),
    ("pris-3316", "1" * 40, "kan ha høyst"),
    ("pris-3316", "124.8905", "Modum, pris per år"),
    ("pris-3316", "100", "kjøper ikke tjenesten i tillegg"),
]


@pytest.mark.parametrize(("name", "typed", "message"), WRONG)
def test_what_is_wrong_is_said_at_the_field_and_kept(
    ringerike: Agreement, editor: Client, key: str, name: str, typed: str, message: str
) -> None:
    sent = opened(editor, key) | {name: [typed]}
    answer = editor.post(f"{SERVICES}{key}/valg/", sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    inside = editor.post(f"{SERVICES}{key}/valg/", sent, headers={"HX-Request": "true"})
    assert inside.status_code == 422
    assert message in pages.text(inside)
    assert not ServiceChoice.objects.exists()


def test_a_stale_save_is_stopped_and_shows_both(
    ringerike: Agreement, as_: As, editor: Client, key: str
) -> None:
    mine = opened(editor, key, **{"valg-3316": "bought", "pris-3316": "100"})
    save(as_("other_editor"), key, **{"valg-3316": "out"})
    answer = editor.post(f"{SERVICES}{key}/valg/", mine)
    assert answer.status_code == 409
    assert "Modum: ikke med" in pages.text(answer)
    again = pages.form(answer, "Lagre mitt likevel")
    assert again["pris-3316"] == ["100"]
    assert editor.post(f"{SERVICES}{key}/valg/", again).status_code == 302
    assert ServiceChoice.objects.get().price == 100


def test_the_line_is_edited_where_it_is_read(
    ringerike: Agreement, editor: Client, key: str
) -> None:
    read = pages.page(editor.get(f"{SERVICES}?rediger={key}"))
    fields = {
        n["name"] for n in (*read.all("select"), *read.all("input")) if n.get("form") == "valg"
    }
    assert {"valg-3316", "pris-3316"} <= fields
    assert len(read.all("form", id="valg")) == 1
    assert not pages.page(editor.get(f"{SERVICES}?rediger=finnes-ikke")).all("form", id="valg")


def test_a_reader_of_the_draft_sees_the_choices_and_changes_none(
    ringerike: Agreement, as_: As, key: str
) -> None:
    client = as_("director")
    answer = client.get(f"{SERVICES}?rediger={key}")
    assert answer.status_code == 200
    assert not pages.page(answer).all("form", id="valg")


def test_a_price_without_a_purchase_is_never_stored(ringerike: Agreement, key: str) -> None:
    with pytest.raises(ValueError, match="a price of 5"):
        Chosen(Choice.OUT, Decimal(5))
    item = ringerike.services.get(key=key)
    hole = Organisation.objects.get(key=HOLE)
    assert not checklist.save_choices(Actor(None, None), item, item.revision, {hole: Chosen()})


def test_the_workbook_and_the_payment_plan_have_it(
    ringerike: Agreement, editor: Client, key: str
) -> None:
    before = pages.text(editor.get(BASE + "okonomi/betalingsplan/"))
    save(editor, key, **{"valg-3316": "bought", "pris-3316": "50000"})
    assert pages.text(editor.get(BASE + "okonomi/betalingsplan/")) != before
    content = editor.get(BASE + "dokumenter/bidragstabell.csv").content.decode("utf-8-sig")
    (modum,) = {
        row.cells[0]
        for row in facts(ringerike).table(facts(ringerike).rows[0].pk).rows
        if row.key == MODUM
    }
    assert f"{modum:.2f}".replace(".", ",") in content.replace("\u00a0", "").replace(" ", "")
