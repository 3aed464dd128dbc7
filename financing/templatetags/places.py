"""Addresses of a plan's pages, wherever the plan is found."""

from __future__ import annotations

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def place_url(context: template.Context, name: str, *args: object) -> str:
    """The address of one of the plan's pages: `{% place_url 'alternative' pk %}`."""
    address: str = context["place"].url(name, *args)
    return address
