"""The list of signers: their order, their roles, and a file that a spreadsheet cannot take for formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from agreements.documents import signers
from agreements.documents.signers import Contact, in_order
from municipalities.norwegian import has_identity_number
from tests import builders

DOCUMENT = builders.a_document()
KEYS = [party.body.key for party in DOCUMENT.parties]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_list_says_who_as_what_where_and_when() -> None:
    contacts = {KEYS[0]: Contact("ingrid@fjelland.example")}
    listed = rows(signers.signers_csv(in_order(DOCUMENT, contacts)))
    assert listed[0] == ["rekkefølge", "navn", "rolle", "e-post", "fullmakt", "felt"]
    assert listed[1] == [
        *("1", "Ingrid Berg", "fylkesordfører, Fjelland fylkeskommune", "ingrid@fjelland.example"),
        *("Kommuneloven § 6-1", "sig-77"),
    ]
    assert [row[-1] for row in listed[1:]] == signers.field_names(DOCUMENT)
    assert [row[0] for row in listed[1:]] == ["1", "2", "3", "4"]


def test_the_role_says_on_whose_behalf() -> None:
    (contract,) = [line for line in in_order(DOCUMENT, {}) if line.party.on_behalf_of]
    names = [body.name for body in contract.party.on_behalf_of]
    assert contract.role.startswith(
        f"{contract.party.signatory_title}, {contract.party.body.name}, "
    )
    assert contract.role.endswith(f"på vegne av {', '.join(names[:-1])} og {names[-1]}")
    untitled = replace(contract.party, signatory_title="", on_behalf_of=())
    assert replace(contract, party=untitled).role == contract.party.body.name


@pytest.mark.parametrize(
    ("orders", "expected"),
    [
        ([None, None, None, None], [(1, 0), (2, 1), (3, 2), (4, 3)]),
        ([4, 3, 2, 1], [(1, 3), (2, 2), (3, 1), (4, 0)]),
        ([2, 1, 1, 9], [(1, 1), (1, 2), (2, 0), (3, 3)]),  # ties at once, no gaps
        ([1, 1, 1, 1], [(1, 0), (1, 1), (1, 2), (1, 3)]),
        ([None, 1, None, None], [(1, 0), (1, 1), (2, 2), (3, 3)]),
    ],
)
def test_the_order_is_the_parties_until_somebody_chooses(
    orders: list[int | None], expected: list[tuple[int, int]]
) -> None:
    contacts = {key: Contact(order=order) for key, order in zip(KEYS, orders, strict=True) if order}
    found = in_order(DOCUMENT, contacts)
    assert [(line.order, KEYS.index(line.party.body.key)) for line in found] == expected


@given(st.lists(st.none() | st.integers(1, 99), min_size=4, max_size=4))
def test_everybody_is_on_the_list_once_and_the_numbers_have_no_gaps(
    orders: list[int | None],
) -> None:
    contacts = {key: Contact(order=order) for key, order in zip(KEYS, orders, strict=True)}
    found = in_order(DOCUMENT, contacts)
    assert sorted(line.party.body.key for line in found) == sorted(KEYS)
    numbers = [line.order for line in found]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, max(numbers) + 1))


def test_no_cell_of_the_list_is_a_formula() -> None:
    party = replace(DOCUMENT.parties[0], signatory_name="=1+1", mandate='a;b "c"')
    document = replace(DOCUMENT, parties=(party,))
    listed = in_order(document, {KEYS[0]: Contact("+a@b.example")})
    (row,) = rows(signers.signers_csv(listed))[1:]
    assert (row[1], row[3], row[4]) == ("'=1+1", "'+a@b.example", 'a;b "c"')
    sheet = load_workbook(io.BytesIO(signers.signers_xlsx(listed))).active
    cells = next(iter(sheet.iter_rows(min_row=2)))
    assert [cell.value for cell in cells[:2]] == [1, "=1+1"]
    assert [cell.data_type for cell in cells] == ["n", *["s"] * 5]


def test_the_workbook_is_written_as_the_others_are() -> None:
    """What begins as a formula stays text when it is edited; what no workbook may hold is left out."""
    party = replace(DOCUMENT.parties[0], signatory_name="=1+1", mandate="Sak\x0b 1/26")
    listed = in_order(replace(DOCUMENT, parties=(party,)), {})
    sheet = load_workbook(io.BytesIO(signers.signers_xlsx(listed))).active
    assert (sheet["B2"].value, sheet["B2"].quotePrefix) == ("=1+1", True)
    assert sheet["E2"].value == "Sak 1/26"
    assert all(cell.font.bold for cell in sheet[1])


def test_the_workbook_says_the_same_as_the_table() -> None:
    listed = in_order(DOCUMENT, {KEYS[1]: Contact("a@b.example", 1)})
    sheet = load_workbook(io.BytesIO(signers.signers_xlsx(listed))).active
    said = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    assert said == rows(signers.signers_csv(listed))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01019012345", True),
        ("010190 12345", True),
        ("010190\u00a012345", True),
        ("Kari 01019012345, ordfører", True),
        ("01019012345@kommune.example", True),
        ("0101901234", False),
        ("010190123456", False),
        ("sak 2025/12345", False),
        ("47 22 33 44 55 66", False),
        ("", False),
    ],
)
def test_eleven_digits_are_taken_for_an_identity_number(text: str, expected: bool) -> None:
    assert has_identity_number(text) is expected
