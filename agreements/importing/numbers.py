"""Reading the number a point was given by hand, and judging whether it can come next. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MAX_DEPTH = 5  # deeper numbers than 1.2.3.4.5 are not points of an agreement
_MAX_GAP = 3  # a point or two may have been taken out; more is another kind of number
_MARK = r"(?:§+|punkt|pkt\.?|kapittel|kap\.?|artikkel)\s*"
_LINE = re.compile(
    rf"(?:{_MARK})?(?P<number>\d{{1,2}}(?:(?:\s?[.,]\s?|\s)\d{{1,2}}(?!\d)){{0,{_MAX_DEPTH - 1}}})\W*\w.*",
    re.IGNORECASE,
)
_AFTER = re.compile(r"(\s[.):]+(?=\s)|[.):]+|)(\s*)(.*)")  # matches anything
MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A point's number: as printed («§ 5.4 1.») and as its parts (5, 4, 1)."""

    printed: str
    parts: tuple[int, ...]

    @property
    def dotted(self) -> str:
        """The number in its usual form, «5.4.1»."""
        return ".".join(str(part) for part in self.parts)

    @property
    def broken(self) -> bool:
        """Tell whether it was typed in another form than «5.4.1», a closing «.» or «)» left out."""
        bare = re.sub(rf"^{_MARK}", "", self.printed, flags=re.IGNORECASE)
        return bare.rstrip(".): ") != self.dotted


def readings(text: str) -> list[tuple[Number, str]]:
    """Return the ways a line may begin with a point's number, the longest number first, with the rest.

    «5.4 1 Samarbeid» is read as 5.4.1 or as 5.4 with the heading «1 Samarbeid»; which one fits is
    for `follows` to say. Dates and text that begins with a small letter give nothing.
    """
    match = _LINE.match(text)
    if not match:
        return []
    found = []
    digits = [(m.start(), m.end()) for m in re.finditer(r"\d+", match["number"])]
    for count in range(len(digits), 0, -1):
        stop = match.start("number") + digits[count - 1][1]
        after = _AFTER.match(text, stop)
        assert after, "what comes after a number may be nothing at all"
        end, space, rest = after.groups()
        parts = tuple(int(match["number"][a:b]) for a, b in digits[:count])
        if all(parts) and _may_head(rest, parts, end, space):
            found.append((Number(text[:stop] + end.rstrip(), parts), rest))
    return found


def follows(last: tuple[int, ...], seen: set[tuple[int, ...]], parts: tuple[int, ...]) -> bool:
    """Tell whether a point numbered `parts` may come after the point `last`.

    It may be a child, the next on any level (some may be missing), or a number used twice. A
    single number from the past is a numbered list, not a point.
    """
    if parts == last[: len(parts)] or parts in seen:
        return len(parts) > 1 or (parts == last[:1] and parts[0] > 1)
    same = 0
    while same < min(len(last), len(parts)) and last[same] == parts[same]:
        same += 1
    step = parts[same] - (last[same] if same < len(last) else 0)
    below = parts[same + 1 :]
    return 1 <= step <= _MAX_GAP and len(below) <= 1 and all(part <= _MAX_GAP for part in below)


def skips(last: tuple[int, ...], parts: tuple[int, ...]) -> bool:
    """Tell whether numbers are missing between two points."""
    return parts not in (
        (*last, 1),
        *((*last[:depth], last[depth] + 1) for depth in range(len(last))),
    )


def starts_with_month(text: str) -> bool:
    """Tell whether `text` begins with the name of a month: «1. januar» is a date."""
    words = re.findall(r"\w+", text[:20].casefold())
    return bool(words) and words[0] in MONTHS


def _may_head(rest: str, parts: tuple[int, ...], end: str, space: str) -> bool:
    first = rest.lstrip("«“\"'(")[:1]
    if starts_with_month(rest):
        return False
    if first.isdigit():
        # «6. 3 kommuner», but neither «1.1. 2022» nor «5.2 10».
        return "." in end and bool(space) and not re.match(r"\d{3,}", rest)
    if not first.isupper():
        return False
    # «5.Ansvar» is a heading written close; «7B» and «50% I» are not.
    return bool(space) or "." in end
