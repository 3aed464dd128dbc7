"""A final file says what its Document says, word for word, from the front page to the last signature."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from agreements.documents import Kind
from agreements.documents.words import WORDS
from agreements.domain.document import Document, Language
from agreements.domain.resolve import plain_text, resolve
from municipalities import norwegian
from tests import builders, printed, structure
from tests.pdf_reading import needs_poppler
from tests.printed import ADDRESS, FILES, File

LANGUAGES = pytest.mark.parametrize("language", list(Language))


def final(language: Language) -> tuple[File, Document]:
    name = f"agreement-{Kind.FINAL}-{language}"
    return next(file for file in FILES if file.name == name), printed.in_language(language)


def expected(document: Document, pages: dict[str, int]) -> Iterator[str]:
    """All that the file says. `pages` are where the points begin, by key."""
    words, language = WORDS[document.language], document.language.value
    yield from (words.check, f"{ADDRESS}/sjekk/", f"{words.version} 2", document.title)
    yield from (words.region, document.region, words.period)
    yield norwegian.date_long(document.term_start, language)
    yield from (words.to, norwegian.date_long(document.term_end, language), words.parties)
    for party in document.parties:
        yield party.body.name
        yield behalf(party.on_behalf_of, document.language)
    yield words.contents
    for clause in resolve(document).clauses:
        yield f"{clause.number} {clause.heading} {pages[clause.key]}"
    yield f"{words.attachments} {pages['_attachments']} {words.signatures} {pages['_signatures']}"
    clauses = plain_text(resolve(document)).removeprefix(document.title)
    clauses, _ = re.split(rf"(?m)^{words.attachments}$", clauses)
    yield re.sub(r"(?m)^\s*((- |\d+\. )\s*)+", "", clauses).replace(" | ", " ")
    yield words.attachments
    for attachment in document.attachments:
        yield attachment.title
        if attachment.access_code:
            yield f"({words.restricted}: {attachment.access_code})"
    yield words.signatures
    for party in document.parties:
        yield party.body.name
        yield behalf(party.on_behalf_of, document.language)
        yield from (words.place_and_date, words.signature, words.name, party.signatory_name)
        yield from (words.title, party.signatory_title, words.mandate, party.mandate)


def behalf(bodies: tuple[builders.Body, ...], language: Language) -> str:
    if not bodies:
        return ""
    start = "på vegner av" if language is Language.NYNORSK else "på vegne av"
    return f"{start} {norwegian.join(sorted((b.name for b in bodies), key=norwegian.sort_key))}"


def begins(file: File) -> dict[str, int]:
    reader = printed.printed(file).reader
    found = {}
    for key, target in reader.named_destinations.items():
        page = reader.get_destination_page_number(target)
        assert page is not None
        found[key] = page + 1
    return found


def wanted(language: Language) -> list[str]:
    file, document = final(language)
    return " ".join(expected(document, begins(file))).split()


@needs_poppler
@LANGUAGES
def test_what_is_read_out_is_the_whole_document_word_for_word(language: Language) -> None:
    file, _ = final(language)
    said = structure.spoken(printed.printed(file).content).text(without=("Lbl",))
    assert said.split() == wanted(language)


@needs_poppler
@LANGUAGES
def test_what_is_copied_is_the_whole_document_word_for_word(language: Language) -> None:
    """The marks of lists are copied too, and what stands on every page; all else is as in the Document.

    Small numbers are left out: those of a list look like those of a page, which the contents have first.
    """
    file, document = final(language)
    made = printed.printed(file)
    told = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=made.content, capture_output=True, check=True
    ).stdout.decode()
    found: list[str] = []
    for sheet, text in enumerate(told.split("\f")):
        lines = [line.strip() for line in text.splitlines()]
        if sheet and document.title in lines:
            lines.remove(document.title)  # at the top of the page
        for line in lines:
            if not line.startswith(file.foot) and not re.fullmatch(r"Side \d+ av \d+", line):
                found += line.split()
    assert without_marks(found) == without_marks(wanted(language))


def without_marks(words: list[str]) -> list[str]:
    return [word for word in words if not re.fullmatch(r"[•◦▪]|\d{1,2}\.?", word)]
