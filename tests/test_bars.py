"""The bars as they are drawn: on pages, and in the contribution table's PDF."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template import Context, Template

from agreements import documents
from agreements.documents.agreement import agreement_html
from agreements.documents.contributions import contributions_html
from financing.bands import bands
from financing.bars import bars
from tests import builders, stress_documents
from tests.markup import Page
from tests.pdf_reading import read


def source(options: str = "bars=True") -> str:
    tag = "{% load contributions %}{% contribution_table table " + options + " %}"
    return Template(tag).render(Context({"table": builders.a_table()}))


def drawn() -> Page:
    return Page(source())


def test_a_page_has_a_bar_for_each_contributor_and_none_for_a_sum() -> None:
    page = drawn()
    svgs = page.all("svg")
    assert len(svgs) == len(builders.a_table().rows)
    assert [rect["class"] for rect in page.all("rect")] == ["y1", "y6", "y10"] * 6
    assert page.all("rect")[1]["x"] == "32.00%"


def test_only_the_eye_is_told_of_the_bars() -> None:
    cells = [
        node for node in (*drawn().all("th"), *drawn().all("td")) if "bar" in node.get("class", "")
    ]
    lines = len(builders.a_table().rows) + 4  # two counties, two totals
    assert len(cells) == lines + 1
    assert {cell["aria-hidden"] for cell in cells} == {"true"}


def test_every_row_has_as_many_cells_as_the_heading() -> None:
    rows = re.findall(r"<tr.*?</tr>", source(), re.DOTALL)
    assert {len(re.findall(r"<t[hd][ >]", row)) for row in rows} == {7}


def test_no_style_attribute_on_a_page() -> None:
    assert "style=" not in source()


def test_the_heading_of_a_year_is_the_key_to_its_hue() -> None:
    headings = [n["class"] for n in drawn().all("th") if "step" in n.get("class", "")]
    assert headings == ["num step y1", "num step y6", "num step y10"]


def test_without_bars_the_table_is_as_before() -> None:
    assert "svg" not in source("")
    assert "bar" not in source("")


def test_the_table_alone_has_bars_and_the_agreement_has_not() -> None:
    document = builders.a_document()
    assert 'class="bar"' in contributions_html(document, documents.draft(document))
    assert 'class="bar"' not in agreement_html(document, documents.draft(document))


@pytest.mark.parametrize(("years", "bar"), [(1, True), (2, True), (4, False), (10, False)])
def test_numbers_go_before_bars_on_paper(years: int, bar: bool) -> None:
    table = stress_documents.a_wide_financing(6, years).table
    made = bands(table, "nb", bars=True)
    assert made[0].bar is bar
    assert not any(band.bar for band in bands(table, "nb"))
    if not bar:
        assert made == bands(table, "nb")


def test_bars_are_no_part_of_what_a_pdf_says() -> None:
    """They are drawn, and the structure has neither figures nor other text than the cells."""
    reader = read("complete", "contributions")
    operations = reader.pages[0].get_contents().get_data().decode("latin-1")
    lightest = " ".join(f"{int(part, 16) / 255:.4f}"[:5] for part in ("50", "a1", "8c"))
    colours = {
        " ".join(number[:5].ljust(5, "0") for number in match)
        for match in re.findall(r"(0\.\d+) (0\.\d+) (0\.\d+) rg", operations)
    }
    assert lightest in colours
    kinds = {str(thing.get("/S")) for thing in _structure(reader.trailer["/Root"])}
    assert "/TD" in kinds
    assert "/Figure" not in kinds
    financing = builders.a_financing()
    assert bars(financing.table) is not None


def _structure(root: Any) -> list[Any]:
    found = []
    pending = [root["/StructTreeRoot"].get_object()]
    while pending:
        thing = pending.pop()
        found.append(thing)
        kids = thing.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = kid.get_object()
            if isinstance(kid, dict):
                pending.append(kid)
    return found
