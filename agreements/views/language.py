"""What follows an agreement's language by itself, and swapping what does not."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agreements import access, editions, trace
from agreements.domain.document import Document
from agreements.domain.editions import Kind, Piece
from agreements.forms import SwapLanguageForm
from agreements.models import Agreement
from agreements.views.common import actor, page
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of wording as the page names it, and where it is edited."""

    label: str
    address: str


@require_http_methods(["GET", "POST"])
def language(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what follows the language and what does not; POST swaps what still is the model's text."""
    agreement, able = access.fetch(request, slug, edit=True)
    status = 200
    if request.method == "POST":
        form = SwapLanguageForm(request.POST)
        status = INVALID
        if form.is_valid():
            try:
                count = editions.swap(
                    actor(request, able), agreement, form.cleaned_data["revision"]
                )
                messages.success(request, _told(count, agreement))
                return redirect("language", slug)
            except revisions.StaleRevisionError:
                status = CONFLICT
    return _page(request, slug, status)


def _told(count: int, agreement: Agreement) -> str:
    if not count:
        return "Det var ikke noe igjen å bytte."
    places = "ett sted" if count == 1 else f"{count} steder"
    return f"Teksten er byttet til {agreement.get_language_display()} {places}."


def _page(request: HttpRequest, slug: str, status: int) -> HttpResponse:
    agreement, able = access.fetch(request, slug, edit=True)
    found = editions.state(agreement)
    lines = _Lines(agreement.slug, found.document)
    return page(
        request,
        "agreements/language.html",
        agreement,
        able,
        {
            "pair": found.pair,
            "swaps": [lines.of(swap.before) for swap in found.decision.swaps],
            "by_hand": [lines.of(piece) for piece in found.decision.by_hand],
            "form": SwapLanguageForm(initial={"revision": agreement.revision}),
        },
        tab="agreement",
        status=status,
    )


class _Lines:
    """The names and addresses of the pieces of one draft."""

    def __init__(self, slug: str, document: Document) -> None:
        self.slug, self.places = slug, trace.Places(document)
        self.parties = {party.body.key: party.body.name for party in document.parties}

    def of(self, piece: Piece) -> Line:
        """Return the line for a piece of wording."""
        slug, key = self.slug, piece.key
        match piece.kind:
            case Kind.CLAUSE:
                label = self.places.clauses.get(key, piece.heading)
                return Line(f"Punkt {label}", reverse("clause", args=[slug, key]))
            case Kind.SERVICE:
                return Line(f"Tjenesten «{piece.text}»", reverse("service", args=[slug, key]))
            case Kind.SIGNATORY:
                label = f"Tittel og fullmakt for {self.parties[key]}"
                return Line(label, reverse("party", args=[slug, key]))
            case Kind.TITLE:
                return Line("Tittelen", reverse("details", args=[slug]))
            case Kind.INVOICING:
                return Line("Setningen om fakturering", reverse("plan", args=[slug]))
