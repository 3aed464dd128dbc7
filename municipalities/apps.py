"""The room at the bottom: the register, and the people who act for its organisations."""

from __future__ import annotations

from django.apps import AppConfig


class MunicipalitiesConfig(AppConfig):
    name = "municipalities"
    verbose_name = "Register og personer"

    def ready(self) -> None:
        """Put our OpenID Connect provider where allauth looks, and listen to logins and checks."""
        from allauth.socialaccount.providers import registry

        from municipalities import demonstration  # noqa: F401 - it registers itself
        from municipalities.accounts import signals
        from municipalities.accounts.oidc import Provider

        registry.register(Provider)
        signals.connect()
