"""How many questions a page asks the database: few, and no more when there is more to show."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import attachments, remembered, workflow
from agreements.demo import one_line_pdf
from agreements.domain.states import Action
from agreements.models import Agreement, Attachment, Clause, Party, ServiceChoice, ServiceItem
from agreements.record import Actor
from financing.models import CurrentContribution, Extra, Participant, Plan, Rule, RuleWeight
from municipalities.models import Municipality, Organisation
from tests import country, pages, rounds

MOST = 12  # no page asks more, of a draft that is as it was read the last time
# The first page after somebody has written in it asks so many more: for the agreement, the part that
# was written, and the mark once more. The plan has the most tables.
WRITTEN, THE_PLAN = 3, 8
READING = 22  # nor in a process that has not read it before: then all of it is read
PAGES = [
    "",
    "opplysninger/",
    "opplysninger/malform/",
    "tekst/",
    "tekst/nytt-punkt/",
    "tekst/punkt/okonomi/",
    "tekst/punkt/okonomi/slett/",
    "parter/",
    "parter/ny/",
    "parter/part/3305/",
    "tjenester/",
    "tjenester/temakurs/",
    "tjenester/temakurs/valg/",
    "tjenester/?rediger=temakurs",
    "innspill/",
    "innspill/?status=alle",
    "innspill/nytt/",
    "innspill/spor/",
    "innspill/forslag/formaal/",
    "tekst/punkt/nav-lokalt/historikk/",
    "okonomi/",
    "okonomi/plan/",
    "kontroll/",
    "historikk/",
    "dokumenter/",
    "vedlegg/",
    "vedlegg/nytt/",
    "ny-periode/",
    "avgjores/",
]


def questions(client: Client, address: str, *, anew: bool = True) -> int:
    """Open the page, which must answer, and return how many queries it took.

    With `anew` the drafts it shows are read as after a change.
    """
    if anew:
        remembered.forget()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def count(client: Client, agreement: Agreement, *, anew: bool = True) -> dict[str, int]:
    pages = [f"/avtaler/{agreement.slug}/{page}" for page in PAGES]
    first = agreement.plan.alternatives.first()
    pages += [f"/avtaler/{agreement.slug}/okonomi/alternativ/{first.pk}/", "/", "/avtaler/"]
    return {page: questions(client, page, anew=anew) for page in pages}


def test_no_page_asks_too_much(ringerike: Any, as_: Any) -> None:
    client = as_("editor")
    first = count(client, ringerike)
    assert {page: n for page, n in first.items() if n > READING} == {}
    remembered.draft(ringerike)
    again = count(client, ringerike, anew=False)
    assert {page: n for page, n in again.items() if n > MOST} == {}


# What people write, and pages that show it afterwards.
WRITING = {
    "a point": (Clause, ["", "tekst/", "tekst/punkt/okonomi/", "kontroll/"]),
    "a party": (Party, ["", "tekst/", "kontroll/"]),
    "the checklist": (ServiceItem, ["", "tekst/", "kontroll/"]),
    "an attachment": (Attachment, ["", "tekst/"]),
    "the agreement": (Agreement, ["", "tekst/"]),
    "the plan": (Participant, ["", "okonomi/", "tekst/"]),
    "an alternative": (Rule, ["", "okonomi/", "tekst/"]),
    "what is paid today": (CurrentContribution, ["okonomi/"]),
}


@pytest.mark.parametrize("what", WRITING)
def test_the_first_page_after_a_change_asks_little_more(
    ringerike: Any, as_: Any, what: str
) -> None:
    model, addresses = WRITING[what]
    most = THE_PLAN if model in (Participant, Rule) else WRITTEN
    rule = Rule.objects.filter(alternative__plan=ringerike.plan)[0]
    Rule.objects.filter(pk=rule.pk).update(
        kind=Rule.Kind.DISTRIBUTION_KEY, equal_percent=0, population_percent=0, table_percent=100
    )
    for person in ringerike.plan.participants.all():
        RuleWeight.objects.create(rule=rule, participant=person, weight=1)
    client, more = as_("editor"), {}
    for address in addresses:
        page = f"/avtaler/{ringerike.slug}/{address}"
        client.get(page)
        before = questions(client, page, anew=False)
        model.objects.update(id=F("id"))
        more[address] = questions(client, page, anew=False) - before
    assert {address: n for address, n in more.items() if not 1 < n <= most} == {}


def enlarge(agreement: Agreement) -> None:
    """Make the agreement ten times as large: clauses, services, parties, contributors, alternatives."""
    parent = agreement.clauses.get(key="okonomi")
    for number in range(100):
        Clause.objects.create(
            agreement=agreement,
            key=f"ekstra-{number}",
            parent=parent,
            position=number,
            heading=f"Ekstra {number}",
            text="Tekst med {{ fylkeskommune.navn }} og [[punkt:okonomi]].",
        )
        ServiceItem.objects.create(
            agreement=agreement, key=f"ekstra-{number}", level="minimum", position=number, text="x"
        )
    for number in range(30):
        attachments.add_attachment(
            Actor(None, None),
            agreement,
            {"title": f"Vedlegg {number}", "kind": "other", "access_code": ""},
            attachments.Upload("a.pdf", one_line_pdf(f"Nummer {number}")),
        )
    county = agreement.region.contract_municipality.county
    signer = agreement.parties.get(role="contract_municipality")
    for number in range(9000, 9060):
        municipality = Municipality.objects.create(
            number=str(number), name=f"Kommune {number}", county=county
        )
        organisation = Organisation.objects.create(
            key=str(number),
            kind="municipality",
            name=f"Kommune {number} kommune",
            short_name=f"Kommune {number}",
            municipality=municipality,
        )
        Participant.objects.create(
            plan=agreement.plan,
            organisation=organisation,
            county=county,
            population=1000,
            population_date=agreement.plan.population_date,
        )
        service = agreement.services.get(key=f"ekstra-{number - 9000}")
        ServiceChoice.objects.create(
            service=service, organisation=organisation, choice="bought", price=10
        )
        Extra.objects.create(
            plan=agreement.plan, organisation=organisation, key=service.key, label="x", amount=10
        )
        agreement.region.members.add(municipality)
        signer.on_behalf_of.add(organisation)
        Party.objects.create(
            agreement=agreement, organisation=organisation, role="partner", position=number
        )


def test_a_large_agreement_asks_as_little_as_a_small_one(ringerike: Any, as_: Any) -> None:
    client = as_("editor")
    before = count(client, ringerike)
    enlarge(ringerike)
    assert count(client, ringerike) == before


def desk_questions(client: Client, agreement: Agreement) -> dict[str, int]:
    """How many queries it takes to move a point, to look at it while typing, and to mend it."""
    base, asked = f"/avtaler/{agreement.slug}/", {}
    agreement.clauses.filter(key="formaal").update(text="Sendes NAV.")
    mend = pages.form(client.get(f"{base}kontroll/"), "Rett", "rett/")
    for address, data in (
        ("tekst/punkt/formaal/flytt/inn/", {}),
        ("tekst/punkt/formaal/plasser/", {"under": "okonomi"}),
        ("tekst/punkt/formaal/visning/", {"heading": "Formål", "text": "Sendes NAV."}),
        ("kontroll/rett/", mend),
    ):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(base + address, data, headers={"HX-Request": "true"})
        assert answer.status_code == 200, address
        asked[address] = len(queries)
    return asked


def test_the_desk_asks_as_little_of_a_large_agreement(ringerike: Any, as_: Any) -> None:
    client = as_("editor")
    before = desk_questions(client, ringerike)
    ringerike.clauses.filter(key="formaal").update(parent=None, position=1)
    enlarge(ringerike)
    assert desk_questions(client, ringerike) == before


@pytest.mark.parametrize("address", ["/", "/avtaler/", "/avtaler/?q=kommune"])
def test_the_lists_ask_the_same_whatever_their_length(
    ringerike: Any, as_: Any, address: str
) -> None:
    client = as_("editor")
    before = questions(client, address)
    for number in range(20):
        plan = Plan.objects.create(
            region=ringerike.region,
            name=f"Plan {number}",
            first_year=2026,
            last_year=2028,
            population_date=ringerike.plan.population_date,
        )
        Agreement.objects.create(
            slug=f"ekstra-{number}",
            region=ringerike.region,
            plan=plan,
            title=f"Kommuneavtale {number}",
            term_start=ringerike.term_start,
            term_end=ringerike.term_end,
        )
    assert questions(client, address) == before


PLAN_PAGES = ("", "plan/", "dagens-bidrag/", "betalingsplan/", "alternativ/{pk}/")


def plan_questions(client: Client, plan: Plan) -> dict[str, int]:
    """How many queries each page of a plan takes, opened and recalculated."""
    first = plan.alternatives.order_by("position")[0].pk
    base, one = f"/okonomi/{plan.pk}/", f"alternativ/{first}/"
    asked = {page: questions(client, base + page.format(pk=first)) for page in PLAN_PAGES}
    for address, page in ((f"{one}regn/", one), (f"{one}hva-om/", f"{one}hva-om/")):
        opened = client.get(base + page)
        asked[page] = questions(client, base + page)
        sent = pages.form(opened, "Lagre" if page == one else "Regn ut")
        with CaptureQueriesContext(connection) as queries:
            assert client.post(base + address, sent).status_code == 200
        asked[address.replace(str(first), "")] = len(queries)
    return {page.replace(str(first), "{pk}"): count for page, count in asked.items()}


def test_a_plan_of_the_whole_country_asks_as_little_as_one_of_five(
    ringerike: Any, as_: Any
) -> None:
    day = ringerike.plan.population_date
    small = country.plan(municipalities=5, counties=1, years=3, alternatives=2, day=day)
    large = country.plan(municipalities=357, counties=15, years=10, alternatives=6, day=day)
    client = as_("editor")
    few = plan_questions(client, small)
    assert plan_questions(client, large) == few
    assert max(few.values()) <= 20


def review_questions(as_: Any) -> dict[str, int]:
    """How many queries the pages of the review take, for whoever they are for."""
    base = "/avtaler/ringeriksregionen-2026/"
    pages_of = {
        "editor": ("behandling/", "versjoner/1/", "historikk/", "historikk/hendelser/"),
        "administrator": ("behandling/", "behandling/steg/withdraw/"),
        "director": ("behandling/svar/3310/", "versjoner/1/"),
        "reader": ("behandling/",),
    }
    asked = {}
    for who, addresses in pages_of.items():
        client = as_(who)
        for address in addresses:
            client.get(base + address)  # opening for the first time is noted
            asked[f"{who} {address}"] = questions(client, base + address, anew=False)
        asked[f"{who} desk"] = questions(client, "/")
    return asked


def test_the_review_asks_as_little_of_a_large_agreement(
    ringerike: Any, as_: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        workflow, "_require", lambda action, known: None
    )  # what is made up has findings
    rounds.freeze_as_it_is(ringerike)
    small = review_questions(as_)
    rounds.take(ringerike, Action.WITHDRAW, "Større.")
    enlarge(ringerike)
    for _ in range(3):
        rounds.freeze_as_it_is(ringerike)
        rounds.take(ringerike, Action.WITHDRAW, "Igjen.")
    rounds.freeze_as_it_is(ringerike)
    large = review_questions(as_)
    # A director is told what is new since the version before: two more to read.
    more = {page: 2 if page.startswith("director") else 0 for page in large}
    assert {page: n for page, n in large.items() if n > small[page] + more[page]} == {}
    assert {page: n for page, n in large.items() if n > MOST + more[page]} == {}
