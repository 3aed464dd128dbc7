"""A clock that a test sets, in this process."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone


class Clock:
    """What `timezone.now()` says: the real time until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._real, self._moved = timezone.now, dt.timedelta()
        monkeypatch.setattr(timezone, "now", self.now)

    def now(self) -> dt.datetime:
        return self._real() + self._moved

    def move(self, **by: float) -> None:
        """Move it, forward or (with negative figures) back."""
        self._moved += dt.timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
