"""A right table has no deviation in any form, and one injected defect is found where it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from financing.verification import read, verify
from tests.domain.verification_tables import LAYOUTS, NUMBER_FORMS, Plan, plans, printed

PAIRS = [
    (layout, form)
    for layout in LAYOUTS
    for form in NUMBER_FORMS
    if not (layout == "broken" and form == "english")
]


@pytest.mark.parametrize(("layout", "form"), PAIRS)
@settings(max_examples=8, deadline=None)
@given(plan=plans())
def test_a_right_table_has_no_deviation(layout: str, form: str, plan: Plan) -> None:
    table = printed(plan)
    text = LAYOUTS[layout](table, NUMBER_FORMS[form])
    found = read(text)
    assert not found.problems, text
    assert [row.label for row in found.rows] == [row[0] for row in table.rows]
    assert [row.population for row in found.rows] == [row[1] for row in table.rows]
    assert [[cell and cell.value for cell in row.cells] for row in found.rows] == table.cells
    checked = verify(found)
    assert len(checked.cells) == len(table.rows) * len(table.years)
    assert not checked.deviations, (text, checked.deviations, checked.rule)
