"""A draft of a template, edited point by point and line by line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access, snapshot, template_editing
from agreements.domain import editor_document, facts, numbering, resolve, template_text
from agreements.editing import MAX_DEPTH
from agreements.forms import NewServiceForm, ServiceForm
from agreements.models import SERVICE_LEVELS, AgreementTemplate, TemplateClause, TemplateService
from agreements.template_forms import NewTemplateClauseForm, TemplateClauseForm
from agreements.views.choices import HEADINGS
from agreements.views.common import STEPS
from agreements.views.templates import actor, page
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.forms import DeleteForm


def _clause(template: AgreementTemplate, key: str) -> TemplateClause:
    row = template.clauses.select_related("template").filter(key=key).first()
    if row is None:
        raise Http404
    return row


def _service(template: AgreementTemplate, key: str) -> TemplateService:
    row = template.services.select_related("template").filter(key=key).first()
    if row is None:
        raise Http404
    return row


def helpers(template: AgreementTemplate, key: str = "") -> dict[str, Any]:
    """What can be put into a text: the facts by name, and the points of the draft."""
    document = snapshot.template_document(template)
    numbers = numbering.numbers(document.clauses)
    headings = resolve.headings(template_text.readable(document))
    return {
        "number": numbers.get(key, ""),
        "heading": headings.get(key, ""),
        "facts": [
            {"name": info.name, "label": info.label_nb, "value": None, "isBlock": info.is_block}
            for info in facts.names()
        ],
        "points": [
            {"key": point, "number": numbers[point], "heading": heading}
            for point, heading in headings.items()
        ],
    }


def _editor(form: Any, insertable: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": editor_document.from_text(form["text"].value() or ""),
        "facts": insertable["facts"],
        "points": insertable["points"],
    }


def _at(template: AgreementTemplate, key: str) -> str:
    return f"{reverse('template', args=[template.slug, template.version])}#{key}"


@require_http_methods(["GET", "POST"])
def template_clause(request: HttpRequest, slug: str, version: int, key: str) -> HttpResponse:
    """Edit one point of a draft."""
    template, able = access.fetch_template(request, slug, version, manage=True)
    row = _clause(template, key)
    keys = set(template.clauses.values_list("key", flat=True))
    status, current = 200, None
    if request.method == "GET":
        if not able.edit:
            return redirect(_at(template, key))
        names = ("heading", "text", "source", "revision")
        form = TemplateClauseForm(initial={n: getattr(row, n) for n in names}, keys=keys)
    else:
        form, status = TemplateClauseForm(request.POST, keys=keys), INVALID
        if form.is_valid():
            data = form.cleaned_data
            words = (data["heading"], data["text"], data["source"])
            try:
                template_editing.save_clause(actor(request, able), row, data["revision"], *words)
                messages.success(request, "Punktet er lagret.")
                return redirect(_at(template, key))
            except revisions.StaleRevisionError as stale:
                form = TemplateClauseForm(with_revision(request.POST, stale.current), keys=keys)
                status, current = CONFLICT, stale.current
    insertable = helpers(template, key)
    context = {
        "form": form,
        "clause": row,
        "current": current,
        "editor": _editor(form, insertable),
        **insertable,
    }
    return page(request, "clause", template, able, context, status=status)


@require_http_methods(["GET", "POST"])
def new_template_clause(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Add a point to a draft."""
    template, able = access.fetch_template(request, slug, version, manage=True)
    insertable = helpers(template)
    depths = template_editing.depths(template)
    given: dict[str, Any] = {
        "keys": set(depths),
        "parents": [
            (point["key"], f"{point['number']} {point['heading']}")
            for point in insertable["points"]
            if depths[point["key"]] < MAX_DEPTH
        ],
    }
    status = 200
    if request.method == "GET":
        if not able.edit:
            return redirect("template", slug, version)
        source = template.owner.name if template.owner else ""
        form = NewTemplateClauseForm(initial={"source": source}, **given)
    else:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        form, status = NewTemplateClauseForm(request.POST, **given), INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                words = (data["heading"], data["text"], data["source"])
                made = template_editing.add_clause(
                    actor(request, able), template, data["parent"], *words
                )
                messages.success(request, "Punktet er lagt til.")
                return _at(template, made.key)

            return redirect(revisions.once(data["token"], request.user, make))
    context = {"form": form, "editor": _editor(form, insertable)}
    return page(request, "new_clause", template, able, context | insertable, status=status)


@require_http_methods(["GET", "POST"])
def delete_template_clause(request: HttpRequest, slug: str, version: int, key: str) -> HttpResponse:
    """Ask once more, then delete a point with everything under it."""
    template, able = access.fetch_template(request, slug, version, manage=True)
    row = _clause(template, key)
    if not able.edit:
        return redirect(_at(template, key))
    status, current = 200, None
    form = DeleteForm(request.POST or None, initial={"revision": row.revision})
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            who = actor(request, able)
            try:
                template_editing.delete_clause(who, row, form.cleaned_data["revision"])
                messages.success(request, f"«{row.heading}» er slettet.")
                return redirect("template", slug, version)
            except revisions.StaleRevisionError as stale:
                form = DeleteForm(with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    heading = helpers(template, key)["heading"]
    context = {"form": form, "clause": row, "heading": heading, "current": current}
    return page(request, "delete_clause", template, able, context, status=status)


def _move(
    request: HttpRequest, step: str, target: str, move: Callable[[int], bool]
) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    move(STEPS[step])
    return redirect(target)


@require_POST
def move_template_clause(
    request: HttpRequest, slug: str, version: int, key: str, step: str
) -> HttpResponse:
    """Move a point one place up or down among its siblings."""
    template, able = access.fetch_template(request, slug, version, manage=True)
    row, who = _clause(template, key), actor(request, able)
    target = _at(template, key)
    return _move(request, step, target, lambda n: template_editing.move_clause(who, row, n))


@require_http_methods(["GET", "POST"])
def template_services(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """The three lists of a version; POST adds a line to a draft's."""
    posted = request.method == "POST"
    template, able = access.fetch_template(request, slug, version, manage=posted)
    form = NewServiceForm(request.POST if posted else None)
    status = 200
    if posted:
        if target := revisions.earlier(request.POST.get("token"), request.user):
            return redirect(target)
        status = INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                who = actor(request, able)
                made = template_editing.add_service(who, template, data["level"], data["text"])
                messages.success(request, f"«{made.text}» er lagt til.")
                return f"{reverse('template-services', args=[slug, version])}#{made.key}"

            return redirect(revisions.once(data["token"], request.user, make))
    rows = list(template.services.all())
    groups = [
        {
            "level": level,
            "heading": HEADINGS[level][0],
            "rows": [row for row in rows if row.level == level],
        }
        for level, _ in SERVICE_LEVELS
    ]
    context = {"groups": groups, "form": form}
    return page(request, "services", template, able, context, status=status)


@require_http_methods(["GET", "POST"])
def template_service(request: HttpRequest, slug: str, version: int, key: str) -> HttpResponse:
    """Edit one line of a draft's checklist."""
    template, able = access.fetch_template(request, slug, version, manage=True)
    row = _service(template, key)
    status, current = 200, None
    if request.method == "GET":
        if not able.edit:
            return redirect("template-services", slug, version)
        form = ServiceForm(initial={"level": row.level, "text": row.text, "revision": row.revision})
    else:
        form, status = ServiceForm(request.POST), INVALID
        if form.is_valid():
            data = form.cleaned_data
            words = (data["level"], data["text"])
            try:
                template_editing.save_service(actor(request, able), row, data["revision"], *words)
                messages.success(request, f"«{data['text']}» er lagret.")
                return redirect(f"{reverse('template-services', args=[slug, version])}#{key}")
            except revisions.StaleRevisionError as stale:
                form = ServiceForm(with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    context = {
        "form": form,
        "service": row,
        "current": current,
        "delete_form": DeleteForm(initial={"revision": row.revision}),
    }
    return page(request, "service", template, able, context, status=status)


@require_POST
def delete_template_service(
    request: HttpRequest, slug: str, version: int, key: str
) -> HttpResponse:
    """Remove one line of a draft's checklist."""
    template, able = access.fetch_template(request, slug, version, manage=True)
    row, form = _service(template, key), DeleteForm(request.POST)
    if not form.is_valid():
        return redirect("template-service", slug, version, key)
    try:
        template_editing.delete_service(actor(request, able), row, form.cleaned_data["revision"])
    except revisions.StaleRevisionError:
        messages.error(request, "Linjen ble endret av noen andre. Se over før du sletter.")
        return redirect("template-service", slug, version, key)
    messages.success(request, f"«{row.text}» er slettet.")
    return redirect("template-services", slug, version)


@require_POST
def move_template_service(
    request: HttpRequest, slug: str, version: int, key: str, step: str
) -> HttpResponse:
    """Move a line one place up or down in its list."""
    template, able = access.fetch_template(request, slug, version, manage=True)
    row, who = _service(template, key), actor(request, able)
    target = f"{reverse('template-services', args=[slug, version])}#{key}"
    return _move(request, step, target, lambda n: template_editing.move_service(who, row, n))
