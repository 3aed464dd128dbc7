"""A difference in plain Norwegian: what is said, in which order, and when it stops."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agreements.domain import diff, diff_words
from agreements.domain.diff_summary import MOST, summary
from agreements.domain.document import Clause, Document, Language, PartyRole, Service, ServiceLevel
from financing.calculation import IndexFactor, Status, calculate
from financing.rounding import ROUNDING_RULES
from tests.builders import (
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

NB, NN = Language.BOKMAL, Language.NYNORSK
CLAUSES = clauses()
COUNTY, CONTRACT, NAV, INNOVATION = parties()


def told(_language: Language = NB, /, before: Document | None = None, **changes: Any) -> list[str]:
    """What is said of the complete agreement with changes."""
    return summary(diff.compare(before or a_document(), a_document(**changes)), _language)


def money(**changes: Any) -> dict[str, Any]:
    return {"financing": a_financing(**changes)}


def calculated(**changes: Any) -> dict[str, Any]:
    return money(table=calculate(contributors(), an_alternative(**changes), YEARS))


def test_nothing_is_said_of_what_is_the_same() -> None:
    assert told() == []


def test_both_languages_have_the_same_sentences_with_the_same_gaps() -> None:
    one, other = (diff_words.SENTENCES[language] for language in (NB, NN))
    assert one.keys() == other.keys()
    for key, sentence in one.items():
        gaps = re.compile(r"\{\w+\}")
        assert sorted(gaps.findall(sentence)) == sorted(gaps.findall(other[key])), key


@pytest.mark.parametrize(
    ("changes", "bokmal", "nynorsk"),
    [
        (
            {"parties": (COUNTY, CONTRACT, NAV)},
            "Innovasjon Norge er ikke lenger part.",
            "Innovasjon Norge er ikkje lenger part.",
        ),
        (
            {
                "parties": (
                    COUNTY,
                    replace(CONTRACT, on_behalf_of=CONTRACT.on_behalf_of[:2]),
                    NAV,
                    INNOVATION,
                )
            },
            "Elveby kommune signerer ikke lenger på vegne av Myrvang kommune.",
            "Elveby kommune signerer ikkje lenger på vegner av Myrvang kommune.",
        ),
        (
            {"parties": (replace(COUNTY, role=PartyRole.PARTNER), CONTRACT, NAV, INNOVATION)},
            "Fjelland fylkeskommune er nå samarbeidspart, ikke fylkeskommune.",
            "Fjelland fylkeskommune er no samarbeidspart, ikkje fylkeskommune.",
        ),
        (
            {
                "parties": (
                    replace(COUNTY, mandate=""),
                    replace(CONTRACT, signatory_name=""),
                    NAV,
                    INNOVATION,
                )
            },
            "Signaturopplysningene er endret for Fjelland fylkeskommune og Elveby kommune.",
            "Signaturopplysningane er endra for Fjelland fylkeskommune og Elveby kommune.",
        ),
        (
            {"parties": (CONTRACT, COUNTY, NAV, INNOVATION)},
            "Partene står i en annen rekkefølge.",
            "Partane står i ei anna rekkjefølgje.",
        ),
        (
            {"term_end": date(2028, 8, 31)},
            "Avtalen gjelder nå til 31. august 2028, før til 31. desember 2028.",
            "Avtala gjeld no til 31. august 2028, før til 31. desember 2028.",
        ),
        (
            {"term_start": date(2027, 1, 1), "term_end": date(2029, 12, 31)},
            "Avtalen gjelder nå fra 1. januar 2027 til 31. desember 2029, før fra 1. januar 2026 til "
            "31. desember 2028.",
            "Avtala gjeld no frå 1. januar 2027 til 31. desember 2029, før frå 1. januar 2026 til "
            "31. desember 2028.",
        ),
        ({"title": "Ny"}, "Avtalen heter nå «Ny».", "Avtala heiter no «Ny»."),
        ({"language": NN}, "Avtalen er nå på nynorsk.", "Avtala er no på nynorsk."),
        (
            money(excludes_vat=False),
            "Beløpene er nå med merverdiavgift.",
            "Beløpa er no med meirverdiavgift.",
        ),
        (
            money(population_date=date(2024, 7, 1)),
            "Innbyggertallene gjelder nå 1. juli 2024, før 1. januar 2025.",
            "Innbyggjartala gjeld no 1. juli 2024, før 1. januar 2025.",
        ),
        (
            money(table=a_table(rounding=ROUNDING_RULES["krone_down"])),
            "Avrundingen er nå «avkortet til hele kroner», før «nærmeste øre».",
            "Avrundinga er no «avkorta til heile kroner», før «næraste øre».",
        ),
        (
            {"financing": None},
            "Avtalen har ikke lenger en bidragstabell.",
            "Avtala har ikkje lenger ein bidragstabell.",
        ),
        (
            {
                "clauses": (
                    *CLAUSES[:-1],
                    Clause("tvister", "Tvister", CLAUSES[-1].text + " Slik er det."),
                )
            },
            "Punkt 8 Tvister er endret (3 ord).",
            "Punkt 8 Tvister er endra (3 ord).",
        ),
        (
            {"clauses": (*CLAUSES[:-1], replace(CLAUSES[-1], source="Et brev"))},
            "Punkt 8 Tvister er endret (bare kilden).",
            "Punkt 8 Tvister er endra (berre kjelda).",
        ),
        (
            {"services": services()[:-1]},
            "Tilleggstjenesten «Mentorordning for nye bedrifter» er tatt ut.",
            "Tilleggstenesta «Mentorordning for nye bedrifter» fell bort.",
        ),
        (
            {"services": (*services()[:-1], replace(services()[-1], level=ServiceLevel.MINIMUM))},
            "«Mentorordning for nye bedrifter» er nå en minimumstjeneste, før en tilleggstjeneste.",
            "«Mentorordning for nye bedrifter» er no ei minimumsteneste, før ei tilleggsteneste.",
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "",
)
def test_one_change_is_one_sentence(changes: Any, bokmal: str, nynorsk: str) -> None:
    assert told(NB, **changes) == [bokmal]
    assert told(NN, **changes) == [nynorsk]


def test_another_rate_is_told_with_what_it_does_to_the_sum() -> None:
    rules = an_alternative().rules
    changed = (replace(rules[0], rate=Decimal("11.50")), *rules[1:])
    assert told(**calculated(rules=changed)) == [
        "Satsen for kommunene er endret fra 10,50 til 11,50 kroner per innbygger.",
        "Summen av bidragene i 2026 går opp med 47\u00a0991,00 kroner, til 815\u00a0847,00 kroner.",
    ]


def test_another_index_is_told_with_the_first_year_it_changes() -> None:
    index = (IndexFactor(2027, Decimal("3.0")), IndexFactor(2028, Decimal("3.0")))
    first, second = told(**calculated(index=index))
    assert first.startswith("Summen av bidragene i 2027 går ned med ")
    assert second == (
        "Indeksreguleringen er nå 3 prosent i 2027 og 3 prosent i 2028, før 4,1 prosent i 2027 og "
        "4,1 prosent i 2028."
    )


def test_contributors_who_leave_join_and_doubt() -> None:
    rows = list(a_table().rows)
    rows[5] = replace(rows[5], status=Status.CONFIRMED)
    rows[0] = replace(rows[0], status=Status.CONDITIONAL)
    table = a_table(rows=tuple(rows[:1] + rows[2:]))
    assert told(**money(table=table)) == [
        "Myrvang kommune er ikke lenger bidragsyter.",
        "Det er nå tatt forbehold om bidraget fra Elveby kommune.",
        "Bidraget fra Skogland fylkeskommune er nå bekreftet.",
    ]
    back = told(before=a_document(**money(table=table)))
    assert back[0] == "Myrvang kommune er ny bidragsyter."


def test_clauses_taken_out_put_in_moved_and_numbered_anew() -> None:
    first, second, third, *rest = CLAUSES
    assert told(clauses=(first, third, second, *rest[1:])) == [
        "Punkt 4 Ansvar og oppgaver er tatt ut, med underpunktene.",
        "Punkt 2 Varighet er flyttet fra 3.",
        "5 andre punkter har fått nytt nummer.",
    ]
    new = Clause("ny", "Møter", "To ganger i året.")
    assert told(clauses=(*CLAUSES[:-1], new, CLAUSES[-1])) == [
        "Punkt 8 Møter er nytt.",
        "Punkt 9 Tvister hadde før nummer 8.",
    ]


def test_several_services_are_counted_and_long_ones_cut() -> None:
    three = tuple(Service(f"ny-{n}", ServiceLevel.MINIMUM, f"Kurs {n}") for n in range(3))
    assert told(services=(*services(), *three)) == ["3 minimumstjenester er lagt til."]
    long = Service("lang", ServiceLevel.QUALITY, "En tjeneste for alle " * 20)
    (sentence,) = told(services=(*services(), long))
    assert len(sentence) < 130
    assert sentence.endswith("for …» er lagt til.")


def test_the_most_important_comes_first_and_the_list_is_short() -> None:
    everything = told(
        title="Ny",
        parties=(CONTRACT,),
        term_end=date(2029, 12, 31),
        clauses=tuple(replace(clause, heading=f"Nytt {clause.heading}") for clause in CLAUSES),
        services=services()[2:],
        financing=None,
    )
    assert everything[0] == "Fjelland fylkeskommune er ikke lenger part."
    assert everything[3:5] == [
        "Avtalen gjelder nå til 31. desember 2029, før til 31. desember 2028.",
        "Avtalen har ikke lenger en bidragstabell.",
    ]
    assert len(everything) == MOST + 1
    # One clause, two services taken out and the title are left.
    assert everything[-1] == "og 4 andre endringer"


def test_one_more_change_is_said_in_words() -> None:
    many = tuple(Clause(f"k{n}", f"Punkt nummer {n}", "Tekst.") for n in range(13))
    edited = tuple(replace(clause, text="Skrift.") for clause in many)
    assert told(before=a_document(clauses=many), clauses=edited)[-1] == "og én annen endring"
    assert told(NN, before=a_document(clauses=many), clauses=edited)[-1] == "og éi anna endring"
