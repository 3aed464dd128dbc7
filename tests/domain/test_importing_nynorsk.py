"""An agreement in nynorsk read from plain text: its own words for parties, term, services and tables."""

from __future__ import annotations

from datetime import date

import pytest

from agreements.domain.document import Language, PartyRole, ServiceLevel
from agreements.domain.resolve import plain_text, resolve
from agreements.importing.language import language_of
from agreements.importing.plain_text import read
from agreements.importing.result import ImportedClause
from tests.domain.importing_words import assert_nothing_lost, walk
from tests.model_agreement import agreement, in_nynorsk

TEXT = """Samarbeidsavtale om etablerartenesta i Fjordregionen

1. Partar
Avtala er inngått mellom Fjelland fylkeskommune og Elveby kommune på vegner av Myrvang og Åsvang.

2. Varigheit
Avtala gjeld frå 1. januar 2026 til 31. desember 2028.

3. Innhaldet i etablerartenesta
Etablerartenesta skal ha desse kvalitetane:
- godt tilgjenge
- tydeleg informasjon
Etablerartenesta skal minst omfatte:
- rettleiing
- kurs
I tillegg til dette kan kommunane velje tilleggstenester:
- mentorordning

4. Økonomi
Kommunane betaler slik:
Kommune
Innbyggjarar
Tilskot
Elveby 30 005 150 025,00
Myrvang 7 122 35 610,00
Til saman 37 127 185 635,00

5. Oppseiing
Kvar part kan seie opp avtala med eitt års varsel.

6. Tvistar
Tvistar skal løysast ved forhandlingar.
"""


def test_parties_term_services_and_table_are_understood() -> None:
    found = read(TEXT)
    assert_nothing_lost(TEXT, found)
    assert [(p.name, p.role) for p in found.parties] == [
        ("Fjelland fylkeskommune", PartyRole.COUNTY_AUTHORITY),
        ("Elveby kommune", PartyRole.CONTRACT_MUNICIPALITY),
    ]
    assert found.parties[1].on_behalf_of == ("Myrvang", "Åsvang")
    assert found.term == (date(2026, 1, 1), date(2028, 12, 31))
    assert [(level, text) for level, text in found.services] == [
        (ServiceLevel.QUALITY, "godt tilgjenge"),
        (ServiceLevel.QUALITY, "tydeleg informasjon"),
        (ServiceLevel.MINIMUM, "rettleiing"),
        (ServiceLevel.MINIMUM, "kurs"),
        (ServiceLevel.ADDITIONAL, "mentorordning"),
    ]
    assert any("abell" in part.what for part in found.report)
    headings = [clause.heading for clause in walk(found.clauses)]
    assert headings == [
        *("Partar", "Varigheit", "Innhaldet i etablerartenesta", "Økonomi"),
        *("Oppseiing", "Tvistar"),
    ]


def test_our_own_nynorsk_agreement_comes_back_with_every_point_and_service() -> None:
    made = in_nynorsk(agreement())
    found = read(plain_text(resolve(made)))
    resolved = resolve(made)
    assert [c.heading for c in found.clauses] == [c.heading for c in resolved.clauses]
    levels = [level for level, _ in found.services]
    assert levels == [service.level for service in made.services]
    assert found.term == (made.term_start, made.term_end)


def clause(text: str, *children: ImportedClause) -> ImportedClause:
    return ImportedClause("a", "1", "Avtalt", text, children)


@pytest.mark.parametrize(
    ("clauses", "language"),
    [
        (read(TEXT).clauses, Language.NYNORSK),
        ((clause("Partane er einige, og ikkje usamde."),), Language.NYNORSK),
        ((clause("", clause("Kvar part betaler frå januar.")),), Language.NYNORSK),
        ((clause("Partene er enige, og ikke uenige."),), Language.BOKMAL),
        ((clause("Kommunane. Hver part betaler fra januar."),), Language.BOKMAL),
        ((clause("1 2 3"),), Language.BOKMAL),
        ((), Language.BOKMAL),
    ],
)
def test_the_language_is_told_by_the_commonest_words(
    clauses: tuple[ImportedClause, ...], language: Language
) -> None:
    assert language_of(clauses) is language
