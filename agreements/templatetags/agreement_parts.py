"""Parts of an agreement that pages and PDFs print from the same templates."""

from __future__ import annotations

from typing import Any

from django import template

from agreements.documents.bands import Band, rates, with_base
from agreements.domain import resolve, wording
from agreements.domain.document import Language, Party
from financing.calculation import Row, SumRow, Table
from municipalities import norwegian

FIGURE_SPACE = "\u2007"  # as wide as a figure

register = template.Library()


@register.inclusion_tag("agreements/_table.html")
def contribution_table(
    table: Table, language: str = "nb", caption: str = "", own: str = "", band: Band | None = None
) -> dict[str, Any]:
    """The contribution table: every contributor, each county's sum under it, the totals last.

    On paper `band` says which of the years to show; a page shows them all.
    """
    words = resolve.table_words(Language(language))
    shown = slice(band.first, band.stop) if band else slice(None)
    decimals = max((_decimals(rate) for rate in rates(table.rows)), default=0)
    lines = []
    for line in resolve.printed_rows(table):
        is_sum = isinstance(line, SumRow)
        lines.append(
            {
                "row": line,
                "is_sum": is_sum,
                "label": words.label(line) if is_sum else line.name,
                "status": "" if is_sum else words.status(line.status),
                "declined": not is_sum and line.status == "declined",
                "is_own": bool(own) and not is_sum and line.key == own,
                "rate": "" if is_sum else _aligned(line, decimals),
                "cells": line.cells[shown],
            }
        )
    return {
        "years": table.years[shown],
        "lines": lines,
        "words": words,
        "band": band,
        "with_basis": band is None or band.basis,
        "with_base": with_base(table) and (band is None or band.basis),
        "caption": caption,
    }


def _aligned(row: Row, decimals: int) -> str:
    """The rate with figure spaces after it, so that the commas of the column stand under each other."""
    if row.rate is None:
        return ""
    text = norwegian.rate(row.rate)
    return text + FIGURE_SPACE * (decimals - _decimals(text))


def _decimals(text: str) -> int:
    return len(text.partition(",")[2])


@register.inclusion_tag("agreements/_blocks.html", takes_context=True)
def blocks(context: template.Context, items: Any) -> dict[str, Any]:
    """The resolved blocks of a clause: paragraphs, lists, the contribution table."""
    return {
        "blocks": [(type(item).__name__, item) for item in items],
        "resolved": context["resolved"],
        "notes": context.get("notes"),
        "bands": context.get("bands"),
    }


@register.filter
def kind(block: object) -> str:
    """The name of a resolved block's class, so that a template can tell them apart."""
    return type(block).__name__


@register.filter
def heading_level(level: int) -> int:
    """The level of a clause's heading below the title of the agreement; HTML has six."""
    return min(level + 1, 6)


@register.filter
def behalf(party: Party, language: str = "nb") -> str:
    """«på vegne av Hole kommune og Modum kommune»; empty for a party that signs only for itself."""
    members = [body.name for body in party.on_behalf_of]
    return wording.behalf(members, Language(language)) if members else ""
