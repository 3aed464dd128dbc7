"""The economy: alternatives side by side, the plan's frame, and one alternative edited and recalculated."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import access, editing
from agreements.forms import ChooseAlternativeForm, DeleteForm
from agreements.models import Agreement
from agreements.views.common import CONFLICT, INVALID, actor, page, with_revision
from financing import alternatives, comparison, reader
from financing import editing as plan_editing
from financing.alternative_forms import AlternativeEditor
from financing.forms import NewAlternativeForm, PlanEditor
from financing.models import Alternative
from municipalities import revisions
from municipalities.templatetags.designsystemet import summary_lines


def _plan_actor(request: HttpRequest, able: access.Abilities) -> plan_editing.Actor:
    return plan_editing.Actor(request.user, able.organisation)  # type: ignore[arg-type]


def _find(agreement: Agreement, pk: int) -> Alternative:
    row = (
        agreement.plan.alternatives.prefetch_related("rules__weights", "index")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404
    row.plan = agreement.plan
    return row


def _context(
    agreement: Agreement, able: access.Abilities, facts: reader.PlanFacts
) -> dict[str, object]:
    own = able.organisation.key if able.organisation else ""
    return {
        "facts": facts,
        "tables": facts.tables,
        "comparison": comparison.compare(
            tuple(table for _, table in sorted_tables(agreement, facts)), own
        ),
    }


def sorted_tables(agreement: Agreement, facts: reader.PlanFacts) -> list[tuple[int, object]]:
    """Return (primary key, table) with the chosen alternative first, the others as they stand."""
    chosen = agreement.chosen_alternative_id
    return sorted(facts.tables.items(), key=lambda item: item[0] != chosen)


@require_GET
def economy(request: HttpRequest, slug: str) -> HttpResponse:
    """All alternatives side by side, and the choice between them."""
    agreement, able = access.fetch(request, slug)
    facts = reader.load(agreement.plan)
    return page(
        request,
        "agreements/economy.html",
        agreement,
        able,
        {
            **_context(agreement, able, facts),
            "choose_form": _choose_form(agreement),
            "alternatives": [(pk, facts.tables.get(pk), alt) for pk, alt in facts.alternatives],
            "new_form": NewAlternativeForm(plan=agreement.plan),
        },
        tab="economy",
    )


def _choose_form(agreement: Agreement) -> ChooseAlternativeForm:
    return ChooseAlternativeForm(
        plan=agreement.plan,
        initial={"alternative": agreement.chosen_alternative, "revision": agreement.revision},
    )


@require_POST
def choose(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose the alternative that text and table follow."""
    agreement, able = access.fetch(request, slug, edit=True)
    form = ChooseAlternativeForm(request.POST, plan=agreement.plan)
    status = INVALID
    if form.is_valid():
        values = {"chosen_alternative": form.cleaned_data["alternative"]}
        try:
            editing.save_agreement(
                actor(request, able), agreement, form.cleaned_data["revision"], values
            )
            messages.success(request, "Valget er lagret. Tekst og tabell følger det fra nå.")
            return redirect("economy", slug)
        except revisions.StaleRevisionError as stale:
            form = ChooseAlternativeForm(
                with_revision(request.POST, stale.current), plan=agreement.plan
            )
            status = CONFLICT
    facts = reader.load(agreement.plan)
    return page(
        request,
        "agreements/economy.html",
        agreement,
        able,
        {
            **_context(agreement, able, facts),
            "choose_form": form,
            "conflict": status == CONFLICT,
            "alternatives": [(pk, facts.tables.get(pk), alt) for pk, alt in facts.alternatives],
            "new_form": NewAlternativeForm(plan=agreement.plan),
        },
        tab="economy",
        status=status,
    )


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit the frame: years, population date, contributors and whether they are confirmed."""
    agreement, able = access.fetch(request, slug, edit=True)
    editor = PlanEditor(agreement.plan, request.POST if request.method == "POST" else None)
    status, current = 200, None
    if request.method == "POST":
        status = INVALID
        if editor.is_valid():
            try:
                with transaction.atomic():
                    editing.lock_draft(agreement)
                    if plan_editing.save_plan(
                        _plan_actor(request, able),
                        agreement.plan,
                        editor.form.cleaned_data["revision"],
                        editor.plan_values(),
                        editor.values,
                    ):
                        editing.record(actor(request, able), agreement, "plan.edited", {})
                messages.success(request, "Planen er lagret, og tabellene er regnet på nytt.")
                return redirect("economy", slug)
            except revisions.StaleRevisionError as stale:
                editor = PlanEditor(agreement.plan, with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    return page(
        request,
        "agreements/plan.html",
        agreement,
        able,
        {"editor": editor, "current": current, "stored_rows": editor.participants},
        tab="economy",
        status=status,
    )


@require_http_methods(["GET", "POST"])
def alternative(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit one alternative, with its table beside it."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = _find(agreement, pk)
    facts = reader.load(agreement.plan)
    posted = request.method == "POST"
    editor = AlternativeEditor(row, facts, request.POST if posted else None)
    status, current, table = 200, None, facts.tables.get(pk)
    if posted:
        status = INVALID
        if editor.is_valid():
            try:
                with transaction.atomic():
                    editing.lock_draft(agreement)
                    if alternatives.save_alternative(
                        _plan_actor(request, able),
                        row,
                        editor.form.cleaned_data["revision"],
                        editor.values(),
                        editor.rule_rows(),
                        editor.index_rows(),
                    ):
                        editing.record(actor(request, able), agreement, "plan.edited", {})
                messages.success(request, f"{editor.form.cleaned_data['name']} er lagret.")
                return redirect("economy", slug)
            except revisions.StaleRevisionError as stale:
                data = with_revision(request.POST, stale.current)
                editor = AlternativeEditor(_find(agreement, pk), facts, data)
                editor.is_valid()
                table, status, current = editor.table(), CONFLICT, stale.current
    return page(
        request,
        "agreements/alternative.html",
        agreement,
        able,
        {
            "editor": editor,
            "alternative": row,
            "table": table,
            "current": current,
            "current_table": facts.tables.get(pk),
            "missing_population": facts.missing_population,
            "delete_form": DeleteForm(initial={"revision": row.revision}),
        },
        tab="economy",
        status=status,
    )


@require_POST
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Calculate what is typed, without saving: the table while typing, or what is wrong."""
    agreement, _able = access.fetch(request, slug, edit=True)
    facts = reader.load(agreement.plan)
    editor = AlternativeEditor(_find(agreement, pk), facts, request.POST)
    valid = editor.is_valid()
    return render(
        request,
        "agreements/_preview.html",
        {
            "table": editor.table() if valid else None,
            "editor": editor,
            "valid": valid,
            "lines": summary_lines(editor.form, editor.rules, editor.index),
            "missing_population": facts.missing_population,
        },
        status=200 if valid else INVALID,
    )


@require_POST
def new_alternative(request: HttpRequest, slug: str) -> HttpResponse:
    """Copy an alternative under a new name, and open it."""
    agreement, able = access.fetch(request, slug, edit=True)
    if target := revisions.earlier(request.POST.get("token"), request.user):  # type: ignore[arg-type]
        return redirect(target)
    form = NewAlternativeForm(request.POST, plan=agreement.plan)
    if form.is_valid():
        data = form.cleaned_data

        def make() -> str:
            editing.lock_draft(agreement)
            made = alternatives.copy_alternative(
                _plan_actor(request, able), data["copy_of"], data["name"]
            )
            editing.record(actor(request, able), agreement, "plan.edited", {})
            messages.success(request, f"{made.name} er laget som kopi av {data['copy_of'].name}.")
            return reverse("alternative", args=[slug, made.pk])

        return redirect(revisions.once(data["token"], request.user, make))  # type: ignore[arg-type]
    facts = reader.load(agreement.plan)
    return page(
        request,
        "agreements/economy.html",
        agreement,
        able,
        {
            **_context(agreement, able, facts),
            "choose_form": _choose_form(agreement),
            "alternatives": [(pk, facts.tables.get(pk), alt) for pk, alt in facts.alternatives],
            "new_form": form,
        },
        tab="economy",
        status=INVALID,
    )


@require_POST
def delete_alternative(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Delete an alternative that the agreement does not follow."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = _find(agreement, pk)
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return redirect("alternative", slug, pk)
    try:
        with transaction.atomic():
            editing.lock_draft(agreement)
            alternatives.delete_alternative(
                _plan_actor(request, able), row, form.cleaned_data["revision"]
            )
            editing.record(actor(request, able), agreement, "plan.edited", {})
    except ProtectedError:
        messages.error(
            request, f"Avtalen følger {row.name}. Velg et annet alternativ før du sletter."
        )
        return redirect("economy", slug)
    except revisions.StaleRevisionError:
        messages.error(request, f"{row.name} ble endret av noen andre. Se over før du sletter.")
        return redirect("alternative", slug, pk)
    messages.success(request, f"{row.name} er slettet.")
    return redirect("economy", slug)
