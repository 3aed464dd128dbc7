"""Reading the service checklist out of the points that say what the service holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agreements.domain.document import ServiceLevel
from agreements.importing.blocks import Block, Bullets, Fact, Item, Paragraph

MAX_LENGTH = 300  # of one service; the field holds no more
_LEAD = (  # the first that fits the words before the list
    (
        ServiceLevel.MINIMUM,
        re.compile(
            r"\b(?:minimum|minst|minimums\w+|minste\w+)\b.*\b(?:inne?h[oa]lde?\w*|omfatt\w+|bestå|ha)\b|^minimumstenest|^minimumstjenest",
            re.IGNORECASE,
        ),
    ),
    (
        ServiceLevel.ADDITIONAL,
        re.compile(
            r"\bi tillegg\b|\btilleggstj?enest\w*|\btilleggstilbod|\btilleggstilbud", re.IGNORECASE
        ),
    ),
    (
        ServiceLevel.QUALITY,
        re.compile(
            r"\bskal (?:være|vere)\b\W*$|\bkvalitetskrav|\bkrav til (?:kvalitet|tj?enest)"
            r"|\bskal ha (?:disse|desse|følgende|følgjande) kvalitet",
            re.IGNORECASE,
        ),
    ),
)
_CHECKLIST_HEADING = re.compile(r"innh[oa]ld|tj?enest|tilbud|tilbod|kvalitet", re.IGNORECASE)
FACTS = {
    ServiceLevel.QUALITY: "liste.kvalitetskrav",
    ServiceLevel.MINIMUM: "liste.minimumstjenester",
    ServiceLevel.ADDITIONAL: "liste.tilleggstjenester",
}
NAMES = {
    ServiceLevel.QUALITY: "Kvalitetskrav",
    ServiceLevel.MINIMUM: "Minimumstjenester",
    ServiceLevel.ADDITIONAL: "Tilleggstjenester",
}
_ABBREVIATION = re.compile(
    r"(?:osv|mv|etc|ca|jfr?|kl|nr|pkt|evt|inkl|ekskl|eks|mfl|mm|tlf|pr|.*\..*)\.", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that was read into the checklist."""

    level: ServiceLevel
    texts: tuple[str, ...]
    line_from: int
    line_to: int
    nested: bool  # held lists of its own, whose items became services too


def take(
    heading: str, blocks: list[Block], free: set[ServiceLevel]
) -> tuple[list[Block], list[Taken]]:
    """Return a point's blocks with its service lists replaced by block facts, and the lists.

    A list counts by the words right before it, or by the heading where it comes first. Only levels
    in `free` are taken, each once, and only under a heading about services or where two levels
    stand together; a list that is numbered or has a line too long for a service stays as text.
    """
    found: dict[int, ServiceLevel] = {}
    for index, block in enumerate(blocks):
        level = _level(heading, blocks, index)
        if level in free and level not in found.values() and _fits(block):
            found[index] = level
    if len(found) < 2 and not _CHECKLIST_HEADING.search(heading):
        return blocks, []
    taken = [_taken(level, blocks[index]) for index, level in found.items()]
    kept = [
        Fact(FACTS[found[index]]) if index in found else block for index, block in enumerate(blocks)
    ]
    return kept, taken


def _fits(block: Block) -> bool:
    """Tell whether a list can be services: short lines, none of them numbered."""
    return (
        isinstance(block, Bullets)
        and not block.ordered
        and all(len(item.text.text) <= MAX_LENGTH for item in _flat(block))
        and all(
            isinstance(below, Bullets) and not below.ordered
            for item in _flat(block)
            for below in item.lists
        )
    )


def _level(heading: str, blocks: list[Block], index: int) -> ServiceLevel | None:
    above = blocks[index - 1] if index else None
    lead = above.text.text if isinstance(above, Paragraph) else heading if index == 0 else ""
    return next((level for level, pattern in _LEAD if pattern.search(lead)), None)


def _taken(level: ServiceLevel, block: Block) -> Taken:
    assert isinstance(block, Bullets)  # the only kind `take` chooses
    items = list(_flat(block))
    return Taken(
        level,
        tuple(_without_stop(item.text.text) for item in items),
        items[0].text.first,
        items[-1].text.last,
        any(item.lists for item in block.items),
    )


def _flat(block: Bullets) -> Iterator[Item]:
    for item in block.items:
        yield item
        for below in item.lists:
            if isinstance(below, Bullets):
                yield from _flat(below)


def _without_stop(text: str) -> str:
    """Take away a closing full stop, but not the one of an abbreviation or of «...»."""
    word = text.split()[-1]
    closes = re.search(r"[\w)»”\"]\.\Z", word) and not _ABBREVIATION.fullmatch(word)
    return text[:-1] if closes else text
