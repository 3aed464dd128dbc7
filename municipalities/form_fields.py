"""Form fields that read and show numbers and dates the Norwegian way.

What cannot be read is shown again exactly as it was typed, together with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator

from municipalities import characters, norwegian


class DateInput(forms.DateInput):
    """The browser's own date picker. It takes and gives ISO dates, whatever the page's language."""

    input_type = "date"

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class Textarea(forms.Textarea):
    """A text area whose line breaks are one character, as in the browser's own counting.

    Forms send CR LF, which would count as two characters against max_length and make a text that
    nobody changed differ from the stored one.
    """

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"rows": 6, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was typed, with line breaks as LF."""
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


class ReadOnce(ModelChoiceIterator):
    """The rows of a choice, read once however often the widget goes through them."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        """The empty choice, where there is one, then the rows."""
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        # The QuerySet keeps what it has read; Django's own way of going through it does not.
        for row in self.queryset:
            yield self.choice(row)


class RowField(forms.ModelChoiceField):
    """A choice of one row."""

    iterator = ReadOnce

    def offer(self, rows: QuerySet[Any], read: Iterable[Any]) -> None:
        """Let these be chosen; `read` are the same rows, read already, so that they are not read again."""
        self.queryset = rows
        named = [(row.pk, self.label_from_instance(row)) for row in read]
        self.choices = named if self.empty_label is None else [("", self.empty_label), *named]


class RowsField(forms.ModelMultipleChoiceField):
    """A choice of several rows."""

    iterator = ReadOnce


class TextField(forms.CharField):
    """Text that is stored and printed: without the characters that `characters.clean` drops.

    Characters that the documents cannot print are refused, unless the text is not `printed`.
    """

    def __init__(self, *, printed: bool = True, **options: Any) -> None:
        self.printed = printed
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        """Return the text cleaned, before its length is checked. NUL stays, and is refused."""
        text = super().to_python(value)
        return text if "\x00" in text else characters.clean(text).strip()

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without maxlength: the browser would cut a text that is pasted in, and say nothing."""
        return {
            name: value
            for name, value in super().widget_attrs(widget).items()
            if name != "maxlength"
        }

    def run_validators(self, value: Any) -> None:
        """Refuse too what could be stored and shown, and would be missing from the printed agreement."""
        problems: list[Any] = []
        try:
            super().run_validators(value)
        except ValidationError as problem:
            problems += problem.error_list
        found = characters.unprintable(value) if self.printed and "\x00" not in value else []
        if found:
            problems.append(ValidationError(characters.refusal(found)))
        if problems:
            raise ValidationError(problems)


def long_text(
    label: str, *, required: bool, limit: int, rows: int, help_text: str = "", printed: bool = True
) -> TextField:
    """A text of several lines, at most `limit` characters."""
    return TextField(
        label=label,
        required=required,
        max_length=limit,
        printed=printed,
        widget=forms.Textarea(attrs={"rows": rows, "spellcheck": "true"}),
        help_text=help_text,
    )


class NorwegianDecimalField(forms.DecimalField):
    """A decimal number typed as `14,50` or `102 442,50`, see norwegian.parse_decimal.

    `suffix` is the unit shown after the input («kr», «prosent»). `shown_places` is how many decimals
    a stored number is shown with at the least: two unless the field has fewer.
    """

    default_error_messages = {"invalid": "%(reason)s"}

    def __init__(
        self,
        *,
        max_digits: int | None = None,
        decimal_places: int | None = None,
        shown_places: int | None = None,
        suffix: str = "",
        **options: Any,
    ) -> None:
        self.suffix = suffix
        most = 2 if decimal_places is None else min(2, decimal_places)
        self.shown_places = most if shown_places is None else shown_places
        options.setdefault("widget", _number_input("decimal"))
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)

    def to_python(self, value: Any) -> Decimal | None:
        """Read the number; ValidationError with the reason."""
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return norwegian.parse_decimal(str(value))
        except ValueError as error:
            raise _unreadable(self, error) from error

    def prepare_value(self, value: Any) -> Any:
        """Write a stored number the Norwegian way; leave what somebody typed alone."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            number = Decimal(value)
            return norwegian.percent(number) if self.shown_places < 2 else norwegian.rate(number)
        return value


class NorwegianIntegerField(forms.IntegerField):
    """A whole number typed as `55 757`. For years, use forms.IntegerField: they are not grouped."""

    default_error_messages = {"invalid": "%(reason)s"}

    def __init__(self, *, suffix: str = "", **options: Any) -> None:
        self.suffix = suffix
        options.setdefault("widget", _number_input("numeric"))
        super().__init__(**options)

    def to_python(self, value: Any) -> int | None:
        """Read the number; ValidationError with the reason."""
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, int):
            return value
        try:
            return norwegian.parse_integer(str(value))
        except ValueError as error:
            raise _unreadable(self, error) from error

    def prepare_value(self, value: Any) -> Any:
        """Write a stored number with grouped thousands; leave what somebody typed alone."""
        return norwegian.integer(value) if isinstance(value, int) else value


def _number_input(keyboard: str) -> forms.TextInput:
    """A text input: type=number refuses the comma in a browser with another language."""
    return forms.TextInput({"inputmode": keyboard, "autocomplete": "off", "size": 14})


def _unreadable(field: forms.Field, error: ValueError) -> ValidationError:
    return ValidationError(
        field.error_messages["invalid"], code="invalid", params={"reason": str(error)}
    )
