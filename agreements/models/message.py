"""Messages: what a person is told of an agreement, sent as mail at once, in a daily summary, or not."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from agreements.domain.notices import KINDS, MANDATORY
from agreements.models.draft import Agreement
from agreements.models.event import AgreementEvent
from municipalities.outbox import Outgoing


class Delivery(models.TextChoices):
    NOW = "now", "Med en gang"
    DIGEST = "digest", "Daglig oppsummering"
    NONE = "none", "Ikke på e-post"


KIND_CHOICES = [(kind.value, label) for kind, label in KINDS.items()]
_MANDATORY = [kind.value for kind in sorted(MANDATORY)]


class Digest(Outgoing):
    """One person's summary of one day."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()

    class Meta(Outgoing.Meta):
        constraints = [
            models.UniqueConstraint(fields=["recipient", "day"], name="digest_once_a_day")
        ]

    def __str__(self) -> str:
        return f"Oppsummering {self.day}"


class Message(Outgoing):
    """What one person is told of one event, or of a deadline. `key` keeps it from being told twice.

    `page` is the name of the page `path` leads to. `internal` is for those only who see internal input.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    kind = models.CharField(max_length=12, choices=KIND_CHOICES)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="messages")
    event = models.ForeignKey(
        AgreementEvent, on_delete=models.PROTECT, null=True, related_name="messages"
    )
    key = models.CharField(max_length=80)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    page = models.CharField(max_length=40)
    path = models.CharField(max_length=300)
    internal = models.BooleanField(default=False)
    delivery = models.CharField(max_length=8, choices=Delivery, default=Delivery.NOW)
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, related_name="messages")
    read_at = models.DateTimeField(null=True)

    class Meta(Outgoing.Meta):
        verbose_name = "varsel"
        verbose_name_plural = "varsler"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "key"], name="message_told_once"),
        ]
        indexes = [
            *Outgoing.Meta.indexes,
            models.Index(
                fields=["try_after"],
                name="message_waiting",
                condition=Q(sent_at=None, dropped_at=None, delivery="now"),
            ),
            models.Index(
                fields=["recipient"],
                name="message_for_digest",
                condition=Q(sent_at=None, dropped_at=None, delivery="digest", digest=None),
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class NoticeChoice(models.Model):
    """How a person wants one kind of message. No row: at once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices"
    )
    kind = models.CharField(max_length=12, choices=KIND_CHOICES)
    delivery = models.CharField(max_length=8, choices=Delivery)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="notice_choice_once"),
            models.CheckConstraint(
                name="notice_choice_mandatory_not_off",
                condition=~Q(kind__in=_MANDATORY) | ~Q(delivery="none"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.delivery}"
