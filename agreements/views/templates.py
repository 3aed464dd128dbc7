"""Model agreements: the list, a version as a reader sees it, copying, publishing, differences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import access, event_text, snapshot, template_editing
from agreements.access import TemplateAbilities
from agreements.domain import diff, diff_summary, document, resolve, template_text
from agreements.editing import Actor
from agreements.models import AgreementTemplate, TemplateEvent
from agreements.template_forms import CopyTemplateForm, PublishForm, TemplateDetailsForm
from agreements.views import difference_parts
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.models import User

EVENTS = 12


def actor(request: HttpRequest, able: TemplateAbilities) -> Actor:
    """The person behind the request, and the county authority they act for."""
    return Actor(request.user, able.organisation)


def page(
    request: HttpRequest,
    name: str,
    template: AgreementTemplate,
    able: TemplateAbilities,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page of one version of a template."""
    return render(
        request,
        f"agreements/template/{name}.html",
        {
            "template": template,
            "able": able,
            "refused": status == INVALID,
            "conflict": status == CONFLICT,
            **context,
        },
        status=status,
    )


@require_GET
def template_list(request: HttpRequest) -> HttpResponse:
    """The templates there are, each with its newest version, its draft, and how much it is used."""
    user: User = request.user
    if not access.may_read_templates(user):
        raise Http404
    rows = access.templates(user).select_related("owner", "confirmed_by")
    counted = rows.annotate(used=Count("agreements")).order_by("name", "slug", "-version")
    groups: dict[str, list[dict[str, Any]]] = {}
    for slug in dict.fromkeys(row.slug for row in counted):
        versions = [row for row in counted if row.slug == slug]
        owner = versions[0].owner
        published = [row for row in versions if not row.is_draft]
        groups.setdefault(owner.name if owner else "", []).append(
            {
                "shown": published[0] if published else versions[0],
                "published": bool(published),
                "draft": next((row for row in versions if row.is_draft), None),
                "versions": len(published),
                "used": sum(row.used for row in versions),
            }
        )
    own = sorted(name for name in groups if name)
    return render(
        request,
        "agreements/template/list.html",
        {
            "groups": [(name, groups[name]) for name in (*own, "") if name in groups],
            "may_copy": access.county_authorities(user).exists(),
        },
    )


@require_GET
def template(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """A version as a reader sees it, with the other versions of the template."""
    row, able = access.fetch_template(request, slug, version)
    user: User = request.user
    read = snapshot.template_document(row)
    versions = list(access.templates(user).filter(slug=slug).order_by("-version"))
    _say_who_published(versions)
    return page(
        request,
        "template",
        row,
        able,
        {
            "document": read,
            "resolved": resolve.resolve(template_text.readable(read)),
            "versions": versions,
            "draft": next((other for other in versions if other.is_draft), None),
            "newest": next((other for other in versions if not other.is_draft), None),
            "may_copy": not row.is_draft and access.county_authorities(user).exists(),
            "events": _events(row) if able.manage else [],
        },
    )


def _say_who_published(versions: list[AgreementTemplate]) -> None:
    """Give each version what it was preceded by, and its publication, which shipped ones lack."""
    events = TemplateEvent.objects.filter(
        template__in=versions, action="template.published"
    ).select_related("actor")
    published = {event.template_id: event for event in events}
    earlier = [*versions[1:], None]
    for row, before in zip(versions, earlier, strict=True):
        row.publication = published.get(row.pk)
        row.before = before


def _events(row: AgreementTemplate) -> Iterable[TemplateEvent]:
    names = {("clause", clause.key): clause.heading for clause in row.clauses.all()}
    events = list(row.events.select_related("actor").order_by("-pk")[:EVENTS])
    for event in events:
        event.text = event_text.describe(event.action, event.data, names)
    return events


@require_http_methods(["GET", "POST"])
def copy_template(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Make the county authority's own template from a published version."""
    row, able = access.fetch_template(request, slug, version)
    user: User = request.user
    owners = access.county_authorities(user)
    if row.is_draft or not owners.exists():
        raise Http404
    status = 200
    if request.method == "GET":
        form = CopyTemplateForm(initial={"name": row.name}, owners=owners)
    else:
        if target := revisions.earlier(request.POST.get("token"), user):
            return redirect(target)
        form, status = CopyTemplateForm(request.POST, owners=owners), INVALID
        if form.is_valid():
            data = form.cleaned_data

            def make() -> str:
                who = Actor(user, data["owner"])
                made = template_editing.copy(who, row, data["owner"], data["name"])
                messages.success(request, "Malen er laget. Den er et utkast til du publiserer den.")
                return reverse("template", args=[made.slug, made.version])

            return redirect(revisions.once(data["token"], user, make))
    return page(request, "copy", row, able, {"form": form}, status=status)


@require_POST
def new_version(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Begin the next version, or go to the draft that has been begun."""
    row, able = access.fetch_template(request, slug, version, manage=True)
    draft = template_editing.new_draft(actor(request, able), row)
    return redirect("template", slug, draft.version)


@require_http_methods(["GET", "POST"])
def template_details(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Change a draft's name, language and invoicing."""
    row, able = access.fetch_template(request, slug, version, manage=True)
    fields = ("name", "language", "invoicing")
    status, current = 200, None
    if request.method == "GET":
        if not able.edit:
            return redirect("template", slug, version)
        initial = {name: getattr(row, name) for name in (*fields, "revision")}
        form = TemplateDetailsForm(initial=initial)
    else:
        form, status = TemplateDetailsForm(request.POST), INVALID
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in fields}
            revision = form.cleaned_data["revision"]
            try:
                template_editing.save_template(actor(request, able), row, revision, values)
                messages.success(request, "Malen er lagret.")
                return redirect("template", slug, version)
            except revisions.StaleRevisionError as stale:
                form = TemplateDetailsForm(with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    context = {"form": form, "current": current}
    return page(request, "details", row, able, context, status=status)


@require_http_methods(["GET", "POST"])
def publish_template(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    """Publish a draft: after this it never changes, and is offered to agreements."""
    row, able = access.fetch_template(request, slug, version, manage=True)
    if not able.edit:
        return redirect("template", slug, version)
    seen, first = template_editing.last_event(row), row.version == 1
    problems = template_editing.problems(row)
    status, changed = 200, False
    form = PublishForm(request.POST or None, initial={"seen": seen}, first=first)
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            data, today = form.cleaned_data, timezone.localdate()
            who = actor(request, able)
            try:
                template_editing.publish(who, row, data["seen"], data["note"], today)
                messages.success(request, f"Versjon {version} er publisert.")
                return redirect("template", slug, version)
            except template_editing.UnfitError:
                form.add_error(None, "Utkastet kan ikke publiseres slik det er nå.")
            except template_editing.ChangedMeanwhileError:
                typed = request.POST.copy()
                typed["seen"] = str(template_editing.last_event(row))
                form, status, changed = PublishForm(typed, first=first), CONFLICT, True
    headings = resolve.headings(snapshot.template_document(row))
    return page(
        request,
        "publish",
        row,
        able,
        {
            "form": form,
            "problems": [
                (key, headings.get(key, key), PROBLEMS[kind].format(name))
                for key, kind, name in problems
            ],
            "empty": not headings,
            "changed": changed,
        },
        status=status,
    )


PROBLEMS = {
    "unknown_fact": "opplysningen «{}» finnes ikke",
    "dead_reference": "henvisningen til «{}» viser til et punkt som ikke finnes",
}


@require_GET
def template_difference(request: HttpRequest, slug: str, version: int, before: int) -> HttpResponse:
    """What differs between two versions of a template."""
    row, able = access.fetch_template(request, slug, version)
    other, _ = access.fetch_template(request, slug, before)
    new = template_text.readable(snapshot.template_document(row))
    # Only text and checklist are compared: what else a version has stands on its page.
    old = _as_if(template_text.readable(snapshot.template_document(other)), new)
    found = diff.compare(old, new)
    return page(
        request,
        "difference",
        row,
        able,
        {
            "before": other,
            "empty": found.empty,
            "summary": diff_summary.summary(found, document.Language.BOKMAL),
            "parts": difference_parts.parts(found, old, new, ""),
        },
    )


def _as_if(old: document.Document, new: document.Document) -> document.Document:
    return replace(new, clauses=old.clauses, services=old.services)
