"""Duties: twice, optional where required, or on somebody who is not bound."""

from dataclasses import replace

import pytest

from agreements.domain.checks import RegisteredBody, run
from agreements.domain.checks.stems import meaning
from agreements.domain.document import Body, BodyKind, Party, PartyRole, Service, ServiceLevel
from tests.builders import a_document, parties
from tests.domain.checking import CONTEXT, codes, findings

TWICE = "same_duty_twice"
OPTIONAL = "optional_in_minimum"
OUTSIDE = "duty_outside_parties"


def _list(lead: str, *items: str) -> str:
    return f"{lead}\n\n" + "\n".join(f"- {item}" for item in items)


def _services(*services: tuple[ServiceLevel, str]) -> list[tuple[str, str]]:
    made = tuple(Service(f"s{i}", level, text) for i, (level, text) in enumerate(services))
    found = run(a_document(services=made), CONTEXT)
    return [(str(f.code), f.anchor) for f in found if f.anchor.startswith("tjenester:")]


MINIMUM, ADDITIONAL, QUALITY = (
    ServiceLevel.MINIMUM,
    ServiceLevel.ADDITIONAL,
    ServiceLevel.QUALITY,
)


@pytest.mark.parametrize(
    "items",
    [
        (
            "tilrettelegge for kontorlokaler, økonomisk oppfølging og rapportering",
            "sikre kontorlokaler til tjenesten, fortrinnsvis samlokalisert med andre",
        ),
        ("skaffe kontorlokaler", "delta i møter", "å stille med egnede kontorlokaler"),
        ("rapportere årlig til partene", "delta i møter", "årlig rapportering til partene"),
        ("veiledning av gründere", "veiledning av etablererne"),
        ("holde møterom til kursene", "sørge for møterom"),
    ],
)
def test_a_duty_named_twice_in_one_list_is_a_warning(items: tuple[str, ...]) -> None:
    (finding,) = findings(_list("Kommunen skal:", *items))
    assert (finding.code, finding.level) == (TWICE, "warning")
    assert items[-1][:30] in finding.message


@pytest.mark.parametrize(
    "items",
    [
        ("sikre kontorlokaler til veilederne", "sikre kontorlokaler for kursdeltakerne"),
        ("sikre kontorlokaler", "betale leie for kontorlokaler"),
        ("opprette en faggruppe", "opprette en koordineringsgruppe"),
        ("delta i koordineringsgruppen", "lede koordineringsgruppen"),
        ("kurs for innvandrere", "kurs for studenter"),
        ("rapport innen 1. mai", "plan innen 1. desember"),
        ("50 prosent i januar", "50 prosent i august"),
    ],
)
def test_different_duties_pass(items: tuple[str, ...]) -> None:
    assert codes(_list("Kommunen skal:", *items)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kommunen skal sikre kontorlokaler. Kommunen skal også sørge for kontorlokaler.", [TWICE]),
        ("Kommunen skal delta i møtene. Partene møtes. Kommunen skal delta i møtene.", [TWICE]),
        ("Kommunen skal sikre kontorlokaler. Fylkeskommunen skal sikre kontorlokaler.", []),
        ("Kommunen skal sikre kontorlokaler. Kommunen skal sikre forsikringer.", []),
        ("Kommunen skal delta i møtene. Kommunen skal delta i kursene.", []),
    ],
)
def test_a_duty_named_twice_in_sentences(text: str, found: list[str]) -> None:
    assert codes(text) == found


def test_the_same_duty_of_two_parties_passes() -> None:
    text = _list("Fylkeskommunen skal:", "delta i møtene") + "\n\n"
    assert codes(text + _list("Kommunen skal:", "delta i møtene")) == []


@pytest.mark.parametrize(
    ("minimum", "additional"),
    [
        ("Relevante temakurs (egenandel for deltagerne kan beregnes)", "Temakurs"),
        ("Næringsfaglig vurdering", "Næringsfaglige vurderinger"),
        ("Kurs i økonomi og regnskap", "Regnskap og økonomi, kurs"),
        ("Veiledning for gründere", "veiledning for etablerere"),
    ],
)
def test_a_service_both_required_and_additional_is_a_warning(minimum: str, additional: str) -> None:
    assert _services((MINIMUM, minimum), (ADDITIONAL, additional)) == [(TWICE, "tjenester:s1")]
    lists = _list("Tjenesten skal minimum inneholde:", minimum) + "\n\n"
    lists += _list("Følgende tjenester kommer i tillegg:", additional)
    assert codes(lists) == [TWICE]


@pytest.mark.parametrize(
    ("minimum", "additional"),
    [
        ("Veiledning", "Veiledning av vekstbedrifter"),
        ("Temakurs", "Kurs"),
        ("Oppfølging av etablerere", "Mentorordning for innvandrere"),
    ],
)
def test_a_service_that_goes_further_passes(minimum: str, additional: str) -> None:
    assert _services((MINIMUM, minimum), (ADDITIONAL, additional)) == []


def test_quality_and_service_may_share_words() -> None:
    assert _services((QUALITY, "Digital veiledning"), (MINIMUM, "Digital veiledning")) == []
    assert _services((QUALITY, "Digital tjeneste"), (QUALITY, "digitale tjenester")) == [
        (TWICE, "tjenester:s1")
    ]


def test_lines_without_content_are_no_doubles() -> None:
    assert _services((MINIMUM, "Gratis"), (ADDITIONAL, "gratis")) == []
    assert meaning("(bare en parentes)") == frozenset()


@pytest.mark.parametrize(
    "item",
    [
        "Næringsfaglige vurderinger kan tilbys",
        "Mentorer, som kan i tillegg gis",
        "Kurs (valgfritt for kommunen), som er valgfrie",
        "Frivillige samlinger",
    ],
)
def test_an_optional_service_among_the_required_is_a_warning(item: str) -> None:
    assert codes(_list("Etablerertjenesten skal minimum inneholde:", item)) == [OPTIONAL]
    assert _services((MINIMUM, item)) == [(OPTIONAL, "tjenester:s0")]


@pytest.mark.parametrize(
    ("lead", "item"),
    [
        ("Tjenesten skal minst ha:", "Temakurs (egenandel for deltakerne kan beregnes)"),
        ("Tjenesten skal minst ha:", "Hjelp til gründere som kan vokse"),
        ("Følgende tjenester kommer i tillegg:", "Vurderinger kan tilbys"),
        ("Kommunene kan velge:", "Vurderinger kan tilbys"),
        ("Fylkeskommunen betaler minst 5,50 kroner. Kurs:", "Temakurs kan tilbys"),
    ],
)
def test_options_elsewhere_and_conditions_pass(lead: str, item: str) -> None:
    assert OPTIONAL not in codes(_list(lead, item))


def test_an_optional_additional_service_passes() -> None:
    assert _services((ADDITIONAL, "Næringsfaglige vurderinger kan tilbys")) == []


TELEMARK = RegisteredBody("Sørland fylkeskommune", kind=BodyKind.COUNTY_AUTHORITY)
REGISTER = replace(
    CONTEXT,
    bodies=(
        *CONTEXT.bodies,
        TELEMARK,
        RegisteredBody("Nav", kind=BodyKind.STATE_AGENCY),
        RegisteredBody("Sirius Act", kind=BodyKind.OPERATOR),
    ),
)


@pytest.mark.parametrize(
    "text",
    [
        "Operatør skal gi årlig tilbud om status til de enkelte kommunene.",
        "Partene møtes. Operatøren plikter å være med.",
        "Den valgte leverandøren har ansvar for lokaler.",
        "Sørland fylkeskommune skal godkjenne planen.",
        "Sørland fylkeskommune og Fjelland fylkeskommune er ansvarlige: Sørland fylkeskommune må betale.",
        "Sirius Act skal holde kursene.",
        "Følgende skal rapporteres årlig til Sørland fylkeskommune:",
        "Planen skal godkjennes av Dalstad kommune.",
        "Dalstad skal stille med lokaler.",
        "Operatøren rapporterer til fylkeskommunen innen 1. mai.",
        "Det er operatørens ansvar å holde kurs.",
    ],
)
def test_a_duty_on_or_owed_to_somebody_who_is_not_bound_is_a_warning(text: str) -> None:
    (finding,) = findings(text, context=REGISTER)
    assert (finding.code, finding.level) == (OUTSIDE, "warning")


@pytest.mark.parametrize("heading", ["Operatørens ansvar", "Sørland fylkeskommunes oppgaver"])
def test_a_heading_that_gives_duties_is_read_too(heading: str) -> None:
    (finding,) = findings("Alt er avtalt.", heading=heading, context=REGISTER)
    assert finding.code == OUTSIDE


@pytest.mark.parametrize(
    "text",
    [
        "Kontraktskommunen skal sørge for at operatøren gir kommunene en orientering.",
        "Operatøravtalen skal gjengi kravene. Operatøren velges etter konkurranse.",
        "Bruker kontraktskommunen operatør, skal den følge loven.",
        "Fjelland fylkeskommune skal godkjenne planen, og Åsvang kommune skal betale.",
        "Skogland fylkeskommune skal betale når den har vedtatt det.",
        "Nav skal bidra, og Nav Fjelland skal bidra.",
        "Regnskapet skal sendes til Fjelland fylkeskommune.",
        "Avtalen skal ligne på den Sørland fylkeskommune har.",
        "Erfaringene fra Sørland fylkeskommune er gode.",
        "Partene har snakket med Dalstad kommune.",
        "Dalstad har en slik avtale, og Åsvang skal ha det samme.",
        "Operatøren velges av kontraktskommunen, og operatøren: den som leverer.",
    ],
)
def test_duties_of_the_parties_and_other_mentions_pass(text: str) -> None:
    assert OUTSIDE not in codes(text, context=REGISTER)


def test_an_operator_that_is_a_party_is_bound() -> None:
    operator = Body("sirius", "Sirius Act", "Sirius Act", BodyKind.OPERATOR)
    party = Party(operator, PartyRole.PARTNER, (), "Navn", "leder", "Fullmakt")
    text = "Operatøren skal holde kurs. Sirius Act skal rapportere."
    assert OUTSIDE not in codes(text, context=REGISTER, parties=(*parties(), party))
