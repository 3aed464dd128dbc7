"""How those who sign are reached, and in what order: kept beside the draft, and changed also after freezing.

An address is personal data that the agreement does not print. It is in the parties' rows alone: not in
the Document, not in its hash, and not in the record, which says only whose was changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from agreements.documents.signers import Contact
from agreements.domain.states import CONTACT_STATES
from agreements.models import Agreement, Party
from agreements.record import Actor, record
from municipalities import norwegian, revisions
from municipalities.models import Membership
from municipalities.prepared import Prepared

COLUMNS = ("signatory_email", "signing_order")


class ClosedError(revisions.ConflictError):
    """Everybody has signed, or nobody will: nobody is to be reached any more."""


@dataclass(frozen=True)
class Change:
    """What somebody has typed for one party, seen at a revision of it."""

    party: int  # primary key
    revision: int
    contact: Contact


def columns(contact: Contact) -> dict[str, object]:
    """The columns of a party's row."""
    return {"signatory_email": contact.email, "signing_order": contact.order}


def of(agreement: Agreement) -> dict[str, Contact]:
    """Return the contacts by the parties' keys. One query."""
    return {key: Contact(email, order) for key, email, order in _STORED.all(agreement.pk)}


_STORED = Prepared(
    lambda agreement: Party.objects.filter(agreement=agreement).values_list(
        "organisation__key", *COLUMNS
    )
)


def suggested(parties: Sequence[Party]) -> dict[int, str]:
    """Return, by party, the address of the user who seems to be its signatory. One query.

    That is the one person of that name with a role in the organisation; of two, neither.
    """
    bodies = {party.organisation_id for party in parties if party.signatory_name}
    rows = Membership.objects.filter(organisation__in=bodies, user__is_active=True)
    found: dict[tuple[int, str], set[str]] = {}
    for body, name, email in rows.values_list("organisation", "user__name", "user__email"):
        found.setdefault((body, _folded(name)), set()).add(email)
    offered = {}
    for party in parties:
        known = found.get((party.organisation_id, _folded(party.signatory_name)), set())
        if len(known) == 1:
            (offered[party.pk],) = known
    return offered


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


@transaction.atomic
def save(actor: Actor, agreement: Agreement, changes: Sequence[Change]) -> bool:
    """Store addresses and order, all or none; tell whether anything changed. One event.

    ClosedError where nobody is to sign any more, StaleRevisionError where somebody has changed one of
    the parties meanwhile, ConflictError where one of them is gone.
    """
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    if row.state not in CONTACT_STATES:
        raise ClosedError(row.slug)
    parties = {
        party.pk: party
        for party in row.parties.select_for_update(of=("self",)).select_related("organisation")
    }
    changed: list[tuple[Party, Mapping[str, object]]] = []
    for change in changes:
        party = parties.get(change.party)
        if party is None:
            raise revisions.ConflictError(f"a party of {row.slug} is gone")
        found = revisions.changes(party, columns(change.contact))
        if not found:
            continue
        if party.revision != change.revision:
            raise revisions.StaleRevisionError(Party.objects.get(pk=party.pk))
        party.revision += 1
        party.save(update_fields=[*found, "revision"])
        changed.append((party, found))
    tell(actor, row, changed)
    return bool(changed)


def apart(changed: dict[str, list[object]]) -> dict[str, list[object]]:
    """Take what the record must not have out of a party's changes, and return it."""
    return {name: changed.pop(name) for name in COLUMNS if name in changed}


def tell(
    actor: Actor, agreement: Agreement, changed: Sequence[tuple[Party, Mapping[str, object]]]
) -> None:
    """Record whose address or place was changed, and never to what. Call inside the transaction."""
    told = [(party, found) for party, found in changed if found]
    if not told:
        return
    data: dict[str, object] = {
        "name": norwegian.join([party.organisation.name for party, _ in told])
    }
    for what, column in (("email", "signatory_email"), ("order", "signing_order")):
        data[what] = [party.organisation.key for party, found in told if column in found]
    record(actor, agreement, "signer.edited", data)
