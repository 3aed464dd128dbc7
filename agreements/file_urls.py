"""Addresses of the files that are made of an agreement, its versions, its record and its plan."""

from django.urls import path

from agreements.views import case_paper, documents, office, plans, record, versions, word
from financing import files

_AGREEMENT = "avtaler/<slug:slug>/"
_FOLDER = f"{_AGREEMENT}dokumenter/"
_VERSION = f"{_AGREEMENT}versjoner/<int:number>/"
_RECORD = f"{_AGREEMENT}historikk/hendelser"
_PLAN = "okonomi/<int:plan_pk>/"
OFFICE = ("docx", "xlsx")

urlpatterns = [
    path(f"{_FOLDER}avtale.pdf", documents.agreement_pdf, name="agreement-pdf"),
    path(f"{_FOLDER}avtale.docx", word.agreement_docx, name="agreement-docx"),
    path(f"{_FOLDER}avtale.xlsx", office.agreement_xlsx, name="agreement-xlsx"),
    path(f"{_FOLDER}bidragstabell.pdf", documents.contributions_pdf, name="contributions-pdf"),
    path(f"{_FOLDER}bidragstabell.docx", office.contributions_docx, name="contributions-docx"),
    *(
        path(
            f"{_FOLDER}bidragstabell.{form}",
            documents.table_file,
            {"form": form},
            name=f"contributions-{form}",
        )
        for form in files.FILES
    ),
    path(f"{_FOLDER}sammenligning.pdf", documents.comparison_pdf, name="comparison-pdf"),
    *(
        path(
            f"{_FOLDER}sammenligning.{form}",
            office.comparison,
            {"form": form},
            name=f"comparison-{form}",
        )
        for form in OFFICE
    ),
    path(f"{_RECORD}.pdf", record.record_pdf, name="record-pdf"),
    *(
        path(f"{_RECORD}.{form}", record.record_office, {"form": form}, name=f"record-{form}")
        for form in OFFICE
    ),
    path(f"{_RECORD}.csv", record.record_csv, name="record-csv"),
    path(f"{_AGREEMENT}saksframlegg.pdf", case_paper.case_paper_pdf, name="case-paper-pdf"),
    *(
        path(
            f"{_AGREEMENT}saksframlegg.{form}",
            case_paper.case_paper_office,
            {"form": form},
            name=f"case-paper-{form}",
        )
        for form in OFFICE
    ),
    path(f"{_VERSION}avtale.pdf", versions.version_pdf, name="version-pdf"),
    *(
        path(
            f"{_VERSION}avtale.{form}",
            office.version,
            {"what": "avtale", "form": form},
            name=f"version-{form}",
        )
        for form in OFFICE
    ),
    path(f"{_VERSION}bidragstabell.pdf", versions.table_pdf, name="version-table-pdf"),
    *(
        path(
            f"{_VERSION}bidragstabell.{form}",
            office.version,
            {"what": "bidragstabell", "form": form},
            name=f"version-table-{form}",
        )
        for form in OFFICE
    ),
    path(f"{_PLAN}sammenligning.pdf", plans.comparison_pdf, name="study-comparison-pdf"),
    *(
        path(
            f"{_PLAN}sammenligning.{form}",
            plans.comparison_office,
            {"form": form},
            name=f"study-comparison-{form}",
        )
        for form in OFFICE
    ),
    *(
        path(
            f"{_PLAN}bidragstabell.{form}",
            plans.table_file,
            {"form": form},
            name=f"study-contributions-{form}",
        )
        for form in files.FILES
    ),
]
