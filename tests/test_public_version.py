"""The public version through its pages: marked, taken away, made once, and begun anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements import documents, finals
from agreements.documents import errors
from agreements.domain import canonical, legal_basis, public_view
from agreements.domain.states import Action
from agreements.models import Agreement, PublicVersion, StoredFile, Withholding
from tests import final_files, pages, public, rounds

As = Callable[[str], Client]
DOCUMENTS = "/avtaler/ringeriksregionen-2026/dokumenter/"
PAGE = DOCUMENTS + "offentlig/"


@pytest.fixture
def frozen(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Agreement:
    """In review: the version that counts is version 1."""
    final_files.quick(monkeypatch)
    rounds.freeze(ringerike)
    return ringerike


@pytest.fixture
def administrator(as_: As) -> Client:
    return as_("administrator")


def send(client: Client, button: str, action: str = "", /, **values: Any) -> Any:
    """Send one of the page's forms, changed."""
    sent = pages.form(client.get(PAGE), button, action)
    return client.post(action or PAGE, pages.changed(sent, **values))


def events(agreement: Agreement) -> list[tuple[str, str]]:
    rows = agreement.events.filter(action__startswith="public.").order_by("number")
    return [(row.action, row.data.get("text", "")) for row in rows]


def test_the_way_is_from_the_documents_and_only_with_a_version(
    ringerike: Agreement, administrator: Client, as_: As
) -> None:
    assert PAGE not in administrator.get(DOCUMENTS).content.decode()
    assert "Ingen versjon gjelder nå" in pages.text(administrator.get(PAGE))
    rounds.freeze(ringerike)
    for who, words in (("administrator", "Velg hva som er unntatt"), ("editor", "Se hva som er")):
        (link,) = pages.page(as_(who).get(DOCUMENTS)).all("a", href=PAGE)
        assert link.text.startswith(words)
    assert PAGE not in as_("director").get(DOCUMENTS).content.decode()


def test_words_are_marked_with_a_provision_and_who_and_when_is_kept(
    frozen: Agreement, administrator: Client, as_: As
) -> None:
    answer = send(administrator, "Unnta", phrase="ringerike  KOMMUNE", basis="negotiation")
    assert answer["Location"] == PAGE
    (row,) = Withholding.objects.all()
    assert (row.kind, row.basis, row.created_by) == (
        "phrase",
        "negotiation",
        rounds.administrator().user,
    )
    assert events(frozen) == [("public.marked", "ordene «ringerike KOMMUNE»")]
    event = frozen.events.order_by("number").last()
    assert event is not None
    assert (event.version, event.actor) == (public.counting(frozen), rounds.administrator().user)
    for who in ("administrator", "editor"):
        shown = pages.page(as_(who).get(PAGE))
        assert public.CITED in shown.one("main").text
        hidden = {node.text for node in shown.all("span", class_="withheld")}
        assert hidden == {"Ringerike kommune"}
    reader = pages.page(as_("editor").get(PAGE))
    assert not reader.all("form", action=PAGE)
    assert "Administratoren i Ringerike merker" in reader.one("main").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phrase": "Hole", "basis": ""}, "basis"),
        ({"phrase": "", "basis": "negotiation"}, "phrase"),
        ({"phrase": "\u00ad", "basis": "negotiation"}, "phrase"),
        ({"phrase": "a", "basis": "negotiation"}, "phrase"),
        ({"phrase": "finnes ikke her", "basis": "negotiation"}, "phrase"),
        ({"phrase": "Hole", "basis": "other"}, "other_basis"),
        ({"phrase": "Hole", "basis": "other", "other_basis": "en lov"}, "other_basis"),
        ({"phrase": "Hole", "basis": "other", "other_basis": "§ 5 om Hole"}, "other_basis"),
        ({"what": "clause:finnes-ikke", "basis": "negotiation"}, "what"),
        ({"what": "row:3310/\u00e6", "basis": "negotiation"}, "what"),
        ({"what": "tull", "basis": "negotiation"}, "what"),
        ({"phrase": "Hole", "basis": "§ 13"}, "basis"),
    ],
)
def test_a_mark_without_a_provision_or_that_withholds_nothing_is_refused(
    frozen: Agreement, administrator: Client, typed: dict[str, str], field: str
) -> None:
    answer = send(administrator, "Unnta", **typed)
    assert answer.status_code == 422
    assert set(pages.complaints(answer)) == {field}
    if phrase := typed.get("phrase", ""):
        assert pages.form(answer, "Unnta")["phrase"] == [phrase]
    assert not Withholding.objects.exists()
    assert events(frozen) == []


def test_words_that_are_nowhere_are_said_to_be(frozen: Agreement, administrator: Client) -> None:
    answer = send(administrator, "Unnta", phrase="Ringerikke", basis="internal")
    assert "«Ringerikke» står ingen steder i avtalen" in pages.complaints(answer)["phrase"]


def test_a_provision_that_somebody_wrote_is_printed_and_must_not_tell(
    frozen: Agreement, administrator: Client
) -> None:
    own = "sikkerhetsloven § 5-4 første ledd"
    send(administrator, "Unnta", phrase="Modum", basis="other", other_basis=own)
    assert own in pages.text(administrator.get(PAGE))
    answer = send(administrator, "Unnta", phrase="første", basis="internal")
    assert "har ord i seg som er unntatt" in pages.complaints(answer)["phrase"]


def test_every_sort_of_thing_is_offered_and_a_point_has_a_link_to_its_choice(
    frozen: Agreement, administrator: Client
) -> None:
    read = pages.page(administrator.get(PAGE))
    groups = {node["label"] for node in read.all("optgroup")}
    assert {"Teksten i et punkt", "Beløpene til en bidragsyter"} <= groups
    links = [a["href"] for a in read.all("a") if a.get("href", "").startswith("?unnta=")]
    assert "?unnta=clause%3Aformaal#unnta" in links
    chosen = administrator.get(PAGE + "?unnta=clause%3Aformaal")
    assert pages.form(chosen, "Unnta")["what"] == ["clause:formaal"]
    sent = pages.changed(pages.form(chosen, "Unnta"), basis="internal", with_heading="on")
    administrator.post(PAGE, sent)
    (row,) = Withholding.objects.all()
    assert (row.kind, row.target, row.with_heading) == ("clause", "formaal", True)
    assert administrator.get(PAGE + "?unnta=%00%FF").status_code == 200


def test_what_an_amount_can_be_computed_from_is_said_and_offered(
    frozen: Agreement, administrator: Client
) -> None:
    send(administrator, "Unnta", what="row:3310", basis="negotiation")
    shown = administrator.get(PAGE)
    assert "Noe av det som er unntatt, kan leses eller regnes ut likevel" in pages.text(shown)
    assert "kan regnes ut av summene og de andre beløpene" in pages.text(shown)
    administrator.post(PAGE, pages.form(shown, "Unnta beløpene i raden og summene"))
    (row,) = Withholding.objects.all()
    assert (row.target, row.with_sums, row.basis) == ("3310", True, "negotiation")
    assert [action for action, _ in events(frozen)] == [
        "public.marked",
        "public.unmarked",
        "public.marked",
    ]
    after = pages.text(administrator.get(PAGE))
    assert "kan regnes ut av summene" not in after
    assert "satsen" in after  # of the other municipalities: it gives the amount, and is offered too


def test_a_mark_is_taken_away_again(frozen: Agreement, administrator: Client) -> None:
    row = public.words(frozen, "Modum")
    answer = send(administrator, "Fjern", f"{PAGE}fjern/{row.pk}/")
    assert answer["Location"] == PAGE
    assert not Withholding.objects.exists()
    assert [action for action, _ in events(frozen)] == ["public.marked", "public.unmarked"]
    data = {"version": public.counting(frozen).pk}
    assert administrator.post(f"{PAGE}fjern/{row.pk}/", data).status_code == 302  # a double click
    assert len(events(frozen)) == 2


def test_the_same_mark_twice_is_one(frozen: Agreement, administrator: Client) -> None:
    for _ in range(2):
        send(administrator, "Unnta", phrase="Modum", basis="internal")
    assert len(events(frozen)) == 1


def test_it_is_made_once_stored_with_its_hash_and_served(
    frozen: Agreement, administrator: Client, as_: As
) -> None:
    public.words(frozen, "Modum")
    answer = send(administrator, "Lag offentlig versjon", PAGE + "lag/")
    assert answer["Location"] == PAGE
    (file,) = StoredFile.objects.filter(kind="public")
    event = frozen.events.order_by("number").last()
    assert event is not None
    assert event.action == "public.made"
    assert event.data["file"] == file.sha256
    assert event.data["removed"] == [
        {
            "what": "ord i teksten",
            "legal_basis": public.CITED,
            "places": event.data["removed"][0]["places"],
        }
    ]
    assert "Modum" not in str(event.data)
    assert event.version == file.version
    address = f"{DOCUMENTS}fil/{file.pk}/"
    for who in ("administrator", "editor", "director", "reader"):
        assert as_(who).get(address).content == bytes(file.content)
    for who in ("administrator", "director"):
        assert address in as_(who).get(DOCUMENTS).content.decode()
    version = reverse("version", args=[frozen.slug, 1])
    assert address in as_("reader").get(version).content.decode()
    assert as_("outsider").get(address).status_code == 404


def test_what_is_made_stands_and_another_is_begun_from_it(
    frozen: Agreement, administrator: Client
) -> None:
    row = public.words(frozen, "Modum")
    first = public.made(frozen)
    shown = administrator.get(PAGE)
    assert "Unnta noe" not in pages.text(shown)
    data = {"version": public.counting(frozen).pk}
    for address in (f"{PAGE}fjern/{row.pk}/", f"{PAGE}lag/"):
        assert administrator.post(address, data).status_code == 409
    sent = {"what": "phrase:", "phrase": "Hole", "basis": "internal", **data}
    answer = administrator.post(PAGE, sent)
    assert answer.status_code == 409
    assert pages.form(answer, "Unnta")["phrase"] == ["Hole"]  # nothing typed is lost
    assert Withholding.objects.count() == 1
    assert send(administrator, "Begynn på en ny", PAGE + "ny/")["Location"] == PAGE
    administrator.post(PAGE + "ny/", data)  # a double click
    assert PublicVersion.objects.count() == 2
    answer = send(administrator, "Lag offentlig versjon", PAGE + "lag/")
    assert answer.status_code == 422
    assert "helt lik en som er laget før" in pages.text(answer)
    public.words(frozen, "Hole")
    second = public.made(frozen)
    assert second.file_name == "ringeriksregionen-2026-versjon-1-offentlig-2.pdf"
    assert {bytes(file.content) for file in (first, second)} == {
        bytes(file.content) for file in StoredFile.objects.filter(kind="public")
    }
    assert [action for action, _ in events(frozen)] == [
        *("public.marked", "public.made", "public.begun", "public.marked", "public.made")
    ]


def test_nothing_is_made_without_marks_or_by_a_provision_that_has_ended(
    frozen: Agreement, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = public.counting(frozen).pk
    seen = public_view.sha256(public.work(frozen).view())
    answer = administrator.post(PAGE + "lag/", {"version": version, "seen": seen})
    assert answer.status_code == 422
    assert "Ingenting er merket" in pages.text(answer)
    public.words(frozen, "Modum", "business")
    monkeypatch.setattr(legal_basis, "still_valid", lambda key, day: False)
    answer = send_lag(administrator, frozen)
    assert "gjelder ikke lenger" in pages.text(answer)
    assert not StoredFile.objects.exists()


def send_lag(client: Client, agreement: Agreement) -> Any:
    seen = public_view.sha256(public.work(agreement).view())
    sent = {"version": public.counting(agreement).pk, "seen": seen}
    return client.post(PAGE + "lag/", sent)


def test_a_file_that_is_not_fit_to_be_kept_is_not_kept(
    frozen: Agreement, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    public.words(frozen, "Modum")
    monkeypatch.setattr(finals, "gate", lambda content: ["Noe er galt med skriftene."])
    answer = send_lag(administrator, frozen)
    assert answer.status_code == 422
    assert "Noe er galt med skriftene." in pages.text(answer)
    assert not StoredFile.objects.exists()
    assert events(frozen)[-1][0] == "public.marked"


@pytest.mark.parametrize(
    "problem", [errors.PdfUnavailableError, errors.BusyError, errors.RenderingError]
)
def test_why_there_is_no_file_is_said_and_nothing_is_kept(
    frozen: Agreement,
    administrator: Client,
    monkeypatch: pytest.MonkeyPatch,
    problem: type[errors.PdfError],
) -> None:
    public.words(frozen, "Modum")

    def fails(*given: object) -> bytes:
        raise problem("no fonts")

    monkeypatch.setattr(documents, "public_pdf", fails)
    for answer in (send_lag(administrator, frozen), administrator.get(PAGE + "utkast.pdf")):
        assert answer.status_code == 503
        assert problem.heading in pages.text(answer)
        assert problem.advice in pages.text(answer)
    assert not StoredFile.objects.exists()
    assert events(frozen)[-1][0] == "public.marked"


def test_marks_belong_to_their_version(frozen: Agreement, administrator: Client) -> None:
    public.words(frozen, "Modum")
    old = pages.form(administrator.get(PAGE), "Unnta")
    rounds.take(frozen, Action.WITHDRAW, "Feil.")
    own = "sikkerhetsloven § 5-4"
    typed = pages.changed(old, phrase="Hole kommune", basis="other", other_basis=own)
    answer = administrator.post(PAGE, typed)
    assert answer.status_code == 409
    assert "trukket versjonen tilbake" in pages.text(answer)
    assert f"Dette skrev du:Hole kommune{own}" in pages.text(answer)  # nothing typed is lost
    rounds.freeze(frozen)
    answer = administrator.post(PAGE, pages.changed(old, phrase="Hole", basis="internal"))
    assert answer.status_code == 409
    assert pages.form(answer, "Unnta")["phrase"] == ["Hole"]
    assert "Ingenting er unntatt ennå" in pages.text(administrator.get(PAGE))
    again = administrator.post(PAGE, pages.form(answer, "Unnta"))
    assert again.status_code == 302


@pytest.mark.parametrize("sent", [{}, {"version": "x"}, {"version": "9" * 40}, {"version": "7"}])
def test_odd_requests_are_answered(
    frozen: Agreement, administrator: Client, sent: dict[str, str]
) -> None:
    row = public.words(frozen, "Modum")
    for address in ("", "lag/", "ny/", f"fjern/{row.pk}/", "fjern/99999999/"):
        status = administrator.post(PAGE + address, sent | {"seen": "<b>"}).status_code
        assert status in (404, 409, 422), address
    assert len(events(frozen)) == 1


def test_the_final_version_has_a_public_one_beside_its_files(
    ringerike: Agreement, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.quick(monkeypatch)
    version = final_files.finalised(ringerike)
    public.words(ringerike, "Modum")
    file = public.made(ringerike)
    assert file.version == version
    shown = pages.page(administrator.get(DOCUMENTS))
    (link,) = shown.all("a", href=f"{DOCUMENTS}fil/{file.pk}/")
    assert link.text == "Offentlig versjon 1 (PDF)"
    assert canonical.digest(bytes(version.document)) == version.sha256


def test_the_page_asks_as_much_for_many_marks_as_for_one(
    frozen: Agreement, administrator: Client
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert administrator.get(PAGE).status_code == 200
        return len(queries)

    public.words(frozen, "Modum")
    first = asked()
    for phrase in ("Hole", "Jevnaker", "Krødsherad"):
        public.words(frozen, phrase)
    public.row(frozen, "3310")
    assert asked() == first
    assert first <= 14
