"""A newer version of the template brought into an agreement: what it means, and carrying it out.

`domain.template_merge` decides; here rows are read for it and written after it. Points and lines of the
checklist that change leave the same events as if somebody had edited them, so that each one's history
tells it, and one event says that the agreement has gone over to the new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from agreements import editing, snapshot
from agreements.domain import document as doc
from agreements.domain import template_merge as merging
from agreements.domain.template_merge import Decisions, Proposal
from agreements.editing import Actor
from agreements.models import Agreement, AgreementTemplate, Clause, ServiceItem
from municipalities import revisions

Tree = tuple[doc.Clause, ...]


class ChangedMeanwhileError(revisions.ConflictError):
    """The agreement, or its template, is no longer as the person saw it."""


@dataclass(frozen=True)
class Sides:
    """Base, new version and agreement, text and checklist, as they were read at one moment."""

    clauses: tuple[Tree, Tree, Tree]
    services: tuple[Tree, Tree, Tree]
    fingerprint: str

    def clause_proposals(self) -> tuple[Proposal, ...]:
        """What there is to choose about the text."""
        return merging.propose(*self.clauses)

    def service_proposals(self) -> tuple[Proposal, ...]:
        """What there is to choose about the checklist."""
        return merging.propose(*self.services)


def sides(agreement: Agreement, new: AgreementTemplate) -> Sides:
    """Read what is to be merged. Six queries. ValueError where the agreement has no template.

    A model's additional services are suggestions: those the agreement has not chosen are left out.
    """
    base = agreement.template
    if base is None:
        raise ValueError("the agreement is not made from a template")
    services = snapshot.services(agreement)
    chosen = {service.key for service in services}
    clauses = (
        snapshot.template_clauses(base),
        snapshot.template_clauses(new),
        snapshot.clause_tree(list(agreement.clauses.all())),
    )
    lists = (
        merging.as_clauses(snapshot.template_services(base, chosen)),
        merging.as_clauses(snapshot.template_services(new, chosen)),
        merging.as_clauses(services),
    )
    return Sides(clauses, lists, merging.fingerprint(base.pk, new.pk, clauses, lists))


@transaction.atomic
def carry_out(
    actor: Actor,
    agreement: Agreement,
    new: AgreementTemplate,
    fingerprint: str,
    about_clauses: Decisions,
    about_services: Decisions,
) -> None:
    """Store what was chosen, and let the agreement point at the new version.

    `fingerprint` is that of the sides the person chose among: ChangedMeanwhileError for any other.
    """
    row = editing.lock_draft(agreement)
    if row.template is None or new.is_draft or new.slug != row.template.slug:
        raise ChangedMeanwhileError(row.slug)
    read = sides(row, new)
    if read.fingerprint != fingerprint:
        raise ChangedMeanwhileError(row.slug)
    origin = {"template": new.version}
    clauses = merging.carry_out(*read.clauses, about_clauses)
    _ClauseWriter(actor, row, origin).write(clauses)
    services = merging.as_services(merging.carry_out(*read.services, about_services))
    _write_services(actor, row, services, origin)
    before = row.template.version
    row.template, row.template_put_off = new, None
    row.save(update_fields=["template", "template_put_off"])
    editing.record(
        actor,
        row,
        "template.merged",
        {
            "template": new.slug,
            "from": before,
            "version": new.version,
            "choices": {
                "clauses": _told(read.clause_proposals(), about_clauses),
                "services": _told(read.service_proposals(), about_services),
            },
        },
    )


def _told(proposals: tuple[Proposal, ...], decisions: Decisions) -> dict[str, str]:
    """What was answered to each proposal."""
    return {
        p.id: (decisions[p.id].choice if p.id in decisions else p.default).value for p in proposals
    }


@transaction.atomic
def put_off(actor: Actor, agreement: Agreement, version: int) -> bool:
    """Leave a new version be for now: it is not mentioned on the desk. Tell whether anything changed."""
    row = editing.lock_draft(agreement)
    if row.template is None or version <= row.template.version or row.template_put_off == version:
        return False
    row.template_put_off = version
    row.save(update_fields=["template_put_off"])
    editing.record(actor, row, "template.postponed", {"version": version})
    return True


class _ClauseWriter:
    """Makes the draft's rows into another tree, one event for each thing that changes."""

    def __init__(self, actor: Actor, agreement: Agreement, origin: dict[str, Any]) -> None:
        self.actor, self.agreement, self.origin = actor, agreement, origin
        self.rows = {row.key: row for row in agreement.clauses.select_for_update(of=("self",))}

    def _record(self, action: str, data: dict[str, Any]) -> None:
        editing.record(self.actor, self.agreement, action, {**data, **self.origin})

    def write(self, clauses: Tree) -> None:
        """Store the tree. What is taken out goes last, when nothing lies under it any more."""
        wanted = {clause.key: clause for clause in doc.walk(clauses)}
        deleted = editing.deleted_keys(self.agreement)
        keys = {row.pk: row.key for row in self.rows.values()}
        parents = {key: keys.get(row.parent_id or 0, "") for key, row in self.rows.items()}
        for key, clause in wanted.items():
            if key in self.rows:
                self._edit(self.rows[key], clause)
            else:
                self._add(clause, restored=key in deleted)
        self._place(clauses)
        gone = [row for key, row in self.rows.items() if key not in wanted]
        # A parent is protected while it has children, and these are all to go.
        Clause.objects.filter(pk__in=[row.pk for row in gone]).update(parent=None)
        for row in gone:
            self._delete(row, parents[row.key])

    def _edit(self, row: Clause, clause: doc.Clause) -> None:
        source = clause.source
        values: dict[str, object] = {"heading": clause.heading, "text": clause.text}
        if all(getattr(row, name) == value for name, value in values.items()):
            if row.source != source:  # the event of the whole merge is enough
                row.source = source
                row.save(update_fields=["source"])
            return
        changed = revisions.changes(row, {**values, "source": source})
        row.revision += 1
        row.save(update_fields=[*changed, "revision"])
        self._record("clause.edited", {"pk": row.pk, "key": row.key, **changed})

    def _add(self, clause: doc.Clause, *, restored: bool) -> None:
        row = Clause.objects.create(
            agreement=self.agreement,
            key=clause.key,
            heading=clause.heading,
            text=clause.text,
            source=clause.source,
        )
        self.rows[clause.key] = row
        entry = {"key": clause.key, "heading": clause.heading}
        if restored:
            self._record("clause.restored", {"clauses": [entry]})
        else:
            self._record("clause.added", {**entry, "text": clause.text})

    def _place(self, clauses: Tree) -> None:
        """Store parents and order. That a point was moved is in the event of the whole merge."""
        changed = []
        pending: list[tuple[Tree, int | None]] = [(clauses, None)]
        for siblings, parent in pending:  # grows as it is read
            for position, clause in enumerate(siblings):
                row = self.rows[clause.key]
                pending.append((clause.children, row.pk))
                if (row.parent_id, row.position) != (parent, position):
                    row.parent_id, row.position = parent, position
                    changed.append(row)
        Clause.objects.bulk_update(changed, ["parent", "position"])

    def _delete(self, row: Clause, parent: str) -> None:
        entry = {name: getattr(row, name) for name in ("key", "heading", "text", "source")}
        entry |= {"parent": parent, "revision": row.revision}
        self._record("clause.deleted", {"clauses": [entry]})
        row.delete()


def _write_services(
    actor: Actor, agreement: Agreement, wanted: tuple[doc.Service, ...], origin: Mapping[str, Any]
) -> None:
    """Make the checklist's rows into these, one event for each line that changes."""
    rows = {row.key: row for row in agreement.services.select_for_update(of=("self",))}

    def record(action: str, data: dict[str, Any]) -> None:
        editing.record(actor, agreement, action, {**data, **origin})

    for position, service in enumerate(wanted):
        row = rows.pop(service.key, None)
        level, text = service.level.value, service.text
        if row is None:
            ServiceItem.objects.create(
                agreement=agreement, key=service.key, level=level, text=text, position=position
            )
            record("service.added", {"key": service.key, "level": level, "text": text})
            continue
        changed = revisions.changes(row, {"level": level, "text": text})
        if changed:
            row.revision += 1
            record("service.edited", {"pk": row.pk, "key": row.key, **changed})
        if changed or row.position != position:
            row.position = position
            row.save(update_fields=[*changed, "revision", "position"])
    for row in rows.values():
        record("service.deleted", {"key": row.key, "level": row.level, "text": row.text})
        row.delete()
