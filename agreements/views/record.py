"""The record of an agreement: every event in order, its chain, and the files of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from agreements import access, documents, record, record_lines, remembered, snapshot
from agreements.domain.document import Language
from agreements.models import Agreement
from agreements.views.common import page
from agreements.views.documents import answer_pdf, sent
from agreements.views.office import MEDIA_TYPES
from municipalities.once import part

PAGE_SIZE = 50


@dataclass(frozen=True)
class Listed:
    """The events of one page of the record, as this person may see them."""

    lines: tuple[record_lines.Line, ...]

    def context(self) -> dict[str, Any]:
        """What the template of the list asks for."""
        return {"lines": self.lines}


@require_GET
def events(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that has happened, the newest first. `?kontroll=1` follows the chain."""
    agreement, able = access.fetch(request, slug)
    listed = Paginator(record_lines.rows(agreement).order_by("-number"), PAGE_SIZE)
    shown = listed.get_page(request.GET.get("side", "1"))
    draft = remembered.draft(agreement)
    found = record_lines.lines(
        shown.object_list, draft.document, team=able.team, headings=draft.headings
    )
    lines = tuple(found)
    followed = "kontroll" in request.GET
    return page(
        request,
        "agreements/record.html",
        agreement,
        able,
        {
            "page": shown,
            "listed": part("agreements/_record_lines.html", Listed(lines)),
            "followed": followed,
            "break": record.first_break(agreement) if followed else None,
            "newest": (
                agreement.events.order_by("-number").only("agreement", "number", "hash").first()
                if followed
                else None
            ),
        },
        tab="history",
    )


def _whole(
    request: HttpRequest, slug: str
) -> tuple[Agreement, access.Abilities, tuple[record_lines.Line, ...]]:
    """All of the record as this person may see it."""
    agreement, able = access.fetch(request, slug)
    rows = record_lines.rows(agreement).iterator(chunk_size=500)
    found = tuple(record_lines.lines(rows, snapshot.build(agreement), team=able.team))
    return agreement, able, found


@require_GET
def record_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole record as CSV, with what is needed to compute the chain again."""
    _agreement, _able, found = _whole(request, slug)
    return sent(record_lines.as_csv(found), "text/csv; charset=utf-8", f"{slug}-hendelser.csv")


@require_GET
def record_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole record as PDF."""
    agreement, able, found = _whole(request, slug)
    return answer_pdf(
        request,
        agreement,
        able,
        lambda: documents.record_pdf(
            agreement.title, agreement.region.name, found, Language(agreement.language)
        ),
        f"{slug}-hendelser.pdf",
    )


@require_GET
def record_office(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The whole record as a Word document or a workbook."""
    agreement, _able, found = _whole(request, slug)
    title, region = agreement.title, agreement.region.name
    content = (
        documents.record_docx(title, region, found, Language(agreement.language))
        if form == "docx"
        else documents.record_xlsx(title, region, found)
    )
    return sent(content, MEDIA_TYPES[form], f"{slug}-hendelser.{form}")
