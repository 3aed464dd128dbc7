"""Signed files: who has signed, and one more file."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from agreements import access, documents, finals, signatories, signed_files, workflow
from agreements.domain import states
from agreements.final_forms import SignedForm, TakeBackSignatureForm
from agreements.models import StoredFile
from agreements.views.common import actor, page, unkept
from municipalities.answers import CONFLICT, INVALID, UNAVAILABLE

logger = logging.getLogger(__name__)

NOBODY = "Kryss av for dem som har signert. Det kan ikke leses ut av filen."
NOBODY_LOOKED = (
    "Filen kunne ikke kontrolleres akkurat nå, og er ikke lagret. Prøv igjen om et minutt."
)
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
            except documents.PdfError as failed:
                logger.error("signed file of %s: %s", slug, failed)
                form.add_error("file", NOBODY_LOOKED)
                status = UNAVAILABLE
    final = finals.of_current(agreement, StoredFile.Kind.AGREEMENT) if version else None
    answer = page(
        request,
        "agreements/signed.html",
        agreement,
        able,
        {
            "form": form,
            "moved_on": moved_on,
            "is_open": agreement.state in signed_files.OPEN,
            "version": version,
            "final": final,
            "signing": signatories.read(agreement, version) if version else None,
            "files": [
                file
                for file in (finals.listed(version) if version else [])
                if file.kind == StoredFile.Kind.SIGNED
            ],
            "takes_back": agreement.state in signed_files.TAKES_BACK,
        },
        tab="documents",
        status=status,
    )
    return unkept(answer)


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take back the word that parties have signed in a file; 404 for one where nobody has given it."""
    agreement, able = access.fetch(request, slug, administer=True)
    file, version = finals.find(agreement, pk), workflow.current(agreement)
    if file is None or version is None or file.version_id != version.pk:
        raise Http404
    given = [row for row in signed_files.history(version) if row.file_id == file.pk]
    said = [row for row in given if not row.checked]
    if not said:
        raise Http404
    standing = [row for row in said if not hasattr(row, "taken_back")]
    choices = [(row.organisation.key, row.organisation.name) for row in standing]
    form, status, moved_on = TakeBackSignatureForm(parties=choices), 200, False
    if request.method == "POST":
        form, status = TakeBackSignatureForm(request.POST, parties=choices), INVALID
        if form.is_valid():
            who, data = actor(request, able), form.cleaned_data
            try:
                signed_files.take_back(who, agreement, file, data["parties"], data["reason"])
                agreement.refresh_from_db(fields=["status"])
                state = states.LABELS[agreement.state]
                messages.success(request, f"Bekreftelsen er tatt tilbake. Avtalen er {state}.")
                return redirect("signed-files", slug)
            except workflow.MovedOnError:
                agreement, able = access.fetch(request, slug, administer=True)
                status, moved_on = CONFLICT, True
    return page(
        request,
        "agreements/take_back_signature.html",
        agreement,
        able,
        {
            "form": form,
            "file": file,
            "standing": standing,
            "moved_on": moved_on,
            "is_open": agreement.state in signed_files.TAKES_BACK,
        },
        tab="documents",
        status=status,
    )
