"""A draft with one defect of every class the checks know, in the made-up region of `builders`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from agreements.domain.checks import Context, Position, RegisteredBody, Stance
from agreements.domain.document import (
    Choice,
    Clause,
    Document,
    Party,
    PartyRole,
    Service,
    ServiceChoice,
    ServiceLevel,
)
from financing.calculation import ContributorKind, Status
from tests.builders import (
    AASVANG,
    ELVEBY,
    FJELLAND,
    GRANSTAD,
    MYRVANG,
    NAV,
    a_document,
    a_financing,
    a_table,
    clauses,
    parties,
    services,
)

# In place of what each clause says stands the code it must give.
_CLAUSES = (
    ("leftover_placeholder", "Bidraget fra staten er xxxxx kroner."),
    ("drafting_note", "Partene møtes hvert halvår (skal vi nøye oss med ett møte?)."),
    ("typed_point_number", "5.4 1 Samarbeid med de lokale kontorene."),
    ("dead_reference", "Forlengelse skjer etter punkt 88."),
    ("reference_does_not_hold", "Partene kan avtale forlengelse, jf. punkt 1."),
    ("law_reference_misspelt", "Partene har taushetsplikt etter forvaltningsloven 5 13."),
    ("law_reference_outdated", "Innsyn gis etter offentlighetsloven."),
    (
        "same_duty_twice",
        "Kommunen skal:\n\n- sikre kontorlokaler\n- tilrettelegge for kontorlokaler og drift",
    ),
    ("optional_in_minimum", "Tjenesten skal minimum inneholde:\n\n- mentorer som kan tilbys"),
    ("duty_outside_parties", "Operatøren skal hvert år tilby hver kommune en orientering."),
    ("unknown_fact", "Tjenesten heter {{ tjeneste.navn }}."),
    ("empty_fact", "Innovasjon, ved {{ innovasjon_norge.navn }}, er med."),
    ("signed_for_differs", "Elveby kommune signerer på vegne av Åsvang og Dalstad."),
    ("retired_body", "Regnskapet sendes Storfjelland fylkeskommune."),
    ("name_not_registered", "Tjenesten holder til i Kontraktkommunen."),
    ("population_differs", "Elveby og Myrvang har til sammen 37 000 innbyggere."),
    ("population_date_differs", "Innbyggertallet er hentet per desember 2023."),
    ("rate_differs", "Fylkeskommunen bidrar med 6,50 kroner per innbygger."),
    ("amount_differs", "Fylkeskommunen bidrar med 227 000 kroner i året."),
    ("index_differs", "Bidragene indeksreguleres med 3,9 prosent hvert år."),
    ("term_date_differs", "Avtalen gjelder fra 1. januar 2026 til 30. juni 2030."),
    ("term_length_differs", "Avtalen varer i ti år."),
    ("recommended_missing", "En part kan si opp avtalen med ett års varsel."),
    ("data_processing_missing", "Kommunene har behandlingsansvar for personopplysninger."),
    ("venue_outside_parties", "Havneby vedtas som verneting."),
    ("unprintable_character", "Tjenesten holdes åpen \U0001f600 hele året."),
)

CONTEXT = Context(
    bodies=(
        RegisteredBody("Storfjelland fylkeskommune", date(2020, 1, 1), date(2023, 12, 31)),
        RegisteredBody("Dalstad kommune"),
    ),
    minimum_rates=((ContributorKind.MUNICIPALITY, Decimal("5.50")),),
    stances=(Stance("Myrvang", Position.UNDECIDED, "Rådmannen vil innstille negativt."),),
)


def _services() -> tuple[Service, ...]:
    """The checklist with a required line that Elveby lacks, and the like."""
    dalstad = replace(GRANSTAD, key="7704", name="Dalsida kommune", short_name="Dalsida")
    out = tuple(ServiceChoice(body, Choice.OUT) for body in (ELVEBY, AASVANG, GRANSTAD))
    chosen = {
        "kurs": (ServiceChoice(ELVEBY, Choice.OUT),),
        "veiledning": (ServiceChoice(ELVEBY, Choice.BOUGHT),),
        "mentor": (ServiceChoice(dalstad, Choice.OUT),),
    }
    return (
        *(replace(service, choices=chosen.get(service.key, ())) for service in services()),
        Service("messe", ServiceLevel.ADDITIONAL, "Stand på næringsmessen", out),
    )


def a_defective_document() -> Document:
    """Return the draft. Defects of the text stand in clauses keyed by their code.

    Of the facts: Åsvang pays too little, Granstad contributes and is not signed for, Myrvang is
    signed for and has declined, Nav stands twice without signatory or mandate, Dalstad is signed
    for but not in the table, the title and the table have other years than the term, the title is
    longer than the signing service takes, and nothing is reserved for the yearly budgets. Elveby
    lacks a required service and has no price for another, Dalsida has chosen without contributing,
    and nobody has an additional one.
    """
    table = a_table()
    changes = {
        AASVANG.key: {"rate": Decimal("2.50")},
        MYRVANG.key: {"status": Status.DECLINED},
    }
    rows = tuple(replace(row, **changes.get(row.key, {})) for row in table.rows)
    dalstad = replace(GRANSTAD, key="7704", name="Dalsida kommune", short_name="Dalsida")
    nobody = Party(NAV, PartyRole.PARTNER)
    return a_document(
        title="Avtale om etablerertjenesten i Elveby, Myrvang, Åsvang, Granstad og Dalsida for 2022–2025",
        term_end=date(2029, 12, 31),
        parties=(
            Party(
                FJELLAND, PartyRole.COUNTY_AUTHORITY, (), "Ingrid Berg", "fylkesordfører", "Vedtak"
            ),
            Party(
                ELVEBY,
                PartyRole.CONTRACT_MUNICIPALITY,
                (AASVANG, MYRVANG, dalstad),
                "Jonas Lie Moen",
                "ordfører",
                "Vedtak",
            ),
            nobody,
            nobody,
        ),
        services=_services(),
        clauses=tuple(
            Clause(code, f"Om {number}", text) for number, (code, text) in enumerate(_CLAUSES, 1)
        ),
        financing=a_financing(table=replace(table, rows=rows)),
    )


def clause_codes() -> tuple[str, ...]:
    """Return the codes whose defect stands in a clause of that key."""
    return tuple(code for code, _ in _CLAUSES)


def crowded() -> Document:
    """Return the clean agreement with more parties than the signing service takes."""
    signed = {"signatory_name": "Navn", "signatory_title": "leder", "mandate": "Fullmakt"}
    more = tuple(
        Party(replace(NAV, key=f"nav-{number}"), PartyRole.PARTNER, **signed) for number in range(7)
    )
    return a_document(parties=(*parties(), *more))


def without_index() -> Document:
    """Return the clean agreement with the clause about money taken out: no word of the index."""
    return a_document(clauses=tuple(clause for clause in clauses() if clause.key != "okonomi"))
