"""The base of every command: answers on stdout, one line on stderr when it cannot run, no traceback.

Exit codes: 0 done, 1 there are findings, 2 it cannot run.
"""

from __future__ import annotations

import argparse
import io
import sys
from typing import Any, NoReturn

from django.core.management.base import (
    BaseCommand,
    CommandError,
    CommandParser,
    handle_default_options,
)
from django.db import DatabaseError, connections

FINDINGS = 1
CANNOT_RUN = 2


class CannotRunError(CommandError):
    """The command cannot do what it was asked; the message is one line saying what and where."""

    def __init__(self, message: object) -> None:
        super().__init__(" ".join(str(message).split()), returncode=CANNOT_RUN)


class OneLineParser(CommandParser):
    """Says what is wrong with the arguments in one line instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        """Stop with exit code 2."""
        raise CannotRunError(f"{message} (see --help)")


class Command(BaseCommand):
    """A command that never shows a traceback for what a person may get wrong."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Give Django's own parser the one-line error."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.__class__ = OneLineParser
        return parser

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run; a database that cannot be reached is one line too, and a word that is no text."""
        try:
            return super().execute(*args, **options)
        except UnicodeEncodeError as problem:
            # A shell hands on bytes that are not UTF-8 as characters that no database takes.
            raise CannotRunError(f"not UTF-8: {problem.object[:100]!r}") from problem
        except DatabaseError as problem:
            first = str(problem).strip().splitlines()
            raise CannotRunError(f"database: {first[0] if first else problem}") from problem

    def run_from_argv(self, argv: list[str]) -> None:
        """Run what the command line says. Django would put the error's class name before the line."""
        # The name of a file may be no text; it is shown all the same.
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        parser = self.create_parser(argv[0], argv[1])
        self._called_from_command_line = True
        try:
            options = vars(parser.parse_args(argv[2:]))
            handle_default_options(argparse.Namespace(**options))
            args = options.pop("args", ())
            self.execute(*args, **options)
        except CommandError as problem:
            self.stderr.write(self.style.ERROR(str(problem)))
            raise SystemExit(problem.returncode) from problem
        finally:
            connections.close_all()

    def findings(self) -> NoReturn:
        """End with the exit code for findings; what was found is on stdout."""
        raise SystemExit(FINDINGS)
