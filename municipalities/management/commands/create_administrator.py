"""manage.py create_administrator: make a person who runs the installation."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandParser

from municipalities import people
from municipalities.commands import CannotRunError
from municipalities.commands import Command as BaseCommand
from municipalities.models import Organisation


class Command(BaseCommand):
    help = (
        "Make a person who may use the administration pages, with the roles administrator and "
        "editor in an organisation. The password is asked for twice. With --code, print the code "
        "that opens the first-run page /oppstart/ instead."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument("--email", help="the address to log in with")
        parser.add_argument("--name", help="the person's full name")
        parser.add_argument(
            "--organisation",
            metavar="KEY",
            help="a municipality number, county number or other key of the register",
        )
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        parser.add_argument("--code", action="store_true", help="print the first-run code")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the person, or print the code."""
        if options["code"]:
            self.stdout.write(people.setup_code())
            return
        missing = [f"--{name}" for name in ("email", "name", "organisation") if not options[name]]
        if missing:
            raise CannotRunError(f"{missing[0]} is needed (see --help)")
        key = options["organisation"]
        organisation = Organisation.objects.filter(key=key.replace("\x00", "")).first()
        if organisation is None:
            raise CannotRunError(f"no organisation has the key {key!r}: run load_register first?")
        password = self._password(from_stdin=options["password_stdin"])
        try:
            user = people.make_administrator(
                email=options["email"],
                name=options["name"],
                password=password,
                organisation=organisation,
            )
        except ValidationError as problem:
            first_field, messages = next(iter(problem.message_dict.items()))
            raise CannotRunError(f"{first_field}: {' '.join(messages)}") from problem
        self.stdout.write(f"{user.email} runs the installation for {organisation.name}.")

    def _password(self, *, from_stdin: bool) -> str:
        if from_stdin:
            return sys.stdin.readline().rstrip("\r\n")
        if not sys.stdin.isatty():
            raise CannotRunError("there is no terminal to ask at: use --password-stdin")
        try:
            password = getpass.getpass("Password: ")
            again = getpass.getpass("Password again: ")
        except (EOFError, KeyboardInterrupt) as problem:
            raise CannotRunError("no password was given") from problem
        if password != again:
            raise CannotRunError("the two passwords differ")
        return password
