"""What Django's password validators lack in Norwegian."""

from __future__ import annotations

from django.contrib.auth import password_validation


class MinimumLengthValidator(password_validation.MinimumLengthValidator):
    """Django's own, with a message in Norwegian: its translation does not have the new wording."""

    def get_error_message(self) -> str:
        """Say how long the password must be."""
        return f"Passordet er for kort. Det må ha minst {self.min_length} tegn."
