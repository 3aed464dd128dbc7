"""What an agreement deviates in from the model it was made from, point by point. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from agreements.domain import numbering
from agreements.domain.diff_order import merged
from agreements.domain.document import Clause, walk


class Status(StrEnum):
    """How a point stands to the model's."""

    SAME = "same"
    CHANGED = "changed"  # in heading or text; its place and its source do not count
    OWN = "own"  # not in the model
    OMITTED = "omitted"  # in the model only


@dataclass(frozen=True, slots=True)
class Deviation:
    """A point of the agreement or of the model. `number` is the model's where the point is omitted."""

    key: str
    status: Status
    number: str


def deviations(model: tuple[Clause, ...], own: tuple[Clause, ...]) -> tuple[Deviation, ...]:
    """Say of every point of either how it stands, in the order of the agreement.

    A point that is omitted stands after the one it followed in the model.
    """
    before, after = ({clause.key: clause for clause in walk(tree)} for tree in (model, own))
    numbers = numbering.numbers(model) | numbering.numbers(own)
    return tuple(
        Deviation(key, _status(before.get(key), after.get(key)), numbers[key])
        for key in merged(list(before), list(after))
    )


def _status(model: Clause | None, own: Clause | None) -> Status:
    if own is None:
        return Status.OMITTED
    if model is None:
        return Status.OWN
    return Status.SAME if wording(own) == wording(model) else Status.CHANGED


def wording(clause: Clause) -> tuple[str, str]:
    """A point's heading and text, without what a form may have done to line breaks and ends."""
    heading, text = (part.replace("\r\n", "\n").strip() for part in (clause.heading, clause.text))
    return heading, text


def counts(found: Iterable[Deviation]) -> Mapping[Status, int]:
    """Count the points of each status; every status is there."""
    counted = dict.fromkeys(Status, 0)
    for deviation in found:
        counted[deviation.status] += 1
    return counted
