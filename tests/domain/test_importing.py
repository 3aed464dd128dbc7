"""Reading an agreement from plain text: nothing is lost, and the usual mess of a PDF is understood."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from agreements.domain import markup
from agreements.domain.document import PartyRole, ServiceLevel
from agreements.importing.lines import MAX_BYTES, decode
from agreements.importing.plain_text import read
from agreements.importing.result import UNPLACED_KEY, Imported, UnreadableAgreementError
from tests.domain.importing_drafts import agreements
from tests.domain.importing_words import assert_nothing_lost, text_of, tree, walk

SAMPLE = Path(__file__).parent.parent / "data" / "avtale_fra_pdf.txt"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"


def read_or_reject(text: str) -> Imported:
    """Read made-up text; one in fifty hides its only heading behind «se punkt» and is no agreement."""
    try:
        return read(text)
    except UnreadableAgreementError:
        reject()


@settings(max_examples=120, deadline=None)
@given(agreements())
def test_every_word_is_found_again_in_order(text: str) -> None:
    imported = read_or_reject(text)
    assert_nothing_lost(text, imported)


@settings(max_examples=40, deadline=None)
@given(agreements())
def test_keys_are_unique_slugs_and_clause_text_is_stable(text: str) -> None:
    imported = read_or_reject(text)
    clauses = list(walk(imported.clauses))
    assert len({clause.key for clause in clauses}) == len(clauses)
    for clause in clauses:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", clause.key)
        assert markup.serialise(markup.parse(clause.text)) == clause.text
    assert len([p for p in imported.parties if p.role == PartyRole.CONTRACT_MUNICIPALITY]) <= 1


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(), st.text(st.sampled_from("1.2 §\n\f\r•-o*AaÆ()[]{}:\t\u00ad\u202f\ud800\x00"))
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    for whole in (text, f"1. Parter\nA\n{text}"):
        with suppress(UnreadableAgreementError):
            read(whole)


# What cannot be read


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "tom"),
        (" \n\u00a0\n\ufeff", "tom"),
        ("\ufeff\u200b", "tom"),
        ("1. Parter\n\x00\x01", "ikke ren tekst"),
        ("1. Parter\n" + "\x02\x03\ufffd" * 20, "ikke ren tekst"),
        ("1. Parter\n" + "å" * (MAX_BYTES // 2), "større enn 2 MB"),
        ("Avtale mellom A og B.\n\n• kurs\n1. januar 2027\n", "ingen nummererte punkter"),
        ("5,50 kroner\n2026 Budsjett\n50 Prosent\n", "ingen nummererte punkter"),
    ],
)
def test_a_text_without_points_is_refused(text: str, reason: str) -> None:
    with pytest.raises(UnreadableAgreementError, match=reason):
        read(text)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7 ...", "en PDF"),
        (b"PK\x03\x04...", "kontordokument"),
        (b"\x89PNG\x00\xff", "ikke ren tekst"),
        (b"\x81\x8d\xff", "Windows-1252"),
        (b"a" * (MAX_BYTES + 1), "større enn 2 MB"),
    ],
)
def test_other_kinds_of_file_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableAgreementError, match=reason):
        decode(data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_read(encoding: str) -> None:
    assert decode("1. Formål – én æøå".encode(encoding)) == "1. Formål – én æøå"


# The project's own sample


@pytest.fixture(scope="module", params=["\n", "\r\n"])
def sample(request: pytest.FixtureRequest) -> tuple[str, Imported]:
    text = SAMPLE.read_bytes().decode().replace("\n", request.param)
    return text, read(text)


def test_sample_loses_nothing_but_a_soft_hyphen(sample: tuple[str, Imported]) -> None:
    text, imported = sample
    whole = re.sub("\u00ad(\\s+)kalender", r"kalender\1", text)
    assert "kurskalender" in whole
    assert_nothing_lost(whole, imported)


def test_sample_title_is_joined_over_three_lines(sample: tuple[str, Imported]) -> None:
    assert sample[1].title == (
        "Samarbeidsavtale om drift av gründertjenesten i Solheim 2027-2030 – Fjordregionen"
    )


def test_sample_tree_keeps_the_numbers_as_printed(sample: tuple[str, Imported]) -> None:
    _, imported = sample
    assert [c.number_as_printed for c in imported.clauses] == [
        *("1.", "2.", "3.", "4.", "5.", "6.", "6."),
        "",
    ]
    below = tree(imported)
    assert below["4"] == ["4.1", "4.2", "4.3"]
    assert below["4.2"] == ["4.2.1"]
    assert below["4.3"] == ["4.3 1"]
    keys = [clause.key for clause in walk(imported.clauses)]
    assert keys[:3] == ["parter", "formal", "varighet"]
    assert "okonomisk-ramme" in keys
    headings = {c.number_as_printed: c.heading for c in walk(imported.clauses)}
    assert headings["4.2.1"] == "Tjenestens innhold"
    told = [entry.what for entry in imported.report]
    assert "Nummeret «4.3 1» er skrevet for hånd og er lest som 4.3.1." in told
    assert "Nummeret 6 er brukt mer enn én gang." in told
    assert any("skrevet som 6 og får nummer 7" in what for what in told)


def test_sample_parties_and_term(sample: tuple[str, Imported]) -> None:
    _, imported = sample
    assert [(p.name, p.role, p.on_behalf_of, p.lines) for p in imported.parties] == [
        ("Solheim fylkeskommune", PartyRole.COUNTY_AUTHORITY, (), (18,)),
        (
            "Nordvik kommune",
            PartyRole.CONTRACT_MUNICIPALITY,
            ("Austvik", "Berg", "Evje og Hornnes"),
            (18, 20),
        ),
        ("Innovasjon Norge", PartyRole.PARTNER, (), (20,)),
        ("Nav Solheim", PartyRole.PARTNER, (), (20,)),
    ]
    assert imported.term == (date(2027, 1, 1), date(2030, 12, 31))


def test_sample_services_leave_block_facts_behind(sample: tuple[str, Imported]) -> None:
    _, imported = sample
    assert imported.services == (
        (ServiceLevel.QUALITY, "Lett å finne fram til for alle"),
        (
            ServiceLevel.QUALITY,
            "Gratis det første året. Deretter kan det tas betalt for enkelte tilbud",
        ),
        (ServiceLevel.MINIMUM, "Startkurs"),
        (ServiceLevel.MINIMUM, "Veiledning (inntil fem timer) e.l."),
        (ServiceLevel.MINIMUM, "Nettverksmøter"),
        (ServiceLevel.ADDITIONAL, "Mentor"),
        (ServiceLevel.ADDITIONAL, "eks. kontorplass?"),
    )
    assert text_of(imported, "4.2.1").split("\n\n")[::-1][:4:2] == [
        "{{ liste.tilleggstjenester }}",
        "{{ liste.minimumstjenester }}",
    ]
    assert "(listen kan endres)" in text_of(imported, "4.2.1")


def test_sample_lists_are_joined_and_nested(sample: tuple[str, Imported]) -> None:
    _, imported = sample
    assert text_of(imported, "4.1").endswith(
        "1. lede arbeidsgruppen\n2. sørge for en felles kurskalender\n3. betale til rett tid"
    )
    assert text_of(imported, "4.2") == (
        "- inngå avtale med en operatør på vegne av alle, herunder:\n"
        "  - lyse ut oppdraget\n"
        "  - følge opp kvaliteten og rapportere\n"
        "- stille kontor til rådighet\n"
        "  - svare på henvendelser [uten opphold] med \\* eller _ i emnefeltet"
    )
    assert "se punkt 4.2.1 innholdet i tjenesten." in text_of(imported, "2")
    assert "hvert kvartal – minst fire ganger – og oftere" in text_of(imported, "2")
    assert any("«utdannings-miljøer»" in entry.what for entry in imported.report)


def test_sample_table_is_kept_as_rows_and_reported(sample: tuple[str, Imported]) -> None:
    _, imported = sample
    rows = text_of(imported, "5").split("\n\n")[1:]
    assert rows == [
        "Kommune/ fylkeskommune",
        "Innbyggertall per 1. kvartal Sats Sum år 2027",
        "Sum år 2028",
        "Nordvik 12\u00a0000 10,00 120\u00a0000,00 120\u00a0000,00",
        "Austvik",
        "Berg 3 000 10,00 30 000,00 30 000,00",
        "SUM",
        "Beløpene er uten merverdiavgift.",
    ]
    table = next(entry for entry in imported.report if entry.what.startswith("Tabell"))
    assert (table.line_from, table.line_to) == (96, 109)
    assert "4 rader (Nordvik, Austvik, Berg, SUM)" in table.what
    assert "finansieringsplanen" in table.what


def test_sample_furniture_is_left_out_and_the_rest_is_kept(sample: tuple[str, Imported]) -> None:
    _, imported = sample
    kept = {line.text for line in imported.left if line.kept}
    assert kept == {
        "Denne avtalen bygger på vedtak i alle de deltakende kommunene.",
        "Vedlegg: Tjenestebeskrivelse av 3. mai 2026",
    }
    last = imported.clauses[-1]
    assert last.key == UNPLACED_KEY
    assert last.text.split("\n\n") == sorted(kept)
    away = [line.text for line in imported.left if not line.kept]
    assert away.count("Fjordregionen – samarbeidsavtale") == 3
    assert "Side 4 av 4" in away
    assert "Innhold" in away
    assert "Nav Solheim Innovasjon Norge" in away
    assert text_of(imported, "6").endswith("1. februar.")


# A real draft

SEED = next(iter(SEEDS.glob("001_*.txt")), None)


@pytest.mark.skipif(SEED is None, reason="needs ../shared")
def test_the_draft_for_ringeriksregionen_is_understood() -> None:
    assert SEED is not None
    text = decode(SEED.read_bytes())
    imported = read(text)
    assert_nothing_lost(text, imported)
    assert len(imported.title) == 88
    assert len(imported.clauses) == 12
    below = tree(imported)
    assert below["5"] == ["5.1", "5.2", "5.3", "5.4"]
    assert below["5.2"] == ["5.2.1"]
    assert below["5.4"] == ["5.4 1"]
    assert Counter(level for level, _ in imported.services) == {
        ServiceLevel.QUALITY: 6,
        ServiceLevel.MINIMUM: 9,
        ServiceLevel.ADDITIONAL: 5,
    }
    assert [(p.name, p.on_behalf_of) for p in imported.parties] == [
        ("Buskerud fylkeskommune", ()),
        ("Ringerike kommune", ("Hole", "Krødsherad", "Modum")),
        ("Innovasjon Norge", ()),
        ("Nav", ()),
    ]
    assert imported.term == (date(2026, 1, 1), date(2028, 12, 31))
    assert [line.line_number for line in imported.left] == [309, 314]  # the signatures
    assert any(entry.what.startswith("Tabell med 9 rader") for entry in imported.report)


@pytest.mark.skipif(SEED is None, reason="needs ../shared")
def test_other_documents_lose_nothing_either() -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        text = decode(path.read_bytes())
        try:
            imported = read(text)
        except UnreadableAgreementError:
            continue
        assert_nothing_lost(text, imported)
