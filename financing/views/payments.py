"""When contributions fall due: each year's cell in instalments, and what must be approved first."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from financing import instalments, reader, surroundings
from financing.place import Place
from financing.surrounding_forms import InstalmentEditor
from financing.views.economy import sorted_tables
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision


@require_http_methods(["GET", "POST"])
def payments(request: HttpRequest, place: Place) -> HttpResponse:
    """Show the payment plan of the chosen alternative; those who may edit change its terms."""
    if request.method == "POST":
        place.for_editing()
    stored = reader.instalment_rows(place.plan)
    data = request.POST if request.method == "POST" else None
    editor = InstalmentEditor(place.plan, stored, data) if place.edit else None
    status = 200
    if data is not None and editor is not None:
        status = INVALID
        if editor.is_valid():
            try:
                with transaction.atomic():
                    place.lock()
                    if surroundings.save_instalments(
                        place.actor,
                        place.plan,
                        editor.form.cleaned_data["revision"],
                        editor.rows.values(),
                    ):
                        place.record()
                messages.success(request, "Betalingsplanen er lagret.")
                return redirect(place.url("instalments"))
            except revisions.StaleRevisionError as stale:
                stored = reader.instalment_rows(place.plan)
                editor = InstalmentEditor(place.plan, stored, with_revision(data, stale.current))
                editor.is_valid()
                status = CONFLICT
    facts = reader.load(place.plan)
    tables = sorted_tables(place, facts)
    context = {
        "editor": editor,
        "stored": stored,
        "facts": facts,
        "payments": instalments.plan(tables[0], stored) if tables else None,
        "table": tables[0] if tables else None,
    }
    return place.page(
        request, "financing/payments.html", context, current="instalments", status=status
    )
