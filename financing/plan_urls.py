"""The addresses of a plan's pages, below wherever the plan is found."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from financing.place import Finder
from financing.views import alternative, current, economy, payments, plan, what_if


def patterns(find: Finder, route: str, prefix: str) -> list[URLPattern]:
    """Return the pages' addresses. `find` makes the Place from what `route` holds, or answers 404.

    Names begin with `prefix`, as Place.url expects.
    """

    def at(rest: str, view: Callable[..., HttpResponse], name: str) -> URLPattern:
        taken = _names(route)

        @wraps(view)
        def found(request: HttpRequest, **parts: object) -> HttpResponse:
            place = find(request, **{key: parts.pop(key) for key in taken})
            return view(request, place, **parts)

        return path(route + rest, found, name=prefix + name)

    return [
        at("", economy.economy, "economy"),
        at("plan/", plan.plan, "plan"),
        at("plan/ny-bidragsyter/", plan.new_participant, "new-participant"),
        at("dagens-bidrag/", current.current, "current"),
        at("betalingsplan/", payments.payments, "instalments"),
        at("nytt-alternativ/", economy.new_alternative, "new-alternative"),
        at("alternativ/<int:pk>/", alternative.alternative, "alternative"),
        at("alternativ/<int:pk>/hva-om/", what_if.what_if, "what-if"),
        at("alternativ/<int:pk>/regn/", alternative.preview, "preview-alternative"),
        at("alternativ/<int:pk>/slett/", alternative.delete_alternative, "delete-alternative"),
    ]


def _names(route: str) -> list[str]:
    """The names of the parts of an address that `find` takes: «<slug:slug>» is slug."""
    return [part.partition(">")[0].partition(":")[2] for part in route.split("<")[1:]]
