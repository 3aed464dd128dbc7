"""The public version where it is met again: the open check, the archive package, and its verification."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import archive, finals, public_versions, signed_files, withholding
from agreements.domain import package
from agreements.models import Agreement, StoredFile, Version
from tests import final_files, pages, public, rounds

As = Callable[[str], Client]


@pytest.fixture
def version(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    """Final, with two public versions: the second withholds more."""
    cache.clear()
    final_files.quick(monkeypatch)
    found = final_files.finalised(ringerike, "https://avtaler.example")
    public.words(ringerike, "Ringeriksregionen")
    public.made(ringerike)
    withholding.begin(rounds.administrator(), ringerike, found)
    public.words(ringerike, "Modum", "internal")
    public.made(ringerike)
    return found


def files(version: Version) -> list[StoredFile]:
    return list(version.files.filter(kind="public").order_by("pk"))


def ask(client: Client, content: bytes) -> str:
    return pages.text(client.post("/sjekk/", {"file": SimpleUploadedFile("a.pdf", content)}))


def test_the_open_check_knows_it_and_tells_no_withheld_word(version: Version, as_: As) -> None:
    for file in files(version):
        said = ask(as_("nobody"), bytes(file.content))
        assert "Registrert" in said
        assert "Offentlig versjon" in said
        assert "unntatt offentlighet: offl. § 23 første ledd" in said  # in the title
        assert "Ringeriksregionen" not in said


@pytest.mark.parametrize("length", [64, 12])
def test_the_code_on_the_paper_leads_to_what_the_public_sees(
    version: Version, as_: As, length: int
) -> None:
    (_, newest) = public_versions.listed(version)
    with CaptureQueriesContext(connection) as queries:
        answer = as_("nobody").get(f"/sjekk/{newest.content_sha256[:length]}/")
    said = pages.text(answer)
    assert "Innholdet i den offentlige versjonen" in said
    assert "Ringeriksregionen" not in said
    assert len(queries) <= 3


def made(agreement: Agreement, version: Version) -> bytes:
    with archive.build(agreement, version, restricted=True) as file:
        return file.read()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_the_package_has_each_with_what_is_taken_out_and_by_which_provision(
    ringerike: Agreement, version: Version
) -> None:
    archive.describe(
        rounds.administrator(),
        ringerike,
        None,
        {"case_number": "2025/1", "access_code": "UO", "legal_basis": "offl. § 23"},
    )
    content = made(ringerike, version)
    there = parts(content)
    for number, file in enumerate(files(version), start=1):
        assert there[f"avtale/offentlig-{number:02}.pdf"] == bytes(file.content)
    manifest = json.loads(there["manifest.json"])
    described = {
        item["dokumentobjekt"]["referanseDokumentfil"]: item
        for item in manifest["dokumentbeskrivelse"]
    }
    item = described["avtale/offentlig-02.pdf"]
    hidden: dict[str, Any] = item["skjerming"]
    assert hidden["tilgangsrestriksjon"] == "Åpen"  # although the agreement as a whole is not
    assert hidden["skjermingDokument"] == "Skjerming av deler av dokumentet"
    assert hidden["skjermingshjemmel"] == "offl. § 23 første ledd; offl. § 14 første ledd"
    first, second = hidden["skjermet"]
    assert first["hva"] == "ord i teksten"
    assert (first["skjermingshjemmel"], second["skjermingshjemmel"]) == (
        "offl. § 23 første ledd",
        "offl. § 14 første ledd",
    )
    assert first["antallSteder"] > 0
    assert item["dokumentobjekt"]["variantformat"] == "Dokument hvor deler av innholdet er skjermet"
    assert "Ringeriksregionen" not in json.dumps(item, ensure_ascii=False)
    assert "offentlig-*.pdf" in there["LESMEG.txt"].decode()
    assert package.verify(io.BytesIO(content)).problems == ()


def test_a_public_version_that_the_record_does_not_tell_of_is_found(
    ringerike: Agreement, version: Version
) -> None:
    there = parts(made(ringerike, version))
    path = "avtale/offentlig-01.pdf"
    there[path] = other = bytes(files(version)[0].content) + b"%"
    manifest = json.loads(there["manifest.json"])
    for item in manifest["dokumentbeskrivelse"]:
        about = item["dokumentobjekt"]
        if about["referanseDokumentfil"] == path:
            about["sjekksum"] = hashlib.sha256(other).hexdigest()
            about["filstoerrelse"] = len(other)
    there["manifest.json"] = package.as_json(manifest)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as opened:
        for name in sorted(there):
            opened.writestr(package.entry(name), there[name])
    assert package.verify(out).problems == (
        f"{path} er ikke den filen som hendelsene forteller om.",
    )


def test_it_is_no_signed_file_and_no_other_final_file(
    ringerike: Agreement, version: Version
) -> None:
    assert "public" not in {file.kind for file in finals.listed(version)}
    sent = signed_files.Signed("signert.pdf", bytes(files(version)[0].content), (), confirmed=True)
    with pytest.raises(finals.RefusedError, match="Filen er offentlig versjon i versjon 1"):
        signed_files.add(rounds.administrator(), ringerike, sent)
