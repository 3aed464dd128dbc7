"""Reading and writing long and hostile clause text. Run by hand: python benchmarks/clause_text.py

Prints CPU seconds for 250 000 characters, and how many times as long four times the text takes
(about 4 is linear, 16 is quadratic).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agreements.domain.markup import parse, serialise
from tests.domain.markup_texts import HOSTILE

SIZE = 250_000


def seconds(text: str) -> float:
    """CPU seconds for one round trip."""
    begun = time.process_time()
    serialise(parse(text))
    return time.process_time() - begun


def main() -> None:
    """Measure every kind of text."""
    for name, piece in HOSTILE.items():
        short, long = (
            seconds((piece * (size // len(piece) + 1))[:size]) for size in (SIZE, 4 * SIZE)
        )
        print(f"{name:24}{short:8.2f} s   x {long / short:.1f}", flush=True)


if __name__ == "__main__":
    main()
