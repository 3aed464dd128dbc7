"""An agreement's language: chosen for a new draft, changed in an old one, and swapped back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from agreements import editing, editions, history, snapshot
from agreements.domain.checks import run
from agreements.domain.editions import Kind
from agreements.domain.resolve import plain_text, resolve
from agreements.models import Agreement, AgreementEvent, AgreementTemplate
from municipalities.models import Municipality
from tests import pages
from tests.desk import BASE, As, events
from tests.domain.nynorsk import bokmal_only
from tests.inputs import actor
from tests.template_desk import newer_model

NEW = "/avtaler/ny/ringeriksregionen/"
DETAILS, PAGE = BASE + "opplysninger/", BASE + "opplysninger/malform/"


@pytest.fixture
def editor(as_: As) -> Client:
    return as_("editor")


def write_nynorsk(*numbers: str) -> None:
    Municipality.objects.filter(number__in=numbers).update(language="nynorsk")


def opened(client: Client, **answers: Any) -> pages.Sent:
    return pages.changed(pages.form(client.get(NEW), "Lag utkast"), **answers)


def template(language: str) -> AgreementTemplate:
    return AgreementTemplate.objects.get(slug=f"etablerertjenesten_{language}")


def change(client: Client, **answers: Any) -> Any:
    form = pages.changed(pages.form(client.get(DETAILS), "Lagre"), **answers)
    return client.post(DETAILS, form)


def swap(client: Client) -> Any:
    return client.post(PAGE, pages.form(client.get(PAGE), "Bytt"))


# --- a new draft ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nynorsk", "language"),
    [
        ((), "nb"),
        (("3310", "3316"), "nb"),
        (("3310", "3316", "3318"), "nn"),
        (("3236", "3305", "3310", "3316", "3318"), "nn"),
    ],
)
def test_most_of_the_regions_municipalities_decide_what_is_suggested(
    editor: Client, nynorsk: tuple[str, ...], language: str
) -> None:
    write_nynorsk(*nynorsk)
    form = opened(editor)
    chosen = template(language)
    assert form["template"] == [str(chosen.pk)]
    assert form["title"][0].startswith(f"{chosen.name} i Ringeriksregionen ")


def test_neutral_counts_as_bokmal_and_the_contract_municipality_breaks_a_tie(
    editor: Client, ringerike: Agreement
) -> None:
    ringerike.region.members.remove(Municipality.objects.get(number="3236"))
    Municipality.objects.filter(number__in=["3305", "3318"]).update(language="noytral")
    write_nynorsk("3310", "3316")
    assert opened(editor)["template"] == [str(template("nb").pk)]
    write_nynorsk("3305")
    Municipality.objects.filter(number="3310").update(language="bokmal")
    assert opened(editor)["template"] == [str(template("nn").pk)]


def test_a_nynorsk_draft_is_nynorsk_from_the_title_to_the_mandates(editor: Client) -> None:
    """The title follows the template although it was suggested in bokmål."""
    editor.post(NEW, opened(editor, template=template("nn").pk))
    made = Agreement.objects.latest("pk")
    assert made.language == "nn"
    assert made.title.startswith("Samarbeidsavtale om etablerartenesta i Ringeriksregionen ")
    signer = made.parties.get(role="contract_municipality")
    assert signer.signatory_title == "ordførar"
    assert "kommunelova § 6-1" in signer.mandate
    assert made.services.get(key="brukerundersokelser").text == "jamlege brukarundersøkingar"
    assert made.plan.invoicing == template("nn").invoicing
    document = snapshot.build(made)
    assert document.financing is not None
    text = plain_text(resolve(document))
    # A source is named as it names itself, in whatever language.
    assert bokmal_only(text.replace(document.financing.population_source, "")) == []
    assert editions.state(made).decision.swaps == ()


def test_a_title_of_ones_own_is_kept(editor: Client) -> None:
    editor.post(NEW, opened(editor, template=template("nn").pk, title="Avtale om gründerhjelp"))
    assert Agreement.objects.latest("pk").title == "Avtale om gründerhjelp"


# --- another language ----------------------------------------------------------------------------


def test_a_new_language_leads_to_what_does_not_follow_it(
    editor: Client, ringerike: Agreement
) -> None:
    answer = change(editor, language="nn")
    assert answer["Location"] == PAGE
    ringerike.refresh_from_db()
    assert ringerike.language == "nn"
    seen = pages.text(editor.get(PAGE))
    assert "Avtalen er på nynorsk" in seen
    assert "Punkt 2 Formål" in seen
    assert change(editor, title="Noe annet")["Location"] == BASE


def test_a_language_that_does_not_exist_is_refused(editor: Client, ringerike: Agreement) -> None:
    assert change(editor, language="en").status_code == 422
    ringerike.refresh_from_db()
    assert ringerike.language == "nb"


def test_the_models_text_is_swapped_and_what_was_changed_is_listed(
    editor: Client, ringerike: Agreement
) -> None:
    clause = ringerike.clauses.select_related("agreement").get(key="formaal")
    editing.save_clause(actor("editor"), clause, clause.revision, "Formål", "Våre egne ord.")
    change(editor, language="nn")
    before = AgreementEvent.objects.count()
    swap(editor)
    assert AgreementEvent.objects.count() == before + 1
    ringerike.refresh_from_db()
    texts = {row.key: row.text for row in ringerike.clauses.all()}
    model = {row.key: row.text for row in template("nn").clauses.all()}
    # The wish from Modum was taken into «nav-lokalt»: that is no longer the model's text either.
    assert {key for key in model if texts[key] != model[key]} == {"formaal", "nav-lokalt"}
    assert texts["formaal"] == "Våre egne ord."
    assert ringerike.title.startswith("Samarbeidsavtale om etablerartenesta i Ringeriksregionen")
    assert ringerike.template == template("nn")
    seen = pages.text(editor.get(PAGE))
    assert "alt som er hentet fra malen uendret, er på nynorsk" in seen
    assert "Punkt 2 Formål" in seen.partition("Må skrives om for hånd")[2]
    overview = pages.text(editor.get(BASE))
    assert "Teksten fra malen ble byttet til den andre målformen" in overview


def test_swapping_to_and_fro_gives_back_every_word(editor: Client, ringerike: Agreement) -> None:
    was = snapshot.build(ringerike)
    change(editor, language="nn")
    swap(editor)
    change(editor, language="nb")
    swap(editor)
    ringerike = Agreement.objects.get(pk=ringerike.pk)
    now = snapshot.build(ringerike)
    assert (now.title, now.clauses, now.services) == (was.title, was.clauses, was.services)
    assert [p.mandate for p in now.parties] == [p.mandate for p in was.parties]


def test_each_point_can_be_taken_back_in_its_own_history(
    editor: Client, ringerike: Agreement
) -> None:
    change(editor, language="nn")
    swap(editor)
    newest, oldest = history.states(ringerike, "tvister")
    assert (newest.heading, oldest.heading) == ("Tvistar", "Tvister")
    assert newest.action == "language.swapped"
    clause = ringerike.clauses.select_related("agreement").get(key="tvister")
    assert history.restore_wording(actor("editor"), clause, clause.revision, oldest)
    clause.refresh_from_db()
    assert (clause.heading, clause.text) == ("Tvister", oldest.text)
    assert editor.get(f"{BASE}tekst/punkt/tvister/historikk/").status_code == 200


def test_a_stale_swap_changes_nothing(editor: Client, as_: As, ringerike: Agreement) -> None:
    change(editor, language="nn")
    form = pages.form(editor.get(PAGE), "Bytt")
    change(as_("other_editor"), title="Ny tittel")
    before = events()
    answer = editor.post(PAGE, form)
    assert answer.status_code == 409
    assert "Ingenting er byttet" in pages.text(answer)
    assert events() == before
    assert ringerike.clauses.get(key="tvister").heading == "Tvister"


def test_somebody_who_edits_a_point_meanwhile_keeps_their_words(
    editor: Client, ringerike: Agreement
) -> None:
    change(editor, language="nn")
    form = pages.form(editor.get(PAGE), "Bytt")
    clause = ringerike.clauses.select_related("agreement").get(key="tvister")
    editing.save_clause(actor("other_editor"), clause, clause.revision, "Tvister", "Nytt.")
    assert editor.post(PAGE, form).status_code == 302
    clause.refresh_from_db()
    assert (clause.heading, clause.text) == ("Tvister", "Nytt.")


def test_swapping_twice_is_done_once(editor: Client, ringerike: Agreement) -> None:
    change(editor, language="nn")
    swap(editor)
    before = events()
    ringerike.refresh_from_db()
    assert editions.swap(actor("editor"), ringerike, ringerike.revision) == 0
    assert events() == before


def test_only_an_edition_of_the_same_version_is_swapped_for(
    editor: Client, ringerike: Agreement
) -> None:
    assert ringerike.template is not None
    second = newer_model(ringerike.template)  # there is no second one in nynorsk
    Agreement.objects.filter(pk=ringerike.pk).update(template=second)
    change(editor, language="nn")
    found = editions.state(Agreement.objects.get(pk=ringerike.pk))
    assert (found.pair, found.decision.swaps) == (None, ())
    assert "finnes ikke på begge målformer i samme versjon" in pages.text(editor.get(PAGE))


def test_without_a_model_everything_is_for_the_hand(editor: Client, ringerike: Agreement) -> None:
    Agreement.objects.filter(pk=ringerike.pk).update(template=None)
    change(editor, language="nn")
    found = editions.state(Agreement.objects.get(pk=ringerike.pk))
    assert found.decision.swaps == ()
    kinds = {piece.kind for piece in found.decision.by_hand}
    assert {Kind.CLAUSE, Kind.SERVICE, Kind.TITLE} <= kinds
    assert "Avtalen er ikke laget fra en mal" in pages.text(editor.get(PAGE))


# --- the demonstration ---------------------------------------------------------------------------


def test_the_demonstration_has_an_agreement_in_nynorsk_that_the_checks_accept(
    ringerike: Agreement,
) -> None:
    made = Agreement.objects.get(slug="hallingdal-2026")
    assert (made.language, made.region.slug) == ("nn", "hallingdal")
    assert made.title == "Samarbeidsavtale om etablerartenesta i Hallingdal 2026–2029"
    document = snapshot.build(made)
    assert run(document, snapshot.context(made.region)) == []
    assert editions.state(made).decision.swaps == ()


@pytest.mark.parametrize("revision", ["", "x", "0", "-1", "9" * 40, "\x00", "1.5"])
def test_a_swap_without_a_usable_revision_is_refused(
    editor: Client, ringerike: Agreement, revision: str
) -> None:
    change(editor, language="nn")
    before = events()
    answer = editor.post(PAGE, {"revision": revision})
    assert answer.status_code == 422
    assert "Ingenting ble byttet" in pages.text(answer)
    assert events() == before
