"""No field that reaches a printed file takes a character that cannot be printed."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import Client, RequestFactory
from pypdf import PdfReader

from agreements.documents import record_pdf
from agreements.documents.agreement import set_type
from agreements.models import Agreement
from municipalities import characters, people
from municipalities.form_fields import TextField
from municipalities.models import Organisation, User
from municipalities.municipality_file import RefusedFileError, read
from tests import long_documents, pages
from tests.test_every_pdf import follows_both_standards

# What is typed in these is never in a PDF; the reason stands beside each.
NEVER_PRINTED = {
    "SearchForm.q": "a search",
    "ListForm.q": "a search",
    "FreezeForm.message": "a message on pages and in mail",
    "StepForm.reason": "the history on pages; the record has the step",
    "TakeBackForm.reason": "the history on pages",
    "DelegationForm.reason": "the history on pages",
    "TakeBackSignatureForm.reason": "the history on pages; the record has whose it was",
    "RuleForm.weights": "read as names and numbers",
    "UploadForm.text": "the check finds what an imported text holds",
    "VerifyTableForm.table": "compared, and not kept",
    "FirstRunForm.code": "compared",
    "CodeForm.code": "compared",
    "ActivateForm.code": "compared",
    "ConfirmByCodeForm.code": "compared",
    **{
        f"{form}.{field}": "kept until the point is saved, which refuses it"
        for form in ("BegunForm", "KeepForm", "ChooseForm")
        for field in ("heading", "text")
    },
}
MODULES = (
    *("agreements.views.text", "agreements.admin", "config.urls", "municipalities.views"),
    *("agreements.template_forms", "agreements.draft_forms", "agreements.case_paper_forms"),
)


def all_forms() -> Iterator[type[forms.BaseForm]]:
    for module in MODULES:
        import_module(module)
    pending = [forms.BaseForm]
    while pending:
        found = pending.pop()
        below = found.__subclasses__()
        pending += below
        room, _, rest = found.__module__.partition(".")
        # The fields of administration pages are made by the pages: see the test after this.
        if room in ("municipalities", "financing", "agreements") and not rest.startswith("admin"):
            yield found


def is_free_text(field: forms.Field) -> bool:
    """A text that a person may type: no password, address, number or hidden value."""
    plain = type(field) in (forms.CharField, TextField) or isinstance(field, TextField)
    hidden = isinstance(field.widget, forms.HiddenInput | forms.PasswordInput)
    return plain and not hidden


def test_every_text_that_may_be_printed_refuses_what_cannot_be() -> None:
    takes = {
        f"{form.__name__}.{name}"
        for form in all_forms()
        for name, field in form.base_fields.items()
        if is_free_text(field) and not (isinstance(field, TextField) and field.printed)
    }
    assert takes == set(NEVER_PRINTED)


def test_names_typed_on_the_administration_pages_refuse_it_too(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = User(is_superuser=True, is_staff=True)
    tried = set()
    for model, page in admin.site._registry.items():
        if not page.has_change_permission(request) and not page.has_add_permission(request):
            continue
        for name, field in page.get_form(request).base_fields.items():
            if is_free_text(field):
                tried.add(f"{model.__name__}.{name}")
                assert isinstance(field, TextField), f"{model.__name__}.{name}"
                assert field.printed
    assert {"Organisation.name", "Region.name", "User.name", "Municipality.name"} <= tried


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Kari 😀", "Tegnet «😀» kan ikke skrives ut."),
        ("Kari \ue000\uf8ff", "Tegnene «U+E000», «U+F8FF» kan ikke skrives ut."),
        ("Kari 中文", "Tegnene «中», «文» kan ikke skrives ut."),
        ("❤️", "Tegnet «U+FE0F» kan ikke skrives ut."),
        ("𝐊𝐚𝐫𝐢𝐍𝐨", "Tegnene «𝐊», «𝐚», «𝐫», «𝐢», «𝐍» og flere kan ikke skrives ut."),
        ("\u0378", "Tegnet «U+0378» kan ikke skrives ut."),
    ],
)
def test_the_character_is_named(typed: str, said: str) -> None:
    with pytest.raises(forms.ValidationError) as caught:
        TextField(label="Navn").clean(typed)
    assert caught.value.messages == [f"{said} Bruk vanlige bokstaver og tegn."]


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200b", "\ufffe", "\uffff", "\x07", "\x1b", "\ud800", "\u2028"]
)
def test_what_nobody_sees_and_control_characters_are_dropped(hidden: str) -> None:
    assert TextField(label="Navn").clean(f"Ka{hidden}ri").replace("\n", "") == "Kari"


@pytest.mark.parametrize("text", ["Åse Čearru", "Kárášjohka", "Deatnu – «Unjárga»", "Bjǿrn"])
def test_letters_typed_in_parts_are_stored_whole(text: str) -> None:
    parts = unicodedata.normalize("NFD", text)
    assert parts != text
    assert TextField(label="Navn").clean(parts) == text


def test_both_what_is_too_long_and_what_cannot_be_printed_is_said() -> None:
    with pytest.raises(forms.ValidationError) as caught:
        TextField(label="Navn", max_length=3).clean("Kari 😀")
    assert len(caught.value.messages) == 2


def test_the_first_person_and_the_command_refuse_it(ringerike: Agreement) -> None:
    with pytest.raises(forms.ValidationError, match="😀"):
        people.make_administrator(
            email="kari@eksempel.no",
            name="Kari 😀",
            password="granbar og morgendugg",
            organisation=Organisation.objects.get(key="3305"),
        )


def test_a_name_in_a_file_of_municipalities_is_refused_or_put_together() -> None:
    header = "municipality_number,name_norwegian,county_number,county_name\n"
    with pytest.raises(RefusedFileError, match="cannot be printed"):
        read(f"{header}7701,Elveby 😀,77,Fjelland\n".encode())
    (row, *_) = read(f"{header}7701,A\u030asvang,77,Fjelland\n".encode())
    assert row.name == "Åsvang"


def test_an_imported_text_is_stopped_by_the_check(ringerike: Agreement, as_: Any) -> None:
    """Importing loses nothing; before the agreement can be frozen somebody must choose other characters."""
    clause = ringerike.clauses.get(key="formaal")
    clause.text = "Formålet er godt 😀."
    clause.save()
    client: Client = as_("editor")
    shown = pages.text(client.get(f"/avtaler/{ringerike.slug}/kontroll/"))
    assert "Tegnet «😀» kan ikke skrives ut." in shown


def test_what_is_printed_all_the_same_is_printed_as_its_code() -> None:
    """The record has what was written when it was written: nothing is left out of it."""
    lines = long_documents.record_lines(1)
    lines[0] = long_documents.replace(lines[0], text="Punktet «😀\ue000» ble slettet")
    made = record_pdf("Avtale 中", "Elvebyregionen", lines)
    follows_both_standards(made)
    text = " ".join(PdfReader(io.BytesIO(made)).pages[0].extract_text().split())
    assert "Punktet «[U+1F600][U+E000]» ble slettet" in text
    assert "Avtale [U+4E2D]" in text


def test_nothing_else_is_touched() -> None:
    text = "Å\u00ad\u200dč – «x» \t\n é 1\u00a0234,50 <p class='a'>&amp;</p>"
    assert set_type(text) == characters.spelled_out(text) == text
