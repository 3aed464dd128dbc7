"""Two agreements: what is told of clauses, services, parties, amounts and terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain.diff import Difference, PartyTerm, Term, TermChange, compare
from agreements.domain.diff_money import RateChange, rates
from agreements.domain.diff_text import Change
from agreements.domain.document import Clause, Document, Language, Service, ServiceLevel
from financing.calculation import ContributorKind, Status, calculate
from tests.builders import (
    AASVANG,
    YEARS,
    a_document,
    a_financing,
    a_table,
    an_alternative,
    clauses,
    contributors,
    parties,
    services,
)


def found(before: Document, after: Document) -> dict[str, tuple[str, str, bool]]:
    """Each clause that differs in anything, with its numbers and whether it moved."""
    return {
        clause.key: (clause.before_number, clause.after_number, clause.moved)
        for clause in compare(before, after).clauses
        if clause.differs or clause.renumbered
    }


def with_clauses(*changed: Clause) -> Document:
    return a_document(clauses=changed)


def a_tree(keys: list[str]) -> tuple[Clause, ...]:
    """A tree of clauses: those with a letter in upper case lie under the one before."""
    tree: list[Clause] = []
    for key in keys:
        clause = Clause(key.lower(), f"Om {key.lower()}", f"Tekst {key.lower()}.")
        if key.isupper() and tree:
            tree[-1] = replace(tree[-1], children=(*tree[-1].children, clause))
        else:
            tree.append(clause)
    return tuple(tree)


TREES = st.lists(st.sampled_from("abcdefghABCDEFGH"), max_size=8, unique_by=str.lower).map(a_tree)


def test_an_agreement_does_not_differ_from_itself() -> None:
    difference = compare(a_document(), a_document())
    assert difference.empty
    assert len(difference.clauses) == 13 - 1
    assert all(clause.before_number == clause.after_number for clause in difference.clauses)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "En annen"},
        {"term_end": date(2028, 8, 31)},
        {"language": Language.NYNORSK},
        {"region": "Elveregionen"},
        {"county": "Skogland"},
        {"template": None},
        {"parties": parties()[1:]},
        {"parties": tuple(reversed(parties()))},
        {"parties": (replace(parties()[0], mandate="Vedtak"), *parties()[1:])},
        {"services": services()[1:]},
        {"services": tuple(reversed(services()))},
        {"clauses": clauses()[1:]},
        {"clauses": tuple(reversed(clauses()))},
        {"clauses": (replace(clauses()[0], source="Et brev"), *clauses()[1:])},
        {"clauses": (replace(clauses()[0], heading="Partene"), *clauses()[1:])},
        {"financing": None},
        {"financing": a_financing(excludes_vat=False)},
        {"financing": a_financing(invoicing="")},
        {"financing": a_financing(population_date=date(2024, 1, 1))},
        {"financing": a_financing(population_source="En annen")},
        {"financing": a_financing(table=a_table(rows=a_table().rows[1:]))},
        {"financing": a_financing(table=a_table(alternative="Alternativ 2"))},
    ],
    ids=str,
)
def test_no_difference_goes_untold(changes: dict[str, Any]) -> None:
    assert not compare(a_document(), a_document(**changes)).empty
    assert not compare(a_document(**changes), a_document()).empty


@given(TREES, TREES)
def test_both_trees_are_told_of_and_each_way_the_same(
    old: tuple[Clause, ...], new: tuple[Clause, ...]
) -> None:
    there = compare(with_clauses(*old), with_clauses(*new)).clauses
    back = compare(with_clauses(*new), with_clauses(*old)).clauses
    for one, other in ((there, back), (back, there)):
        added = {clause.key for clause in one if clause.change is Change.ADDED}
        assert added == {clause.key for clause in other if clause.change is Change.DELETED}
    assert {c.key: (c.before_number, c.after_number) for c in there} == {
        c.key: (c.after_number, c.before_number) for c in back
    }
    assert [c.after_number for c in there if c.after_number] == _numbers(new)
    assert sorted(c.before_number for c in there if c.before_number) == sorted(_numbers(old))


def _numbers(tree: tuple[Clause, ...], parent: str = "") -> list[str]:
    numbers = []
    for place, clause in enumerate(tree, start=1):
        own = f"{parent}.{place}" if parent else str(place)
        numbers += [own, *_numbers(clause.children, own)]
    return numbers


def test_a_clause_put_in_moves_nobody() -> None:
    assert found(
        with_clauses(*a_tree(["a", "b", "c"])), with_clauses(*a_tree(["a", "n", "b", "c"]))
    ) == {
        "n": ("", "2", False),
        "b": ("2", "3", False),
        "c": ("3", "4", False),
    }


def test_a_clause_that_changes_place_or_parent_has_moved() -> None:
    before = with_clauses(*a_tree(["a", "B", "c", "d"]))
    assert found(before, with_clauses(*a_tree(["d", "a", "B", "c"]))) == {
        "d": ("3", "1", True),
        "a": ("1", "2", False),
        "b": ("1.1", "2.1", False),
        "c": ("2", "3", False),
    }
    assert found(before, with_clauses(*a_tree(["a", "c", "B", "d"]))) == {"b": ("1.1", "2.1", True)}


def test_a_clause_taken_out_stands_where_it_stood() -> None:
    difference = compare(
        with_clauses(*a_tree(["a", "b", "c"])), with_clauses(*a_tree(["a", "c", "d"]))
    )
    assert [(c.key, c.change) for c in difference.clauses] == [
        ("a", Change.KEPT),
        ("b", Change.DELETED),
        ("c", Change.KEPT),
        ("d", Change.ADDED),
    ]


def test_a_key_that_is_used_twice_hides_nothing() -> None:
    twice = with_clauses(Clause("a", "En"), Clause("a", "To"))
    assert compare(twice, twice).empty
    assert not compare(twice, with_clauses(Clause("a", "En"))).empty


def test_a_large_agreement_is_compared_clause_by_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    """No text of a clause is held against another's: the work grows with the number of clauses."""
    from agreements.domain import diff_text

    compared: list[int] = []
    real = diff_text.opcodes

    def counted(old: Any, new: Any) -> Any:
        compared.append(len(old) * len(new))
        return real(old, new)

    monkeypatch.setattr(diff_text, "opcodes", counted)

    def work(count: int) -> int:
        compared.clear()
        text = "Kommunen skal ikke betale {} ganger for den samme tjenesten.\n\n- råd\n- kurs"
        old = [Clause(f"k{i}", f"Punkt {i}", text.format(i)) for i in range(count)]
        new = [replace(clause, text=clause.text.replace("råd", "lån")) for clause in old]
        assert compare(with_clauses(*old), with_clauses(*new)).clauses[7].words == 1
        return sum(compared)

    assert work(300) - work(200) == work(200) - work(100)


def test_services_are_told_list_by_list() -> None:
    after = (
        Service("digital", ServiceLevel.QUALITY, "Kan brukes uten å møte fram"),
        Service("tilgjengelig", ServiceLevel.QUALITY, "Tilgjengelig i hele regionen"),
        Service("kurs", ServiceLevel.ADDITIONAL, "Gratis innføringskurs to ganger i halvåret"),
        Service("nytt", ServiceLevel.ADDITIONAL, "Noe nytt"),
    )
    difference = compare(a_document(), a_document(services=after))
    assert {s.key: (s.change, s.level.value, s.moved) for s in difference.services} == {
        "digital": (Change.KEPT, "quality", True),
        "tilgjengelig": (None, "quality", False),
        "veiledning": (Change.DELETED, "minimum", False),
        "mentor": (Change.DELETED, "additional", False),
        "kurs": (None, "additional", False),
        "nytt": (Change.ADDED, "additional", False),
    }


def test_parties_are_told_fact_by_fact() -> None:
    county, contract, nav, _ = parties()
    fewer = replace(contract, on_behalf_of=contract.on_behalf_of[1:], signatory_name="Eva Lie")
    difference = compare(a_document(), a_document(parties=(county, fewer, nav)))
    assert [(p.party.body.short_name, p.change) for p in difference.parties] == [
        ("Fjelland", Change.KEPT),
        ("Elveby", None),
        ("Nav Fjelland", Change.KEPT),
        ("Innovasjon Norge", Change.DELETED),
    ]
    behalf, signatory = difference.parties[1].terms
    assert behalf.term is PartyTerm.ON_BEHALF_OF
    assert isinstance(behalf.before, tuple)
    assert AASVANG.name in behalf.before
    assert (signatory.before, signatory.after) == ("Jonas Lie Moen", "Eva Lie")


def test_terms_are_told_with_both_values() -> None:
    difference = compare(a_document(), a_document(term_end=date(2029, 12, 31), title="Ny"))
    assert difference.terms == (
        TermChange(Term.TITLE, a_document().title, "Ny"),
        TermChange(Term.END, date(2028, 12, 31), date(2029, 12, 31)),
    )


def priced(rate: str, **changes: Any) -> Difference:
    """The agreement against itself with another municipal rate."""
    rules = an_alternative().rules
    rule = replace(rules[0], rate=Decimal(rate))
    table = calculate(contributors(), an_alternative(rules=(rule, *rules[1:])), YEARS)
    table = replace(table, **changes)
    return compare(a_document(), a_document(financing=a_financing(table=table)))


def test_every_cell_is_told_with_its_difference() -> None:
    table = priced("11.50").table
    line = next(line for line in table.lines if line.key == "7701")
    assert line.cells[0].difference == Decimal("30005.00")
    assert line.cells[0].before == Decimal("315052.50")
    assert line.cells[0].after == Decimal("345057.50")
    assert [line.key for line in table.changed] == [
        *("7701", "7702", "7703", "county-77", "7801", "county-78", "total", "total-confirmed")
    ]
    for line in table.lines:
        for cell in line.cells:
            assert cell.before is not None
            assert cell.after is not None
            assert cell.difference == cell.after - cell.before
    assert rates(table) == (
        RateChange(ContributorKind.MUNICIPALITY, Decimal("10.50"), Decimal("11.50"), ()),
    )


def test_contributors_who_join_leave_or_decline() -> None:
    rows = a_table().rows
    declined = replace(rows[1], status=Status.DECLINED, rate=None)
    fewer = a_table(rows=(rows[0], declined, *rows[3:]))
    table = compare(a_document(), a_document(financing=a_financing(table=fewer))).table
    assert [line.line.name for line in table.left] == [rows[1].name, rows[2].name]
    assert table.joined == ()
    assert next(line for line in table.lines if line.key == "7702").cells[0].after is None
    back = compare(a_document(financing=a_financing(table=fewer)), a_document()).table
    assert {line.key for line in back.joined} == {"7702", "7703"}


def test_the_last_year_is_set_against_the_first_where_no_year_is_common() -> None:
    earlier = a_table(years=(2022, 2023, 2024))
    before = a_document(financing=a_financing(table=earlier))
    table = compare(before, a_document()).table
    assert table.years == ((2024, 2026),)
    assert table.lines[0].cells[0].before == Decimal("341416.41")
    assert table.lines[0].cells[0].after == Decimal("315052.50")


def test_a_year_that_only_one_has_is_told_alone() -> None:
    before = a_document(financing=a_financing(table=a_table(years=(2025, 2026, 2027))))
    table = compare(before, a_document()).table
    assert table.years == ((2025, None), (2026, 2026), (2027, 2027), (None, 2028))
    cells = table.lines[0].cells
    assert (cells[0].after, cells[0].difference, cells[3].before) == (None, None, None)


def test_a_table_that_is_new() -> None:
    difference = compare(a_document(financing=None), a_document())
    assert difference.table.before is None
    assert len(difference.table.joined) == len(a_table().rows)
    assert {change.before for change in difference.terms} == {None}
