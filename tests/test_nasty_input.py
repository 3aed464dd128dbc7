"""What no form on a page sends: every address that takes a form answers it, and never with an error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.models import (
    Agreement,
    AgreementEvent,
    Clause,
    Comment,
    Party,
    ServiceItem,
    Suggestion,
)
from financing.models import Alternative
from municipalities.models import User
from tests import pages
from tests.conftest import CAST
from tests.desk import BASE

LONG = "å" * 100_000  # twice what any field takes; a whole megabyte is sent below
NASTY = [
    "",
    " ",
    "\x00",
    "\x00" * 1000,
    "\ud800",  # sent as bytes that are not UTF-8
    "\u202e\u200b\ufeff",
    "-1",
    "0",
    "9" * 400,
    "9" * 5000,
    "1e400",
    "NaN",
    "Infinity",
    "-0,00",
    "1,2,3",
    "½",
    "\u0663",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "{{" * 500,
    "{{ a }}" * 500,
    "[[punkt:" * 500,
    "- " * 2000,
    "**" * 2000,
    "1. " * 2000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
    "%s%n{0}{x.__class__}",
    "\r\n" * 100,
    "Z\u0351\u0346" * 200,
    "\U0001f600",
    LONG,
]
WHAT_IF = BASE + "okonomi/alternativ/{pk}/hva-om/"
FORMS = [
    ("/avtaler/ny/ringeriksregionen/", "/avtaler/ny/ringeriksregionen/", "Lag utkast"),
    ("/okonomi/kontrollregning/", "/okonomi/kontrollregning/", "Kontroller tabellen"),
    ("/sjekk/", "/sjekk/", "Kontroller"),
    (BASE + "opplysninger/", BASE + "opplysninger/", "Lagre"),
    (BASE + "tekst/nytt-punkt/", BASE + "tekst/nytt-punkt/", "Legg til"),
    (BASE + "tekst/punkt/formaal/", BASE + "tekst/punkt/formaal/", "Lagre"),
    (BASE + "tekst/punkt/formaal/slett/", BASE + "tekst/punkt/formaal/slett/", "Slett"),
    (BASE + "innspill/nytt/", BASE + "innspill/nytt/", "Send innspill"),
    (BASE + "innspill/forslag/formaal/", BASE + "innspill/forslag/formaal/", "Send forslag"),
    (BASE + "innspill/{wish}/", BASE + "innspill/{wish}/svar/", "Send svar"),
    (BASE + "parter/ny/", BASE + "parter/ny/", "Legg til"),
    (BASE + "parter/part/3305/", BASE + "parter/part/3305/", "Lagre"),
    (BASE + "parter/part/3305/", BASE + "parter/part/3305/slett/", "Fjern"),
    (BASE + "tjenester/", BASE + "tjenester/", "Legg til"),
    (BASE + "tjenester/{service}/", BASE + "tjenester/{service}/", "Lagre"),
    (BASE + "tjenester/{service}/", BASE + "tjenester/{service}/slett/", "Slett"),
    (BASE + "okonomi/", BASE + "okonomi/velg/", "Lagre valget"),
    (WHAT_IF, WHAT_IF, "Regn ut"),
    (BASE + "okonomi/dagens-bidrag/", BASE + "okonomi/dagens-bidrag/", "Lagre"),
    (BASE + "okonomi/betalingsplan/", BASE + "okonomi/betalingsplan/", "Lagre terminene"),
    (BASE + "okonomi/plan/", BASE + "okonomi/plan/ny-bidragsyter/", "Legg til"),
    ("/okonomi/ny/", "/okonomi/ny/", "Lag planen"),
    (BASE + "okonomi/", BASE + "okonomi/nytt-alternativ/", "Lag alternativet"),
    (BASE + "okonomi/plan/", BASE + "okonomi/plan/", "Lagre"),
    (BASE + "okonomi/alternativ/{pk}/", BASE + "okonomi/alternativ/{pk}/", "Lagre"),
    (BASE + "okonomi/alternativ/{pk}/", BASE + "okonomi/alternativ/{pk}/regn/", "Lagre"),
    (BASE + "okonomi/alternativ/{pk}/", BASE + "okonomi/alternativ/{pk}/slett/", "Slett"),
]
by_form = pytest.mark.parametrize(
    ("page", "address", "button"), FORMS, ids=[address for _, address, _ in FORMS]
)


@pytest.fixture
def editor(ringerike: Agreement) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(email=CAST["editor"]))
    return client


def send(client: Client, address: str, data: dict[str, Any]) -> HttpResponse:
    """Send as a browser does, but whatever bytes the values are."""
    pairs = [
        (name, value.encode("utf-8", "surrogatepass"))
        for name, values in data.items()
        for value in values
    ]
    kind = "application/x-www-form-urlencoded"
    return client.post(address, urlencode(pairs), content_type=kind)


def fill(word: str, agreement: Agreement) -> str:
    key = agreement.services.first().key
    wish = agreement.comments.get(parent=None, state="open").pk
    return word.format(pk=agreement.chosen_alternative_id, service=key, wish=wish)


def unread(sent: pages.Sent) -> list[str]:
    kept = ("revision", "token", "_FORMS")
    return [name for name in sent if not name.endswith(kept)]


@by_form
def test_every_field_with_everything_nasty(
    page: str, address: str, button: str, ringerike: Agreement, editor: Client
) -> None:
    opened = pages.form(editor.get(fill(page, ringerike)), button)
    address = fill(address, ringerike)
    for value in NASTY:
        answer = send(editor, address, opened | {name: [value] for name in unread(opened)})
        assert answer.status_code < 500, value[:20]
    for number, name in enumerate(opened):
        for value in NASTY[number % 5 :: 5]:
            answer = send(editor, address, opened | {name: [value]})
            assert answer.status_code < 500, (name, value[:20])


@by_form
def test_missing_and_repeated_fields(
    page: str, address: str, button: str, ringerike: Agreement, editor: Client
) -> None:
    opened = pages.form(editor.get(fill(page, ringerike)), button)
    address = fill(address, ringerike)
    if "slett" in address:
        assert send(editor, address, {}).status_code in (302, 422)
        assert send(editor, address, {"revision": ["1", "x"]}).status_code in (302, 422)
        return
    assert send(editor, address, {}).status_code in (302, 400, 422)
    for name in opened:
        without = {other: value for other, value in opened.items() if other != name}
        for data in (without, opened | {name: [*opened[name], "x"]}, {name: opened[name]}):
            assert send(editor, address, data).status_code < 500, name


@by_form
def test_a_megabyte_in_one_field(
    page: str, address: str, button: str, ringerike: Agreement, editor: Client
) -> None:
    opened = pages.form(editor.get(fill(page, ringerike)), button)
    # A ticked box is ticked whatever its value, and a mark of a draft that cannot be read is none.
    names = [name for name in unread(opened) if opened[name] != ["on"] and name != "draft"]
    for name in (*names[:1], *names[-1:]):
        answer = send(editor, fill(address, ringerike), opened | {name: ["å " * 400_000]})
        assert answer.status_code == 422, name


@by_form
def test_bodies_that_are_no_form(
    page: str, address: str, button: str, ringerike: Agreement, editor: Client
) -> None:
    address, before = fill(address, ringerike), AgreementEvent.objects.count()
    for kind, body in (
        ("application/json", b'{"revision": 1}'),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("application/x-www-form-urlencoded; charset=utf-16", b"a=b"),
        ("application/x-www-form-urlencoded", b"&" * 10_000),
        ("application/x-www-form-urlencoded", b"a=1&" * 5_001),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00%ff&revision=%ed%a0%80"),
        ("text/plain", b"\xff" * 1000),
        ("application/x-www-form-urlencoded", b"a=" + b"x" * (5 * 1024 * 1024 + 1)),
    ):
        answer = editor.post(address, body, content_type=kind)
        assert answer.status_code < 500, (kind, body[:20])
    assert AgreementEvent.objects.count() == before


ROWS = ("regel", "indeks", "rad")


@pytest.mark.parametrize(
    "total", ["", "x", "-1", "0", "1", "41", "1001", "99999", "9" * 30, "\x00"]
)
def test_any_number_of_rows(ringerike: Agreement, editor: Client, total: str) -> None:
    for page in ("okonomi/plan/", f"okonomi/alternativ/{ringerike.chosen_alternative_id}/"):
        opened = pages.form(editor.get(BASE + page), "Lagre")
        for prefix in ROWS:
            for count in ("TOTAL", "INITIAL"):
                name = f"{prefix}-{count}_FORMS"
                if name in opened:
                    answer = send(editor, BASE + page, opened | {name: [total]})
                    # 409: the numbers before this one were taken, and the rules stored anew.
                    assert answer.status_code in (302, 409, 422), (name, total)


def test_rows_that_belong_to_somebody_else(
    ringerike: Agreement, mosse: Agreement, editor: Client
) -> None:
    """The keys of another agreement's rows are nothing here."""
    theirs = [
        mosse.plan.participants.first().pk,
        mosse.chosen_alternative.rules.first().pk,
        mosse.plan.pk,
    ]
    before = list(mosse.chosen_alternative.rules.values_list())
    people = list(mosse.plan.participants.values_list())
    address = BASE + f"okonomi/alternativ/{ringerike.chosen_alternative_id}/"
    for other in theirs:
        for name in ("regel-0-pk", "regel-0-target"):
            opened = pages.form(editor.get(address), "Lagre")
            value = f"p{other}" if name.endswith("target") else str(other)
            assert send(editor, address, opened | {name: [value]}).status_code < 500
        opened = pages.form(editor.get(BASE + "okonomi/plan/"), "Lagre")
        answer = send(editor, BASE + "okonomi/plan/", opened | {"rad-0-pk": [str(other)]})
        assert answer.status_code < 500
    assert list(mosse.chosen_alternative.rules.values_list()) == before
    assert list(mosse.plan.participants.values_list()) == people


ADDRESSES = [
    "/avtaler/{}/",
    "/avtaler/ny/{}/",
    BASE + "tekst/punkt/{}/",
    BASE + "innspill/{}/",
    BASE + "innspill/{}/ta-inn/",
    BASE + "innspill/forslag/{}/",
    BASE + "tekst/punkt/{}/historikk/",
    BASE + "parter/part/{}/",
    BASE + "tjenester/{}/",
    BASE + "okonomi/alternativ/{}/",
    BASE + "tekst/punkt/formaal/flytt/{}/",
    BASE + "kontroll/vurdert/{}/tilbake/",
    BASE + "tekst/punkt/{}/visning/",
    "/kommuner/regioner/{}/",
    "/kommuner/{}/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_of_nothing(editor: Client, address: str) -> None:
    for word in (
        "x",
        "-1",
        "0",
        "9" * 30,
        "9" * 5000,
        "%00",
        "%ed%a0%80",
        "æ",
        "a" * 3000,
        "..",
        "'",
    ):
        for answer in (editor.get(address.format(word)), editor.post(address.format(word))):
            assert answer.status_code in (301, 400, 404, 405), word


def values() -> Iterator[Any]:
    yield st.text(max_size=300)
    yield st.sampled_from(NASTY[:-1])
    yield st.integers().map(str)
    yield st.decimals(allow_nan=True).map(lambda d: str(d).replace(".", ","))
    yield st.dates().map(str)


EXAMPLES = int(os.environ.get("NASTY_EXAMPLES", "4"))


@by_form
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_forms_with_several_fields_wrong_at_once(
    page: str, address: str, button: str, ringerike: Agreement, editor: Client, data: st.DataObject
) -> None:
    if "slett" in address:
        return
    opened = pages.form(editor.get(fill(page, ringerike)), button)
    chosen = data.draw(st.lists(st.sampled_from(unread(opened)), max_size=4, unique=True))
    changes = {name: data.draw(st.lists(st.one_of(*values()), max_size=2)) for name in chosen}
    answer = send(editor, fill(address, ringerike), opened | changes)
    assert answer.status_code in (200, 302, 422), changes
    # Whatever was stored can be shown, checked and printed again.
    for path in ("", "tekst/", "okonomi/", "kontroll/"):
        assert editor.get(BASE + path).status_code == 200, (path, changes)


def test_what_no_form_could_store_is_shown_all_the_same(
    ringerike: Agreement, editor: Client
) -> None:
    """Rows may come from an import or an older version: no page may fail on them."""
    odd = "\u202e{{ x }}\n- [[punkt:y]] <b> \x01 Z\u0351 {% x %}"
    Clause.objects.filter(agreement=ringerike).update(text=odd * 20, heading=odd[:160], source=odd)
    Party.objects.filter(agreement=ringerike).update(signatory_name=odd, mandate=odd)
    ServiceItem.objects.filter(agreement=ringerike).update(text=odd)
    Comment.objects.filter(agreement=ringerike).update(text=odd, about=odd)
    Suggestion.objects.update(text=odd, heading=odd[:160])
    Alternative.objects.filter(plan=ringerike.plan, position=0).update(name=odd, index_source=odd)
    Agreement.objects.filter(pk=ringerike.pk).update(title=odd)
    paths = ["", "tekst/", "parter/", "tjenester/", "okonomi/", "okonomi/plan/", "kontroll/"]
    paths += ["innspill/?status=alle", "innspill/spor/", "tekst/punkt/nav-lokalt/historikk/"]
    paths += [f"innspill/{row.pk}/" for row in Comment.objects.filter(parent=None)]
    paths += ["dokumenter/", "dokumenter/avtale.pdf", "dokumenter/sammenligning.pdf"]
    paths += [f"dokumenter/bidragstabell.{ending}" for ending in ("pdf", "xlsx", "csv", "json")]
    for path in paths:
        assert editor.get(BASE + path).status_code == 200, path
