"""Forms of the input pages. They catch a person's mistakes; `input` asserts again."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from agreements.forms import ClauseForm
from agreements.models.input import INPUT_TEXT_LIMIT, REASON_LIMIT, Comment
from agreements.trace import Places
from municipalities.form_fields import long_text
from municipalities.forms import BaseForm, RevisionForm, TokenForm

CLAUSE, SERVICE = "punkt", "tjeneste"
WHOLE = "helheten"
VISIBILITIES = [
    (Comment.Visibility.INTERNAL.value, "Bare redaktørene i regionens kommuner"),
    (Comment.Visibility.SHARED.value, "Alle som kan lese utkastet"),
]
Choices = list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]


def place_choices(places: Places) -> Choices:
    """The whole agreement, its clauses in reading order, and its services."""
    return [
        (WHOLE, "Avtalen som helhet"),
        ("Punkter", [(f"{CLAUSE}:{key}", label) for key, label in places.clauses.items()]),
        ("Tjenester", [(f"{SERVICE}:{key}", label) for key, label in places.services.items()]),
    ]


def place_keys(choice: str) -> tuple[str, str]:
    """Return (clause key, service key) of a choice; both empty for the whole agreement."""
    kind, _, key = choice.partition(":")
    return (key if kind == CLAUSE else "", key if kind == SERVICE else "")


def visibility_field() -> forms.ChoiceField:
    """Who may see it. The narrower is chosen beforehand: what was shared cannot be taken back."""
    return forms.ChoiceField(
        label="Hvem kan se innspillet?",
        choices=VISIBILITIES,
        widget=forms.RadioSelect,
        initial=Comment.Visibility.INTERNAL.value,
    )


class CommentForm(TokenForm):
    """A new comment. Only the team chooses who may see it: what others write is shared."""

    place = forms.ChoiceField(label="Hva gjelder innspillet?", initial=WHOLE)
    text = long_text("Innspill", required=True, limit=INPUT_TEXT_LIMIT, rows=8)
    visibility = visibility_field()

    def __init__(self, *args: Any, places: Places, team: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = place_choices(places)
        if not team:
            del self.fields["visibility"]


class SuggestionForm(ClauseForm):
    """A proposed wording of a clause, held to the same rules as an edit, and why."""

    mark_optional = True

    why = long_text(
        "Begrunnelse",
        required=False,
        limit=INPUT_TEXT_LIMIT,
        rows=4,
        help_text="Hvorfor teksten bør være slik.",
    )
    visibility = visibility_field()
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stored: tuple[str, str], team: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = stored
        self.fields["token"].initial = uuid.uuid4
        if not team:
            del self.fields["visibility"]

    def clean(self) -> dict[str, Any]:
        """A suggestion must change something."""
        data = super().clean() or self.cleaned_data
        if (data.get("heading"), data.get("text")) == self.stored:
            self.add_error("text", "Forslaget er likt teksten i avtalen. Endre den først.")
        return data


class AcceptForm(ClauseForm):
    """The wording a suggestion is accepted with."""


class ReplyForm(TokenForm):
    """A reply to a comment or a suggestion."""

    text = long_text("Skriv svar", required=True, limit=INPUT_TEXT_LIMIT, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].error_messages["required"] = "Skriv et svar"


class ResolveForm(BaseForm):
    """What a comment has led to."""

    reason = long_text(
        "Hva kom ut av det?", required=False, limit=REASON_LIMIT, rows=2, help_text=""
    )


class DeclineForm(BaseForm):
    """Why not."""

    reason = long_text("Begrunnelse", required=True, limit=REASON_LIMIT, rows=2)


class RestoreForm(RevisionForm):
    """The earlier wording to bring back, named by its event. Many stand on a page: none has ids."""

    event = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)


class RestoreClauseForm(BaseForm):
    """The deletion to undo."""

    event = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)


class FilterForm(BaseForm):
    """Which input to list."""

    mark_optional = False

    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Åpne"), ("alle", "Alle")],
    )
    gjelder = forms.ChoiceField(label="Gjelder", required=False)
    fra = forms.ChoiceField(label="Fra", required=False)

    def __init__(
        self,
        *args: Any,
        places: list[tuple[str, str]],
        organisations: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["gjelder"].choices = [("", "Alt"), *places]
        self.fields["fra"].choices = [("", "Alle"), *organisations]
