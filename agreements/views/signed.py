"""Signed files: who has signed, and one more file."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from agreements import access, finals, signed_files, workflow
from agreements.domain import states
from agreements.final_forms import SignedForm
from agreements.models import StoredFile
from agreements.views.common import actor, page
from municipalities.answers import CONFLICT, INVALID

NOBODY = "Kryss av for dem som har signert. Det kan ikke leses ut av filen."
NOT_OURS = (
    "Filen er ikke den vi laget, med signaturer lagt til. Er den fra en signeringstjeneste eller "
    "skannet, må du bekrefte at du har åpnet den"
)


@require_http_methods(["GET", "POST"])
def signed_files_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has signed the version, in which files, and a form for one more file."""
    agreement, able = access.fetch(request, slug, administer=True)
    version = workflow.current(agreement)
    asked = signed_files.parties(version) if version else []
    status, form, moved_on = 200, SignedForm(parties=asked), False
    if request.method == "POST":
        form, status = SignedForm(request.POST, request.FILES, parties=asked), INVALID
        if form.is_valid():
            try:
                file = signed_files.add(actor(request, able), agreement, form.signed())
                agreement.refresh_from_db(fields=["status"])
                state = states.LABELS[agreement.state]
                messages.success(request, f"«{file.file_name}» er lagret. Avtalen er {state}.")
                return redirect("signed-files", slug)
            except workflow.MovedOnError:
                agreement, able = access.fetch(request, slug, administer=True)
                status, moved_on = CONFLICT, True
            except signed_files.NobodySaidError:
                form.add_error("parties", NOBODY)
            except signed_files.NotConfirmedError:
                form.add_error("confirmed", NOT_OURS)
            except finals.RefusedError as refused:
                for problem in refused.problems:
                    form.add_error("file", problem)
    given = signed_files.signatures(version) if version else []
    signed = {row.organisation.key: row for row in given}
    return page(
        request,
        "agreements/signed.html",
        agreement,
        able,
        {
            "form": form,
            "moved_on": moved_on,
            "is_open": agreement.state in signed_files.OPEN,
            "version": version,
            "parties": [(name, signed.get(key)) for key, name in asked],
            "files": [
                file
                for file in (finals.listed(version) if version else [])
                if file.kind == StoredFile.Kind.SIGNED
            ],
        },
        tab="documents",
        status=status,
    )
