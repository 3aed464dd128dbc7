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


def find(place: Place, pk: int) -> Alternative:
    """Return one of the plan's alternatives with all that is under it; 404 for any other."""
    rows = place.plan.alternatives.prefetch_related("rules__weights__participant", "index")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    row.plan = place.plan
    return row


@require_http_methods(["GET", "POST"])
def alternative(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """Edit one alternative, with its table beside it."""
    place.for_editing()
    row = find(place, pk)
    facts = reader.load(place.plan)
    posted = request.method == "POST"
    editor = AlternativeEditor(row, facts, request.POST if posted else None)
    status, current, table = 200, None, facts.tables.get(pk)
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
                editor = AlternativeEditor(find(place, pk), facts, data)
                editor.is_valid()
                table, status, current = editor.table(), CONFLICT, stale.current
    context = {
        "editor": editor,
        "alternative": row,
        "table": table,
        "current": current,
        "current_table": facts.tables.get(pk),
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
    facts = reader.load(place.plan)
    editor = AlternativeEditor(find(place, pk), facts, request.POST)
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
    row = find(place, pk)
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
