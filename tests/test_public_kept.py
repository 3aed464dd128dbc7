"""What a public version is held to when it is stored: the database's rules, and two people at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from agreements import creation, documents, public_versions, slugs, withholding
from agreements.domain import public_view
from agreements.domain.marks import MarkKind
from agreements.models import Agreement, PublicVersion, StoredFile, Withholding
from agreements.withholding import Marking, RefusedMarkError
from municipalities.models import Region
from tests import pages, public
from tests.test_public_version import PAGE, administrator, frozen

__all__ = ["administrator", "frozen"]  # fixtures


def test_the_database_keeps_what_is_made_as_it_is(frozen: Agreement) -> None:
    row = public.words(frozen, "Modum")
    public.made(frozen)
    changes: list[Callable[[], Any]] = [
        lambda: Withholding.objects.filter(pk=row.pk).delete(),
        lambda: Withholding.objects.filter(pk=row.pk).update(phrase="Hole"),
        lambda: PublicVersion.objects.update(title="En annen"),
        lambda: PublicVersion.objects.all()._raw_delete("default"),
    ]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_database_lets_a_mark_go_until_the_file_is_made_but_never_changes_it(
    frozen: Agreement,
) -> None:
    row = public.words(frozen, "Modum")
    with pytest.raises(DatabaseError), transaction.atomic():
        Withholding.objects.filter(pk=row.pk).update(phrase="Hole")
    assert row.delete()[0] == 1


def test_the_database_refuses_the_same_file_twice(frozen: Agreement) -> None:
    public.words(frozen, "Modum")
    file = public.made(frozen)
    again = StoredFile.objects.get(pk=file.pk)
    again.pk, again._state.adding = None, True
    with pytest.raises(DatabaseError, match="stored_file_public_once"), transaction.atomic():
        again.save()


@pytest.mark.parametrize(
    "columns",
    [
        {"kind": "phrase", "phrase": "Hole", "basis": ""},
        {"kind": "phrase", "phrase": "Hole", "basis": "other"},
        {"kind": "phrase", "phrase": "", "basis": "internal"},
        {"kind": "clause", "target": "", "basis": "internal"},
    ],
)
def test_the_database_wants_a_provision_and_something_withheld(
    frozen: Agreement, columns: dict[str, str]
) -> None:
    public.words(frozen, "Modum")
    with pytest.raises(DatabaseError), transaction.atomic():
        Withholding.objects.create(public_version=PublicVersion.objects.get(), **columns)


def test_nothing_is_made_of_what_the_person_has_not_seen(
    frozen: Agreement, administrator: Client
) -> None:
    public.words(frozen, "Modum")
    seen = pages.form(administrator.get(PAGE), "Lag offentlig versjon", PAGE + "lag/")
    public.words(frozen, "Hole")
    answer = administrator.post(PAGE + "lag/", seen)
    assert answer.status_code == 409
    assert "Siden er endret" in pages.text(answer)
    assert not StoredFile.objects.exists()


def test_a_mark_that_comes_while_the_file_is_made_stops_it(
    frozen: Agreement, monkeypatch: pytest.MonkeyPatch
) -> None:
    public.words(frozen, "Modum")
    printed = documents.public_pdf

    def slowly(view: public_view.View, issue: documents.Issue) -> bytes:
        public.words(frozen, "Hole")
        return printed(view, issue)

    monkeypatch.setattr(documents, "public_pdf", slowly)
    with pytest.raises(public_versions.MovedOnError):
        public.made(frozen)
    assert not StoredFile.objects.exists()


def test_a_name_of_a_file_says_nothing_that_is_withheld(frozen: Agreement) -> None:
    public.words(frozen, "Ringeriksregionen")
    assert public.made(frozen).file_name == "avtale-versjon-1-offentlig-1.pdf"


@pytest.mark.parametrize("name", ["Krødsherad", "KRØDSHERAD"])
def test_a_name_with_norwegian_letters_is_in_no_name_of_a_file_either(
    frozen: Agreement, administrator: Client, name: str
) -> None:
    region = Region(pk=frozen.region_id, name=name)
    public.words(frozen, name)
    Agreement.objects.filter(pk=frozen.pk).update(slug=creation.unused_slug(region, 2026))
    frozen.refresh_from_db()
    preview = administrator.get(f"/avtaler/{frozen.slug}/dokumenter/offentlig/utkast.pdf")
    assert 'filename="avtale-versjon-1-offentlig-utkast.pdf"' in preview["Content-Disposition"]
    assert public.made(frozen).file_name == "avtale-versjon-1-offentlig-1.pdf"


def test_no_letter_of_a_name_is_left_out_of_an_address() -> None:
    assert slugs.slug("Ærfugl, ÅS og Østre Sør-Bærum") == "aerfugl-as-og-ostre-sor-baerum"


def test_no_more_than_so_many_marks(frozen: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withholding, "MOST", 1)
    public.words(frozen, "Modum")
    with pytest.raises(RefusedMarkError, match="høyst 1 unntak"):
        public.words(frozen, "Hole")
    with pytest.raises(RefusedMarkError):
        public.mark(frozen, Marking(MarkKind.CLAUSE, "internal", target="formaal"))
