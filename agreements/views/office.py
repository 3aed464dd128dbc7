"""The Word documents and workbooks beside the PDFs: of the draft, of a version, and of a plan."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from agreements import access, documents, exporting, finals, snapshot, versions, workflow
from agreements.documents.docx import MEDIA_TYPE as WORD
from agreements.domain.document import Document, Language
from agreements.models import StoredFile
from agreements.views.documents import no_pdf, plan_of, sent
from agreements.views.versions import find, stored
from financing import files
from financing.study import Study
from financing.xlsx import MEDIA_TYPE as EXCEL

MEDIA_TYPES = {"docx": WORD, "xlsx": EXCEL}
_COMPARISON: dict[str, Callable[[Study, Language], bytes]] = {
    "docx": documents.comparison_docx,
    "xlsx": documents.comparison_xlsx,
}


@require_GET
def agreement_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """The draft's parties, points, services and table as a workbook; the version's while one counts."""
    agreement, _able = access.fetch(request, slug)
    if counts := workflow.current(agreement):
        return redirect("version-xlsx", slug, counts.number)
    document = snapshot.build(agreement)
    content = documents.agreement_xlsx(document, documents.draft(document))
    return sent(content, EXCEL, f"{slug}-utkast.xlsx")


@require_GET
def contributions_docx(request: HttpRequest, slug: str) -> HttpResponse:
    """The chosen alternative's table as Word; 404 until one is chosen. The version's while one counts."""
    agreement, _able = access.fetch(request, slug)
    if counts := workflow.current(agreement):
        return redirect("version-table-docx", slug, counts.number)
    document = _with_table(snapshot.build(agreement))
    content = documents.contributions_docx(document, documents.draft(document))
    return sent(content, WORD, f"{slug}-bidragstabell-utkast.docx")


def _with_table(document: Document) -> Document:
    if document.financing is None:
        raise Http404
    return document


@require_GET
def comparison(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The plan's alternatives side by side, the chosen one first; 404 without a table."""
    agreement, _able = access.fetch(request, slug)
    study = files.study(plan_of(agreement), agreement.chosen_alternative_id)
    return comparison_file(study, Language(agreement.language), form, slug)


def comparison_file(study: Study, language: Language, form: str, name: str) -> HttpResponse:
    """The comparison in one of the forms, named after what it is of."""
    content = _COMPARISON[form](study, language)
    return sent(content, MEDIA_TYPES[form], f"{name}-sammenligning-utkast.{form}")


@require_GET
def version(request: HttpRequest, slug: str, number: int, what: str, form: str) -> HttpResponse:
    """A version's agreement, or its table (404 where it has none), made from the frozen Document.

    The table's workbook has formulas: the stored one where it is final, and a page that says why where
    the plan has other rules by now.
    """
    agreement, able = access.fetch(request, slug, versions=True)
    row = find(agreement, number)
    document, issue = workflow.document_of(row), exporting.issue_of(row)
    if what == "bidragstabell" and form == "xlsx":
        if file := stored(row, StoredFile.Kind.CONTRIBUTIONS_XLSX):
            return redirect("stored-file", slug, file.pk)
        if issue.is_withdrawn:  # it has the plan's own words, which are of a draft by now
            raise Http404
        try:
            content = finals.workbook(row, _with_table(document), issue)
        except finals.RefusedError as refused:
            return no_pdf(request, agreement, able, refused, f"workbook of {slug}, {number}")
    elif what == "bidragstabell":
        content = documents.contributions_docx(_with_table(document), issue)
    elif form == "docx":
        content = documents.agreement_docx(document, issue=issue)
    else:
        content = documents.agreement_xlsx(document, issue)
    versions.downloaded(row, request.user, able.organisation, f"{what}.{form}")
    ending = f"versjon-{number}-bidragstabell" if what == "bidragstabell" else f"versjon-{number}"
    return sent(content, MEDIA_TYPES[form], f"{slug}-{ending}.{form}")
