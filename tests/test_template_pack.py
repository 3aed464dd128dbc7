"""What the crispy pack makes of forms, without views or a database."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.forms import formset_factory
from hypothesis import given
from hypothesis import strategies as st

from municipalities.form_fields import NorwegianDecimalField, NorwegianIntegerField
from municipalities.forms import BaseForm
from tests.markup import show


class PlanForm(BaseForm):
    title = forms.CharField(label="Tittel", max_length=20, help_text="Vises <b>øverst</b>.")
    start = forms.DateField(label="Startdato")
    end = forms.DateField(label="Sluttdato", required=False)
    rate = NorwegianDecimalField(
        label="Sats", suffix="kr", decimal_places=2, max_digits=5, min_value=Decimal("0.50")
    )
    inhabitants = NorwegianIntegerField(label="Antall innbyggere", min_value=1)
    status = forms.ChoiceField(
        label="Status",
        choices=[("yes", "Bekreftet"), ("no", "Avslått")],
        widget=forms.RadioSelect,
        help_text="Slik kommunen har meldt.",
    )
    kind = forms.ChoiceField(label="NAV-kontor", choices=[("", "Velg"), ("a", "A")])
    services = forms.MultipleChoiceField(
        label="Tjenester",
        choices=[("k", "Kurs"), ("v", "Veiledning")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label="Merknad", max_length=10, required=False, widget=forms.Textarea)
    file = forms.FileField(label="Signert fil", required=False)
    read = forms.BooleanField(label="Jeg har lest utkastet")
    join = forms.ChoiceField(label="Blir dere med?", choices=[("", "Velg"), ("j", "Ja")])
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def layout(self) -> Layout:
        """Grouped, and without the hidden field: it must come along all the same."""
        return Layout(
            "title",
            Row("start", "end"),
            Fieldset("Økonomi", "rate", "inhabitants", "kind"),
            InlineRadios("status"),
            *("services", "note", "file", "read", "join"),
        )


class RowForm(BaseForm):
    pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    amount = NorwegianDecimalField(label="Beløp", decimal_places=2, suffix="kr")
    kind = forms.ChoiceField(label="Slag", choices=[("a", "A"), ("b", "B")], required=False)


class PlainForm(forms.Form):
    """A form somebody else wrote: no mixin, no helper."""

    name = forms.CharField(label="Navn", widget=forms.Textarea)
    agree = forms.BooleanField(label="Enig")


RowSet = formset_factory(RowForm, extra=0)
SAID_WRONG = {
    "title": "x" * 21,
    "rate": "12,345,6",
    "inhabitants": "0",
    "status": "perhaps",
    "note": "x" * 11,
}


def rows(data: dict[str, str] | None = None) -> Any:
    formset = RowSet(data, prefix="bidrag", initial=[{"pk": 7, "amount": Decimal("1234.5")}])
    formset.forms[0].row_label = "Hole"
    return formset


def test_a_filled_form_shows_every_field_with_label_and_no_errors() -> None:
    initial = {"rate": Decimal("14.5"), "inhabitants": 31581, "start": dt.date(2026, 1, 1)}
    page = show("{% crispy form %}", form=PlanForm(initial=initial))
    for control in page.all(class_="ds-input"):
        assert page.all("label", for_=control["id"]), control
    assert page.one(id="id_rate")["value"] == "14,50"
    assert page.one(id="id_inhabitants")["value"] == "31\u00a0581"
    start = page.one(id="id_start")
    assert (start["type"], start["value"]) == ("date", "2026-01-01")
    assert page.one(id="id_revision")["type"] == "hidden"
    assert page.all("ds-error-summary") == page.all(data_field="validation") == []
    assert page.all(aria_invalid="true") == []
    assert not any("required" in node or "cols" in node for node in page.nodes)
    assert page.all("form") == page.all(type_="submit") == page.all("button") == []


def test_help_stands_before_the_control_and_errors_after() -> None:
    page = show("{% crispy form %}", form=PlanForm(SAID_WRONG))
    title = page.one(id="id_title")
    places = [
        page.place(page.one("label", for_="id_title")),
        page.place(page.one(id="id_title_helptext")),
        page.place(title),
        page.place(page.one(id="id_title_error")),
    ]
    assert places == sorted(places)
    assert title["aria-describedby"] == "id_title_error id_title_helptext"
    assert title["aria-invalid"] == "true"
    assert page.one(id="id_title_helptext").text == "Vises øverst."
    assert page.one(id="id_rate")["aria-describedby"] == "id_rate_error id_rate_suffix"
    assert page.one(id="id_rate_suffix").text == "kr"


def test_every_id_is_unique_and_everything_that_points_points_somewhere() -> None:
    page = show(
        "{% error_summary form rows %}{% crispy form %}"
        '{% include "components/formset_table.html" with formset=rows caption="Bidrag" %}',
        form=_without_summary(PlanForm(SAID_WRONG)),
        rows=rows({"bidrag-TOTAL_FORMS": "1", "bidrag-INITIAL_FORMS": "1"}),
    )
    ids = [node["id"] for node in page.nodes if "id" in node]
    assert len(ids) == len(set(ids))
    for node in page.nodes:
        for name in ("for", "aria-describedby", "aria-labelledby"):
            assert set(node.get(name, "").split()) <= set(ids), node
        if node.get("href", "").startswith("#"):
            assert node["href"][1:] in ids


def _without_summary(form: PlanForm) -> PlanForm:
    form.show_error_summary = False
    return form


def test_the_summary_says_the_same_as_the_fields_and_links_to_them() -> None:
    page = show("{% crispy form %}", form=PlanForm(SAID_WRONG))
    summary = page.one("ds-error-summary")
    assert page.nodes[0] is summary
    links = {a["href"]: a.text for a in page.all("a") if summary in a.parents}
    at_fields = {
        node["id"].removesuffix("_error"): node.text
        for node in page.all(data_field="validation")
        if "id" in node
    }
    assert links == {
        f"#{'id_status_0' if name == 'id_status' else name}": text
        for name, text in at_fields.items()
    }
    # A hidden field has nowhere to link to, and is still told of.
    assert "Fyll inn revision" in summary.text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("start", "Fyll inn startdato"),
        ("kind", "Velg NAV-kontor"),
        ("read", "Kryss av for «Jeg har lest utkastet»"),
        ("join", "Svar på «Blir dere med?»"),
        ("title", "Tittel kan ha høyst 20 tegn. Teksten har 21."),
        ("inhabitants", "Antall innbyggere kan ikke være mindre enn 1"),
        ("status", "Valget for status finnes ikke lenger i listen. Velg på nytt."),
    ],
)
def test_messages_name_the_field_in_norwegian(name: str, message: str) -> None:
    assert PlanForm(SAID_WRONG).errors[name] == [message]


def test_messages_given_by_the_program_are_kept() -> None:
    class Named(BaseForm):
        hole = forms.CharField(label="Hole", error_messages={"required": "Fyll inn Holes svar"})

    assert Named({}).errors["hole"] == ["Fyll inn Holes svar"]


def test_a_label_with_a_percent_sign_does_not_break_its_messages() -> None:
    class Percent(BaseForm):
        share = forms.CharField(label="Andel i %", max_length=2)

    assert Percent({"share": "100"}).errors["share"] == [
        "Andel i % kan ha høyst 2 tegn. Teksten har 3."
    ]
    assert Percent({}).errors["share"] == ["Fyll inn andel i %"]


def test_a_group_is_one_fieldset_named_by_its_legend() -> None:
    page = show("{% crispy form %}", form=PlanForm(SAID_WRONG))
    group = page.one("fieldset", id="div_id_status")
    assert group["aria-labelledby"] == "id_status_legend"
    assert group["aria-describedby"] == "id_status_error id_status_helptext"
    assert "ds-fieldset--inline" in group["class"]
    options = page.all("input", type_="radio")
    assert [node["id"] for node in options] == ["id_status_0", "id_status_1"]
    assert all(group in node.parents and "aria-describedby" not in node for node in options)


def test_only_what_may_be_left_out_is_tagged() -> None:
    page = show("{% crispy form %}", form=PlanForm())
    around = [node.parents[-1] for node in page.all("span", class_="ds-tag")]
    tagged = {node.get("for") or node["id"] for node in around}
    assert tagged == {"id_end", "id_note", "id_file", "id_services_legend"}
    search = PlanForm()
    search.mark_optional = False
    assert show("{% crispy form %}", form=search).all("span", class_="ds-tag") == []


def test_a_text_area_counts_down_and_can_be_typed_past_its_limit() -> None:
    page = show("{% crispy form %}", form=PlanForm())
    note = page.one("textarea", id="id_note")
    assert "maxlength" not in note
    assert note.parents[-1].name == "ds-field"
    assert page.one(data_field="counter")["data-limit"] == "10"
    assert page.one(id="id_title")["maxlength"] == "20"


def test_a_refused_text_area_keeps_aria_invalid_from_the_counter() -> None:
    form = PlanForm({"note": "kort"})
    form.add_error("note", "Merknaden nevner en person")
    page = show("{% crispy form %}", form=form)
    assert page.all(data_field="counter") == []
    assert page.one("textarea", id="id_note")["aria-invalid"] == "true"


def test_line_breaks_count_as_one_character() -> None:
    form = PlanForm({"note": "a\r\nb\r\nc\r\nd"})
    assert "note" not in form.errors
    assert form.cleaned_data["note"] == "a\nb\nc\nd"


def test_what_was_typed_comes_back_as_it_was_typed() -> None:
    page = show("{% crispy form %}", form=PlanForm(SAID_WRONG))
    assert page.one(id="id_rate")["value"] == "12,345,6"
    assert page.one(id="id_inhabitants")["value"] == "0"


@pytest.mark.parametrize("source", ["{% crispy form %}", "{{ form|crispy }}"])
def test_a_form_from_elsewhere_is_rendered_too(source: str) -> None:
    page = show(source, form=PlainForm({}))
    assert "cols" not in page.one("textarea", id="id_name")
    assert {a["href"] for a in page.all("a")} == {"#id_name", "#id_agree"}


def test_a_formset_table_labels_every_cell_and_says_which_row_is_wrong() -> None:
    data = {"bidrag-TOTAL_FORMS": "1", "bidrag-INITIAL_FORMS": "1", "bidrag-0-pk": "7"}
    source = (
        '{% error_summary rows %}{% include "components/formset_table.html" with formset=rows '
        'caption="Bidrag" row_heading="Kommune" add_label="Legg til rad" %}'
    )
    page = show(source, rows=rows(data))
    assert page.one("a").text == "Hole: Fyll inn beløp"
    assert page.one("a")["href"] == "#id_bidrag-0-amount"
    assert page.one("label", for_="id_bidrag-0-amount").text == "Beløp, Hole"
    region = page.one(class_="table-region")
    assert region["tabindex"] == "0"
    assert page.one(id=region["aria-labelledby"]).text == "Bidrag"
    assert len(page.all("input", id="id_bidrag-0-pk")) == 1
    assert page.one(id="id_bidrag-TOTAL_FORMS")["value"] == "1"
    template = page.one("template")
    assert template in page.one(id="id_bidrag-__prefix__-amount").parents


@given(st.decimals(-99999, 99999, places=2, allow_nan=False))
def test_a_shown_decimal_reads_back_as_itself(number: Decimal) -> None:
    field = NorwegianDecimalField(decimal_places=2)
    shown = field.prepare_value(number)
    assert field.clean(shown) == number
    assert not field.has_changed(number, shown)


@given(st.integers(-(10**9), 10**9))
def test_a_shown_integer_reads_back_as_itself(number: int) -> None:
    field = NorwegianIntegerField()
    shown = field.prepare_value(number)
    assert field.clean(shown) == number
    assert not field.has_changed(number, shown)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14,50", "14.50"),
        ("14.50", "14.50"),
        ("102 442,50", "102442.50"),
        ("102\u00a0442,50 kr", "102442.50"),
        ("102\u202f442,5", "102442.5"),
        ("124.890", "124890"),
    ],
)
def test_norwegian_decimals_are_read(typed: str, read: str) -> None:
    assert NorwegianDecimalField(decimal_places=2).clean(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["", "  ", None])
def test_nothing_is_nothing(typed: str | None) -> None:
    assert NorwegianDecimalField(required=False).clean(typed) is None
    assert NorwegianIntegerField(required=False).clean(typed) is None


def test_limits_are_written_in_norwegian() -> None:
    form = PlanForm({"rate": "0,25"})
    assert form.errors["rate"] == ["Sats kan ikke være mindre enn 0,50"]
    assert PlanForm({"rate": "1,234"}).errors["rate"] == ["Sats kan ha høyst 2 desimaler"]


def test_percentages_are_shown_without_needless_decimals() -> None:
    field = NorwegianDecimalField(decimal_places=3, shown_places=0)
    assert [field.prepare_value(Decimal(n)) for n in ("4.100", "4", "3.125")] == [
        "4,1",
        "4",
        "3,125",
    ]
