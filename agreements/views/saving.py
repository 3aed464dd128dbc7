"""Keeping what is written in a clause: begun texts, two people at once, a clause that is gone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from agreements import access, drafts, history
from agreements.comparing import Comparison, Runs, compare, runs
from agreements.draft_forms import (
    MERGED,
    MINE,
    THEIRS,
    BegunForm,
    ChooseForm,
    KeepForm,
    MarkForm,
)
from agreements.drafts import Begun
from agreements.forms import ClauseForm
from agreements.models import Agreement, Clause, ClauseDraft
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID


@dataclass(frozen=True)
class Saving:
    """What the form of a clause begins with, and what is said around it.

    `base` is the revision that the text in the form was written from, `mark` the draft that holds it.
    `runs` are what a begun text changes in heading and text.
    """

    heading: str
    text: str
    base: int
    mark: str = ""
    draft: ClauseDraft | None = None
    comparison: Comparison | None = None
    chosen: str = ""
    runs: tuple[Runs, Runs] | None = None

    def initial(self, row: Clause) -> dict[str, Any]:
        """What the form shows. Saving it is a choice: whatever there is to see, is shown beside it."""
        return {"heading": self.heading, "text": self.text, "revision": row.revision}

    def context(self, request: HttpRequest, writers: list[drafts.Writer]) -> dict[str, Any]:
        """What the templates of the form ask for."""
        return {
            "saving": self,
            "comparison": self.comparison,
            "writers": writers,
            "mark_form": MarkForm(initial={"draft": self.mark}),
            "writer": request.user.pk,
        }


def opened(row: Clause, own: ClauseDraft | None) -> Saving:
    """The page as it is opened: with the person's begun text where there is one."""
    if own is None or (own.heading, own.text) == (row.heading, row.text):
        return Saving(row.heading, row.text, row.revision, own.mark if own else "")
    begun = Begun(own.base_revision, own.heading, own.text)
    kept = Saving(own.heading, own.text, own.base_revision, own.mark, own)
    if own.base_revision != row.revision:
        return replace(kept, comparison=compare(row, begun))
    return replace(kept, runs=runs((row.heading, row.text), (own.heading, own.text)))


def refused(request: HttpRequest, row: Clause, *, stale: bool) -> Saving:
    """What could not be saved, kept for the person before anything else is said."""
    form = BegunForm(request.POST)
    if not form.is_valid():
        return Saving("", "", row.revision, MarkForm(request.POST).mark)
    begun, mark = _begun(form)
    compared = compare(row, begun) if stale else None
    mark = _kept(request, row.agreement, row.key, begun, mark)
    return Saving(begun.heading, begun.text, begun.base_revision, mark, comparison=compared)


def chosen(request: HttpRequest, row: Clause) -> Saving | None:
    """The text a person wants to go on from, in the form and not saved; None where nothing is asked."""
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return None
    begun, mark = _begun(form)
    compared, choice = compare(row, begun), form.cleaned_data["bruk"]
    moved_on = begun.base_revision != row.revision
    heading, text = begun.heading, begun.text
    if choice == MINE:
        mark = _kept(request, row.agreement, row.key, begun, mark)
    elif choice == THEIRS:
        heading, text = row.heading, row.text
    else:
        heading, text = compared.merged("one" if choice == MERGED else "other")
    shown = compared if moved_on else None
    return Saving(heading, text, row.revision, mark, comparison=shown, chosen=choice)


def _begun(form: BegunForm) -> tuple[Begun, str]:
    data = form.cleaned_data
    return Begun(data["revision"], data["heading"], data["text"]), data["draft"]


def _kept(request: HttpRequest, agreement: Agreement, key: str, begun: Begun, mark: str) -> str:
    """Keep a begun text; return the mark of the draft that holds it."""
    try:
        draft, _ = drafts.keep(request.user, agreement, key, begun, mark)
    except revisions.StaleRevisionError:
        return mark  # another page of theirs has kept something else: it stands
    return draft.mark if draft else ""


def begun_in_deleted(request: HttpRequest, agreement: Agreement, key: str) -> dict[str, Any] | None:
    """What was written in a clause that somebody has deleted, to be made a new one; None for nothing.

    Http404 where there never was such a clause.
    """
    if not history.was_deleted(agreement, key):
        raise Http404
    if request.method == "POST":
        form = BegunForm(request.POST)
        if not form.is_valid():
            return None
        begun, mark = _begun(form)
        mark = _kept(request, agreement, key, begun, mark)
        return {"heading": begun.heading, "text": begun.text, "mark": mark}
    own, _ = drafts.around(agreement, request.user, key)
    return {"heading": own.heading, "text": own.text, "mark": own.mark} if own else None


@require_POST
def keep_draft(request: HttpRequest, slug: str, key: str) -> JsonResponse:
    """Keep a begun text, as the page asks while somebody writes; the answer is for its script."""
    agreement, _ = access.fetch(request, slug, edit=True)
    now = dict(agreement.clauses.values_list("key", "revision"))
    if key not in now and not history.was_deleted(agreement, key):
        raise Http404
    form = KeepForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"state": "refused", "errors": _messages(form)}, status=INVALID)
    if form.cleaned_data["user"] != request.user.pk:
        return JsonResponse({"state": "other"}, status=CONFLICT)
    begun, mark = _begun(form)
    if now.get(key) != begun.base_revision and _was_saved(agreement, key, begun):
        drafts.discard(request.user, agreement, key, mark)
        return JsonResponse({"state": "same", "mark": "", "errors": [], "changed": None})
    try:
        draft, clause = drafts.keep(request.user, agreement, key, begun, mark)
    except revisions.StaleRevisionError as stale:
        return JsonResponse(_elsewhere(stale.current, begun), status=CONFLICT)
    _, writers = drafts.around(agreement, request.user, key)
    saveable = ClauseForm(
        {"heading": begun.heading, "text": begun.text, "revision": begun.base_revision},
        keys=set(now),
    )
    changed = None
    if clause is None or clause.revision != begun.base_revision:
        last = history.states(agreement, key)[0]
        changed = {
            "by": last.by,
            "at": _clock(last.at),
            "revision": clause.revision if clause else 0,
        }
    return JsonResponse(
        {
            "state": "gone" if clause is None else "kept" if draft else "same",
            "at": _clock(draft.saved_at) if draft else "",
            "mark": draft.mark if draft else "",
            "errors": _messages(saveable),
            "changed": changed,
            "writers": render_to_string("agreements/_writers.html", {"writers": writers}).strip(),
        }
    )


def _was_saved(agreement: Agreement, key: str, begun: Begun) -> bool:
    """Whether this very text has been saved since it was begun, and others have gone on from there.

    A page that was sent may leave its text in the browser, which sends it once more later.
    """
    states = history.states(agreement, key)
    return any(
        state.revision > begun.base_revision
        and (state.heading, state.text) == (begun.heading, begun.text)
        for state in states[1:]
    )


def _elsewhere(draft: ClauseDraft, begun: Begun) -> dict[str, Any]:
    heading, text = runs((draft.heading, draft.text), (begun.heading, begun.text))
    context = {"heading_runs": heading, "text_runs": text}
    return {
        "state": "elsewhere",
        "at": _clock(draft.saved_at),
        "mark": draft.mark,
        "difference": render_to_string("agreements/_difference.html", context),
    }


def _messages(form: BegunForm | ClauseForm) -> list[str]:
    return [message for errors in form.errors.values() for message in errors]


def _clock(moment: Any) -> str:
    """The time of day, with the date where it is not today: «14.05», «26. november kl. 14.05»."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return date_format(local, "H.i")
    return date_format(local, r"j. F \k\l. H.i")


@require_POST
def discard_draft(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """Throw away one's own begun text, and show the clause as it is."""
    agreement, _ = access.fetch(request, slug, edit=True)
    mark = MarkForm(request.POST).mark
    if drafts.discard(request.user, agreement, key, mark):
        messages.success(request, "Den påbegynte teksten er forkastet.")
    else:
        messages.warning(
            request, "Teksten er skrevet videre på i en annen fane, og er ikke forkastet."
        )
    if not agreement.clauses.filter(key=key).exists():
        return redirect("text", slug)
    return redirect("clause", slug, key)
