#!/usr/bin/env python
"""Django's command line. `script/manage` runs this in the project's environment with a database."""

import os
import sys


def main() -> None:
    """Run the command given on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    from config.environment import ends_with_a_sentence

    with ends_with_a_sentence(2):
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
