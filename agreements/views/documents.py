"""The documents page, the PDFs of a draft made from its Document, and the files of its plan."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from agreements import (
    access,
    archive,
    documents,
    exporting,
    finals,
    public_versions,
    remembered,
    signatories,
    snapshot,
    workflow,
)
from agreements.domain.document import Language
from agreements.models import Agreement, StoredFile, Version
from agreements.views.common import page, unkept
from financing import files, reader
from municipalities.answers import INVALID, UNAVAILABLE

logger = logging.getLogger(__name__)


@require_GET
def document_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be downloaded, and from exactly which content it is made."""
    agreement, able = access.fetch(request, slug)
    draft = remembered.draft(agreement)
    final = finals.of_current(agreement, StoredFile.Kind.AGREEMENT)
    counts = final.version if final else workflow.current(agreement)
    provisional = counts if final is None else None
    answer = page(
        request,
        "agreements/documents.html",
        agreement,
        able,
        {
            "document": draft.document,
            "sha256": draft.sha256,
            "plan_files": addresses("", slug) if draft.calculable else {},
            "final": final,
            "files": finals.listed(final.version) if final else [],
            "signing": signatories.read(agreement, final.version) if final else None,
            "counts": counts,
            "stamped": _state(provisional) if provisional else "",
            "ended": agreement.state in archive.ENDED,
            "open_input": agreement.open_all if able.team else agreement.open_shared,
            "public": public_versions.listed(counts) if counts else [],
        },
        tab="documents",
    )
    return unkept(answer) if able.administer else answer


def _state(version: Version) -> str:
    """What the foot of each page of a version's files says it is."""
    return exporting.issue_of(version).state(Language(version.agreement.language))


def answer_pdf(
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
        return no_pdf(request, agreement, able, problem, name)
    return sent(content, "application/pdf", name, shown=True)


def no_pdf(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    problem: documents.PdfError,
    what: str,
) -> HttpResponse:
    """A page that says why there is no file; the log has `what` it was about."""
    logger.error("%s: %s", what, problem)
    refused = isinstance(problem, documents.RefusedError)
    return page(
        request,
        "agreements/no_pdf.html",
        agreement,
        able,
        {"problem": problem},
        tab="documents",
        status=INVALID if refused else UNAVAILABLE,
    )


def addresses(prefix: str, key: object) -> dict[str, str]:
    """Where the files of a plan are: `prefix` and `key` as in its Place, names as in the templates."""
    names = [f"comparison-{form}" for form in ("pdf", "docx", "xlsx")]
    names += [f"contributions-{form}" for form in files.FILES]
    return {name.replace("-", "_"): reverse(prefix + name, args=[key]) for name in names}


def sent(content: bytes, media_type: str, name: str, *, shown: bool = False) -> HttpResponse:
    """A file to keep, or one that the browser shows. No shared computer keeps it by itself."""
    response = HttpResponse(content, content_type=media_type)
    where = "inline" if shown else "attachment"
    response["Content-Disposition"] = f'{where}; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def agreement_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The agreement as a draft; the version's while one counts, as there is only one truth."""
    agreement, able = access.fetch(request, slug)
    if counts := workflow.current(agreement):
        return redirect("version-pdf", slug, counts.number)
    document = snapshot.build(agreement)
    return answer_pdf(
        request,
        agreement,
        able,
        lambda: documents.agreement_pdf(document, documents.draft(document)),
        f"{slug}-utkast.pdf",
    )


@require_GET
def contributions_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The contribution table of the chosen alternative as a draft; 404 until one is chosen.

    The version's while one counts.
    """
    agreement, able = access.fetch(request, slug)
    if counts := workflow.current(agreement):
        return redirect("version-table-pdf", slug, counts.number)
    document = snapshot.build(agreement)
    if document.financing is None:
        raise Http404
    return answer_pdf(
        request,
        agreement,
        able,
        lambda: documents.contributions_pdf(document, documents.draft(document)),
        f"{slug}-bidragstabell-utkast.pdf",
    )


def plan_of(agreement: Agreement) -> reader.PlanFacts:
    """The agreement's plan; 404 while none of its alternatives can be calculated."""
    facts = reader.load(agreement.plan)
    if not facts.tables:
        raise Http404
    return facts


@require_GET
def comparison_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan's alternatives side by side as a draft, the chosen one first; 404 without a table."""
    agreement, able = access.fetch(request, slug)
    study = files.study(plan_of(agreement), agreement.chosen_alternative_id)
    return answer_pdf(
        request,
        agreement,
        able,
        lambda: documents.comparison_pdf(study, Language(agreement.language)),
        f"{slug}-sammenligning-utkast.pdf",
    )


@require_GET
def table_file(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """All alternatives' tables for a spreadsheet or a program; 404 without a table."""
    agreement, _able = access.fetch(request, slug)
    make, media_type = files.FILES[form]
    content = make(plan_of(agreement), agreement.chosen_alternative_id, agreement.language)
    return sent(content, media_type, f"{slug}-bidragstabell.{form}")
