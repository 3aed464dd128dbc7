"""Pages for anybody, logged in or not."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how accessible the program is, where the statement is, and whom to tell of a hindrance."""
    context = {
        "statement": settings.ACCESSIBILITY_STATEMENT_URL,
        "feedback": settings.FEEDBACK_EMAIL,
    }
    return render(request, "municipalities/accessibility.html", context)
