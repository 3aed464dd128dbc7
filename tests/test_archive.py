"""The archive package: everything is in it, the same state is the same bytes, and tampering is found."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agreements import archive, attachments, finals
from agreements.demo import one_line_pdf
from agreements.domain import canonical, chain, noark, package
from agreements.domain.guards import Outcome
from agreements.models import AccessLog, Agreement, ArchiveFacts, Version
from tests import final_files, inputs, pages, rounds
from tests.test_commands import Run, cannot, run

__all__ = ["run"]  # a fixture

As = Callable[[str], Client]
PAGE = "/avtaler/ringeriksregionen-2026/dokumenter/arkiv/"
PACKAGE = PAGE + "arkivpakke.zip"
FACTS = {"case_number": "2025/1234", "access_code": "", "legal_basis": ""}


@pytest.fixture
def version(ringerike: Agreement, monkeypatch: pytest.MonkeyPatch) -> Version:
    """Signed by all, with an open and a restricted attachment, an extract, and something internal."""
    final_files.quick(monkeypatch)
    inputs.for_permissions(ringerike)
    for title, code in (
        ("Næringsrådets ønsker, Å 2024", ""),
        ("Kontrakt", "offl. § 13 jf. fvl. § 13"),
    ):
        attachments.add_attachment(
            rounds.administrator(),
            ringerike,
            {"title": title, "kind": "other", "access_code": code},
            attachments.Upload("fil.pdf", one_line_pdf("closed" if code else "open")),
        )
    frozen = rounds.to_councils(ringerike, "https://avtaler.example")
    rounds.an_extract(ringerike, frozen)
    for key in rounds.DIRECTORS:
        if key != rounds.MODUM:
            rounds.resolve(ringerike, key, Outcome.ADOPTED)
    ringerike.refresh_from_db()
    finals.finalise(rounds.administrator(), ringerike, source=ringerike.status)
    ringerike.refresh_from_db()
    keys = final_files.everybody(frozen)
    final_files.sign(ringerike, frozen, keys[0])
    final_files.sign(ringerike, frozen, *keys)
    archive.describe(rounds.administrator(), ringerike, None, FACTS)
    return frozen


def made(agreement: Agreement, version: Version, *, restricted: bool = True) -> bytes:
    with archive.build(agreement, version, restricted=restricted) as file:
        return file.read()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def packed(files: dict[str, bytes]) -> bytes:
    """Lay the parts out as the program does."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as opened:
        for name in sorted(files):
            opened.writestr(package.entry(name), files[name])
    return out.getvalue()


def problems(content: bytes) -> tuple[str, ...]:
    return package.verify(io.BytesIO(content)).problems


def test_everything_is_in_the_package(ringerike: Agreement, version: Version) -> None:
    files = parts(made(ringerike, version))
    assert list(files) == [
        "LESMEG.txt",
        "avtale/avtale.pdf",
        "avtale/dokument.json",
        "avtale/signert-01.pdf",
        "avtale/signert-02.pdf",
        "behandling/saerutskrifter/01-3316.pdf",
        "behandling/svar.json",
        "behandling/vedtak.json",
        "hendelser/hendelser.csv",
        "hendelser/hendelser.json",
        "hendelser/hendelser.pdf",
        "manifest.json",
        "tabell/bidragstabell.csv",
        "tabell/bidragstabell.pdf",
        "tabell/bidragstabell.xlsx",
        *sorted(name for name in files if name.startswith("vedlegg/")),
    ]
    assert sum(name.startswith("vedlegg/") for name in files) == 3
    assert canonical.digest(files["avtale/dokument.json"]) == version.sha256
    assert files["avtale/avtale.pdf"] == bytes(final_files.final(version).content)
    decided = json.loads(files["behandling/vedtak.json"])
    assert {row["utfall"] for row in decided} == {"adopted"}
    modum = next(row for row in decided if row["organisasjon"] == "3316")
    assert modum["saerutskrifter"] == ["behandling/saerutskrifter/01-3316.pdf"]
    said = json.loads(files["behandling/svar.json"])[0]["svar"]
    hole = next(row for row in said if row["organisasjon"] == "3310")
    assert (hole["svar"], hole["begrunnelse"]) == (
        "negative",
        "Kommunen har ikke rom for utgiften.",
    )
    guide = files["LESMEG.txt"].decode()
    assert ringerike.title in guide
    assert version.sha256 in guide


def test_the_manifest_has_the_terms_of_noark(ringerike: Agreement, version: Version) -> None:
    archive.describe(
        rounds.administrator(),
        ringerike,
        1,
        FACTS | {"access_code": "UO", "legal_basis": "offl. § 23"},
    )
    files = parts(made(ringerike, version))
    manifest = json.loads(files["manifest.json"])
    folder, entry = manifest["mappe"], manifest["registrering"]
    assert (folder["tittel"], folder["mappeID"]) == (ringerike.title, "2025/1234")
    assert folder["arkivskaper"] == {
        "arkivskaperID": "3305",
        "arkivskaperNavn": "Ringerike kommune",
    }
    hidden = {"tilgangsrestriksjon": "UO", "skjermingshjemmel": "offl. § 23"}
    assert folder["skjerming"] == entry["skjerming"] == hidden
    assert {part["partID"] for part in folder["part"]} == set(final_files.everybody(version))
    assert entry["dokumentetsDato"]
    assert entry["signertDato"]
    described = {
        item["dokumentobjekt"]["referanseDokumentfil"]: item
        for item in manifest["dokumentbeskrivelse"]
    }
    assert described.keys() == files.keys() - {"manifest.json"}
    for name, item in described.items():
        about = item["dokumentobjekt"]
        assert about["sjekksum"] == hashlib.sha256(files[name]).hexdigest()
        assert about["filstoerrelse"] == len(files[name])
    assert described["avtale/avtale.pdf"]["tilknyttetRegistreringSom"] == "Hoveddokument"
    contract = next(item for item in described.values() if item["tittel"] == "Kontrakt")
    assert contract["skjerming"]["skjermingshjemmel"] == "offl. § 13 jf. fvl. § 13"


def test_an_attachment_is_named_in_norwegian_and_the_manifest_follows(
    ringerike: Agreement, version: Version
) -> None:
    files = parts(made(ringerike, version))
    (name,) = [path for path in files if path.endswith("-naeringsradets-onsker-a-2024.pdf")]
    items = json.loads(files["manifest.json"])["dokumentbeskrivelse"]
    (item,) = [one for one in items if one["tittel"] == "Næringsrådets ønsker, Å 2024"]
    assert item["dokumentobjekt"]["referanseDokumentfil"] == name
    assert item["systemID"] == noark.identity(ringerike.slug, version.number, name)
    assert len({one["systemID"] for one in items}) == len(items)
    assert problems(packed(files)) == ()


def test_the_same_state_is_the_same_bytes_and_a_change_is_others(
    ringerike: Agreement, version: Version
) -> None:
    first = made(ringerike, version)
    assert made(ringerike, version) == first
    archive.describe(rounds.administrator(), ringerike, 1, FACTS | {"case_number": "2025/9"})
    assert made(ringerike, version) != first


def test_making_one_changes_nothing_but_the_access_log(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    before = ringerike.events.count()
    answer = as_("administrator").get(PACKAGE)
    content = b"".join(answer)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Content-Length"] == str(len(content))
    assert "arkivpakke.zip" in answer["Content-Disposition"]
    assert problems(content) == ()
    assert ringerike.events.count() == before
    assert AccessLog.objects.filter(what="arkivpakke").count() == 1


def test_what_is_internal_and_what_is_kept_from_the_public_stays_so(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    """The administrator of the cast edits nothing, and opens no restricted attachment."""
    files = parts(b"".join(as_("administrator").get(PACKAGE)))
    assert sum(name.startswith("vedlegg/") for name in files) == 2
    manifest = json.loads(files["manifest.json"])
    (left,) = [item for item in manifest["dokumentbeskrivelse"] if item["utelatt"]]
    assert left["tittel"] == "Kontrakt"
    assert left["dokumentobjekt"]["sjekksum"]
    hidden = [line for line in json.loads(files[package.RECORD]) if line.get("internal")]
    assert hidden
    assert all(line.keys() == {"number", "previous_hash", "hash", "internal"} for line in hidden)
    report = package.verify(io.BytesIO(packed(files)))
    assert (report.problems, report.left_out) == ((), 1)
    assert report.hidden_events == len(hidden)
    assert "Vedlegg som er unntatt offentlighet" in pages.text(as_("administrator").get(PAGE))


def test_the_record_can_be_followed_without_this_program(
    ringerike: Agreement, version: Version
) -> None:
    files = parts(made(ringerike, version))
    rows = list(
        csv.reader(io.StringIO(files["hendelser/hendelser.csv"].decode("utf-8-sig")), delimiter=";")
    )
    lines = json.loads(files[package.RECORD])
    assert [row[-1] for row in rows[1:]] == [line["hash"] for line in lines]
    assert lines[0]["previous_hash"] == chain.START
    assert json.loads(files["manifest.json"])["avtale"]["sisteHendelse"] == lines[-1]["hash"]


# --- the command and the page --------------------------------------------------------------------


def test_the_command_says_whole_or_what_is_wrong(
    ringerike: Agreement, version: Version, run: Run, tmp_path: Path
) -> None:
    content = made(ringerike, version)
    file = final_files.kept(tmp_path / "arkiv.zip", content)
    newest = ringerike.events.order_by("-number").values_list("hash", flat=True)[0]
    digest = hashlib.sha256(content).hexdigest()
    good = run("verify_archive", file, "--last", newest, "--sha256", digest)
    assert (good.code, good.error) == (0, "")
    for word in (ringerike.title, version.sha256, newest, digest):
        assert word in good.out
    assert run("verify_archive", file, "--last", "0" * 64).code == 1
    assert run("verify_archive", file, "--sha256", "0" * 64).code == 1
    file.write_bytes(content.replace(b"ARKIVPAKKE", b"ARKIVPAKKA"))
    bad = run("verify_archive", file)
    assert (bad.code, bad.error) == (1, "")
    assert "LESMEG" in bad.out
    cannot(run("verify_archive", tmp_path / "finnes-ikke.zip"), "finnes-ikke.zip")
    cannot(run("verify_archive", tmp_path))


SAME = """
import sys, io, hashlib
from agreements.domain import package
report = package.verify(open(sys.argv[1], "rb"))
import zipfile
files = zipfile.ZipFile(sys.argv[1])
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
    for name in sorted(files.namelist()):
        made.writestr(package.entry(name), files.read(name))
print(hashlib.sha256(out.getvalue()).hexdigest(), len(report.problems), "django" in sys.modules)
"""


def test_another_process_day_and_locale_lays_it_out_alike_and_needs_no_database(
    ringerike: Agreement, version: Version, tmp_path: Path
) -> None:
    content = made(ringerike, version)
    file = final_files.kept(tmp_path / "arkiv.zip", content)
    environment = {"TZ": "Pacific/Auckland", "LANG": "C", "PATH": os.environ["PATH"]}
    ran = subprocess.run(
        [sys.executable, "-c", SAME, str(file)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert ran.stdout.split() == [hashlib.sha256(content).hexdigest(), "0", "False"]


def test_metadata_is_shown_to_be_copied_and_is_edited(
    ringerike: Agreement, version: Version, as_: As
) -> None:
    client = as_("administrator")
    said = pages.text(client.get(PAGE))
    for word in ("2025/1234", "arkivskaperNavn", "Ringerike kommune"):
        assert word in said
    form = pages.form(client.get(PAGE), "Lagre")
    changed = pages.changed(form, access_code="UO", legal_basis="offl. § 23 første ledd")
    assert client.post(PAGE, changed).status_code == 302
    assert "offl. § 23 første ledd" in pages.text(client.get(PAGE))
    event = ringerike.events.get(action="archive.described", data__has_key="access_code")
    assert event.data["access_code"] == ["", "UO"]
    stale = client.post(PAGE, pages.changed(form, case_number="1/1"))
    assert stale.status_code == 409
    assert "Lagret nå" in pages.text(stale)
    again = pages.form(stale, "Lagre")
    assert again["case_number"] == ["1/1"]
    assert client.post(PAGE, again).status_code == 302
    assert ArchiveFacts.objects.get().case_number == "1/1"


@pytest.mark.parametrize(
    ("values", "field"),
    [({"access_code": "UO"}, "legal_basis"), ({"legal_basis": "offl. § 23"}, "access_code")],
)
def test_a_restriction_has_a_basis(
    ringerike: Agreement, version: Version, as_: As, values: dict[str, str], field: str
) -> None:
    client = as_("administrator")
    answer = client.post(PAGE, pages.changed(pages.form(client.get(PAGE), "Lagre"), **values))
    assert answer.status_code == 422
    assert field in pages.complaints(answer)


def test_before_there_are_final_files_there_is_no_package(ringerike: Agreement, as_: As) -> None:
    client = as_("administrator")
    assert "Arkivpakken lages når" in pages.text(client.get(PAGE))
    assert client.get(PACKAGE).status_code == 404


def test_stored_bytes_that_are_not_as_they_were_stop_the_package(
    ringerike: Agreement, version: Version, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agreements.finals.read", lambda file: b"%PDF- rotten")
    answer = as_("administrator").get(PACKAGE)
    assert answer.status_code == 500
    assert "har en annen kontrollsum" in pages.text(answer)


def test_the_package_asks_as_little_of_a_long_record(
    ringerike: Agreement, version: Version
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            made(ringerike, version)
        return len(queries)

    made(ringerike, version)  # what is kept on the row is read once
    before = asked()
    for number in range(30):
        values = FACTS | {"case_number": f"2025/{number}"}
        archive.describe(rounds.administrator(), ringerike, number + 1, values)
    assert asked() == before
    assert before <= 40
