"""Invitations. The link's token is nowhere in the database: only its SHA-256 is."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Lower
from django.utils import timezone

from municipalities.events import NeverDeletedModel
from municipalities.outbox import Outgoing

LASTS = dt.timedelta(days=14)
MOST_TRIES = 20
ROLES = [
    ("director", "kommunedirektør"),
    ("editor", "redaktør"),
    ("reader", "leser"),
    ("administrator", "administrator"),
]


def new_nonce() -> str:
    """What a token is derived from, together with the installation's secret."""
    return secrets.token_hex(16)


def in_two_weeks() -> dt.datetime:
    """When a link made now stops working."""
    return timezone.now() + LASTS


models.CharField.register_lookup(Length)


class Invitation(NeverDeletedModel, Outgoing):
    """Somebody is invited to a role in one municipality, by the region's administrator."""

    region = models.ForeignKey(
        "municipalities.Region", on_delete=models.PROTECT, related_name="invitations"
    )
    organisation = models.ForeignKey(
        "municipalities.Organisation",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="kommune",
    )
    email = models.EmailField("e-postadresse")
    role = models.CharField("rolle", max_length=15, choices=ROLES)
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    token_sha256 = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = models.DateTimeField(default=in_two_weeks)
    tries = models.PositiveSmallIntegerField(default=0)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta(Outgoing.Meta):
        verbose_name = "invitasjon"
        verbose_name_plural = "invitasjoner"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="invitation_email_lower_case", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="invitation_has_a_hash", condition=Q(token_sha256__length=64)
            ),
            models.CheckConstraint(
                name="invitation_used_by_somebody",
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invitation_used_or_revoked",
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="invitation_to_a_role_that_may_be_given",
                condition=Q(role__in=[role for role, _ in ROLES]),
            ),
            models.UniqueConstraint(
                name="invitation_once_while_open",
                fields=["organisation", "email", "role"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitasjon {self.pk}"

    @property
    def expired(self) -> bool:
        """Whether the time has run out."""
        return self.expires_at <= timezone.now()

    @property
    def usable(self) -> bool:
        """Whether the link works now."""
        dead = self.used_at or self.revoked_at or self.expired
        return not dead and self.tries < MOST_TRIES
