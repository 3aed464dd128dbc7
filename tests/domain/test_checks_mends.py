"""Where a mend is offered, writing it makes the finding go away; where it is not sure, none is offered."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from agreements.domain.checks import Finding, Mend, RegisteredBody, run
from agreements.domain.checks.mending import apply
from agreements.domain.document import BodyKind, Clause, Document, PartyRole
from tests import defective
from tests.builders import SKOGLAND, a_document, clauses, parties
from tests.domain.checking import CONTEXT, codes, findings


@pytest.mark.parametrize(
    ("text", "found", "instead"),
    [
        (
            "Rapporten sendes Storfjelland fylkeskommune.",
            "Storfjelland fylkeskommune",
            "{{ fylkeskommune.navn }}",
        ),
        (
            "Det er Storfjelland fylkeskommunes oppgave.",
            "Storfjelland fylkeskommunes",
            "{{ fylkeskommune.navn }}s",
        ),
        ("Rapporten sendes Storfjelland fk.", "Storfjelland fk", "{{ fylkeskommune.navn }}"),
        ("Regionen har 46 790 innbyggere.", "46 790", "{{ okonomi.innbyggere }}"),
        ("Samlet innbyggertall er 46.790.", "46.790", "{{ okonomi.innbyggere }}"),
        (
            "Innbyggertall per desember 2023.",
            "desember 2023",
            "{{ okonomi.befolkningsdato }}",
        ),
        (
            "Kommunene bidrar med 11 kroner per innbygger.",
            "11",
            "{{ okonomi.kommunesats }}",
        ),
        (
            "Fylkeskommunen bidrar med kr. 6,50 per innbygger.",
            "6,50",
            "{{ okonomi.fylkessats }}",
        ),
        (
            "Fylkeskommunen bidrar med 227 000 kroner i året.",
            "227 000",
            "{{ okonomi.fylkesbidrag }}",
        ),
        (
            "Avtalen gjelder fra 1. mars 2026.",
            "1. mars 2026",
            "{{ avtale.startdato }}",
        ),
        (
            "Avtalen gjelder til 31.08.2028.",
            "31.08.2028",
            "{{ avtale.sluttdato }}",
        ),
        ("Avtaleperioden 2026–2029 er avtalt.", "2026–2029", "{{ avtale.periode }}"),
        ("Avtalen varer i ti år.", "ti år", "{{ avtale.varighet }}"),
    ],
)
def test_a_sure_mend_is_offered_and_makes_the_text_right(
    text: str, found: str, instead: str
) -> None:
    (finding,) = findings(text)
    assert finding.mend == Mend("proven", found, instead)
    assert codes(apply(text, finding.mend)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Oppgaven lå hos tidligere Storfjelland fylkeskommune.",  # it says itself that it is gone
        "Granvik kommune er med.",  # exists when the term begins
        "I Skogvik skal rapporten leses.",  # nobody knows who comes after
        "Elveby har 7 122 innbyggere.",
        "Elveby, Myrvang og Åsvang har til sammen 47 991 innbyggere.",
        "Innbyggertallet er 40 000.",  # of whom?
        "Regionen hadde 46 790 innbyggere per 1. juli 2021.",  # may be right for its date
        "Kommunene og fylkeskommunen betaler 12,50 kroner per innbygger.",
        "Elveby bidrar med 300 000 kroner i 2027.",
        "Bidragene indeksreguleres med 3,9 prosent hvert år.",
        "Dette er en tiårig avtale.",
        "Regionen har 46 790 innbyggere. Senere: Regionen har 46 790 innbyggere.",
    ],
)
def test_what_is_not_sure_gets_no_mend(text: str) -> None:
    found = [f for f in findings(text) if f.code != "population_date_differs"]
    assert found
    assert [finding.mend for finding in found] == [None] * len(found)


def test_two_county_authorities_leave_the_choice_to_people() -> None:
    both = (*parties(), replace(parties()[0], body=SKOGLAND, role=PartyRole.COUNTY_AUTHORITY))
    (finding,) = findings("Rapporten sendes Storfjelland fylkeskommune.", parties=both)
    assert finding.mend is not None
    assert finding.mend.instead == "Fjelland fylkeskommune"  # the registered successor


def test_where_the_party_is_the_one_that_is_gone_the_fact_would_only_repeat_it() -> None:
    """As in an imported agreement with «Viken fylkeskommune» among its parties."""
    authority, *rest = parties()
    gone = replace(authority, body=replace(authority.body, name="Storfjelland fylkeskommune"))
    found = findings("Rapporten sendes Storfjelland fylkeskommune.", parties=(gone, *rest))
    (finding,) = (finding for finding in found if finding.anchor.startswith("punkt:"))
    assert finding.mend is not None
    assert finding.mend.instead == "Fjelland fylkeskommune"  # contributes, in the right county
    plain = findings(
        "Rapporten sendes Storfjelland fylkeskommune.", parties=(gone, *rest), financing=None
    )
    (finding,) = (finding for finding in plain if finding.anchor.startswith("punkt:"))
    assert finding.mend is None or "fylkeskommune.navn" not in finding.mend.instead


def test_a_retired_body_of_another_kind_gives_way_to_its_successor() -> None:
    gone = RegisteredBody(
        "Gamle Dal kommune", None, defective.CONTEXT.bodies[0].valid_to, "Nye Dal kommune"
    )
    context = replace(CONTEXT, bodies=(*CONTEXT.bodies, gone))
    (finding,) = findings("Arkivet følger Gamle Dal kommunes regler.", context=context)
    assert finding.mend == Mend("proven", "Gamle Dal kommunes", "Nye Dal kommunes")


def test_words_parted_by_bold_marks_or_a_fact_get_no_mend() -> None:
    (finding,) = findings("Rapporten sendes **Storfjelland** fylkeskommune.")
    assert finding.mend is None


def test_a_mend_is_whole_words_only() -> None:
    mend = Mend("a", "NAV", "Nav")
    assert (
        apply("NAV, NAV-kontor, NAVs og NAVIGASJON", mend) == "Nav, Nav-kontor, NAVs og NAVIGASJON"
    )
    assert apply("a\\1 5.2", Mend("a", "5.2", "\\1")) == "a\\1 \\1"


def _mended(document: Document, found: Iterable[Finding]) -> Document:
    """Write every mend into the document."""
    mends = [finding.mend for finding in found if finding.mend]

    def write(clause: Clause) -> Clause:
        heading, text = clause.heading, clause.text
        for mend in mends:
            if mend.key == clause.key:
                assert mend.found in f"{clause.heading}\n{clause.text}"
                heading, text = apply(heading, mend), apply(text, mend)
        children = tuple(write(child) for child in clause.children)
        return replace(clause, heading=heading, text=text, children=children)

    return replace(document, clauses=tuple(write(clause) for clause in document.clauses))


def test_writing_every_mend_of_the_defective_draft_leaves_what_people_must_judge() -> None:
    document = defective.a_defective_document()
    found = run(document, defective.CONTEXT)
    offered = {finding for finding in found if finding.mend}
    assert {str(finding.code) for finding in offered} >= {
        "retired_body",
        "name_not_registered",
        "law_reference_misspelt",
        "population_date_differs",
        "rate_differs",
        "term_date_differs",
        "term_length_differs",
    }
    left = run(_mended(document, found), defective.CONTEXT)
    assert not offered & set(left)
    assert set(left) <= set(found)


def test_a_clean_agreement_with_typed_names_is_mended_to_itself() -> None:
    context = replace(
        CONTEXT, bodies=(*CONTEXT.bodies, RegisteredBody("Nav", kind=BodyKind.STATE_AGENCY))
    )
    typed = a_document(clauses=(*clauses(), Clause("x", "NAV lokalt", "NAV og NAV-kontoret.")))
    right = a_document(clauses=(*clauses(), Clause("x", "Nav lokalt", "Nav og Nav-kontoret.")))
    assert _mended(typed, run(typed, context)) == right
