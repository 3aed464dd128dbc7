"""Names, words of the field and laws as they are written."""

from dataclasses import replace
from datetime import date

import pytest

from agreements.domain.checks import Context, RegisteredBody
from agreements.domain.checks.spelling import is_slip
from agreements.domain.document import BodyKind
from agreements.domain.laws import LAWS
from tests.domain.checking import CONTEXT, codes, findings

NAME = "name_not_registered"
MISSPELT = "law_reference_misspelt"
OUTDATED = "law_reference_outdated"

REGISTER = replace(
    CONTEXT,
    bodies=(
        *CONTEXT.bodies,
        RegisteredBody("Nav", kind=BodyKind.STATE_AGENCY),
        RegisteredBody("Nav Fjelland", kind=BodyKind.STATE_AGENCY),
        RegisteredBody("Statens kartverk", kind=BodyKind.STATE_AGENCY),
        RegisteredBody("Sirius Act", kind=BodyKind.OPERATOR),
    ),
)


def _names(text: str, heading: str = "Avtalt") -> list[str]:
    return [f.message for f in findings(text, heading=heading, context=REGISTER) if f.code == NAME]


@pytest.mark.parametrize(
    ("text", "written", "right"),
    [
        ("Dette gjøres sammen med NAV.", "NAV", "Nav"),
        ("Dette er NAVs oppgave.", "NAVs", "Navs"),
        ("Alle NAV-kontorene er med.", "NAV-kontorene", "Nav-kontorene"),
        ("Dette gjøres av NAV Fjelland.", "NAV Fjelland", "Nav Fjelland"),
        ("Operatøren heter Sirisus Act.", "Sirisus Act", "Sirius Act"),
        ("Operatøren heter Siruis Act.", "Siruis Act", "Sirius Act"),
        ("Kurset holdes av Inovasjon Norge.", "Inovasjon Norge", "Innovasjon Norge"),
        ("Kurset holdes av innovasjon norge.", "innovasjon norge", "Innovasjon Norge"),
        ("Det er Elveby Kommune som leder.", "Elveby Kommune", "Elveby kommune"),
        ("Det er Elveby Kommunes oppgave.", "Elveby Kommunes", "Elveby kommunes"),
        ("Regnskapet går til Granstat kommune.", "Granstat kommune", "Granstad kommune"),
        ("Kurset holdes i Granstadt.", "Granstadt", ""),
        ("Møtene holdes i Gransted og Elveby.", "Gransted", "Granstad"),
        ("Det avtales med kontraktkommunen.", "kontraktkommunen", "kontraktskommunen"),
        ("Kontraktkommune er Elveby.", "Kontraktkommune", "Kontraktskommune"),
        ("Det avtales med kontrakts kommune.", "kontrakts kommune", "kontraktskommune"),
        ("Se årsraporten.", "årsraporten", "årsrapporten"),
        ("Alle har taushetplikt.", "taushetplikt", "taushetsplikt"),
    ],
)
def test_a_name_otherwise_than_registered_is_a_warning_with_the_right_one(
    text: str, written: str, right: str
) -> None:
    found = [f for f in findings(text, context=REGISTER) if f.code == NAME]
    if not right:  # an ending (-t) is no slip
        assert found == []
        return
    (finding,) = found
    assert finding.level == "warning"
    assert f"«{written}»" in finding.message
    assert right in finding.message
    assert finding.mend is not None
    assert (finding.mend.found, finding.mend.instead) == (written, right)


def test_a_unit_the_register_does_not_know_is_a_warning_that_names_those_it_does() -> None:
    for text in ("Samarbeid med NAV Midt-Fjelland styrkes.", "Samarbeid med Nav Midt-Fjelland."):
        (message,) = _names(text)
        assert "Midt-Fjelland" in message
        assert "«Nav Fjelland»" in message


@pytest.mark.parametrize(
    "text",
    [
        "Nav Fjelland, Nav-kontorene og Navs ansatte er med. Nav tilbyr kurs.",
        "Nav Elveby og Nav Dalstad er lokale kontor.",
        "Regionen er et nav for gründere, og navet i hjulet er Elveby.",
        "NAVIGASJON og navn er andre ord. Vi bruker GPS og IT.",
        "Det er innovasjon Norge trenger.",
        "Sirius Act og Sirius Acts ansatte, Innovasjon Norges kurs.",
        "Elveby, Elvebys og Elveby kommunes ansatte. Granstads innbyggere, Granstad-laget.",
        "Fjelland fylkeskommune, Fjelland fk og Fjelland fylkeskommunen.",
        "Statens vegvesen og Statens Innkrevingssentral svarer selv.",
        "Kontraktskommunen, samarbeidskommunene, vertskommunen og etablerertjenesten.",
        "Kontrakten inngås av kommunen, og samarbeidet følger kontrakten.",
        "Innbyggertallet, årsrapporten og aktivitetsplanen. Etablerere i tjenesten.",
        "{{ nav.navn }} Vest-Et-Sted er tatt med av programmet.",
        "Dalstad og Dalstads kommunestyre.",
    ],
)
def test_names_as_registered_and_ordinary_words_pass(text: str) -> None:
    assert _names(text) == []


def test_a_heading_in_capitals_passes() -> None:
    assert _names("Alt er avtalt.", heading="SAMARBEID MED NAV OG INNOVASJON NORGE") == []


def test_a_registered_name_is_no_misspelling_of_another() -> None:
    register = replace(REGISTER, bodies=(*REGISTER.bodies, RegisteredBody("Granstat kommune")))
    text = "Granstat kommune og Granstat er nevnt."
    assert NAME not in codes(text, context=register)


def test_without_a_register_nothing_is_said_of_agencies() -> None:
    assert codes("Dette gjøres sammen med NAV.", context=Context()) == []


def test_a_service_is_read_too() -> None:
    (finding,) = findings("NAV og NAV og NAV.", context=REGISTER)
    assert finding.code == NAME


@pytest.mark.parametrize(
    ("typed", "right", "slip"),
    [
        ("Sirisus", "Sirius", True),
        ("Siruis", "Sirius", True),
        ("Sirus", "Sirius", True),
        ("Sirjus", "Sirius", True),
        ("Sirius", "Sirius", False),
        ("Elvebys", "Elveby", False),
        ("Elveb", "Elveby", True),
        ("Elvxbz", "Elveby", False),
        ("Elvebyer", "Elveby", False),
        ("", "a", True),
    ],
)
def test_one_slip_of_the_keys(typed: str, right: str, slip: bool) -> None:
    assert is_slip(typed, right) is slip


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Taushetsplikt etter forvaltningsloven 5 13 gjelder.", "forvaltningsloven § 13"),
        ("Taushetsplikt etter lov om Innovasjon Norge 5 27.", "lov om Innovasjon Norge § 27"),
        ("Taushetsplikt etter forvaltningslovens 5 13.", "forvaltningslovens § 13"),
        ("Taushetsplikt etter forvaltningslova S 13.", "forvaltningslova § 13"),
        ("Vi følger kommuneloven 20-4.", "kommuneloven § 20-4"),
        ("Taushetsplikt etter forvaltningloven § 13.", "forvaltningsloven"),
        ("Forvaltningslven § 13 gjelder.", None),
    ],
)
def test_a_misspelt_law_reference_is_a_warning_with_the_right_one(
    text: str, instead: str | None
) -> None:
    found = findings(text)
    if instead is None:
        assert found == []  # ends in neither -loven nor -lova: no law at all
        return
    (finding,) = found
    assert (finding.code, finding.level) == (MISSPELT, "warning")
    assert finding.mend is not None
    assert finding.mend.instead == instead


@pytest.mark.parametrize(
    "text",
    [
        "Taushetsplikt etter forvaltningsloven § 13 og innovasjonsnorgeloven § 27.",
        "Forvaltningsloven §§ 13 til 13 g, kommuneloven §20-4 og kommunelova paragraf 17-1.",
        "Etter lov om Innovasjon Norge § 27 og lov om støtte 5 000 kroner hvert år.",
        "Etter forvaltningsloven 5 000 innbyggere, arkivlova 2025 og arkivloven av 1992 § 6.",
        "Etter plan- og bygningsloven, opplæringslova og folketrygdloven kapittel 11.",
        "Personvernforordningen artikkel 28 og arkivlova. Lovene gjelder. Byggeloven 5 år.",
        "Loven gjelder 5 dager. Etter loven 13 år.",
    ],
)
def test_right_law_references_pass(text: str) -> None:
    assert not {MISSPELT} & set(codes(text))


@pytest.mark.parametrize(
    "text",
    [
        "Innsyn gis etter offentlighetsloven.",
        "Etter kommuneloven av 1992 § 27 kan styret bestemme.",
        "Etter kommuneloven (LOV-1992-09-25-107) gjelder dette.",
        "Etter kommuneloven § 27 kan styret bestemme.",
        "Etter mållova § 3 svarer vi på nynorsk.",
        "Etter forvaltningsloven § 13-1 gjelder taushetsplikt.",
        "Etter anskaffelsesloven av 16. juli 1999 nr. 69 lyses det ut.",
    ],
)
def test_a_law_that_no_longer_applies_is_a_warning(text: str) -> None:
    (finding,) = findings(text)
    assert (finding.code, finding.level) == (OUTDATED, "warning")


@pytest.mark.parametrize(
    "text",
    [
        "Innsyn gis etter offentleglova § 3.",
        "Etter kommuneloven av 2018 § 20-4 og kommuneloven § 17-1.",
        "Taushetsplikten i forvaltningsloven §§ 13-13 g gjelder.",
        "Etter arkivlova § 6 og personopplysningsloven av 2018.",
        "Etter forvaltningsloven av 2025 gjelder andre regler når den trer i kraft.",
    ],
)
def test_laws_that_apply_pass(text: str) -> None:
    assert OUTDATED not in codes(text)


def test_the_term_decides_which_law_applies() -> None:
    text = "Arkivet følger arkivlova av 1992."
    assert OUTDATED in codes(text)
    earlier = {"term_start": date(2022, 1, 1), "term_end": date(2025, 12, 31)}
    assert OUTDATED not in codes(text, **earlier)


def test_a_law_that_has_ended_says_what_applies_now() -> None:
    for law in LAWS:
        assert bool(law.until) is (law.valid_to is not None)
        assert law.number.startswith(f"LOV-{law.year}-")
        assert all(name == name.lower() for name in law.names)
