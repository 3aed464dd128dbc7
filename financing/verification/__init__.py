"""Checking a contribution table that somebody else has printed. Pure; see docs/verification.md."""

from financing.verification.checking import verify
from financing.verification.reading import read, text_of
from financing.verification.result import CAUSE_LABELS, Cause, CheckedCell, FoundRule, Verification
from financing.verification.table import (
    PrintedColumn,
    PrintedNumber,
    PrintedRow,
    PrintedTable,
    Problem,
    ReadingError,
    RowKind,
)

__all__ = [
    "CAUSE_LABELS",
    "Cause",
    "CheckedCell",
    "FoundRule",
    "PrintedColumn",
    "PrintedNumber",
    "PrintedRow",
    "PrintedTable",
    "Problem",
    "ReadingError",
    "RowKind",
    "Verification",
    "read",
    "text_of",
    "verify",
]
