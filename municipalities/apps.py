"""The room at the bottom: the register, and the people who act for its organisations."""

from __future__ import annotations

from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "municipalities"
    verbose_name = "Register og personer"

    def ready(self) -> None:
        """Have `check --deploy` look for demonstration people."""
        from municipalities import demonstration  # noqa: F401 - it registers itself
