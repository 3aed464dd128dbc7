"""The PDFs, Word documents and workbooks. Each takes a frozen Document or Study, never rows.

Only this package uses WeasyPrint.
"""

from agreements.documents.agreement import agreement_pdf
from agreements.documents.bounded import available
from agreements.documents.case_paper import case_paper_docx, case_paper_pdf, case_paper_xlsx
from agreements.documents.check import address as check_address
from agreements.documents.comparison import comparison_docx, comparison_pdf
from agreements.documents.contributions import contributions_docx, contributions_pdf
from agreements.documents.docx import agreement_docx, changes_docx
from agreements.documents.errors import PdfError, PdfUnavailableError, RefusedError
from agreements.documents.excel import agreement_xlsx, comparison_xlsx, record_xlsx
from agreements.documents.issue import Issue, Kind, draft
from agreements.documents.public import public_pdf
from agreements.documents.record import record_docx, record_pdf

__all__ = [
    "Issue",
    "Kind",
    "PdfError",
    "PdfUnavailableError",
    "RefusedError",
    "agreement_docx",
    "agreement_pdf",
    "agreement_xlsx",
    "available",
    "case_paper_docx",
    "case_paper_pdf",
    "case_paper_xlsx",
    "changes_docx",
    "check_address",
    "comparison_docx",
    "comparison_pdf",
    "comparison_xlsx",
    "contributions_docx",
    "contributions_pdf",
    "draft",
    "public_pdf",
    "record_docx",
    "record_pdf",
    "record_xlsx",
]
