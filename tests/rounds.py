"""A round of answers and decisions on the demonstration: the case of sak 27/25, step by step."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from agreements import acknowledging, deciding, resolutions, workflow
from agreements.domain import canonical
from agreements.domain.checks import Level, Position
from agreements.domain.guards import Outcome
from agreements.domain.states import Action
from agreements.models import Agreement, Decision, ResolutionExtract, Version
from agreements.record import Actor
from municipalities.models import Organisation, User
from tests.conftest import CAST

DIRECTORS = {
    "3305": "direktor@ringerike.example",
    "3310": "direktor@hole.example",
    "3236": "direktor@jevnaker.example",
    "3318": "direktor@krodsherad.example",
    "3316": "direktor@modum.example",
}
HOLE, JEVNAKER, MODUM, RINGERIKE, KRODSHERAD = "3310", "3236", "3316", "3305", "3318"
# Sak 27/25: Hole is against, Modum has conditions, the others recommend it.
ANSWERS = {
    RINGERIKE: (Position.POSITIVE, ""),
    HOLE: (Position.NEGATIVE, "Kommunen har ikke rom for utgiften."),
    JEVNAKER: (Position.POSITIVE, ""),
    KRODSHERAD: (Position.POSITIVE, ""),
    MODUM: (Position.CONDITIONAL, "Kommunestyret skal få en årlig orientering."),
}


def body(key: str) -> Organisation:
    return Organisation.objects.get(key=key)


def administrator() -> Actor:
    return Actor(User.objects.get(email=CAST["administrator"]), body(RINGERIKE))


def director(key: str) -> Actor:
    return Actor(User.objects.get(email=DIRECTORS[key]), body(key))


def ready(agreement: Agreement) -> workflow.Draft:
    """Acknowledge every warning of the draft, so that it can be frozen."""
    editor = Actor(User.objects.get(email=CAST["editor"]), body(RINGERIKE))
    for finding in workflow.read_draft(agreement).waiting:
        assert finding.level is Level.WARNING, finding
        acknowledging.acknowledge(editor, agreement, finding, "Vi har sett på det.")
    return workflow.read_draft(agreement)


def freeze(agreement: Agreement, days: int = 14, base_address: str = "") -> Version:
    """Freeze the draft as the next version, with a deadline so many days from today."""
    ready(agreement)
    return freeze_as_it_is(agreement, days, base_address)


def freeze_as_it_is(agreement: Agreement, days: int = 14, base_address: str = "") -> Version:
    """Freeze the draft without letting any finding stand first."""
    draft = workflow.read_draft(agreement)
    deadline = timezone.localdate() + dt.timedelta(days=days)
    made = workflow.freeze(
        administrator(),
        agreement,
        deadline=deadline,
        seen_sha256=canonical.sha256(draft.document),
        base_address=base_address,
    )
    agreement.refresh_from_db()
    return made


def decision(version: Version, key: str) -> Decision:
    rows = version.decisions.select_related("version__agreement__region", "organisation")
    return rows.get(organisation__key=key)


def answer(
    version: Version, key: str, stance: Position = Position.POSITIVE, comment: str = ""
) -> bool:
    row = decision(version, key)
    return deciding.decide(
        director(key),
        row,
        row.revision,
        stance=stance,
        seen_sha256=version.sha256,
        comment=comment or ("" if stance is Position.POSITIVE else "Derfor."),
    )


def all_answer(version: Version) -> None:
    """Every municipality answers as in sak 27/25."""
    for key, (stance, comment) in ANSWERS.items():
        answer(version, key, stance, comment)


def take(agreement: Agreement, action: Action, reason: str = "") -> None:
    workflow.take(administrator(), agreement, action, source=agreement.status, reason=reason)
    agreement.refresh_from_db()


def to_councils(agreement: Agreement, base_address: str = "") -> Version:
    """Freeze, let all answer, recommend, and send to the councils."""
    version = freeze(agreement, base_address=base_address)
    all_answer(version)
    take(agreement, Action.RECOMMEND)
    take(agreement, Action.SEND_TO_COUNCILS)
    return version


def resolve(
    agreement: Agreement, key: str, outcome: Outcome = Outcome.ADOPTED, conditions: str = ""
) -> Action | None:
    said = resolutions.Said(
        f"{key[-2:]}/25", dt.date(2025, 6, 1), outcome, conditions or _because(outcome)
    )
    action = resolutions.save_resolution(administrator(), agreement, body(key), said)
    agreement.refresh_from_db()
    return action


def _because(outcome: Outcome) -> str:
    return "Årlig orientering." if outcome is Outcome.CONDITIONAL else ""


def all_resolve(agreement: Agreement, **said: Outcome) -> None:
    """Every council decides: yes, unless `said` has another outcome for «k3310» and the like."""
    for key in DIRECTORS:
        resolve(agreement, key, said.get(f"k{key}", Outcome.ADOPTED))


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def an_extract(agreement: Agreement, version: Version) -> ResolutionExtract:
    """The minutes of one council, so that there is a file to open."""
    said = resolutions.Said("45/25", dt.date(2025, 6, 1), Outcome.ADOPTED)
    resolutions.save_resolution(
        administrator(),
        agreement,
        body(MODUM),
        said,
        extract=resolutions.Extract("Særutskrift.pdf", PDF),
    )
    return ResolutionExtract.objects.get(resolution__version=version)
