"""What the signatures of a PDF are, found by a process beside this one: see `verification` and `kinds`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KIND = "agreements.documents.kinds:SIGNED"
UNREADABLE = "Signaturene i filen kan ikke leses. Hent filen på nytt der den ble signert."
TOO_HEAVY = (
    "Filen er for stor eller for innviklet til å leses her. Hent den på nytt der den ble signert."
)


@dataclass(frozen=True, slots=True)
class SignedField:
    """One signature. `problem` is bokmål, empty for one that holds. The time is the signer's own word."""

    field: str
    signer: str  # common name of the certificate; never an identity number
    at: dt.datetime | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """Every signature in order, and what is wrong with the file as a whole, in bokmål."""

    signatures: tuple[SignedField, ...]
    problems: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what JSON can hold, for `from_json`."""
        return {
            "signatures": [
                [one.field, one.signer, one.at.isoformat() if one.at else None, one.problem]
                for one in self.signatures
            ],
            "problems": list(self.problems),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Verified:
        """Return what `as_json` was called on."""
        return cls(
            tuple(
                SignedField(field, signer, dt.datetime.fromisoformat(at) if at else None, problem)
                for field, signer, at, problem in told["signatures"]
            ),
            tuple(told["problems"]),
        )


def verify(content: bytes, names: Mapping[str, str] | None = None) -> Verified:
    """Look at every signature of a PDF. `names` are what to call the fields.

    Takes any bytes: what cannot be read is a problem. PdfError where nobody could look.
    """
    from municipalities.apart import process
    from municipalities.apart.errors import RenderingError, TooLargeError, TooSlowError

    try:
        given = dict(names or {})
        told, _ = process.call_once(KIND, "signatures", content, names=given)
        return Verified.from_json(told)
    except (TooSlowError, TooLargeError):
        return Verified((), (TOO_HEAVY,))
    except RenderingError:
        return Verified((), (UNREADABLE,))  # the log has the whole story
