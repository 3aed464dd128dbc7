"""How long the documents take to make. Run by hand: python benchmarks/render.py

Prints CPU seconds, the median of five warm renders, and how many times as long as an empty page each
takes, and a final file with signature fields beside the draft. Ratios may be compared between machines,
seconds may not. A process's first document costs what the first line says on top: WeasyPrint is
imported and the fonts are unpacked.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("LOCAL", "1")

import django

from agreements import documents
from agreements.documents import engine, renderer
from agreements.documents.agreement import agreement_html
from tests import model_agreement, stress_documents

EMPTY = '<!doctype html><html lang="nb"><head><title>Tom</title></head><body></body></html>'


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds for doing it once."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Measure the first document, an empty page and agreements of many sizes."""
    django.setup()
    # In this process, whose time is measured.
    renderer.pdf = lambda html, names=(): engine.write(html, names)
    print(f"{'first, empty page':30}{seconds(lambda: renderer.pdf(EMPTY)):8.2f} s", flush=True)
    empty = median(seconds(lambda: renderer.pdf(EMPTY)) for _ in range(5))
    print(f"{'empty page':30}{empty:8.3f} s", flush=True)
    made = {"model agreement": model_agreement.agreement()} | stress_documents.stress()
    for name, document in made.items():
        issue = documents.draft(document)
        final = documents.Issue(documents.Kind.FINAL, 1, issue.sha256, signature_fields=True)
        taken = median(seconds(lambda: documents.agreement_pdf(document, issue)) for _ in range(5))  # noqa: B023
        signed = median(seconds(lambda: documents.agreement_pdf(document, final)) for _ in range(5))  # noqa: B023
        template = seconds(lambda: agreement_html(document, issue))  # noqa: B023
        print(
            f"{name:30}{taken:8.3f} s   x {taken / empty:6.1f}   final x {signed / taken:.2f}"
            f"   of it the page {template:.3f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
