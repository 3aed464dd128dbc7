"""That letters and signs come out as themselves: each is drawn alone, and its picture is looked at."""

from __future__ import annotations

import hashlib
import io
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageChops
from pypdf import PdfReader

from agreements.documents import engine, renderer
from municipalities import characters
from tests.pdf_reading import needs_poppler

SAMI = "áčđŋšŧžÁČĐŊŠŦŽïÏâÂåÅäÄöÖǥǤǧǦǩǨʒƷǯǮõÕ"
NORWEGIAN = "æøåÆØÅéèêëòóôàüÉÈÊËÒÓÔÀÜ"
SIGNS = "-‐‑–—−«»“”„‘’‚…·•§×½¼²³°%‰€£±≈≤≥/"
ALL = list(dict.fromkeys(SAMI + NORWEGIAN + SIGNS))
# Drawn alike on purpose: a hyphen that a line may be broken at, and one that it may not.
ALIKE = {"-", "‐", "‑"}


def drawn() -> bytes:
    """Each character alone on a page, large."""
    pages = "".join(
        f'<p style="break-after:page;font-size:120pt;line-height:1.2;margin:0">{character}</p>'
        for character in ALL
    )
    return renderer.pdf(
        f'<!doctype html><html lang="nb"><head><title>Tegn</title></head><body>{pages}</body></html>'
    )


@pytest.mark.parametrize("name", ["fonts/Inter-Regular.woff2", "fonts/Inter-SemiBold.woff2"])
def test_the_font_has_an_outline_of_its_own_for_each(name: str) -> None:
    font = TTFont(io.BytesIO(engine.asset(name)))
    glyphs, table = font.getGlyphSet(), font.getBestCmap()

    def outline(glyph: str) -> Any:
        pen = DecomposingRecordingPen(glyphs)
        glyphs[glyph].draw(pen)
        return pen.value

    missing = outline(".notdef")
    assert missing
    for character in ALL:
        assert outline(table[ord(character)]) not in ([], missing), unicodedata.name(character)


@needs_poppler
def test_each_is_printed_as_a_picture_of_its_own(tmp_path: Path) -> None:
    made = drawn()
    file = tmp_path / "made.pdf"
    file.write_bytes(made)
    assert len(PdfReader(file).pages) == len(ALL)
    subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", str(file), str(tmp_path / "sheet")], check=True
    )
    pictures: dict[str, set[str]] = {}
    for character, sheet in zip(ALL, sorted(tmp_path.glob("sheet*.pgm")), strict=True):
        with Image.open(sheet) as picture:
            above_the_foot = picture.crop((0, 0, picture.width, picture.height // 2))
            ink = ImageChops.invert(above_the_foot)
            assert ink.getbbox(), unicodedata.name(character)
            digest = hashlib.sha256(ink.tobytes()).hexdigest()
        pictures.setdefault(digest, set()).add(character)
    same = [alike for alike in pictures.values() if len(alike) > 1]
    assert all(alike <= ALIKE for alike in same), same


@needs_poppler
def test_each_can_be_copied_out_of_the_file_again() -> None:
    told = subprocess.run(
        ["pdftotext", "-", "-"], input=drawn(), capture_output=True, check=True
    ).stdout.decode()
    assert [page.split()[0] for page in told.split("\f") if page.strip()] == ALL


def test_all_of_them_may_be_typed() -> None:
    assert characters.unprintable("".join(ALL)) == []
