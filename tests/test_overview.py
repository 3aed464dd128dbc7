"""The desk, the list, an agreement's overview and details, the check's page and the documents page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from agreements import event_text
from agreements.domain import canonical
from agreements.domain.states import Action
from agreements.models import Agreement, AgreementEvent
from agreements.snapshot import build
from financing.models import Plan
from municipalities.models import Region, User
from tests import pages
from tests.desk import BASE, As

LIST = "/avtaler/"
ROOM = Path(__file__).parent.parent / "agreements"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def more(agreement: Agreement, count: int) -> None:
    """Make drafts that differ in slug, title and year only."""
    for number in range(count):
        year = 2030 + number % 7
        plan = Plan.objects.create(
            region=agreement.region,
            name=f"Plan {number}",
            first_year=year,
            last_year=year + 2,
            population_date="2025-01-01",
        )
        Agreement.objects.create(
            slug=f"utkast-{number}",
            region=agreement.region,
            plan=plan,
            title=f"Utkast {number:03}",
            term_start=f"{year}-01-01",
            term_end=f"{year + 2}-12-31",
        )


def listed(answer: Any) -> list[str]:
    read = pages.page(answer)
    rows = [n for n in read.all("a") if any(p.name == "th" for p in n.parents)]
    return [row.text for row in rows]


# --- the desk ------------------------------------------------------------------------------------


def test_the_desk_shows_what_was_last_changed_and_ones_roles(
    ringerike: Agreement, editor: Client
) -> None:
    more(ringerike, 10)
    Agreement.objects.filter(slug="utkast-3").update(updated_at="2099-01-01T00:00:00Z")
    read = pages.page(editor.get("/"))
    titles = [a.text for a in read.all("a") if a["href"].startswith("/avtaler/utkast")]
    assert titles[0] == "Utkast 003"
    assert len(titles) <= 8
    assert "Redaktør, Ringerike kommune" in pages.text(editor.get("/"))


def test_a_person_without_a_role_is_told_whom_to_ask(ringerike: Agreement, client: Client) -> None:
    client.force_login(User.objects.create_user("ny@eksempel.no", name="Ny"))
    assert "ikke fått noen rolle" in pages.text(client.get("/"))
    assert listed(client.get(LIST)) == []
    assert "Ny avtale" not in pages.text(client.get(LIST))


def test_the_first_one_of_a_region_is_told_how_to_start(
    ringerike: Agreement, client: Client
) -> None:
    region = Region.objects.filter(agreements=None).first()
    organisation = region.contract_municipality.organisation
    user = User.objects.create_user("ny@eksempel.no", name="Ny")
    client.force_login(user)
    role = user.memberships.create(organisation=organisation, role="editor")
    assert "Lag den første avtalen" in pages.text(client.get("/"))
    assert "Velg «Ny avtale»" in pages.text(client.get(LIST))
    role.delete()
    user.memberships.create(organisation=organisation, role="reader")
    assert "har delt et utkast" in pages.text(client.get("/"))


# --- the list ------------------------------------------------------------------------------------


HALLINGDAL = "Samarbeidsavtale om etablerartenesta i Hallingdal 2026–2029"


def test_everybody_sees_their_own_regions_agreements(as_: As) -> None:
    ours = "Samarbeidsavtale om etablerertjenesten i Ringeriksregionen 2026–2028"
    for who in ("editor", "other_editor", "director", "administrator", "county"):
        # The county authority is a party in Hallingdal too.
        theirs = [HALLINGDAL] if who == "county" else []
        assert listed(as_(who).get(LIST)) == [*theirs, ours], who
    assert listed(as_("reader").get(LIST)) == []
    assert ours not in listed(as_("outsider").get(LIST))


SEARCHES = [
    ("etablerertjenesten", 1),
    ("RINGERIKSREGIONEN", 1),
    ("Hole", 1),  # the contract municipality signs for it
    ("innovasjon", 1),
    ("  nav vest  ", 1),
    ("Moss", 0),
    ("%", 0),
    ("_", 0),
    ("' OR 1=1 --", 0),
    ("", 1),
]


@pytest.mark.parametrize(("query", "count"), SEARCHES)
def test_searching_title_region_and_parties(editor: Client, query: str, count: int) -> None:
    answer = editor.get(LIST, {"q": query})
    assert answer.status_code == 200
    assert len(listed(answer)) == count
    if not count:
        assert "Ingen avtaler passer" in pages.text(answer)
    assert pages.page(answer).one("input", name_="q").get("value", "") == query


def test_filtering_by_region_offers_only_ones_own(ringerike: Agreement, editor: Client) -> None:
    read = pages.page(editor.get(LIST))
    assert [o.text for o in read.all("option")] == ["Alle regioner", "Ringeriksregionen"]
    answer = editor.get(LIST, {"region": ringerike.region_id, "q": "utkast"})
    assert listed(answer) == []


def test_pages_of_the_list_hold_every_agreement_once(ringerike: Agreement, editor: Client) -> None:
    more(ringerike, 59)
    seen = [title for page in (1, 2, 3) for title in listed(editor.get(LIST, {"side": page}))]
    assert len(seen) == 60
    assert len(set(seen)) == 60
    assert "Side 2 av 3" in pages.text(editor.get(LIST, {"side": 2}))
    found = editor.get(LIST, {"q": "utkast", "side": "2"})
    links = [a["href"] for a in pages.page(found).all("a", rel="next")]
    assert links == ["?q=utkast&side=3"]


def test_the_newest_term_stands_first(ringerike: Agreement, editor: Client) -> None:
    more(ringerike, 8)
    titles = listed(editor.get(LIST))
    assert titles[:2] == ["Utkast 006", "Utkast 005"]
    assert titles[-1].startswith("Samarbeidsavtale")


@pytest.mark.parametrize("side", ["0", "-1", "999", "x", "", "\x00", "9" * 5000, "1.5"])
def test_odd_page_numbers_show_a_page(editor: Client, side: str) -> None:
    answer = editor.get(LIST, {"side": side})
    assert answer.status_code == 200
    assert listed(answer)


@pytest.mark.parametrize(
    ("name", "value"),
    [("q", "x" * 101), ("q", "\x00"), ("region", "x"), ("region", "-1"), ("region", "9" * 30)],
)
def test_odd_filters_are_said_at_the_field(editor: Client, name: str, value: str) -> None:
    answer = editor.get(LIST, {name: value})
    assert answer.status_code == 422
    assert set(pages.complaints(answer)) == {name}


# --- an agreement --------------------------------------------------------------------------------


def test_the_overview_says_the_sum_the_parties_and_what_is_to_be_mended(
    ringerike: Agreement, editor: Client
) -> None:
    words = pages.text(editor.get(BASE))
    for word in (
        "1. januar 2026 til 31. desember 2028",
        "Ringerike kommune, på vegne av Hole kommune, Jevnaker kommune, Krødsherad kommune og Modum",
        "Avtalen følger Alternativ 1",
        "1 256 000,00 kr",
        "Modum kommune ga innspill om",
        "Mona Modum",
    ):
        assert word in words, word
    ringerike.clauses.filter(key="formaal").update(text="{{ x }} [[punkt:y]]")
    assert "2 må rettes" in pages.text(editor.get(BASE))


def test_every_tab_is_there_and_the_current_one_is_marked(editor: Client) -> None:
    paths = ["", "tekst/", "parter/", "tjenester/", "innspill/", "okonomi/"]
    paths += ["kontroll/", "behandling/", "historikk/", "dokumenter/"]
    for path in paths:
        read = pages.page(editor.get(BASE + path))
        navigation = read.one("nav", aria_label="Avtalens")
        links = [a for a in read.all("a") if any(p is navigation for p in a.parents)]
        assert [a["href"] for a in links] == [BASE + p for p in paths]
        assert [a["href"] for a in links if a.get("aria-current") == "page"] == [BASE + path]


def test_every_event_that_is_recorded_has_words() -> None:
    kinds = "|".join(sorted({action.partition(".")[0] for action in event_text.TEXTS} - {"state"}))
    recorded = {f"state.{action}" for action in Action}
    for file in ROOM.rglob("*.py"):
        if "migrations" not in file.parts and file.name != "event_text.py":
            source = file.read_text(encoding="utf-8")
            recorded |= set(re.findall(rf'"((?:{kinds})\.[a-z_]+)"', source))
    assert recorded == set(event_text.TEXTS)


def test_a_point_and_a_party_with_one_key_are_told_apart() -> None:
    names = {("clause", "nav"): "Navs ansvar", ("party", "nav"): "Nav Vest-Viken"}
    assert event_text.describe("clause.edited", {"key": "nav"}, names) == (
        "Punktet «Navs ansvar» ble endret"
    )
    assert event_text.describe("party.edited", {"key": "nav"}, names) == (
        "Parten Nav Vest-Viken ble endret"
    )
    gone = event_text.describe("party.deleted", {"key": "nav", "name": "Nav"}, {})
    assert gone == "Parten Nav ble fjernet"


def test_details_are_saved(ringerike: Agreement, editor: Client) -> None:
    sent = pages.form(editor.get(BASE + "opplysninger/"), "Lagre")
    answers = {"title": "Ny tittel", "term_start": "2027-01-01", "term_end": "2029-06-30"}
    answer = editor.post(BASE + "opplysninger/", pages.changed(sent, **answers))
    assert answer["Location"] == BASE
    ringerike.refresh_from_db()
    assert (ringerike.title, str(ringerike.term_end)) == ("Ny tittel", "2029-06-30")
    event = AgreementEvent.objects.latest("pk")
    assert event.data["term_end"] == ["2028-12-31", "2029-06-30"]


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("title", "x" * 200, "høyst 160 tegn"),
        ("title", "", "Fyll inn tittel"),
        ("title", "a\x00", "ikke tillatt"),
        ("term_end", "2025-12-31", "må være etter startdatoen"),
        ("term_end", "2028-13-01", "som en dato"),
        ("term_start", "1999-01-01", "mellom 2000 og 2100"),
    ],
)
def test_wrong_details_are_said_at_the_field_and_kept(
    ringerike: Agreement, editor: Client, name: str, typed: str, message: str
) -> None:
    sent = pages.form(editor.get(BASE + "opplysninger/"), "Lagre") | {name: [typed]}
    answer = editor.post(BASE + "opplysninger/", sent)
    assert answer.status_code == 422
    assert message in pages.complaints(answer)[name]
    assert pages.form(answer, "Lagre") == sent
    ringerike.refresh_from_db()
    assert ringerike.revision == 1


# --- the check's page ----------------------------------------------------------------------------


def links(client: Client) -> list[tuple[str, str]]:
    read = pages.page(client.get(BASE + "kontroll/"))
    rows = [n for n in read.all("a") if any(p.name == "li" for p in n.parents)]
    return [(a["href"], a.text) for a in rows if a.text.startswith("Gå til")]


def test_every_finding_leads_to_its_place(ringerike: Agreement, as_: As) -> None:
    """For an editor to the form, for a reader to the place on the page."""
    ringerike.clauses.filter(key="formaal").update(text="Se [[punkt:finnes-ikke]].")
    ringerike.parties.filter(organisation__key="33").update(signatory_name="")
    Agreement.objects.filter(pk=ringerike.pk).update(title="Avtale 2022–2025")
    found = links(as_("editor"))
    assert (f"{BASE}tekst/punkt/formaal/", "Gå til punkt 2") in found
    assert f"{BASE}parter/" in dict(found)
    assert f"{BASE}okonomi/" in dict(found)
    assert f"{BASE}opplysninger/" in dict(found)
    seen = links(as_("director"))
    assert (f"{BASE}tekst/#formaal", "Gå til punkt 2") in seen
    assert BASE in dict(seen)
    for who, rows in (("editor", found), ("director", seen)):
        for address, _ in rows:
            path, _, anchor = address.partition("#")
            answer = as_(who).get(path)
            assert answer.status_code == 200, (who, address)
            assert not anchor or pages.page(answer).one(id=anchor)


def test_the_check_says_when_there_is_nothing(
    ringerike: Agreement, editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agreements.domain.checks.run", lambda document, context: [])
    assert "Ingen funn" in pages.text(editor.get(BASE + "kontroll/"))
    assert "Ingen funn" in pages.text(editor.get(BASE))


# --- documents -----------------------------------------------------------------------------------


def test_the_documents_page_names_the_content_it_is_made_from(
    ringerike: Agreement, editor: Client
) -> None:
    before = pages.page(editor.get(BASE + "dokumenter/")).one("code", class_="hash").text
    assert before == canonical.sha256(build(ringerike))
    ringerike.clauses.filter(key="formaal").update(text="Noe annet.")
    after = pages.page(editor.get(BASE + "dokumenter/")).one("code", class_="hash").text
    assert after == canonical.sha256(build(ringerike)) != before


@pytest.mark.parametrize("name", ["avtale", "bidragstabell"])
def test_a_pdf_is_made_shown_and_not_kept_by_anybody(editor: Client, name: str) -> None:
    answer = editor.get(f"{BASE}dokumenter/{name}.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith('inline; filename="ringeriksregionen-2026')
