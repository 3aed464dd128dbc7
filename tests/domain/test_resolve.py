"""The agreement as it is read: numbers, facts, references, lists, the table and set sentences."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import facts, markup, resolve, wording
from agreements.domain.document import Clause, Document, Language, ServiceLevel, walk
from agreements.domain.resolve import RBlock, ResolvedClause, RList, RParagraph, RTable, Run
from financing.calculation import Status, SumRow
from tests.builders import (
    a_clause,
    a_document,
    a_financing,
    a_table,
    amounts,
    services,
    with_statuses,
)
from tests.domain.markup_texts import marked_up

KR = "\u00a0"  # between thousands


def only(document: Document) -> ResolvedClause:
    (clause,) = resolve.resolve(document).clauses
    return clause


def blocks(text: str, **changes: object) -> tuple[RBlock, ...]:
    return only(a_document(clauses=(a_clause(text),), **changes)).blocks


def paragraph(text: str) -> RParagraph:
    return RParagraph((Run(text),))


def bullets(*items: str) -> RList:
    return RList(False, tuple((paragraph(item),) for item in items))


# Clauses


def test_the_complete_agreement_has_no_problems_and_keeps_its_shape() -> None:
    document = a_document()
    assert resolve.problems(document) == []
    resolved = resolve.resolve(document)
    assert resolved.document is document
    assert [clause.key for clause in resolved.clauses] == [c.key for c in document.clauses]
    duties = resolved.clauses[3]
    assert (duties.number, duties.level, duties.blocks) == ("4", 1, ())
    assert [(c.number, c.level, c.heading) for c in duties.children] == [
        ("4.1", 2, "Fjelland fylkeskommune"),
        ("4.2", 2, "Elveby kommune"),
        ("4.3", 2, "Nav Fjelland og Innovasjon Norge"),
    ]
    assert [(c.number, c.level) for c in duties.children[1].children] == [("4.2.1", 3)]
    assert resolve.resolve(a_document(clauses=(Clause("a", "", source="Mal"),))).clauses[
        0
    ].source == ("Mal")


def test_facts_references_and_weight() -> None:
    text = "**Om {{ region.navn }}**, se [[punkt:b]].\n\n1. a\n   - **[[punkt:a]]**"
    document = a_document(clauses=(Clause("a", "A", text, children=(Clause("b", "B"),)),))
    assert only(document).blocks == (
        RParagraph(
            (
                Run("Om ", bold=True),
                Run("Elvebyregionen", bold=True),
                Run(", se "),
                Run("punkt 1.1", target="b"),
                Run("."),
            )
        ),
        RList(
            True,
            (
                (
                    paragraph("a"),
                    RList(False, ((RParagraph((Run("punkt 1", bold=True, target="a"),)),),)),
                ),
            ),
        ),
    )


def test_a_fact_is_never_read_as_markup() -> None:
    title = "**{{ region.navn }}** - [[punkt:a]]"
    assert blocks("{{ avtale.tittel }}", title=title) == (paragraph(title),)


# What cannot be filled in


def test_nothing_is_left_blank() -> None:
    document = a_document(
        clauses=(
            Clause("a", "Om {{ nav.navm }}", "{{ okonomi.sum }}, **{{ 7*7 }}** og [[punkt:c]]"),
            Clause(
                "b", "B", "- se {{ tabell.bidrag }} og {{ okonomi.sum }}\n\n{{ tabell.bidrag }}"
            ),
        ),
        financing=None,
    )
    assert resolve.problems(document) == [
        ("a", "unknown_fact", "nav.navm"),
        ("a", "empty_fact", "okonomi.sum"),
        ("a", "unknown_fact", "7*7"),
        ("a", "dead_reference", "c"),
        ("b", "unknown_fact", "tabell.bidrag"),
        ("b", "empty_fact", "okonomi.sum"),
        ("b", "empty_fact", "tabell.bidrag"),
    ]
    first, second = resolve.resolve(document).clauses
    assert first.heading == "Om [mangler: nav.navm]"
    assert first.blocks == (
        RParagraph(
            (
                Run("[mangler: okonomi.sum]", problem=True),
                Run(", "),
                Run("[mangler: 7*7]", bold=True, problem=True),
                Run(" og "),
                Run("[mangler: c]", problem=True),
            )
        ),
    )
    assert second.blocks[1] == RParagraph((Run("[mangler: tabell.bidrag]", problem=True),))


def test_a_problem_is_listed_once_for_each_clause() -> None:
    document = a_document(clauses=(a_clause("{{ x }} {{ x }}", "a"), a_clause("{{ x }}", "b")))
    assert resolve.problems(document) == [("a", "unknown_fact", "x"), ("b", "unknown_fact", "x")]


@pytest.mark.parametrize("name", sorted(facts.BLOCK_NAMES))
def test_every_block_fact_says_something_or_is_a_problem(name: str) -> None:
    text = f"{{{{ {name} }}}}"
    full = a_document(clauses=(a_clause(text),))
    assert only(full).blocks
    assert resolve.problems(full) == []
    empty = replace(full, financing=None, parties=(), services=())
    (block,) = only(empty).blocks
    if name == "liste.tilleggstjenester":
        assert block == paragraph("Det er ikke avtalt tilleggstjenester.")
    else:
        assert block == RParagraph((Run(f"[mangler: {name}]", problem=True),))
        assert resolve.problems(empty) == [("punkt", "empty_fact", name)]


# Block facts


def test_lists_of_parties_and_services() -> None:
    assert blocks("{{ liste.parter }}") == (
        bullets(
            "Fjelland fylkeskommune",
            "Elveby kommune, på vegne av Granstad kommune, Myrvang kommune og Åsvang kommune",
            "Nav Fjelland",
            "Innovasjon Norge",
        ),
    )
    assert blocks("{{ liste.kvalitetskrav }}") == (
        bullets("Tilgjengelig for innbyggere i hele regionen", "Kan brukes uten å møte fram"),
    )
    assert blocks("{{ liste.minimumstjenester }}") == (
        bullets(
            "Gratis innføringskurs to ganger i halvåret", "Inntil fem timer personlig veiledning"
        ),
    )
    assert blocks("{{ liste.tilleggstjenester }}") == (bullets("Mentorordning for nye bedrifter"),)


def test_lists_in_nynorsk() -> None:
    minimum = tuple(item for item in services() if item.level is ServiceLevel.MINIMUM)
    changes = {"language": Language.NYNORSK, "services": minimum}
    (party_list,) = blocks("{{ liste.parter }}", **changes)
    assert isinstance(party_list, RList)
    assert party_list.items[1] == (
        paragraph(
            "Elveby kommune, på vegner av Granstad kommune, Myrvang kommune og Åsvang kommune"
        ),
    )
    assert blocks("{{ liste.tilleggstjenester }}", **changes) == (
        paragraph("Det er ikkje avtalt tilleggstenester."),
    )


def test_a_service_is_one_line_of_plain_text() -> None:
    odd = replace(services()[0], text="**Kurs**\n - {{ region.navn }}\x00")
    assert blocks("{{ liste.kvalitetskrav }}", services=(odd,)) == (
        bullets("**Kurs** - {{ region.navn }}"),
    )


def test_the_table_is_marked_where_it_belongs() -> None:
    assert blocks("Slik:\n\n{{ tabell.bidrag }}") == (paragraph("Slik:"), RTable())


def test_reservation_names_the_uncertain_and_gives_both_totals() -> None:
    assert blocks("{{ avsnitt.forbehold }}") == (
        paragraph(
            "Det er tatt forbehold om bidraget fra Skogland fylkeskommune. Med dette bidraget er "
            f"summen 767{KR}856,00 kroner i 2026, 788{KR}516,12 kroner i 2027 og 810{KR}023,32 "
            f"kroner i 2028. Uten det er summen 731{KR}869,50 kroner i 2026, 752{KR}529,62 kroner "
            f"i 2027 og 774{KR}036,82 kroner i 2028."
        ),
    )
    nynorsk = wording.reservation(a_document(language=Language.NYNORSK))
    assert nynorsk is not None
    assert nynorsk.startswith("Det er teke atterhald om bidraget frå Skogland fylkeskommune. Med")
    assert f"Utan det er summen 731{KR}869,50 kroner i 2026" in nynorsk


def test_reservation_says_nothing_when_all_is_certain() -> None:
    for document in (with_statuses(), with_statuses(Status.DECLINED)):
        assert wording.reservation(document) == ""
        text = replace(document, clauses=(a_clause("a\n\n{{ avsnitt.forbehold }}"),))
        assert only(text).blocks == (paragraph("a"),)
        assert resolve.problems(text) == []


# The table


def test_each_county_has_its_sum_under_it_and_the_totals_come_last() -> None:
    labels = [
        line.label if isinstance(line, SumRow) else line.name
        for line in resolve.printed_rows(a_table())
    ]
    assert labels == [
        "Elveby kommune",
        "Myrvang kommune",
        "Åsvang kommune",
        "Fjelland fylkeskommune",
        "Sum Fjelland",
        "Granstad kommune",
        "Skogland fylkeskommune",
        "Sum Skogland",
        "Sum alle bidrag",
        "Sum uten ubekreftede bidrag",
    ]


def test_no_sum_is_left_out_of_the_table() -> None:
    odd = SumRow("municipalities", "Sum kommuner", (), amounts("1.00", "1.00", "1.00"))
    table = a_table(subtotals=(odd,), total_confirmed=None)
    lines = resolve.printed_rows(table)
    assert lines == (*table.rows, odd, table.total)
    assert resolve.printed_rows(a_table(rows=()))[-2:] == (table.total, a_table().total_confirmed)


def test_table_as_text() -> None:
    lines = resolve.table_text(a_document()).replace(KR, " ").split("\n")
    assert lines[:8] == [
        "Bidragsyter | Innbyggere | Kroner per innbygger | 2026 | 2027 | 2028",
        "Elveby kommune | 30 005 | 10,50 | 315 052,50 | 327 969,65 | 341 416,41",
        "Myrvang kommune | 7 122 | 10,50 | 74 781,00 | 77 847,02 | 81 038,75",
        "Åsvang kommune | 4 321 | 10,50 | 45 370,50 | 47 230,69 | 49 167,15",
        "Fjelland fylkeskommune | 41 448 | 5,50 | 227 964,00 | 227 964,00 | 227 964,00",
        "Sum Fjelland |  |  | 663 168,00 | 681 011,36 | 699 586,31",
        "Granstad kommune | 6 543 | 10,50 | 68 701,50 | 71 518,26 | 74 450,51",
        "Skogland fylkeskommune (med forbehold) | 6 543 | 5,50 | 35 986,50 | 35 986,50 | 35 986,50",
    ]
    assert lines[11:] == [note.replace(KR, " ") for note in resolve.table_notes(a_document())]
    assert resolve.table_text(a_document(financing=None)) == ""


def test_base_amounts_get_a_column_where_there_are_any_and_the_declined_no_amount() -> None:
    nothing = amounts("0.00", "0.00", "0.00")
    first, second, *rest = a_table().rows
    based = replace(first, base_amount=Decimal(50000), status=Status.UNDECIDED)
    declined = replace(
        second,
        status=Status.DECLINED,
        population=None,
        rate=None,
        base_amount=None,
        cells=nothing,
    )
    table = a_table(rows=(based, declined, *rest))
    document = a_document(financing=a_financing(table=table), language=Language.NYNORSK)
    lines = resolve.table_text(document).replace(KR, " ").split("\n")
    assert lines[:3] == [
        "Bidragsytar | Innbyggjarar | Kroner per innbyggjar | Grunnbeløp | 2026 | 2027 | 2028",
        "Elveby kommune (ikkje avklart) | 30 005 | 10,50 | 50 000,00 | 315 052,50 | 327 969,65 | "
        "341 416,41",
        "Myrvang kommune (bidreg ikkje) |  |  |  |  |  | ",
    ]
    assert lines[10].startswith("Sum utan ubekrefta bidrag |  |  |  | ")


# Plain text


def test_plain_text() -> None:
    text = resolve.plain_text(resolve.resolve(a_document()))
    assert text.startswith(
        "Samarbeidsavtale om etablerertjenesten i Elvebyregionen 2026–2028\n\n1 Parter\n"
    )
    assert "\n\n4.2.1 Tjenestens innhold\n\nKrav til kvalitet:\n\n- Tilgjengelig" in text
    assert (
        "\n\nTjenesten skal:\n\n- hjelpe flere i gang med egen bedrift\n"
        "- styrke bedrifter i de første årene:\n  1. økonomisk\n  2. faglig\n\n3 Varighet\n" in text
    )
    assert resolve.table_text(a_document()) in text
    assert "bidragene i punkt 5." in text
    assert not set("*{}[]") & set(text)
    assert text.endswith("hører til.\n")


def test_plain_text_keeps_the_order_of_the_tree() -> None:
    document = a_document()
    text = resolve.plain_text(resolve.resolve(document))
    heads = [
        line.split(" ")[0]
        for line in text.split("\n")
        if line and line[0].isdigit() and " | " not in line
    ]
    assert len(heads) == len(list(walk(document.clauses)))
    assert heads == sorted(heads, key=lambda number: [int(part) for part in number.split(".")])


@given(marked_up, st.sampled_from([None, a_financing()]))
def test_any_text_resolves_with_nothing_left_blank(text: str, financing: object) -> None:
    document = a_document(clauses=(a_clause(text, heading=text),), financing=financing)
    said = resolve.plain_text(resolve.resolve(document))
    assert ("[mangler: " in said) == bool(resolve.problems(document))
    parts = list(markup.walk(markup.parse(text)))
    used = {part.name for part in parts if isinstance(part, markup.FactRef)}
    assert "region.navn" not in used or "Elvebyregionen" in said
    has_table = markup.BlockFact("tabell.bidrag") in parts and financing is not None
    assert ("Bidragsyter | " in said) == has_table
