"""The one way from HTML to PDF. Deterministic: the same HTML gives the same bytes.

So what has been made is kept for a while, by the hash of what it was made from. A document that took
too long or too much memory is remembered for a minute: whoever reloads the page waits no second time,
and does not keep others waiting.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from threading import Lock

from cachetools import LRUCache, TTLCache

from agreements.documents import bounded
from agreements.documents.errors import RenderingError, TooLargeError, TooSlowError
from municipalities import measures

KEPT_BYTES = 32_000_000  # in each process
REMEMBERED = 60  # seconds
Key = bytes

_kept: LRUCache[Key, bytes] = LRUCache(KEPT_BYTES, getsizeof=len)
_too_heavy: TTLCache[Key, TooSlowError | TooLargeError] = TTLCache(1000, REMEMBERED)
_touching = Lock()  # the caches are shared between the threads of a process


def pdf(html: str, field_names: Sequence[str] = ()) -> bytes:
    """Render a complete HTML page with these signature fields and no others.

    PdfError where that cannot be done, whatever the cause: see `errors`.
    """
    content = html.encode()
    parts = [content, *(name.encode() for name in field_names)]
    key = hashlib.sha256(b"".join(len(part).to_bytes(8) + part for part in parts)).digest()
    if (made := _known(key)) is not None:
        return made
    with bounded.turn() as turn:
        # Somebody before us in the line may have asked for the same.
        if (made := _known(key)) is not None:
            return made
        try:
            with measures.RENDERING_SECONDS.time():
                _, made = turn.ask("pdf", content, fields=list(field_names))
        except RenderingError as problem:
            measures.RENDERING_FAILURES.inc()
            if isinstance(problem, TooSlowError | TooLargeError):
                with _touching:
                    _too_heavy[key] = problem
            raise
    with _touching:
        if len(made) <= KEPT_BYTES:
            _kept[key] = made
    return made


def _known(key: Key) -> bytes | None:
    """The file, where it has just been made; the error where it has just failed."""
    with _touching:
        if problem := _too_heavy.get(key):
            raise type(problem)(*problem.args)
        return _kept.get(key)


def forget() -> None:
    """Keep nothing of what was made."""
    with _touching:
        _kept.clear()
        _too_heavy.clear()
