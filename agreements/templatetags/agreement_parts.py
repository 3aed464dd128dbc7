"""Parts of an agreement that pages and PDFs print from the same templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.safestring import SafeString

from agreements.documents import signers
from agreements.documents.word.content import GridRow
from agreements.domain import wording
from agreements.domain.document import Language, Party
from financing.bands import Band
from municipalities import once

MOST_IN_A_ROW = 1500  # characters of a cell: half a page of a table of words

register = template.Library()


@register.inclusion_tag("agreements/_blocks.html", takes_context=True)
def blocks(context: template.Context, items: Any) -> dict[str, Any]:
    """The resolved blocks of a clause: paragraphs, lists, the contribution table."""
    return {
        "blocks": [(type(item).__name__, item) for item in items],
        "resolved": context["resolved"],
        "notes": context.get("notes"),
        "bands": context.get("bands"),
        "base": context.get("base", ""),  # the page that has the points, where it is another
    }


@dataclass(frozen=True)
class Insertable:
    """What can be put into a text: (name, label, value) of facts, (key, number, heading) of points."""

    facts: tuple[tuple[str, str, str | None], ...]
    points: tuple[tuple[str, str, str], ...]

    def context(self) -> dict[str, Any]:
        """What the template of the lists asks for."""
        return {"facts": self.facts, "points": self.points}


@register.simple_tag
def insertable(facts: Iterable[dict[str, Any]], points: Iterable[dict[str, str]]) -> SafeString:
    """The lists beside a field with text: the facts and points that can be put into it."""
    shown = Insertable(
        tuple((fact["name"], fact["label"], fact["value"]) for fact in facts),
        tuple((point["key"], point["number"], point["heading"]) for point in points),
    )
    return once.part("agreements/_insertable.html", shown)


@register.inclusion_tag("agreements/_blocks.html")
def resolved_block(block: object) -> dict[str, Any]:
    """A paragraph or a list that is no part of an agreement's clauses."""
    return {"blocks": [(type(block).__name__, block)], "base": ""}


@register.inclusion_tag("agreements/_blocks.html", takes_context=True)
def public_blocks(context: template.Context, items: Any) -> dict[str, Any]:
    """The blocks of a clause as the public sees it."""
    names = ("words", "public_table", "table_words", "short", "on_page")
    given = {name: context.get(name) for name in names}
    return {**given, "blocks": [(type(item).__name__, item) for item in items], "base": ""}


@register.filter
def part(cells: Sequence[Any], band: Band | None) -> Sequence[Any]:
    """The cells of a row that a band of years has: on a page, which has no bands, all of them."""
    return cells[band.first : band.stop] if band else cells


@register.filter
def kind(block: object) -> str:
    """The name of a resolved block's class, so that a template can tell them apart."""
    return type(block).__name__


@register.filter
def is_long(row: GridRow) -> bool:
    """Whether a row has so much text that it may go on to the next page: a council's conditions may."""
    return any(len(cell) > MOST_IN_A_ROW for cell in row.cells)


@register.filter
def heading_level(level: int) -> int:
    """The level of a clause's heading below the title of the agreement; HTML has six."""
    return min(level + 1, 6)


@register.filter
def of(counts: dict[str, int] | None, key: str) -> int:
    """How many there are for this key."""
    return (counts or {}).get(key, 0)


@register.filter
def at(words: dict[str, str], key: str) -> str:
    """What is said for this key; nothing where there is nothing."""
    return words.get(key, "")


@register.filter
def behalf(party: Party, language: str = "nb") -> str:
    """«på vegne av Hole kommune og Modum kommune»; empty for a party that signs only for itself."""
    members = [body.name for body in party.on_behalf_of]
    return wording.behalf(members, Language(language)) if members else ""


@register.filter
def field_name(party: Party) -> str:
    """The name of the party's signature field in the PDF."""
    return signers.field_name(party)
