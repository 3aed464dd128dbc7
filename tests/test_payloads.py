"""Whatever somebody types: no file is read, no address is called, nothing goes on for ever.

Raw, as if the text had got through as markup, and typed in every field there is, where it is only words.
"""

from __future__ import annotations

import io
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from agreements import documents
from agreements.documents import engine, renderer, signers
from agreements.documents.agreement import agreement_html
from agreements.documents.contributions import contributions_html
from agreements.documents.errors import RenderingError
from agreements.documents.issue import Issue, Kind
from agreements.domain import canonical, markup
from agreements.domain.document import Attachment, AttachmentKind, Document
from tests import builders
from tests.markup import Page
from tests.payloads import ENDLESS, POSING, REACHING
from tests.workers import page

SECRET = "hemmelighet-9f2c"
_opened: list[str] = []
_watched: list[str] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched and event == "open" and str(arguments[0]).startswith(_watched[0]):
        _opened.append(str(arguments[0]))


sys.addaudithook(_watch)


class Canary:
    """A file that is never to be opened, and a server that is never to be called."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "kanari.svg"
        self.file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text>{SECRET}</text></svg>')
        self.called: list[str] = []
        called = self.called

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                called.append(self.path)
                self.send_error(404)

            def log_message(self, *given: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def fill(self, payload: str) -> str:
        """Put the two addresses into a payload."""
        address = f"http://127.0.0.1:{self.server.server_port}/kanari.svg"
        return payload.format(file=self.file.as_uri(), http=address)


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    made = Canary(tmp_path)
    _opened.clear()
    _watched.append(str(tmp_path))
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()
    _watched.clear()


def everything(made: bytes) -> str:
    """All that is in a file, unpacked, and its words."""
    reader = PdfReader(io.BytesIO(made))
    streams = b"".join(
        found.get_data()
        for number in range(1, int(reader.trailer["/Size"]))
        if hasattr(found := reader.get_object(number), "get_data")
    )
    words = " ".join(sheet.extract_text() for sheet in reader.pages)
    return words + streams.decode("latin-1") + made.decode("latin-1")


def test_the_canary_sings(canary: Canary) -> None:
    """A file that is opened and a server that is called would be noticed."""
    import urllib.request

    canary.file.read_text()
    with pytest.raises(OSError, match="404"):
        urllib.request.urlopen(canary.fill("{http}"))  # noqa: S310 - the server above
    assert (len(_opened), canary.called) == (1, ["/kanari.svg"])


@pytest.mark.parametrize("name", REACHING)
def test_raw_markup_reaches_no_file_and_no_address(name: str, canary: Canary) -> None:
    """By the engine alone, without the limits of the worker's process."""
    raw = page(f"{canary.fill(REACHING[name])}<p>Slutt</p>")
    for html in (raw, raw.replace("<body>", "").replace("</head>", "") + "</head>"):
        try:
            made = engine.write(html)
        except Exception:
            made = b""  # the worker makes a RenderingError of it: no file
        assert (_opened, canary.called) == ([], [])
        if made:
            assert SECRET not in everything(made)
            assert "/EmbeddedFile" not in everything(made)


def test_raw_markup_through_the_worker_is_a_file_or_an_error_and_reaches_nothing(
    canary: Canary,
) -> None:
    for payload in REACHING.values():
        try:
            assert SECRET not in everything(renderer.pdf(page(canary.fill(payload))))
        except RenderingError:
            assert renderer.pdf(page("<p>Den neste</p>")).startswith(b"%PDF-1.7")
    assert canary.called == []


@pytest.mark.parametrize("name", ENDLESS)
def test_what_would_take_for_ever_is_stopped_and_the_next_one_works(
    name: str, settings: Any
) -> None:
    renderer.pdf(page("<p>Varm</p>"))
    settings.PDF_TIME_LIMIT = 1
    settings.PDF_MEMORY_LIMIT = 600
    renderer.pdf(page("<p>Med mindre minne</p>"))
    begun = time.monotonic()
    with pytest.raises(RenderingError):
        renderer.pdf(page(ENDLESS[name]))
    assert time.monotonic() - begun < 30
    settings.PDF_TIME_LIMIT = 60
    assert renderer.pdf(page(f"<p>Etter {name}</p>")).startswith(b"%PDF-1.7")


# Typed

NOT_TYPED = {"key", "kind", "role", "status", "rounding", "county", "language", "sha256"}


def typed(value: Any, payload: Iterator[str]) -> Any:
    """The same with a payload after every string that a person may have typed."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return f"{value} {next(payload)}"
    if isinstance(value, tuple):
        return tuple(typed(each, payload) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                field.name: typed(getattr(value, field.name), payload)
                for field in fields(value)
                if field.init and field.name not in NOT_TYPED
            },
        )
    return value


@cache
def whole() -> Document:
    """A Document with something in every part."""
    document = builders.a_document()
    return replace(
        document,
        attachments=(Attachment("Vedlegg", AttachmentKind.OTHER, "Kode", "ab" * 32),),
        clauses=(*document.clauses, builders.a_clause("{{ tabell.bidrag }}", key="tabell-2")),
    )


def pages_of(document: Document) -> list[str]:
    """The page of the agreement, with fields, and that of its table."""
    issue = Issue(Kind.FINAL, 1, canonical.sha256(whole()), signature_fields=True)
    return [agreement_html(document, issue), contributions_html(document, issue)]


def elements(html: str) -> Counter[tuple[Any, ...]]:
    """How many there are of each element, with the attributes that do something.

    Without the mark of the program's own around a fact that does not exist.
    """
    return Counter(
        (node.name, node.get("id"), node.get("class"), node.get("style"), node.get("name"))
        for node in Page(html).nodes
        if (node.name, node.get("class")) != ("mark", "problem")
    )


@pytest.mark.parametrize("name", [*REACHING, *POSING])
def test_typed_in_every_field_it_makes_no_element(name: str) -> None:
    payload = (REACHING | POSING)[name].format(file="file:///etc/passwd", http="http://192.0.2.1/")
    harmless = pages_of(typed(whole(), cycle([re.sub(r"\S", "o", payload)])))
    hostile = pages_of(typed(whole(), cycle([payload])))
    for before, after in zip(harmless, hostile, strict=True):
        assert elements(after) == elements(before)
    assert hostile != harmless
    assert "&lt;" in hostile[0] or "<" not in payload


def test_typed_in_every_field_it_is_printed_as_words() -> None:
    """Every payload somewhere, every field with one, in the final file itself."""
    payloads = [
        payload.format(file="file:///etc/passwd", http="http://192.0.2.1/")
        for payload in (REACHING | POSING).values()
    ]
    document = typed(whole(), cycle(payloads))
    issue = Issue(Kind.FINAL, 1, canonical.sha256(whole()), signature_fields=True)
    made = documents.agreement_pdf(document, issue)
    reader = PdfReader(io.BytesIO(made))
    assert list(reader.get_fields() or {}) == signers.field_names(document)
    root: Any = reader.trailer["/Root"]
    assert "/EmbeddedFiles" not in root.get("/Names", {})
    assert "/AF" not in root
    for sheet in reader.pages:
        for note in sheet.get("/Annots", []):
            shown = note.get_object()
            assert shown["/Subtype"] in ("/Link", "/Widget")
            assert "/URI" not in shown.get("/A", {})  # to a place in the file, never out of it
    words = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in reader.pages))
    for clause in document.clauses:
        assert re.sub(r"\s", "", clause.heading) in words


# What the text itself may be


def depth(blocks: tuple[markup.Block, ...]) -> int:
    """How deep the lists are."""
    return max(
        (
            1 + max(map(depth, block.items), default=0)
            for block in blocks
            if isinstance(block, markup.ListBlock)
        ),
        default=0,
    )


@pytest.mark.parametrize("levels", [8, 9, 50, 300, 2000])
def test_lists_are_no_deeper_than_the_limit_and_lose_no_word(levels: int) -> None:
    text = "\n".join(f"{'  ' * level}- nivå{level}" for level in range(levels))
    blocks = markup.parse(text)
    assert depth(blocks) == min(levels, markup.MAX_DEPTH)
    said = "".join(getattr(part, "text", "") for part in markup.walk(blocks))
    assert all(f"nivå{level}" in said for level in range(levels))


def test_on_one_line_they_are_no_deeper_either() -> None:
    assert depth(markup.parse("- " * 20_000 + "x")) <= markup.MAX_DEPTH


def test_a_text_is_no_longer_than_the_limit_of_its_form() -> None:
    from agreements import forms
    from agreements.models import Clause
    from agreements.models.choices import CLAUSE_TEXT_LIMIT, HEADING_LIMIT

    assert forms.ClauseForm.base_fields["text"].max_length == CLAUSE_TEXT_LIMIT == 50_000
    assert forms.ClauseForm.base_fields["heading"].max_length == HEADING_LIMIT == 160
    assert Clause._meta.get_field("text").max_length == CLAUSE_TEXT_LIMIT


def test_the_heaviest_text_that_may_be_typed_is_stopped_too(settings: Any) -> None:
    clause = builders.a_clause("- x\n" * 12_500)
    document = builders.a_document(clauses=(clause,))
    renderer.pdf(page("<p>Varm</p>"))
    settings.PDF_TIME_LIMIT = 1
    with pytest.raises(RenderingError):
        documents.agreement_pdf(document, documents.draft(document))
    settings.PDF_TIME_LIMIT = 60
    assert renderer.pdf(page("<p>Etter det tyngste</p>")).startswith(b"%PDF-1.7")
