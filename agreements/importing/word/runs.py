"""Runs of text of one weight, as they may stand in a clause. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from agreements.importing.lines import Joined, seen


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one weight."""

    text: str
    bold: bool = False


# A fixed space by a number or after «§» is meant («5 000 kr»); elsewhere it is a space.
_FIXED = "[\u00a0\u2007\u2009\u202f]"
_ROOM = re.compile(rf"(?:(?!(?<=[\d§]){_FIXED}\S|{_FIXED}\d)\s)+")


def tidy(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Join neighbours of one weight; single spaces, no invisible characters, none at the ends."""
    found: list[Run] = []
    for bold, group in groupby(runs, lambda run: run.bold):
        text = seen("".join(run.text for run in group)).replace("\u00ad", "")
        text = _ROOM.sub(" ", text)
        if not found or found[-1].text.endswith(" "):
            text = text.lstrip(" ")
        if text:
            found.append(Run(text, bold))
    while found and not (text := found[-1].text.rstrip(" ")):
        found.pop()
    if found:
        found[-1] = Run(text, found[-1].bold)
    return tuple(found)


def joined(runs: Iterable[Run], number: int, skip: int = 0) -> Joined:
    """Make running text of runs, without the first `skip` characters; bold is kept."""
    text, bold = "", []
    for run in runs:
        words, skip = run.text[skip:], max(0, skip - len(run.text))
        if run.bold and words:
            bold.append((len(text), len(text) + len(words)))
        text += words
    return Joined(text, ((0, number),), (), tuple(bold))
