"""The public version: what is withheld, why, what gives it away all the same, and the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import access, documents, withholding
from agreements import public_versions as services
from agreements.documents import words
from agreements.documents.public import table_context
from agreements.domain import giveaways, legal_basis, public_view
from agreements.domain import marks as marking
from agreements.domain.document import Language
from agreements.domain.marks import MarkKind
from agreements.models import Agreement, Version, Withholding
from agreements.public_forms import WORDS, MarkForm, SeenForm, choice
from agreements.public_versions import MovedOnError, Work
from agreements.views.common import actor, page
from agreements.views.documents import answer_pdf, no_pdf
from municipalities.answers import CONFLICT, INVALID

TAB = "documents"


@dataclass(frozen=True)
class Offer:
    """What gives something away, and what the form would send to prevent it."""

    message: str
    button: str = ""
    fields: tuple[tuple[str, str], ...] = ()


@require_http_methods(["GET", "POST"])
def public_version(request: HttpRequest, slug: str) -> HttpResponse:
    """The agreement's text with what is withheld marked, and a form for one more mark."""
    posted = request.method == "POST"
    agreement, able = access.fetch(request, slug, public=True, administer=posted)
    work = services.work_on(agreement)
    if not posted or work is None:
        return _answer(request, agreement, able, work, status=CONFLICT if posted else 200)
    form, status = _form(work, request.POST), INVALID
    if form.is_valid():
        version = _seen(agreement, form.cleaned_data["version"])
        try:
            made = withholding.mark(actor(request, able), agreement, version, form.marking())
            about = services.describe(made, work.document)
            messages.success(request, f"Unntatt: {about}.")
            return redirect("public-version", slug)
        except withholding.RefusedMarkError as refused:
            form.add_error(refused.field or None, str(refused))
        except MovedOnError:
            work, status = services.work_on(agreement), CONFLICT
            if work is not None:
                typed = request.POST.copy()
                typed["version"] = str(work.version.pk)
                form = _form(work, typed)
    return _answer(request, agreement, able, work, form=form, status=status)


def _seen(agreement: Agreement, pk: int) -> Version:
    """The version that a page was about; 404 for one of another agreement."""
    found = agreement.versions.defer("document").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _form(work: Work, data: Any = None, **initial: Any) -> MarkForm:
    return MarkForm(
        data,
        targets=marking.targets(work.document),
        bases=legal_basis.on(timezone.localdate()),
        initial={"version": work.version.pk, **initial},
    )


def _answer(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    work: Work | None,
    *,
    form: MarkForm | None = None,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    """The page, with what was typed where it was not stored."""
    given: dict[str, Any] = {"work": None}
    if work is None:  # no version to have the form about
        written = (request.POST.get(name, "").strip() for name in ("phrase", "other_basis"))
        given["typed"] = [text for text in written if text]
    else:
        given = _context(work, able.administer and work.is_open)
        asked = {"what": request.GET.get("unnta", WORDS)}
        given["form"] = form or _form(work, **asked)
    return page(
        request,
        "agreements/public/page.html",
        agreement,
        able,
        {**given, "problems": problems},
        tab=TAB,
        status=status,
    )


def _context(work: Work, may_mark: bool) -> dict[str, Any]:
    marks = work.marks
    shown = work.view(reveal=True)
    view = work.view()
    told = giveaways.find(work.document, view, marks)
    anchored = {
        clause.anchor: choice(MarkKind.CLAUSE, key)
        for key, clause in zip(_keys(work), _flat(shown.clauses), strict=True)
    }
    return {
        "work": work,
        "may_mark": may_mark,
        "view": shown,
        "words": words.WORDS[Language.BOKMAL],
        **table_context(shown),
        "on_page": True,
        "anchored": anchored,
        "marked": [
            (row, services.describe(row, work.document), mark.basis, places)
            for row, mark, places in zip(work.rows, marks, view.places, strict=True)
        ],
        "offers": [_offer(work, one) for one in told],
        "obstacles": services.obstacles(work),
        "seen": public_view.sha256(view),
    }


def _keys(work: Work) -> list[str]:
    return [t.key for t in marking.targets(work.document) if t.kind is MarkKind.CLAUSE]


def _flat(clauses: tuple[public_view.PublicClause, ...]) -> list[public_view.PublicClause]:
    found = []
    for clause in clauses:
        found += [clause, *_flat(clause.children)]
    return found


def _offer(work: Work, told: giveaways.Giveaway) -> Offer:
    """What the button beside a warning sends: the mark that is offered, by the provision of the first."""
    mark = told.offer
    if mark is None:
        return Offer(told.message)
    row: Withholding = work.rows[told.like]
    fields = {
        "version": str(work.version.pk),
        "what": choice(mark.kind, mark.target),
        "phrase": mark.phrase,
        "basis": row.basis,
        "other_basis": row.other_basis,
        **({"with_sums": "on"} if mark.with_sums else {}),
    }
    if mark.kind is MarkKind.PHRASE:
        button = f"Unnta «{mark.phrase}» også"
    elif mark.with_sums:
        button = "Unnta beløpene i raden og summene de er med i"
    else:
        button = "Unnta alle beløpene i raden"
    return Offer(told.message, button, tuple(fields.items()))


Step = Callable[[Agreement, access.Abilities, Version, str], str]


def _take(request: HttpRequest, slug: str, step: Step) -> HttpResponse:
    """Take a step that needs nothing but what the page showed; the page again where it is stopped."""
    agreement, able = access.fetch(request, slug, public=True, administer=True)
    form = SeenForm(request.POST)
    if not form.is_valid():
        work = services.work_on(agreement)
        return _answer(request, agreement, able, work, status=CONFLICT)
    version = _seen(agreement, form.cleaned_data["version"])
    try:
        said = step(agreement, able, version, form.cleaned_data["seen"])
    except MovedOnError:
        work = services.work_on(agreement)
        return _answer(request, agreement, able, work, status=CONFLICT)
    if said:
        messages.success(request, said)
    return redirect("public-version", slug)


@require_POST
def unmark(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Let something be public again."""

    def step(agreement: Agreement, able: access.Abilities, version: Version, _seen: str) -> str:
        gone = withholding.unmark(actor(request, able), agreement, version, pk)
        return "Unntaket er fjernet." if gone else ""

    return _take(request, slug, step)


@require_POST
def begin(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a public version that will withhold something else than the one that is made."""

    def step(agreement: Agreement, able: access.Abilities, version: Version, _seen: str) -> str:
        withholding.begin(actor(request, able), agreement, version)
        return "Du kan endre unntakene. Den som er laget, blir liggende."

    return _take(request, slug, step)


@require_POST
def make(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the public version and keep it."""

    def step(agreement: Agreement, able: access.Abilities, version: Version, seen: str) -> str:
        services.make(actor(request, able), agreement, version, seen)
        return "Den offentlige versjonen er laget."

    try:
        return _take(request, slug, step)
    except documents.RefusedError as refused:
        problems = refused.problems
    except documents.PdfError as problem:
        agreement, able = access.fetch(request, slug, public=True, administer=True)
        return no_pdf(request, agreement, able, problem, f"public version of {slug}")
    agreement, able = access.fetch(request, slug, public=True, administer=True)
    work = services.work_on(agreement)
    return _answer(request, agreement, able, work, problems=problems, status=INVALID)


@require_GET
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The public version as it would be now, marked as a draft; 404 while nothing is marked."""
    agreement, able = access.fetch(request, slug, public=True)
    work = services.work_on(agreement)
    if work is None or not work.rows:
        raise Http404
    name = services.file_name(slug, work, preview=True)
    return answer_pdf(request, agreement, able, lambda: services.preview(work), name)
