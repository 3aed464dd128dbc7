"""What was read from a file, as bytes: to be kept, and to come from the process that read it. Pure."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import asdict, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from agreements.importing.result import Imported


def dump(found: Imported) -> bytes:
    """Return what `load` reads."""
    return json.dumps(asdict(found), default=date.isoformat).encode()


def load(data: bytes) -> Imported:
    """Return what `dump` was called on; ValueError for anything else."""
    try:
        found = _read(json.loads(data), Imported)
    except (TypeError, RecursionError) as problem:  # other fields than there are, for instance
        raise ValueError(str(problem)) from problem
    assert isinstance(found, Imported)
    return found


def _read(value: Any, hint: Any) -> object:
    if isinstance(hint, types.UnionType):
        (hint,) = (part for part in typing.get_args(hint) if part is not types.NoneType)
        return None if value is None else _read(value, hint)
    if typing.get_origin(hint) is tuple:
        hints = typing.get_args(hint)
        _expect(value, list)
        if hints[-1] is Ellipsis:
            hints = hints[:1] * len(value)
        return tuple(_read(item, hint) for item, hint in zip(value, hints, strict=True))
    if is_dataclass(hint):
        assert isinstance(hint, type)
        _expect(value, dict)
        known = typing.get_type_hints(hint)
        return hint(**{name: _read(item, known.get(name)) for name, item in value.items()})
    if hint is date:
        _expect(value, str)
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    _expect(value, hint)
    return value


def _expect(value: object, kind: Any) -> None:
    if type(value) is not kind:
        raise ValueError(f"{type(value).__name__} where {kind} was expected")
