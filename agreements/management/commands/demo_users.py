"""Print the demonstration people that can log in here."""

from __future__ import annotations

from typing import Any

from agreements import demo
from municipalities.commands import Command as Base
from municipalities.models import User


class Command(Base):
    """Prints nothing where the accounts are missing or disabled."""

    help = "Print the demonstration users and their common password."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per person."""
        active = set(
            User.objects.filter(
                is_active=True, email__in=[person.email for person in demo.PEOPLE]
            ).values_list("email", flat=True)
        )
        people = [person for person in demo.PEOPLE if person.email in active]
        if not people:
            return
        self.stdout.write(f"Demonstration users, all with the password {demo.PASSWORD}")
        width = max(len(person.email) for person in people)
        for person in people:
            self.stdout.write(f"  {person.email:<{width}}  {person.role.label}, {person.name}")
