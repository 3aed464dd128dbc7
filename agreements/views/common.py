"""What every page of an agreement has: its navigation, its actor, and how a stale save is answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from agreements.access import Abilities
from agreements.editing import Actor
from agreements.models import Agreement
from municipalities.models import Revisioned

INVALID = 422
CONFLICT = 409

TABS = (
    ("agreement", "Oversikt"),
    ("text", "Tekst"),
    ("parties", "Parter"),
    ("services", "Tjenester"),
    ("economy", "Økonomi"),
    ("findings", "Kontroll"),
    ("documents", "Dokumenter"),
)


def actor(request: HttpRequest, able: Abilities) -> Actor:
    """The person behind the request, and the organisation they act for."""
    return Actor(request.user, able.organisation)  # type: ignore[arg-type]


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
    tabs = [
        {"url": reverse(name, args=[agreement.slug]), "label": label, "current": name == tab}
        for name, label in TABS
    ]
    return render(
        request,
        template,
        {
            "agreement": agreement,
            "able": able,
            "tabs": tabs,
            "refused": status == INVALID,
            "conflict": status == CONFLICT,
            **context,
        },
        status=status,
    )


def with_revision(data: QueryDict, current: Revisioned) -> QueryDict:
    """Return what was typed with the stored revision, so that saving once more is a choice, not a race."""
    copy = data.copy()
    copy["revision"] = str(current.revision)
    return copy
