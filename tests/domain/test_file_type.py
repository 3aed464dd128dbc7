"""What a file is, by its bytes: the four kinds are known, and what is not whole and plain is refused."""

from __future__ import annotations

import struct
import zlib
from itertools import repeat
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import active_pdf
from agreements.domain.file_type import MOST_BYTES, RefusedFileError, recognise
from tests.hostile_files import packed
from tests.office_files import (
    DOCX,
    DOCX_PARTS,
    GOOD,
    ODT,
    ODT_PARTS,
    ODT_TYPE,
    PDF,
    XLSX,
    package,
)


def test_each_kind_is_known() -> None:
    assert [recognise(content, name).ending for name, content in GOOD.items()] == [
        *("pdf", "docx", "xlsx", "odt"),
    ]


def _encrypted(content: bytes) -> bytes:
    """The zip with the bit that says a part is encrypted, in both places."""
    changed = bytearray(content)
    at = content.index(b"PK\x01\x02")
    changed[6] |= 1
    changed[at + 8] |= 1
    return bytes(changed)


def _lying(content: bytes) -> bytes:
    """The zip with a first part that unpacks to more than it says."""
    changed = bytearray(content)
    at = content.index(b"PK\x01\x02")
    changed[at + 24 : at + 28] = struct.pack("<I", 1)
    return bytes(changed)


MACROS = {**DOCX_PARTS, "word/vbaProject.bin": b"x"}
BOMB = package({**DOCX_PARTS, "word/media/0.bin": b"\0" * (201 * 1024 * 1024)})
REFUSED = [
    ("a.pdf", b"", "tom"),
    ("a.pdf", b"\0\n\0", "tom"),
    ("a.pdf", b"x" * (MOST_BYTES + 1), "større enn 20 MB"),
    ("a", PDF, "PDF, DOCX, XLSX eller ODT"),
    ("a.exe", PDF, "PDF, DOCX, XLSX eller ODT"),
    ("a.html", b"<html>", "PDF, DOCX, XLSX eller ODT"),
    ("a.docm", DOCX, "makroer"),
    ("a.xlsm", XLSX, "makroer"),
    ("a.doc", b"x", "gammelt Word-format"),
    ("a.pdf", b"<html>" + PDF, "innholdet er noe annet"),
    ("a.pdf", DOCX, "innholdet er noe annet"),
    ("a.docx", PDF, "innholdet er noe annet"),
    ("a.docx", XLSX, "innholdet er noe annet"),
    ("a.xlsx", DOCX, "innholdet er noe annet"),
    ("a.odt", DOCX, "innholdet er noe annet"),
    ("a.docx", package({"a.txt": "x"}), "innholdet er noe annet"),
    ("a.pdf", PDF[:200], "skadet"),
    ("a.docx", DOCX[:-30], "skadet"),
    ("a.docx", _lying(DOCX), "skadet"),
    ("a.docx", package({**DOCX_PARTS, "../../x": "x"}), "skadet"),
    ("a.pdf", PDF + DOCX, "to slags"),
    ("a.pdf", PDF + b"<script>", "to slags"),
    ("a.docx", DOCX + b"x", "to slags"),
    ("a.docx", DOCX + PDF, "to slags"),
    ("a.pdf", PDF.replace(b"/Root", b"/Encrypt 9 0 R/Root"), "kryptert"),
    ("a.docx", _encrypted(DOCX), "kryptert"),
    ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "passord"),
    (
        "a.odt",
        package({**ODT_PARTS, "META-INF/manifest.xml": "<encryption-data/>"}, first=ODT_TYPE),
        "kryptert",
    ),
    ("a.pdf", PDF.replace(b"/Root", b"/OpenAction<</S/JavaScript>>/Root"), "skript"),
    ("a.pdf", PDF.replace(b"/Root", b"/EmbeddedFiles 9 0 R/Root"), "skript"),
    ("a.docx", package(MACROS), "makroer"),
    (
        "a.docx",
        package({**DOCX_PARTS, "[Content_Types].xml": "wordprocessingml.macroEnabled.main+xml"}),
        "makroer",
    ),
    ("a.odt", package({**ODT_PARTS, "Basic/Standard/x.xml": "x"}, first=ODT_TYPE), "makroer"),
    ("a.docx", BOMB, "mer enn 200 MB"),
]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    REFUSED,
    ids=[f"{r[0]}-{r[2]}-{i}" for i, r in enumerate(REFUSED)],
)
def test_what_is_not_whole_and_plain_is_refused_and_told_why(
    name: str, content: bytes, message: str
) -> None:
    with pytest.raises(RefusedFileError, match=message) as refused:
        recognise(content, name)
    assert refused.value.__cause__ is None


@given(
    st.sampled_from(sorted(GOOD)),
    st.integers(0, 4000),
    st.binary(max_size=40),
    st.sampled_from(["put in", "written over", "cut"]),
)
def test_damaged_files_are_known_or_refused_but_never_crash(
    name: str, place: int, noise: bytes, how: str
) -> None:
    content = GOOD[name]
    place %= len(content)
    rest = {"put in": place, "written over": place + len(noise), "cut": len(content)}[how]
    try:
        known = recognise(content[:place] + noise + content[rest:], name)
    except RefusedFileError:
        return
    assert known.ending == name.lower()[2:]


@pytest.mark.parametrize("content", [ODT, DOCX])
def test_a_name_may_be_anything(content: bytes) -> None:
    for name in ("", ".", "..", "a.b.c", "\0.pdf", "../../etc/passwd", "å" * 500):
        with pytest.raises(RefusedFileError):
            recognise(content, name)


class Counted(bytes):
    """Bytes that count how many of them are cut out or looked through."""

    read = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self.read += len(found) if isinstance(at, slice) else 1
        return found

    def find(self, *asked: Any) -> int:
        found = super().find(*asked)
        self.read += (found if found >= 0 else len(self)) - asked[1]
        return found


HEAD = b"9 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\n"
ONE = zlib.compress(b"1 0 <<>>")


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (b"".join(repeat(packed(b"1 0 <<>>"), 2_000)), True),
        (b"".join(repeat(HEAD + ONE, 2_000)), False),
        (b"".join(repeat(HEAD + ONE, 2_000)) + b"endstream", False),
        (b"stream\n" * 20_000, True),
        (b"stream " + b" " * 100_000, True),
    ],
    ids=["one by one", "without an end", "of one end", "empty", "spaces"],
)
def test_no_part_of_a_pdf_is_read_again_and_again(content: bytes, whole: bool) -> None:
    """A file of a few megabytes would keep a process busy for minutes."""
    counted = Counted(content)
    try:
        assert not active_pdf.does(counted, active_pdf.SCRIPTS)
        assert whole
    except active_pdf.TooIntricateError:
        assert not whole
    assert counted.read <= 3 * len(content)
