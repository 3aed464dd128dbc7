"""What the archive must know of an agreement, and the package for it."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, documents, versions
from agreements import archive as services
from agreements.domain import noark
from agreements.final_forms import ArchiveForm
from agreements.models import Agreement, ArchiveFacts
from agreements.views.common import actor, page
from municipalities import byte_ranges, revisions
from municipalities.answers import CONFLICT, INVALID, UNAVAILABLE, with_revision

logger = logging.getLogger(__name__)
TAB = "documents"


@require_http_methods(["GET", "POST"])
def archive_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The metadata to copy, what only a person can tell, and where the package is."""
    agreement, able = access.fetch(request, slug, administer=True)
    stored = services.facts_of(agreement)
    status, form = 200, ArchiveForm(initial=_initial(stored))
    current: ArchiveFacts | None = None
    if request.method == "POST":
        form, status = ArchiveForm(request.POST), INVALID
        if form.is_valid():
            revision = form.cleaned_data["revision"]
            try:
                services.describe(actor(request, able), agreement, revision, form.values())
                messages.success(request, "Arkivopplysningene er lagret.")
                return redirect("archive", slug)
            except revisions.StaleRevisionError as stale:
                current = stale.current
                form = ArchiveForm(with_revision(request.POST, stale.current))
                status = CONFLICT
    version = services.version_of(agreement)
    case = services.case_of(agreement, version) if version else None
    left_out = [
        attachment
        for attachment in (case.document.attachments if case else ())
        if attachment.access_code and not able.restricted
    ]
    return page(
        request,
        "agreements/archive/archive.html",
        agreement,
        able,
        {
            "form": form,
            "current": current,
            "version": version,
            "terms": noark.terms(case) if case else [],
            "left_out": left_out,
        },
        tab=TAB,
        status=status,
    )


def _initial(stored: ArchiveFacts | None) -> dict[str, object]:
    names = ("case_number", "access_code", "legal_basis", "revision")
    return {name: getattr(stored, name) for name in names} if stored else {}


@require_GET
def archive_package(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The package, made now. What is kept from the public is in it for those who may open it."""
    agreement, able = access.fetch(request, slug, administer=True)
    version = services.version_of(agreement)
    if version is None:
        raise Http404
    try:
        made = services.build(agreement, version, restricted=able.restricted)
    except (documents.PdfError, services.ChangedFileError) as problem:
        logger.error("archive package of %s: %s", slug, problem)
        return _failed(request, agreement, able, problem)
    versions.downloaded(version, request.user, able.organisation, "arkivpakke")
    answer = FileResponse(made, content_type="application/zip")
    name = f"{slug}-versjon-{version.number}-arkivpakke.zip"
    answer["Content-Disposition"] = byte_ranges.disposition(name)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _failed(
    request: HttpRequest, agreement: Agreement, able: access.Abilities, problem: Exception
) -> HttpResponse:
    """Say that there is no package, and why as far as it helps."""
    changed = isinstance(problem, services.ChangedFileError)
    return page(
        request,
        "agreements/archive/failed.html",
        agreement,
        able,
        {"changed": str(problem) if changed else ""},
        tab=TAB,
        status=500 if changed else UNAVAILABLE,
    )
