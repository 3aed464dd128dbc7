"""Who may open and send what: one table of role x address x method, and nothing left out of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

import agreements.urls
import financing.urls
import municipalities.urls
from municipalities.models import User
from tests import pages, permission_world
from tests.conftest import CAST
from tests.fuzzing import watched
from tests.permission_rows import SLUG, Row
from tests.permission_world import (
    TABLE,
    As,
    Real,
    everything,
    opener,
    send,
)

ringerike, real = (
    permission_world.ringerike,
    permission_world.real,
)  # fixtures, found by their names
no_rendering = permission_world.no_rendering
ids = [str(row) for row in TABLE]


def refused(row: Row) -> Iterator[str]:
    return (who for who, status in row.statuses.items() if status in (403, 404))


@pytest.mark.parametrize("row", TABLE, ids=ids)
def test_outsiders_and_insiders_without_the_right_get_the_status_of_the_table(
    row: Row, as_: As, real: Real
) -> None:
    data = real.data(row, as_(opener(row))) if row.method == "POST" else {}
    before = everything()
    for who in refused(row):
        answer = send(as_(who), row, real.address(row), data)
        assert answer.status_code == row.statuses[who], who
    assert everything() == before


@pytest.mark.parametrize("row", TABLE, ids=ids)
def test_those_with_the_right_get_in_and_reading_writes_nothing(
    row: Row, as_: As, real: Real
) -> None:
    for who in sorted(CAST.keys() - set(refused(row))):
        with transaction.atomic():
            data = real.data(row, as_(who))
            client = as_(who)
            with watched() as seen:
                answer = send(client, row, real.address(row), data)
            assert answer.status_code == row.statuses[who], who
            if row.method == "GET":
                assert not seen.beyond_reading, who
            transaction.set_rollback(True)


@pytest.mark.parametrize("row", TABLE, ids=ids)
def test_nobody_is_sent_to_the_login_page_and_writes_nothing(row: Row, as_: As, real: Real) -> None:
    data = real.data(row, as_(opener(row))) if row.method == "POST" else {}
    before = everything()
    address = real.address(row)
    answer = send(as_("nobody"), row, address, data)
    if answer.status_code == 403:
        # The session ran out while somebody typed: the text comes back, see municipalities/kept.py.
        assert row.form is not None
        assert "Logg inn" in pages.text(answer)
    else:
        assert answer.status_code == row.nobody
        if row.nobody == 302 and row.name not in ("logout", "mfa_authenticate"):
            assert answer["Location"] == f"/logg-inn/?next={address}"
    assert everything() == before


@pytest.mark.parametrize("row", [r for r in TABLE if r.method == "POST"], ids=str)
def test_a_post_without_the_csrf_token_or_with_another_is_refused(
    row: Row, as_: As, real: Real
) -> None:
    data = real.data(row, as_(opener(row)))
    before = everything()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(email=CAST[opener(row)]))
    assert client.post(real.address(row), data).status_code == 403
    for cookie, token in (("a" * 32, "b" * 32), ("x", "\u202e\U0001f600")):  # old ones, and none
        client.cookies["csrftoken"] = cookie
        sent = data | {"csrfmiddlewaretoken": token}
        assert client.post(real.address(row), sent).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("row", [r for r in TABLE if r.method == "POST"], ids=str)
def test_what_changes_something_is_not_done_by_a_get(row: Row, as_: As, real: Real) -> None:
    before = everything()
    answer = as_(opener(row)).get(real.address(row))
    opened = [r.statuses[opener(row)] for r in TABLE if (r.method, r.name) == ("GET", row.name)]
    away = [status for status in opened if row.name.startswith(("account_", "mfa_"))]
    assert answer.status_code in (200, 405, *away)
    assert everything() == before


def test_no_address_is_missing_from_the_table() -> None:
    rooms = (agreements.urls, financing.urls, municipalities.urls)
    patterns = [pattern for room in rooms for pattern in room.urlpatterns]
    assert {row.name for row in TABLE} == {pattern.name for pattern in patterns}


def test_every_address_that_takes_a_form_is_sent_one_in_the_table(real: Real, as_: As) -> None:
    sent = {row.name for row in TABLE if row.method == "POST"} | {"first-run"}
    for row in TABLE:
        answer = as_(opener(row)).options(real.address(row))
        if "POST" in answer.get("Allow", ""):
            assert row.name in sent, row.name


def test_a_person_who_is_shut_out_gets_nothing(as_: As) -> None:
    client = as_("editor")
    User.objects.filter(email=CAST["editor"]).update(is_active=False)
    answer = client.get(f"/avtaler/{SLUG}/")
    assert (answer.status_code, resolve("/logg-inn/").url_name) == (302, "account_login")


def test_a_person_who_loses_the_role_loses_the_right_at_once(as_: As) -> None:
    client = as_("editor")
    user = User.objects.get(email=CAST["editor"])
    user.memberships.update(role="director")
    assert client.get(f"/avtaler/{SLUG}/tekst/").status_code == 200
    assert client.get(f"/avtaler/{SLUG}/opplysninger/").status_code == 403
    user.memberships.all().delete()
    assert client.get(f"/avtaler/{SLUG}/tekst/").status_code == 404


def test_an_agreement_that_does_not_exist_looks_like_one_that_is_not_ours(as_: As) -> None:
    ours, other = (as_("outsider").get(f"/avtaler/{slug}/") for slug in (SLUG, "finnes-ikke"))
    assert ours.status_code == other.status_code == 404
    assert pages.text(ours) == pages.text(other)


def test_the_pages_offer_editing_only_to_those_who_may(as_: As) -> None:
    for page in ("", "tekst/", "parter/", "tjenester/", "okonomi/"):
        address = f"/avtaler/{SLUG}/{page}"
        for who, expected in (("editor", True), ("director", False), ("county", False)):
            read = pages.page(as_(who).get(address))
            forms = [n for n in read.all("form", method="post") if n.get("action") != "/logg-ut/"]
            links = [n["href"] for n in read.all("a") if n["href"].startswith(address)]
            edits = [
                link
                for link in links
                if link.removeprefix(address).startswith("punkt/") and "historikk" not in link
            ]
            assert bool(forms or edits) == (expected and page not in ("", "parter/")), (who, page)
