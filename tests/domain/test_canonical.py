"""The stored form of a Document: the same bytes always, and back again without change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.domain import canonical
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Body,
    BodyKind,
    Choice,
    Clause,
    Document,
    Financing,
    Language,
    Paid,
    Party,
    PartyRole,
    Service,
    ServiceChoice,
    ServiceLevel,
    TemplateRef,
)
from agreements.domain.markup import clean
from financing.calculation import (
    ContributorKind,
    IndexFactor,
    KeyPartKind,
    Row,
    RuleKind,
    Status,
    SumRow,
    Table,
    Term,
    TermShare,
)
from financing.rounding import ROUNDING_RULES
from tests.builders import a_clause, a_document, a_financing, a_table

# A small agreement with everything in it, as schema 1 writes it. It must never change: agreements
# are stored in this form, and their hashes have been decided on. A new format is a new schema.
SCHEMA_1 = (
    '{"clauses":[{"children":[{"children":[],"heading":"B","key":"b","source":"","text":"«b»"}],'
    '"heading":"A","key":"a","source":"Mal","text":"- a\\n- å"}],"county":"Fjelland","financing":'
    '{"excludes_vat":true,"invoicing":"X fakturerer.","population_date":"2025-01-01",'
    '"population_source":"SSB","table":{"alternative":"Alternativ 1","index":[{"is_estimate":true,'
    '"percent":"4.1","source":"Anslag","year":2027}],"rounding":{"code":"tiore_half_up","label":'
    '"nærmeste ti øre","mode":"ROUND_HALF_UP","unit":"0.1"},"rows":[{"base_amount":"0.00","cells":'
    '["10.50","10.90"],"county":"77","key":"7701","kind":"municipality","name":"Elveby kommune",'
    '"population":1,"rate":"10.5","status":"confirmed"},{"base_amount":null,"cells":["100.00",'
    '"100.00"],"county":"","key":"x","kind":"other","name":"X","population":null,"rate":null,'
    '"status":"conditional"}],"subtotals":[],"terms":[{"amount":"100.00","cap":"90.00","floor":null,'
    '"hour_price":"0.00","hours":"0","indexed":false,"kind":"distribution_key","label":"Kurs","names":'
    '["X"],"shares":[{"kind":"equal","percent":"12.5"}],"steps":["50","100"]}],'
    '"total":{"cells":["110.50","110.90"],"code":"total",'
    '"keys":["7701","x"],"label":"Sum"},"total_confirmed":null,"years":[2026,2027]}},"language":'
    '"nn","parties":[{"body":{"key":"77","kind":"county_authority","name":"Fjelland fylkeskommune",'
    '"short_name":"Fjelland"},"mandate":"","on_behalf_of":[],"role":"county_authority",'
    '"signatory_name":"","signatory_title":""}],"region":"Elvebyregionen","schema":1,"services":'
    '[{"key":"kurs","level":"minimum","text":"Kurs"}],"template":{"confirmed_by":"","issued":'
    '"2025-06-01","name":"Mal","version":2},"term_end":"2027-12-31","term_start":"2026-01-01",'
    '"title":"Avtale"}'
)


def small() -> Document:
    rows = (
        Row(
            "7701",
            "Elveby kommune",
            ContributorKind.MUNICIPALITY,
            "77",
            Status.CONFIRMED,
            1,
            Decimal("10.50"),
            Decimal(0),
            (Decimal("10.5"), Decimal("10.9")),
        ),
        Row(
            "x",
            "X",
            ContributorKind.OTHER,
            "",
            Status.CONDITIONAL,
            None,
            None,
            None,
            (Decimal(100), Decimal("1E2")),
        ),
    )
    table = Table(
        "Alternativ 1",
        ROUNDING_RULES["tiore_half_up"],
        (2026, 2027),
        (IndexFactor(2027, Decimal("4.10"), "Anslag"),),
        rows,
        (),
        SumRow("total", "Sum", ("7701", "x"), (Decimal("110.5"), Decimal("110.9"))),
        None,
        (
            Term(
                kind=RuleKind.DISTRIBUTION_KEY,
                names=("X",),
                label="Kurs",
                amount=Decimal(100),
                shares=(TermShare(KeyPartKind.EQUAL, Decimal("12.50")),),
                hours=Decimal(0),
                hour_price=Decimal(0),
                indexed=False,
                floor=None,
                cap=Decimal("90.0"),
                steps=(Decimal(50), Decimal(100)),
            ),
        ),
    )
    authority = Body("77", "Fjelland fylkeskommune", "Fjelland", BodyKind.COUNTY_AUTHORITY)
    return Document(
        title="Avtale",
        language=Language.NYNORSK,
        region="Elvebyregionen",
        county="Fjelland",
        term_start=date(2026, 1, 1),
        term_end=date(2027, 12, 31),
        parties=(Party(authority, PartyRole.COUNTY_AUTHORITY),),
        clauses=(Clause("a", "A", "- a\n- a\u030a", "Mal", (Clause("b", "B", "«b»"),)),),
        services=(Service("kurs", ServiceLevel.MINIMUM, "Kurs"),),
        financing=Financing(table, date(2025, 1, 1), True, "X fakturerer.", "SSB"),
        template=TemplateRef("Mal", 2, date(2025, 6, 1)),
        schema=1,
    )


# What schema 2 has beside schema 1.
SCHEMA_2 = (
    SCHEMA_1.replace(
        '{"clauses"',
        '{"attachments":[{"access_code":"offl. § 13","kind":"data_processing","sha256":"ab","title":"V"}],'
        '"clauses"',
        1,
    )
    .replace(
        '"parties":[',
        '"others":[],"parties":[',
    )
    .replace(
        '"title":"Avtale"}',
        '"title":"Avtale","today":[{"amount":"67662.50","key":"7701","source":"Regnskap","year":2025}]}',
    )
    .replace(
        '"schema":1,"services":[{"key"',
        '"schema":2,"services":[{"choices":[{"body":{"key":"7701","kind":"municipality","name":'
        '"Elveby kommune","short_name":"Elveby"},"choice":"bought","price":"50000.00"}],"key"',
    )
)


def complete() -> Document:
    """The small agreement with everything that came with schema 2."""
    elveby = Body("7701", "Elveby kommune", "Elveby", BodyKind.MUNICIPALITY)
    chosen = ServiceChoice(elveby, Choice.BOUGHT, Decimal(50000))
    return replace(
        small(),
        services=(Service("kurs", ServiceLevel.MINIMUM, "Kurs", (chosen,)),),
        attachments=(Attachment("V", AttachmentKind.DATA_PROCESSING, "offl. § 13", "ab"),),
        today=(Paid("7701", 2025, Decimal("67662.5"), "Regnskap"),),
        schema=2,
    )


def changed(**changes: Any) -> bytes:
    """The small agreement with other JSON values at its outermost level."""
    return json.dumps({**json.loads(SCHEMA_1), **changes}).encode()


def test_schema_1_is_written_and_read_as_it_always_was() -> None:
    assert canonical.dump(small()).decode() == SCHEMA_1
    assert canonical.dump(canonical.load(SCHEMA_1.encode())).decode() == SCHEMA_1
    assert canonical.sha256(small()) == hashlib.sha256(SCHEMA_1.encode()).hexdigest()


def test_schema_2_is_written_and_read_as_it_always_was() -> None:
    assert canonical.dump(complete()).decode() == SCHEMA_2
    assert canonical.dump(canonical.load(SCHEMA_2.encode())).decode() == SCHEMA_2


def test_the_complete_agreement_comes_back_equal() -> None:
    for document in (a_document(), a_document(financing=None, template=None, clauses=())):
        assert canonical.load(canonical.dump(document)) == document


def test_equal_documents_have_equal_bytes() -> None:
    """However a decimal was spelt, and however an å was typed."""
    rows = tuple(replace(row, rate=Decimal("5.500E0")) for row in a_table().rows)
    same = tuple(replace(row, rate=Decimal("5.5")) for row in a_table().rows)
    one, other = (
        a_document(title=title, financing=a_financing(table=a_table(rows=spelt)))
        for spelt, title in ((rows, "Blå"), (same, "Bla\u030a"))
    )
    assert canonical.dump(one) == canonical.dump(other)
    assert canonical.sha256(one) != canonical.sha256(a_document())


texts = st.text().map(clean)
money = st.decimals(-(10**12), 10**12, places=2).map(lambda value: value + 0)
exact = st.decimals(-(10**6), 10**6, allow_nan=False).filter(lambda value: value.adjusted() > -40)


@given(texts, texts, st.lists(money, min_size=1, max_size=4), exact, st.dates(), st.booleans())
def test_round_trip(
    title: str, text: str, cells: list[Decimal], rate: Decimal, day: date, vat: bool
) -> None:
    row = replace(a_table().rows[0], cells=tuple(cells), rate=rate, base_amount=cells[0])
    table = a_table(rows=(row,), total_confirmed=None)
    financing = a_financing(table=table, population_date=day, excludes_vat=vat)
    document = a_document(title=title, clauses=(a_clause(text),), financing=financing)
    data = canonical.dump(document)
    assert canonical.load(data) == document
    assert canonical.dump(canonical.load(data)) == data


@pytest.mark.parametrize(
    "cell", [Decimal("1.005"), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), 1.5, "1"]
)
def test_money_that_is_not_whole_oere_is_refused(cell: Any) -> None:
    row = replace(a_table().rows[0], cells=(cell,))
    document = a_document(financing=a_financing(table=a_table(rows=(row,))))
    with pytest.raises(ValueError, match=r"avtale\.financing\.table\.rows\[0\]\.cells\[0\]"):
        canonical.dump(document)


def test_zero_has_no_sign() -> None:
    row = replace(a_table().rows[0], cells=(Decimal("-0.00"),))
    document = a_document(financing=a_financing(table=a_table(rows=(row,))))
    assert b'"cells":["0.00"]' in canonical.dump(document)


def test_what_cannot_be_stored_is_refused() -> None:
    with pytest.raises(ValueError, match=r"avtale\.title: teksten har tegn"):
        canonical.dump(a_document(title="\ud800"))
    with pytest.raises(ValueError, match="ukjent skjema 3"):
        canonical.dump(a_document(schema=3))
    with pytest.raises(ValueError, match="skjema 1 har ikke feltet «choices»"):
        canonical.dump(replace(complete(), attachments=(), today=(), schema=1))
    with pytest.raises(ValueError, match="skjema 1 har ikke feltet «attachments»"):
        canonical.dump(replace(complete(), services=(), today=(), schema=1))
    with pytest.raises(ValueError, match=r"avtale\.term_start"):
        canonical.dump(a_document(term_start="2026-01-01"))
    with pytest.raises(ValueError, match=r"avtale\.parties: venter tuple"):
        canonical.dump(a_document(parties=[]))
    nested = a_clause("")
    for _ in range(5000):
        nested = Clause("k", "", children=(nested,))
    with pytest.raises(ValueError, match="nøstet for dypt"):
        canonical.dump(a_document(clauses=(nested,)))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "ikke gyldig JSON"),
        (b"\xff", "ikke gyldig JSON"),
        (b"[]", "ukjent skjema None"),
        (b"[" * 100_000, "nøstet for dypt"),
        (b'{"schema":1,"schema":1}', "to ganger"),
        (b'{"schema":1.0}', "må stå som tekst"),
        (b'{"schema":NaN}', "må stå som tekst"),
        (changed(schema=0), "ukjent skjema 0"),
        (changed(schema=2), "feltet «attachments» mangler"),
        (changed(schema=3), "ukjent skjema 3"),
        (changed(schema=True), "ukjent skjema True"),
        (changed(schema="1"), "ukjent skjema '1'"),
        (changed(extra=1), "ukjent felt «extra»"),
        (changed(title=None), r"avtale\.title: venter tekst"),
        (changed(title="a\u030a"), "ikke på fast form"),
        (changed(title="\ud800"), "tegn som ikke kan lagres"),
        (changed(language="sv"), r"avtale\.language: ugyldig verdi «sv»"),
        (changed(term_start="20260101"), r"avtale\.term_start: «20260101» er ikke en dato"),
        (changed(term_start="2026-02-30"), r"avtale\.term_start: ugyldig verdi"),
        (changed(clauses={}), r"avtale\.clauses: venter en liste"),
        (changed(services=[[]]), r"avtale\.services\[0\]: venter et objekt"),
        (changed(services=[{"key": "a", "text": "b"}]), "feltet «level» mangler"),
        (changed(template={"name": "a", "version": True}), "mangler"),
    ],
)
def test_what_is_not_an_agreement_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        canonical.load(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rate", "10.50"),
        ("rate", "1E1"),
        ("rate", "010"),
        ("rate", "-0"),
        ("rate", "+1"),
        ("rate", "١"),
        ("rate", "1" * 200),
        ("base_amount", "0"),
        ("base_amount", "0.000"),
        ("population", True),
        ("population", "1"),
        ("cells", ["1.5"]),
        ("cells", "1.50"),
        ("status", "sikker"),
    ],
)
def test_a_second_spelling_of_a_value_is_refused(field: str, value: object) -> None:
    tree = json.loads(SCHEMA_1)
    tree["financing"]["table"]["rows"][0][field] = value
    with pytest.raises(ValueError, match=rf"avtale\.financing\.table\.rows\[0\]\.{field}"):
        canonical.load(json.dumps(tree).encode())


@given(st.binary(max_size=60), st.integers(0, len(SCHEMA_1) - 1))
def test_damaged_bytes_are_refused_or_read_but_never_crash(noise: bytes, place: int) -> None:
    data = SCHEMA_1.encode()
    damaged = data[:place] + noise + data[place + len(noise) :]
    try:
        document = canonical.load(damaged)
    except ValueError:
        return
    assert canonical.load(canonical.dump(document)) == document
