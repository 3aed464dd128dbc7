"""Word documents and workbooks through the pages: where they are offered, and who gets what."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import docx as python_docx
import openpyxl
import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from pypdf import PdfReader

from agreements import workflow
from agreements.documents.docx import MEDIA_TYPE as WORD
from agreements.domain.states import Action, State
from agreements.importing import docx
from agreements.models import AccessLog, Agreement, Comment
from financing.models import Rule
from financing.xlsx import MEDIA_TYPE as EXCEL
from tests import final_files, inputs, pages, rounds
from tests.studies import a_study
from tests.test_queries import questions

As = Callable[[str], Client]
SLUG = "ringeriksregionen-2026"
BASE = f"/avtaler/{SLUG}/"
TYPES = {"docx": WORD, "xlsx": EXCEL}
OFFERED = {
    "dokumenter/": (
        *("dokumenter/avtale", "dokumenter/bidragstabell", "dokumenter/sammenligning"),
    ),
    "historikk/hendelser/": ("historikk/hendelser",),
    "saksframlegg/": ("saksframlegg",),
    "okonomi/": ("dokumenter/sammenligning",),
}


@pytest.mark.parametrize(("page", "names"), OFFERED.items())
def test_each_page_offers_word_and_excel_beside_the_pdf(
    as_: As, page: str, names: tuple[str, ...]
) -> None:
    client = as_("editor")
    shown = client.get(BASE + page).content.decode()
    for name in names:
        at = [shown.index(f'href="{BASE}{name}.{form}"') for form in ("pdf", "docx", "xlsx")]
        assert at[0] == min(at), "the PDF comes first"
        for form, media_type in TYPES.items():
            answer = client.get(f"{BASE}{name}.{form}")
            assert answer.headers["Content-Type"] == media_type
            assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="{SLUG}')
            assert answer.headers["Content-Disposition"].endswith(f'.{form}"')
            assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_plan_without_an_agreement_has_its_comparison_too(as_: As) -> None:
    plan = a_study()
    client = as_("editor")
    shown = client.get(f"/okonomi/{plan.pk}/").content.decode()
    for form, media_type in TYPES.items():
        address = f"/okonomi/{plan.pk}/sammenligning.{form}"
        assert f'href="{address}"' in shown
        answer = client.get(address)
        assert answer.headers["Content-Type"] == media_type
        assert f"plan-{plan.pk}-sammenligning-utkast.{form}" in answer["Content-Disposition"]
    plan.participants.update(population=None, population_date=None)
    assert client.get(f"/okonomi/{plan.pk}/sammenligning.docx").status_code == 404


def test_there_is_no_word_document_or_workbook_without_a_table(
    as_: As, ringerike: Agreement
) -> None:
    ringerike.plan.participants.filter(organisation__key="3310").update(
        population=None, population_date=None
    )
    client = as_("editor")
    for name in ("bidragstabell.docx", "sammenligning.docx", "sammenligning.xlsx"):
        assert client.get(f"{BASE}dokumenter/{name}").status_code == 404
        assert name not in client.get(f"{BASE}dokumenter/").content.decode()
    # The agreement has no sheet of contributions then.
    book = opened(client.get(f"{BASE}dokumenter/avtale.xlsx").content)
    assert book.sheetnames == ["Parter", "Punkter", "Tjenester", "Vedlegg"]


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_internal_events_are_without_words_for_others(as_: As, ringerike: Agreement) -> None:
    inputs.an_internal(ringerike)
    for who, hidden in (("director", True), ("editor", False)):
        word = python_docx.Document(
            io.BytesIO(as_(who).get(f"{BASE}historikk/hendelser.docx").content)
        )
        told = word.tables[0].rows[-1].cells[3].text
        sheet = opened(as_(who).get(f"{BASE}historikk/hendelser.xlsx").content).active
        last = [cell.value for cell in sheet[sheet.max_row]]
        assert (told == "Intern hendelse") is hidden
        assert (last[5] == "Intern hendelse") is hidden
        assert (last[8] is None) is hidden
        assert last[-1] == ringerike.events.latest("number").hash


def test_a_version_is_downloaded_as_it_was_frozen_and_that_is_noted(
    as_: As, ringerike: Agreement
) -> None:
    version = rounds.freeze(ringerike)
    Agreement.objects.filter(pk=ringerike.pk).update(title="Et nytt navn")
    client = as_("reader")
    address = f"{BASE}versjoner/1/"
    shown = client.get(address).content.decode()
    for name in ("avtale.docx", "avtale.xlsx", "bidragstabell.docx", "bidragstabell.xlsx"):
        assert f'href="{address}{name}"' in shown
        answer = client.get(address + name)
        assert answer.headers["Content-Type"] == TYPES[name[-4:]]
        noted = AccessLog.objects.filter(version=version, kind=AccessLog.Kind.DOWNLOADED)
        assert noted.latest("pk").what == name
    word = client.get(f"{address}avtale.docx").content
    assert docx.read(word).title == ringerike.title
    text = python_docx.Document(io.BytesIO(word)).paragraphs[0].text
    assert text == "Versjon 1, til behandling"
    assert client.get(f"{BASE}versjoner/9/avtale.docx").status_code == 404


def test_once_it_is_final_every_address_leads_to_the_version(
    as_: As, ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.quick(monkeypatch)
    version = final_files.finalised(ringerike)
    client = as_("editor")
    shown = client.get(f"{BASE}dokumenter/").content.decode()
    for name in ("avtale.docx", "avtale.xlsx", "bidragstabell.docx"):
        to = f"{BASE}versjoner/{version.number}/{name}"
        assert client.get(f"{BASE}dokumenter/{name}")["Location"] == to
        assert f'href="{to}"' in shown
        assert client.get(to).status_code == 200
    paragraphs = python_docx.Document(
        io.BytesIO(client.get(f"{BASE}versjoner/1/avtale.docx").content)
    ).paragraphs
    assert paragraphs[0].text == "Versjon 1"


def test_what_is_decided_is_the_same_file_with_the_same_stamp_on_both_pages(
    as_: As, ringerike: Agreement
) -> None:
    version = rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike)
    assert ringerike.state is State.ADOPTED
    # Whatever becomes of the draft's rows meanwhile, the version is what was decided on.
    Agreement.objects.filter(pk=ringerike.pk).update(title="Et nytt navn")
    client, folder = as_("editor"), f"{BASE}versjoner/1/"
    on_documents = client.get(f"{BASE}dokumenter/").content.decode()
    on_version = client.get(folder).content.decode()
    stamp = f"Versjon 1 · innhold {version.sha256[:12]}"
    for name in ("avtale", "bidragstabell"):
        for form in ("pdf", "docx", "xlsx"):
            to = f"{folder}{name}.{form}"
            assert f'href="{to}"' in on_documents
            assert f'href="{to}"' in on_version
            if (name, form) != ("bidragstabell", "xlsx"):  # of the plan, with all alternatives
                assert client.get(f"{BASE}dokumenter/{name}.{form}")["Location"] == to
            answer = client.get(to)
            assert f"{SLUG}-versjon-1" in answer["Content-Disposition"]
            assert stamp in foot(answer.content, form)
            assert AccessLog.objects.filter(version=version, what=f"{name}.{form}").exists()
    assert "Utkast" not in pages.text(client.get(BASE))


def test_what_is_withdrawn_says_so_and_the_draft_is_a_draft_again(
    as_: As, ringerike: Agreement
) -> None:
    rounds.freeze(ringerike)
    rounds.take(ringerike, Action.WITHDRAW, "Feil.")
    client, folder = as_("editor"), f"{BASE}versjoner/1/"
    for name in ("avtale.pdf", "avtale.docx", "avtale.xlsx", "bidragstabell.pdf"):
        content = client.get(folder + name).content
        assert "Versjon 1, trukket tilbake · innhold" in foot(content, name.rpartition(".")[2])
        if name.endswith("pdf"):
            assert all(
                sheet["/Resources"]["/XObject"] for sheet in PdfReader(io.BytesIO(content)).pages
            )
    assert "bidragstabell.xlsx" not in client.get(folder).content.decode()
    # It would have the plan's own words, as they are in the draft by now.
    assert client.get(f"{folder}bidragstabell.xlsx").status_code == 404
    assert "Utkast · innhold" in foot(client.get(f"{BASE}dokumenter/avtale.xlsx").content, "xlsx")


def test_a_version_is_before_those_who_decide_until_it_is_adopted_or_rejected(
    as_: As, ringerike: Agreement
) -> None:
    version = rounds.freeze(ringerike)
    client, address = as_("editor"), f"{BASE}versjoner/1/avtale.xlsx"
    said = {}
    for state in State:
        Agreement.objects.filter(pk=ringerike.pk).update(status=state.value)
        said[state] = foot(client.get(address).content, "xlsx").partition(" · ")[0]
    before = (State.IN_REVIEW, State.RECOMMENDED, State.IN_RESOLUTION, State.PARTLY_ADOPTED)
    assert {said[state] for state in before} == {"Versjon 1, til behandling"}
    assert said[State.REJECTED] == said[State.ARCHIVED] == "Versjon 1, forkastet"
    assert said[State.ADOPTED] == "Versjon 1"
    Agreement.objects.filter(pk=ringerike.pk).update(status=State.REJECTED.value)
    assert version.sha256[:12] in foot(client.get(address).content, "xlsx")
    assert "«Versjon 1, forkastet»" in pages.text(client.get(f"{BASE}dokumenter/"))
    changes = client.get(f"{BASE}dokumenter/avtale.docx?mot=mal/1").content
    assert f"Versjon 1, forkastet · innhold {version.sha256[:12]}" in foot(changes, "docx")


def foot(content: bytes, form: str) -> str:
    """What stands at the foot of a page."""
    if form == "pdf":
        return PdfReader(io.BytesIO(content)).pages[0].extract_text().replace("\n", " ")
    if form == "xlsx":
        return str(opened(content).worksheets[0].oddFooter.left.text)
    return str(python_docx.Document(io.BytesIO(content)).sections[0].footer._element.xml)


def test_open_input_is_in_a_word_document_of_the_version(as_: As, ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike)
    Comment.objects.filter(parent=None, state=Comment.State.OPEN).update(
        state=Comment.State.WITHDRAWN, closed_by=F("author"), closed_at=Now()
    )
    client = as_("editor")
    shown = client.get(f"{BASE}dokumenter/").content.decode()
    address = f"{BASE}dokumenter/avtale.docx?med=innspill"
    assert f'href="{address}"' not in shown
    inputs.a_comment(ringerike)
    Agreement.objects.filter(pk=ringerike.pk).update(title="Et nytt navn")
    assert f'href="{address}"' in client.get(f"{BASE}dokumenter/").content.decode()
    answer = client.get(address)
    assert f"{SLUG}-versjon-1-innspill.docx" in answer["Content-Disposition"]
    assert f"Versjon 1, til behandling · innhold {version.sha256[:12]}" in foot(
        answer.content, "docx"
    )
    found = docx.read(answer.content)
    assert found.title == ringerike.title
    assert len(found.comments) == 1
    assert AccessLog.objects.filter(version=version, what="avtale.docx").count() == 1


def test_a_workbook_that_does_not_give_the_table_is_a_page_that_says_why(
    as_: As, ringerike: Agreement
) -> None:
    rounds.freeze(ringerike)
    Rule.objects.filter(alternative=ringerike.chosen_alternative).update(rate=99)
    answer = as_("editor").get(f"{BASE}versjoner/1/bidragstabell.xlsx")
    assert answer.status_code == 422
    assert "Økonomien er en annen enn i den låste versjonen" in pages.text(answer)
    assert not AccessLog.objects.filter(what="bidragstabell.xlsx").exists()


def test_a_version_without_a_table_has_no_file_of_one(
    as_: As, ringerike: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(workflow.document_of(rounds.freeze(ringerike)), financing=None)
    monkeypatch.setattr(workflow, "document_of", lambda version: bare)
    for form in ("pdf", "docx", "xlsx"):
        address = f"{BASE}versjoner/1/bidragstabell.{form}"
        assert as_("reader").get(address).status_code == 404
    assert "bidragstabell." not in as_("reader").get(f"{BASE}versjoner/1/").content.decode()


def test_the_files_take_few_questions_however_long_the_record(
    as_: As, ringerike: Agreement
) -> None:
    client = as_("editor")
    addresses = [
        f"{BASE}{name}"
        for name in (
            *("dokumenter/avtale.xlsx", "dokumenter/bidragstabell.docx"),
            *("dokumenter/sammenligning.docx", "historikk/hendelser.xlsx", "saksframlegg.xlsx"),
        )
    ]
    before = {address: questions(client, address) for address in addresses}
    for _ in range(5):
        inputs.a_comment(ringerike)
    assert {address: questions(client, address) for address in addresses} == before
    assert max(before.values()) <= 40, before


def test_the_links_name_what_they_are_of(as_: As) -> None:
    text = pages.text(as_("editor").get(f"{BASE}dokumenter/"))
    for name in (
        "Word: avtalen",
        "Excel: avtalen",
        "Word: bidragstabellen",
        "Excel: sammenligning",
    ):
        assert name in text
