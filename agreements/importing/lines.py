"""Reading a file's text into clean lines, and joining lines into running text. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agreements.domain import markup
from agreements.importing.result import UnreadableAgreementError

MAX_BYTES = 2_000_000  # far above any agreement: a report of 200 pages is about 500 000
_TOO_LARGE = "Filen er større enn 2 MB. En avtale som ren tekst er mye mindre."
_STEERING = "\u061c\u200b\u200c\u200d\u200e\u200f"  # joiners and direction marks
_NBSP = "\u00a0"
_SOFT_HYPHEN = "\u00ad"
_GROUP = r"\d{3}(?!\d)"  # three digits: the next group of a number
_SENTENCE_END = ".:;!?"
_CLOSING = "»”\"')]"
# Words that cannot end a sentence: what follows belongs to them, also across a page break.
_OPEN_ENDED = re.compile(
    r"(?:[,(/]|(?:\A|\s)(?:og|eller|samt|i|av|på|for|med|til|fra|frå|om|at|som|den|det|de|en|ei|et|ein"
    r"|eit|skal|kan|må|mellom|punkt|punktet|pkt\.?|kapittel|kap\.?|avsnitt|§|nr\.?|pr\.?|per|innen"
    r"|artikkel|jfr?\.?|inntil|omfatt[ae]r|kr))\Z",
    re.IGNORECASE,
)
# A hyphen before these words is a shared ending («kurs- og veiledning»), never a divided word.
_AFTER_SHARED_HYPHEN = ("og", "eller", "samt", "og/eller")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file. A line with a page break inside gives several with the same number."""

    number: int  # in the file, from 1
    page: int  # from 1
    indent: int  # columns of white space before the text
    text: str  # NFC, single spaces, without invisible characters; empty where the line is blank
    cells: tuple[
        str, ...
    ] = ()  # the text divided where a tab or several spaces stand between words
    divided: bool = False  # ended with a soft hyphen: the word goes on on the next line


@dataclass(frozen=True, slots=True)
class Joined:
    """Running text made of lines, and which line each part came from."""

    text: str
    starts: tuple[tuple[int, int], ...]  # (offset in text, line number), rising
    hyphens: tuple[tuple[int, str], ...] = ()  # (line number, word) where a line ended in a hyphen
    bold: tuple[tuple[int, int], ...] = ()  # (from, up to) in text, rising; plain text has none

    @property
    def first(self) -> int:
        """Number of the first line."""
        return self.starts[0][1]

    @property
    def last(self) -> int:
        """Number of the last line."""
        return self.starts[-1][1]

    def lines(self, start: int, end: int) -> tuple[int, ...]:
        """Numbers of the lines that hold the characters from `start` up to `end`."""
        found = []
        for index, (offset, number) in enumerate(self.starts):
            next_offset = (
                self.starts[index + 1][0] if index + 1 < len(self.starts) else len(self.text)
            )
            if offset < end and next_offset > start:
                found.append(number)
        return tuple(dict.fromkeys(found))


def decode(data: bytes) -> str:
    """Read a file's bytes as text: UTF-8, UTF-16 with a byte order mark, else Windows-1252.

    Raises UnreadableAgreementError for other kinds of file and for files over 2 MB.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableAgreementError(_TOO_LARGE)
    if data.startswith(b"%PDF-"):
        raise UnreadableAgreementError(
            "Filen er en PDF. Lagre innholdet som ren tekst først, for eksempel ved å kopiere teksten "
            "inn i en tekstfil."
        )
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableAgreementError(
            "Filen er et kontordokument. Lagre den som ren tekst (.txt) først."
        )
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if b"\x00" in data:
        raise UnreadableAgreementError("Filen er ikke ren tekst.")
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UnreadableAgreementError(
            "Filen er ikke ren tekst i UTF-8 eller Windows-1252."
        ) from error


def clean(text: str) -> tuple[str, int]:
    """Return `text` without invisible characters, in NFC, and how many characters were taken out.

    What clause text cannot hold goes (control characters, zero width spaces), and marks that only
    steer how characters are shown: they carry no words and may hide what a reader sees. White space
    of every kind and the soft hyphen stay: `split` needs them.
    Raises UnreadableAgreementError where the text is empty, too large or not text at all.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise UnreadableAgreementError(_TOO_LARGE)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise UnreadableAgreementError("Filen er tom.")
    counts = Counter(text)
    unseen = {
        char
        for char in counts
        if not char.isspace() and (char in _STEERING or not markup.clean(char))
    }
    foreign = counts["\ufffd"] + sum(
        counts[char] for char in unseen if unicodedata.category(char) in ("Cc", "Cs", "Cn")
    )
    if "\x00" in counts or foreign * 20 > len(text):
        raise UnreadableAgreementError("Filen er ikke ren tekst.")
    text = text.translate({ord(char): "" for char in unseen})
    if not text.strip():
        raise UnreadableAgreementError("Filen er tom.")
    return unicodedata.normalize("NFC", text), sum(counts[char] for char in unseen)


def seen(text: str) -> str:
    """Return `text` in NFC without invisible characters, however much that leaves."""
    return markup.clean(text).translate({ord(char): "" for char in _STEERING})


def split(text: str) -> list[Line]:
    """Divide cleaned text into lines. Numbers follow the file's own line ends (LF, CR LF or CR)."""
    lines: list[Line] = []
    page = 1
    for number, physical in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        # A form feed is a page break; the other separators are line breaks inside a paragraph.
        for piece in re.split(r"([\f\v\x1c-\x1e\x85\u2028\u2029])", physical):
            if piece == "\f":
                page += 1
            else:
                lines.append(_line(number, page, piece))
    return lines


def join(lines: Sequence[Line]) -> Joined:
    """Join lines into running text. A line that ends in a hyphen is joined without a space.

    The hyphen stays, since nobody can know whether it divides a word; `hyphens` names the words to
    look at. A soft hyphen does divide a word and is dropped.
    """
    text = ""
    starts: list[tuple[int, int]] = []
    hyphens: list[tuple[int, str]] = []
    for index, line in enumerate(lines):
        if text:
            previous = lines[index - 1]
            if previous.divided:
                pass
            elif _hyphenated(text, line.text):
                if text[-2].isalpha() and line.text[0].islower():
                    hyphens.append(
                        (previous.number, f"{text[-60:].split()[-1]}{line.text.split()[0]}")
                    )
            else:
                text += " "
        starts.append((len(text), line.number))
        text += line.text
    return Joined(text, tuple(starts), tuple(hyphens))


def ended(text: str) -> bool:
    """Tell whether a line ends where a sentence or a lead-in ends."""
    return text.rstrip(_CLOSING)[-1:] in tuple(_SENTENCE_END) and not open_ended(text)


def open_ended(text: str) -> bool:
    """Tell whether a line must go on: it ends in «og», «punkt», a comma or an open bracket."""
    return _OPEN_ENDED.search(text[-20:]) is not None


def starts_upper(text: str) -> bool:
    """Tell whether the first letter of `text`, quotes and brackets left out, is a capital."""
    return text.lstrip("«“\"'(")[:1].isupper()


def starts_lower(text: str) -> bool:
    """Tell whether `text` starts with a small letter."""
    return text[:1].islower()


def typical_width(lines: Sequence[Line]) -> int:
    """Return the length that nineteen of twenty lines keep within: where the PDF wrapped its lines."""
    lengths = sorted(len(line.text) for line in lines if line.text)
    return max(40, lengths[len(lengths) * 95 // 100]) if lengths else 40


def _line(number: int, page: int, raw: str) -> Line:
    divided = raw.rstrip().endswith(_SOFT_HYPHEN)
    raw = raw.replace(_SOFT_HYPHEN, "")
    # A fixed space stays between the groups of a number; elsewhere in a PDF it is noise.
    raw = re.sub(rf"(?<=\d)[\u2007\u2009\u202f](?={_GROUP})", _NBSP, raw)
    raw = re.sub(rf"(?!(?<=\d){_NBSP}(?={_GROUP}))[^\S\t]", " ", raw)
    body = raw.strip(" \t")
    indent = len(raw.expandtabs(8)) - len(raw.expandtabs(8).lstrip(" "))
    cells = tuple(cell for cell in re.split(r" *\t[ \t]*| {2,}", body) if cell)
    return Line(number, page, indent if body else 0, " ".join(cells), cells, divided and bool(body))


def _hyphenated(before: str, after: str) -> bool:
    if len(before) < 2 or before[-1] not in "-‐‑–" or not after[:1].isalnum():
        return False
    return before[-2].isalnum() and after.split()[0].casefold() not in _AFTER_SHARED_HYPHEN
