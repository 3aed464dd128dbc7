"""The consistency check on real drafts: silent on the demonstration, and told of on the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from agreements import snapshot
from agreements.domain import checks
from agreements.models import Agreement

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"
PAGE = "/avtaler/ringeriksregionen-2026/kontroll/"


def _found(agreement: Agreement) -> list[checks.Finding]:
    return checks.run(snapshot.build(agreement), snapshot.context(agreement.region))


def test_the_demonstration_has_no_error_and_no_false_alarm(ringerike: Agreement) -> None:
    other = Agreement.objects.get(slug="mosseregionen-2022")
    # Akershus has not confirmed, and Viken was dissolved in the term: both true, and told of.
    assert [str(f.code) for f in _found(ringerike)] == ["contributor_not_confirmed"]
    assert {(str(f.code), str(f.level)) for f in _found(other)} == {("retired_body", "info")}


def test_the_page_groups_findings_and_says_what_to_write_instead(
    ringerike: Agreement, as_: Callable[[str], Client]
) -> None:
    ringerike.clauses.filter(key="formaal").update(
        text="Rapporten sendes Viken fylkeskommune og NAV.\n\nOslo vedtas som verneting."
    )
    page = as_("editor").get(PAGE).content.decode()
    for heading in ("Må rettes (1)", "Bør vurderes (2)", "Til orientering (1)"):
        assert heading in page
    with_fact = "Bytt «Viken fylkeskommune» med «Buskerud fylkeskommune», hentet fra avtalens"
    assert with_fact in page
    assert "Bytt «NAV» med «Nav»." in page
    assert page.count("Bytt «") == 2


@pytest.mark.skipif(not SEEDS.is_dir(), reason="needs ../shared")
def test_the_imported_draft_gives_every_class_that_concerns_it(
    ringerike: Agreement, capsys: pytest.CaptureFixture[str]
) -> None:
    (file,) = SEEDS.glob("001_*.txt")
    call_command("import_agreement", str(file), region="Ringeriksregionen")
    made = Agreement.objects.get(slug=capsys.readouterr().out.split()[-1])
    found = _found(made)
    told = {(f.anchor.partition(":")[2] or f.anchor, str(f.code), str(f.level)) for f in found}
    missing = EXPECTED - told
    assert not missing
    assert {code for _, code, _ in told} == {code for _, code, _ in EXPECTED}
    mends = {(f.mend.found, f.mend.instead) for f in found if f.mend}
    assert mends >= {
        ("Viken fylkeskommune", "{{ fylkeskommune.navn }}"),
        ("NAV Vest-Viken", "Nav Vest-Viken"),
        ("kontrakts kommune", "kontraktskommune"),
        ("forvaltningsloven 5 13", "forvaltningsloven § 13"),
        ("lov om Innovasjon Norge 5 27", "lov om Innovasjon Norge § 27"),
    }


# Place, code and level of every class in the draft.
EXPECTED = {
    ("okonomisk-ramme", "leftover_placeholder", "error"),
    ("tjeneste-20", "leftover_placeholder", "error"),
    ("etablerertjenestens-innhold", "drafting_note", "warning"),
    ("tjeneste-18", "drafting_note", "warning"),
    ("rapportering-og-utbetaling", "retired_body", "error"),
    ("nav-vest-viken", "name_not_registered", "warning"),
    ("samarbeid-med-nav-lokalt", "name_not_registered", "warning"),
    ("varighet", "reference_does_not_hold", "warning"),
    ("ringerike-kommunes-ansvar", "reference_does_not_hold", "warning"),
    ("samarbeid-med-nav-lokalt", "typed_point_number", "info"),
    ("taushetsplikt", "law_reference_misspelt", "warning"),
    ("ringerike-kommunes-ansvar", "same_duty_twice", "warning"),
    ("tjeneste-16", "same_duty_twice", "warning"),
    ("tjeneste-17", "same_duty_twice", "warning"),
    ("tjeneste-14", "optional_in_minimum", "warning"),
    ("gjensidig-informasjonsutveksling-og-ansvar", "duty_outside_parties", "warning"),
    ("rettigheter", "data_processing_missing", "warning"),
    ("rapportering-og-utbetaling", "duty_outside_parties", "warning"),
    ("okonomisk-ramme", "population_differs", "error"),
    ("parter", "contributor_not_party", "error"),
    ("parter", "signatory_missing", "warning"),
    ("parter", "mandate_missing", "warning"),
    ("okonomi", "contributor_not_confirmed", "warning"),
    ("okonomi", "budget_reservation_missing", "warning"),
    ("okonomi", "recommended_missing", "info"),
    ("endring-eller-supplering-av-samarbeidsavtalen", "recommended_missing", "info"),
    ("avtale", "recommended_missing", "info"),
    ("tvister", "venue_outside_parties", "info"),
    ("avtale", "title_too_long", "warning"),
}
