"""Saving without overwriting: a stale save is stopped, a repeated create makes one thing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from municipalities.models import FormToken, Revisioned, User

Row = TypeVar("Row", bound=Revisioned)


class ConflictError(Exception):
    """What was to be changed can no longer be changed like this; nothing was stored."""


class StaleRevisionError(ConflictError):
    """Somebody saved after this page was opened. `current` is the row as it is stored now."""

    def __init__(self, current: Revisioned) -> None:
        super().__init__(f"{type(current).__name__} {current.pk} is at revision {current.revision}")
        self.current = current


def lock(rows: QuerySet[Row], pk: int, revision: int) -> Row:
    """Lock and return the row, inside a transaction; StaleRevisionError if it has moved on."""
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    if row.revision != revision:
        raise StaleRevisionError(row)
    return row


def changes(row: object, values: dict[str, object]) -> dict[str, list[object]]:
    """Set the attributes that differ; return {name: [before, after]} as JSON-ready values."""
    changed: dict[str, list[object]] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            changed[name] = [jsonable(before), jsonable(value)]
            setattr(row, name, value)
    return changed


def jsonable(value: object) -> object:
    """Turn a field's value into something JSON holds exactly: decimals and dates become strings."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    return str(value)


def earlier(raw_token: str | None, user: User) -> str | None:
    """Return where this person's create form led when it was posted before; None the first time.

    Ask before the form is checked: what was free the first time (a name, an organisation) is not now.
    """
    try:
        token = uuid.UUID(raw_token or "")
    except ValueError:
        return None
    taken = FormToken.objects.filter(token=token, user=user).first()
    return taken.target if taken else None


@transaction.atomic
def once(token: uuid.UUID, user: User, make: Callable[[], str]) -> str:
    """Run `make`, which creates something and returns its address, at most once for this token.

    A second post waits for the first and gets its address. Somebody else's token gives «/».
    """
    try:
        with transaction.atomic():
            claimed = FormToken.objects.create(token=token, user=user)
    except IntegrityError:
        taken = FormToken.objects.get(token=token)
        return taken.target if taken.user_id == user.pk else "/"
    claimed.target = make()
    claimed.save(update_fields=["target"])
    return claimed.target
