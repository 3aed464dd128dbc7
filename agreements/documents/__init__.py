"""The PDFs. Each takes a frozen Document or Study, never rows; only this package uses WeasyPrint."""

from agreements.documents.agreement import agreement_pdf
from agreements.documents.comparison import comparison_pdf
from agreements.documents.contributions import contributions_pdf
from agreements.documents.issue import Issue, Kind, draft
from agreements.documents.record import record_pdf
from agreements.documents.renderer import PdfError, PdfUnavailableError, RefusedError

__all__ = [
    "Issue",
    "Kind",
    "PdfError",
    "PdfUnavailableError",
    "RefusedError",
    "agreement_pdf",
    "comparison_pdf",
    "contributions_pdf",
    "draft",
    "record_pdf",
]
