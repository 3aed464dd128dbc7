"""What if: change anything, see what it costs at once, and save only when the person says so.

Whoever may read the plan may try; the answers are computed from what is sent and nothing is stored.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from financing import comparison, editing, goal_seek
from financing.place import Place
from financing.views.alternative import opened
from financing.what_if import WhatIfEditor, put_in
from municipalities import revisions
from municipalities.answers import CONFLICT, INVALID, with_revision
from municipalities.models import Revisioned
from municipalities.templatetags.designsystemet import summary_lines


@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """Show the page, calculate what is typed, find a number, put it in, or save."""
    facts, row = opened(place, pk)
    if request.method != "POST":
        return _show(request, place, WhatIfEditor(row, facts))
    data = request.POST
    handling = data.get("handling", "")
    if handling.startswith("bruk:"):
        _, what, value = [*handling.split(":", 2), "", ""][:3]
        data = put_in(data, what, value, len(place.plan.years))
    editor = WhatIfEditor(row, facts, data)
    if not editor.is_valid():
        return _show(request, place, editor, INVALID)
    if handling == "finn":
        answer = editor.seek()
        return _show(request, place, editor, 200 if answer else INVALID, answer=answer)
    if handling == "lagre":
        try:
            return _save(request, place, editor)
        except revisions.StaleRevisionError as stale:
            data = with_revision(data, stale.current, _revision_field(place, stale.current))
            facts, row = opened(place, pk)
            editor = WhatIfEditor(row, facts, data)
            editor.is_valid()
            return _show(request, place, editor, CONFLICT)
        except revisions.ConflictError:
            if not place.plan.alternatives.filter(
                name=editor.saving.cleaned_data["new_name"]
            ).exists():
                raise
            editor.saving.add_error(
                "new_name", "Planen har allerede et alternativ med dette navnet"
            )
            return _show(request, place, editor, INVALID)
    return _show(request, place, editor)


def _revision_field(place: Place, current: Revisioned) -> str:
    return "plan-revision" if isinstance(current, type(place.plan)) else "revision"


def _save(request: HttpRequest, place: Place, editor: WhatIfEditor) -> HttpResponse:
    place.for_editing()
    of_plan = False

    def store_plan(revision: int, values: dict[str, Any], people: Any) -> bool:
        nonlocal of_plan
        of_plan = editing.save_plan(place.actor, place.plan, revision, values, people)
        return of_plan

    with transaction.atomic():
        place.lock()
        name, changed = editor.save(place.actor, store_plan)
        if changed:
            place.record()
    also = " Bidragsytere og innbyggertall gjelder alle alternativene." if of_plan else ""
    messages.success(request, f"{name} er lagret.{also}")
    return redirect(place.url("economy"))


def _show(
    request: HttpRequest,
    place: Place,
    editor: WhatIfEditor,
    status: int = 200,
    answer: goal_seek.Answer | None = None,
) -> HttpResponse:
    """Render the page, or only the result where a script asks while somebody types."""
    context: dict[str, Any] = {
        "editor": editor,
        "alternative": editor.row,
        "before": editor.before,
        "answer": answer,
        "reason": goal_seek.sentence(answer) if answer else "",
        "what": editor.goal["what"].value(),
        "lines": summary_lines(*editor.parts()) if status == INVALID else (),
    }
    if not editor.contributors.form.is_bound:
        context |= {"after": editor.before}
    elif status != INVALID or (answer is None and _is_computable(editor)):
        facts, _, after = editor.calculated()
        context |= {"after": after, "missing_population": facts.missing_population}
        if after and editor.before:
            context["comparison"] = comparison.compare((editor.before, after), place.own)
    if request.headers.get("HX-Request"):
        context |= {"place": place, "swapped": True}
        return render(request, "financing/_what_if_result.html", context, status=status)
    return place.page(request, "financing/what_if.html", context, current="economy", status=status)


def _is_computable(editor: WhatIfEditor) -> bool:
    """Whether only the goal or the name was wrong: the table is then shown all the same."""
    parts = (editor.contributors.form, editor.alternative.form)
    sets = (editor.contributors.rows, editor.alternative.rules, editor.alternative.index)
    return all(not part.errors for part in parts) and all(part.is_valid() for part in sets)
