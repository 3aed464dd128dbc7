"""A form that is refused before it is read comes back with what was typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements import editing
from agreements.models import Clause
from financing.models import Alternative
from tests import codes, pages
from tests.conftest import CAST

TEXT = "En lang tekst som tok en halvtime å skrive."
ADDRESS = "/avtaler/ringeriksregionen-2026/tekst/punkt/{key}/"


@pytest.fixture
def clause(ringerike: Any) -> Clause:
    return ringerike.clauses.filter(children=None).first()


def post(client: Client, clause: Clause) -> Any:
    data = {"heading": "Ny overskrift", "text": TEXT, "revision": clause.revision}
    return client.post(ADDRESS.format(key=clause.key), data)


def test_logged_out_while_the_page_stood_open(as_: Any, clause: Clause) -> None:
    answer = post(as_("nobody"), clause)
    assert answer.status_code == 403
    assert TEXT in answer.content.decode()
    assert "Logg inn i en ny fane" in answer.content.decode()
    clause.refresh_from_db()
    assert TEXT not in clause.text


def test_a_button_pressed_when_logged_out_ends_on_a_page_that_says_so(quiet: Any) -> None:
    """Nothing was typed: the way goes by the login page to the button's address, opened as a page."""
    codes.known(CAST["editor"])
    client = Client()
    asked = client.post("/min-side/varsler/lest/")
    landed = codes.log_in(client, CAST["editor"], next=asked["Location"].partition("next=")[2])
    answer = client.get(landed["Location"])
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "trykker en gang til" in pages.text(answer)


def test_a_form_token_that_is_too_old(as_: Any, clause: Clause) -> None:
    client = as_("editor")
    client.handler.enforce_csrf_checks = True
    answer = post(client, clause)
    assert answer.status_code == 403
    assert TEXT in answer.content.decode()


def test_a_point_that_somebody_deleted(as_: Any, clause: Clause) -> None:
    actor = editing.Actor(None, None)
    editing.delete_clause(actor, clause, clause.revision)
    answer = post(as_("editor"), clause)
    assert answer.status_code == 404
    assert TEXT in answer.content.decode()


def test_a_point_deleted_between_the_reading_and_the_saving(
    as_: Any, clause: Clause, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = editing.save_clause

    def delete_first(actor: Any, row: Clause, *rest: Any) -> bool:
        editing.delete_clause(actor, row, row.revision)
        return save(actor, row, *rest)

    monkeypatch.setattr(editing, "save_clause", delete_first)
    answer = post(as_("editor"), clause)
    assert answer.status_code == 409
    assert TEXT in answer.content.decode()


def test_a_parent_deleted_while_a_point_was_written_under_it(ringerike: Any) -> None:
    actor = editing.Actor(None, None)
    parent = ringerike.clauses.filter(parent=None).first()
    editing.delete_clause(actor, parent, parent.revision)
    with pytest.raises(Clause.DoesNotExist):
        editing.add_clause(actor, ringerike, parent, "Under", TEXT)


def test_an_alternative_deleted_while_it_was_chosen(ringerike: Any) -> None:
    other = ringerike.plan.alternatives.last()
    Alternative.objects.filter(pk=other.pk).delete()
    with pytest.raises(Alternative.DoesNotExist):
        editing.save_agreement(
            editing.Actor(None, None),
            ringerike,
            ringerike.revision,
            {"chosen_alternative": other},
        )


def test_without_the_right_to_edit_the_text_comes_back_too(as_: Any, clause: Clause) -> None:
    answer = post(as_("director"), clause)
    assert answer.status_code == 403
    assert TEXT in answer.content.decode()


def test_passwords_and_the_forms_own_fields_are_never_shown_again(as_: Any) -> None:
    answer = as_("nobody").post(
        "/avtaler/", {"password1": "hemmelig-ord", "revision": "77123", "q": "synlig"}
    )
    assert "synlig" in answer.content.decode()
    assert "hemmelig-ord" not in answer.content.decode()
    assert "77123" not in answer.content.decode()


def test_a_post_without_text_goes_to_the_login_page(as_: Any) -> None:
    assert as_("nobody").post("/avtaler/").status_code == 302
