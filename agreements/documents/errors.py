"""Why there is no PDF: what `municipalities.apart` says, and a file that must not be kept."""

from __future__ import annotations

from collections.abc import Sequence

from municipalities.apart.errors import (
    BusyError,
    PdfError,
    PdfUnavailableError,
    RenderingError,
    TooLargeError,
    TooSlowError,
)

__all__ = [
    "BusyError",
    "PdfError",
    "PdfUnavailableError",
    "RefusedError",
    "RenderingError",
    "TooLargeError",
    "TooSlowError",
]


class RefusedError(PdfError):
    """A file was made, and must not be kept. `problems` are sentences in bokmål for those who asked."""

    heading = "Filen kan ikke brukes"
    advice = "Den er laget, men ikke lagret. Dette må rettes først:"

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("the file breaks a rule: " + " ".join(problems))
        self.problems = tuple(problems)
