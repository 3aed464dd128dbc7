"""Stands in until the desk's own module is merged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agreements.domain.checks import Finding, Level
from agreements.models import Agreement


def unacknowledged(agreement: Agreement, findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.level is not Level.INFO]


def of(agreement: Agreement, findings: Iterable[Finding]) -> dict[Finding, Any]:
    return {}
