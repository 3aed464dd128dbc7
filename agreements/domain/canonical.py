"""A Document as bytes that can be hashed, stored for decades, and read back. Pure.

Canonical JSON: UTF-8, text in NFC, keys sorted, no spaces. Money is a string with two decimals;
rates, percentages and rounding units are exact strings without needless zeros; dates are ISO;
`schema` tells which reader is needed. The same Document always gives the same bytes, so the SHA-256
of the bytes names what was decided on.

The fields are read off the dataclasses. A change to them changes the format, and then needs a new
schema number; a test holds the bytes of one Document of each schema fixed. A Document keeps the
schema it was read by, and is written by it again to the same bytes: fields that came later have
their defaults, and are neither read nor written.
"""

from __future__ import annotations

import hashlib
import json
import re
import types
import typing
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, NoReturn

from agreements.domain.document import SCHEMA, Document, Paid, Service, ServiceChoice
from financing.calculation import Row, SumRow, Term

# Decimals that are kroner, and so have two decimals; all others are written exactly.
_MONEY = frozenset(
    {
        *((Row, "cells"), (Row, "base_amount"), (SumRow, "cells")),
        *((ServiceChoice, "price"), (Paid, "amount")),
        *((Term, "amount"), (Term, "hour_price"), (Term, "floor"), (Term, "cap")),
    }
)
# The schema in which a field was added. A field that is not here has always been there.
_SINCE = {
    (Service, "choices"): 2,
    (Document, "attachments"): 2,
    (Document, "others"): 2,
    (Document, "today"): 2,
}
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAX_DIGITS = 60  # of a number; far beyond any amount, and keeps 1E+999999 from filling the memory


def dump(document: Document) -> bytes:
    """Write a Document as canonical JSON.

    ValueError where it holds what cannot be written exactly: an amount with fractions of an øre, a
    number that is not finite, text that is not valid Unicode, or a value of the wrong type.
    """
    _known(document.schema)
    try:
        tree = _write(document, Document, "avtale", document.schema, money=False)
        text = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return text.encode()
    except RecursionError:
        raise ValueError("avtale: punktene er nøstet for dypt") from None


def load(data: bytes) -> Document:
    """Read what `dump` wrote. ValueError, in Norwegian, says where it is not an agreement."""
    try:
        tree = json.loads(
            data.decode(),
            object_pairs_hook=_object,
            parse_float=_not_exact,
            parse_constant=_not_exact,
        )
        schema = tree.get("schema") if isinstance(tree, dict) else None
        document = _read(tree, Document, "avtale", _known(schema), money=False)
    except RecursionError:
        raise ValueError("avtale: punktene er nøstet for dypt") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"avtale: ikke gyldig JSON ({error})") from None
    assert isinstance(document, Document)
    return document


def sha256(document: Document) -> str:
    """The SHA-256 of the canonical JSON, in hexadecimal. ValueError as `dump`."""
    return digest(dump(document))


def digest(data: bytes) -> str:
    """The SHA-256 of what `dump` wrote, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _known(schema: object) -> int:
    """Return the schema where it is one that can be read and written; ValueError otherwise."""
    if type(schema) is not int or not 1 <= schema <= SCHEMA:
        raise ValueError(f"avtale: ukjent skjema {schema!r}, venter 1 til {SCHEMA}")
    return schema


@cache
def _fields(kind: type, schema: int) -> tuple[str, ...]:
    """The names of the fields that a dataclass had in a schema."""
    return tuple(f.name for f in fields(kind) if _SINCE.get((kind, f.name), 1) <= schema)


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    """The types of a dataclass's fields."""
    return typing.get_type_hints(kind)


def _write(value: object, hint: Any, path: str, schema: int, *, money: bool) -> Any:
    """Turn a value into what JSON can say, holding it to its declared type."""
    if is_dataclass(hint):
        assert isinstance(hint, type)
        _expect(type(value) is hint, path, hint)
        names = _fields(hint, schema)
        for field in fields(hint):
            if field.name not in names and getattr(value, field.name) != field.default:
                raise ValueError(f"{path}: skjema {schema} har ikke feltet «{field.name}»")
        return {
            name: _write(
                getattr(value, name),
                _hints(hint)[name],
                f"{path}.{name}",
                schema,
                money=(hint, name) in _MONEY,
            )
            for name in names
        }
    if isinstance(hint, types.UnionType):
        return None if value is None else _write(value, _present(hint), path, schema, money=money)
    if typing.get_origin(hint) is tuple:
        _expect(isinstance(value, tuple), path, tuple)
        (item_hint, _ellipsis) = typing.get_args(hint)
        return [
            _write(item, item_hint, f"{path}[{index}]", schema, money=money)
            for index, item in enumerate(typing.cast("tuple[object, ...]", value))
        ]
    _expect(type(value) is hint or (hint is str and isinstance(value, str)), path, hint)
    match value:
        case bool() | int():
            return value
        case StrEnum():
            return value.value
        case str():
            return _text(value, path)
        case Decimal():
            return _money(value, path) if money else _exact(value, path)
        case date():
            return value.isoformat()
    raise TypeError(f"{path}: no canonical form for {hint}")


def _read(value: Any, hint: Any, path: str, schema: int, *, money: bool) -> object:
    """Turn parsed JSON into a value of the declared type."""
    if is_dataclass(hint):
        assert isinstance(hint, type)
        _expect(isinstance(value, dict), path, "et objekt")
        names = _fields(hint, schema)
        for name in value.keys() - set(names):
            raise ValueError(f"{path}: ukjent felt «{name}»")
        for name in names:
            if name not in value:
                raise ValueError(f"{path}: feltet «{name}» mangler")
        return hint(
            **{
                name: _read(
                    value[name],
                    _hints(hint)[name],
                    f"{path}.{name}",
                    schema,
                    money=(hint, name) in _MONEY,
                )
                for name in names
            }
        )
    if isinstance(hint, types.UnionType):
        return None if value is None else _read(value, _present(hint), path, schema, money=money)
    if typing.get_origin(hint) is tuple:
        _expect(isinstance(value, list), path, "en liste")
        (item_hint, _ellipsis) = typing.get_args(hint)
        return tuple(
            _read(item, item_hint, f"{path}[{index}]", schema, money=money)
            for index, item in enumerate(value)
        )
    if hint in (bool, int):
        _expect(type(value) is hint, path, hint)
        return value
    _expect(isinstance(value, str), path, "tekst")
    if hint is str:
        if _text(value, path) != value:
            raise ValueError(f"{path}: teksten er ikke på fast form (NFC)")
        return value
    if hint is Decimal:
        return _decimal(value, path, money=money)
    if hint is date and not _DATE.fullmatch(value):
        raise ValueError(f"{path}: «{value}» er ikke en dato")
    try:
        return date.fromisoformat(value) if hint is date else hint(value)
    except ValueError:
        raise ValueError(f"{path}: ugyldig verdi «{value}»") from None


def _present(hint: types.UnionType) -> Any:
    """The type that `X | None` allows beside None."""
    (present,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
    return present


def _text(value: str, path: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(f"{path}: teksten har tegn som ikke kan lagres") from None
    return unicodedata.normalize("NFC", value)


def _money(value: Decimal, path: str) -> str:
    text = _exact(value, path)
    whole, _, decimals = text.partition(".")
    if len(decimals) > 2:
        raise ValueError(f"{path}: {value} er ikke avrundet til hele øre")
    return f"{whole}.{decimals:0<2}"


def _exact(value: Decimal, path: str) -> str:
    """Every digit, no exponent, no needless zeros, and no sign on zero."""
    if not value.is_finite() or abs(value.adjusted()) > _MAX_DIGITS:
        raise ValueError(f"{path}: {value} er ikke et tall som kan lagres")
    if not value:
        return "0"
    whole, _, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _decimal(text: str, path: str, *, money: bool) -> Decimal:
    """Read a decimal in the very form that is written, so that no two texts mean one Document."""
    if len(text) <= 2 * _MAX_DIGITS and _DECIMAL.fullmatch(text):
        value = Decimal(text)
        if text == (_money(value, path) if money else _exact(value, path)):
            return value
    raise ValueError(f"{path}: «{text[:40]}» er ikke et tall på fast form")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("et felt står to ganger")
    return found


def _not_exact(number: str) -> NoReturn:
    raise ValueError(f"tallet {number[:40]} må stå som tekst")


def _expect(holds: bool, path: str, wanted: object) -> None:
    if not holds:
        name = wanted.__name__ if isinstance(wanted, type) else wanted
        raise ValueError(f"{path}: venter {name}")
