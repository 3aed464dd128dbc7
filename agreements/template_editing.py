"""Every change to a county authority's own model agreement. One transaction and one event each.

As in `editing`, functions lock the template first, stop a stale save with StaleRevisionError, and write
nothing when nothing changed. NotADraftError once somebody has published the version.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from agreements.domain import resolve
from agreements.editing import MAX_DEPTH, Actor, unused_key
from agreements.models import AgreementTemplate, TemplateClause, TemplateEvent, TemplateService
from agreements.snapshot import template_document
from municipalities import revisions
from municipalities.models import Organisation

PUBLISHED = AgreementTemplate.Status.PUBLISHED
OWN_SOURCE = "Eget punkt"


class NotADraftError(revisions.ConflictError):
    """The version is published, and never changes."""


class ChangedMeanwhileError(revisions.ConflictError):
    """Somebody has changed the draft since the page was opened."""


class UnfitError(ValueError):
    """The draft has no clauses, or names facts or clauses that do not exist."""


def lock_draft(template: AgreementTemplate) -> AgreementTemplate:
    """Lock the version's row for this transaction; NotADraftError unless it is a draft."""
    row = AgreementTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
    if not row.is_draft:
        raise NotADraftError(str(row))
    return row


def record(actor: Actor, template: AgreementTemplate, action: str, data: dict[str, Any]) -> None:
    """Store the Event. Call inside the transaction of the change."""
    TemplateEvent.objects.create(
        template=template,
        actor=actor.user,
        organisation=actor.organisation,
        action=action,
        data=data,
    )


def last_event(template: AgreementTemplate) -> int:
    """The number of what was last done to the version: what a page shows is as it was then."""
    return template.events.aggregate(last=Max("pk"))["last"] or 0


@transaction.atomic
def copy(
    actor: Actor, source: AgreementTemplate, owner: Organisation, name: str
) -> AgreementTemplate:
    """Make a county authority's own template, as a draft of its first version.

    ValueError for what is not published or an owner that is no county authority.
    """
    if source.is_draft or owner.kind != Organisation.Kind.COUNTY_AUTHORITY:
        raise ValueError("a county authority copies what is published")
    # One at a time for each owner, so that two do not take the same address.
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=owner.pk)
    taken = set(AgreementTemplate.objects.values_list("slug", flat=True))
    template = _draft_of(source, slug=unused_key(taken, f"{owner.short_name} {name}", "mal"))
    template.owner, template.name, template.version = owner, name, 1
    template.save()
    _copy_content(source, template)
    data = {"heading": str(source), "slug": source.slug, "version": source.version, "name": name}
    record(actor, template, "template.copied", data)
    return template


@transaction.atomic
def new_draft(actor: Actor, template: AgreementTemplate) -> AgreementTemplate:
    """Begin the next version from the newest published one; return the draft that is there already."""
    versions = AgreementTemplate.objects.select_for_update(of=("self",)).filter(slug=template.slug)
    rows = list(versions.order_by("-version"))
    if rows[0].is_draft:
        return rows[0]
    newest = rows[0]
    draft = _draft_of(newest, slug=newest.slug)
    draft.owner_id, draft.version = newest.owner_id, newest.version + 1
    draft.save()
    _copy_content(newest, draft)
    record(actor, draft, "template.drafted", {"version": draft.version, "from": newest.version})
    return draft


def _draft_of(source: AgreementTemplate, slug: str) -> AgreementTemplate:
    return AgreementTemplate(
        slug=slug,
        name=source.name,
        language=source.language,
        invoicing=source.invoicing,
        issued=source.issued,  # until it is published
    )


def _copy_content(source: AgreementTemplate, template: AgreementTemplate) -> None:
    for model, rows in (
        (TemplateClause, source.clauses.all()),
        (TemplateService, source.services.all()),
    ):
        copies = list(rows)
        for row in copies:
            row.pk, row.template, row.revision = None, template, 1
        model.objects.bulk_create(copies)


def problems(template: AgreementTemplate) -> list[tuple[str, str, str]]:
    """What must be put right before the draft is published: (clause key, kind, name).

    Facts that have no value are as they should be: an agreement fills them in.
    """
    found = resolve.problems(template_document(template))
    return [problem for problem in found if problem[1] != "empty_fact"]


@transaction.atomic
def publish(
    actor: Actor, template: AgreementTemplate, seen: int, note: str, today: dt.date
) -> AgreementTemplate:
    """Make the draft a version that never changes, and is offered to agreements.

    `seen` is the `last_event` of what the person read: ChangedMeanwhileError where there is a later
    one. UnfitError for what no agreement could be made from.
    """
    row = lock_draft(template)
    if last_event(row) != seen:
        raise ChangedMeanwhileError(str(row))
    if not row.clauses.exists() or problems(row):
        raise UnfitError(str(row))
    row.status, row.issued, row.note = PUBLISHED, today, note
    row.revision += 1
    row.save(update_fields=["status", "issued", "note", "revision"])
    record(actor, row, "template.published", {"version": row.version, "note": note})
    return row


@transaction.atomic
def save_template(
    actor: Actor, template: AgreementTemplate, revision: int, values: dict[str, object]
) -> bool:
    """Save the draft's name, language and invoicing; tell whether anything changed."""
    row = lock_draft(template)
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    changed = revisions.changes(row, values)
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    record(actor, row, "template.edited", changed)
    return True


def _save_child(
    actor: Actor,
    rows: QuerySet[Any],
    pk: int,
    revision: int,
    values: dict[str, object],
    action: str,
) -> bool:
    template = lock_draft(rows.get(pk=pk).template)
    row = rows.select_for_update(of=("self",)).get(pk=pk)
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    changed = revisions.changes(row, values)
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    record(actor, template, action, {"key": row.key, **changed})
    return True


@transaction.atomic
def save_clause(
    actor: Actor, clause: TemplateClause, revision: int, heading: str, text: str, source: str
) -> bool:
    """Save a point's heading, text and source; tell whether anything changed."""
    values: dict[str, object] = {"heading": heading, "text": text, "source": source}
    rows = TemplateClause.objects.all()
    return _save_child(actor, rows, clause.pk, revision, values, "clause.edited")


def _tree(template: AgreementTemplate) -> dict[str, list[TemplateClause]]:
    """The draft's clauses by the key of the one they lie under, in order."""
    children: dict[str, list[TemplateClause]] = defaultdict(list)
    for row in template.clauses.all():
        children[row.parent_key].append(row)
    return children


def _renumber(children: dict[str, list[TemplateClause]]) -> None:
    """Give every clause the position it has in reading order: parents stand before children."""
    ordered: list[TemplateClause] = []

    def visit(parent: str) -> None:
        for row in children.get(parent, []):
            ordered.append(row)
            visit(row.key)

    visit("")
    _store_positions(TemplateClause.objects.all(), ordered)


def _store_positions(rows: QuerySet[Any], ordered: Iterable[Any]) -> None:
    changed = []
    for position, row in enumerate(ordered):
        if row.position != position:
            row.position = position
            changed.append(row)
    rows.bulk_update(changed, ["position"])


def depths(template: AgreementTemplate) -> dict[str, int]:
    """How deep each clause lies: 1 for a main point."""
    found: dict[str, int] = {"": 0}
    for row in template.clauses.all():
        found[row.key] = found[row.parent_key] + 1
    del found[""]
    return found


@transaction.atomic
def add_clause(
    actor: Actor, template: AgreementTemplate, parent: str, heading: str, text: str, source: str
) -> TemplateClause:
    """Add a point at the end of the one with the key `parent`, or of the template where it is empty.

    Its key is one that no version of the template has used, as keys tell versions' points apart.
    ConflictError when it would lie too deep or the parent is gone.
    """
    row = lock_draft(template)
    if parent and depths(row).get(parent, MAX_DEPTH) >= MAX_DEPTH:
        raise revisions.ConflictError("the parent lies too deep, or is gone")
    versions = AgreementTemplate.objects.filter(slug=row.slug)
    taken = set(TemplateClause.objects.filter(template__in=versions).values_list("key", flat=True))
    deletions = TemplateEvent.objects.filter(template__in=versions, action="clause.deleted")
    for data in deletions.values_list("data", flat=True):
        taken |= {entry["key"] for entry in data["clauses"]}
    clause = TemplateClause.objects.create(
        template=row,
        key=unused_key(taken, heading, "punkt"),
        parent_key=parent,
        position=row.clauses.count(),
        heading=heading,
        text=text,
        source=source,
    )
    _renumber(_tree(row))
    data = {"key": clause.key, "parent": parent, "heading": heading, "text": text}
    record(actor, row, "clause.added", data | {"source": source})
    return clause


@transaction.atomic
def delete_clause(actor: Actor, clause: TemplateClause, revision: int) -> None:
    """Delete a point with everything under it. The Event keeps the whole text."""
    row = lock_draft(clause.template)
    revisions.lock(TemplateClause.objects.all(), clause.pk, revision)
    children = _tree(row)
    gone = [clause]
    for one in gone:  # grows as it is read
        gone += children.get(one.key, [])
    entries = [
        {
            "key": one.key,
            "parent": one.parent_key,
            "heading": one.heading,
            "text": one.text,
            "source": one.source,
        }
        for one in gone
    ]
    record(actor, row, "clause.deleted", {"clauses": entries})
    TemplateClause.objects.filter(pk__in=[one.pk for one in gone]).delete()
    _renumber(_tree(row))


@transaction.atomic
def move_clause(actor: Actor, clause: TemplateClause, step: int) -> bool:
    """Move a point one place up (-1) or down (+1) among its siblings; tell whether it moved."""
    row = lock_draft(clause.template)
    children = _tree(row)
    if not _shift(children[clause.parent_key], clause.pk, step):
        return False
    _renumber(children)
    record(actor, row, "clause.moved", {"key": clause.key, "step": step})
    return True


def _shift(siblings: list[Any], pk: int, step: int) -> bool:
    index = next((i for i, row in enumerate(siblings) if row.pk == pk), None)
    if index is None or not 0 <= index + step < len(siblings):
        return False
    siblings.insert(index + step, siblings.pop(index))
    return True


@transaction.atomic
def save_service(actor: Actor, item: TemplateService, revision: int, level: str, text: str) -> bool:
    """Save a line of the checklist; tell whether anything changed."""
    values: dict[str, object] = {"level": level, "text": text}
    rows = TemplateService.objects.all()
    return _save_child(actor, rows, item.pk, revision, values, "service.edited")


@transaction.atomic
def add_service(
    actor: Actor, template: AgreementTemplate, level: str, text: str
) -> TemplateService:
    """Add a line at the end of the checklist."""
    row = lock_draft(template)
    taken = TemplateService.objects.filter(template__slug=row.slug).values_list("key", flat=True)
    item = TemplateService.objects.create(
        template=row,
        key=unused_key(set(taken), text, "tjeneste"),
        level=level,
        position=row.services.aggregate(next=Max("position") + 1)["next"] or 0,
        text=text,
    )
    record(actor, row, "service.added", {"key": item.key, "level": level, "text": text})
    return item


@transaction.atomic
def delete_service(actor: Actor, item: TemplateService, revision: int) -> None:
    """Remove a line of the checklist. The Event keeps its text."""
    row = lock_draft(item.template)
    locked = revisions.lock(TemplateService.objects.all(), item.pk, revision)
    data = {"key": locked.key, "level": locked.level, "text": locked.text}
    record(actor, row, "service.deleted", data)
    locked.delete()


@transaction.atomic
def move_service(actor: Actor, item: TemplateService, step: int) -> bool:
    """Move a line one place up (-1) or down (+1) within its list; tell whether it moved."""
    row = lock_draft(item.template)
    lines = list(row.services.all())
    siblings = [line for line in lines if line.level == item.level]
    if not _shift(siblings, item.pk, step):
        return False
    others = [line for line in lines if line.level != item.level]
    _store_positions(TemplateService.objects.all(), [*others, *siblings])
    record(actor, row, "service.moved", {"key": item.key, "step": step})
    return True
