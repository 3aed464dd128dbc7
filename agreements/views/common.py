"""What every page of an agreement has: its navigation and its actor."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agreements import access
from agreements.access import Abilities
from agreements.editing import Actor
from agreements.models import Agreement, Comment
from municipalities.answers import CONFLICT, INVALID
from municipalities.prepared import Prepared

TABS = (
    ("agreement", "Oversikt"),
    ("text", "Tekst"),
    ("parties", "Parter"),
    ("services", "Tjenester"),
    ("inputs", "Innspill"),
    ("economy", "Økonomi"),
    ("findings", "Kontroll"),
    ("review", "Behandling"),
    ("history", "Historikk"),
    ("documents", "Dokumenter"),
)
STEPS = {"opp": -1, "ned": 1}  # among its siblings, in an address
OF_VERSIONS = frozenset({"review"})  # for those who only see what has been sent out


def actor(request: HttpRequest, able: Abilities) -> Actor:
    """The person behind the request, and the organisation they act for."""
    return Actor(request.user, able.organisation)


def page(
    request: HttpRequest,
    template: str,
    agreement: Agreement,
    able: Abilities,
    context: dict[str, Any],
    *,
    tab: str,
    status: int = 200,
) -> HttpResponse:
    """Render a page of the agreement with its navigation; `tab` is the address name that is current."""
    return render(
        request,
        template,
        {
            **navigation(agreement, able, tab=tab),
            "refused": status == INVALID,
            "conflict": status == CONFLICT,
            **context,
        },
        status=status,
    )


def unkept(answer: HttpResponse) -> HttpResponse:
    """Let no browser or shared computer keep a page that has personal data."""
    answer["Cache-Control"] = "private, no-store"
    return answer


def navigation(agreement: Agreement, able: Abilities, *, tab: str) -> dict[str, Any]:
    """What the frame of an agreement's pages needs."""
    tabs: list[dict[str, Any]] = [
        {"url": reverse(name, args=[agreement.slug]), "label": label, "current": name == tab}
        for name, label in TABS
        if able.read or name in OF_VERSIONS
    ]
    count = agreement.open_all if able.team else agreement.open_shared
    for item in tabs:
        if item["label"] == "Innspill":
            item |= {"count": count, "count_label": "åpne"}
    return {"agreement": agreement, "able": able, "tabs": tabs}


def open_by_place(agreement: Agreement, able: Abilities, field: str) -> dict[str, int]:
    """How many open inputs there are about each clause or service; `field` is the key's column."""
    return dict(_OPEN[field].all(agreement.pk, access.visibilities(able)))


def _open(field: str) -> Prepared:
    def rows(agreement: int, visibilities: tuple[str, ...]) -> QuerySet[Any, Any]:
        found = Comment.objects.filter(
            agreement=agreement,
            parent=None,
            state=Comment.State.OPEN,
            visibility__in=visibilities,
        ).exclude(**{field: ""})
        return (
            found.order_by().values(field).annotate(count=Count("pk")).values_list(field, "count")
        )

    return Prepared(rows)


_OPEN = {field: _open(field) for field in ("clause_key", "service_key")}
