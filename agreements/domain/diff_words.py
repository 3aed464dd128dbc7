"""The words for what differs between two agreements, in both written languages. Pure."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

from agreements.domain import facts, wording
from agreements.domain.diff import Value
from agreements.domain.document import Language, PartyRole, ServiceLevel, TemplateRef
from financing.calculation import ContributorKind
from financing.index import IndexFactor
from financing.rounding import RoundingRule
from municipalities import norwegian

_BOKMAL = {
    # Who is bound and who pays.
    "party_left": "{name} er ikke lenger part.",
    "party_joined": "{name} er ny part.",
    "party_role": "{name} er nå {after}, ikke {before}.",
    "party_renamed": "{before} heter nå {name}.",
    "behalf_left": "{name} signerer ikke lenger på vegne av {names}.",
    "behalf_joined": "{name} signerer nå også på vegne av {names}.",
    "signatory": "Signaturopplysningene er endret for {names}.",
    "party_order": "Partene står i en annen rekkefølge.",
    "contributor_left": "{name} er ikke lenger bidragsyter.",
    "contributor_joined": "{name} er ny bidragsyter.",
    "confirmed": "Bidraget fra {name} er nå bekreftet.",
    "conditional": "Det er nå tatt forbehold om bidraget fra {name}.",
    "undecided": "Bidraget fra {name} er nå ikke avklart.",
    "confirmed_many": "Bidragene fra {name} er nå bekreftet.",
    "conditional_many": "Det er nå tatt forbehold om bidragene fra {name}.",
    "undecided_many": "Bidragene fra {name} er nå ikke avklart.",
    # Money.
    "table_new": "Avtalen har fått en bidragstabell.",
    "table_gone": "Avtalen har ikke lenger en bidragstabell.",
    "alternative": "Avtalen følger nå {after}, ikke {before}.",
    "rate": "Satsen for {names} er endret fra {before} til {after} kroner per innbygger.",
    "total_up": "Summen av bidragene i {year} går opp med {change} kroner, til {after} kroner.",
    "total_down": "Summen av bidragene i {year} går ned med {change} kroner, til {after} kroner.",
    "total_years": "Summen av bidragene er {after} kroner i {year}, mot {before} kroner i {old}.",
    "same_total": "Bidragene er fordelt på en annen måte. Summen er den samme.",
    "rules": "Reglene for hvordan bidragene regnes ut, er endret.",
    "years": "Bidragstabellen gjelder nå {after}, før {before}.",
    "index": "Indeksreguleringen er nå {after}, før {before}.",
    "index_source": "Det som står om kilden til indeksen, er endret.",
    "rounding": "Avrundingen er nå «{after}», før «{before}».",
    "vat": "Beløpene er nå {after}.",
    "vat_True": "uten merverdiavgift",
    "vat_False": "med merverdiavgift",
    "invoicing": "Hvem som fakturerer hvem, er endret.",
    "population_date": "Innbyggertallene gjelder nå {after}, før {before}.",
    "population_source": "Kilden til innbyggertallene er endret.",
    # The agreement itself.
    "period": "Avtalen gjelder nå fra {start} til {end}, før fra {old_start} til {old_end}.",
    "start": "Avtalen gjelder nå fra {start}, før fra {old_start}.",
    "end": "Avtalen gjelder nå til {end}, før til {old_end}.",
    "title": "Avtalen heter nå «{after}».",
    "region": "Avtalen gjelder nå {after}, ikke {before}.",
    "county": "Fylket er nå {after}, før {before}.",
    "language": "Avtalen er nå på {after}.",
    "template": "Avtalen bygger nå på {after}, før på {before}.",
    # Its text.
    "clause_gone": "Punkt {number} {heading} er tatt ut.",
    "clause_gone_whole": "Punkt {number} {heading} er tatt ut, med underpunktene.",
    "clauses_gone": "Punktene {numbers} er tatt ut.",
    "clause_new": "Punkt {number} {heading} er nytt.",
    "clause_new_whole": "Punkt {number} {heading} er nytt, med underpunktene.",
    "clauses_new": "Punktene {numbers} er nye.",
    "clause_edited": "Punkt {number} {heading} er endret ({detail}).",
    "clause_moved": "Punkt {number} {heading} er flyttet fra {old}.",
    "clause_moved_same": "Punkt {number} {heading} er flyttet.",
    "renumbered": "Punkt {number} {heading} hadde før nummer {old}.",
    "renumbered_many": "{count} andre punkter har fått nytt nummer.",
    "words": "{count} ord",
    "layout": "bare oppsett eller tegnsetting",
    "source": "bare kilden",
    # The checklist.
    "service_new": "{level} «{text}» er lagt til.",
    "services_new": "{count} {level} er lagt til.",
    "service_gone": "{level} «{text}» er tatt ut.",
    "services_gone": "{count} {level} er tatt ut.",
    "service_edited": "{level} «{text}» er endret.",
    "services_edited": "{count} {level} er endret.",
    "service_level": "«{text}» er nå {after}, før {before}.",
    "service_choices": "«{text}» gjelder på andre vilkår for {names}.",
    "service_order": "{level} står i en annen rekkefølge.",
    "attachment_new": "Vedlegget «{text}» er lagt til.",
    "attachment_gone": "Vedlegget «{text}» er tatt ut.",
    "attachment_edited": "Vedlegget «{text}» er et annet.",
    "others_one": "og én annen endring",
    "others": "og {count} andre endringer",
    "nothing": "ingen",
}

_NYNORSK = {
    "party_left": "{name} er ikkje lenger part.",
    "party_joined": "{name} er ny part.",
    "party_role": "{name} er no {after}, ikkje {before}.",
    "party_renamed": "{before} heiter no {name}.",
    "behalf_left": "{name} signerer ikkje lenger på vegner av {names}.",
    "behalf_joined": "{name} signerer no også på vegner av {names}.",
    "signatory": "Signaturopplysningane er endra for {names}.",
    "party_order": "Partane står i ei anna rekkjefølgje.",
    "contributor_left": "{name} er ikkje lenger bidragsytar.",
    "contributor_joined": "{name} er ny bidragsytar.",
    "confirmed": "Bidraget frå {name} er no stadfesta.",
    "conditional": "Det er no teke atterhald om bidraget frå {name}.",
    "undecided": "Bidraget frå {name} er no ikkje avklart.",
    "confirmed_many": "Bidraga frå {name} er no stadfesta.",
    "conditional_many": "Det er no teke atterhald om bidraga frå {name}.",
    "undecided_many": "Bidraga frå {name} er no ikkje avklarte.",
    "table_new": "Avtala har fått ein bidragstabell.",
    "table_gone": "Avtala har ikkje lenger ein bidragstabell.",
    "alternative": "Avtala følgjer no {after}, ikkje {before}.",
    "rate": "Satsen for {names} er endra frå {before} til {after} kroner per innbyggjar.",
    "total_up": "Summen av bidraga i {year} går opp med {change} kroner, til {after} kroner.",
    "total_down": "Summen av bidraga i {year} går ned med {change} kroner, til {after} kroner.",
    "total_years": "Summen av bidraga er {after} kroner i {year}, mot {before} kroner i {old}.",
    "same_total": "Bidraga er fordelte på ein annan måte. Summen er den same.",
    "rules": "Reglane for korleis bidraga blir rekna ut, er endra.",
    "years": "Bidragstabellen gjeld no {after}, før {before}.",
    "index": "Indeksreguleringa er no {after}, før {before}.",
    "index_source": "Det som står om kjelda til indeksen, er endra.",
    "rounding": "Avrundinga er no «{after}», før «{before}».",
    "vat": "Beløpa er no {after}.",
    "vat_True": "utan meirverdiavgift",
    "vat_False": "med meirverdiavgift",
    "invoicing": "Kven som fakturerer kven, er endra.",
    "population_date": "Innbyggjartala gjeld no {after}, før {before}.",
    "population_source": "Kjelda til innbyggjartala er endra.",
    "period": "Avtala gjeld no frå {start} til {end}, før frå {old_start} til {old_end}.",
    "start": "Avtala gjeld no frå {start}, før frå {old_start}.",
    "end": "Avtala gjeld no til {end}, før til {old_end}.",
    "title": "Avtala heiter no «{after}».",
    "region": "Avtala gjeld no {after}, ikkje {before}.",
    "county": "Fylket er no {after}, før {before}.",
    "language": "Avtala er no på {after}.",
    "template": "Avtala byggjer no på {after}, før på {before}.",
    "clause_gone": "Punkt {number} {heading} er teke ut.",
    "clause_gone_whole": "Punkt {number} {heading} er teke ut, med underpunkta.",
    "clauses_gone": "Punkta {numbers} er tekne ut.",
    "clause_new": "Punkt {number} {heading} er nytt.",
    "clause_new_whole": "Punkt {number} {heading} er nytt, med underpunkta.",
    "clauses_new": "Punkta {numbers} er nye.",
    "clause_edited": "Punkt {number} {heading} er endra ({detail}).",
    "clause_moved": "Punkt {number} {heading} er flytta frå {old}.",
    "clause_moved_same": "Punkt {number} {heading} er flytta.",
    "renumbered": "Punkt {number} {heading} hadde før nummer {old}.",
    "renumbered_many": "{count} andre punkt har fått nytt nummer.",
    "words": "{count} ord",
    "layout": "berre oppsett eller teiknsetjing",
    "source": "berre kjelda",
    "service_new": "{level} «{text}» kjem til.",
    "services_new": "{count} {level} kjem til.",
    "service_gone": "{level} «{text}» fell bort.",
    "services_gone": "{count} {level} fell bort.",
    "service_edited": "{level} «{text}» er endra.",
    "services_edited": "{count} {level} er endra.",
    "service_level": "«{text}» er no {after}, før {before}.",
    "service_choices": "«{text}» gjeld på andre vilkår for {names}.",
    "service_order": "{level} står i ei anna rekkjefølgje.",
    "attachment_new": "Vedlegget «{text}» er lagt til.",
    "attachment_gone": "Vedlegget «{text}» er teke ut.",
    "attachment_edited": "Vedlegget «{text}» er eit anna.",
    "others_one": "og éi anna endring",
    "others": "og {count} andre endringar",
    "nothing": "ingen",
}

SENTENCES = MappingProxyType({Language.BOKMAL: _BOKMAL, Language.NYNORSK: _NYNORSK})

# A service of each level: the one, one, several, all of them.
LEVELS = MappingProxyType(
    {
        Language.BOKMAL: {
            ServiceLevel.QUALITY: (
                *("kvalitetskravet", "et kvalitetskrav"),
                *("kvalitetskrav", "kvalitetskravene"),
            ),
            ServiceLevel.MINIMUM: (
                *("minimumstjenesten", "en minimumstjeneste"),
                *("minimumstjenester", "minimumstjenestene"),
            ),
            ServiceLevel.ADDITIONAL: (
                *("tilleggstjenesten", "en tilleggstjeneste"),
                *("tilleggstjenester", "tilleggstjenestene"),
            ),
        },
        Language.NYNORSK: {
            ServiceLevel.QUALITY: (
                *("kvalitetskravet", "eit kvalitetskrav"),
                *("kvalitetskrav", "kvalitetskrava"),
            ),
            ServiceLevel.MINIMUM: (
                *("minimumstenesta", "ei minimumsteneste"),
                *("minimumstenester", "minimumstenestene"),
            ),
            ServiceLevel.ADDITIONAL: (
                *("tilleggstenesta", "ei tilleggsteneste"),
                *("tilleggstenester", "tilleggstenestene"),
            ),
        },
    }
)

ROLES = MappingProxyType(
    {
        PartyRole.COUNTY_AUTHORITY: "fylkeskommune",
        PartyRole.CONTRACT_MUNICIPALITY: "kontraktskommune",
        PartyRole.PARTNER: "samarbeidspart",
    }
)

# All contributors of a kind.
PAYERS = MappingProxyType(
    {
        Language.BOKMAL: {
            ContributorKind.MUNICIPALITY: "kommunene",
            ContributorKind.COUNTY_AUTHORITY: "fylkeskommunen",
            ContributorKind.OTHER: "de andre",
        },
        Language.NYNORSK: {
            ContributorKind.MUNICIPALITY: "kommunane",
            ContributorKind.COUNTY_AUTHORITY: "fylkeskommunen",
            ContributorKind.OTHER: "dei andre",
        },
    }
)

_LANGUAGES = MappingProxyType({Language.BOKMAL: "bokmål", Language.NYNORSK: "nynorsk"})


def value(given: Value | None, language: Language) -> str:
    """Write a fact of an agreement. «ingen» where there is none."""
    match given:
        case None | "":
            return SENTENCES[language]["nothing"]
        case bool():
            return SENTENCES[language][f"vat_{given}"]
        case Language():
            return _LANGUAGES[given]
        case str():
            return given
        case date():
            return norwegian.date_long(given, language)
        case RoundingRule():
            return wording.rounding_label(given, language)
        case TemplateRef(name, version):
            return f"{name}, versjon {version}"
    return _several(given, language)


def _several(given: tuple[int, ...] | tuple[IndexFactor, ...], language: Language) -> str:
    years = [item for item in given if isinstance(item, int)]
    if years:
        return f"{years[0]}–{years[-1]}" if len(years) > 1 else str(years[0])
    return facts.index_text([f for f in given if isinstance(f, IndexFactor)], language)
