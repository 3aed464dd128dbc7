"""Swapping the model's words in a draft for those of its edition in the draft's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from agreements import remembered
from agreements.domain import wording
from agreements.domain.document import Document, Language, walk
from agreements.domain.editions import Decision, Kind, Piece, begins, decide, edition, sibling
from agreements.editing import Actor, lock_draft, record
from agreements.models import Agreement, AgreementTemplate
from financing import editing as plan_editing
from municipalities import revisions


@dataclass(frozen=True, slots=True)
class Pair:
    """The edition in the agreement's own language, and the one in the other."""

    right: AgreementTemplate
    other: AgreementTemplate


@dataclass(frozen=True, slots=True)
class State:
    """What does not follow a draft's language by itself. `pair` is None without both editions.

    `document` is the draft as it was compared: without its table, which has no words of its own.
    """

    decision: Decision
    pair: Pair | None
    document: Document


def pair(agreement: Agreement) -> Pair | None:
    """Return both editions of the version the draft is made from; None where one is not there.

    Three queries, for the editions with their points and checklists.
    """
    template = agreement.template
    if template is None:
        return None
    slugs = {language: sibling(template.slug, language) for language in Language}
    rows = AgreementTemplate.objects.filter(
        slug__in=[slug for slug in slugs.values() if slug], version=template.version
    ).prefetch_related("clauses", "services")
    found = {
        Language(row.language): row for row in rows if slugs[Language(row.language)] == row.slug
    }
    if len(found) < len(slugs):
        return None
    right = found.pop(Language(agreement.language))
    [other] = found.values()
    return Pair(right, other)


def state(agreement: Agreement) -> State:
    """Compare a draft with the edition in its own language, and with the other: seven queries at most."""
    plan = agreement.plan
    document = remembered.draft(agreement).document
    both = pair(agreement)
    draft = _draft(document, plan.invoicing)
    if both is None:
        # Without a model nobody can tell which language the words are in.
        return State(decide(draft, {}, {}), None, document)
    right, other = (edition(_edition(one, document, both)) for one in (both.right, both.other))
    return State(decide(draft, right, other), both, document)


def _draft(document: Document, invoicing: str) -> list[Piece]:
    return [
        Piece(Kind.TITLE, "", "", document.title),
        *(Piece(Kind.CLAUSE, c.key, c.heading, c.text) for c in walk(document.clauses)),
        *(Piece(Kind.SERVICE, s.key, "", s.text) for s in document.services),
        *(
            Piece(Kind.SIGNATORY, p.body.key, p.signatory_title, p.mandate)
            for p in document.parties
        ),
        Piece(Kind.INVOICING, "", "", invoicing),
    ]


def _edition(template: AgreementTemplate, document: Document, both: Pair) -> list[Piece]:
    """What the draft would say if everything came from this edition."""
    names = (both.right.name, both.other.name)
    titles = (begins(document.title, name, template.name) for name in names)
    title = next((title for title in titles if title is not None), None)
    language = Language(template.language)
    return [
        *([] if title is None else [Piece(Kind.TITLE, "", "", title)]),
        *(Piece(Kind.CLAUSE, c.key, c.heading, c.text, c.source) for c in template.clauses.all()),
        *(Piece(Kind.SERVICE, s.key, "", s.text) for s in template.services.all()),
        *(
            Piece(Kind.SIGNATORY, p.body.key, *wording.signatory(p.role, language))
            for p in document.parties
        ),
        Piece(Kind.INVOICING, "", "", template.invoicing),
    ]


@transaction.atomic
def swap(actor: Actor, agreement: Agreement, revision: int) -> int:
    """Write the words of the edition in the draft's language wherever the other's stand unchanged.

    Return how many pieces were swapped; 0 writes nothing. What is swapped is decided again under the
    lock, so that nobody's words are lost. StaleRevisionError where title, language or term have been
    changed since the page was opened. One AgreementEvent holds what was before and after; the plan's
    sentence on invoices has a PlanEvent of its own.
    """
    row = lock_draft(agreement)
    if row.revision != revision:
        raise revisions.StaleRevisionError(row)
    found = state(row)
    swaps = found.decision.swaps
    if found.pair is None or not swaps:
        return 0
    data: dict[str, Any] = {
        "language": row.language,
        "count": len(swaps),
        "clauses": _clauses(row, found.decision),
        "services": _services(row, found.decision),
        "parties": _parties(row, found.decision),
    }
    values: dict[str, object] = {"template": found.pair.right}
    for one in found.decision.swaps_of(Kind.TITLE):
        values["title"] = one.after.text
    changed = revisions.changes(row, values)
    row.revision += 1
    row.save(update_fields=[*changed, "revision"])
    record(actor, row, "language.swapped", {**data, **changed})
    _invoicing(actor, row, found.decision)
    return len(swaps)


def _clauses(agreement: Agreement, decision: Decision) -> list[dict[str, Any]]:
    rows = {row.key: row for row in agreement.clauses.select_for_update(of=("self",))}
    entries = []
    for one in decision.swaps_of(Kind.CLAUSE):
        row, after = rows[one.before.key], one.after
        values: dict[str, object] = {"heading": after.heading, "text": after.text}
        changed = revisions.changes(row, values)
        row.source, row.revision = after.source, row.revision + 1
        row.save(update_fields=["heading", "text", "source", "revision"])
        entries.append({"key": row.key, **changed})
    return entries


def _services(agreement: Agreement, decision: Decision) -> list[dict[str, Any]]:
    rows = {row.key: row for row in agreement.services.select_for_update(of=("self",))}
    entries = []
    for one in decision.swaps_of(Kind.SERVICE):
        row = rows[one.before.key]
        changed = revisions.changes(row, {"text": one.after.text})
        row.revision += 1
        row.save(update_fields=["text", "revision"])
        entries.append({"key": row.key, **changed})
    return entries


def _parties(agreement: Agreement, decision: Decision) -> list[dict[str, Any]]:
    rows = {
        row.organisation.key: row
        for row in agreement.parties.select_for_update(of=("self",)).select_related("organisation")
    }
    entries = []
    for one in decision.swaps_of(Kind.SIGNATORY):
        row = rows[one.before.key]
        values: dict[str, object] = {
            "signatory_title": one.after.heading,
            "mandate": one.after.text,
        }
        changed = revisions.changes(row, values)
        row.revision += 1
        row.save(update_fields=["signatory_title", "mandate", "revision"])
        entries.append({"key": one.before.key, **changed})
    return entries


def _invoicing(actor: Actor, agreement: Agreement, decision: Decision) -> None:
    plan = agreement.plan
    for one in decision.swaps_of(Kind.INVOICING):
        plan_actor = plan_editing.Actor(actor.user, actor.organisation)
        values: dict[str, object] = {"invoicing": one.after.text}
        plan_editing.save_plan(plan_actor, plan, plan.revision, values, [])
