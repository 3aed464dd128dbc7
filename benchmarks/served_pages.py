"""What a download is measured against: a page with nothing on it, and all that comes before a render."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from agreements import access, documents, finals, snapshot
from agreements.documents.agreement import agreement_html
from agreements.models import StoredFile


def empty(request: HttpRequest) -> HttpResponse:
    """The frame of every page, for somebody who is logged in, and nothing in it."""
    return render(request, "base.html")


def until_render(request: HttpRequest, slug: str) -> HttpResponse:
    """What the draft's view does before it asks the worker for a PDF."""
    agreement, _able = access.fetch(request, slug)
    finals.of_current(agreement, StoredFile.Kind.AGREEMENT)
    document = snapshot.build(agreement)
    agreement_html(document, documents.draft(document))
    return HttpResponse()


urlpatterns = [
    path("benk/tom/", empty),
    path("benk/<slug:slug>/", until_render),
    path("", include("config.urls")),
]
