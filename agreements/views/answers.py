"""One input: reading it, answering it, and deciding what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agreements import access, remembered, trace
from agreements import input as services
from agreements.access import Abilities
from agreements.domain.wordings import word_runs
from agreements.editing import Actor
from agreements.input_forms import AcceptForm, DeclineForm, ReplyForm, ResolveForm
from agreements.models import Agreement, Clause, Comment
from agreements.views.common import actor, page
from agreements.views.text import helpers as clause_helpers
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision

State = Comment.State


def find(agreement: Agreement, able: Abilities, pk: int) -> Comment:
    """Return an input this person may see; 404 otherwise, and for a reply."""
    rows = access.comments(agreement, able).filter(parent=None, pk=pk)
    row = rows.select_related(
        "agreement", "author", "organisation", "closed_by", "suggestion"
    ).first()
    if row is None:
        raise Http404
    return row


def _clause(agreement: Agreement, comment: Comment) -> Clause | None:
    rows = agreement.clauses.select_related("agreement")
    return rows.filter(key=comment.clause_key).first() if comment.clause_key else None


def _difference(comment: Comment, clause: Clause | None) -> dict[str, Any]:
    """What a suggestion changes: in the text as it is now while it is open, else as it was then."""
    if comment.kind != Comment.Kind.SUGGESTION:
        return {}
    made = comment.suggestion
    before = made.base_heading, made.base_text
    after = made.heading, made.text
    proposal = None
    if clause is not None and comment.state == State.OPEN:
        proposal = services.proposal(made, clause)
        before, after = (clause.heading, clause.text), (proposal.heading, proposal.text)
    return {
        "heading_runs": word_runs(before[0], after[0]),
        "text_runs": word_runs(before[1], after[1]),
        "proposal": proposal,
        "moved_on": clause is not None and clause.revision != made.base_revision,
    }


def _show(
    request: HttpRequest,
    agreement: Agreement,
    able: Abilities,
    comment: Comment,
    status: int = 200,
    **given: Any,
) -> HttpResponse:
    """The page of one input; `given` has the form that was refused, or what has happened meanwhile."""
    clause = _clause(agreement, comment)
    replies = list(comment.replies.select_related("author", "organisation"))
    own = comment.author_id == request.user.pk
    is_open = comment.state == State.OPEN
    context = {
        "comment": comment,
        "place": trace.Places(remembered.draft(agreement).document).of(comment),
        "clause": clause,
        "replies": replies,
        "may_withdraw": able.comment and own and is_open and not replies,
        "may_reopen": able.edit and comment.state in (State.RESOLVED, State.DECLINED),
        "reply_form": ReplyForm(auto_id="svar_%s"),
        "resolve_form": ResolveForm(auto_id="avklar_%s"),
        "decline_form": DeclineForm(auto_id="avslag_%s"),
        **_difference(comment, clause),
        **given,
    }
    template = "agreements/input/detail.html"
    return page(request, template, agreement, able, context, tab="inputs", status=status)


@require_GET
def input_page(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One input with its replies, what it proposes, and what became of it."""
    agreement, able = access.fetch(request, slug)
    return _show(request, agreement, able, find(agreement, able, pk))


@require_POST
def reply(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Answer an input."""
    agreement, able = access.fetch(request, slug, comment=True)
    comment = find(agreement, able, pk)
    if target := revisions.earlier(request.POST.get("token"), request.user):
        return redirect(target)
    form = ReplyForm(request.POST, auto_id="svar_%s")
    if not form.is_valid():
        return _show(request, agreement, able, comment, INVALID, reply_form=form, form=form)

    def make() -> str:
        made = services.reply(actor(request, able), comment, form.cleaned_data["text"])
        messages.success(request, "Svaret er sendt.")
        return f"{reverse('input', args=[slug, pk])}#svar-{made.pk}"

    return redirect(revisions.once(form.cleaned_data["token"], request.user, make))


def _decide(
    request: HttpRequest,
    agreement: Agreement,
    able: Abilities,
    comment: Comment,
    done: Callable[[Actor], bool],
    message: str,
) -> HttpResponse:
    """Carry out an outcome; where somebody else was first, show the page as it is now."""
    try:
        if done(actor(request, able)):
            messages.success(request, message)
    except services.AnsweredError:
        comment = find(agreement, able, comment.pk)
        return _show(request, agreement, able, comment, CONFLICT, answered=True)
    return redirect("input", agreement.slug, comment.pk)


@require_POST
def resolve(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say that a comment is dealt with."""
    agreement, able = access.fetch(request, slug, edit=True)
    comment = find(agreement, able, pk)
    if comment.kind != Comment.Kind.COMMENT:
        raise Http404
    form = ResolveForm(request.POST, auto_id="avklar_%s")
    if not form.is_valid():
        return _show(request, agreement, able, comment, INVALID, resolve_form=form, form=form)
    reason = form.cleaned_data["reason"]
    return _decide(
        request,
        agreement,
        able,
        comment,
        lambda who: services.resolve_comment(who, comment, reason),
        "Innspillet er avklart.",
    )


@require_POST
def decline(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say no, and why."""
    agreement, able = access.fetch(request, slug, edit=True)
    comment = find(agreement, able, pk)
    form: forms.Form = DeclineForm(request.POST, auto_id="avslag_%s")
    if not form.is_valid():
        return _show(request, agreement, able, comment, INVALID, decline_form=form, form=form)
    reason = form.cleaned_data["reason"]
    return _decide(
        request,
        agreement,
        able,
        comment,
        lambda who: services.decline(who, comment, reason),
        "Innspillet er avslått.",
    )


@require_POST
def reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Open again what was resolved or declined."""
    agreement, able = access.fetch(request, slug, edit=True)
    comment = find(agreement, able, pk)
    return _decide(
        request,
        agreement,
        able,
        comment,
        lambda who: services.reopen(who, comment),
        "Innspillet er åpnet igjen.",
    )


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take one's own input back."""
    agreement, able = access.fetch(request, slug, comment=True)
    comment = find(agreement, able, pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied
    return _decide(
        request,
        agreement,
        able,
        comment,
        lambda who: services.withdraw(who, comment),
        "Innspillet er trukket.",
    )


@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a suggestion into the text: as it is, or with the wording a person has adjusted.

    The button beside the difference sends the clause's revision alone; this page's form sends the
    wording too.
    """
    agreement, able = access.fetch(request, slug, edit=True)
    comment = find(agreement, able, pk)
    clause = _clause(agreement, comment)
    if comment.kind != Comment.Kind.SUGGESTION or clause is None:
        raise Http404
    if comment.state != State.OPEN and request.method == "GET":
        return redirect("input", slug, pk)
    keys = set(agreement.clauses.values_list("key", flat=True))
    status, current = 200, None
    now = services.proposal(comment.suggestion, clause)
    ready = {"heading": now.heading, "text": now.text, "revision": clause.revision}
    form = AcceptForm(initial=ready, keys=keys)
    if request.method == "POST":
        # The button sends what it was made with: the revision of the clause on the page.
        as_it_is = "text" not in request.POST and "heading" not in request.POST
        typed = request.POST.copy()
        if as_it_is:
            typed.update({"heading": now.heading, "text": now.text})
        form, status = AcceptForm(typed, keys=keys), INVALID
        if form.is_valid():
            data = form.cleaned_data
            merged = None if as_it_is else (data["heading"], data["text"])
            try:
                return _decide(
                    request,
                    agreement,
                    able,
                    comment,
                    lambda who: services.accept(who, comment, data["revision"], merged),
                    "Forslaget er tatt inn i avtalen.",
                )
            except revisions.StaleRevisionError as stale:
                form = AcceptForm(with_revision(typed, stale.current), keys=keys)
                status, current, clause = CONFLICT, stale.current, stale.current
            except services.ConflictingTextError:
                status, current = CONFLICT, clause
    return page(
        request,
        "agreements/input/accept.html",
        agreement,
        able,
        {
            "form": form,
            "comment": comment,
            "clause": clause,
            "current": current,
            "proposal": now,
            "stored": clause,
            **clause_helpers(agreement, clause.key),
        },
        tab="inputs",
        status=status,
    )
