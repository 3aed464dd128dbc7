"""Builders for tests: one made-up region whose agreement is complete and without defects.

`a_document()` is an agreement that no check should complain about, so a test changes the one thing it is
about: `a_document(title="…")`, `a_document(financing=a_financing(excludes_vat=False))`. Everything is a
literal (no clock, no chance, nothing computed), so the figures below can be used in assertions.

The region: Elveby (contract municipality), Myrvang and Åsvang in the county Fjelland; Granstad is a member
from the neighbouring county Skogland, whose county authority is only a conditional contributor.

    inhabitants                                             2026          2027          2028
    Elveby       30 005 x 10,50 kr, indexed           315 052,50    327 969,65    341 416,41
    Myrvang       7 122 x 10,50 kr, indexed            74 781,00     77 847,02     81 038,75
    Åsvang        4 321 x 10,50 kr, indexed            45 370,50     47 230,69     49 167,15
    Fjelland     41 448 x  5,50 kr, flat              227 964,00    227 964,00    227 964,00
    Sum Fjelland                                      663 168,00    681 011,36    699 586,31
    Granstad      6 543 x 10,50 kr, indexed            68 701,50     71 518,26     74 450,51
    Skogland      6 543 x  5,50 kr, flat, conditional  35 986,50     35 986,50     35 986,50
    Sum Skogland                                      104 688,00    107 504,76    110 437,01
    Sum                                               767 856,00    788 516,12    810 023,32
    Sum of the confirmed                              731 869,50    752 529,62    774 036,82
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from agreements.domain.document import (
    Body,
    BodyKind,
    Clause,
    Document,
    Financing,
    Language,
    Party,
    PartyRole,
    Service,
    ServiceLevel,
    TemplateRef,
)
from financing.calculation import (
    Alternative,
    Basis,
    Contributor,
    ContributorKind,
    IndexFactor,
    Row,
    Rule,
    RuleKind,
    Status,
    SumRow,
    Table,
)
from financing.rounding import ROUNDING_RULES

ELVEBY = Body("7701", "Elveby kommune", "Elveby", BodyKind.MUNICIPALITY)
MYRVANG = Body("7702", "Myrvang kommune", "Myrvang", BodyKind.MUNICIPALITY)
AASVANG = Body("7703", "Åsvang kommune", "Åsvang", BodyKind.MUNICIPALITY)
GRANSTAD = Body("7801", "Granstad kommune", "Granstad", BodyKind.MUNICIPALITY)
FJELLAND = Body("77", "Fjelland fylkeskommune", "Fjelland", BodyKind.COUNTY_AUTHORITY)
SKOGLAND = Body("78", "Skogland fylkeskommune", "Skogland", BodyKind.COUNTY_AUTHORITY)
NAV = Body("nav-fjelland", "Nav Fjelland", "Nav Fjelland", BodyKind.STATE_AGENCY)
INNOVASJON_NORGE = Body(
    "innovasjon-norge", "Innovasjon Norge", "Innovasjon Norge", BodyKind.STATE_COMPANY
)

MUNICIPALITY_KEYS = ("7701", "7702", "7703", "7801")
YEARS = (2026, 2027, 2028)
ROUNDING = ROUNDING_RULES["ore_half_up"]
INDEX = (
    IndexFactor(2027, Decimal("4.1"), "Eksempelanslag, oktober 2025"),
    IndexFactor(2028, Decimal("4.1"), "Eksempelanslag, oktober 2025"),
)


def amounts(*values: str) -> tuple[Decimal, ...]:
    """Kroner with two decimals, one for each year."""
    return tuple(Decimal(value) for value in values)


def contributors() -> tuple[Contributor, ...]:
    """Those who pay in `a_table`, as input to the calculation."""

    def municipality(body: Body, county: Body, population: int) -> Contributor:
        return Contributor(
            body.key,
            body.name,
            ContributorKind.MUNICIPALITY,
            county.key,
            county.short_name,
            population,
        )

    def authority(body: Body, status: Status) -> Contributor:
        kind = ContributorKind.COUNTY_AUTHORITY
        return Contributor(body.key, body.name, kind, body.key, body.short_name, None, status)

    return (
        municipality(ELVEBY, FJELLAND, 30005),
        municipality(MYRVANG, FJELLAND, 7122),
        municipality(AASVANG, FJELLAND, 4321),
        authority(FJELLAND, Status.CONFIRMED),
        municipality(GRANSTAD, SKOGLAND, 6543),
        authority(SKOGLAND, Status.CONDITIONAL),
    )


def an_alternative(**changes: Any) -> Alternative:
    """The rules that give `a_table`."""
    made = Alternative(
        name="Alternativ 1",
        rounding=ROUNDING,
        rules=(
            Rule(
                frozenset(MUNICIPALITY_KEYS),
                RuleKind.PER_INHABITANT,
                rate=Decimal("10.50"),
            ),
            Rule(
                frozenset({"77", "78"}),
                RuleKind.PER_INHABITANT,
                rate=Decimal("5.50"),
                basis=Basis.COUNTY,
                indexed=False,
            ),
        ),
        index=INDEX,
    )
    return replace(made, **changes)


def a_row(body: Body, county: str, population: int | None, rate: str, *cells: str) -> Row:
    """One confirmed contributor's line with a rate per inhabitant and no base amount."""
    kinds = {
        BodyKind.MUNICIPALITY: ContributorKind.MUNICIPALITY,
        BodyKind.COUNTY_AUTHORITY: ContributorKind.COUNTY_AUTHORITY,
    }
    return Row(
        key=body.key,
        name=body.name,
        kind=kinds.get(body.kind, ContributorKind.OTHER),
        county=county,
        status=Status.CONFIRMED,
        population=population,
        rate=Decimal(rate),
        base_amount=Decimal(0),
        cells=amounts(*cells),
    )


def a_table(**changes: Any) -> Table:
    """The contribution table of the made-up region (figures in the module's docstring)."""
    conditional = a_row(SKOGLAND, "78", 6543, "5.50", "35986.50", "35986.50", "35986.50")
    made = Table(
        alternative="Alternativ 1",
        rounding=ROUNDING,
        years=YEARS,
        index=INDEX,
        rows=(
            a_row(ELVEBY, "77", 30005, "10.50", "315052.50", "327969.65", "341416.41"),
            a_row(MYRVANG, "77", 7122, "10.50", "74781.00", "77847.02", "81038.75"),
            a_row(AASVANG, "77", 4321, "10.50", "45370.50", "47230.69", "49167.15"),
            a_row(FJELLAND, "77", 41448, "5.50", "227964.00", "227964.00", "227964.00"),
            a_row(GRANSTAD, "78", 6543, "10.50", "68701.50", "71518.26", "74450.51"),
            replace(conditional, status=Status.CONDITIONAL),
        ),
        subtotals=(
            SumRow(
                "county-77",
                "Sum Fjelland",
                ("7701", "7702", "7703", "77"),
                amounts("663168.00", "681011.36", "699586.31"),
            ),
            SumRow(
                "county-78",
                "Sum Skogland",
                ("7801", "78"),
                amounts("104688.00", "107504.76", "110437.01"),
            ),
        ),
        total=SumRow(
            "total",
            "Sum alle bidrag",
            ("7701", "7702", "7703", "77", "7801", "78"),
            amounts("767856.00", "788516.12", "810023.32"),
        ),
        total_confirmed=SumRow(
            "total-confirmed",
            "Sum uten ubekreftede bidrag",
            ("7701", "7702", "7703", "77", "7801"),
            amounts("731869.50", "752529.62", "774036.82"),
        ),
    )
    return replace(made, **changes)


def a_financing(**changes: Any) -> Financing:
    """The chosen alternative with what is said about it."""
    made = Financing(
        table=a_table(),
        population_date=date(2025, 1, 1),
        excludes_vat=True,
        invoicing="Elveby kommune sender faktura til de andre bidragsyterne i januar og august.",
        population_source="SSB, tabell 01222",
    )
    return replace(made, **changes)


def parties() -> tuple[Party, ...]:
    """Those bound by the agreement, each with a signatory and a mandate."""
    return (
        Party(
            FJELLAND,
            PartyRole.COUNTY_AUTHORITY,
            signatory_name="Ingrid Berg",
            signatory_title="fylkesordfører",
            mandate="Kommuneloven § 6-1",
        ),
        Party(
            ELVEBY,
            PartyRole.CONTRACT_MUNICIPALITY,
            on_behalf_of=(AASVANG, GRANSTAD, MYRVANG),
            signatory_name="Jonas Lie Moen",
            signatory_title="ordfører",
            mandate="Kommuneloven § 6-1 og vedtak i kommunestyrene",
        ),
        Party(
            NAV,
            PartyRole.PARTNER,
            signatory_name="Samira Haugen",
            signatory_title="avdelingsdirektør",
            mandate="Fullmakt fra fylkesdirektøren",
        ),
        Party(
            INNOVASJON_NORGE,
            PartyRole.PARTNER,
            signatory_name="Pål Nygård",
            signatory_title="regiondirektør",
            mandate="Fullmakt fra administrerende direktør",
        ),
    )


def services() -> tuple[Service, ...]:
    """A short checklist with all three levels."""
    return (
        Service(
            "tilgjengelig", ServiceLevel.QUALITY, "Tilgjengelig for innbyggere i hele regionen"
        ),
        Service("digital", ServiceLevel.QUALITY, "Kan brukes uten å møte fram"),
        Service("kurs", ServiceLevel.MINIMUM, "Gratis innføringskurs to ganger i halvåret"),
        Service("veiledning", ServiceLevel.MINIMUM, "Inntil fem timer personlig veiledning"),
        Service("mentor", ServiceLevel.ADDITIONAL, "Mentorordning for nye bedrifter"),
    )


def clauses() -> tuple[Clause, ...]:
    """The text: every kind of markup, facts in headings and text, references, three levels."""
    return (
        Clause("parter", "Parter", "Denne avtalen er inngått mellom:\n\n{{ liste.parter }}"),
        Clause(
            "formaal",
            "Formål",
            "{{ region.navn }} skal ha en **felles etablerertjeneste** for {{ kommuner.navn }}.\n\n"
            "Tjenesten skal:\n\n"
            "- hjelpe flere i gang med egen bedrift\n"
            "- styrke bedrifter i de første årene:\n"
            "  1. økonomisk\n"
            "  2. faglig",
        ),
        Clause(
            "varighet",
            "Varighet",
            "Avtalen gjelder fra {{ avtale.startdato }} til {{ avtale.sluttdato }}.",
        ),
        Clause(
            "ansvar",
            "Ansvar og oppgaver",
            children=(
                Clause(
                    "fylkeskommunen",
                    "{{ fylkeskommune.navn }}",
                    "{{ fylkeskommune.navn }} leder samarbeidet mellom regionene.",
                ),
                Clause(
                    "kontraktskommunen",
                    "{{ kontraktskommune.navn }}",
                    "{{ kontraktskommune.navn }} driver tjenesten for {{ samarbeidskommuner.navn }}.",
                    children=(
                        Clause(
                            "innhold",
                            "Tjenestens innhold",
                            "Krav til kvalitet:\n\n{{ liste.kvalitetskrav }}\n\n"
                            "Tjenesten skal minst ha:\n\n{{ liste.minimumstjenester }}\n\n"
                            "I tillegg kommer:\n\n{{ liste.tilleggstjenester }}",
                        ),
                    ),
                ),
                Clause(
                    "partnere",
                    "{{ nav.navn }} og {{ innovasjon_norge.navn }}",
                    "Begge deler kunnskap om egne ordninger og deltar på felles møter.",
                ),
            ),
        ),
        Clause(
            "okonomi",
            "Økonomi",
            "Kommunene bidrar med {{ okonomi.kommunesats }} kroner per innbygger det første året og "
            "{{ fylkeskommune.navn }} med {{ okonomi.fylkessats }} kroner. Innbyggertallet gjelder "
            "{{ okonomi.befolkningsdato }}. Kommunenes bidrag reguleres med {{ okonomi.indeks }}.\n\n"
            "{{ tabell.bidrag }}\n\n"
            "{{ avsnitt.forbehold }}\n\n"
            "Alle bidrag er gitt med forbehold om årlige bevilgninger i budsjettet.",
        ),
        Clause(
            "oppgjor",
            "Rapportering og oppgjør",
            "{{ kontraktskommune.navn }} legger fram regnskap innen 1. mai. Ubrukte midler betales "
            "tilbake etter samme fordeling som bidragene i [[punkt:okonomi]].",
        ),
        Clause(
            "oppsigelse",
            "Endring, oppsigelse og oppløsning",
            "Endringer skal være skriftlige. Hver part kan si opp avtalen med ett års varsel. Når "
            "avtalen opphører, gjøres det opp etter [[punkt:oppgjor]], og {{ kontraktskommune.navn }} "
            "tar vare på arkivet.",
        ),
        Clause(
            "tvister",
            "Tvister",
            "Uenighet løses ved forhandling. Saker for domstolene føres for tingretten som "
            "{{ kontraktskommune.navn }} hører til.",
        ),
    )


def a_document(**changes: Any) -> Document:
    """A complete agreement for 2026-2028; keyword arguments replace whole fields."""
    made = Document(
        title="Samarbeidsavtale om etablerertjenesten i Elvebyregionen 2026–2028",
        language=Language.BOKMAL,
        region="Elvebyregionen",
        county="Fjelland",
        term_start=date(2026, 1, 1),
        term_end=date(2028, 12, 31),
        parties=parties(),
        clauses=clauses(),
        services=services(),
        financing=a_financing(),
        template=TemplateRef("Etablerertjenesten", 1, date(2025, 6, 1), "Ingrid Berg"),
    )
    return replace(made, **changes)


def a_clause(text: str, key: str = "punkt", heading: str = "Overskrift") -> Clause:
    """A clause with the text a test is about."""
    return Clause(key, heading, text)


def with_statuses(*statuses: Status) -> Document:
    """The complete agreement with these statuses on its first contributors, and no other doubt."""
    rows = [replace(row, status=Status.CONFIRMED) for row in a_table().rows]
    for index, status in enumerate(statuses):
        rows[index] = replace(rows[index], status=status)
    return a_document(financing=a_financing(table=a_table(rows=tuple(rows))))
