"""Where a plan's pages are found: as an agreement's economy, or alone; and the agreement's choice."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from agreements import access, editing, remembered
from agreements.forms import ChooseAlternativeForm
from agreements.models import Agreement
from agreements.views.common import actor, navigation
from agreements.views.documents import addresses
from financing import editing as plan_editing
from financing.place import Place
from financing.reader import PlanFacts
from financing.views import economy
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision


def of_agreement(request: HttpRequest, slug: str) -> Place:
    """The economy of an agreement. 404 for outsiders."""
    agreement, able = access.fetch(request, slug)
    return _place(request, agreement, able)


def _place(request: HttpRequest, agreement: Agreement, able: access.Abilities) -> Place:
    def facts() -> PlanFacts:
        return remembered.draft(agreement).plan

    def record() -> None:
        editing.record(actor(request, able), agreement, "plan.edited", {})

    return Place(
        plan=agreement.plan,
        actor=plan_editing.Actor(request.user, able.organisation),
        edit=able.edit,
        frame="agreements/base.html",
        prefix="",
        args=(agreement.slug,),
        lock=lambda: editing.lock_draft(agreement),
        record=record,
        chosen=agreement.chosen_alternative_id,
        remembered=facts,
        context={
            **navigation(agreement, able, tab="economy"),
            "root": {"label": "Avtaler", "url": reverse("agreements")},
            "up": {"label": "Økonomi", "url": reverse("economy", args=[agreement.slug])},
            "inner_navigation": True,
            "files": addresses("", agreement.slug),
            "choose_form": _choose_form(agreement) if able.edit else None,
        },
    )


def _choose_form(agreement: Agreement) -> ChooseAlternativeForm:
    return ChooseAlternativeForm(
        plan=agreement.plan,
        initial={"alternative": agreement.chosen_alternative_id, "revision": agreement.revision},
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
    return economy.show(request, _place(request, agreement, able), status, choose_form=form)
