"""Words that are one slip of the keys apart."""

from __future__ import annotations

_ENDINGS = frozenset({"s", "n", "r", "e", "a", "t"})


def is_slip(typed: str, right: str) -> bool:
    """Tell whether `typed` is `right` with one letter changed, missing, added, or two swapped.

    An ending (-s, -n, -r …) is no slip. Case counts. Linear in the length of the words.
    """
    if typed == right or abs(len(typed) - len(right)) > 1:
        return False
    same = 0
    for a, b in zip(typed, right, strict=False):
        if a != b:
            break
        same += 1
    a, b = typed[same:], right[same:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[1:2] == b[:1] and a[:1] == b[1:2] and a[2:] == b[2:])
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    ending = longer is a and longer in _ENDINGS and not shorter
    return longer[1:] == shorter and not ending
