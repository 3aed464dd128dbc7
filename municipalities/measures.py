"""What is counted and timed while the program runs, for Prometheus. See `config.metrics`.

Labels are names out of the code, never a person, an agreement or a path.
"""

from __future__ import annotations

from prometheus_client import Counter, Histogram

PREFIX = "samarbeidsavtaler"
REQUESTS = Counter(f"{PREFIX}_requests", "Requests answered.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    f"{PREFIX}_request_seconds",
    "Seconds from a request came until its answer began.",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
RENDERING_SECONDS = Histogram(
    f"{PREFIX}_rendering_seconds",
    "Seconds it took to make a PDF, those that failed too.",
    buckets=(0.5, 1, 2, 5, 10, 30, 60),
)
RENDERING_FAILURES = Counter(f"{PREFIX}_rendering_failures", "PDFs that could not be made.")
