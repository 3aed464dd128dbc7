"""When contributions fall due: each year's cell in instalments, and what must be approved first."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from financing import instalments, reader, surroundings
from financing.calculation import Table
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
    table = next(iter(sorted_tables(place, facts)), None)
    context = {
        "editor": editor,
        "stored": instalments.in_order(stored),
        "facts": facts,
        "table": table,
        "years": list(_years(table, instalments.plan(table, stored), place.own)) if table else (),
    }
    return place.page(
        request, "financing/payments.html", context, current="instalments", status=status
    )


def _years(
    table: Table, payments: instalments.PaymentPlan, own: str
) -> Iterator[dict[str, object]]:
    """Turn the plan for reading: a table for each year, beside the yearly amounts it comes from."""
    yearly = {row.key: row.cells for row in table.rows} | {table.total.code: table.total.cells}
    for column, year in enumerate(payments.years):
        yield {
            "year": year,
            "dates": [payment.due for payment in payments.total.years[column]],
            "rows": [
                {
                    "name": row.name,
                    "is_sum": row is payments.total,
                    "is_own": bool(own) and row.key == own,
                    "amounts": [payment.amount for payment in row.years[column]],
                    "year": yearly[row.key][column],
                }
                for row in (*payments.rows, payments.total)
            ],
        }
