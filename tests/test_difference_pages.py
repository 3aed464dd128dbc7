"""The page Historikk: what can be compared, the difference with the model, and with another agreement."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements import creation, editing
from agreements.models import Agreement, Clause
from financing import alternatives
from financing import editing as plan_editing
from municipalities import register
from municipalities.models import User
from tests import pages
from tests.conftest import CAST
from tests.template_desk import newer_model
from tests.test_queries import enlarge

HISTORY = "/avtaler/ringeriksregionen-2026/historikk/"
MODEL = f"{HISTORY}mal/1/"
EARLIER = f"{HISTORY}avtale/ringeriksregionen-2022/"
MOST = (9, 21, 35)  # queries: the model is read beside the agreement, or all of another agreement


@pytest.fixture
def ringerike(ringerike: Agreement) -> Agreement:
    """The demonstration before a suggestion was accepted: its text is the model's."""
    for row in ringerike.template.clauses.all():
        ringerike.clauses.filter(key=row.key).update(heading=row.heading, text=row.text)
    return ringerike


@pytest.fixture
def earlier(ringerike: Agreement) -> Agreement:
    """The region's agreement of the period before: another rate, no partners."""
    user = User.objects.get(email=CAST["editor"])
    contract = ringerike.region.contract_municipality.organisation
    date = dt.date(2025, 1, 1)
    plan = plan_editing.create_plan(
        plan_editing.Actor(user, contract),
        ringerike.region,
        name="Ringeriksregionen 2022–2025",
        years=(2022, 2025),
        population_date=date,
        populations=register.population_on(ringerike.region.members.all(), date),
    )
    alternatives.add_alternative(
        plan_editing.Actor(user, contract),
        plan,
        "Gammel modell",
        municipal_rate=Decimal("12.50"),
        county_rate=Decimal("5.50"),
    )
    return creation.create_agreement(
        editing.Actor(user, contract),
        region=ringerike.region,
        template=ringerike.template,
        plan=plan,
        title="Avtalen for 2022–2025",
        term_start=dt.date(2022, 1, 1),
        term_end=dt.date(2025, 12, 31),
    )


def marked(answer: Any, name: str) -> list[str]:
    """What is struck through (`del`) or underlined (`ins`), with the words for those who listen."""
    return [node.text for node in pages.page(answer).all(name)]


def summary(answer: Any) -> list[str]:
    read = pages.page(answer)
    (section,) = read.all("section", **{"aria-labelledby": "side_kort"})
    return [node.text for node in read.all("li") if section in node.parents]


def test_the_page_lists_the_model_and_the_regions_agreements_earlier_first(
    earlier: Agreement, as_: Any
) -> None:
    later = Agreement.objects.get(slug="ringeriksregionen-2026")
    later.pk, later.slug, later.title = None, "senere", "Avtalen for 2029"
    plan = earlier.plan
    plan.pk = None
    plan.save()
    later.plan, later.chosen_alternative = plan, None
    later.term_start, later.term_end = dt.date(2029, 1, 1), dt.date(2031, 12, 31)
    later.save()
    newer_model(earlier.template)
    links = [
        (node.text, node["href"])
        for node in pages.page(as_("director").get(HISTORY)).all("a")
        if node["href"].startswith(HISTORY)
        and node["href"] not in (HISTORY, f"{HISTORY}hendelser/")
    ]
    name = earlier.template.name
    assert links == [
        (f"{name}, versjon 1", MODEL),
        (f"{name}, versjon 2", f"{HISTORY}mal/2/"),
        ("Avtalen for 2022–2025", EARLIER),
        ("Avtalen for 2029", f"{HISTORY}avtale/senere/"),
    ]


def test_a_draft_nobody_has_changed_is_as_its_model(ringerike: Agreement, as_: Any) -> None:
    said = pages.text(as_("director").get(MODEL))
    assert "Ingen forskjeller" in said
    assert "Teksten og tjenestene er som i malen." in said


def test_two_edited_words_are_two_on_the_page(ringerike: Agreement, as_: Any) -> None:
    clause = ringerike.clauses.get(key="taushetsplikt")
    words = clause.text.split(" ")
    clause.text = " ".join(["Partane", *words[1:4], "ikkje", *words[5:]])
    clause.save()
    answer = as_("editor").get(MODEL)
    assert marked(answer, "del")[1:] == [
        f"slettet: {word} (slutt på slettet)" for word in (words[0], words[4])
    ]
    assert marked(answer, "ins")[1:] == [
        f"lagt til: {word} (slutt på lagt til)" for word in ("Partane", "ikkje")
    ]
    assert summary(answer) == ["Punkt 11 Taushetsplikt er endret (2 ord)."]


def test_what_is_moved_put_in_and_taken_out_is_told_so(ringerike: Agreement, as_: Any) -> None:
    ringerike.clauses.filter(key="signering").delete()
    ringerike.clauses.filter(key="taushetsplikt").update(position=0)
    Clause.objects.create(
        agreement=ringerike,
        key="moter",
        position=200,
        heading="Møter",
        text="Partene møtes:\n\n- i mars\n- i oktober, se [[punkt:tvister]]",
    )
    ringerike.services.filter(level="quality").first().delete()
    answer = as_("director").get(MODEL)
    said = summary(answer)
    assert said[:2] == ["Punkt 13 Signering er tatt ut.", "Punkt 13 Møter er nytt."]
    assert any("Taushetsplikt er flyttet fra 11." in sentence for sentence in said)
    assert said[-1].endswith("andre punkter har fått nytt nummer.")
    assert "lagt til: i oktober, se punkt 12 (slutt på lagt til)" in marked(answer, "ins")
    assert "flyttet fra 11" in pages.text(answer).lower()
    folded = [node.text for node in pages.page(answer).all("summary")]
    assert any(text.endswith("er uendret") for text in folded)


def test_facts_are_shown_with_their_values(ringerike: Agreement, as_: Any) -> None:
    clause = ringerike.clauses.get(key="tvister")
    clause.text += "\n\nSatsen er {{ okonomi.kommunesats }} kroner, og {{ finnes.ikke }}."
    clause.save()
    (added,) = marked(as_("editor").get(MODEL), "ins")[1:]
    assert "Satsen er 14,50 kroner, og [finnes.ikke]." in added


def test_a_newer_model_shows_what_the_agreement_lacks(ringerike: Agreement, as_: Any) -> None:
    newer_model(ringerike.template)
    answer = as_("director").get(f"{HISTORY}mal/2/")
    assert marked(answer, "del")[1:] == ["slettet: Megling prøves først. (slutt på slettet)"]
    assert summary(answer) == ["Punkt 12 Tvister er endret (3 ord)."]


def test_a_director_sees_what_changed_since_the_last_period_and_the_own_amount(
    earlier: Agreement, as_: Any
) -> None:
    answer = as_("director").get(EARLIER)
    said = summary(answer)
    assert said[0] == "Nav Vest-Viken er ny part."
    assert "Satsen for kommunene er endret fra 12,50 til 14,50 kroner per innbygger." in said
    assert (
        "Summen av bidragene er 1 256 000,00 kroner i 2026, mot 1 130 400,00 kroner i 2025." in said
    )
    text = pages.text(answer)
    assert (
        "Hole kommune: 102 442,50 kroner i 2026, mot 88 312,50 kroner i 2025 (+14 130,00 kroner)."
        in text
    )
    rows = [node.text for node in pages.page(answer).all("tr")]
    assert "Hole (nå bekreftet)88 312,50102 442,50+14 130,00" in rows
    assert "Sum alle bidrag1 130 400,001 256 000,00+125 600,00" in rows


def test_the_other_way_round_the_newer_is_what_was(earlier: Agreement, as_: Any) -> None:
    address = f"/avtaler/{earlier.slug}/historikk/avtale/ringeriksregionen-2026/"
    assert "Nav Vest-Viken er ikke lenger part." in summary(as_("editor").get(address))


@pytest.mark.parametrize(
    "end",
    ["mal/2/", "mal/0/", "mal/x/", "avtale/mosseregionen-2022/", "avtale/finnes-ikke/", "annet/1/"],
)
def test_there_is_nothing_to_find_elsewhere(ringerike: Agreement, as_: Any, end: str) -> None:
    assert as_("editor").get(HISTORY + end).status_code == 404


def test_an_agreement_itself_is_nothing_to_compare_with(ringerike: Agreement, as_: Any) -> None:
    assert as_("editor").get(f"{HISTORY}avtale/{ringerike.slug}/").status_code == 404


def test_a_county_reads_only_agreements_it_is_a_party_to(earlier: Agreement, as_: Any) -> None:
    assert as_("county").get(EARLIER).status_code == 200
    earlier.parties.filter(role="county_authority").delete()
    assert as_("county").get(EARLIER).status_code == 404
    assert "Avtalen for 2022–2025" not in pages.text(as_("county").get(HISTORY))


def test_an_agreement_without_a_model_and_without_others_says_so(
    mosse: Agreement, as_: Any
) -> None:
    mosse.template = None
    mosse.save()
    said = pages.text(as_("outsider").get(f"/avtaler/{mosse.slug}/historikk/"))
    assert "Ingenting å sammenligne med" in said
    assert as_("outsider").get(f"/avtaler/{mosse.slug}/historikk/mal/1/").status_code == 404


def test_the_queries_are_few_and_do_not_grow(earlier: Agreement, as_: Any) -> None:
    client = as_("director")

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    addresses = (HISTORY, MODEL, EARLIER)
    before = [count(address) for address in addresses]
    assert all(asked <= most for asked, most in zip(before, MOST, strict=True)), before
    enlarge(Agreement.objects.get(slug="ringeriksregionen-2026"))
    assert [count(address) for address in addresses] == before
