"""Parts of pages that are rendered once for what they show, and kept while others look at the same."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Protocol

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Shown(Protocol):
    """All that a part shows: a frozen dataclass of values that are the same where they hold the same.

    What the template gets is made from these alone, so that nothing can be shown that is not looked at
    when it is asked whether the part is as before. Rows of the database do not belong in it: they count
    as the same as long as their primary key is.
    """

    def __hash__(self) -> int: ...

    def context(self) -> dict[str, Any]:
        """What the template asks for, by name."""
        ...


@lru_cache(maxsize=256)  # from 5 to some 100 kB each
def part(template: str, shown: Shown) -> SafeString:
    """Render a part of a page, or return it as it was rendered for the same."""
    return render_to_string(template, shown.context())


@lru_cache(maxsize=2048)  # some 1 kB each
def piece(template: str, names: tuple[str, ...], *values: Hashable) -> SafeString:
    """As `part`, for what is small and on every page: its template gets these values by these names."""
    return render_to_string(template, dict(zip(names, values, strict=True)))
