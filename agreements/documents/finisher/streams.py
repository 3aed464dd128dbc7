"""Streams whose end cannot be mistaken.

What stands before `endstream` is a line break that does not belong to the stream. Where the stream itself
ends with the half of one, as a compressed stream may by chance, those who look for its end find another
length than the one that is written, and call the file broken. What is packed when the file is written
is out of reach here; `engine.write` looks at the finished bytes and packs one object more.
"""

from __future__ import annotations

import pydyf

END = b"\nendstream"
BREAKS = (b"\r", b"\n")


def end_unmistakably(pdf: pydyf.PDF) -> None:
    """Change how such a stream is written: never what it says."""
    contents = {page["Contents"] for page in _pages(pdf)}
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream.compress and _ends_with_break(stream):
            if stream.reference in contents:
                stream.stream.append(b"")  # one more line break between operators
            if _ends_with_break(stream):
                stream.compress = False


def is_mistakable(content: bytes) -> bool:
    """Whether a compressed stream of the written file ends with a line break."""
    return any(
        piece.endswith(BREAKS) and not piece.endswith(b"stream\n")
        for piece in content.split(END)[:-1]
    )


def _pages(pdf: pydyf.PDF) -> list[pydyf.Dictionary]:
    return [pdf.objects[int(reference.split()[0])] for reference in pdf.page_references]


def _ends_with_break(stream: pydyf.Stream) -> bool:
    written: bytes = stream.data
    return written.removesuffix(END).endswith(BREAKS)
