"""The service checklist: quality requirements, minimum content and additional services."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access, checklist
from agreements.choice_forms import ChoicesForm
from agreements.domain.document import ServiceLevel
from agreements.forms import NewServiceForm, ServiceForm
from agreements.models import Agreement, ServiceItem, TemplateService
from agreements.views import choices
from agreements.views.common import STEPS, actor, open_by_place, page
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.forms import DeleteForm
from municipalities.once import part
from municipalities.prepared import Prepared


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
    return [
        # Many such forms share a page with the one that is typed in: only that one has ids.
        NewServiceForm(
            initial={"level": item.level, "text": item.text, "key": item.key}, auto_id=False
        )
        for item in _OFFERED.all(agreement.template_id)
        if item.key not in taken
    ]


_OFFERED = Prepared(
    lambda template: TemplateService.objects.filter(
        template=template, level=ServiceLevel.ADDITIONAL.value
    )
)


@require_http_methods(["GET", "POST"])
def services(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the three lists; POST adds a line."""
    posted = request.method == "POST"
    agreement, able = access.fetch(request, slug, edit=posted)
    form = NewServiceForm(request.POST if posted else None)
    status = 200
    if posted:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        status = INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                made = checklist.add_service(
                    actor(request, able), agreement, data["level"], data["text"], data["key"]
                )
                messages.success(request, f"«{made.text}» er lagt til.")
                return f"{reverse('services', args=[slug])}#{made.key}"

            return redirect(revisions.once(data["token"], request.user, make))
    return _table(request, agreement, able, form, status=status)


def _table(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    form: NewServiceForm,
    editing: tuple[str, ChoicesForm | None] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the three lists as tables with a column for each municipality.

    `editing` is the line whose choices are edited where they are read, and what was sent.
    """
    rows = choices.of_agreement(agreement)
    columns = choices.columns(agreement, rows)
    inputs = open_by_place(agreement, able, "service_key")
    shown = choices.of_rows(agreement, able, rows, columns, inputs)
    opened = editing[0] if editing else request.GET.get("rediger", "")
    row = next((row for row in rows if row.key == opened), None)
    lists = {"lists": part("agreements/_checklist.html", shown)}
    if able.edit and row is not None and columns:
        sent = editing[1] if editing else None
        line = sent or choices.form(row, columns, in_table=True)
        lists = {**shown.context(), "agreement": agreement, "opened": opened, "line": line}
    return page(
        request,
        "agreements/services.html",
        agreement,
        able,
        {
            **lists,
            "form": form,
            "suggestions": _suggestions(agreement, rows),
        },
        tab="services",
        status=status,
    )


@require_http_methods(["GET", "POST"])
def service_choices(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Which municipalities have one line, and what those pay who buy it on top.

    A page of its own; a script that asks gets the tables back, with the line still open where
    something is wrong.
    """
    agreement, able = access.fetch(request, slug, edit=True)
    row = next((row for row in choices.of_agreement(agreement) if row.key == key), None)
    if row is None:
        raise Http404
    columns = choices.columns(agreement, [row])
    status, current = 200, None
    in_table = bool(request.headers.get("HX-Request"))
    form = choices.form(row, columns)
    if request.method == "POST":
        form, status = choices.form(row, columns, request.POST, in_table=in_table), INVALID
        if form.is_valid():
            try:
                checklist.save_choices(
                    actor(request, able), row, form.cleaned_data["revision"], form.chosen()
                )
                messages.success(request, f"Valgene for «{row.text}» er lagret.")
                return redirect(f"{reverse('services', args=[slug])}#{key}")
            except revisions.StaleRevisionError as stale:
                data = with_revision(request.POST, stale.current)
                row = next(one for one in choices.of_agreement(agreement) if one.key == key)
                form = choices.form(row, columns, data, in_table=in_table)
                form.is_valid()
                status, current = CONFLICT, row
        if in_table:
            return _table(request, agreement, able, NewServiceForm(), (key, form), status)
    return page(
        request,
        "agreements/service_choices.html",
        agreement,
        able,
        {
            "form": form,
            "service": row,
            "columns": columns,
            "current": choices.cells(current, columns) if current else None,
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
                checklist.save_service(
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
        checklist.delete_service(actor(request, able), row, form.cleaned_data["revision"])
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
    checklist.move_service(actor(request, able), find(agreement, key), STEPS[step])
    return redirect(f"{reverse('services', args=[slug])}#{key}")
