"""The part of a file that a request asks for (RFC 9110, 14.2), and the name a file is saved under. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class UnsatisfiableError(ValueError):
    """The file has nothing of what is asked for."""


def asked(header: str, size: int) -> tuple[int, int] | None:
    """Return (first byte, how many) of a file of `size` bytes; None where the whole file is sent.

    A header that is malformed, or asks for several parts, is passed over, as a server may.
    UnsatisfiableError where the part begins after the end.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:  # the last so many
        length = min(int(last), size)
        if length == 0:
            raise UnsatisfiableError
        return size - length, length
    start = int(first)
    if last and int(last) < start:
        return None
    if start >= size:
        raise UnsatisfiableError
    end = min(int(last), size - 1) if last else size - 1
    return start, end - start + 1


def disposition(name: str) -> str:
    """Return how a file is saved (RFC 6266): a plain name for old programs, and the exact one (RFC 5987)."""
    plain = name.encode("ascii", "replace").decode()
    plain = re.sub(r'["\\?\x00-\x1f\x7f]', "_", plain)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
