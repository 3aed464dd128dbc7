"""The checks on text in nynorsk: what they find in bokmål they find there, and no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agreements.domain.checks import Position, Stance, run
from agreements.domain.checks.stems import is_same_duty, meaning
from agreements.domain.document import Clause, Language, Service, ServiceLevel
from tests.builders import a_document, clauses
from tests.domain.checking import CONTEXT, codes
from tests.model_agreement import agreement, in_nynorsk, register

DATE, LENGTH = "term_date_differs", "term_length_differs"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # Blanks.
        ("Avtala gjeld [fyll inn] kommunar.", "leftover_placeholder"),
        ("Dette er XX kommune sitt ansvar.", "leftover_placeholder"),
        ("Tilskotet er x innbyggjarar.", "leftover_placeholder"),
        ("Tenesta har x timar i veka.", "leftover_placeholder"),
        ("Leiar er namn: …", "leftover_placeholder"),
        ("Avtala gjeld frå … til …", "leftover_placeholder"),
        ("Set inn namn på leiaren.", "leftover_placeholder"),
        ("Dato kjem seinare.", "leftover_placeholder"),
        # Notes between those who draft.
        ("Teksta kan strykast om ho ikkje trengst.", "drafting_note"),
        ("Desse kan takast ut.", "drafting_note"),
        ("Kvar part skal møte (bør avklarast med Nav).", "drafting_note"),
        ("Møtet blir halde kvart år (skal me ha fleire?).", "drafting_note"),
        ("Notat frå Gol: dette er ikkje avklart.", "drafting_note"),
        ("Tenesta skal ha:\n\n- t.d. mentorordning", "drafting_note"),
        # Numbers.
        ("Regionen har til saman 50 000 innbyggjarar.", "population_differs"),
        ("Innbyggjartalet i Elveby er 29 000.", "population_differs"),
        ("Innbyggjartala er rekna per 1. juli 2019.", "population_date_differs"),
        ("Kommunane betaler 12,50 kroner per innbyggjar.", "rate_differs"),
        ("Satsane er 12,50 kroner for kvar innbyggjar.", "rate_differs"),
        ("Elveby kommune betaler 100 000 kroner i tilskot i 2026.", "amount_differs"),
        ("Summen av bidraga er til saman 900 000 kroner i 2026.", "amount_differs"),
        ("Bidraga blir justerte med 3 prosent i 2027.", "index_differs"),
        # The term.
        ("Avtala gjeld frå 1. mars 2026.", DATE),
        ("Avtala gjeld frå og med 1. januar 2026 til og med 31. desember 2029.", DATE),
        ("Avtala opphøyrer 31. mars 2028.", DATE),
        ("Avtaleperioden er fire år.", LENGTH),
        ("Avtala varer i 24 månader.", LENGTH),
        ("Dette er ei fireårig samarbeidsavtale.", LENGTH),
        # References.
        ("Sjå punkt 27.3 om oppgjer.", "dead_reference"),
        ("Oppseiing skjer skriftleg, jf. punkt 1.", "reference_does_not_hold"),
        ("Partane har teieplikt etter punkt 1.", "reference_does_not_hold"),
        ("Partane har teieplikt etter forvaltningslova 5 13.", "law_reference_misspelt"),
        ("Kommunelova 20-4 gjeld ikkje.", "law_reference_misspelt"),
        ("Partane følgjer kommunelova § 27.", "law_reference_outdated"),
        # Duties.
        ("Operatøren skal rapportere til fylkeskommunen.", "duty_outside_parties"),
        ("Den valde leverandøren pliktar å møte.", "duty_outside_parties"),
        ("Rekneskapen er ansvaret til operatøren.", "duty_outside_parties"),
        ("Operatøren legg fram rekneskap kvart år.", "duty_outside_parties"),
        ("Dalstad kommune skal betale for lokala.", "duty_outside_parties"),
        ("Rapporten skal sendast til Dalstad kommune.", "duty_outside_parties"),
        (
            "Tenesta skal minst innehalde:\n\n- kurs som kan tilbydast\n- rettleiing",
            "optional_in_minimum",
        ),
        (
            "Kommunen skal:\n\n- sørgje for kontorlokale\n- leggje til rette for kontorlokale",
            "same_duty_twice",
        ),
        # Words and names.
        ("Tilbodet er ei etablerar teneste.", "name_not_registered"),
        ("Kontraktkommunen betaler.", "name_not_registered"),
        ("Talet følgjer innbyggjar tal.", "name_not_registered"),
        ("Storfjelland fylkeskommune er med.", "retired_body"),
        ("Vernetinget er Bergen tingrett.", "venue_outside_parties"),
        ("Saka skal førast for Bergen tingrett.", "venue_outside_parties"),
    ],
)
def test_what_is_wrong_is_found_in_nynorsk(text: str, code: str) -> None:
    assert code in codes(text, "Avtalt", language=Language.NYNORSK)


@pytest.mark.parametrize(
    "text",
    [
        "Eg og me er ikkje ord i avtala. Storleik XXL er lov.",
        "Partane møtest i mars, mai og så vidare … etter behov.",
        "Er partane usamde? Då gjeld punktet om tvistar.",
        "Skjemaet blir fylt ut av operatøren, og pengane blir sette inn på konto.",
        "Nye tenester kan tilbydast seinare. Dette kan endrast av partane.",
        "Etablerarar får til dømes kurs og rettleiing.",
        "Regionen har til saman 47 991 innbyggjarar.",
        "Innbyggjartalet i Elveby er 30 005 per 1. januar 2025.",
        "Minst 300 innbyggjarar skal få rettleiing kvart år.",
        "Kvar kommune har kurs for 20 000 innbyggjarar som brukar tenesta.",
        "Kommunane betaler 10,50 kroner per innbyggjar.",
        "Elveby kommune betaler 315 052,50 kroner i tilskot i 2026.",
        "Eigendelen er 2 500 kroner for kvar deltakar som bidreg.",
        "Overskotet på 12 000 kroner blir betalt tilbake til kommunane.",
        "Bidraga blir justerte med 4,1 prosent i 2027.",
        "Avtala gjeld frå 1. januar 2026 til 31. desember 2028.",
        "Avtala kan seiast opp innan 1. mars 2027.",
        "Avtala som gjaldt frå 1. januar 2022, er avløyst.",
        "Avtaleperioden er tre år, og fristen er tolv månader.",
        "Sjå punkt 3 i vedlegget frå fylkeskommunen, og punkta 1 til 2.",
        "Partane har teieplikt etter forvaltningslova § 13 og innovasjonsnorgelova § 27.",
        "Kommunane følgjer anskaffingslova og lov om offentlege anskaffingar.",
        "Kontraktskommunen skal sørgje for at operatøren rapporterer.",
        "Operatøren blir vald av kontraktskommunen.",
        "Elveby kommune skal leie gruppa. Fylkeskommunen skal leggje fram rekneskap.",
        "Etablerartenesta er open for alle. Innbyggartalet er kjent, og folketalet òg.",
        "Tidlegare Storfjelland fylkeskommune dekte dette.",
    ],
)
def test_ordinary_nynorsk_is_left_alone(text: str) -> None:
    # A body that is said to be gone is only mentioned, for information.
    found = codes(text, "Avtalt", language=Language.NYNORSK)
    assert [code for code in found if code != "retired_body"] == []


# --- what an agreement lacks ---------------------------------------------------------------------


def without(*keys: str) -> list[str]:
    made = in_nynorsk(agreement())
    kept = tuple(
        Clause(
            c.key, c.heading, c.text, c.source, tuple(d for d in c.children if d.key not in keys)
        )
        for c in made.clauses
        if c.key not in keys
    )
    return [str(finding.code) for finding in run(replace(made, clauses=kept), register())]


def test_a_nynorsk_agreement_without_reservation_index_or_notice_is_told_so() -> None:
    assert "budget_reservation_missing" in without("bevilgninger")
    assert "budget_reservation_missing" not in without("tvister")
    assert "recommended_missing" in without("avvikling", "oppsigelse", "varighet")
    assert "recommended_missing" not in without("tvister")


@pytest.mark.parametrize(
    ("words", "contradicts"),
    [
        ("Myrvang kommune støttar ikkje avtala.", True),
        ("Myrvang kommune seier nei til avtala.", True),
        ("Myrvang kommune har enno ikkje teke stilling.", True),
        ("Myrvang kommune støttar avtala.", False),
        ("Myrvang kommune seier ja.", False),
    ],
)
def test_stances_are_read_in_nynorsk(words: str, contradicts: bool) -> None:
    context = replace(CONTEXT, stances=(Stance("Myrvang", Position.POSITIVE),))
    document = a_document(
        language=Language.NYNORSK, clauses=(*clauses(), Clause("proven", "Avtalt", words))
    )
    found = {str(finding.code) for finding in run(document, context)}
    assert ("stance_contradicts" in found) is contradicts


def test_a_service_in_both_languages_is_the_same_service() -> None:
    assert meaning("nettseminar for etablerarane") == meaning("nettseminarer for gründerar")
    assert meaning("kurs for etablerarar") == meaning("kurs for etablerere")
    assert is_same_duty("syte for kontorlokale", "leige kontorlokale")
    assert not is_same_duty("syte for kontorlokale", "syte for møterom")
    line = Service(
        "x", ServiceLevel.MINIMUM, "mentorordning for innvandrarar som vil starte verksemd"
    )
    made = in_nynorsk(agreement())
    found = run(replace(made, services=(*made.services, line)), register())
    assert "same_duty_twice" in {str(finding.code) for finding in found}
