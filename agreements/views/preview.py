"""A clause as a reader will see it while somebody writes, with what the check says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from agreements import access, remembered
from agreements.domain import document as doc
from agreements.domain import resolve
from agreements.forms import ClauseForm
from agreements.models import CLAUSE_TEXT_LIMIT, HEADING_LIMIT, Agreement
from agreements.views.finding_parts import Checked, brief


def _typed(form: ClauseForm, name: str) -> str:
    """A field as it would be stored, also where the form would be refused."""
    raw = str(form[name].value() or "").replace("\x00", "")
    return str(form.fields[name].to_python(raw))


def _with(
    clauses: tuple[doc.Clause, ...], key: str, heading: str, text: str
) -> tuple[doc.Clause, ...]:
    """The tree with other words in one clause."""
    return tuple(
        replace(clause, heading=heading, text=text)
        if clause.key == key
        else replace(clause, children=_with(clause.children, key, heading, text))
        for clause in clauses
    )


def _find(clauses: tuple[resolve.ResolvedClause, ...], key: str) -> resolve.ResolvedClause | None:
    pending = list(clauses)
    while pending:
        clause = pending.pop()
        if clause.key == key:
            return clause
        pending.extend(clause.children)
    return None


def preview(
    agreement: Agreement, draft: remembered.Draft, key: str, form: ClauseForm
) -> dict[str, Any]:
    """What `_preview.html` shows of a clause with the words that stand in the form. Writes nothing.

    Nothing is shown of a text that is longer than what can be stored.
    """
    heading, text = _typed(form, "heading"), _typed(form, "text")
    if len(heading) > HEADING_LIMIT or len(text) > CLAUSE_TEXT_LIMIT:
        return {"too_long": True}
    document = draft.document
    typed = replace(document, clauses=_with(document.clauses, key, heading, text))
    if typed == document:
        resolved, checked = draft.resolved, Checked.stored(agreement, draft)
    else:
        resolved, checked = resolve.resolve(typed), Checked.typed(agreement, typed)
    return {
        "resolved": resolved,
        "notes": resolve.table_notes(typed),
        "shown": _find(resolved.clauses, key),
        "document": typed,
        "findings": brief(checked, checked.of_clause(key)),
    }


@require_POST
def preview_clause(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The clause with what is typed and not saved, for the page it is typed on."""
    agreement, able = access.fetch(request, slug, edit=True)
    draft = remembered.draft(agreement)
    if not any(clause.key == key for clause in doc.walk(draft.document.clauses)):
        raise Http404
    form = ClauseForm(request.POST, keys=set())
    context = preview(agreement, draft, key, form)
    return render(
        request, "agreements/_preview.html", {"agreement": agreement, "able": able, **context}
    )
