"""Whether a PDF does something by itself, or carries other files: scripts, programs to start, forms. Pure.

Read from the bytes, without a PDF reader: names may be written with escapes (`/J#61vaScript`, ISO
32000-1, 7.3.5), and objects may lie packed together in a stream (7.5.7).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

SCRIPTS = frozenset({b"JavaScript", b"JS", b"Launch", b"Rendition", b"XFA"})
FILES = frozenset({b"EmbeddedFile", b"EmbeddedFiles"})
_MOST_STREAMS = 100_000
_MOST_UNPACKED = 64 * 1024 * 1024  # of all the packed objects of a file
_NAME = re.compile(rb"/([A-Za-z#][A-Za-z0-9#]{1,50})(?![A-Za-z0-9#])")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
# Readers are lenient about what stands between the word and the data: every such word counts.
_STREAM = re.compile(rb"(?<!end)stream( *(?:\r\n?|\n))?")


class TooIntricateError(ValueError):
    """The file has packed objects that cannot be looked into."""


def does(content: bytes, forbidden: frozenset[bytes]) -> bool:
    """Whether any of these names stands in the file, however it is written.

    TooIntricateError where there may be such a name in what cannot be unpacked.
    """
    # /JS is two letters, and may stand in a picture by chance: it counts only in packed objects.
    outside = forbidden - {b"JS"}
    if not outside.isdisjoint(_names(content)):
        return True
    return any(not forbidden.isdisjoint(_names(packed)) for packed in _packed(content))


def _names(content: bytes) -> Iterator[bytes]:
    for found in _NAME.finditer(content):
        name = found[1]
        yield _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), name) if b"#" in name else name


def _packed(content: bytes) -> Iterator[bytes]:
    """Yield the objects of each object stream, unpacked. No byte is read for two of them."""
    left, before, end = _MOST_UNPACKED, 0, 0
    for number, found in enumerate(_STREAM.finditer(content)):
        # The dictionary of this stream, after what is left of the stream before.
        names = set(_names(content[before : found.start()]))
        before = found.end()
        if number >= _MOST_STREAMS:
            raise TooIntricateError("too many streams")
        if b"ObjStm" not in names:
            continue
        if b"FlateDecode" not in names or b"DecodeParms" in names or b"Crypt" in names:
            raise TooIntricateError("packed in an unusual way")
        inside, end = before < end, content.find(b"endstream", before)
        if inside or end < 0 or not found[1]:
            raise TooIntricateError("has no beginning or end of its own")
        unpacking = zlib.decompressobj()
        try:
            objects = unpacking.decompress(content[before:end], left)
        except zlib.error as problem:
            raise TooIntricateError("cannot be unpacked") from problem
        left -= len(objects)
        if not unpacking.eof or left <= 0:
            raise TooIntricateError("unpacks to too much, or is not whole")
        yield objects
