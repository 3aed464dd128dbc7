"""manage.py reset_two_factor: let somebody who has lost app and codes start afresh."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from municipalities.accounts import people
from municipalities.commands import CannotRunError
from municipalities.commands import Command as BaseCommand
from municipalities.models import User


class Command(BaseCommand):
    help = (
        "Take somebody's two-factor app and recovery codes away, so that no code is asked for at"
        " the next login. The person is told by mail."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the arguments."""
        parser.add_argument("email", help="the address the person logs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why not."""
        email = options["email"].replace("\x00", "").strip().lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CannotRunError(f"nobody has the address {email!r}")
        if not people.reset_totp(None, user):
            raise CannotRunError(f"{email} does not log in with two factors")
        self.stdout.write(f"{email} logs in without a code until it is set up again.")
