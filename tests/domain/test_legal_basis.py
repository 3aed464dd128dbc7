"""The provisions that are offered, and for how long."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from agreements.domain import laws, legal_basis
from agreements.domain.document import Language

TODAY = dt.date(2026, 5, 1)


def test_those_of_today_are_offered_with_paragraph_and_number() -> None:
    offered = {basis.key: basis.citation for basis in legal_basis.on(TODAY)}
    assert offered["negotiation"] == "offl. § 23 første ledd"
    assert offered["personal"] == "offl. § 13 første ledd, jf. fvl. § 13 første ledd nr. 1"
    assert {"internal", "tender", "safety", "identity"} <= offered.keys()
    assert len(set(offered.values())) == len(offered)
    for cited in offered.values():
        assert cited.startswith("offl. § ")


def test_one_is_not_offered_before_it_was_there() -> None:
    assert legal_basis.on(dt.date(2008, 12, 31)) == ()
    before = {basis.key for basis in legal_basis.on(dt.date(2011, 12, 31))}
    assert "identity" not in before
    assert "identity" in {basis.key for basis in legal_basis.on(dt.date(2012, 1, 1))}


def test_it_ends_with_the_law_that_it_rests_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """When forvaltningsloven of 1967 gets its last day, what cites it is no longer offered."""
    assert legal_basis.still_valid("business", TODAY)
    known = {law.number: law for law in laws.LAWS}
    ended = replace(known["LOV-1967-02-10"], valid_to=dt.date(2026, 4, 30))
    monkeypatch.setattr(legal_basis, "_LAWS", known | {ended.number: ended})
    assert not legal_basis.still_valid("business", TODAY)
    assert legal_basis.still_valid("business", dt.date(2026, 4, 30))
    assert legal_basis.still_valid("negotiation", TODAY)


def test_every_law_is_in_the_list_of_laws() -> None:
    known = {law.number for law in laws.LAWS}
    for basis in legal_basis.BASES:
        assert set(basis.laws) <= known


def test_what_is_printed_follows_the_language_and_the_person() -> None:
    printed = legal_basis.citation("innovation", "", Language.NYNORSK)
    assert printed.endswith("innovasjonsnorgelova § 27")
    assert legal_basis.citation("other", "sikkerhetsloven § 5-3", Language.BOKMAL) == (
        "sikkerhetsloven § 5-3"
    )
    assert legal_basis.still_valid("other", dt.date(1900, 1, 1))
    with pytest.raises(KeyError):
        legal_basis.citation("finnes-ikke", "", Language.BOKMAL)
