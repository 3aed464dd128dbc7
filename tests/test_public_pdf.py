"""The public version as a file: nothing that is withheld is in it, wherever one looks."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ByteStringObject, StreamObject, TextStringObject

from agreements import documents, public_versions
from agreements.documents import file_facts, gate
from agreements.documents.public import public_html
from agreements.domain import canonical, public_view, redaction
from agreements.domain.document import Document, Language
from agreements.domain.marks import Mark, MarkKind, targets
from agreements.domain.public_view import View
from agreements.models import Agreement, StoredFile
from tests import public, rounds, stress_documents
from tests.domain.nynorsk import bokmal_only
from tests.domain.test_redaction import bought
from tests.model_agreement import agreement, in_nynorsk
from tests.pdf_reading import needs_poppler

BASIS = "offl. § 23 første ledd"
PERSONAL = "offl. § 13 første ledd, jf. fvl. § 13 første ledd nr. 1"
MARKS = (
    Mark(MarkKind.PHRASE, BASIS, phrase="Elvebyregionen"),  # in the title, the region, the text
    Mark(MarkKind.PHRASE, BASIS, phrase="Fjelland fylkeskommune"),
    Mark(MarkKind.CLAUSE, "offl. § 14 første ledd", "tvister", with_heading=True),
    Mark(MarkKind.SIGNATORY, PERSONAL, "7701"),
    Mark(MarkKind.ROW, BASIS, "7702", with_sums=True),
    Mark(MarkKind.SERVICE, BASIS, "mentor/7702"),
    Mark(MarkKind.ATTACHMENT, BASIS, "1"),
)
GONE = (
    *("Elvebyregionen", "Fjelland fylkeskommune", "Tvister", "tvister", "Uenighet", "tingretten"),
    *("Jonas", "Lie Moen", "vedtak i kommunestyrene", "74 781,00", "77 847,02", "81 038,75"),
    *("663 168,00", "767 856,00", "731 869,50", "10 000,00", "Nilsen"),
)
KEYS = ("7701", "7702", "sig-")  # in strings: figures of that sort are all over the drawings
STAYS = (
    "Myrvang kommune",
    "Ingrid Berg",
    "315 052,50",
    "104 688,00",
    "Evaluering",
    BASIS,
    PERSONAL,
)


@cache
def view() -> View:
    return redaction.redact(bought(), MARKS)


def issue(seen: View, kind: documents.Kind = documents.Kind.PUBLIC) -> documents.Issue:
    return documents.Issue(kind, 2, public_view.sha256(seen), "https://avtaler.example")


@cache
def content() -> bytes:
    return documents.public_pdf(view(), issue(view()))


def read() -> PdfReader:
    return PdfReader(io.BytesIO(content()))


def spaced(text: str) -> str:
    return " ".join(text.split())


def strings(reader: PdfReader, *, streams: bool = True) -> Iterator[str]:
    """Every string in every object of the file: titles, names, structure, alternative texts."""
    for number in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        yield from _inside(reader.get_object(number), streams)


def _inside(value: Any, streams: bool) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _inside(item, streams)
        if streams and isinstance(value, StreamObject):
            yield value.get_data().decode("latin-1")
            yield value.get_data().decode("utf-8", "ignore")
    elif isinstance(value, list):
        for item in value:
            yield from _inside(item, streams)
    elif isinstance(value, bytes | ByteStringObject):
        yield value.decode("latin-1")
        yield value.decode("utf-16-be", "ignore")
    elif isinstance(value, str | TextStringObject):
        yield str(value)


def found_in(text: str) -> list[str]:
    """What is withheld and is in a text all the same."""
    said = spaced(text)
    return [gone for gone in GONE if gone in said]


def test_it_is_archivable_accessible_and_has_no_fields() -> None:
    assert gate.problems(content()) == []
    facts = file_facts.read(content())
    assert facts.signature_fields == ()
    assert facts.attachments == 0
    assert "/AcroForm" not in read().trailer["/Root"]


def test_nothing_withheld_is_in_the_text_and_the_rest_is() -> None:
    said = spaced("".join(page.extract_text() + " " for page in read().pages))
    assert found_in(said) == []
    for stays in STAYS:
        assert stays in said, stays
    whole = redaction.redact(bought(), [])
    everything = spaced(re.sub("<[^>]*>", " ", public_html(whole, issue(whole))))
    for gone in GONE:
        # What we look for would be there. A key is in no text, and is looked for in the objects.
        assert gone in everything or gone == "tvister", gone


@needs_poppler
@pytest.mark.parametrize(
    "command",
    [
        ["pdftotext", "-layout", "{}", "-"],
        ["pdftotext", "-raw", "{}", "-"],
        ["pdfinfo", "-struct-text", "{}"],
        ["pdfinfo", "-meta", "{}"],
        ["pdfinfo", "-dests", "{}"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_no_program_gets_anything_withheld_out_of_it(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "offentlig.pdf"
    file.write_bytes(content())
    said = subprocess.run(
        [part.format(file) for part in command], capture_output=True, check=True, text=True
    ).stdout
    assert said.strip()
    assert found_in(said) == []


def test_nothing_withheld_is_in_any_object_title_name_or_stream() -> None:
    seen = list(strings(read()))
    assert len(seen) > 1000
    for text in seen:
        assert found_in(text) == [], text[:200]
    named = list(strings(read(), streams=False))
    assert not [text for text in named for key in KEYS if key in text]
    assert any("Unntatt opplysninger" in text for text in named)  # such strings would be found
    title = spaced(str(read().metadata.title))
    assert title.startswith("Samarbeidsavtale om etablerertjenesten i [unntatt offentlighet: ")
    assert found_in(content().decode("latin-1")) == []


def test_the_outline_has_marks_for_headings_that_are_withheld() -> None:
    def titles(items: Any) -> Iterator[str]:
        for item in items:
            if isinstance(item, list):
                yield from titles(item)
            else:
                yield spaced(str(item.title))

    found = list(titles(read().outline))
    assert "8 [unntatt offentlighet: offl. § 14 første ledd]" in found
    assert found[-1] == "Unntatt opplysninger"
    assert not any(found_in(title) for title in found)


def test_it_says_what_it_is_of_which_version_and_what_is_withheld_by_which_provision() -> None:
    pages = [spaced(page.extract_text()) for page in read().pages]
    assert "Offentlig versjon. Deler er unntatt offentlighet." in pages[0]
    start = public_view.sha256(view())[:12]
    for number, text in enumerate(pages, start=1):
        foot = f"Offentlig versjon av versjon 2 · innhold {start} Side {number} av {len(pages)}"
        assert text.endswith(foot), text[-200:]
    listed = spaced(" ".join(pages)).rpartition("Unntatt opplysninger")[2]
    for one in view().withheld:
        assert f"{one.basis} {one.places}" in listed
    assert canonical.sha256(bought())[:12] not in " ".join(pages)


def test_the_same_view_is_the_same_bytes() -> None:
    assert documents.public_pdf(view(), issue(view())) == content()


def test_a_preview_is_marked_as_a_draft_on_every_page() -> None:
    shown = documents.public_pdf(view(), issue(view(), documents.Kind.PUBLIC_PREVIEW))
    assert gate.problems(shown) == []
    html = public_html(view(), issue(view(), documents.Kind.PUBLIC_PREVIEW))
    assert '<body class="draft"' in html
    for page in PdfReader(io.BytesIO(shown)).pages:
        assert "Utkast til offentlig versjon av versjon 2" in spaced(page.extract_text())


def test_in_nynorsk_every_word_of_the_program_is_nynorsk() -> None:
    document = in_nynorsk(agreement())
    document = replace(
        document,
        parties=tuple(
            replace(party, signatory_title="ordførar", mandate="Sak 3/26")
            for party in document.parties
        ),
    )
    first = document.clauses[0].key
    marks = [Mark(MarkKind.CLAUSE, BASIS, first), *_one_of_each(document)]
    seen = redaction.redact(document, marks)
    html = public_html(seen, issue(seen))
    assert "Offentleg versjon. Delar er unnatekne offentlegheit." in html
    assert "[unnateke offentlegheit: offl. §" in html
    attributes = " ".join(re.findall(r'data-(?:stamp|title|page|of)="([^"]*)"', html))
    assert bokmal_only(f"{re.sub('<[^>]*>', ' ', html)} {attributes}") == []


def _one_of_each(document: Document) -> list[Mark]:
    first = {target.kind: target for target in reversed(targets(document))}
    return [Mark(kind, BASIS, target.key) for kind, target in first.items()]


STRESS = stress_documents.stress()


@pytest.mark.parametrize("name", sorted(STRESS))
def test_any_agreement_with_anything_withheld_follows_the_standards(name: str) -> None:
    document = STRESS[name]
    seen = redaction.redact(
        document, [*_one_of_each(document), Mark(MarkKind.PHRASE, PERSONAL, phrase="og")]
    )
    made = documents.public_pdf(seen, issue(seen))
    assert gate.problems(made) == []
    assert len(PdfReader(io.BytesIO(made)).pages) > 1


def test_the_stored_file_is_made_through_the_gate(ringerike: Agreement) -> None:
    version = rounds.freeze(ringerike, base_address="https://avtaler.example")
    public.words(ringerike, "Ringerike kommune")
    file = public.made(ringerike)
    stored = bytes(StoredFile.objects.get(pk=file.pk).content)
    assert gate.problems(stored) == []
    text = spaced("".join(page.extract_text() for page in PdfReader(io.BytesIO(stored)).pages))
    assert "Ringerike kommune" not in text
    assert "Offentlig versjon av versjon 1" in text
    assert version.sha256[:12] not in text
    assert stored == documents.public_pdf(
        public.work(ringerike).view(),
        public_versions.issue_of(public.work(ringerike), public.work(ringerike).view()),
    )


def test_both_languages_have_every_word() -> None:
    from agreements.documents.words import WORDS

    for language in Language:
        assert WORDS[language].withheld_kinds.keys() == set(MarkKind)
