"""A county's own templates: copying, editing, publishing, and who sees what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from agreements import template_editing, template_versions
from agreements.models import (
    Agreement,
    AgreementTemplate,
    TemplateClause,
    TemplateEvent,
    TemplateService,
)
from municipalities.events import AppendOnlyError
from municipalities.models import Membership, Organisation, User
from tests import pages, template_desk
from tests.conftest import CAST
from tests.test_queries import questions

As = Callable[[str], Client]
SHIPPED = "/maler/etablerertjenesten_nb/1/"


@pytest.fixture
def draft(ringerike: Agreement) -> AgreementTemplate:
    return template_desk.own_draft()


def at(template: AgreementTemplate, more: str = "") -> str:
    return f"/maler/{template.slug}/{template.version}/{more}"


def actions(template: AgreementTemplate) -> list[str]:
    return list(template.events.order_by("pk").values_list("action", flat=True))


def test_the_county_makes_its_own_template_of_a_shipped_one(ringerike: Agreement, as_: As) -> None:
    county = as_("county")
    sent = pages.form(county.get(SHIPPED + "kopi/"), "Lag malen")
    first = county.post(SHIPPED + "kopi/", pages.changed(sent, name="Buskeruds mal"))
    again = county.post(SHIPPED + "kopi/", pages.changed(sent, name="Buskeruds mal"))
    assert (first.status_code, first["Location"]) == (302, again["Location"])
    made = AgreementTemplate.objects.get(owner__key="33")
    assert first["Location"] == at(made)
    assert (made.name, made.version, made.status) == ("Buskeruds mal", 1, "draft")
    shipped = template_desk.shipped()
    for name in ("key", "parent_key", "heading", "text", "source"):
        assert list(made.clauses.values_list(name)) == list(shipped.clauses.values_list(name))
    assert made.services.count() == shipped.services.count()
    assert actions(made) == ["template.copied"]
    assert "[Kontraktskommunen]" in pages.text(county.get(at(made)))


def test_a_draft_is_edited_point_by_point(draft: AgreementTemplate, as_: As) -> None:
    county = as_("county")
    address = at(draft, "punkt/tvister/")
    sent = pages.form(county.get(address), "Lagre")
    answers = {"heading": "Uenighet", "text": "Megling først.", "source": "Buskerud, mai 2027"}
    answer = county.post(address, pages.changed(sent, **answers))
    assert answer["Location"] == at(draft) + "#tvister"
    row = draft.clauses.get(key="tvister")
    assert (row.heading, row.text, row.source, row.revision) == (*answers.values(), 2)
    # The form somebody opened before that is stopped, and has what they typed.
    stale = county.post(address, pages.changed(sent, heading="Konflikt"))
    assert stale.status_code == 409
    again = pages.form(stale, "Lagre min tekst likevel")
    assert again["heading"] == ["Konflikt"]
    assert "Megling først." in pages.text(stale)
    assert county.post(address, again).status_code == 302
    assert draft.clauses.get(key="tvister").heading == "Konflikt"


def test_unknown_facts_and_references_are_refused_where_they_are_typed(
    draft: AgreementTemplate, as_: As
) -> None:
    address = at(draft, "punkt/tvister/")
    sent = pages.form(as_("county").get(address), "Lagre")
    answer = as_("county").post(address, pages.changed(sent, text="{{ tull }} [[punkt:borte]]"))
    assert answer.status_code == 422
    said = pages.text(answer)
    assert "Opplysningen {{ tull }} finnes ikke" in said
    assert "[[punkt:borte]] viser til et punkt som ikke finnes" in said


def test_points_are_added_moved_and_deleted_with_what_is_under_them(
    draft: AgreementTemplate, as_: As
) -> None:
    county = as_("county")
    sent = pages.form(county.get(at(draft, "nytt-punkt/")), "Legg til")
    answers = {"parent": "okonomi", "heading": "Gebyr", "text": "Ingen gebyr.", "source": "Fylket"}
    for _ in range(2):
        answer = county.post(at(draft, "nytt-punkt/"), pages.changed(sent, **answers))
        assert answer["Location"] == at(draft) + "#gebyr"
    keys = [row.key for row in draft.clauses.all()]
    under = [row.key for row in draft.clauses.filter(parent_key="okonomi")]
    assert under[-1] == "gebyr"
    # Reading order is kept: it stands before what follows the point it lies under.
    assert keys.index("okonomi") < keys.index("gebyr") < keys.index("tvister")
    first, second = [row.key for row in draft.clauses.filter(parent_key="")][:2]
    county.post(at(draft, f"punkt/{second}/flytt/opp/"))
    assert [row.key for row in draft.clauses.filter(parent_key="")][:2] == [second, first]
    county.post(at(draft, f"punkt/{second}/flytt/opp/"))
    assert next(row.key for row in draft.clauses.filter(parent_key="")) == second
    sent = pages.form(county.get(at(draft, "punkt/okonomi/slett/")), "Slett")
    assert county.post(at(draft, "punkt/okonomi/slett/"), sent).status_code == 302
    assert not draft.clauses.filter(key__in=["okonomi", "gebyr"]).exists()
    event = draft.events.get(action="clause.deleted")
    assert {"gebyr", "okonomi"} <= {entry["key"] for entry in event.data["clauses"]}
    # A key that was used once means that point for ever.
    made = template_editing.add_clause(template_desk.actor(), draft, "", "Gebyr", "x", "y")
    assert made.key == "gebyr-2"
    assert [row.position for row in draft.clauses.all()] == list(range(draft.clauses.count()))


def test_services_are_added_edited_moved_and_deleted(draft: AgreementTemplate, as_: As) -> None:
    county = as_("county")
    address = at(draft, "tjenester/")
    sent = pages.form(county.get(address), "Legg til")
    answer = county.post(address, pages.changed(sent, level="minimum", text="Mentorordning."))
    key = answer["Location"].partition("#")[2]
    sent = pages.form(county.get(f"{address}{key}/"), "Lagre")
    county.post(f"{address}{key}/", pages.changed(sent, text="Mentor i ett år"))
    county.post(f"{address}{key}/flytt/opp/")
    lines = [row.key for row in draft.services.filter(level="minimum")]
    assert (lines[-2], draft.services.get(key=key).text) == (key, "Mentor i ett år")
    sent = pages.form(county.get(f"{address}{key}/"), "Slett", f"{key}/slett/")
    county.post(f"{address}{key}/slett/", sent)
    assert not draft.services.filter(key=key).exists()
    kinds = ["service.added", "service.edited", "service.moved", "service.deleted"]
    assert actions(draft)[1:] == kinds


def test_publishing_makes_a_version_that_is_offered_and_never_changes(
    draft: AgreementTemplate, ringerike: Agreement, as_: As
) -> None:
    county, editor = as_("county"), as_("editor")
    assert draft not in template_versions.offered(ringerike.region)
    assert editor.get(at(draft)).status_code == 404
    sent = pages.form(county.get(at(draft, "publiser/")), "Publiser versjon 1")
    answer = county.post(at(draft, "publiser/"), pages.changed(sent, note="Første versjon."))
    assert answer["Location"] == at(draft)
    draft.refresh_from_db()
    assert (draft.status, draft.note) == ("published", "Første versjon.")
    event = draft.events.get(action="template.published")
    assert event.actor.email == CAST["county"]
    said = pages.text(editor.get(at(draft)))
    assert "publisert av Frida Fylke" in said
    assert template_versions.offered(ringerike.region)[0] == draft
    # What somebody types in a form that was open comes back, and is not stored.
    typed = {"heading": "For sent", "text": "Min tekst", "source": "x", "revision": "1"}
    late = county.post(at(draft, "punkt/tvister/"), typed)
    assert late.status_code == 409
    assert "Min tekst" in late.content.decode()
    assert county.get(at(draft, "punkt/tvister/")).status_code == 302


def test_what_has_changed_since_it_was_read_is_not_published(
    draft: AgreementTemplate, as_: As
) -> None:
    county = as_("county")
    sent = pages.form(county.get(at(draft, "publiser/")), "Publiser")
    template_desk.edit(draft, "tvister", text="Lagt inn i mellomtiden.")
    answer = county.post(at(draft, "publiser/"), pages.changed(sent, note="Min merknad."))
    assert answer.status_code == 409
    again = pages.form(answer, "Publiser")
    assert again["note"] == ["Min merknad."]
    assert county.post(at(draft, "publiser/"), again).status_code == 302


def test_a_draft_with_a_reference_to_what_is_deleted_is_not_published(
    draft: AgreementTemplate, as_: As
) -> None:
    template_desk.edit(draft, "tvister", text="Se [[punkt:varighet]].")
    row = draft.clauses.select_related("template").get(key="varighet")
    template_editing.delete_clause(template_desk.actor(), row, row.revision)
    page = as_("county").get(at(draft, "publiser/"))
    assert "punkt som ikke finnes" in pages.text(page)
    answer = as_("county").post(at(draft, "publiser/"), pages.form(page, "Publiser"))
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_next_version_begins_as_the_newest_and_there_is_one_draft(
    draft: AgreementTemplate, as_: As
) -> None:
    template_desk.publish(draft)
    county = as_("county")
    for _ in range(2):
        answer = county.post(at(draft, "ny-versjon/"))
        assert answer["Location"] == f"/maler/{draft.slug}/2/"
    second = AgreementTemplate.objects.get(slug=draft.slug, version=2)
    template_desk.edit(second, "tvister", text="Megling prøves først.")
    said = pages.text(county.get(f"/maler/{draft.slug}/2/endringer/1/"))
    assert "Megling prøves først." in said
    assert "Endringer fra versjon 1 til versjon 2" in said
    # A first version needs no note, a later one says what is new.
    sent = pages.form(county.get(at(second, "publiser/")), "Publiser")
    assert pages.complaints(county.post(at(second, "publiser/"), sent)).keys() == {"note"}


def test_the_database_refuses_to_change_what_is_published(draft: AgreementTemplate) -> None:
    published = template_desk.publish(draft)
    for template in (published, template_desk.shipped()):
        rows = AgreementTemplate.objects.filter(pk=template.pk)
        attempts: list[Callable[[], Any]] = [
            lambda rows=rows: rows.update(name="Annet"),
            lambda rows=rows: rows.update(status="draft"),
            lambda template=template: template.clauses.update(text="Annet"),
            lambda template=template: template.clauses.all()[0].delete(),
            lambda template=template: template.services.update(text="Annet"),
            lambda template=template: template.services.all()[0].delete(),
            lambda template=template: TemplateClause.objects.create(
                template=template, key="ny", position=99, heading="Ny", source="x"
            ),
            lambda template=template: TemplateService.objects.create(
                template=template, key="ny", position=99, level="minimum", text="x"
            ),
        ]
        for attempt in attempts:
            with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
                attempt()
        # Somebody may still say that it is legally sound.
        user = User.objects.get(email=CAST["county"])
        rows.update(confirmed_by=user, confirmed_on=template_desk.DAY)
        assert rows.get().confirmed_by == user


def test_the_database_holds_one_draft_and_an_append_only_record(draft: AgreementTemplate) -> None:
    with pytest.raises(IntegrityError, match="template_one_draft"), transaction.atomic():
        AgreementTemplate.objects.create(
            slug=draft.slug, version=7, name="To", language="nb", issued=template_desk.DAY
        )
    with pytest.raises(AppendOnlyError):
        draft.events.get().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        TemplateEvent.objects.filter(template=draft).update(action="annet")


def test_the_list_shows_what_each_may_read(draft: AgreementTemplate, as_: As) -> None:
    assert "Fylkets mal" in pages.text(as_("county").get("/maler/"))
    assert "Fylkets mal" not in pages.text(as_("editor").get("/maler/"))
    template_desk.publish(draft)
    assert "Fylkets mal" in pages.text(as_("director").get("/maler/"))
    moss = as_("outsider")
    assert "Fylkets mal" not in pages.text(moss.get("/maler/"))
    assert (moss.get(at(draft)).status_code, moss.get(SHIPPED).status_code) == (404, 200)
    assert as_("reader").get("/maler/").status_code == 404
    used = "avtaler er laget fra den"
    assert used in pages.text(as_("editor").get("/maler/"))


def test_another_countys_editor_sees_no_draft_of_ours_and_cannot_edit(
    draft: AgreementTemplate, as_: As
) -> None:
    moss = User.objects.get(email=CAST["outsider"])
    Membership.objects.create(
        user=moss, organisation=Organisation.objects.get(key="31"), role=Membership.Role.EDITOR
    )
    client = as_("outsider")
    assert client.get(at(draft)).status_code == 404
    assert client.get(at(draft, "punkt/tvister/")).status_code == 404
    assert client.get(SHIPPED + "kopi/").status_code == 200
    # Shipped templates belong to nobody: they are copied, never edited.
    assert client.post(SHIPPED + "ny-versjon/").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/maler/finnes-ikke/1/",
        f"/maler/etablerertjenesten_nb/{10**30}/",
        f"/maler/etablerertjenesten_nb/1/endringer/{10**30}/",
        "/maler/etablerertjenesten_nb/1/endringer/7/",
        "/maler/buskerud-fylkets-mal/1/punkt/finnes-ikke/",
        "/maler/buskerud-fylkets-mal/1/tjenester/finnes-ikke/",
    ],
)
def test_what_does_not_exist_is_not_found(draft: AgreementTemplate, as_: As, address: str) -> None:
    assert as_("county").get(address).status_code == 404


@pytest.mark.parametrize("odd", ["\x00", "x" * 60_000, "{{" * 9_000, "\u202e", "9" * 400])
def test_odd_text_is_refused_or_cleaned_and_never_breaks(
    draft: AgreementTemplate, as_: As, odd: str
) -> None:
    county = as_("county")
    for path, button in (
        ("opplysninger/", "Lagre"),
        ("punkt/tvister/", "Lagre"),
        ("nytt-punkt/", "Legg til"),
        ("tjenester/", "Legg til"),
        ("tjenester/temakurs/", "Lagre"),
        ("publiser/", "Publiser"),
    ):
        sent = pages.form(county.get(at(draft, path)), button)
        answer = county.post(at(draft, path), dict.fromkeys(sent, odd))
        assert answer.status_code in (409, 422), path


def test_a_new_agreement_may_be_made_from_the_countys_newest(
    draft: AgreementTemplate, ringerike: Agreement, as_: As
) -> None:
    published = template_desk.publish(draft)
    address = "/avtaler/ny/ringeriksregionen/"
    page = as_("editor").get(address)
    sent = pages.form(page, "Lag utkast")
    assert sent["template"] == [str(published.pk)]
    assert "Fylkets mal, versjon 1 (Buskerud fylkeskommune)" in pages.text(page)
    made = as_("editor").post(address, sent)
    assert made.status_code == 302
    assert Agreement.objects.latest("pk").template == published
    # A version that a newer one replaces is not offered any more.
    template_desk.publish(template_desk.next_draft(published))
    refused = as_("editor").post(address, pages.changed(sent, token=sent["token"][0][::-1]))
    assert refused.status_code == 422


def test_the_pages_ask_the_same_whatever_there_is(draft: AgreementTemplate, as_: As) -> None:
    client = as_("county")
    addresses = ["/maler/", at(draft), at(draft, "tjenester/"), at(draft, "punkt/tvister/")]
    before = [questions(client, address) for address in addresses]
    for number in range(20):
        template_editing.add_clause(
            template_desk.actor(), draft, "okonomi", f"Ekstra {number}", "[[punkt:okonomi]]", "x"
        )
        template_editing.add_service(template_desk.actor(), draft, "minimum", f"Ekstra {number}")
    published = template_desk.publish(draft)
    for _ in range(4):
        published = template_desk.publish(template_desk.next_draft(published))
    last = template_desk.next_draft(published)
    addresses = ["/maler/", at(last), at(last, "tjenester/"), at(last, "punkt/tvister/")]
    assert [questions(client, address) for address in addresses] == before
    assert max(before) <= 15
