"""Every class of defect present in a real draft is found in its own sentences."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agreements.domain.checks import Context, Finding, RegisteredBody, run
from agreements.domain.document import (
    Body,
    BodyKind,
    Clause,
    Document,
    Financing,
    Language,
    Party,
    PartyRole,
)
from financing.calculation import (
    Alternative,
    Basis,
    Contributor,
    ContributorKind,
    IndexFactor,
    Rule,
    RuleKind,
    Status,
    calculate,
)
from financing.rounding import DEFAULT_ROUNDING

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
DRAFTS = sorted(SEEDS.glob("001_*.txt")) if SEEDS.is_dir() else []
pytestmark = pytest.mark.skipif(not DRAFTS, reason="needs ../shared")

# «5.4 1» is a slip for 5.4.1.
HEADING = re.compile(r"^(\d{1,2}(?:\.\d| \d)*)\.?\s+([A-ZÆØÅ].*)$")
CONTEXT = Context(
    bodies=(
        RegisteredBody("Viken fylkeskommune", date(2020, 1, 1), date(2023, 12, 31)),
        RegisteredBody("Buskerud fylkeskommune", None, date(2019, 12, 31)),
        RegisteredBody("Buskerud fylkeskommune", date(2024, 1, 1)),
        RegisteredBody("Nav", kind=BodyKind.STATE_AGENCY),
        RegisteredBody("Nav Vest-Viken", kind=BodyKind.STATE_AGENCY),
        RegisteredBody("Sirius Act", kind=BodyKind.OPERATOR),
    ),
    minimum_rates=((ContributorKind.COUNTY_AUTHORITY, Decimal("5.50")),),
)


def _clauses(lines: list[str]) -> tuple[Clause, ...]:
    """Cut the draft at its typed numbers."""
    parts: list[tuple[str, str, list[str]]] = []
    after_gap = False
    for line in lines:
        stripped = line.strip()
        if match := HEADING.match(stripped):
            parts.append((match[1].replace(" ", "."), match[2], []))
        elif parts and stripped:
            new = after_gap and stripped[0].isupper()  # a page break may part a sentence
            bullet = f"\n- {stripped[1:].strip()}" if stripped.startswith("•") else stripped
            parts[-1][2].append(f"\n{bullet}" if new else bullet)
        after_gap = not stripped

    def under(parent: str) -> tuple[Clause, ...]:
        return tuple(
            Clause(number, heading, "\n".join(text), children=under(number))
            for number, heading, text in parts
            if number.rpartition(".")[0] == parent
        )

    return under("")


def _financing() -> Financing:
    people = {"3305": ("Ringerike", 31793), "3310": ("Hole", 7065), "3316": ("Modum", 14664)}
    people |= {"3318": ("Krødsherad", 2235)}
    municipality, authority = ContributorKind.MUNICIPALITY, ContributorKind.COUNTY_AUTHORITY
    contributors = [
        Contributor(key, f"{name} kommune", municipality, "33", "Buskerud", population)
        for key, (name, population) in people.items()
    ]
    contributors += [
        Contributor("33", "Buskerud fylkeskommune", authority, "33", "Buskerud", None),
        Contributor("3236", "Jevnaker kommune", municipality, "32", "Akershus", 7043),
        Contributor(
            "32", "Akershus fylkeskommune", authority, "32", "Akershus", None, Status.UNDECIDED
        ),
    ]
    payers = frozenset((*people, "3236"))
    rules = (
        Rule(payers, RuleKind.PER_INHABITANT, rate=Decimal("14.50")),
        Rule(
            frozenset({"32", "33"}),
            RuleKind.PER_INHABITANT,
            rate=Decimal("5.50"),
            basis=Basis.COUNTY,
            indexed=False,
        ),
    )
    index = tuple(IndexFactor(year, Decimal("4.1")) for year in (2027, 2028))
    alternative = Alternative("Alternativ 1", DEFAULT_ROUNDING, rules, index)
    table = calculate(tuple(contributors), alternative, (2026, 2027, 2028))
    return Financing(table, date(2025, 1, 1), True, "")


def _document(financing: Financing | None, term_end: date = date(2028, 12, 31)) -> Document:
    def municipality(key: str, name: str) -> Body:
        return Body(key, f"{name} kommune", name, BodyKind.MUNICIPALITY)

    lines = DRAFTS[0].read_text("utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if HEADING.match(line.strip()))
    authority = Body("33", "Buskerud fylkeskommune", "Buskerud", BodyKind.COUNTY_AUTHORITY)
    members = (
        municipality("3310", "Hole"),
        municipality("3318", "Krødsherad"),
        municipality("3316", "Modum"),
    )
    return Document(
        title=" ".join(" ".join(lines[:first]).split()),
        language=Language.BOKMAL,
        region="Ringeriksregionen",
        county="Buskerud",
        term_start=date(2026, 1, 1),
        term_end=term_end,
        parties=(
            Party(authority, PartyRole.COUNTY_AUTHORITY),
            Party(municipality("3305", "Ringerike"), PartyRole.CONTRACT_MUNICIPALITY, members),
            Party(
                Body("in", "Innovasjon Norge", "Innovasjon Norge", BodyKind.STATE_COMPANY),
                PartyRole.PARTNER,
            ),
            Party(
                Body("nav", "Nav Vest-Viken", "Nav Vest-Viken", BodyKind.STATE_AGENCY),
                PartyRole.PARTNER,
            ),
        ),
        clauses=_clauses(lines),
        services=(),
        financing=financing,
    )


def _at(found: list[Finding], code: str) -> list[tuple[str, str]]:
    return [(f.anchor, f.level) for f in found if f.code == code]


def test_the_draft_is_cut_at_its_points() -> None:
    assert [clause.key for clause in _document(None).clauses] == [str(n) for n in range(1, 13)]


def test_every_class_in_the_draft_is_found_where_it_stands() -> None:
    found = run(_document(_financing()), CONTEXT)
    assert ("punkt:6", "error") in _at(found, "leftover_placeholder")
    assert ("punkt:5.2.1", "error") in _at(found, "leftover_placeholder")
    assert ("punkt:5.2.1", "warning") in _at(found, "drafting_note")
    assert _at(found, "retired_body") == [("punkt:7", "error")]
    assert _at(found, "population_differs") == [("punkt:6", "error")]
    assert ("parter", "error") in _at(found, "contributor_not_party")
    assert len(_at(found, "signatory_missing")) == len(_at(found, "mandate_missing")) == 4
    assert ("okonomi", "warning") in _at(found, "contributor_not_confirmed")
    assert ("okonomi", "warning") in _at(found, "budget_reservation_missing")
    assert _at(found, "law_reference_misspelt") == [("punkt:11", "warning")] * 2
    assert _at(found, "same_duty_twice") == [
        ("punkt:5.2", "warning"),
        *[("punkt:5.2.1", "warning")] * 2,
    ]
    assert _at(found, "optional_in_minimum") == [("punkt:5.2.1", "warning")]
    assert _at(found, "duty_outside_parties") == [("punkt:7", "warning"), ("punkt:8", "warning")]
    assert _at(found, "venue_outside_parties") == [("punkt:12", "info")]
    assert _at(found, "title_too_long") == [("avtale", "warning")]
    assert _at(found, "index_not_stated") == [("okonomi", "warning")]
    thin = {anchor for anchor, _ in _at(found, "recommended_missing")}
    assert thin == {"avtale", "punkt:10", "okonomi"}
    off = _at(found, "reference_does_not_hold")
    assert off == [("punkt:3", "warning"), ("punkt:5.2", "warning")]


def test_the_drafting_notes_and_examples_are_told_apart() -> None:
    found = run(_document(_financing()), CONTEXT)
    messages = [f.message for f in found if f.code == "drafting_note"]
    assert len([message for message in messages if "merknad" in message]) == 2
    assert len([message for message in messages if "eksempel" in message]) == 3


def test_the_wrong_number_of_inhabitants_comes_with_the_right_one() -> None:
    (message,) = [
        f.message for f in run(_document(_financing()), CONTEXT) if f.code == "population_differs"
    ]
    assert "46\u00a0790" in message
    assert "Hole, Krødsherad og Ringerike har til sammen 41\u00a0093" in message


def test_the_empty_table_is_found() -> None:
    assert ("punkt:6", "error") in _at(run(_document(None), CONTEXT), "contribution_table_missing")


def test_another_end_date_is_found() -> None:
    found = run(_document(_financing(), date(2028, 8, 31)), CONTEXT)
    assert _at(found, "term_date_differs") == [("punkt:3", "error")]


def test_nothing_else_is_found() -> None:
    codes = {str(finding.code) for finding in run(_document(_financing()), CONTEXT)}
    assert codes == {
        "data_processing_missing",
        "leftover_placeholder",
        "drafting_note",
        "retired_body",
        "population_differs",
        "contributor_not_party",
        "signatory_missing",
        "mandate_missing",
        "contributor_not_confirmed",
        "budget_reservation_missing",
        "reference_does_not_hold",
        "index_not_stated",
        "title_too_long",
        "law_reference_misspelt",
        "same_duty_twice",
        "optional_in_minimum",
        "duty_outside_parties",
        "name_not_registered",
        "recommended_missing",
        "venue_outside_parties",
    }


def test_names_otherwise_than_registered_are_found_with_the_right_ones() -> None:
    found = [f for f in run(_document(_financing()), CONTEXT) if f.code == "name_not_registered"]
    mends = {(f.mend.found, f.mend.instead) for f in found if f.mend}
    assert {
        ("NAV", "Nav"),
        ("NAV Vest-Viken", "Nav Vest-Viken"),
        ("kontrakts kommune", "kontraktskommune"),
        ("Kontraktkommune", "Kontraktskommune"),
    } <= mends


def test_the_retired_county_authority_is_mended_with_the_fact() -> None:
    (finding,) = [f for f in run(_document(_financing()), CONTEXT) if f.code == "retired_body"]
    assert finding.mend is not None
    assert finding.mend.found == "Viken fylkeskommune"
    assert finding.mend.instead == "{{ fylkeskommune.navn }}"


CASE_PAPERS = sorted(SEEDS.glob("000_*.txt")) if SEEDS.is_dir() else []


def test_the_case_paper_read_as_a_clause_gives_its_names_and_stances() -> None:
    words = CASE_PAPERS[0].read_text("utf-8").split("Økonomisk modell")[0]
    document = _document(_financing())
    paper = Clause("sak", "Saken", words.replace("\n", " ").replace("•", "\n- "))
    found = run(replace(document, clauses=(paper,)), CONTEXT)
    said = {(str(f.code), f.message) for f in found}
    for code, quoted in (
        ("name_not_registered", "«Sirisus Act» heter «Sirius Act»"),
        ("name_not_registered", "«NAV Midt-Buskerud»"),
        ("stance_contradicts", "Hole"),
        ("leftover_placeholder", "Alternativ xx"),
        ("term_date_differs", "31. august 2028"),
        ("population_date_differs", "Q1 2026"),
    ):
        assert [m for c, m in said if c == code and quoted in m], (code, quoted)
