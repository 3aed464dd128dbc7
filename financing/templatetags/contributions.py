"""The contribution table, printed from one template by pages and PDFs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from financing import bars as drawing
from financing import words
from financing.bands import Band, rates, with_base
from financing.calculation import Row, SumRow, Table
from financing.figures import printed_rows
from financing.instalments import Instalment
from financing.words import table_words
from municipalities import norwegian
from municipalities.once import part

TEMPLATE = "financing/_table.html"
FIGURE_SPACE = "\u2007"  # as wide as a figure

register = template.Library()


@register.simple_tag
def contribution_table(
    table: Table,
    language: str = "nb",
    caption: str = "",
    own: str = "",
    band: Band | None = None,
    bars: bool = False,
    basis: bool = True,
) -> SafeString:
    """The contribution table: every contributor, each county's sum under it, the totals last.

    On paper `band` says which of the years to show, and whether with bars; a page shows all years.
    The bars stand second, where a narrow screen still has them, and say nothing that the numbers
    do not: nobody but the eye is told of them. `basis` False leaves out inhabitants, rate and base
    amount, where they stand beside the table already.
    """
    shown = _Shown(table, language, caption, own, band, bars, basis)
    if band is not None:  # on paper, which is made once
        return render_to_string(TEMPLATE, shown.context())
    return part(TEMPLATE, shown)


@dataclass(frozen=True)
class _Shown:
    """What a contribution table shows."""

    table: Table
    language: str
    caption: str
    own: str
    band: Band | None
    bars: bool
    basis: bool

    def context(self) -> dict[str, Any]:
        """What the template of the table asks for."""
        table, band = self.table, self.band
        printed = table_words(self.language)
        shown = slice(band.first, band.stop) if band else slice(None)
        drawn = drawing.bars(table) if self.bars or (band and band.bar) else None
        decimals = max((_decimals(rate) for rate in rates(table.rows)), default=0)
        basis = self.basis and (band is None or band.basis)
        lines = []
        for line in printed_rows(table):
            is_sum = isinstance(line, SumRow)
            declined = not is_sum and line.status == "declined"
            cells = () if declined else line.cells[shown]
            lines.append(
                {
                    "row": line,
                    "is_sum": is_sum,
                    "label": printed.label(line) if is_sum else line.name,
                    "status": "" if is_sum else printed.status(line.status),
                    "is_own": bool(self.own) and not is_sum and line.key == self.own,
                    "rate": "" if is_sum else _aligned(line, decimals),
                    "numbers": _numbers(cells, len(table.years[shown])),
                    "bar": drawn.rows.get(line.key, ()) if drawn and not is_sum else (),
                }
            )
        return {
            "years": table.years[shown],
            "legend": drawn.legend[shown] if drawn else (),
            "lines": lines,
            "words": printed,
            "band": band,
            "with_basis": basis,
            "with_base": basis and with_base(table),
            "caption": self.caption,
        }


def _numbers(cells: Sequence[Decimal], columns: int) -> SafeString:
    """The amounts as table cells: written here, as a large table has thousands of them."""
    if not cells:
        return SafeString('<td class="num"></td>' * columns)
    return SafeString("".join(f'<td class="num">{norwegian.money(cell)}</td>' for cell in cells))


@register.simple_tag
def terms(table: Table, language: str = "nb") -> tuple[str, ...]:
    """The sentences about rules that the columns do not show: `{% terms table as sentences %}`."""
    return words.terms(table, language)


@register.filter
def due_day(instalment: Instalment) -> str:
    """The day an instalment falls due each year: «31. januar»."""
    return norwegian.date_long(dt.date(2001, instalment.month, instalment.day)).removesuffix(
        " 2001"
    )


def _aligned(row: Row, decimals: int) -> str:
    """The rate with figure spaces after it, so that the commas of the column stand under each other."""
    if row.rate is None:
        return ""
    text = norwegian.rate(row.rate)
    return text + FIGURE_SPACE * (decimals - _decimals(text))


def _decimals(text: str) -> int:
    return len(text.partition(",")[2])
