"""Eight fields signed one after the other, and every way of cheating with the file afterwards.

Eight take their time to look at, so each way is looked at once; tests/test_signature_fields.py has four.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pypdf import PdfReader, PdfWriter

from agreements import signed_files, signing, workflow
from agreements.documents import signers, verification
from agreements.models import Version
from tests import signing as pen
from tests import stress_documents
from tests.test_signature_fields import made

EIGHT = 8
DOCUMENT = stress_documents.with_parties(EIGHT)
FIELDS = signers.field_names(DOCUMENT)
KEYS = tuple(party.body.key for party in DOCUMENT.parties)


@cache
def revisions() -> tuple[bytes, ...]:
    """The file before anybody has signed, and after each of the eight; the first one certifies."""
    files = [made(EIGHT)]
    for order, field in enumerate(FIELDS):
        files.append(pen.sign(files[-1], field, f"Underskriver {order}", certifying=not order))
    return tuple(files)


def one_byte(whole: bytes) -> bytes:
    at = len(made(EIGHT)) // 2
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def written_anew(whole: bytes) -> bytes:
    out = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(whole))).write(out)
    return out.getvalue()


def added(change: Callable[[IncrementalPdfFileWriter], None]) -> Callable[[bytes], bytes]:
    """Somebody adds a revision of their own after the last signature."""

    def changed(whole: bytes) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(whole))
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return changed


def _first_page(writer: IncrementalPdfFileWriter) -> Any:
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    while "/Kids" in page:
        page = page["/Kids"][0].get_object()
    writer.update_container(page)
    return page


def page_content(writer: IncrementalPdfFileWriter) -> None:
    drawn = generic.StreamObject(stream_data=b"q 0 0 0 rg 100 400 300 40 re f Q")
    page = _first_page(writer)
    contents = page["/Contents"]
    before = list(contents) if isinstance(contents, list) else [page.raw_get("/Contents")]
    page["/Contents"] = generic.ArrayObject([*before, writer.add_object(drawn)])


def annotation(writer: IncrementalPdfFileWriter) -> None:
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(
                [generic.NumberObject(edge) for edge in (100, 400, 400, 440)]
            ),
            generic.pdf_name("/Contents"): generic.TextStringObject("16,50 kroner"),
        }
    )
    page = _first_page(writer)
    page["/Annots"] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])


def attachment_list(writer: IncrementalPdfFileWriter) -> None:
    spec = embed.FileSpec(
        "satser.csv",
        embedded_data=embed.EmbeddedFileObject.from_file_data(writer, b"16,50"),
    )
    embed.embed_file(writer, spec)


def new_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("sig-9999", on_page=0, box=(10, 10, 90, 40)))


ALL_FALL = {
    "one byte": one_byte,
    "written anew": written_anew,
    "page content": added(page_content),
    "annotation": added(annotation),
    "attachment list": added(attachment_list),
}


def test_eight_sign_after_each_other_and_all_hold() -> None:
    files = revisions()
    assert all(after.startswith(before) for before, after in itertools.pairwise(files))
    found = pen.statuses(files[-1])
    assert [status.bottom_line and status.trusted for status in found] == [True] * EIGHT


@pytest.mark.parametrize("way", ALL_FALL)
def test_a_change_of_the_file_lets_all_eight_signatures_fall(way: str) -> None:
    content = ALL_FALL[way](revisions()[-1])
    seen = verification.verify(content)
    assert [one.field for one in seen.signatures] == FIELDS
    assert [bool(one.problem) for one in seen.signatures] == [True] * EIGHT
    assert len(seen.problems) == EIGHT


@pytest.mark.parametrize("way", ["page content", "annotation", "attachment list"])
def test_only_the_look_at_the_signatures_finds_what_is_added(way: str) -> None:
    """The file begins as the stored one, and has signatures after it."""
    found = signing.inspect(made(EIGHT), ALL_FALL[way](revisions()[-1]), list(KEYS))
    assert (found.problems, found.foreign) == ((), False)


def test_a_field_more_lets_the_certifying_signature_fall_and_the_file_with_it() -> None:
    seen = verification.verify(added(new_field)(revisions()[-1]))
    assert len(seen.signatures) == EIGHT
    assert seen.signatures[0].problem
    assert seen.problems


def test_a_file_cut_back_to_its_third_revision_holds_and_lacks_five(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing in it is wrong: only who should have signed tells that it is not finished."""
    cut = revisions()[-1][: len(revisions()[3])]
    monkeypatch.setattr(workflow, "document_of", lambda version: DOCUMENT)
    found = signed_files.verify(Version(), cut)
    assert (found.signed, found.missing) == (KEYS[:3], KEYS[3:])
    assert (found.verified, found.foreign, found.problems) == (True, False, ())
    whole = signed_files.verify(Version(), revisions()[-1])
    assert (whole.signed, whole.missing) == (KEYS, ())
