"""Addresses of a plan's pages, wherever the plan is found."""

from __future__ import annotations

from collections.abc import Sequence

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def place_url(context: template.Context, name: str, *args: object) -> str:
    """The address of one of the plan's pages: `{% place_url 'alternative' pk %}`."""
    address: str = context["place"].url(name, *args)
    return address


@register.filter
def at(items: Sequence[object], place: int) -> object:
    """The item at a position counted from 0."""
    return items[place]
