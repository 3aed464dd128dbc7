"""The contract municipality itself says no: what going on without it means is told before the step."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from agreements import resolutions, workflow
from agreements.domain.checks import Level
from agreements.domain.document import PartyRole
from agreements.domain.guards import Outcome
from agreements.models import Agreement
from tests import pages, rounds
from tests.rounds import HOLE, MODUM, RINGERIKE

As = Callable[[str], Client]
STEP = "/avtaler/ringeriksregionen-2026/behandling/steg/go-on-without/"
SAID = "Kontraktskommunen er blant dem som sa nei"


@pytest.mark.parametrize(("no", "told"), [(RINGERIKE, True), (HOLE, False)])
def test_the_page_says_beforehand_that_another_must_take_its_place(
    ringerike: Agreement, as_: As, no: str, told: bool
) -> None:
    rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike, **{f"k{no}": Outcome.REJECTED})
    said = pages.text(as_("administrator").get(STEP))
    assert (SAID in said) is told
    assert ("Ringerike kommune er kontraktskommune, og blir stående" in said) is told
    resolutions.go_on_without(
        rounds.administrator(), ringerike, source=ringerike.status, reason="Noen sa nei."
    )
    assert ("parter" in wrong(ringerike)) is told, "the page says what the check then does"


def test_the_draft_can_be_frozen_once_another_has_taken_its_place(ringerike: Agreement) -> None:
    rounds.to_councils(ringerike)
    rounds.all_resolve(ringerike, k3305=Outcome.REJECTED)
    resolutions.go_on_without(
        rounds.administrator(), ringerike, source=ringerike.status, reason="Ringerike sa nei."
    )
    old = ringerike.parties.get(organisation__key=RINGERIKE)
    behalf = [body for body in old.on_behalf_of.all() if body.key != MODUM]
    old.delete()
    new = ringerike.parties.create(
        organisation=rounds.body(MODUM),
        role=PartyRole.CONTRACT_MUNICIPALITY.value,
        signatory_name="Mona Modum",
        mandate="Sak 1/26",
    )
    new.on_behalf_of.set(behalf)
    assert "parter" not in wrong(ringerike)


def wrong(agreement: Agreement) -> set[str]:
    """Where the check of the draft finds what stops freezing."""
    agreement.refresh_from_db()
    found = workflow.read_draft(agreement).findings
    return {finding.anchor for finding in found if finding.level is Level.ERROR}
