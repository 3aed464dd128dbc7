"""Every known duty of an agreement on etablerertjenesten is written where the duty map says."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from agreements import model_agreements
from agreements.domain.document import Document
from agreements.domain.resolve import RBlock, ResolvedClause, RList, RParagraph, resolve
from tests.model_agreement import MODEL, SHARED, agreement, needs_shared

DUTIES = model_agreements.load_duties(MODEL)

# For every place in the duty map: stems of words that must stand in one sentence or list item
# there (with the line that introduces the list), so that the map cannot claim what is not written.
STEMS = {
    ("O01", "formaal"): ("starter virksomhet", "levedyktig", "lønnsom", "vokse"),
    ("O02", "formaal"): ("næringsutvikling", "partenes", "fortrinn"),
    ("O03", "formaal"): ("kompetanse", "nettverk"),
    ("O04", "formaal"): ("alle etablerere", "særlig vekt", "vokse"),
    ("O05", "formaal"): ("innvandrerbakgrunn", "starter virksomhet"),
    ("O06", "varighet"): ("fra og med 1. januar 2026", "til og med 31. desember 2028"),
    ("O06", "forlengelse"): ("partene kan forlenge", "to år"),
    ("O07", "fellesfunksjoner"): ("fylkeskommunen", "hovedansvar", "etablere", "drive", "evaluer"),
    ("O08", "fellesfunksjoner"): ("partene bestemmer", "felles"),
    ("O09", "fellesfunksjoner"): ("fylkeskommunen", "faggruppe", "veiledere", "operatører"),
    ("O10", "fellesfunksjoner"): ("innovasjon norge", "fylkeskommunen", "kompetanse", "fulgt opp"),
    ("O11", "fylkeskommunen"): ("koordineringsgruppe", "lede", "kontraktskommunene"),
    ("O12", "fylkeskommunen"): ("oppgavene i punkt 4", "skal fylkeskommunen"),
    ("O13", "fylkeskommunen"): ("registrere", "rapportere", "sammen med de andre partene"),
    ("O13", "arlig-rapportering"): ("fylkeskommunen", "mal for rapporteringen"),
    ("O14", "fylkeskommunen"): ("råd", "anskaffelser", "samarbeidsavtaler"),
    ("O15", "fylkeskommunen"): ("forutsigbar", "finansiering", "hvert år"),
    ("O16", "fylkeskommunen"): ("erfaringsmøte", "alle partene", "midt i avtaleperioden"),
    ("O17", "kontraktskommunen"): ("hovedansvar", "på vegne av alle kommunene"),
    ("O18", "kontraktskommunen"): ("kontraktskommunen skal", "etablere og drive"),
    ("O19", "kontraktskommunen"): ("operatør", "egen regi", "1. januar 2026"),
    ("O20", "kontraktskommunen"): ("kontraktskommunen skal", "regnskap", "økonomien"),
    ("O21", "kontraktskommunen"): ("delta i koordineringsgruppen",),
    ("O22", "kontraktskommunen"): ("innovasjon", "digital"),
    ("O23", "kontraktskommunen"): ("kontorlokaler", "i fellesskap med andre næringsaktører"),
    ("O24", "kvalitet-hele-regionen"): ("god faglig kvalitet", "hele regionen"),
    ("O25", "kvalitet-tilpasning"): ("tilpasning", "forutsetninger", "innvandrerbakgrunn"),
    ("O26", "kvalitet-henvisning"): ("henvist", "kjennskap"),
    ("O27", "kvalitet-digital"): ("digital", "brukerne"),
    ("O28", "kvalitet-synlighet"): ("markedsføring", "synlighet"),
    ("O28", "innhold"): ("hver kommune", "nettsider"),
    ("O29", "kvalitet-avsender"): ("hvem som står bak",),
    ("O29", "innhold"): ("logoen til fylkeskommunen", "innovasjon norge", "hver kommune"),
    ("O30", "etablererkurs"): ("grunnleggende etablererkurs", "gratis"),
    ("O31", "temakurs"): ("temakurs", "relevante", "egenandel"),
    ("O32", "veiledning"): ("veiledning", "gratis", "timer"),
    ("O32", "innhold"): ("aktivitetsplanen", "timer", "gratis", "egenandeler"),
    ("O33", "oppfolging"): ("oppfølging", "nettverk"),
    ("O34", "kobling-naeringsliv"): ("kobling", "næringsliv", "kompetansemiljøer"),
    ("O35", "kobling-fagekspertise"): ("ekspert", "etablereropplæring for innvandrere"),
    ("O36", "kvalifisering"): ("samarbeid", "kvalifiseringstiltak", "nav-kontorene"),
    ("O37", "naeringsfaglige-vurderinger"): ("næringsfaglige vurderinger",),
    ("O38", "brukerundersokelser"): ("jevnlige", "brukerundersøkelser"),
    ("O39", "tilleggstjenester"): ("kommunene kan avtale", "tilleggstjenester"),
    ("O40", "innovasjon-norge"): ("minst to fagsamlinger", "fylkeskommunen", "innovasjon norge"),
    ("O41", "innovasjon-norge"): ("kunnskap om egne tilbud", "samlinger"),
    ("O42", "innovasjon-norge"): ("arrangere egne kurs", "nettseminarer", "målgruppene"),
    ("O43", "innovasjon-norge"): ("en vei inn", "innovasjonsmiljøene", "videreutvikle"),
    ("O44", "nav"): ("nav fjelland", "kompetanseutvikling"),
    ("O45", "nav"): ("nav fjelland", "markedsføring"),
    ("O46", "nav"): ("nav fjelland", "møteplasser"),
    ("O47", "nav-lokalt"): ("kontraktskommunen", "lokalt", "nav-kontorene i regionen"),
    ("O48", "bidrag"): ("fylkeskommunen", "minst 5,50 kroner per innbygger"),
    ("O49", "bidrag"): ("tabellen viser bidragene", "hvert år"),
    ("O49", "oppgjor"): ("samarbeidskommunene betaler", "fakturaen"),
    ("O50", "arlig-rapportering"): ("årsrapport", "regnskap", "1. mai", "fjelland fylkeskommune"),
    ("O51", "arlig-rapportering"): ("aktivitetsplan", "budsjett", "1. desember", "fjelland fylke"),
    ("O52", "utbetaling"): ("godkjenne", "aktivitetsplanen", "budsjettet", "før den betaler"),
    ("O53", "utbetaling"): ("forskudd", "50 prosent", "januar"),
    ("O54", "utbetaling"): ("forskudd", "50 prosent", "august"),
    ("O55", "informasjon"): ("partene skal", "åpen informasjon"),
    ("O56", "informasjon"): ("partene skal", "aktivt", "løse uenighet"),
    ("O57", "informasjon"): ("møtes snarest", "når en part ber"),
    ("O58", "informasjon"): (
        "kontraktskommunen skal sørge",
        "hver kommune hvert år",
        "orientering",
    ),
    ("O59", "resultater"): ("felles eiendomsrett", "opphavsrett", "databaser"),
    ("O60", "personopplysninger"): ("kommunene og fylkeskommunen", "kundelister", "grunnlag"),
    ("O61", "personopplysninger"): ("partene skal", "personvernforordningen"),
    ("O62", "endring"): ("endres eller suppleres", "berørte parter"),
    ("O63", "oppsigelse"): ("hver part", "si opp", "ett års varsel"),
    ("O64", "taushetsplikt"): ("forvaltningsloven § 13", "innovasjonsnorgeloven § 27"),
    ("O65", "tvister"): ("kontraktskommunens alminnelige verneting",),
}


def printed(document: Document) -> dict[str, list[str]]:
    """Every paragraph and list item by clause or service key, items after the line before them."""

    def passages(blocks: tuple[RBlock, ...], lead: str = "") -> Iterator[str]:
        before = ""
        for block in blocks:
            if isinstance(block, RParagraph):
                before = "".join(one.text for one in block.runs)
                yield f"{lead} {before}".strip()
            elif isinstance(block, RList):
                for item in block.items:
                    yield from passages(item, before)

    def below(clauses: tuple[ResolvedClause, ...]) -> Iterator[tuple[str, list[str]]]:
        for clause in clauses:
            yield clause.key, list(passages(clause.blocks))
            yield from below(clause.children)

    found = dict(below(resolve(document).clauses))
    return found | {service.key: [service.text] for service in document.services}


def test_every_duty_is_mapped() -> None:
    assert {place.duty for place in DUTIES} == {f"O{number:02}" for number in range(1, 66)}


def test_the_stems_cover_exactly_the_duty_map() -> None:
    places = [(place.duty, place.key) for place in DUTIES]
    assert len(places) == len(set(places))
    assert set(places) == set(STEMS)


@pytest.mark.parametrize(("duty", "key"), STEMS)
def test_a_duty_is_written_where_the_map_says(duty: str, key: str) -> None:
    stems = STEMS[duty, key]
    assert any(
        all(stem in passage.casefold() for stem in stems) for passage in printed(agreement())[key]
    ), f"{duty}: {stems} not together in {key}"


@needs_shared
def test_every_known_duty_is_in_the_map() -> None:
    text = (SHARED / "data" / "obligations_2026_2028.csv").read_text(encoding="utf-8")
    known = {row["id"]: row["kind"] for row in csv.DictReader(text.splitlines())}
    assert {place.duty: place.kind for place in DUTIES} == known
