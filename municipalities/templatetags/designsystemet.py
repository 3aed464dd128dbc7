"""Template tags for Designsystemet markup: the crispy pack, and the parts every page is built from.

The css and the web components read attributes (`data-color`, `data-variant`), so most parts are
plain HTML. What is here needs Python: wiring `aria-describedby`, finding what an error message
should point at, and wrapping a block of template in markup that must not be forgotten.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.conf import settings
from django.contrib.messages import constants as message_levels
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify

from municipalities.once import piece

register = template.Library()

MESSAGE_COLORS = {
    message_levels.SUCCESS: "success",
    message_levels.WARNING: "warning",
    message_levels.ERROR: "danger",
}


# A longer text is measured when it is sent: «49 692 tegn igjen» helps nobody.
MOST_COUNTED = 2000


# --- form fields ---------------------------------------------------------------------------------


def _is_group(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


def counter_limit(field: BoundField) -> int:
    """The number of characters a text area counts down from, 0 for none.

    Only a limit somebody may meet, and where nothing is wrong, or the length is: the counter of
    ds-field takes `aria-invalid` away from a text that is short enough, also when the server
    refused it for another reason.
    """
    limit = getattr(field.field, "max_length", None)
    if not isinstance(field.field.widget, forms.Textarea) or not 0 < (limit or 0) <= MOST_COUNTED:
        return 0
    codes = {error.code for error in field.errors.as_data()}
    return limit if codes <= {"max_length"} else 0


@register.filter
def field_kind(field: BoundField) -> str:
    """Which markup a field gets: hidden, checkbox, group, counted or input."""
    if field.is_hidden:
        return "hidden"
    if _is_group(field):
        return "group"
    if isinstance(field.field.widget, forms.CheckboxInput):
        return "checkbox"
    return "counted" if counter_limit(field) else "input"


@register.filter
def field_counter(field: BoundField) -> int:
    """The limit a counted text area counts down from."""
    return counter_limit(field)


@register.filter
def described_by(field: BoundField) -> str:
    """Ids for `aria-describedby`: what is wrong first, then the help, then the unit."""
    ids = []
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if getattr(field.field, "suffix", ""):
        ids.append(f"{field.auto_id}_suffix")
    return " ".join(ids)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say «Valgfritt». A lone checkbox may always be left alone, and needs no tag."""
    if field.field.required or field.field.disabled or field_kind(field) == "checkbox":
        return False
    return bool(getattr(field.form, "mark_optional", True))


@register.simple_tag
def ds_widget(field: BoundField, label: str = "") -> SafeString:
    """The control itself, with the class and the aria wiring. `label` replaces a visible label."""
    widget = copy.copy(field.field.widget)
    widget.attrs = dict(widget.attrs)
    # Django's cols=40 would win over the full width.
    widget.attrs.pop("cols", None)
    attrs: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} ds-input".strip()}
    if ids := described_by(field):
        attrs["aria-describedby"] = ids
    if label:
        attrs["aria-label"] = label
    if isinstance(widget, forms.Textarea):
        # It would cut off what is pasted, before anything can say how much too long it is.
        widget.attrs.pop("maxlength", None)
    return field.as_widget(widget=widget, attrs=attrs)


@register.simple_tag
def ds_option(option: BoundWidget) -> SafeString:
    """One radio button or checkbox of a group, without its label."""
    option.data["attrs"]["class"] = "ds-input"
    # The message belongs to the group: repeated on every option it is read aloud every time.
    option.data["attrs"].pop("aria-describedby", None)
    return option.tag()


# --- error summary -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of an error summary; `target` is the id it links to, empty for none."""

    message: str
    target: str = ""


def error_target(field: BoundField) -> str:
    """The id an error message links to: the control, or the first option of a group."""
    if field.is_hidden:
        return ""
    if _is_group(field):
        # Django gives a group no id_for_label, as no label is for all of it.
        options = field.subwidgets
        return str(options[0].id_for_label) if options else ""
    return str(field.id_for_label)


def _form_lines(form: forms.BaseForm, prefix: str = "") -> Iterable[SummaryLine]:
    for message in form.non_field_errors():
        yield SummaryLine(prefix + message)
    for field in form:
        for message in field.errors:
            yield SummaryLine(prefix + message, error_target(field))


def summary_lines(*parts: forms.BaseForm | BaseFormSet | None) -> list[SummaryLine]:
    """Every message of the given forms and formsets, in the order they are given.

    A line from a formset says which row it is about, as the rows share their wording.
    """
    lines: list[SummaryLine] = []
    for part in parts:
        if isinstance(part, BaseFormSet):
            if part.is_bound:
                lines += [SummaryLine(message) for message in part.non_form_errors()]
            for number, form in enumerate(part.forms, start=1):
                lines += _form_lines(form, f"{getattr(form, 'row_label', f'Rad {number}')}: ")
        elif part is not None:
            lines += _form_lines(part)
    return lines


@register.simple_tag
def error_summary(*parts: forms.BaseForm | BaseFormSet | None) -> SafeString:
    """The linked summary at the top of a page that was sent back: `{% error_summary form rows %}`."""
    lines = summary_lines(*parts)
    if not lines:
        return SafeString("")
    return SafeString(render_to_string("components/error_summary.html", {"lines": lines}))


# --- parts of a page -----------------------------------------------------------------------------


@register.simple_block_tag
def page_header(content: str, heading: str, lead: str = "", eyebrow: str = "") -> SafeString:
    """The page's only h1. The block holds what stands to the right: status and buttons."""
    return SafeString(
        render_to_string(
            "components/page_header.html",
            {"heading": heading, "lead": lead, "eyebrow": eyebrow, "actions": content.strip()},
        )
    )


@register.simple_block_tag
def table_region(content: str, caption: str, **options: Any) -> SafeString:
    """A table that scrolls inside its own region, which takes focus so that arrow keys scroll it.

    The block holds thead, tbody and tfoot. `hide_caption=True` where a heading just above says the
    same; `note` is printed under the table; `sticky=True` keeps the first column in view.
    """
    context = {
        "content": content,
        "caption": caption,
        "id": options.get("id") or f"tabell-{slugify(caption)}",
        "hide_caption": options.get("hide_caption", False),
        "note": options.get("note", ""),
        "sticky": options.get("sticky", False),
    }
    return SafeString(render_to_string("components/table_region.html", context))


@register.simple_block_tag
def alert(content: str, color: str = "info", heading: str = "", level: int = 2) -> SafeString:
    """A boxed message; color is info, success, warning or danger; `level` is the heading's level."""
    title = (
        format_html('<h{0} class="ds-heading" data-size="2xs">{1}</h{0}>', level, heading)
        if heading
        else ""
    )
    return format_html(
        '<div class="ds-alert" data-color="{}">{}{}</div>', color, title, SafeString(content)
    )


@register.simple_block_tag
def empty_state(content: str, heading: str, level: int = 2) -> SafeString:
    """What stands where a list would: why it is empty, and in the block what to do about it."""
    return format_html(
        '<div class="empty-state"><h{0} class="ds-heading" data-size="xs">{1}</h{0}>{2}</div>',
        level,
        heading,
        SafeString(content),
    )


@register.simple_block_tag
def facts(content: str) -> SafeString:
    """A description list; the block holds `{% fact %}` tags."""
    return format_html('<dl class="facts">{}</dl>', SafeString(content))


@register.simple_block_tag
def fact(content: str, label: str) -> SafeString:
    """One line of a description list: the block is the value."""
    value = content.strip() or "Ikke fylt ut"
    missing = "" if content.strip() else SafeString(' class="facts__missing"')
    return format_html("<div><dt>{}</dt><dd{}>{}</dd></div>", label, missing, SafeString(value))


@register.simple_tag
def tag(text: str, color: str = "neutral") -> SafeString:
    """A small label for a status, begun with a capital letter.

    `color` is neutral, info, success, warning or danger.
    """
    return format_html('<span class="ds-tag" data-color="{}">{}</span>', color, capfirst(text))


def _plain(text: str) -> str:
    """The text, to be escaped where it is shown: one that is safe counts as the same as one that is not."""
    return "" + str(text)


@register.simple_tag
def breadcrumbs(*pairs: str) -> SafeString:
    """Where the page is: `{% breadcrumbs "Avtaler" list_url agreement.title "" %}`, last one here."""
    crumbs = tuple(
        (_plain(label), _plain(url)) for label, url in zip(pairs[::2], pairs[1::2], strict=True)
    )
    parent = next((crumb for crumb in reversed(crumbs) if crumb[1]), None)
    return piece("components/breadcrumbs.html", ("crumbs", "parent"), crumbs, parent)


@register.simple_tag(takes_context=True)
def subnav(context: template.Context, items: Sequence[Any], label: str) -> SafeString:
    """Navigation between the pages of one thing, as real links with `aria-current`.

    An item has `label` and `url`, and may have `count` and `count_label` («3», «funn»). The current
    one is the item with `current`, else the one whose address is this page's.
    """
    request = context.get("request")
    path = request.path if request is not None else ""
    shown = tuple(
        (
            _plain(item["label"]),
            _plain(item["url"]),
            bool(item.get("current")) or item["url"] == path,
            item.get("count") or 0,
            _plain(item.get("count_label", "")),
        )
        for item in items
    )
    return piece("components/subnav.html", ("items", "label"), shown, _plain(label))


@register.simple_tag(takes_context=True)
def current_if(context: template.Context, address: str) -> SafeString:
    """` aria-current="page"` where the page is the address, `"true"` where it is beneath it."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    if request.path == address:
        return SafeString(' aria-current="page"')
    if address != "/" and request.path.startswith(address):
        return SafeString(' aria-current="true"')
    return SafeString("")


@register.filter
def message_color(level: int) -> str:
    """The colour of a message from django.contrib.messages."""
    return MESSAGE_COLORS.get(level, "info")


@register.simple_tag
def footer_links() -> SafeString:
    """What we say of accessibility, and the links the operator has configured, where they are set."""
    links = [(reverse("accessibility"), "Tilgjengelighet")]
    if settings.ACCESSIBILITY_STATEMENT_URL:
        links.append((settings.ACCESSIBILITY_STATEMENT_URL, "Tilgjengelighetserklæring"))
    if settings.FEEDBACK_EMAIL:
        links.append((f"mailto:{settings.FEEDBACK_EMAIL}", "Gi tilbakemelding"))
    return format_html_join("", '<li><a class="ds-link" href="{}">{}</a></li>', links)
