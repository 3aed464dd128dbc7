"""Filters that write numbers and dates the Norwegian way; see municipalities.norwegian.

A missing value (None, or an empty string from a missing variable) is written as an empty string,
so that a template decides itself what to say instead.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django import template

from municipalities import norwegian

register = template.Library()


@register.filter
def money(value: Decimal | int | None) -> str:
    """Kroner with two decimals: `102 442,50`."""
    return "" if value in (None, "") else norwegian.money(Decimal(value))


@register.filter
def signed_money(value: Decimal | int | None) -> str:
    """A difference in kroner with its sign: `+14 130,00`, `−14 130,00`, `0,00`."""
    if value in (None, ""):
        return ""
    return ("+" if value > 0 else "") + norwegian.money(Decimal(value))


@register.filter
def integer(value: int | None) -> str:
    """A whole number with grouped thousands: `55 757`."""
    return "" if value in (None, "") else norwegian.integer(value)


@register.filter
def signed_integer(value: int | None) -> str:
    """A difference between whole numbers with its sign: `+1 413`, `−1 413`, `0`."""
    if value in (None, ""):
        return ""
    return ("+" if value > 0 else "") + norwegian.integer(value)


@register.filter
def rate(value: Decimal | None) -> str:
    """Kroner per inhabitant, exactly: `14,50`."""
    return "" if value in (None, "") else norwegian.rate(Decimal(value))


@register.filter
def percent(value: Decimal | None) -> str:
    """A percentage without the sign: `4,1`."""
    return "" if value in (None, "") else norwegian.percent(Decimal(value))


@register.filter
def signed_percent(value: Decimal | None) -> str:
    """A change in percent with sign and one decimal, without the percent sign: `+4,1`, `−11,0`."""
    if value in (None, ""):
        return ""
    text = norwegian.percent(Decimal(value))
    return ("+" if value > 0 else "") + text + ("" if "," in text else ",0")


@register.filter(expects_localtime=True)
def date_long(value: dt.date | None, language: str = "nb") -> str:
    """A date in full: `1. januar 2026`."""
    return "" if value in (None, "") else norwegian.date_long(value, language)
