"""A light limit on how often an open page is asked by the same address.

Counted in each worker's own memory: enough to make guessing slow, and nothing to keep or clean up.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

WINDOW = 60  # seconds


def sender(request: HttpRequest) -> str:
    """Return the address of whoever asks: what the nearest proxy says, where there is one."""
    forwarded = "" if settings.LOCAL else request.headers.get("X-Forwarded-For", "")
    return forwarded.rpartition(",")[2].strip()[:64] or request.META.get("REMOTE_ADDR", "")


def too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more time; tell whether it is more than `most` in this minute."""
    cache = caches["own"]
    key = f"rate:{what}:{int(time.time() // WINDOW)}:{sender(request)!r}".replace(" ", "_")
    cache.add(key, 0, 2 * WINDOW)
    try:
        return cache.incr(key) > most
    except ValueError:  # thrown out in between, as memory is short
        return False
