"""What an agreement deviates in from its model."""

from __future__ import annotations

from agreements.domain.deviation import Status, counts, deviations
from agreements.domain.document import Clause

MODEL = (
    Clause("a", "A", "Tekst.", "Malen"),
    Clause("b", "B", "Tekst.", "Malen", (Clause("b1", "B1"), Clause("b2", "B2"))),
    Clause("c", "C"),
)


def test_an_untouched_agreement_is_as_the_model() -> None:
    found = deviations(MODEL, MODEL)
    assert {d.status for d in found} == {Status.SAME}
    assert [d.number for d in found] == ["1", "2", "2.1", "2.2", "3"]


def test_changed_own_and_omitted_points_are_told_in_the_order_of_the_agreement() -> None:
    own = (
        Clause("b", "B", "Annen tekst.", "Malen", (Clause("b2", "B2"), Clause("eget", "Eget"))),
        Clause("c", "C"),
    )
    found = [(d.key, d.status, d.number) for d in deviations(MODEL, own)]
    assert found == [
        ("a", Status.OMITTED, "1"),
        ("b", Status.CHANGED, "1"),
        ("b1", Status.OMITTED, "2.1"),
        ("b2", Status.SAME, "1.1"),
        ("eget", Status.OWN, "1.2"),
        ("c", Status.SAME, "2"),
    ]
    assert counts(deviations(MODEL, own)) == {
        Status.SAME: 2,
        Status.CHANGED: 1,
        Status.OWN: 1,
        Status.OMITTED: 2,
    }


def test_place_source_and_line_breaks_are_no_deviation_but_a_heading_is() -> None:
    moved = (MODEL[2], Clause("a", "A", "Tekst.\r\n", "Eget punkt"), MODEL[1])
    assert {d.status for d in deviations(MODEL, moved)} == {Status.SAME}
    renamed = (Clause("a", "Aa", "Tekst."), *MODEL[1:])
    assert counts(deviations(MODEL, renamed))[Status.CHANGED] == 1
