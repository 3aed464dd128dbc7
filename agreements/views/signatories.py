"""Who signs: how they are reached and in what order, and the list for the signing service."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from agreements import access, contacts, finals, signatories, signed_files, versions
from agreements.contact_forms import ContactsForm
from agreements.documents import signers
from agreements.domain.states import CONTACT_STATES, Action, State, transition
from agreements.models import Agreement, Party, StoredFile
from agreements.views.common import actor, page, unkept
from agreements.views.documents import sent
from financing import people_csv, xlsx
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID

FILES = {
    "csv": (signers.signers_csv, people_csv.MEDIA_TYPE),
    "xlsx": (signers.signers_xlsx, xlsx.MEDIA_TYPE),
}


def _parties(agreement: Agreement) -> list[Party]:
    return list(agreement.parties.select_related("organisation"))


@require_http_methods(["GET", "POST"])
def contacts_of(request: HttpRequest, slug: str) -> HttpResponse:
    """E-mail and order of everybody who signs. Also after the version is frozen: it has neither."""
    agreement, able = access.fetch(request, slug, administer=True)
    parties, status, stale = _parties(agreement), 200, False
    offered = contacts.suggested(parties)
    form = ContactsForm(parties=parties, suggested=offered)
    if request.method == "POST":
        form, status = ContactsForm(request.POST, parties=parties, suggested=offered), INVALID
        if form.is_valid():
            try:
                if contacts.save(actor(request, able), agreement, form.changes()):
                    messages.success(request, "E-post og rekkefølge for signeringen er lagret.")
                return redirect(_onwards(agreement))
            except revisions.ConflictError:
                agreement, able = access.fetch(request, slug, administer=True)
                parties, status, stale = _parties(agreement), CONFLICT, True
                form = form.again(parties)
    answer = page(
        request,
        "agreements/signatories.html",
        agreement,
        able,
        {
            "form": form,
            "parties": parties,
            "stale": stale,
            "is_open": agreement.state in CONTACT_STATES,
            "onwards": _onwards(agreement),
        },
        tab="documents",
        status=status,
    )
    return unkept(answer)


def _onwards(agreement: Agreement) -> str:
    """Where somebody goes from here: on with what they came from."""
    slug = agreement.slug
    if agreement.state is State.ADOPTED:
        step = transition(Action.PREPARE_SIGNING).slug
        return reverse("step", args=[slug, step])
    names = {State.DRAFT: "parties"} | dict.fromkeys(signed_files.OPEN, "signed-files")
    return reverse(names.get(agreement.state, "review"), args=[slug])


@require_GET
def signer_list(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The list that goes with the final file, for the administrator; 404 before there is one."""
    agreement, able = access.fetch(request, slug, administer=True)
    final = finals.of_current(agreement, StoredFile.Kind.AGREEMENT)
    if final is None:
        raise Http404
    make, media_type = FILES[form]
    content = make(signatories.signers(agreement, final.version))
    versions.downloaded(final.version, request.user, able.organisation, "signatarlisten")
    name = f"{slug}-versjon-{final.version.number}-signatarliste.{form}"
    return sent(content, media_type, name)
