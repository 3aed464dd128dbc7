"""python -m benchmarks.scale pages | load. See README.md beside this folder."""

from __future__ import annotations

import argparse
import os

import django
from django.conf import settings


def main() -> None:
    """Measure what is asked for and print it as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["fill", "pages", "load"])
    parser.add_argument("--few", type=int, default=100, help="agreements in the small database")
    parser.add_argument("--many", type=int, default=10_000, help="agreements in the large one")
    parser.add_argument("--rounds", type=int, default=15, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="only pages with this in their name")
    parser.add_argument("--people", type=int, default=200, help="how many at once")
    parser.add_argument("--minutes", type=float, default=10, help="for how long")
    parser.add_argument("--anew", action="store_true", help="fill the databases again first")
    given = parser.parse_args()

    from benchmarks.scale import filling
    from config.launch import leave_on_signals

    leave_on_signals()  # so that the servers that are started here are stopped, whatever ends this
    with filling.server() as url:
        # Before settings are read: this process asks the database too.
        os.environ |= filling.environment(filling.url_of(url, filling.name_of(given.few)))
        django.setup()
        settings.ALLOWED_HOSTS = ["*"]
        sizes = [given.many] if given.what == "load" else [given.few, given.many]
        for size in sizes:
            filling.ready(url, size, anew=given.anew)
        if given.what == "pages":
            from benchmarks.scale import measuring

            found = measuring.measure(url, given.few, given.many, given.rounds, given.only)
            print(measuring.table(found, given.few, given.many))
        elif given.what == "load":
            from benchmarks.scale import load

            print(load.run(url, given.many, given.people, given.minutes))


if __name__ == "__main__":
    main()
