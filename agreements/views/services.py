"""The service checklist: quality requirements, minimum content and additional services."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access, editing
from agreements.domain.document import ServiceLevel
from agreements.forms import NewServiceForm, ServiceForm
from agreements.models import SERVICE_LEVELS, Agreement, ServiceItem
from agreements.views.common import actor, open_by_place, page
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.forms import DeleteForm

STEPS = {"opp": -1, "ned": 1}
HEADINGS = {
    "quality": ("Kvalitetskrav", "Slik skal tjenesten være."),
    "minimum": ("Minimumstjenester", "Dette skal tjenesten minst inneholde."),
    "additional": ("Tilleggstjenester", "Dette kommer i tillegg i denne regionen."),
}


def find(agreement: Agreement, key: str) -> ServiceItem:
    """Return the agreement's service with this key; 404 otherwise."""
    row = agreement.services.select_related("agreement").filter(key=key).first()
    if row is None:
        raise Http404
    return row


def _suggestions(agreement: Agreement, rows: list[ServiceItem]) -> list[NewServiceForm]:
    """What the template suggests and the agreement does not have: a ready-made form for each."""
    if agreement.template is None:
        return []
    taken = {row.key for row in rows}
    offered = agreement.template.services.filter(level=ServiceLevel.ADDITIONAL.value)
    return [
        # Many such forms share a page with the one that is typed in: only that one has ids.
        NewServiceForm(
            initial={"level": item.level, "text": item.text, "key": item.key}, auto_id=False
        )
        for item in offered
        if item.key not in taken
    ]


@require_http_methods(["GET", "POST"])
def services(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the three lists; POST adds a line."""
    posted = request.method == "POST"
    agreement, able = access.fetch(request, slug, edit=posted)
    form = NewServiceForm(request.POST if posted else None)
    status = 200
    if posted:
        if target := revisions.earlier(request.POST.get("token"), request.user):  # type: ignore[arg-type]
            return redirect(target)
        status = INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                made = editing.add_service(
                    actor(request, able), agreement, data["level"], data["text"], data["key"]
                )
                messages.success(request, f"«{made.text}» er lagt til.")
                return f"{reverse('services', args=[slug])}#{made.key}"

            return redirect(revisions.once(data["token"], request.user, make))  # type: ignore[arg-type]
    rows = list(agreement.services.all())
    groups = [
        {
            "level": level,
            "heading": HEADINGS[level][0],
            "lead": HEADINGS[level][1],
            "rows": [row for row in rows if row.level == level],
        }
        for level, _ in SERVICE_LEVELS
    ]
    return page(
        request,
        "agreements/services.html",
        agreement,
        able,
        {
            "groups": groups,
            "form": form,
            "suggestions": _suggestions(agreement, rows),
            "open_inputs": open_by_place(agreement, able, "service_key"),
        },
        tab="services",
        status=status,
    )


@require_http_methods(["GET", "POST"])
def service(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Edit one line."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = find(agreement, key)
    status, current = 200, None
    if request.method == "GET":
        form = ServiceForm(initial={"level": row.level, "text": row.text, "revision": row.revision})
    else:
        form, status = ServiceForm(request.POST), INVALID
        if form.is_valid():
            data = form.cleaned_data
            try:
                editing.save_service(
                    actor(request, able), row, data["revision"], data["level"], data["text"]
                )
                messages.success(request, f"«{data['text']}» er lagret.")
                return redirect(f"{reverse('services', args=[slug])}#{key}")
            except revisions.StaleRevisionError as stale:
                form = ServiceForm(with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    return page(
        request,
        "agreements/service.html",
        agreement,
        able,
        {
            "form": form,
            "service": row,
            "current": current,
            "delete_form": DeleteForm(initial={"revision": row.revision}),
        },
        tab="services",
        status=status,
    )


@require_POST
def delete_service(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Remove one line."""
    agreement, able = access.fetch(request, slug, edit=True)
    row = find(agreement, key)
    form = DeleteForm(request.POST)
    if not form.is_valid():
        return redirect("service", slug, key)
    try:
        editing.delete_service(actor(request, able), row, form.cleaned_data["revision"])
    except revisions.StaleRevisionError:
        messages.error(request, "Linjen ble endret av noen andre. Se over før du sletter.")
        return redirect("service", slug, key)
    messages.success(request, f"«{row.text}» er slettet.")
    return redirect("services", slug)


@require_POST
def move_service(request: HttpRequest, slug: str, key: str, step: str) -> HttpResponse:
    """Move a line one place up or down in its list."""
    agreement, able = access.fetch(request, slug, edit=True)
    if step not in STEPS:
        raise Http404
    editing.move_service(actor(request, able), find(agreement, key), STEPS[step])
    return redirect(f"{reverse('services', args=[slug])}#{key}")
