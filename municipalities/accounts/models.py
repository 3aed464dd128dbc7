"""What logging in keeps beside allauth's own tables: mail about an account, and the shared counters."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from municipalities.outbox import Outgoing


class AccountMail(Outgoing):
    """A mail to somebody about their own account. A link in it is made when it is sent."""

    class Kind(models.TextChoices):
        PASSWORD_RESET = "password_reset", "nytt passord"
        PASSWORD_CHANGED = "password_changed", "passordet er byttet"
        PASSWORD_MADE = "password_made", "passordet er laget"
        TOTP_ON = "totp_on", "totrinn er slått på"
        TOTP_OFF = "totp_off", "totrinn er slått av"
        TOTP_RESET = "totp_reset", "totrinn er nullstilt"
        NEW_CODES = "new_codes", "nye gjenopprettingskoder"
        LINKED = "linked", "innlogging er knyttet til"
        UNLINKED = "unlinked", "innlogging er fjernet"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    detail = models.CharField(max_length=120, blank=True)

    class Meta(Outgoing.Meta):
        verbose_name = "e-post om en bruker"
        verbose_name_plural = "e-post om brukere"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"


class SharedCache(models.Model):
    """The table of Django's database cache, made by a migration as every other table is."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "delt teller"
        verbose_name_plural = "delte tellere"

    def __str__(self) -> str:
        return self.cache_key
