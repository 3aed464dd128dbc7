"""An archive package that somebody has tampered with, or that is none: every change is found."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest

from agreements.domain import package
from agreements.models import Agreement, Version
from tests.test_archive import made, packed, parts, problems, version

__all__ = ["version"]  # a fixture


def retold(files: dict[str, bytes], name: str, content: bytes) -> dict[str, bytes]:
    """Change a part and its line in the manifest, as somebody would who knows of hashes."""
    manifest = json.loads(files["manifest.json"])
    for item in manifest["dokumentbeskrivelse"]:
        about = item["dokumentobjekt"]
        if about["referanseDokumentfil"] == name:
            about |= {
                "sjekksum": hashlib.sha256(content).hexdigest(),
                "filstoerrelse": len(content),
            }
    return files | {name: content, "manifest.json": package.as_json(manifest)}


def test_each_part_that_is_changed_is_found(ringerike: Agreement, version: Version) -> None:
    files = parts(made(ringerike, version))
    assert problems(packed(files)) == ()
    for name in files.keys() - {"manifest.json"}:
        found = problems(packed(files | {name: files[name] + b" "}))
        assert any(name in problem for problem in found), name
        missing = {other: content for other, content in files.items() if other != name}
        assert any(name in problem for problem in problems(packed(missing))), name


@pytest.mark.parametrize(
    "name", ["avtale/avtale.pdf", "avtale/signert-02.pdf", "avtale/dokument.json"]
)
def test_a_changed_file_is_found_also_where_the_manifest_was_changed_too(
    ringerike: Agreement, version: Version, name: str
) -> None:
    files = parts(made(ringerike, version))
    assert problems(packed(retold(files, name, files[name] + b" ")))


def test_a_changed_attachment_is_not_that_of_the_agreement(
    ringerike: Agreement, version: Version
) -> None:
    files = parts(made(ringerike, version))
    name = next(name for name in files if "kontrakt" in name)
    found = problems(packed(retold(files, name, b"%PDF- other")))
    assert found == ("Vedlegget «Kontrakt» er et annet enn det avtalen viser til.",)


@pytest.mark.parametrize(
    ("place", "change"),
    [(3, {"actor": 9999}), (3, {"at": "2020-01-01"}), (3, {"data": {}}), (0, {"number": 2})],
)
def test_a_changed_event_is_found(
    ringerike: Agreement, version: Version, place: int, change: dict[str, Any]
) -> None:
    files = parts(made(ringerike, version))
    lines = json.loads(files[package.RECORD])
    assert not lines[place].get("internal")
    lines[place] |= change
    assert problems(packed(retold(files, package.RECORD, package.as_json(lines))))


@pytest.mark.parametrize("cut", [0, 4, -1])
def test_an_event_that_is_gone_is_found(ringerike: Agreement, version: Version, cut: int) -> None:
    files = parts(made(ringerike, version))
    lines = json.loads(files[package.RECORD])
    del lines[cut]
    assert problems(packed(retold(files, package.RECORD, package.as_json(lines))))


def test_what_is_put_in_between_before_or_after_is_found(
    ringerike: Agreement, version: Version
) -> None:
    content = made(ringerike, version)
    files = parts(content)
    assert problems(packed(files | {"nytt.txt": b"x"})) == ("nytt.txt står ikke i manifestet.",)
    assert problems(content + b"x")
    assert problems(b"x" + content)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.comment = b"skjult"
        for name in sorted(files):
            opened.writestr(package.entry(name), files[name])
    assert problems(out.getvalue())
    twice = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(twice, "a") as opened:
        opened.writestr(package.entry("avtale/avtale.pdf"), b"%PDF- other")
    assert problems(twice.getvalue())
    for compressed in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", compressed) as opened:
            for name in sorted(files):
                opened.writestr(name, files[name])
        assert problems(out.getvalue())


def test_any_flipped_byte_of_the_whole_file_is_found(
    ringerike: Agreement, version: Version
) -> None:
    content = made(ringerike, version)
    digest = hashlib.sha256(content).hexdigest()
    unseen = 0
    for place in range(0, len(content), max(1, len(content) // 400)):
        changed = bytearray(content)
        changed[place] ^= 0x41
        assert hashlib.sha256(bytes(changed)).hexdigest() != digest
        unseen += not problems(bytes(changed))
    # Only the heads of the parts have bytes that say nothing: their times and the version of zip.
    assert unseen <= 4, unseen


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK",
        b"%PDF-1.7",
        b"PK\x05\x06" + b"\0" * 18,
        packed({"manifest.json": b"{}"}),
        packed({"manifest.json": b"["}),
        packed({"manifest.json": b"null"}),
        packed({"manifest.json": b'"' + b"[" * 100_000}),
        packed({"manifest.json": b"[" * 100_000}),
        packed({"manifest.json": b"\xff"}),
        packed({"annet.txt": b"x"}),
    ],
)
def test_what_is_no_package_is_a_problem_and_never_an_error(content: bytes) -> None:
    assert problems(content)
