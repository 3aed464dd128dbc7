"""A version with something marked as withheld from the public, and its public version."""

from __future__ import annotations

from agreements import public_versions, withholding, workflow
from agreements.domain import public_view
from agreements.domain.marks import MarkKind
from agreements.models import Agreement, StoredFile, Version, Withholding
from agreements.withholding import Marking
from tests import rounds

BASIS = "negotiation"
CITED = "offl. § 23 første ledd"


def counting(agreement: Agreement) -> Version:
    version = workflow.current(agreement)
    assert version is not None
    return version


def work(agreement: Agreement) -> public_versions.Work:
    found = public_versions.work_on(agreement)
    assert found is not None
    return found


def mark(agreement: Agreement, asked: Marking) -> Withholding:
    return withholding.mark(rounds.administrator(), agreement, counting(agreement), asked)


def words(agreement: Agreement, phrase: str, basis: str = BASIS) -> Withholding:
    return mark(agreement, Marking(MarkKind.PHRASE, basis, phrase=phrase))


def clause(agreement: Agreement, key: str, *, heading: bool = False) -> Withholding:
    return mark(agreement, Marking(MarkKind.CLAUSE, BASIS, target=key, with_heading=heading))


def row(agreement: Agreement, key: str, *, sums: bool = False) -> Withholding:
    return mark(agreement, Marking(MarkKind.ROW, BASIS, target=key, with_sums=sums))


def made(agreement: Agreement) -> StoredFile:
    """Make the public version of what is marked now."""
    seen = public_view.sha256(work(agreement).view())
    return public_versions.make(rounds.administrator(), agreement, counting(agreement), seen)
