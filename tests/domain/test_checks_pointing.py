"""References for a matter: to a point that deals with it, or to one that never mentions it."""

import pytest

from agreements.domain.document import Clause
from tests.builders import a_document, clauses
from tests.domain.checking import codes, document_codes, findings

OFF = "reference_does_not_hold"


@pytest.mark.parametrize(
    "text",
    [
        "Avtalen varer i tre år, med mulighet for forlengelse. Jfr. avtalens pkt 7.",
        "Partene kan forlenge avtalen etter punkt 8.",
        "Avtalen kan sies opp, se punkt 6.",
        "Ved oppsigelse (jf. [[punkt:okonomi]]) varsles alle.",
        "De ansatte har taushetsplikt etter punkt 2.",
        "Verneting, se punkt 5.",
        "Kontraktskommunen rapporterer til partene etter punkt 3.",
        "Utbetaling skjer i samsvar med punkt 4.1.",
        "Personopplysninger behandles etter punkt 5.",
        "Tjenesten drives i regionen nevnt under punkt 3.",
        "- oppsigelse, jf. punkt 5\n- annet",
    ],
)
def test_a_point_that_never_mentions_the_matter_is_a_warning(text: str) -> None:
    found = [finding for finding in findings(text) if finding.code == OFF]
    assert [finding.level for finding in found] == ["warning"]


@pytest.mark.parametrize(
    "text",
    [
        "Avtalen kan sies opp, se punkt 7.",
        "Partene sier opp etter [[punkt:oppsigelse]].",
        "Verneting, se punkt 8.",
        "Kontraktskommunen rapporterer til partene etter punkt 6.",
        "Utbetaling skjer i samsvar med punkt 6.",
        "Tjenesten drives i regionen nevnt under punkt 2.",
        # Referred to for something else.
        "Ved oppsigelse skal regnskapet for tjenesten avsluttes etter punkt 6.",
        "Ved oppsigelse, se punkt 6 om oppgjøret.",
        "Ved oppsigelse deles det som er igjen, jf. punkt 5.",
        "Oppsigelse etter punkt 99.",  # that there is no such point is another finding
        # In another document.
        "De ansatte har taushetsplikt etter punkt 2 i operatøravtalen.",
        "Forlengelse etter vedtakets punkt 3.",
    ],
)
def test_other_references_are_left_alone(text: str) -> None:
    assert OFF not in codes(text)


def test_points_below_and_headings_above_count() -> None:
    """A reader who goes to the point reads on, and has read the heading over it."""
    below = Clause("endring", "Endring", "", children=(Clause("b", "Annet", "Den kan forlenges."),))
    above = Clause("lengre", "Forlengelse", "", children=(Clause("c", "Frist", "Tolv måneder."),))
    for more in (below, above):
        for number in ("9", "9.1"):
            proven = Clause("proven", "Avtalt", f"Forlengelse etter punkt {number}.")
            assert document_codes(clauses=(*clauses(), more, proven)) == []
    swapped = Clause("proven", "Avtalt", "Forlengelse etter punkt 8.")
    assert document_codes(clauses=(*clauses(), above, swapped)) == [OFF]


def test_the_message_quotes_the_reference_and_names_the_matter() -> None:
    (found,) = findings("Avtalen kan ha forlengelse, jf. punkt 8.")
    assert "forlengelse, jf. punkt 8" in found.message
    assert "viser til punkt 8, men det punktet nevner ikke forlengelse" in found.message
    assert a_document().clauses[7].key == "tvister"
