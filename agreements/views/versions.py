"""Frozen versions: one as its readers see it, and what differs between two."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from agreements import access, documents, exporting, finals, public_versions, versions, workflow
from agreements.domain import diff, diff_summary
from agreements.domain.document import Language
from agreements.models import Agreement, StoredFile, Version
from agreements.views import difference_parts
from agreements.views.common import page
from agreements.views.documents import answer_pdf
from agreements.views.text_parts import FrozenText
from municipalities.once import part


def find(agreement: Agreement, number: int) -> Version:
    """Return a version with its bytes; 404 where there is no such."""
    found = versions.find(agreement, number)
    if found is None:
        raise Http404
    return found


@require_GET
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The text, the parties and the table as they were frozen, and what was said about them."""
    agreement, able = access.fetch(request, slug, versions=True)
    row = find(agreement, number)
    document = workflow.document_of(row)
    versions.opened(row, request.user, able.organisation)
    answers = row.decisions.select_related("organisation", "decided_by")
    return page(
        request,
        "agreements/review/version.html",
        agreement,
        able,
        {
            "version": row,
            "document": document,
            "text": part("agreements/review/_frozen_text.html", FrozenText(document)),
            "answers": list(answers),
            "standing": [item for item in row.findings if "reason" in item],
            "files": finals.listed(row),
            "public": public_versions.listed(row),
            "others": [other for other in versions.listed(agreement) if other.pk != row.pk],
            "counts": row.round.withdrawn_at is None,
        },
        tab="review",
    )


def stored(row: Version, kind: StoredFile.Kind) -> StoredFile | None:
    """The file of a kind that was stored when the version became final; None where there is none."""
    return next((file for file in finals.listed(row) if file.kind == kind), None)


@require_GET
def version_pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version as PDF: the stored file where it is final, else made from the frozen Document."""
    return _pdf(request, slug, number, StoredFile.Kind.AGREEMENT)


@require_GET
def table_pdf(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version's contribution table, as `version_pdf`; 404 where it has none."""
    return _pdf(request, slug, number, StoredFile.Kind.CONTRIBUTIONS)


def _pdf(request: HttpRequest, slug: str, number: int, kind: StoredFile.Kind) -> HttpResponse:
    agreement, able = access.fetch(request, slug, versions=True)
    row = find(agreement, number)
    if file := stored(row, kind):
        return redirect("stored-file", slug, file.pk)
    document, issue = workflow.document_of(row), exporting.issue_of(row)
    is_table = kind is StoredFile.Kind.CONTRIBUTIONS
    if is_table and document.financing is None:
        raise Http404

    def make() -> bytes:
        pdf = documents.contributions_pdf if is_table else documents.agreement_pdf
        made = pdf(document, issue)
        what = "bidragstabell.pdf" if is_table else "avtale.pdf"
        versions.downloaded(row, request.user, able.organisation, what)
        return made

    name = f"{slug}-versjon-{number}{'-bidragstabell' if is_table else ''}.pdf"
    return answer_pdf(request, agreement, able, make, name)


@require_GET
def between(request: HttpRequest, slug: str, before: int, after: int) -> HttpResponse:
    """What differs between two versions. The same number twice has no page."""
    agreement, able = access.fetch(request, slug, versions=True)
    if before == after:
        raise Http404
    older, newer = find(agreement, before), find(agreement, after)
    was, now = workflow.document_of(older), workflow.document_of(newer)
    found = diff.compare(was, now)
    own = able.organisation.key if able.organisation else ""
    return page(
        request,
        "agreements/difference.html",
        agreement,
        able,
        {
            "older_name": f"versjon {before}",
            "newer_name": f"versjon {after}",
            "empty": found.empty,
            "summary": diff_summary.summary(found, Language.BOKMAL),
            "parts": difference_parts.parts(found, was, now, own),
        },
        tab="history",
    )
