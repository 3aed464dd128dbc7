"""What concerns the agreement as a whole: numbering, title, index, stances, what it should say, venue."""

from dataclasses import replace
from typing import Any

import pytest

from agreements.domain.checks import Context, Position, Stance, run
from agreements.domain.document import Attachment, AttachmentKind, Clause
from tests.builders import (
    FJELLAND,
    a_document,
    a_financing,
    a_table,
    clauses,
    parties,
    services,
)
from tests.defective import crowded, without_index
from tests.domain.checking import CONTEXT, codes, document_codes, findings

NUMBER = "typed_point_number"
RECOMMENDED = "recommended_missing"
VENUE = "venue_outside_parties"


@pytest.mark.parametrize(
    ("heading", "without"),
    [
        ("5.2 Innhold", "Innhold"),
        ("5.4 1 Samarbeid lokalt", "Samarbeid lokalt"),
        ("3. Varighet", "Varighet"),
        ("12 Tvister", "Tvister"),
    ],
)
def test_a_heading_numbered_by_hand_is_an_error(heading: str, without: str) -> None:
    (finding,) = findings("Alt er avtalt.", heading=heading)
    assert (finding.code, finding.level) == (NUMBER, "error")
    assert finding.mend is not None
    assert finding.mend.instead == without


@pytest.mark.parametrize("text", ["5.4 1 Samarbeid med kontorene", "5.2.1 Innhold i tjenesten"])
def test_a_paragraph_numbered_by_hand_is_an_error(text: str) -> None:
    (finding,) = findings(text)
    assert (finding.code, finding.level, finding.mend) == (NUMBER, "error", None)


@pytest.mark.parametrize(
    "heading", ["24 timer i døgnet", "1. mai", "1. Mai", "2026–2028", "50/50", "Avtalt 5.2"]
)
def test_numbers_that_count_something_pass_in_headings(heading: str) -> None:
    assert codes("Alt er avtalt.", heading=heading) == []


@pytest.mark.parametrize("text", ["5.50 kroner er satsen.", "12 Kurs holdes.", "Se 5.2 Innhold."])
def test_numbers_that_count_something_pass_in_paragraphs(text: str) -> None:
    assert NUMBER not in codes(text)


def test_a_broken_number_of_an_imported_point_is_told_of() -> None:
    def imported(key: str, number: str) -> Clause:
        return Clause(key, "Noe", "Alt er avtalt.", f"Importert tekst, punkt {number}")

    made = tuple(imported(f"k{i}", n) for i, n in enumerate(("5.3", "5.4 1", "5.3", "6")))
    found = run(a_document(clauses=(*clauses(), *made)), CONTEXT)
    told = [(f.anchor, f.level) for f in found if f.code == NUMBER]
    assert told == [("punkt:k1", "info"), ("punkt:k2", "info")]


def test_a_source_that_names_a_point_elsewhere_passes() -> None:
    source = "Fylkeskommunens mal 2026, punkt 3"
    twice = tuple(Clause(f"k{i}", "Noe", "Alt er avtalt.", source) for i in range(2))
    assert document_codes(clauses=(*clauses(), *twice)) == []


def test_a_title_too_long_for_the_signing_service_is_a_warning() -> None:
    title = "Samarbeidsavtale 2026–2028 " + "x" * 54
    (finding,) = [f for f in run(a_document(title=title), CONTEXT) if f.code == "title_too_long"]
    assert (finding.level, finding.anchor) == ("warning", "avtale")
    assert "81 tegn" in finding.message
    assert "title_too_long" not in document_codes(title=title[:-1])


def test_more_signers_than_the_signing_service_takes_is_a_warning() -> None:
    found = [f for f in run(crowded(), CONTEXT) if f.code == "too_many_signers"]
    assert [(f.level, f.anchor) for f in found] == [("warning", "parter")]
    assert "11 parter" in found[0].message
    ten = replace(crowded(), parties=crowded().parties[1:])
    assert "too_many_signers" not in {f.code for f in run(ten, CONTEXT)}


def test_an_index_the_text_does_not_mention_is_a_warning() -> None:
    (finding,) = [f for f in run(without_index(), CONTEXT) if f.code == "index_not_stated"]
    assert (finding.level, finding.anchor) == ("warning", "okonomi")
    assert "4,1 prosent i 2027" in finding.message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bidragene reguleres med {{ okonomi.indeks }}.", False),
        ("Kommunenes bidrag følger kommunal deflator.", False),
        ("Beløpene justeres for prisvekst.", False),
        ("Samarbeidet reguleres av kommuneloven.", True),
        ("Bidragene betales i januar.", True),
    ],
)
def test_the_index_in_other_words(text: str, found: bool) -> None:
    others = tuple(clause for clause in clauses() if clause.key != "okonomi")
    changed = (*others, Clause("okonomi", "Økonomi", f"{{{{ tabell.bidrag }}}}\n\n{text}"))
    assert ("index_not_stated" in document_codes(clauses=changed)) is found


def test_a_table_without_index_need_not_be_mentioned() -> None:
    others = tuple(clause for clause in clauses() if clause.key != "okonomi")
    table = replace(a_table(), index=())
    found = document_codes(clauses=others, financing=a_financing(table=table))
    assert "index_not_stated" not in found


UNDECIDED, NEGATIVE, POSITIVE = Position.UNDECIDED, Position.NEGATIVE, Position.POSITIVE


def _stances(*stances: Stance) -> list[str]:
    found = run(a_document(), Context(stances=stances))
    return [f.message for f in found if f.code == "stance_contradicts"]


@pytest.mark.parametrize(
    "stances",
    [
        (Stance("Myrvang", UNDECIDED), Stance("Myrvang", NEGATIVE)),
        (Stance("Myrvang", UNDECIDED, "Vi vil innstille negativt til avtalen."),),
        (Stance("Myrvang", POSITIVE, "Vi har ikke tatt endelig stilling."),),
        (Stance("Myrvang", NEGATIVE, "Rådmannen anbefaler avtalen."),),
    ],
)
def test_two_stances_of_one_body_are_a_warning(stances: tuple[Stance, ...]) -> None:
    (message,) = _stances(*stances)
    assert "Myrvang" in message


def test_stances_in_the_text_are_read_too() -> None:
    text = "Myrvang har ikke tatt stilling.\n\nMyrvang vil innstille negativt."
    made = a_document(clauses=(*clauses(), Clause("a", "Behandling", text)))
    assert "stance_contradicts" in {f.code for f in run(made, CONTEXT)}


@pytest.mark.parametrize(
    "stances",
    [
        (Stance("Myrvang", NEGATIVE), Stance("Elveby", POSITIVE)),
        (Stance("Myrvang", POSITIVE), Stance("Myrvang", Position.CONDITIONAL, "Vi støtter den.")),
        (Stance("Myrvang", NEGATIVE, "Vi støtter ikke avtalen og innstiller negativt."),),
        (Stance("Myrvang", UNDECIDED, "Saken er ikke behandlet."),),
        (),
    ],
)
def test_stances_that_agree_pass(stances: tuple[Stance, ...]) -> None:
    assert _stances(*stances) == []


def test_a_sentence_about_two_bodies_says_nothing_of_either() -> None:
    text = "Myrvang støtter avtalen, mens Elveby vil innstille negativt. Myrvang sier nei."
    made = a_document(clauses=(*clauses(), Clause("a", "Behandling", text)))
    assert "stance_contradicts" not in {f.code for f in run(made, CONTEXT)}


def test_what_others_think_is_not_the_bodys_stance() -> None:
    text = "De andre støtter avtalen, Myrvang har ikke tatt stilling."
    made = a_document(clauses=(*clauses(), Clause("a", "Behandling", text)))
    assert "stance_contradicts" not in {f.code for f in run(made, CONTEXT)}


def _without(*keys: str) -> tuple[Clause, ...]:
    return tuple(clause for clause in clauses() if clause.key not in keys)


def _recommended(*texts: str, invoicing: str = "") -> list[str]:
    made = tuple(Clause(f"t{i}", "Avtalt", text) for i, text in enumerate(texts))
    document = a_document(
        clauses=(*_without("oppgjor", "oppsigelse"), *made),
        financing=a_financing(invoicing=invoicing),
    )
    return [f.message for f in run(document, CONTEXT) if f.code == RECOMMENDED]


def test_what_is_recommended_and_missing_is_information() -> None:
    settlement, notice, dissolution = sorted(
        _recommended(), key=lambda m: ("opphører" in m, "si den opp" in m)
    )
    assert "gjør opp seg imellom" in settlement
    assert "si den opp eller tre ut" in notice
    assert "når den opphører" in dissolution


def test_thin_rules_on_notice_point_at_the_clause() -> None:
    text = "Avtalen kan sies opp av en av partene med ett års varsel."
    document = a_document(clauses=(*_without("oppsigelse"), Clause("x", "Endring", text)))
    found = [(f.anchor, f.level) for f in run(document, CONTEXT) if f.code == RECOMMENDED]
    assert found == [("avtale", "info"), ("punkt:x", "info")]


def test_full_rules_pass_in_other_words() -> None:
    assert (
        _recommended(
            "Samarbeidskommunene betaler sin del til kontraktskommunen hvert halvår.",
            "En part kan tre ut av samarbeidet. I oppsigelsestiden betales bidrag som før.",
            "Ved avvikling fordeles ubrukte penger.",
        )
        == []
    )


def test_the_settlement_may_stand_with_the_table() -> None:
    found = _recommended(invoicing="Elveby kommune sender faktura i januar.")
    assert not [message for message in found if "gjør opp" in message]


def test_an_agreement_without_clauses_is_only_begun() -> None:
    assert RECOMMENDED not in document_codes(clauses=())


@pytest.mark.parametrize(
    "text",
    [
        "Oslo vedtas som verneting.",
        "Tvister løses ved forhandling. Oslo tingrett er verneting.",
        "Verneting er Oslo.",
        "Vernetinget er Nedre Havn tingrett.",
        "Partene vedtar Oslo som verneting.",
        "Partene godtar Oslo tingrett som rett verneting.",
        "Som verneting vedtas Oslo.",
        "Verneting legges til Oslo.",
        "Saken bringes inn for Oslo tingrett.",
    ],
)
def test_a_venue_of_no_party_is_information(text: str) -> None:
    (finding,) = findings(text, heading="Tvister")
    assert (finding.code, finding.level) == (VENUE, "info")


@pytest.mark.parametrize(
    "text",
    [
        "Elveby vedtas som verneting.",
        "Åsvang tingrett er verneting.",
        "Elveby og Havn tingrett er verneting.",
        "Vernetinget er kontraktskommunens alminnelige verneting.",
        "Vernetinget er {{ kontraktskommune.navn }}s.",
        "Verneting er Fjelland.",
        "Saken bringes inn for Elveby tingrett.",
        "Saken føres for tingretten, og verneting er det alminnelige.",
        "Saksøktes verneting gjelder. Partenes verneting er det alminnelige.",
        "Oslo er hovedstaden, og verneting avtales senere.",
    ],
)
def test_a_venue_of_a_party_passes(text: str) -> None:
    assert codes(text, heading="Tvister") == []


UNPRINTABLE = "unprintable_character"


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"title": "Avtale \U0001f600"}, "avtale"),
        ({"region": "Elveby\ue000regionen"}, "avtale"),
        ({"attachments": (Attachment("中", AttachmentKind.OTHER, "", "ab" * 32),)}, "avtale"),
        ({"parties": (replace(parties()[0], mandate="✈ sak"), *parties()[1:])}, "parter"),
        (
            {"parties": (replace(parties()[0], body=replace(FJELLAND, name="F𝐣")), *parties()[1:])},
            "parter",
        ),
        ({"clauses": (*clauses(), Clause("a", "A 😀", "Alt er avtalt."))}, "punkt:a"),
        ({"services": (replace(services()[0], text="Kurs 🎓"), *services()[1:])}, None),
        ({"financing": a_financing(table=a_table(alternative="Beste 🥇"))}, "okonomi"),
        ({"financing": a_financing(invoicing="Faktura \uf0b7 i januar.")}, "okonomi"),
    ],
)
def test_what_cannot_be_printed_is_an_error_wherever_it_stands(
    changes: dict[str, Any], anchor: str | None
) -> None:
    document = a_document(**changes)
    found = [f for f in run(document, CONTEXT) if f.code == UNPRINTABLE]
    assert [(f.anchor, f.level) for f in found] == [
        (anchor or f"tjenester:{document.services[0].key}", "error")
    ]
    assert "kan ikke skrives ut." in found[0].message


def test_a_character_that_nobody_sees_is_named_by_its_code() -> None:
    (finding,) = findings("Punkt \uf0b7 og 😀.")
    assert (finding.code, "Tegnene «U+F0B7», «😀» kan" in finding.message) == (UNPRINTABLE, True)


def test_letters_of_the_languages_and_facts_pass() -> None:
    text = (
        "Guovdageaidnu, Kárášjohka – «sitat» §\u00a06-1 {{ avtale.tittel }}, e\u0301n {{ ukjent }}."
    )
    assert UNPRINTABLE not in codes(text)
