"""The parties: who is bound, on whose behalf, and who signs."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import access, editing
from agreements.forms import NewPartyForm, PartyForm
from agreements.models import Agreement, Party
from agreements.views.common import actor, page
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.forms import DeleteForm

FIELDS = (
    *("role", "signatory_name", "signatory_title", "mandate"),
    *("signatory_email", "signing_order", "revision"),
)


def find(agreement: Agreement, key: str) -> Party:
    """Return the agreement's party by the organisation's key; 404 otherwise."""
    rows = agreement.parties.select_related("organisation", "agreement")
    row = rows.filter(organisation__key=key).first()
    if row is None:
        raise Http404
    return row


@require_GET
def parties(request: HttpRequest, slug: str) -> HttpResponse:
    """The list."""
    agreement, able = access.fetch(request, slug)
    rows = agreement.parties.select_related("organisation").prefetch_related("on_behalf_of")
    return page(
        request, "agreements/parties.html", agreement, able, {"parties": rows}, tab="parties"
    )


@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Edit one party."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = find(agreement, key)
    options = {"agreement": agreement, "organisation": row.organisation}
    status, current = 200, None
    if request.method == "GET":
        initial = {name: getattr(row, name) for name in FIELDS}
        form = PartyForm(initial=initial | {"on_behalf_of": row.on_behalf_of.all()}, **options)
    else:
        form, status = PartyForm(request.POST, **options), INVALID
        if form.is_valid():
            try:
                editing.save_party(
                    actor(request, able),
                    row,
                    form.cleaned_data["revision"],
                    form.signatory() | {"to_confirm": False},  # somebody has looked it over
                    list(form.cleaned_data["on_behalf_of"]),
                )
                messages.success(request, f"{row.organisation.name} er lagret.")
                return redirect("parties", slug)
            except revisions.StaleRevisionError as stale:
                form = PartyForm(with_revision(request.POST, stale.current), **options)
                status, current = CONFLICT, find(agreement, key)
    return page(
        request,
        "agreements/party.html",
        agreement,
        able,
        {
            "form": form,
            "party": row,
            "current": current,
            "delete_form": DeleteForm(initial={"revision": row.revision}),
        },
        tab="parties",
        status=status,
    )


@require_http_methods(["GET", "POST"])
def new_party(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a party."""
    agreement, able = access.fetch(request, slug, edit=True)
    form = NewPartyForm(request.POST or None, agreement=agreement)
    status = 200
    if request.method == "POST":
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        status = INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                editing.add_party(
                    actor(request, able),
                    agreement,
                    data["organisation"],
                    form.signatory(),
                    list(data["on_behalf_of"]),
                )
                messages.success(request, f"{data['organisation'].name} er lagt til som part.")
                return reverse("parties", args=[slug])

            try:
                return redirect(revisions.once(data["token"], request.user, make))
            except IntegrityError:
                # Somebody else added the same party, or a contract municipality, in this second.
                form.add_error(
                    None, "Noen andre la til en part nå nettopp. Se over listen over parter."
                )
    return page(
        request,
        "agreements/new_party.html",
        agreement,
        able,
        {"form": form},
        tab="parties",
        status=status,
    )


@require_POST
def delete_party(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Remove a party."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = find(agreement, key)
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return redirect("party", slug, key)
    try:
        editing.delete_party(actor(request, able), row, form.cleaned_data["revision"])
    except revisions.StaleRevisionError:
        messages.error(
            request, f"{row.organisation.name} ble endret av noen andre. Se over før du sletter."
        )
        return redirect("party", slug, key)
    messages.success(request, f"{row.organisation.name} er ikke lenger part.")
    return redirect("parties", slug)
