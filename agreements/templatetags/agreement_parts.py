"""Parts of an agreement that pages and PDFs print from the same templates."""

from __future__ import annotations

from typing import Any

from django import template

from agreements.domain import resolve
from agreements.domain.document import Language
from financing.calculation import SumRow, Table

register = template.Library()


@register.inclusion_tag("agreements/_table.html")
def contribution_table(
    table: Table, language: str = "nb", caption: str = "", own: str = ""
) -> dict[str, Any]:
    """The contribution table: every contributor, each county's sum under it, the totals last."""
    words = resolve.table_words(Language(language))
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
            }
        )
    return {
        "table": table,
        "lines": lines,
        "words": words,
        "with_base": any(row.base_amount for row in table.rows),
        "caption": caption,
    }


@register.inclusion_tag("agreements/_blocks.html", takes_context=True)
def blocks(context: template.Context, items: Any) -> dict[str, Any]:
    """The resolved blocks of a clause: paragraphs, lists, the contribution table."""
    return {
        "blocks": [(type(item).__name__, item) for item in items],
        "resolved": context["resolved"],
        "notes": context.get("notes"),
    }


@register.filter
def kind(block: object) -> str:
    """The name of a resolved block's class, so that a template can tell them apart."""
    return type(block).__name__
