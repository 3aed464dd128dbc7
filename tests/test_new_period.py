"""A new period from an old agreement: what is copied, what is renewed, and what must be decided."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import ProtectedError
from django.test import Client

from agreements import checklist, snapshot
from agreements.checklist import Chosen
from agreements.domain import canonical, checks, diff
from agreements.domain.document import Choice
from agreements.models import Agreement, AgreementEvent
from financing import reader
from municipalities.models import Organisation
from tests import inputs, pages
from tests.desk import BASE, As

NEW = BASE + "ny-periode/"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def renewed(client: Client, address: str = NEW, **answers: Any) -> Agreement:
    sent = pages.changed(pages.form(client.get(address), "Lag ny periode"), **answers)
    answer = client.post(address, sent)
    assert answer.status_code == 302, pages.text(answer)
    assert client.post(address, sent)["Location"] == answer["Location"]
    return Agreement.objects.get(slug=answer["Location"].split("/")[2])


def test_the_form_suggests_dates_title_and_rates_and_says_how(
    ringerike: Agreement, editor: Client
) -> None:
    sent = pages.form(editor.get(NEW), "Lag ny periode")
    assert sent["title"] == [ringerike.title.replace("2026–2028", "2029–2031")]
    assert (sent["term_start"], sent["term_end"]) == (["2029-01-01"], ["2031-12-31"])
    assert sent["sats-municipalities"] == ["16,36"]
    assert sent["sats-county_authorities"] == ["5,50"]
    words = pages.text(editor.get(NEW))
    assert "14,50 × 1,041 × 1,041 × 1,041 = 16,36 kroner" in words
    assert "5,50 kroner som før" in words


def test_all_is_copied_and_the_figures_are_renewed(ringerike: Agreement, editor: Client) -> None:
    before = snapshot.build(ringerike)
    old_bytes = canonical.dump(before)
    new = renewed(editor)
    assert new.slug == "ringeriksregionen-2029"
    assert new.previous == ringerike
    after = snapshot.build(new)
    assert after.clauses == before.clauses
    assert after.services == before.services
    assert [(p.body, p.role, p.on_behalf_of) for p in after.parties] == [
        (p.body, p.role, p.on_behalf_of) for p in before.parties
    ]
    assert after.financing is not None
    table = after.financing.table
    assert table.years == (2029, 2030, 2031)
    assert [str(f.percent.normalize()) for f in table.index] == ["4.1", "4.1"]
    assert {str(row.status) for row in table.rows} == {"undecided"}
    # 7 065 inhabitants x 16,36
    hole = next(row for row in table.rows if row.key == "3310")
    assert hole.population is not None
    assert hole.cells[0] == (hole.population * Decimal("16.36")).quantize(Decimal("0.01"))
    assert len(reader.load(new.plan).tables) == 2
    # The old one is as it was, and so is what it says.
    assert canonical.dump(snapshot.build(Agreement.objects.get(pk=ringerike.pk))) == old_bytes
    changed = diff.compare(before, after)
    assert not [c for c in changed.clauses if c.differs]
    assert not [s for s in changed.services if s.differs]


def test_what_is_paid_today_is_the_last_year(ringerike: Agreement, editor: Client) -> None:
    old = snapshot.build(ringerike).financing
    assert old is not None
    today = reader.current_contributions(renewed(editor).plan)
    assert today is not None
    assert today.year == 2028
    assert today.amounts == {row.key: row.cells[-1] for row in old.table.rows}


def test_both_agreements_have_an_event(ringerike: Agreement, editor: Client) -> None:
    new = renewed(editor)
    rows = AgreementEvent.objects.filter(action__in=["agreement.renewed", "agreement.followed"])
    assert {(e.agreement_id, e.action) for e in rows} == {
        (new.pk, "agreement.renewed"),
        (ringerike.pk, "agreement.followed"),
    }
    assert "Ny periode ble laget" in pages.text(editor.get(BASE))
    with pytest.raises(ProtectedError):
        ringerike.delete()


def test_the_list_is_on_the_overview_until_it_is_settled(
    ringerike: Agreement, as_: As, editor: Client
) -> None:
    new = renewed(editor)
    base = f"/avtaler/{new.slug}/"
    page = editor.get(f"{base}avgjores/")
    words = pages.text(page)
    for said in (
        "Hole har ikke tatt stilling til bidraget",
        "Satsene i 2029 er foreslått til 16,36 og 5,50 kroner",
        "Indeksen for 2030 og 2031 er ført videre",
        "bekreft at",
        "Evalueringen av perioden som går ut, er ikke lagt ved",
        "Databehandleravtalen må fornyes",
    ):
        assert said in words
    open_before = words.count("Merk som avklart")
    assert f"Dette må avgjøres ({words.count('Merk som avklart')})" in pages.text(editor.get(base))
    # A point that somebody marks, and one that goes by itself.
    editor.post(f"{base}avgjores/", {"punkt": "sats"})
    sent = pages.form(editor.get(f"{base}parter/part/3305/"), "Lagre")
    editor.post(f"{base}parter/part/3305/", sent)
    words = pages.text(editor.get(f"{base}avgjores/"))
    assert words.count("Merk som avklart") == open_before - 2
    assert "Merket som avklart" in words
    editor.post(f"{base}avgjores/", {"punkt": "sats", "handling": "apne"})
    words = pages.text(editor.get(f"{base}avgjores/"))
    assert words.count("Merk som avklart") == open_before - 1
    assert not pages.page(as_("director").get(f"{base}avgjores/")).all("input", name_="punkt")
    for key in ("finnes-ikke", "\x00", "x" * 9999):
        assert editor.post(f"{base}avgjores/", {"punkt": key}).status_code == 302
    new.refresh_from_db()
    assert new.settled == []


def test_purchases_follow_into_the_new_plan(ringerike: Agreement, editor: Client) -> None:
    item = ringerike.services.filter(level="additional")[0]
    modum = Organisation.objects.get(key="3316")
    chosen = {modum: Chosen(Choice.BOUGHT, Decimal(500))}
    checklist.save_choices(inputs.actor("editor"), item, item.revision, chosen)
    new = renewed(editor)
    assert [rule.amount for rule in reader.load(new.plan).extras] == [500]
    words = pages.text(editor.get(f"/avtaler/{new.slug}/avgjores/"))
    assert "Modum kjøper" in words
    assert "500,00 kroner, som i forrige periode" in words


def test_a_county_authority_that_is_gone_gives_way(mosse: Agreement, as_: As) -> None:
    new = renewed(as_("outsider"), f"/avtaler/{mosse.slug}/ny-periode/")
    document = snapshot.build(new)
    assert "Viken" not in {document.county, *(p.body.short_name for p in document.parties)}
    found = checks.run(document, snapshot.context(new.region))
    assert "retired_body" not in {str(f.code) for f in found}
    authority = next(p for p in document.parties if p.role == "county_authority")
    assert (authority.body.short_name, authority.signatory_name) == ("Østfold", "")


WRONG = [
    ("title", "", "Fyll inn tittel"),
    ("term_end", "2028-01-01", "Sluttdatoen må være etter"),
    ("term_start", "1999-01-01", "Velg et år mellom"),
    ("population_date", "2024-02-03", "Registeret har ikke innbyggertall"),
    ("sats-municipalities", "mye", "Kommunenes sats per innbygger"),
    ("sats-municipalities", "", "Fyll inn kommunenes sats"),
]


@pytest.mark.parametrize(("name", "typed", "message"), WRONG)
def test_what_is_wrong_is_said_at_the_field(
    ringerike: Agreement, editor: Client, name: str, typed: str, message: str
) -> None:
    before = Agreement.objects.count()
    sent = pages.form(editor.get(NEW), "Lag ny periode") | {name: [typed]}
    answer = editor.post(NEW, sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    assert Agreement.objects.count() == before


def test_the_differences_offer_the_period_before_first(
    ringerike: Agreement, mosse: Agreement, editor: Client
) -> None:
    new = renewed(editor)
    later = renewed(editor, title="En til", term_start=str(dt.date(2029, 1, 1)))
    later.previous = new
    later.save()
    links = [
        n["href"] for n in pages.page(editor.get(f"/avtaler/{later.slug}/historikk/")).all("a")
    ]
    offered = [link for link in links if "/historikk/avtale/" in link]
    assert offered[0].endswith(f"/avtale/{new.slug}/")
    assert "Forrige periode. Gjelder" in pages.text(editor.get(f"/avtaler/{later.slug}/historikk/"))
