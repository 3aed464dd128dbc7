"""How the words across a page are drawn: in our own font, as shapes, so that nobody reads them as text.

The pictures in `agreements/documents/assets/` are made by `drawn`; with another Inter make them anew.
"""

from __future__ import annotations

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from agreements.documents import engine

COLOUR = "#eceef1"
WORDS = {
    "utkast.svg": ("UTKAST",),
    "trukket-tilbake.svg": ("TRUKKET", "TILBAKE"),
    "trekt-tilbake.svg": ("TREKT", "TILBAKE"),
}
WIDTH, HEIGHT, LONGEST = 1600, 2000, 1750  # of the picture and of a line, in its own units
SPACING, LEADING = 120, 2010  # between letters and lines, in units of the font


def drawn(lines: tuple[str, ...]) -> str:
    """Return the picture: the lines centred, rising from left to right."""
    font = TTFont(engine.INTER / "Inter-SemiBold.woff2")
    glyphs, names, advances = font.getGlyphSet(), font.getBestCmap(), font["hmtx"]
    widths = [
        sum(advances[names[ord(letter)]][0] for letter in line) + SPACING * (len(line) - 1)
        for line in lines
    ]
    widest, capital = max(widths), font["OS/2"].sCapHeight
    pen = SVGPathPen(glyphs, ntos=lambda value: str(round(value)))
    for number, (line, width) in enumerate(zip(lines, widths, strict=True)):
        at = (widest - width) / 2
        for letter in line:
            glyph = names[ord(letter)]
            glyphs[glyph].draw(TransformPen(pen, (1, 0, 0, -1, at, number * LEADING)))
            at += advances[glyph][0] + SPACING
    scale = LONGEST / widest
    down = capital / 2 - LEADING * (len(lines) - 1) / 2
    moved = f"scale({scale:.4f}) translate({-(widest // 2)} {round(down)})"
    place = f"translate({WIDTH // 2} {HEIGHT // 2}) rotate(-52) {moved}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><g transform="{place}">'
        f'<path fill="{COLOUR}" d="{pen.getCommands()}"/></g></svg>\n'
    )


def outlines(name: str) -> int:
    """How many closed shapes a picture has: no two of them have the same number."""
    return (engine.OWN / name).read_text("utf-8").count("Z")
