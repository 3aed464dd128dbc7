"""One alternative: edited with its table beside it, recalculated while typing, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from financing import alternatives, reader
from financing.alternative_forms import AlternativeEditor
from financing.models import Alternative
from financing.place import Place
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.forms import DeleteForm
from municipalities.templatetags.designsystemet import summary_lines


def opened(place: Place, pk: int) -> tuple[reader.PlanFacts, Alternative]:
    """Return the plan's facts and one of its alternatives; 404 for any other."""
    facts = reader.load(place.plan)
    row = next((row for row in facts.rows if row.pk == pk), None)
    if row is None:
        raise Http404
    return facts, row


@require_http_methods(["GET", "POST"])
def alternative(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """Edit one alternative, with its table beside it."""
    place.for_editing()
    facts, row = opened(place, pk)
    posted = request.method == "POST"
    editor = AlternativeEditor(row, facts, request.POST if posted else None)
    status, current, table = 200, None, facts.table(pk)
    if posted:
        status = INVALID
        if editor.is_valid():
            try:
                with transaction.atomic():
                    place.lock()
                    if editor.save(place.actor):
                        place.record()
                messages.success(request, f"{editor.form.cleaned_data['name']} er lagret.")
                return redirect(place.url("economy"))
            except revisions.StaleRevisionError as stale:
                data = with_revision(request.POST, stale.current)
                facts, row = opened(place, pk)
                editor = AlternativeEditor(row, facts, data)
                editor.is_valid()
                table, status, current = editor.table(), CONFLICT, stale.current
    context = {
        "editor": editor,
        "alternative": row,
        "table": table,
        "current": current,
        "current_table": facts.table(pk),
        "missing_population": facts.missing_population,
        "delete_form": DeleteForm(initial={"revision": row.revision}),
    }
    return place.page(
        request, "financing/alternative.html", context, current="economy", status=status
    )


@require_POST
def preview(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """Calculate what is typed, without saving: the table while typing, or what is wrong."""
    place.for_editing()
    facts, row = opened(place, pk)
    editor = AlternativeEditor(row, facts, request.POST)
    valid = editor.is_valid()
    context = {
        "table": editor.table() if valid else None,
        "editor": editor,
        "valid": valid,
        "lines": summary_lines(editor.form, editor.rules, editor.index),
        "missing_population": facts.missing_population,
    }
    return render(request, "financing/_preview.html", context, status=200 if valid else INVALID)


@require_POST
def delete_alternative(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """Delete an alternative that no agreement follows."""
    place.for_editing()
    _, row = opened(place, pk)
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return redirect(place.url("alternative", pk))
    try:
        with transaction.atomic():
            place.lock()
            alternatives.delete_alternative(place.actor, row, form.cleaned_data["revision"])
            place.record()
    except ProtectedError:
        messages.error(
            request, f"Avtalen følger {row.name}. Velg et annet alternativ før du sletter."
        )
        return redirect(place.url("economy"))
    except revisions.StaleRevisionError:
        messages.error(request, f"{row.name} ble endret av noen andre. Se over før du sletter.")
        return redirect(place.url("alternative", pk))
    messages.success(request, f"{row.name} er slettet.")
    return redirect(place.url("economy"))
