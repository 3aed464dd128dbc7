"""Blanks, drafting notes and dead references are found, and what only looks like them is not."""

from dataclasses import replace

import pytest

from agreements.domain.document import Clause, PartyRole, Service, ServiceLevel
from tests.builders import a_document, a_table, clauses, parties, services
from tests.domain.checking import codes, document_codes, findings

BLANK = "leftover_placeholder"
NOTE = "drafting_note"
DEAD = "dead_reference"


@pytest.mark.parametrize(
    "text",
    [
        "Bidraget er xxxxxxx kr i året.",
        "Følgende er med: eks.????",
        "Kommunene velger Alternativ xx.",
        "Dette er XX kommunes ansvar.",
        "Xxx har hovedansvaret.",
        "- XXXX\n- XXX\n- annet",
        "Ansvaret ligger hos kommune X.",
        "Signert ____ den ____.",
        "Avtalen gjelder [fyll inn] kommuner.",
        "Det er [ ] møter i året.",
        "Leder er [navn].",
        "TODO skrive om oppsigelse.",
        "Ansvarlig er NN.",
        "Møtet holdes dd.mm.åååå.",
        "Fristen er 1. mai 20xx.",
        "Bidraget er kr … per år.",
        "Bidraget er ... kroner.",
        "Signert .......... av ordføreren.",
        "Signert …… av ordføreren.",
        "Signert . . . . . av ordføreren.",
        "Beløpet er kr ,- i året.",
        "Beløpet er kr ? i året.",
        "Antall møter (?) avtales.",
        "Lorem ipsum dolor sit amet.",
        "Fyll inn antall møter.",
        "Beløpet er kr 000 000.",
        "Klikk her for å skrive inn tekst.",
        "Leder er <navn på leder>.",
        "Leder er {navn}.",
        "Leder er {{ leder navn %% }",
        "Se [[punkt:]].",
        "Se side --- ---- ---.",
        "Hole\n\nModum\n\nSUM",
        "Bidrag\n\nSum alle bidrag:",
    ],
)
def test_a_blank_is_an_error(text: str) -> None:
    found = [finding for finding in findings(text) if finding.code == BLANK]
    assert found
    assert {finding.level for finding in found} == {"error"}


@pytest.mark.parametrize(
    "text",
    [
        "Exxon og Xerox er ikke parter. Størrelse XXL og 1920x1080 er lov.",
        "Avtalen følger kapittel XX i forskriften.",
        "Partene møtes i mars, mai og så videre … etter behov.",
        "Partene – alle fem – er enige. Møtene går kl. 10-12.",
        "Beløpet er 5 000,- i året, og **viktig** er det.",
        "Hver part [sic] skal melde fra. Note [1] forklarer.",
        "Er partene uenige? Da gjelder punktet om tvister.",
        "Skjemaet fylles ut av operatøren, og midlene settes inn på konto.",
        "Nynorsk (nn) og bokmål (nb) er likestilte.",
        "Adressen er post_mottak@elveby.example og a_b.",
        "Det skal være < 5 dager og > 3 timer.",
        "Parten Y. Hansen møter.",
        "Sum 1 000 innlegg.\n\nSummen deles. Budsjettet viser:\n\n- utgifter\n- sum",
    ],
)
def test_ordinary_text_is_no_blank(text: str) -> None:
    assert codes(text) == []


def test_blanks_are_found_in_title_headings_services_and_signatories() -> None:
    party, *rest = parties()
    document = {
        "title": "Avtale for XX kommune 2026–2028",
        "clauses": (*clauses(), Clause("x", "Ansvar for [kommune]")),
        "services": (*services(), Service("y", ServiceLevel.MINIMUM, "Kurs, ____ timer")),
        "parties": (replace(party, signatory_name="NN"), *rest),
    }
    assert document_codes(**document) == [BLANK] * 4


def test_what_a_fact_fills_in_is_never_a_blank() -> None:
    document = a_document(region="XX-regionen")
    assert codes("{{ region.navn }} er med.", region=document.region) == []


@pytest.mark.parametrize(
    "text", ["Bidragene er:\n\n{{ tabell.bidrag }}", "Partene bidrar med følgende årlige beløp:"]
)
def test_the_table_is_empty_without_financing(text: str) -> None:
    assert "contribution_table_missing" in codes(text, financing=None)
    assert codes(text) == []


def test_the_table_is_empty_without_amounts() -> None:
    financing = a_document().financing
    assert financing is not None
    empty = replace(financing, table=a_table(rows=(), years=()))
    assert "contribution_table_missing" in codes("{{ tabell.bidrag }}", financing=empty)


@pytest.mark.parametrize(
    "text",
    [
        "- Mentorordning (skal vi redusere aktiviteten, kan denne sløyfes)",
        "I tillegg kommer: (Listen kan redigeres og forlenges)",
        "Møter holdes to ganger i året (må avklares med Nav).",
        "Møter holdes to ganger i året (eller fire?).",
        "Innledning (OBS: skriv om).",
        "Punktet kan strykes hvis det ikke er aktuelt.",
        "NB! Husk å sjekke dette.",
        "Kommentar fra Ola: lokaler mangler.",
        "Skal vi ha med dette?",
        "Kommunen leier lokaler. Kan dette tas ut?",
        "- eks. kontorfellesskap\n- kurs",
        "- f.eks. kontorfellesskap\n- kurs",
        "- for eksempel kontorfellesskap",
    ],
)
def test_a_drafting_note_is_a_warning(text: str) -> None:
    found = findings(text)
    assert [str(finding.code) for finding in found] == [NOTE]
    assert found[0].level == "warning"


@pytest.mark.parametrize(
    "text",
    [
        "- kurs, for eksempel i regnskap\n- eksempelsamling\n- eksport",
        "Avtalen kan forlenges med ett år. Denne avtalen kan endres skriftlig.",
        "Veiledning er gratis (inntil fem timer).",
        "Planen (som skal oppdateres hvert år) godkjennes av partene (jf. avtalen).",
        "Temakurs (egenandel for deltakerne kan beregnes)",
        "- eventuelt drive tjenesten selv",
        "Tjenesten kan endres ved behov.",
        "Når vi er uenige, skal vi møtes.",
    ],
)
def test_ordinary_text_is_no_note(text: str) -> None:
    assert codes(text) == []


def test_an_example_in_the_checklist_is_a_note() -> None:
    example = Service("y", ServiceLevel.ADDITIONAL, "eks. kontorfellesskap")
    assert document_codes(services=(*services(), example)) == [NOTE]


def test_a_question_may_be_a_heading() -> None:
    assert codes("Her står det.", heading="Hva skal vi gjøre?") == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Se punkt 7.3 om dette.", "7.3"),
        ("Forlenges, jfr. avtalens pkt 10.", "10"),
        ("Dette følger av jf. punkt 5.2.", "5.2"),
        ("Se pkt. 4.2 og 4.9.", "4.9"),
        ("Se punktene 3, 4 og 99.", "99"),
        ("Dette er regulert (jf. 12.4).", "12.4"),
        ("Etter avtalens kapittel 40 gjelder dette.", "40"),
        ("Etter punkt 77 i denne avtalen gjelder dette.", "77"),
        ("Som nevnt under punkt 4.9.1.", "4.9.1"),
    ],
)
def test_a_typed_reference_to_a_missing_point_is_an_error(text: str, number: str) -> None:
    (finding,) = findings(text)
    assert (finding.code, finding.level) == (DEAD, "error")
    assert f"punkt {number}," in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "Se punkt 4.2.1, punktene 1 til 9 og pkt. 5.",
        "Se [[punkt:okonomi]] og punkt 9.",
        "Det følger av punkt 77 i vedlegg 1 og av vedtakets punkt 88.",
        "Se vedlegg 2 punkt 31 og sak 27/25 punkt 44.",
        "Etter forvaltningsloven kapittel 40 og kap. 50 gjelder taushetsplikt.",
        "Jf. punkt 12.3 i rammeavtalen for regionen.",
        "Etter punkt 2 og 14 dager senere møtes partene.",
        "Et møtepunkt 33 ganger og 12 prosentpoeng.",
        "Se 31.12.2028.",
        "Dette følger av regional plan 2024–2036, punkt 77.",
    ],
)
def test_references_that_hold_and_references_elsewhere_are_left_alone(text: str) -> None:
    assert codes(text) == []


def test_a_reference_by_key_to_a_missing_point_is_an_error() -> None:
    assert codes("Se [[punkt:borte]].") == [DEAD]


def test_facts_that_do_not_exist_or_have_no_value_are_errors() -> None:
    assert codes("{{ avtale.sjanger }} her.") == ["unknown_fact"]
    partners = tuple(party for party in parties() if party.body.key != "nav-fjelland")
    found = findings("{{ nav.navn }} er med.", parties=partners)
    assert [str(finding.code) for finding in found] == ["empty_fact"]
    assert "{" not in found[0].message


def test_an_empty_list_fact_is_an_error() -> None:
    kept = tuple(item for item in services() if item.level is not ServiceLevel.MINIMUM)
    assert "empty_fact" in codes("{{ liste.minimumstjenester }}", services=kept)


def test_a_place_is_called_by_its_heading_as_printed() -> None:
    found = findings("{{ tabell.bidrag }}", heading="Bidrag i {{ region.navn }}", financing=None)
    assert found[0].message.startswith("«Bidrag i Elvebyregionen»: ")


def test_without_financing_the_table_is_reported_once() -> None:
    assert codes("{{ tabell.bidrag }}\n\n{{ avsnitt.forbehold }}", financing=None) == [
        "contribution_table_missing"
    ]


def test_a_heading_that_is_only_a_missing_fact_is_called_by_its_key() -> None:
    partners = tuple(party for party in parties() if party.role != PartyRole.PARTNER)
    found = findings("", heading="{{ nav.navn }}", parties=partners)
    assert [str(finding.code) for finding in found] == ["empty_fact"]
    assert found[0].message.startswith("«proven»: Opplysningen «")
