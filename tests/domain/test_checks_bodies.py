"""The same bodies everywhere, and none that no longer exists."""

from dataclasses import replace
from datetime import date

import pytest

from agreements.domain.checks import BLOCKS_SIGNING, Context, RegisteredBody, run
from agreements.domain.checks.names import NameFinder
from agreements.domain.document import Clause, Party, PartyRole
from financing.calculation import Status
from tests.builders import (
    AASVANG,
    ELVEBY,
    GRANSTAD,
    MYRVANG,
    NAV,
    a_document,
    a_financing,
    a_table,
    parties,
)
from tests.domain.checking import CONTEXT, codes, document_codes, findings

RETIRED = "retired_body"


def _parties(**changes: object) -> tuple[Party, ...]:
    """The clean parties with changes to the contract municipality."""
    return tuple(
        replace(party, **changes) if party.role is PartyRole.CONTRACT_MUNICIPALITY else party
        for party in parties()
    )


def _found(**changes: object) -> set[tuple[str, str]]:
    return {(str(f.code), f.level) for f in run(a_document(**changes), CONTEXT)}


def test_a_contributor_nobody_signs_for_is_an_error() -> None:
    found = _found(parties=_parties(on_behalf_of=(AASVANG, MYRVANG)))
    assert ("contributor_not_party", "error") in found


def test_a_confirmed_authority_outside_the_parties_is_an_error_but_a_conditional_one_is_not() -> (
    None
):
    assert "contributor_not_party" not in document_codes()
    rows = tuple(replace(row, status=Status.CONFIRMED) for row in a_table().rows)
    found = document_codes(financing=a_financing(table=a_table(rows=rows)))
    assert "contributor_not_party" in found


@pytest.mark.parametrize(
    ("status", "bound"),
    [
        (Status.CONFIRMED, True),
        (Status.UNDECIDED, True),
        (Status.CONDITIONAL, False),
        (Status.DECLINED, False),
    ],
)
def test_only_a_conditional_or_declined_contributor_need_not_be_a_party(
    status: Status, bound: bool
) -> None:
    rows = tuple(
        replace(row, status=status) if row.key == GRANSTAD.key else row for row in a_table().rows
    )
    found = document_codes(
        financing=a_financing(table=a_table(rows=rows)),
        parties=_parties(on_behalf_of=(AASVANG, MYRVANG)),
    )
    assert ("contributor_not_party" in found) is bound


def test_a_municipality_signed_for_but_not_in_the_table_is_an_error() -> None:
    rows = tuple(row for row in a_table().rows if row.key != MYRVANG.key)
    found = _found(financing=a_financing(table=a_table(rows=rows)))
    assert ("party_not_in_table", "error") in found


def test_a_municipality_that_has_declined_but_is_signed_for_is_a_warning() -> None:
    rows = tuple(
        replace(row, status=Status.DECLINED) if row.key == MYRVANG.key else row
        for row in a_table().rows
    )
    assert ("party_declined", "warning") in _found(financing=a_financing(table=a_table(rows=rows)))


def test_a_body_named_twice_is_an_error() -> None:
    doubled = _parties(on_behalf_of=(AASVANG, GRANSTAD, MYRVANG, ELVEBY))
    (message,) = [
        f.message for f in run(a_document(parties=doubled), CONTEXT) if f.code == "named_twice"
    ]
    assert "Elveby kommune er nevnt 2 ganger" in message


def test_a_row_that_stands_twice_is_an_error() -> None:
    rows = a_table().rows
    assert ("named_twice", "error") in _found(
        financing=a_financing(table=a_table(rows=(*rows, rows[0])))
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"signatory_name": " "}, "signatory_missing"),
        ({"signatory_title": ""}, "signatory_missing"),
        ({"mandate": ""}, "mandate_missing"),
    ],
)
def test_a_party_without_signatory_or_mandate_is_a_warning_that_blocks_signing(
    changes: dict[str, str], expected: str
) -> None:
    assert _found(parties=_parties(**changes)) - _found() == {(expected, "warning")}
    assert expected in BLOCKS_SIGNING


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Elveby kommune signerer på vegne av Åsvang, Granstad og Dalstad.", "Dalstad"),
        ("Elveby kommune (på vegne av kommunene Åsvang og Dalstad) er part.", "Dalstad"),
        ("Elveby kommune signerer på vegne av Åsvang og Granstad.", "Myrvang"),
    ],
)
def test_a_typed_list_of_those_signed_for_that_differs_is_an_error(text: str, named: str) -> None:
    (finding,) = findings(text, heading="Parter")
    assert (finding.code, finding.level) == ("signed_for_differs", "error")
    assert f"nevner {named}" in finding.message or f"nevner ikke {named}" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "Elveby kommune (på vegne av kommunene Åsvang, Granstad og Myrvang) er part.",
        "Elveby kommune er part på vegne av {{ samarbeidskommuner.navn }}.",
        "Elveby har ansvaret på vegne av kommunene i sin region.",
        "Elveby svarer på vegne av Åsvang i slike saker.",
    ],
)
def test_right_lists_pass(text: str) -> None:
    assert codes(text, heading="Parter") == []


def test_outside_the_parties_clause_a_list_may_be_shorter() -> None:
    assert codes("Elveby svarer på vegne av Åsvang og Granstad i saken.", heading="Ansvar") == []


@pytest.mark.parametrize(
    "text",
    [
        "Årsrapporten sendes Storfjelland fylkeskommune.",
        "Dette er Storfjelland fylkeskommunes oppgave.",
        "Dette er Storfjelland\u00a0fylkeskommunen sin oppgave.",
        "Rapporten sendes Storfjelland fk.",
        "Skogvik skal ha rapporten.",
        "I Skogvik skal rapporten leses.",
    ],
)
def test_a_body_that_ended_before_the_term_is_an_error(text: str) -> None:
    (finding,) = findings(text)
    assert (finding.code, finding.level) == (RETIRED, "error")
    assert "31. desember 2023" in finding.message


def test_the_message_names_the_successor() -> None:
    (finding,) = findings("Rapporten sendes Storfjelland fylkeskommune.")
    assert "Etterfølger: Fjelland fylkeskommune." in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "Nav Skogvik og Øvre Skogvik Energi er med.",
        "Rapporten sendes Vest-Skogvik, Skogvik-laget og Skogvikheimen.",
        "Fjelland fylkeskommunes oppgave er å lede.",
        "Vi går tur i skogvik og ved storfjellet.",
        "Nordre Storfjelland er et fjell.",
    ],
)
def test_names_that_hold_a_retired_name_pass(text: str) -> None:
    assert codes(text) == []


def test_a_body_that_ends_in_the_term_or_is_said_to_be_gone_is_only_information() -> None:
    for text in (
        "Granvik kommune er med.",
        "Oppgaven lå hos tidligere Storfjelland fylkeskommune.",
    ):
        assert [(str(f.code), f.level) for f in findings(text)] == [(RETIRED, "info")]


def test_the_terms_first_day_decides() -> None:
    body = RegisteredBody("Nedre Vik kommune", None, date(2026, 1, 1))
    (finding,) = findings("Nedre Vik kommune er med.", context=Context(bodies=(body,)))
    assert finding.level == "info"
    earlier = replace(body, valid_to=date(2025, 12, 31))
    (finding,) = findings("Nedre Vik kommune er med.", context=Context(bodies=(earlier,)))
    assert finding.level == "error"


def test_retired_bodies_among_parties_signed_for_and_contributors_are_found() -> None:
    ended = Context(
        bodies=tuple(RegisteredBody(body.name, None, date(2025, 6, 30)) for body in (NAV, MYRVANG))
    )
    found = [(f.anchor, f.message) for f in run(a_document(), ended) if f.code == RETIRED]
    assert [anchor for anchor, _ in found if anchor in {"parter", "okonomi"}] == [
        "parter",
        "parter",
        "okonomi",
    ]


def test_the_title_is_read_too() -> None:
    title = "Avtale med Storfjelland fylkeskommune 2026–2028"
    (finding,) = [f for f in run(a_document(title=title), CONTEXT) if f.code == RETIRED]
    assert finding.anchor == "avtale"


def test_a_heading_is_read_too() -> None:
    clause = Clause("x", "Storfjelland fylkeskommunes ansvar")
    assert RETIRED in document_codes(clauses=(clause,))


def test_the_longest_name_wins_whatever_the_order() -> None:
    text = "Øvre Dal og Omegn Energi møter Øvre Dal."
    for names in (
        ["Øvre Dal", "Øvre Dal og Omegn Energi"],
        ["Øvre Dal og Omegn Energi", "Øvre Dal"],
    ):
        assert [found.name for found in NameFinder(names).find(text)] == [
            "Øvre Dal og Omegn Energi",
            "Øvre Dal",
        ]
