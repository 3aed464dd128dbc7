"""LibreOffice, as another program that opens what we write: many files in one run."""

from __future__ import annotations

import fcntl
import io
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from pypdf import PdfReader

SOFFICE = shutil.which("soffice")
needs_writer = pytest.mark.skipif(
    SOFFICE is None or shutil.which("lowriter") is None, reason="needs libreoffice-writer"
)
needs_calc = pytest.mark.skipif(
    SOFFICE is None or shutil.which("localc") is None, reason="needs libreoffice-calc"
)


def converted(files: Mapping[str, bytes], target: str, folder: Path) -> dict[str, bytes]:
    """Open each file and save it as the target («pdf»). By name, without the ending.

    Of several test processes one opens them, and the others wait for what it makes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "made"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _convert(files, target, folder, made)
            (folder / "done").touch()
    ending = target.partition(":")[0]
    stems = [Path(name).stem for name in files]
    return {stem: (made / f"{stem}.{ending}").read_bytes() for stem in stems}


def _convert(files: Mapping[str, bytes], target: str, folder: Path, made: Path) -> None:
    assert SOFFICE is not None
    given = folder / "given"
    given.mkdir()
    for name, content in files.items():
        (given / name).write_bytes(content)
    profile = (folder / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", target, "--outdir", str(made)]
    paths = [str(given / name) for name in files]
    subprocess.run([*command, *paths], check=True, capture_output=True, timeout=300)


def shared(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all test processes of this run have together."""
    own = factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / f"libreoffice-{name}"


def squeezed(text: str) -> str:
    """A text without spaces and with every letter by itself, whatever the font has joined."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def pages(content: bytes) -> list[str]:
    """The squeezed text of each page."""
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def running_text(found: list[str], header: str, stamp: str) -> str:
    """The text of all pages, without what stands over and under each; fails where that is not there."""
    kept = []
    for number, page in enumerate(found, start=1):
        foot = squeezed(f"{stamp} Side {number} av {len(found)}")
        assert page.count(foot) == 1, f"page {number} does not say {foot}: {page[-120:]}"
        rest = page.replace(foot, "")
        if number > 1:
            assert squeezed(header) in rest, f"page {number} is not headed {header}"
            rest = rest.replace(squeezed(header), "", 1)
        kept.append(rest)
    return "".join(kept)


def in_order(text: str, pieces: Iterable[str]) -> list[str]:
    """The pieces that are not in the text where they should be: each after the one before."""
    missing, place = [], 0
    for piece in map(squeezed, pieces):
        found = text.find(piece, place)
        if found < 0:
            missing.append(piece)
        else:
            place = found + len(piece)
    return missing


def outline(content: bytes) -> list[str]:
    """The titles of a PDF's outline in order, without their numbers."""

    def titles(items: Iterable[object]) -> Iterable[str]:
        for item in items:
            if isinstance(item, list):
                yield from titles(item)
            else:
                yield str(getattr(item, "title", ""))

    return [
        re.sub(r"^[0-9.]+\s+", "", title)
        for title in titles(PdfReader(io.BytesIO(content)).outline)
    ]
