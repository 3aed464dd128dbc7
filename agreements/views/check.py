"""The open check: whether a file, or the content of a paper, is registered here. Needs no login."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from agreements import registered
from agreements.final_forms import CheckForm
from municipalities import rate
from municipalities.answers import INVALID

MOST = 60  # questions a minute from one address


@login_not_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Ask with a file, whose hash is computed and which is not kept, or with a hash."""
    if request.method == "GET":
        return _page(request, CheckForm())
    if rate.too_often(request, "check", MOST):
        return _too_often(request)
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=INVALID)
    file = form.cleaned_data["file"]
    digest = _digest(file) if file else form.cleaned_data["digest"]
    name = file.name if file else ""
    return _page(request, CheckForm(), digest=digest, name=name, found=registered.find(digest))


@login_not_required
@require_GET
def check_hash(request: HttpRequest, digest: str) -> HttpResponse:
    """What the code on a paper asks; 404 for what is not registered."""
    if rate.too_often(request, "check", MOST):
        return _too_often(request)
    asked = registered.clean(digest)
    found = registered.find(asked) if asked else []
    return _page(
        request, CheckForm(), digest=asked, found=found, asked=True, status=200 if found else 404
    )


def _digest(file: UploadedFile) -> str:
    hashed = hashlib.sha256()
    for chunk in file.chunks():
        hashed.update(chunk)
    return hashed.hexdigest()


def _page(
    request: HttpRequest, form: CheckForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    answered = "found" in context
    answer = render(
        request,
        "agreements/check.html",
        {"form": form, "answered": answered, "refused": status == INVALID, **context},
        status=status,
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


def _too_often(request: HttpRequest) -> HttpResponse:
    answer = _page(request, CheckForm(), status=429, too_often=True)
    answer["Retry-After"] = str(rate.WINDOW)
    return answer
