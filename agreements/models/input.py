"""Input (innspill) to a draft: what people ask for, and what became of it. Rows are never deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from municipalities.events import NeverDeletedModel
from municipalities.models import Organisation

INPUT_TEXT_LIMIT = 5000
REASON_LIMIT = 1000


class Comment(NeverDeletedModel):
    """Something a person says about the whole draft, a clause or a service, for an organisation.

    Clauses and services are named by key, as they may be deleted; `about` is the place as it was
    printed when the comment was written. A suggestion is a comment with a `Suggestion` beside it. A
    reply has a `parent`, and follows it in visibility and in what becomes of it.
    """

    class Kind(models.TextChoices):
        COMMENT = "comment", "kommentar"
        SUGGESTION = "suggestion", "forslag"

    class Visibility(models.TextChoices):
        INTERNAL = "internal", "internt"
        SHARED = "shared", "delt"

    class State(models.TextChoices):
        OPEN = "open", "åpent"
        RESOLVED = "resolved", "avklart"
        ACCEPTED = "accepted", "tatt inn"
        DECLINED = "declined", "avslått"
        WITHDRAWN = "withdrawn", "trukket"

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, related_name="comments"
    )
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.COMMENT)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    clause_key = models.CharField(max_length=60, blank=True)
    service_key = models.CharField(max_length=60, blank=True)
    about = models.CharField(max_length=300, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name="på vegne av"
    )
    text = models.TextField("innspill", blank=True, max_length=INPUT_TEXT_LIMIT)
    visibility = models.CharField("hvem kan se det", max_length=10, choices=Visibility)
    created_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField("begrunnelse", blank=True, max_length=REASON_LIMIT)
    accepted_revision = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "innspill"
        verbose_name_plural = "innspill"
        ordering = ["pk"]
        indexes = [models.Index(fields=["agreement", "state"], name="comment_of_agreement")]
        constraints = [
            models.CheckConstraint(
                name="comment_about_one_place", condition=Q(clause_key="") | Q(service_key="")
            ),
            models.CheckConstraint(
                name="comment_closed_by_somebody_at_a_time",
                condition=Q(state="open", closed_by=None, closed_at=None, reason="")
                | (~Q(state="open") & Q(closed_by__isnull=False, closed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="comment_declined_with_a_reason",
                condition=~Q(state="declined") | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="comment_withdrawn_by_its_author",
                condition=~Q(state="withdrawn") | Q(closed_by=F("author"), reason=""),
            ),
            models.CheckConstraint(
                name="comment_accepted_as_a_revision",
                condition=Q(state="accepted", kind="suggestion", accepted_revision__isnull=False)
                | (~Q(state="accepted") & Q(accepted_revision=None)),
            ),
            models.CheckConstraint(
                name="comment_says_something", condition=Q(kind="suggestion") | ~Q(text="")
            ),
            models.CheckConstraint(
                name="comment_suggestion_about_a_clause",
                condition=Q(kind="comment") | (~Q(clause_key="") & ~Q(state="resolved")),
            ),
            models.CheckConstraint(
                name="comment_reply_follows_its_parent",
                condition=Q(parent=None)
                | Q(kind="comment", state="open", clause_key="", service_key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Innspill {self.pk}"


class Suggestion(NeverDeletedModel):
    """The wording a suggestion proposes for a clause, and the one it was made from."""

    comment = models.OneToOneField(
        Comment, on_delete=models.PROTECT, primary_key=True, related_name="suggestion"
    )
    heading = models.CharField("overskrift", max_length=160)
    text = models.TextField("tekst", blank=True)
    base_revision = models.PositiveIntegerField()
    base_heading = models.CharField(max_length=160)
    base_text = models.TextField(blank=True)

    class Meta:
        verbose_name = "forslag"
        verbose_name_plural = "forslag"
        constraints = [
            models.CheckConstraint(
                name="suggestion_changes_something",
                condition=~Q(heading=F("base_heading")) | ~Q(text=F("base_text")),
            )
        ]

    def __str__(self) -> str:
        return f"Forslag {self.pk}"
