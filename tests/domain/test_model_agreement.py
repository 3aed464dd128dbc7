"""The model agreement on etablerertjenesten: complete, free of known defects and usable as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from agreements.domain import facts, markup, numbering
from agreements.domain.checks import Level, run
from agreements.domain.document import Document, ServiceLevel
from agreements.domain.resolve import plain_text, problems, resolve
from financing.calculation import Status
from tests.model_agreement import (
    MODEL,
    SHARED,
    agreement,
    needs_shared,
    plain_agreement,
    register,
    sentences,
    typed,
    words,
)

# --- complete ---------------------------------------------------------------------------------


def test_the_model_has_the_points_of_an_agreement_on_etablerertjenesten() -> None:
    numbers = numbering.numbers(MODEL.clause_tree())
    assert {numbers[key]: key for key in numbers if "." not in numbers[key]} == {
        "1": "parter",
        "2": "formaal",
        "3": "varighet",
        "4": "fellesfunksjoner",
        "5": "ansvar",
        "6": "okonomi",
        "7": "rapportering",
        "8": "informasjon",
        "9": "rettigheter",
        "10": "endring-og-opphor",
        "11": "taushetsplikt",
        "12": "tvister",
        "13": "signering",
    }
    expected = {
        "fylkeskommunen": "5.1",
        "kontraktskommunen": "5.2",
        "innhold": "5.2.1",
        "innovasjon-norge": "5.3",
        "nav": "5.4",
        "nav-lokalt": "5.4.1",
    }
    assert {key: numbers[key] for key in expected} == expected


def test_additional_services_come_only_when_chosen() -> None:
    levels = [service.level for service in MODEL.checklist()]
    assert levels == [ServiceLevel.QUALITY] * 6 + [ServiceLevel.MINIMUM] * 8


def test_the_demonstration_names_additional_services_of_the_model() -> None:
    chosen = MODEL.checklist(MODEL.demo["Ringeriksregionen"])
    assert {s.key for s in chosen if s.level is ServiceLevel.ADDITIONAL} >= {
        "mentorordning",
        "vekstoppfolging",
    }


def test_nobody_has_confirmed_this_version_and_the_note_says_so() -> None:
    assert MODEL.confirmed_by == ""
    assert MODEL.note.startswith("Ikke juridisk kvalitetssikret")
    assert MODEL.reference().confirmed_by == ""


# --- works in any region ----------------------------------------------------------------------


@pytest.mark.parametrize("document", [agreement(), plain_agreement()], ids=["full", "plain"])
def test_every_fact_and_reference_has_a_value(document: Document) -> None:
    assert problems(document) == []
    assert "[mangler" not in plain_text(resolve(document))


def test_only_known_facts_and_existing_points_are_named() -> None:
    known = {fact.name for fact in facts.names()}
    keys = {clause.key for clause in MODEL.clauses}
    for clause in MODEL.clauses:
        text = f"{clause.heading}\n{clause.text}"
        assert set(re.findall(r"\{\{\s*(.*?)\s*\}\}", text)) <= known, clause.key
        assert set(re.findall(r"\[\[punkt:(.*?)\]\]", text)) <= keys - {clause.key}, clause.key
        assert not re.search(r"\bpunkt(et)?\s+\d", text), clause.key


def test_every_block_fact_is_printed_once_in_a_paragraph_of_its_own() -> None:
    def blocks(items: tuple[markup.Block, ...]) -> Iterator[markup.BlockFact]:
        for block in items:
            if isinstance(block, markup.BlockFact):
                yield block
            elif isinstance(block, markup.ListBlock):
                for item in block.items:
                    yield from blocks(item)

    found = [b.name for clause in MODEL.clauses for b in blocks(markup.parse(clause.text))]
    assert sorted(found) == sorted(facts.BLOCK_NAMES)


def test_no_name_of_a_party_place_or_supplier_is_typed() -> None:
    names = (
        "Buskerud|Viken|Akershus|Østfold|Innlandet|Oslo|Ringerike|Hole|Modum|Krødsherad|Jevnaker"
        "|Moss|Vestby|Råde|Våler|Innovasjon Norge|Sirius|Nav(?!-kontor)|NAV"
    )
    for key, text in typed().items():
        assert not re.search(rf"\b(?:{names})", text), key


def test_no_amount_year_or_population_is_typed() -> None:
    """Every number typed in the model is a legal reference, a deadline or a share."""
    allowed = {
        "rettslig-form": ["17", "1"],
        "oppgjor": ["30"],
        "arlig-rapportering": ["1", "1"],
        "utbetaling": ["50", "50"],
        "personopplysninger": ["28", "26"],
        "forlengelse": ["1", "2", "3", "4"],
        "taushetsplikt": ["13", "27"],
    }
    assert {k: n for k, t in typed().items() if (n := re.findall(r"\d+", t))} == allowed


@pytest.mark.parametrize("document", [agreement(), plain_agreement()], ids=["full", "plain"])
def test_the_checks_find_nothing_wrong_in_an_agreement_made_from_the_model(
    document: Document,
) -> None:
    unconfirmed = [
        row
        for row in (document.financing.table.rows if document.financing else ())
        if row.status is not Status.CONFIRMED
    ]
    found = [f for f in run(document, register()) if f.level is not Level.INFO]
    assert [(f.level, f.code) for f in found] == [
        (Level.WARNING, "contributor_not_confirmed") for _ in unconfirmed
    ]


# --- the defects of earlier agreements are gone -----------------------------------------------


def test_a_service_is_in_one_list_only() -> None:
    for subject in ("temakurs", "næringsfaglig", "mentor", "vekstpotensial"):
        assert sum(subject in service.text for service in MODEL.services) == 1, subject


def test_no_minimum_service_is_optional() -> None:
    for service in MODEL.checklist():
        assert "kan" not in words(service.text), service.key


def test_a_service_is_a_phrase_that_completes_the_sentence_before_the_list() -> None:
    for service in MODEL.services:
        assert service.text[0].islower(), service.key
        assert not service.text.endswith((".", ",", ";", ":")), service.key


def test_premises_are_promised_once() -> None:
    found = [s for text in typed().values() for s in sentences(text) if "kontorlokal" in s]
    assert len(found) == 1


def test_the_operator_is_never_the_one_who_shall() -> None:
    for key, text in typed().items():
        for sentence in sentences(text):
            assert not re.search(r"\b[Oo]peratøren skal\b|\bskal operatøren\b", sentence) or (
                key == "operatoravtalen"
            ), sentence
    assert "Kontraktskommunen skal sørge for" in typed()["informasjon"]


def test_the_point_on_duration_leads_to_a_rule_on_extension() -> None:
    text = {clause.key: clause.text for clause in MODEL.clauses}
    assert "[[punkt:forlengelse]]" in text["varighet"]
    for part in ("senest tolv måneder", "senest seks måneder", "én gang", "inntil to år"):
        assert part in text["forlengelse"]


@pytest.mark.parametrize(
    ("key", "stems"),
    [
        ("bevilgninger", ["forbehold om årlige bevilgninger"]),
        ("oppgjor", ["faktura", "januar", "august", "30 dager", "ikke er brukt"]),
        ("merverdiavgift", ["merverdiavgift"]),
        ("oppsigelse", ["trer ut", "bidrag", "på nytt", "opphører avtalen for alle"]),
        ("avvikling", ["sluttregnskap", "ubrukte", "arkivlova", "personopplysninger", "utgifter"]),
        ("personopplysninger", ["artikkel 26", "artikkel 28", "legge", "behandlingsansvarlig"]),
        ("signering", ["fullmakt", "bindende"]),
    ],
)
def test_what_earlier_agreements_lacked_is_regulated(key: str, stems: list[str]) -> None:
    for stem in stems:
        assert stem in typed()[key].casefold(), stem


def test_nobody_owns_the_client_lists() -> None:
    for sentence in sentences(typed()["personopplysninger"]):
        if "eier" in words(sentence):
            assert sentence.startswith("Ingen part eier")


def test_the_midterm_review_has_a_time_that_can_be_worked_out() -> None:
    text = next(c.text for c in MODEL.clauses if c.key == "fylkeskommunen")
    assert "de tre siste månedene før halve avtaleperioden er gått" in text


def test_sentences_are_short() -> None:
    for key, text in typed().items():
        for sentence in sentences(text):
            assert len(words(sentence)) <= 26, f"{key}: {sentence}"


@needs_shared
@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_the_wording_is_our_own(number: str) -> None:
    length = 8
    [seed] = (SHARED / "seeds").glob(f"{number}_*.txt")
    taken = words(seed.read_text(encoding="utf-8"))
    runs = {tuple(taken[i : i + length]) for i in range(len(taken) - length + 1)}
    for key, text in typed().items():
        own = words(text)
        for start in range(len(own) - length + 1):
            assert tuple(own[start : start + length]) not in runs, (key, own[start : start + 8])
