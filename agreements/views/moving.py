"""Moving clauses: a step by a button or a key, or to a place pointed out by dragging."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from agreements import access, moving
from agreements.access import Abilities
from agreements.domain.structure import IllegalMoveError, Place, Refusal
from agreements.models import Agreement
from agreements.moving import Moved
from agreements.views.common import actor
from agreements.views.text import show
from agreements.views.text_parts import MOVES
from municipalities.answers import CONFLICT

STEPS = {word: step for step, word, _, _ in MOVES}
_KEY_LIMIT = 60
WORDS = {
    Refusal.CLAUSE_GONE: "Punktet er slettet av noen andre. Ingenting er flyttet.",
    Refusal.PARENT_GONE: "Punktet du ville flytte til, er slettet av noen andre. "
    "Ingenting er flyttet.",
    Refusal.NEIGHBOUR_GONE: "Noen andre har flyttet på punktene. Teksten viser hvordan det er nå. "
    "Ingenting er flyttet.",
    Refusal.UNDER_ITSELF: "Et punkt kan ikke ligge under seg selv.",
    Refusal.TOO_DEEP: "Punkter kan ligge i høyst fire nivåer.",
    Refusal.NO_SUCH_STEP: "Punktet kan ikke flyttes lenger den veien.",
}


def _move(
    request: HttpRequest, agreement: Agreement, able: Abilities, key: str, move: Callable[[], Moved]
) -> HttpResponse:
    """Move, and answer with the text as it has become: all of it, or what htmx puts in its place."""
    try:
        done = move()
    except IllegalMoveError as refused:
        return show(
            request, agreement, able, said=WORDS[refused.reason], moved=key, status=CONFLICT
        )
    said = (
        f"Punkt {done.before} er nå {done.after}."
        if done.before != done.after
        else f"Punkt {done.before} står der det sto."
    )
    if request.htmx:
        return show(request, agreement, able, said=said, moved=key)
    if done.before != done.after:
        messages.success(request, said)
    return redirect(f"{reverse('text', args=[agreement.slug])}#{key}")


@require_POST
def move_clause(request: HttpRequest, slug: str, key: str, step: str) -> HttpResponse:
    """Move a clause up or down among its siblings, or a level in or out."""
    agreement, able = access.fetch(request, slug, edit=True)
    if step not in STEPS:
        raise Http404
    return _move(
        request,
        agreement,
        able,
        key,
        lambda: moving.step_clause(actor(request, able), agreement, key, STEPS[step]),
    )


@require_POST
def place_clause(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Move a clause to where it was dropped: under «under» (nothing: a main clause), before «foran»."""
    agreement, able = access.fetch(request, slug, edit=True)
    place = Place(
        request.POST.get("under", "")[:_KEY_LIMIT], request.POST.get("foran", "")[:_KEY_LIMIT]
    )
    return _move(
        request,
        agreement,
        able,
        key,
        lambda: moving.place_clause(actor(request, able), agreement, key, place),
    )
