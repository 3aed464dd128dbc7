"""What every form of this program has in common: wording, widgets and the crispy helper."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.db import models
from django.forms.utils import pretty_name
from django.utils.functional import cached_property

from municipalities.form_fields import (
    DateInput,
    NorwegianDecimalField,
    NorwegianIntegerField,
    Textarea,
)

# The first that fits decides how to ask for a missing answer.
_ASK: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.FileField, "Last opp {label}"),
    (forms.BooleanField, "Kryss av for «{name}»"),
    (forms.ChoiceField, "Velg {label}"),
    (forms.Field, "Fyll inn {label}"),
)
_INVALID: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateField, "Skriv {label} som en dato, for eksempel 31.12.2026"),
    (forms.DecimalField, "Skriv {label} som et tall"),
    (forms.IntegerField, "Skriv {label} som et helt tall"),
)
_WIDGETS: dict[type[forms.Widget], type[forms.Widget]] = {
    forms.DateInput: DateInput,
    forms.Textarea: Textarea,
}


class FormMixin:
    """Norwegian messages that name the field, native date inputs, and no HTML5 validation.

    Templates write the form tag, csrf_token and buttons; `{% crispy form %}` writes the error
    summary and the fields. A subclass may return a crispy Layout from `layout()`. Set
    `show_error_summary = False` on forms that share a page and list them all in one
    `{% error_summary form rows %}`, and `mark_optional = False` on search forms.

    Messages are made from the label («Fyll inn antall innbyggere»); a label that begins with a name
    gets its own `error_messages`.
    """

    use_required_attribute = False
    show_error_summary = True
    mark_optional = True
    fields: dict[str, forms.Field]
    base_fields: ClassVar[dict[str, forms.Field]]
    _is_prepared: ClassVar[bool]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        self._prepare_class()
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if self.base_fields[name].label is None:  # it may have got one by now
                prepare_field(field, str(field.label or pretty_name(name)))

    @classmethod
    def _prepare_class(cls) -> None:
        """Prepare the declared fields, which every form copies: once, as a page may hold a thousand."""
        if "_is_prepared" not in vars(cls):
            cls._is_prepared = True
            for field in cls.base_fields.values():
                if field.label is not None:
                    prepare_field(field, str(field.label))

    def layout(self) -> Layout | None:
        """The order and grouping of the fields; None for all of them, as declared."""
        return None

    @cached_property
    def helper(self) -> FormHelper:
        """What crispy asks for. Hidden fields come along although no layout mentions them."""
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        helper.layout = self.layout()
        helper.render_hidden_fields = True
        return helper


def prepare_field(field: forms.Field, label: str) -> None:
    """Give a field this program's widget and messages, wherever Django's own would be used.

    Also for fields added to a form after it was made.
    """
    replacement = _WIDGETS.get(type(field.widget))
    if replacement is not None:
        attrs = {
            name: value
            for name, value in field.widget.attrs.items()
            if value != type(field.widget)().attrs.get(name)
        }
        required, localized = field.widget.is_required, field.widget.is_localized
        field.widget = replacement(attrs)
        field.widget.is_required, field.widget.is_localized = required, localized
    for key, message in _messages(field, label).items():
        if _is_default(field, key):
            field.error_messages[key] = message


def _messages(field: forms.Field, label: str) -> dict[str, str]:
    """The wording for one field. A message stands alone in the summary, so it names its field."""
    inner = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    ask = "Svar på «{name}»" if label.endswith("?") else _first(_ASK, field)
    messages = {"required": ask.format(label=inner, name=label)}
    if invalid := _first(_INVALID, field):
        messages["invalid"] = invalid.format(label=inner)
    if isinstance(field, forms.FileField):
        messages["empty"] = f"Filen for {inner} er tom. Velg en annen fil."
    return messages | _messages_with_parameters(field, label, inner)


def _messages_with_parameters(field: forms.Field, label: str, inner: str) -> dict[str, str]:
    """The messages that Django %-formats, in which a percent sign of the label is doubled."""
    label, inner = label.replace("%", "%%"), inner.replace("%", "%%")
    gone = f"Valget for {inner} finnes ikke lenger i listen. Velg på nytt."
    messages = {
        "invalid_choice": gone,
        "invalid_list": gone,
        "invalid_pk_value": gone,
        "max_decimal_places": f"{label} kan ha høyst %(max)s desimaler",
        "max_digits": f"{label} kan ha høyst %(max)s sifre",
        "max_whole_digits": f"{label} kan ha høyst %(max)s sifre foran komma",
    }
    if isinstance(field, forms.CharField):
        ending = "Teksten har %(show_value)d."
        messages["max_length"] = f"{label} kan ha høyst %(limit_value)d tegn. {ending}"
        messages["min_length"] = f"{label} må ha minst %(limit_value)d tegn. {ending}"
    if isinstance(field, forms.EmailField):
        messages["invalid"] = f"Skriv {inner} som navn@eksempel.no"
    if isinstance(field, NorwegianDecimalField | NorwegianIntegerField):
        messages["invalid"] = f"{label}: %(reason)s"
    for key, limit, words in (
        ("min_value", getattr(field, "min_value", None), "ikke være mindre enn"),
        ("max_value", getattr(field, "max_value", None), "ikke være større enn"),
    ):
        if limit is not None:
            messages[key] = f"{label} kan {words} {field.prepare_value(limit)}"
    return messages


def _first(wordings: tuple[tuple[type[forms.Field], str], ...], field: forms.Field) -> str:
    return next((text for kind, text in wordings if isinstance(field, kind)), "")


def _is_default(field: forms.Field, key: str) -> bool:
    """Whether the field's message comes with its class and is not one the program has given."""
    current = field.error_messages.get(key)
    ours = NorwegianDecimalField | NorwegianIntegerField
    defaults = (
        vars(kind).get("default_error_messages", {}).get(key)
        for kind in type(field).__mro__
        if kind.__module__.startswith("django.") or issubclass(kind, ours)
    )
    return current is None or any(current is default for default in defaults)


class BaseForm(FormMixin, forms.Form):
    """The form to inherit from."""


class RevisionForm(BaseForm):
    """A form for something that has a revision: what the page was opened with comes back hidden."""

    revision = forms.IntegerField(
        label="Utgavenummeret", widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1
    )


class TokenForm(BaseForm):
    """A form that makes something: the token lets the same form posted twice make it once."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4


class DeleteForm(RevisionForm):
    """The button that deletes one thing at the revision the page showed.

    It shares the page with the form that saves, so its field has no id.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)


def norwegian_formfield(db_field: models.Field[Any, Any], **options: Any) -> forms.Field | None:
    """Give a model's decimal columns the field that reads a comma."""
    if isinstance(db_field, models.DecimalField):
        options["form_class"] = NorwegianDecimalField
    return db_field.formfield(**options)


class BaseModelForm(FormMixin, forms.ModelForm):
    """The model form to inherit from, with `class Meta(BaseModelForm.Meta)`."""

    class Meta:
        formfield_callback = norwegian_formfield
