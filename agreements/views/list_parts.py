"""The table of agreements, as a part that is rendered once for what it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agreements.models import Agreement


@dataclass(frozen=True)
class Row:
    """An agreement in the list. `parties` are their short names in order, with commas between."""

    slug: str
    title: str
    region: str
    term_start: dt.date
    term_end: dt.date
    parties: str
    status: str


@dataclass(frozen=True)
class Rows:
    """The agreements of one page of the list."""

    rows: tuple[Row, ...]

    def context(self) -> dict[str, Any]:
        """What the template of the table asks for."""
        return {"rows": self.rows}


def rows(agreements: Iterable[Agreement]) -> Rows:
    """Take what the table shows of agreements whose region and parties are loaded."""
    return Rows(
        tuple(
            Row(
                slug=agreement.slug,
                title=agreement.title,
                region=agreement.region.name,
                term_start=agreement.term_start,
                term_end=agreement.term_end,
                parties=", ".join(p.organisation.short_name for p in agreement.parties.all()),
                status=agreement.get_status_display(),
            )
            for agreement in agreements
        )
    )
