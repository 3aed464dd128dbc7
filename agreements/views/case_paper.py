"""The case paper: read for the region or for one municipality, written in its parts, and as files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import access, case_papers, documents, versions
from agreements import case_paper_editing as writing
from agreements.case_paper_forms import CaseNumberForm, PartForm
from agreements.documents import case_paper as printed
from agreements.documents import case_paper_layout
from agreements.domain import case_paper_texts, editor_document, facts, numbering, resolve
from agreements.domain.case_paper import OWN_PARTS, CasePaper, Part
from agreements.models import PART_NAMES, Agreement, CasePaperText
from agreements.views.common import actor, page
from agreements.views.documents import answer_pdf, sent
from agreements.views.office import MEDIA_TYPES
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision

TAB = "review"


def _read(
    request: HttpRequest, slug: str
) -> tuple[Agreement, access.Abilities, case_papers.Source, CasePaper]:
    """The paper that `?for=` asks about; 403 while it is not for this person, 404 for no such body."""
    agreement, able = access.fetch(request, slug, paper=True)
    source = case_papers.read(agreement)
    if source.whole.frozen is None and not able.read:
        raise Http404
    try:
        paper = source.paper(request.GET.get("for", ""))
    except case_papers.NoSuchRecipientError:
        raise Http404 from None
    return agreement, able, source, paper


@require_GET
def case_paper(request: HttpRequest, slug: str) -> HttpResponse:
    """The paper as it is read, with links to its files, and for the team to what they may write."""
    agreement, able, source, paper = _read(request, slug)
    return page(
        request,
        "agreements/case_paper/paper.html",
        agreement,
        able,
        {
            **printed.context(paper),
            "recipients": source.recipients,
            "query": f"?for={paper.key}" if paper.key else "",
            "parts": _parts(paper) if able.write_paper else [],
        },
        tab=TAB,
    )


def _parts(paper: CasePaper) -> list[dict[str, Any]]:
    """What the team may write, and whether it has."""
    return [
        {
            "key": part.value,
            "name": name[:1].upper() + name[1:],
            "written": bool(paper.written(part)),
        }
        for part, name in PART_NAMES.items()
    ]


def _name(slug: str, paper: CasePaper, ending: str) -> str:
    what = f"versjon-{paper.frozen.number}" if paper.frozen else "utkast"
    own = f"-{paper.key}" if paper.key else ""
    return f"{slug}-saksframlegg{own}-{what}.{ending}"


def _note_download(
    request: HttpRequest, agreement: Agreement, able: access.Abilities, what: str
) -> None:
    """Versions say who has downloaded what is made from them."""
    version = case_papers.sent(agreement)
    if version is not None:
        versions.downloaded(version, request.user, able.organisation, what)


@require_GET
def case_paper_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """The paper as PDF."""
    agreement, able, _source, paper = _read(request, slug)
    _note_download(request, agreement, able, "saksframlegg.pdf")
    return answer_pdf(
        request,
        agreement,
        able,
        lambda: documents.case_paper_pdf(paper),
        _name(slug, paper, "pdf"),
    )


@require_GET
def case_paper_office(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The paper as a Word document or a workbook."""
    agreement, able, _source, paper = _read(request, slug)
    _note_download(request, agreement, able, f"saksframlegg.{form}")
    make = documents.case_paper_docx if form == "docx" else documents.case_paper_xlsx
    return sent(make(paper), MEDIA_TYPES[form], _name(slug, paper, form))


# Writing


def _part(key: str) -> Part:
    """The part that an address names; 404 for none."""
    try:
        return Part(key)
    except ValueError:
        raise Http404 from None


def _example(source: case_papers.Source, part: Part) -> CasePaper:
    """The paper a part is shown in: that of the first municipality where it is about one.

    For what is proposed to one that is against, the first that is.
    """
    if part not in OWN_PARTS or not source.recipients:
        return source.whole
    papers = [source.paper(body.key) for body in source.recipients]
    return next((one for one in papers if case_paper_texts.proposal(one) is part), papers[0])


def _form(part: Part, paper: CasePaper, *args: Any, **options: Any) -> PartForm | CaseNumberForm:
    if part is Part.CASE_NUMBER:
        return CaseNumberForm(*args, **options)
    keys = set(numbering.numbers(paper.document.clauses))
    return PartForm(*args, part=part, keys=keys, **options)


@require_http_methods(["GET", "POST"])
def edit_part(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Write a part. A text that is as usual is not stored, so that it goes on following the facts."""
    part = _part(key)
    agreement, able = access.fetch(request, slug, write_paper=True)
    source = case_papers.read(agreement)
    paper = _example(source, part)
    row, usual = writing.stored(agreement, part), case_paper_texts.usual(paper, part)
    status, current = 200, None
    if request.method == "GET":
        shown = {"text": row.text or usual, "revision": row.revision}
        form = _form(part, paper, initial=shown)
    else:
        form, status = _form(part, paper, request.POST), INVALID
        if form.is_valid():
            data = form.cleaned_data
            text = "" if data["text"] == usual else data["text"]
            try:
                writing.save_part(actor(request, able), agreement, part, data["revision"], text)
                messages.success(request, f"Saksframlegget er lagret: {PART_NAMES[part]}.")
                return redirect("case-paper", slug)
            except revisions.StaleRevisionError as stale:
                form = _form(part, paper, with_revision(request.POST, stale.current))
                status, current = CONFLICT, stale.current
    return _show(request, agreement, able, part, paper, form, row, current, status)


def _show(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    part: Part,
    paper: CasePaper,
    form: PartForm | CaseNumberForm,
    row: CasePaperText,
    current: object,
    status: int,
) -> HttpResponse:
    usual = case_paper_texts.usual(paper, part)
    stored = (current.text or usual) if isinstance(current, CasePaperText) else ""
    context: dict[str, Any] = {
        "form": form,
        "part": part.value,
        "heading": PART_NAMES[part][:1].upper() + PART_NAMES[part][1:],
        "plain": part is Part.CASE_NUMBER,
        "current": current,
        "stored": stored,
        "edited": bool(row.text),
        "usual": usual,
    }
    if part is not Part.CASE_NUMBER:
        context |= _insertable(paper, part) | _preview(paper, part, form)
        context["editor"] = {
            "document": editor_document.from_text(form["text"].value() or ""),
            "facts": context["facts"],
            "points": context["points"],
        }
    return page(
        request,
        "agreements/case_paper/edit.html",
        agreement,
        able,
        context,
        tab=TAB,
        status=status,
    )


def _insertable(paper: CasePaper, part: Part) -> dict[str, Any]:
    """The facts with the values they have in this paper, and the agreement's points."""
    known = facts.values(paper.document) | case_paper_texts.values(paper)
    numbers = numbering.numbers(paper.document.clauses)
    return {
        "facts": [
            {
                "name": info.name,
                "label": info.label_nb,
                "value": known.get(info.name),
                "isBlock": info.is_block,
            }
            for info in case_paper_texts.fact_names(part)
        ],
        "points": [
            {"key": key, "number": numbers[key], "heading": heading}
            for key, heading in resolve.headings(paper.document).items()
        ],
    }


def _preview(paper: CasePaper, part: Part, form: PartForm | CaseNumberForm) -> dict[str, Any]:
    """The part as it will be read, with what stands in the form."""
    raw = str(form["text"].value() or "").replace("\x00", "")
    written = str(form.fields["text"].to_python(raw))
    if len(written) > (form.fields["text"].max_length or 0):
        return {"too_long": True}
    return {
        "blocks": case_paper_layout.part(paper, part, written),
        "language": paper.language.value,
        "example": paper.recipient,
    }


@require_POST
def preview_part(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The part with what is typed and not saved, for the page it is typed on."""
    part = _part(key)
    agreement, _able = access.fetch(request, slug, write_paper=True)
    if part is Part.CASE_NUMBER:
        raise Http404
    paper = _example(case_papers.read(agreement), part)
    form = _form(part, paper, request.POST)
    return render(request, "agreements/case_paper/_preview.html", _preview(paper, part, form))
