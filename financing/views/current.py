"""What the contributors pay today: typed, or filled in by the old model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from financing import current as current_model
from financing import reader, surroundings
from financing.place import Place
from financing.surrounding_forms import CurrentEditor
from municipalities import norwegian, revisions
from municipalities.answers import CONFLICT, INVALID, with_revision


@require_http_methods(["GET", "POST"])
def current(request: HttpRequest, place: Place) -> HttpResponse:
    """Show what is paid today; those who may edit change it."""
    stored = list(place.plan.current_contributions.select_related("organisation"))
    if not place.edit and request.method == "GET":
        context = {"stored": stored, "total": sum(row.amount for row in stored)}
        return place.page(request, "financing/current.html", context, current="current")
    place.for_editing()
    data = request.POST if request.method == "POST" else None
    editor = CurrentEditor(place.plan, stored, data)
    status, conflict, filled = 200, None, False
    if data is not None:
        valid = editor.is_valid()
        if "modell" in data:
            editor, filled = _filled(place, editor, data)
            status = 200 if filled else INVALID
        elif not valid:
            status = INVALID
        else:
            try:
                return _save(request, place, editor)
            except revisions.StaleRevisionError as stale:
                editor = CurrentEditor(place.plan, stored, with_revision(data, stale.current))
                status, conflict = CONFLICT, list(place.plan.current_contributions.all())
    context = {"editor": editor, "stored": conflict, "filled": filled}
    return place.page(request, "financing/current.html", context, current="current", status=status)


def _save(request: HttpRequest, place: Place, editor: CurrentEditor) -> HttpResponse:
    typed = editor.form.cleaned_data
    with transaction.atomic():
        place.lock()
        if surroundings.save_current(
            place.actor, place.plan, typed["revision"], typed["year"], editor.values()
        ):
            place.record()
    messages.success(request, "Dagens bidrag er lagret. Alternativene sammenliknes med dem.")
    return redirect(place.url("economy"))


def _filled(place: Place, editor: CurrentEditor, data: Any) -> tuple[CurrentEditor, bool]:
    """Fill in each municipality's amount by the old model; False where its numbers are missing."""
    typed = editor.form.cleaned_data if editor.form.is_valid() else {}
    base, rate = typed.get("base_amount"), typed.get("rate")
    if base is None and rate is None:
        if "base_amount" not in editor.form.errors and "rate" not in editor.form.errors:
            editor.form.add_error("base_amount", "Fyll inn grunnbeløp eller sats for modellen")
        return editor, False
    facts = reader.load(place.plan)
    populations = {
        c.key: c.population
        for c in facts.contributors
        if c.kind == "municipality" and c.population is not None
    }
    amounts = current_model.old_model(populations, base or Decimal(0), rate or Decimal(0))
    source = current_model.old_model_source(base or Decimal(0), rate or Decimal(0))
    keys = {p.organisation_id: p.organisation.key for p in editor.participants}
    written = data.copy()
    for number, person in enumerate(editor.participants):
        amount = amounts.get(keys[person.organisation_id])
        if amount is not None:
            written[f"rad-{number}-amount"] = norwegian.money(amount)
            written[f"rad-{number}-source"] = source
    made = CurrentEditor(place.plan, place.plan.current_contributions.all(), written)
    made.is_valid()
    return made, True
