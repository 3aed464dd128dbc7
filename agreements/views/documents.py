"""The documents page and the PDFs of a draft, made from the Document and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from agreements import access, documents, snapshot
from agreements.domain import canonical
from agreements.models import Agreement
from agreements.views.common import page

logger = logging.getLogger(__name__)


@require_GET
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be downloaded, and from exactly which content it is made."""
    agreement, able = access.fetch(request, slug)
    document = snapshot.build(agreement)
    return page(
        request,
        "agreements/documents.html",
        agreement,
        able,
        {"document": document, "sha256": canonical.sha256(document)},
        tab="documents",
    )


def _answer(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    make: Callable[[], bytes],
    name: str,
) -> HttpResponse:
    """The file, or a page that says why there is none."""
    try:
        content = make()
    except documents.PdfError as problem:
        logger.error("%s: %s", name, problem)
        unavailable = isinstance(problem, documents.PdfUnavailableError)
        return page(
            request,
            "agreements/no_pdf.html",
            agreement,
            able,
            {"unavailable": unavailable},
            tab="documents",
            status=503 if unavailable else 500,
        )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def agreement_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The agreement as a draft."""
    agreement, able = access.fetch(request, slug)
    document = snapshot.build(agreement)
    return _answer(
        request,
        agreement,
        able,
        lambda: documents.agreement_pdf(document),
        f"{slug}-utkast.pdf",
    )


@require_GET
def contributions_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The contribution table of the chosen alternative as a draft; 404 until one is chosen."""
    agreement, able = access.fetch(request, slug)
    document = snapshot.build(agreement)
    if document.financing is None:
        raise Http404
    return _answer(
        request,
        agreement,
        able,
        lambda: documents.contributions_pdf(document),
        f"{slug}-bidragstabell-utkast.pdf",
    )
