"""Word files that are no agreement, or that somebody has made to do harm: refused in plain words."""

from __future__ import annotations

import io
import random
import time
import zipfile
from contextlib import suppress

import pytest

from agreements.importing.docx import read
from agreements.importing.result import UnreadableAgreementError
from agreements.importing.word import archive
from tests import word_files as w

GOOD = w.package(w.h1("Formål") + w.para("Vi samarbeider.") + w.h1("Mer") + w.para("Tekst."))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
BODY = w.h1("Formål") + w.para("Tekst.")


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableAgreementError) as refused:
        read(data)
    return str(refused.value)


def doctype(text: str) -> bytes:
    """The good file with an XML declaration that does more."""
    plain = f"<w:document {w.SPACES}><w:body>{BODY}</w:body></w:document>"
    return w.package(BODY, extra={"word/document.xml": text + plain})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "tom"),
        (b"hei", "ikke et Word-dokument"),
        (OLE + "WordDocument".encode("utf-16-le"), "eldre format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "passord"),
        (OLE, "Lagre den som .docx"),
        (b"{\\rtf1 hei}", "RTF"),
        (b"PK\x03\x04" + bytes(40), "skadet"),
        (w.zipped({"a.txt": "hei"}), "zip"),
        (w.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "OpenDocument"),
        (
            w.package(BODY, main_type="application/vnd.ms-word.document.macroEnabled.main+xml"),
            "makro",
        ),
        (w.package(BODY, extra={"word/vbaProject.bin": "x"}), "makro"),
        (w.package(BODY, main_type="x.spreadsheetml.sheet.main+xml"), "regneark"),
        (w.package(BODY, main_type="text/plain"), "ikke et Word-dokument"),
        (w.package("<w:p>"), "skadet"),
        (bytes(archive.MAX_BYTES + 1), "10 MB"),
    ],
    # A zip holds the time it was made, and two workers must give a test the same name.
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_what_is_wrong_is_named(data: bytes, words: str) -> None:
    assert words in refusal(data)


ENTITY = '<!DOCTYPE x [<!ENTITY a "{}">]>'


@pytest.mark.parametrize(
    "declared",
    [
        ENTITY.format("ha" * 10),
        '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://127.0.0.1/">%a;]>',
    ],
)
def test_a_document_type_is_refused(declared: str) -> None:
    assert "skadet" in refusal(doctype(declared))


def test_a_document_type_in_utf_16_is_refused() -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?>{ENTITY.format("x")}<a>&a;</a>'
    with pytest.raises(UnreadableAgreementError):
        archive.parse(text.encode("utf-16"))


def test_other_encodings_are_refused() -> None:
    with pytest.raises(UnreadableAgreementError):
        archive.parse(b'<?xml version="1.0" encoding="KOI8-R"?><a/>')


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    started = time.process_time()
    for bomb in (
        w.package(BODY, extra={"word/media/a.bin": "0" * 40_000_000}),
        w.package(BODY + "<w:p/>" * (archive.MAX_TAGS + 1)),
        w.package("<w:p>" + "<w:r/>" * (archive.MAX_TAGS + 1) + "</w:p>"),
        w.package(f"{BODY}<!--{' ' * (archive.MAX_TEXT + 1)}-->"),
        w.package(BODY, extra={f"word/media/{n}": "x" for n in range(archive.MAX_ENTRIES)}),
    ):
        assert "mye mer enn en avtale" in refusal(bomb)
    assert time.process_time() - started < 10


def test_text_beyond_any_agreement_is_refused() -> None:
    assert "mye mer enn en avtale" in refusal(w.package(BODY + w.para("ord " * 600_000)))


def test_elements_nested_without_end_are_refused() -> None:
    deep = "<w:sdt><w:sdtContent>" * 5000 + w.para("x") + "</w:sdtContent></w:sdt>" * 5000
    assert "skadet" in refusal(w.package(BODY + deep))


def test_elements_nested_as_deep_as_the_parser_takes_are_read() -> None:
    deep = "<w:smartTag>" * 240 + w.run("dypt") + "</w:smartTag>" * 240
    assert read(w.package(BODY + w.para(deep))).clauses[0].text == "Tekst.\n\ndypt"


def test_two_parts_of_one_name_are_refused() -> None:
    file = io.BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as zipped:
        zipped.writestr("word/document.xml", "<x/>")
    assert "skadet" in refusal(file.getvalue())


def test_names_that_lead_elsewhere_lead_nowhere() -> None:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="a" Type="{w.RELATION}comments" Target="../../../etc/passwd"/>'
        f'<Relationship Id="b" Type="{w.RELATION}styles" Target="http://127.0.0.1/" '
        'TargetMode="External"/></Relationships>'
    )
    files = w.package(BODY, extra={"word/_rels/document.xml.rels": relations})
    assert "Fant ingen punkter" in refusal(files)  # without its styles the file has no headings


def test_lists_and_styles_in_rings_end() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="a"/><w:basedOn w:val="B"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="B"><w:name w:val="heading 1"/><w:basedOn w:val="A"/>'
        "</w:style>"
    )
    assert read(w.package(w.para("En", "A") + w.para("Tekst"), styles=styles)).clauses


def test_files_damaged_at_random_are_read_or_refused() -> None:
    chance = random.Random(1)  # noqa: S311 -- no secret
    for _ in range(100):
        damaged = bytearray(GOOD)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(UnreadableAgreementError):
            read(bytes(damaged))
        with suppress(UnreadableAgreementError):
            read(GOOD[: chance.randrange(len(GOOD))])


def test_xml_changed_at_random_is_read_or_refused() -> None:
    chance = random.Random(2)  # noqa: S311 -- no secret
    body = (
        w.h1("Formål")
        + w.numbered("a", 1)
        + w.para(w.ins("b") + w.deleted("c"))
        + w.table(["d", "1"])
    )
    bits = body.split("<")
    for _ in range(150):
        mixed = bits[:]
        for _ in range(chance.randrange(1, 4)):
            mixed[chance.randrange(1, len(mixed))] = chance.choice(bits)
        with suppress(UnreadableAgreementError):
            read(w.package(BODY + "<".join(mixed), numbering=w.lists(w.DECIMALS)))


def test_a_large_file_is_read_in_time_in_proportion() -> None:
    many = "".join(w.para(w.run("ord ") + w.ins("nytt ")) for _ in range(1000))
    started = time.process_time()
    found = read(w.package(BODY + many))
    assert len(found.suggestions) == 1
    assert time.process_time() - started < 20
