"""Reading an agreement from plain text: what looks like something else, and other ways to say it."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.domain.document import PartyRole
from agreements.importing.plain_text import read
from tests.domain.importing_words import (
    UNSEEN,
    assert_nothing_lost,
    clause_words,
    text_of,
    tree,
    walk,
)


def bodies(text: str) -> list[tuple[str, str, str]]:
    return [(c.number_as_printed, c.heading, c.text) for c in walk(read(text).clauses)]


def test_a_reference_that_begins_a_line_is_not_a_heading() -> None:
    text = "1. Parter\nSe avtalens pkt.\n\n1.1 Ansvar\n\n2. Formål\nGod.\n"
    assert [heading for _, heading, _ in bodies(text)] == ["Parter", "Formål"]
    assert text_of(read(text), "1") == "Se avtalens pkt. 1.1 Ansvar"


def test_a_comma_left_behind_does_not_hide_the_next_heading() -> None:
    text = "1. Parter\n• A,\n• B, og\n\n2. Formål\nGod.\n"
    assert [heading for _, heading, _ in bodies(text)] == ["Parter", "Formål"]


def test_dates_and_numbered_lists_are_not_headings() -> None:
    text = "1. Frister\n1. mai\n2. Juni\n1. Kurs\n2. Råd\n3. Møter\n2. Formål\n2027 er første år.\n"
    assert [heading for _, heading, _ in bodies(text)] == ["Frister", "Formål"]
    assert text_of(read(text), "1").endswith("1. Kurs\n2. Råd\n3. Møter")


def test_a_numbered_list_before_the_first_point_is_not_the_first_point() -> None:
    text = "Avtale\n\n1. Vedlegg A\n2. Vedlegg B\n\n1. Parter\nA.\n\n2. Formål\nB.\n\n3. Varighet\nC.\n"
    assert bodies(text)[0] == ("1.", "Parter", "A.")


def test_a_table_of_contents_without_dots_is_left_out() -> None:
    text = "Avtale\n\nInnhold\n1. Parter 2\n2. Formål 3\n\n1. Parter\nA.\n2. Formål\nB.\n"
    assert bodies(text) == [("1.", "Parter", "A."), ("2.", "Formål", "B.")]


def test_a_missing_level_and_a_missing_number_are_reported() -> None:
    imported = read("1. Parter\nA.\n\n3. Ansvar\n3.2.1 Kommunen\nB.\n")
    assert tree(imported) == {"1": [], "3": ["3.2.1"], "3.2.1": []}
    told = " ".join(entry.what for entry in imported.report)
    assert "Det mangler nummer mellom 1 og 3." in told
    assert "skrevet som 3.2.1 og får nummer 2.1" in told


def test_a_heading_over_two_lines_is_joined_and_a_sentence_is_not_a_heading() -> None:
    text = (
        "1. Endring eller supplering av\nsamarbeidsavtalen\nKan endres.\n\n"
        "2. Partene betaler. Det gjør\nde årlig.\n"
    )
    assert bodies(text) == [
        (
            "1.",
            "Endring eller supplering av samarbeidsavtalen",
            "Kan endres.\n\n2\\. Partene betaler. Det gjør de årlig.",
        )
    ]


def test_marks_in_the_text_stay_characters() -> None:
    text = "1. Parter {{ region.navn }}\n{{ tabell.bidrag }}\n\n**alle** [[punkt:x]]\n\n- 1. a\n"
    imported = read(text)
    assert_nothing_lost(text, imported)
    assert clause_words(imported.clauses[0], imported)[-2:] == ["1", "a"]


@pytest.mark.parametrize(
    ("text", "names", "behalf"),
    [
        (
            "mellom A kommune, på vegne av B, C og D, Nav og Innovasjon Norge.",
            "A kommune|Nav|Innovasjon Norge",
            "B|C|D",
        ),
        (
            "mellom Møre og Romsdal fylkeskommune og A kommune.",
            "Møre og Romsdal fylkeskommune|A kommune",
            "",
        ),
        (
            "mellom:\n\n• A fylkeskommune (org.nr. 1)\n• B kommune, på vegner av kommunane C og D\n",
            "A fylkeskommune|B kommune",
            "C|D",
        ),
        ("• A fylkeskommune\n• B kommune\n", "A fylkeskommune|B kommune", ""),
        (
            "Partene er A fylkeskommune, heretter «A», og kommunene B, C og D.",
            "A fylkeskommune|B|C|D",
            "",
        ),
        (
            "mellom A kommune (på vegne av kommunene i Fjordregionen) og Nav.",
            "A kommune|Nav",
            "kommunene i Fjordregionen",
        ),
        ("Samarbeidet mellom Nav og alle andre.", "", ""),
    ],
)
def test_parties_are_found_in_other_words(text: str, names: str, behalf: str) -> None:
    parties = read(f"1. Avtaleparter\n{text}\n\n2. Formål\nA.").parties
    assert "|".join(party.name for party in parties) == names
    assert "|".join(name for party in parties for name in party.on_behalf_of) == behalf
    leading = [p.name for p in parties if p.role == PartyRole.CONTRACT_MUNICIPALITY]
    assert len(leading) == bool(parties)


@pytest.mark.parametrize(
    ("heading", "text", "term"),
    [
        (
            "Varighet",
            "Fra 1.1.2022 og løper ut 31.12.2025.",
            (date(2022, 1, 1), date(2025, 12, 31)),
        ),
        ("Annet", "Gjelder 01.01.2022–31.12.2025.", (date(2022, 1, 1), date(2025, 12, 31))),
        ("Annet", "Møte 1.1.2022. Frist 31.12.2025.", None),
        ("Varighet", "Fra 31. desember 2028 til 1. januar 2026.", None),
        ("Varighet", "Fra 1. januar 2026 til 31. februar 2028.", None),
    ],
)
def test_term_is_read_only_where_both_days_are_clear(
    heading: str, text: str, term: tuple[date, date] | None
) -> None:
    assert read(f"1. Parter\nA.\n\n2. {heading}\n{text}\n").term == term


def test_invisible_characters_are_taken_out_and_counted() -> None:
    imported = read(
        f"Av{UNSEEN}tale om noe langt nok\n\n1. Par\u200bter\nA og B og C og D og E og F.\n"
    )
    assert imported.title == "Avtale om noe langt nok"
    assert imported.report[0].what == f"{len(UNSEEN) + 1} usynlige tegn i filen er tatt bort."


def test_service_lists_that_do_not_fit_stay_in_the_text() -> None:
    long = "ord " * 90
    imported = read(f"1. Innhold\nTjenesten skal minimum inneholde:\n• {long}\n• kurs\n")
    assert imported.services == ()
    assert text_of(imported, "1").endswith("- kurs")
    assert any("Fant ingen liste over" in entry.what for entry in imported.report)


def test_a_second_numbered_list_keeps_its_numbers() -> None:
    text = "1. Parter\n1. alfa\n2. beta\n1. gamma\n2. delta\n\n2. Formål\nA.\n"
    imported = read(text)
    assert_nothing_lost(text, imported)
    assert text_of(imported, "1").startswith("1. alfa\n2. beta 1. gamma")


def test_numbered_lines_are_not_services() -> None:
    text = "1. Innhold\nTjenesten skal være:\n• god:\n1. rask\n2. nær\n"
    imported = read(text)
    assert imported.services == ()
    assert_nothing_lost(text, imported)


def test_a_dash_between_years_at_a_line_end_takes_no_space() -> None:
    text = "1. Varighet\nPerioden 2027–\n2030 og kurs-\nog møtevirksomhet.\n\nTo ord –\n5 timer\n"
    assert text_of(read(text), "1") == (
        "Perioden 2027–2030 og kurs- og møtevirksomhet.\n\nTo ord – 5 timer"
    )


def test_a_figure_at_the_end_of_a_page_is_not_a_page_number() -> None:
    imported = read("Avtale\n\n1. Parter\nBeløpet er\n250\n\f2. Formål\nA.\n2\n\f3. Varighet\nB.\n")
    assert text_of(imported, "1") == "Beløpet er 250"
    assert [(line.text, line.kept) for line in imported.left] == [("2", False)]


def test_signatures_begin_at_the_first_name_after_the_text() -> None:
    text = (
        "1. Tvister\nAvtalt verneting for alle partene er\nNordvik.\n\n"
        "Sted og dato:\n\nA kommune    B kommune\n"
    )
    imported = read(text)
    assert text_of(imported, "1") == "Avtalt verneting for alle partene er Nordvik."
    assert [line.text for line in imported.left] == ["Sted og dato:", "A kommune B kommune"]


def test_a_small_letter_after_a_full_stop_and_an_empty_line_begins_a_paragraph() -> None:
    text = "1. Parter\nSlutt her.\n\nliten start\n\nmed en fortsettelse\n"
    assert text_of(read(text), "1") == "Slutt her.\n\nliten start med en fortsettelse"
