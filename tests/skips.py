"""A pytest plugin: at the end, how many tests were skipped, by reason."""

from collections import Counter
from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print one line per reason."""
    reasons = Counter(_reason(report) for report in terminalreporter.stats.get("skipped", []))
    if reasons:
        terminalreporter.write_sep("-", f"{reasons.total()} skipped")
        for reason, number in reasons.most_common():
            terminalreporter.write_line(f"{number:5} {reason}")


def _reason(report: Any) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
