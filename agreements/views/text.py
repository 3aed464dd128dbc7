"""The text: read as it will be printed, edited point by point."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, drafts, editing, history, remembered
from agreements.access import Abilities
from agreements.domain import editor_document, numbering, structure
from agreements.domain import facts as document_facts
from agreements.draft_forms import MarkForm
from agreements.forms import ClauseForm, NewClauseForm
from agreements.models import Agreement, Clause
from agreements.views import saving
from agreements.views.common import actor, open_by_place, page
from agreements.views.finding_parts import Checked
from agreements.views.preview import preview
from agreements.views.text_parts import Doing, Text
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.forms import DeleteForm
from municipalities.once import part
from municipalities.prepared import Prepared


def find(agreement: Agreement, key: str) -> Clause:
    """Return the agreement's clause with this key; 404 otherwise."""
    row = agreement.clauses.select_related("parent", "agreement").filter(key=key).first()
    if row is None:
        raise Http404
    return row


@require_GET
def text(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole agreement as a reader sees it, with a way into each point."""
    agreement, able = access.fetch(request, slug)
    return show(request, agreement, able)


def show(
    request: HttpRequest,
    agreement: Agreement,
    able: Abilities,
    *,
    said: str = "",
    moved: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the text with its contents: the page, or for htmx what a move has changed.

    `said` tells what was done, or why not, with the point `moved`.
    """
    draft = remembered.draft(agreement)
    document = draft.document
    present = numbering.numbers(document.clauses)
    open_inputs = open_by_place(agreement, able, "clause_key")
    marks = Checked.stored(agreement, draft).marks(open_inputs)
    own, writers = drafts.begun(agreement, request.user) if able.edit else ([], {})
    failed = status != 200
    shown = Text(
        slug=agreement.slug,
        draft=draft,
        able=Doing(able.edit, able.comment, able.suggest),
        marks=tuple(sorted(marks.items())),
        open_inputs=tuple(sorted(open_inputs.items())),
        begun=tuple((row.clause_key, row.saved_at) for row in own),
        at_work=tuple((key, tuple(found)) for key, found in writers.items()),
        moved="" if failed else moved,
        swapped=bool(request.htmx),
    )
    context = {
        "contents": part("agreements/_contents_list.html", shown),
        "text": part("agreements/_whole_text.html", shown),
        "waits": bool(marks),
        "said": said,
        "failed": failed,
    }
    if request.htmx:
        return render(request, "agreements/_moved.html", context, status=status)
    context |= {
        "empty": not document.clauses,
        "drafts_of_deleted": [row for row in own if row.clause_key not in present],
    }
    if able.edit:
        context["deleted"] = history.deleted(agreement, present)
    return page(
        request, "agreements/text.html", agreement, able, context, tab="text", status=status
    )


def _heading(agreement: Agreement, key: str) -> str:
    """The point's heading as it is printed."""
    return remembered.draft(agreement).headings[key]


def helpers(
    agreement: Agreement, key: str = "", draft: remembered.Draft | None = None
) -> dict[str, Any]:
    """What can be put into a text: the facts with the values they have now, and the points.

    `draft` is the agreement's where the caller has read it already.
    """
    draft = draft or remembered.draft(agreement)
    headings = draft.headings
    values, numbers = draft.values, draft.numbers
    return {
        "number": numbers.get(key, ""),
        "heading": headings.get(key, ""),
        "facts": [
            {
                "name": info.name,
                "label": info.label_nb,
                "value": values.get(info.name),
                "isBlock": info.is_block,
            }
            for info in document_facts.names()
        ],
        "points": [
            {"key": point, "number": numbers[point], "heading": heading}
            for point, heading in headings.items()
        ],
    }


def _editor(form: ClauseForm, insertable: dict[str, Any]) -> dict[str, Any]:
    """What the editor in the browser starts from: the text as it stands in the form, and the lists."""
    return {
        "document": editor_document.from_text(form["text"].value() or ""),
        "facts": insertable["facts"],
        "points": insertable["points"],
    }


@require_http_methods(["GET", "POST"])
def clause(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Edit one point. A point somebody has deleted shows what was written in it."""
    agreement, able = access.fetch(request, slug, edit=True)
    rows = {row.key: row for row in _CLAUSES.all(agreement.pk)}
    if key not in rows:
        return _deleted(request, agreement, able, key)
    row, keys = rows[key], set(rows)
    row.agreement = agreement
    own, writers = drafts.around(agreement, request.user, key)
    status = 200
    kept = saving.opened(row, own) if request.method == "GET" else saving.chosen(request, row)
    if kept is not None:
        form = ClauseForm(initial=kept.initial(row), keys=keys)
    else:
        form, status = ClauseForm(request.POST, keys=keys), INVALID
        if form.is_valid() and "bruk" not in request.POST:
            try:
                _save(request, able, row, form.cleaned_data)
                messages.success(request, f"«{_heading(agreement, key)}» er lagret.")
                return redirect(f"{reverse('text', args=[slug])}#{key}")
            except revisions.StaleRevisionError as stale:
                form = ClauseForm(with_revision(request.POST, stale.current), keys=keys)
                row, status = stale.current, CONFLICT
            except Clause.DoesNotExist:
                if not history.was_deleted(agreement, key):
                    raise
                return _deleted(request, agreement, able, key, CONFLICT)
        kept = saving.refused(request, row, stale=status == CONFLICT)
    draft = remembered.draft(agreement)
    insertable = helpers(agreement, key, draft)
    return page(
        request,
        "agreements/clause.html",
        agreement,
        able,
        {
            "form": form,
            "clause": row,
            "editor": _editor(form, insertable),
            **kept.context(request, writers),
            **insertable,
            **preview(agreement, draft, key, form),
        },
        tab="text",
        status=status,
    )


_CLAUSES = Prepared(lambda agreement: Clause.objects.filter(agreement=agreement))


def _save(request: HttpRequest, able: access.Abilities, row: Clause, data: dict[str, Any]) -> None:
    mark = MarkForm(request.POST).mark
    drafts.save_clause(
        actor(request, able), row, data["revision"], data["heading"], data["text"], mark
    )


def _deleted(
    request: HttpRequest, agreement: Agreement, able: access.Abilities, key: str, status: int = 404
) -> HttpResponse:
    """What somebody wrote in a point that is gone, as the beginning of a new one."""
    begun = saving.begun_in_deleted(request, agreement, key)
    if begun is None:
        raise Http404
    form = _new_clause_form(agreement, initial=begun)
    return _new_clause_page(
        request,
        agreement,
        able,
        form,
        status if request.method == "POST" else 200,
        {"gone": key, "mark_form": MarkForm(initial={"draft": begun["mark"]})},
    )


def _new_clause_form(agreement: Agreement, *args: Any, **options: Any) -> NewClauseForm:
    rows = list(agreement.clauses.select_related("parent__parent__parent"))
    shallow = [row.pk for row in rows if editing.depth(row) < structure.MAX_DEPTH]
    parents = agreement.clauses.filter(pk__in=shallow)
    return NewClauseForm(*args, keys={row.key for row in rows}, parents=parents, **options)


def _new_clause_page(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    form: NewClauseForm,
    status: int,
    extra: dict[str, Any],
) -> HttpResponse:
    insertable = helpers(agreement)
    form.name_parents(insertable["points"])
    return page(
        request,
        "agreements/new_clause.html",
        agreement,
        able,
        {"form": form, "editor": _editor(form, insertable), **insertable, **extra},
        tab="text",
        status=status,
    )


@require_http_methods(["GET", "POST"])
def new_clause(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a point. `gone` names a deleted point whose begun text it is made from."""
    agreement, able = access.fetch(request, slug, edit=True)
    form = _new_clause_form(agreement, request.POST or None)
    status, gone, mark_form = 200, request.POST.get("gone", ""), MarkForm(request.POST or None)
    if request.method == "POST":
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        status = INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                made = editing.add_clause(
                    actor(request, able), agreement, data["parent"], data["heading"], data["text"]
                )
                if mark_form.mark:
                    drafts.discard(request.user, agreement, gone, mark_form.mark)
                messages.success(request, f"«{_heading(agreement, made.key)}» er lagt til.")
                return f"{reverse('text', args=[slug])}#{made.key}"

            return redirect(revisions.once(data["token"], request.user, make))
    extra = {"gone": gone, "mark_form": mark_form} if mark_form.mark else {}
    return _new_clause_page(request, agreement, able, form, status, extra)


@require_http_methods(["GET", "POST"])
def delete_clause(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Ask once more, then delete a point with everything under it."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = find(agreement, key)
    status, current, heading = 200, None, _heading(agreement, key)
    form = DeleteForm(request.POST or None, initial={"revision": row.revision})
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                editing.delete_clause(actor(request, able), row, form.cleaned_data["revision"])
                messages.success(request, f"«{heading}» er slettet.")
                return redirect("text", slug)
            except revisions.StaleRevisionError as stale:
                form = DeleteForm(with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    return page(
        request,
        "agreements/delete_clause.html",
        agreement,
        able,
        {"form": form, "clause": row, "heading": heading, "current": current},
        tab="text",
        status=status,
    )
