"""The names of sheets and columns in both written standards. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from agreements.domain.document import Choice, Language, PartyRole, ServiceLevel


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What the sheets of an agreement, a case paper or a comparison say besides its own words."""

    points: str
    services: str
    contributions: str
    point_heads: tuple[str, ...]
    party_heads: tuple[str, ...]
    service_heads: tuple[str, ...]
    attachment_heads: tuple[str, ...]
    roles: MappingProxyType[PartyRole, str]
    levels: MappingProxyType[ServiceLevel, str]
    choices: MappingProxyType[Choice, str]
    everybody: str
    see_sheet: str
    chapter_heads: tuple[str, ...]
    year: str
    side_by_side: str
    until: str


SHEETS = MappingProxyType(
    {
        Language.BOKMAL: SheetWords(
            points="Punkter",
            services="Tjenester",
            contributions="Bidrag",
            point_heads=("Nummer", "Overskrift", "Tekst"),
            party_heads=("Part", "Rolle", "På vegne av", "Signeres av", "Tittel", "Fullmakt"),
            service_heads=(
                "Tjeneste eller krav",
                "Liste",
                "Gjelder",
                "Valg",
                "Pris, kroner i året",
            ),
            attachment_heads=("Nummer", "Vedlegg", "Unntatt offentlighet"),
            roles=MappingProxyType(
                {
                    PartyRole.COUNTY_AUTHORITY: "fylkeskommune",
                    PartyRole.CONTRACT_MUNICIPALITY: "kontraktskommune",
                    PartyRole.PARTNER: "samarbeidspart",
                }
            ),
            levels=MappingProxyType(
                {
                    ServiceLevel.QUALITY: "kvalitetskrav",
                    ServiceLevel.MINIMUM: "minimumstjeneste",
                    ServiceLevel.ADDITIONAL: "tilleggstjeneste",
                }
            ),
            choices=MappingProxyType(
                {
                    Choice.IN: "med",
                    Choice.OUT: "ikke med",
                    Choice.BOUGHT: "kjøpt i tillegg",
                }
            ),
            everybody="alle kommunene",
            see_sheet="Se arket «{}».",
            chapter_heads=("Kapittel", "Tekst"),
            year="År",
            side_by_side="Side om side",
            until="{} til {}",
        ),
        Language.NYNORSK: SheetWords(
            points="Punkt",
            services="Tenester",
            contributions="Bidrag",
            point_heads=("Nummer", "Overskrift", "Tekst"),
            party_heads=("Part", "Rolle", "På vegner av", "Blir signert av", "Tittel", "Fullmakt"),
            service_heads=("Teneste eller krav", "Liste", "Gjeld", "Val", "Pris, kroner i året"),
            attachment_heads=("Nummer", "Vedlegg", "Unnateke offentlegheit"),
            roles=MappingProxyType(
                {
                    PartyRole.COUNTY_AUTHORITY: "fylkeskommune",
                    PartyRole.CONTRACT_MUNICIPALITY: "kontraktskommune",
                    PartyRole.PARTNER: "samarbeidspart",
                }
            ),
            levels=MappingProxyType(
                {
                    ServiceLevel.QUALITY: "kvalitetskrav",
                    ServiceLevel.MINIMUM: "minimumsteneste",
                    ServiceLevel.ADDITIONAL: "tilleggsteneste",
                }
            ),
            choices=MappingProxyType(
                {
                    Choice.IN: "med",
                    Choice.OUT: "ikkje med",
                    Choice.BOUGHT: "kjøpt i tillegg",
                }
            ),
            everybody="alle kommunane",
            see_sheet="Sjå arket «{}».",
            chapter_heads=("Kapittel", "Tekst"),
            year="År",
            side_by_side="Side om side",
            until="{} til {}",
        ),
    }
)
