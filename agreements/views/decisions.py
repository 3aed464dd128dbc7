"""A director's page: what it costs, what has changed, what is open, and then the answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from agreements import access, deciding, reviewing, versions
from agreements.domain.checks import Position
from agreements.models import Agreement, Decision, Delegation
from agreements.record import Actor
from agreements.review_forms import DecisionForm, DelegationForm, TakeBackForm
from agreements.views import director
from agreements.views.common import page
from agreements.views.review import Told, moved_on
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.once import part

TAB = "review"


def _found_again(agreement: Agreement, key: str) -> Decision:
    """The answer as it is stored now; 404 where the body is asked no more."""
    for row in reviewing.asked(agreement).decisions:
        if row.organisation.key == key:
            return row
    raise Http404


def _mine(
    request: HttpRequest, slug: str, key: str
) -> tuple[Agreement, access.Abilities, Decision, reviewing.Asked]:
    """The answer and the others', for whoever may give it; 403 for others who may see the version.

    Where the body is not asked about a version that counts, the answer about the last one it was asked
    about; 404 where it never was.
    """
    agreement, able = access.fetch(request, slug, versions=True)
    known = reviewing.asked(agreement)
    row = next((row for row in known.decisions if row.organisation.key == key), None)
    if row is None and known.versions:
        row = reviewing.last_asked(agreement, key)
    if row is None:
        raise Http404
    if access.mandate(request.user, row) is None:
        raise PermissionDenied
    return agreement, able, row, known


def _too_late(row: Decision, known: reviewing.Asked) -> Told | None:
    """What whoever comes after the body was asked is told; None while it is."""
    if known.version is None:
        return _withdrawn(row)
    if row.version_id != known.version.pk:
        return Told(
            f"{row.organisation.name} er ikke spurt om versjon {known.version.number}",
            f"Dere ble spurt om versjon {row.version.number}, som er trukket tilbake.",
        )
    return None


def _withdrawn(row: Decision) -> Told:
    return Told(
        f"Versjon {row.version.number} er trukket tilbake",
        "Svarene på den gjelder ikke lenger. De som skal svare på neste versjon, blir spurt når den er "
        "til behandling.",
    )


def _withdrawn_now(request: HttpRequest, slug: str, row: Decision) -> HttpResponse:
    """What a form gets that was sent in the moment the version was withdrawn."""
    agreement, able = access.fetch(request, slug, versions=True)
    return moved_on(request, agreement, able, _withdrawn(row))


def _form(decision: Decision, seen: director.Seen, *given: Any, **kwargs: Any) -> DecisionForm:
    return DecisionForm(
        *given,
        alternatives=seen.alternatives,
        confirms=decision.kind == Decision.Kind.CONFIRMS,
        **kwargs,
    )


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """The body's own page for one version. Whoever comes after it was withdrawn is told so."""
    agreement, able, row, known = _mine(request, slug, key)
    if told := _too_late(row, known):
        return moved_on(request, agreement, able, told)
    seen = director.read(agreement, row, request.user)
    initial = {"revision": row.revision, "seen": row.version.sha256}
    form, status = _form(row, seen, initial=initial), 200
    given: dict[str, Any] = {}
    if request.method == "POST":
        form, status = _form(row, seen, request.POST), INVALID
        if form.is_valid():
            try:
                stored = _decide(request, row, form.cleaned_data)
                if stored:
                    messages.success(request, f"Svaret fra {row.organisation.name} er registrert.")
                return redirect("decision", slug, key)
            except deciding.ClosedError as closed:
                if closed.version is None:
                    return _withdrawn_now(request, slug, row)
                given = {"closed": closed, "typed": form.cleaned_data}
            except deciding.AlreadyAnsweredError as answered:
                given = {"answered": answered.current}
                row = _found_again(agreement, key)
            except revisions.StaleRevisionError as stale:
                given = {"stale": True}
                typed = with_revision(request.POST, stale.current)
                typed["seen"] = _found_again(agreement, key).version.sha256
                form = _form(row, seen, typed)
            status = CONFLICT
    else:
        versions.opened(row.version, request.user, row.organisation)
        given["known"] = known
    return _show(request, agreement, able, row, seen, status, form=form, **given)


def _decide(request: HttpRequest, row: Decision, data: dict[str, Any]) -> bool:
    return deciding.decide(
        Actor(request.user, row.organisation),
        row,
        data["revision"],
        stance=Position(data["stance"]),
        seen_sha256=data["seen"],
        preferred_alternative=data.get("preferred_alternative", ""),
        comment=data["comment"],
    )


def _show(
    request: HttpRequest,
    agreement: Agreement,
    able: access.Abilities,
    row: Decision,
    seen: director.Seen,
    status: int,
    known: reviewing.Asked | None = None,
    **given: Any,
) -> HttpResponse:
    """The page; `known` is who is asked, where that has been read and nothing has happened since."""
    asked = known or reviewing.asked(agreement)
    own = row.organisation_id
    people = access.may_be_delegated(request.user, agreement, row.organisation)
    context = {
        "decision": row,
        "version": row.version,
        "seen": seen,
        "pays": part("agreements/review/_pays.html", seen.pays),
        "is_open": reviewing.days_left(agreement, asked.version) is not None,
        "take_back_form": TakeBackForm(initial={"revision": row.revision}),
        "delegation_form": DelegationForm(people=people, auto_id="deleger_%s") if people else None,
        "delegations": [
            given for given in access.running_delegations(agreement) if given.organisation_id == own
        ],
        **given,
    }
    return page(
        request, "agreements/review/decision.html", agreement, able, context, tab=TAB, status=status
    )


@require_POST
def take_back(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Take the answer back while the round is open."""
    agreement, able, row, known = _mine(request, slug, key)
    if told := _too_late(row, known):
        return moved_on(request, agreement, able, told)
    form = TakeBackForm(request.POST)
    given: dict[str, Any] = {"take_back_form": form}
    status = INVALID
    if form.is_valid():
        data = form.cleaned_data
        who = Actor(request.user, row.organisation)
        try:
            if deciding.take_back(who, row, data["revision"], data["reason"]):
                messages.success(request, "Svaret er trukket. Dere kan svare på nytt.")
            return redirect("decision", slug, key)
        except deciding.ClosedError as closed:
            if closed.version is None:
                return _withdrawn_now(request, slug, row)
            given |= {"closed": closed}
        except deciding.AlreadyAnsweredError as answered:
            given |= {"answered": answered.current}
            row = _found_again(agreement, key)
        status = CONFLICT
    seen = director.read(agreement, row, request.user)
    initial = {"revision": row.revision, "seen": row.version.sha256}
    return _show(
        request,
        agreement,
        able,
        row,
        seen,
        status,
        form=_form(row, seen, initial=initial),
        refused_form=form,
        **given,
    )


@require_POST
def delegate(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Let somebody else in the municipality answer for some days."""
    agreement, able, row, known = _mine(request, slug, key)
    if told := _too_late(row, known):
        return moved_on(request, agreement, able, told)
    people = access.may_be_delegated(request.user, agreement, row.organisation)
    if not people:
        raise PermissionDenied
    if target := revisions.earlier(request.POST.get("token"), request.user):
        return redirect(target)
    form = DelegationForm(request.POST, people=people, auto_id="deleger_%s")
    if not form.is_valid():
        seen = director.read(agreement, row, request.user)
        initial = {"revision": row.revision, "seen": row.version.sha256}
        return _show(
            request,
            agreement,
            able,
            row,
            seen,
            INVALID,
            form=_form(row, seen, initial=initial),
            delegation_form=form,
            refused_form=form,
        )
    data = form.cleaned_data

    def make() -> str:
        deciding.delegate(
            Actor(request.user, row.organisation),
            agreement,
            row.organisation,
            data["given_to"],
            (data["first_day"], data["last_day"]),
            data["reason"],
        )
        messages.success(request, f"{data['given_to'].name} kan svare for {row.organisation.name}.")
        return director.address(agreement, row.organisation)

    return redirect(revisions.once(data["token"], request.user, make))


@require_POST
def revoke(request: HttpRequest, slug: str, key: str, pk: int) -> HttpResponse:
    """End a delegation at once."""
    agreement, _able, row, _known = _mine(request, slug, key)
    delegation = Delegation.objects.filter(
        agreement=agreement, organisation=row.organisation, pk=pk
    ).first()
    if delegation is None:
        raise Http404
    if delegation.given_to_id == request.user.pk:
        raise PermissionDenied
    if deciding.revoke(Actor(request.user, row.organisation), agreement, delegation):
        messages.success(request, "Delegeringen er avsluttet.")
    return redirect("decision", slug, key)
