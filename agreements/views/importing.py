"""An agreement from a file in two steps: send it, see how it was read, make the draft."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agreements import access, imported, imported_input
from agreements.domain.document import ServiceLevel
from agreements.editing import Actor
from agreements.importing import passing
from agreements.importing.result import Imported, ImportedClause
from agreements.importing.services import NAMES
from agreements.importing_forms import FromFileForm, UploadForm
from agreements.models import Comment, Upload
from municipalities import revisions
from municipalities.answers import INVALID
from municipalities.models import Region, User

KEPT_FOR = dt.timedelta(days=1)
AT_ONCE = 5  # files one person may have waiting: 10 MB each


@dataclass(frozen=True)
class Point:
    """A clause as it will be numbered."""

    key: str
    number: str
    heading: str
    text: str
    level: int


def _region(request: HttpRequest, region_slug: str) -> Region:
    regions = access.regions_to_draft_for(request.user)
    rows = regions.select_related("contract_municipality__organisation")
    region = rows.filter(slug=region_slug).first()
    if region is None:
        raise Http404
    return region


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, region_slug: str) -> HttpResponse:
    """Step one: a file or a text. What cannot be read is told at once."""
    region = _region(request, region_slug)
    status = 200
    if request.method == "GET":
        form = UploadForm()
    else:
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            _clear(request)
            found = passing.dump(form.found)
            row = Upload.objects.create(
                user=request.user, region=region, name=form.name, content=found
            )
            return redirect("read-agreement", region.slug, row.key)
        status = form.status
    return render(
        request,
        "agreements/importing/upload.html",
        {"form": form, "region": region},
        status=status,
    )


def _clear(request: HttpRequest) -> None:
    """Take away what nobody has come back for, and this person's oldest when there are many."""
    Upload.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    own = Upload.objects.filter(user=request.user).order_by("-created_at")
    old = list(own.values_list("pk", flat=True)[AT_ONCE - 1 :])
    Upload.objects.filter(pk__in=old).delete()


@require_http_methods(["GET", "POST"])
def read_agreement(request: HttpRequest, region_slug: str, key: uuid.UUID) -> HttpResponse:
    """Step two: how the file was read, and the form that makes the draft. Only for who sent it."""
    region = _region(request, region_slug)
    if request.method == "POST" and (
        target := revisions.earlier(request.POST.get("token"), request.user)
    ):
        return redirect(target)
    row = Upload.objects.filter(pk=key, user=request.user, region=region).first()
    found = _kept(row)
    if row is None or found is None:
        context = {"form": UploadForm(), "region": region, "gone": True}
        return render(request, "agreements/importing/upload.html", context, status=404)
    status = 200
    if request.method == "GET":
        form = FromFileForm(found=found, initial=_initial(found))
    else:
        form, status = FromFileForm(request.POST, found=found), INVALID
        if form.is_valid():
            make = lambda: _make(request, region, row, found, form)  # noqa: E731
            return redirect(revisions.once(form.cleaned_data["token"], request.user, make))
    context = {"form": form, "region": region, "upload": row, **_shown(region, found)}
    return render(request, "agreements/importing/read.html", context, status=status)


def _kept(row: Upload | None) -> Imported | None:
    """What was read of the file; None also for one that an earlier version of the program kept."""
    try:
        return passing.load(bytes(row.content)) if row else None
    except ValueError:
        return None


def _initial(found: Imported) -> dict[str, object]:
    initial: dict[str, object] = {"title": found.title[:160]}
    if found.term is not None:
        initial |= {"term_start": found.term[0], "term_end": found.term[1]}
    return initial


def _make(
    request: HttpRequest, region: Region, row: Upload, found: Imported, form: FromFileForm
) -> str:
    user: User = request.user
    data = form.cleaned_data
    organisation = access.drafts_as(user, region)
    stored = imported.store(
        Actor(user, organisation),
        region,
        found,
        (data["term_start"], data["term_end"]),
        title=data["title"],
        visibility=data.get("visibility", Comment.Visibility.INTERNAL.value),
    )
    row.delete()
    messages.success(request, "Utkastet er laget av filen. Se over partene og økonomien først.")
    for note in stored.notes:
        messages.info(request, note)
    return reverse("agreement", args=[stored.agreement.slug])


def _shown(region: Region, found: Imported) -> dict[str, Any]:
    """What was found, as the page lists it."""
    points = list(_points(found.clauses, "", 1))
    labels = {point.key: f"{point.number} {point.heading}" for point in points}
    known = imported.Names(region)
    return {
        "found": found,
        "points": points,
        "parties": [(party, known.find(party.name) is not None) for party in found.parties],
        "services": [
            (NAMES[level], [text for of, text in found.services if of == level])
            for level in ServiceLevel
            if any(of == level for of, _ in found.services)
        ],
        "suggestions": [
            (imported_input.who(item.author, item.day), labels.get(item.clause_key, ""), item)
            for item in found.suggestions
        ],
        "comments": [
            (imported_input.comment_text(item), labels.get(item.clause_key, ""), item)
            for item in found.comments
        ],
        "kept": [line for line in found.left if line.kept],
        "dropped": [line for line in found.left if not line.kept],
    }


def _points(clauses: tuple[ImportedClause, ...], above: str, level: int) -> Any:
    for position, clause in enumerate(clauses, start=1):
        number = f"{above}{position}"
        yield Point(clause.key, number, clause.heading, clause.text, level)
        yield from _points(clause.children, f"{number}.", level + 1)
