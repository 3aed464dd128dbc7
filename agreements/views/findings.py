"""What the consistency check says, grouped: gone to, mended by a button, or let stand with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from agreements import access, acknowledging, mending, remembered
from agreements.access import Abilities
from agreements.domain import checks
from agreements.finding_forms import AcknowledgeForm, MendForm
from agreements.models import Acknowledgement, Agreement
from agreements.views.common import actor, page
from agreements.views.finding_parts import Checked
from municipalities.answers import CONFLICT, INVALID
from municipalities.revisions import StaleRevisionError

GROUPS = (
    (checks.Level.ERROR, "Må rettes", "Avtalen kan ikke låses for behandling før dette er rettet."),
    (checks.Level.WARNING, "Bør vurderes", "Rett det, eller la det stå med en begrunnelse."),
    (checks.Level.INFO, "Til orientering", "Godt å vite."),
)
GONE = (
    "Funnet er borte eller sier noe annet nå. Noen kan ha rettet det. Listen viser hvordan det er."
)
CHANGED = (
    "Noen har endret punktet etter at du åpnet siden. Ingenting er rettet. Se på funnet en gang til, "
    "og prøv på nytt."
)


def _row(
    checked: Checked, finding: checks.Finding, able: Abilities, revisions: dict[str, int]
) -> dict[str, Any]:
    url, link_text = checked.place(finding.anchor, edit=able.edit)
    row: dict[str, Any] = {
        "finding": finding,
        "url": url,
        "link_text": link_text,
        "offer": checked.offer(finding),
        "acknowledgement": checked.acknowledged.get(finding),
    }
    if not able.edit:
        return row
    if row["offer"] is not None and finding.mend is not None:
        row["revision"] = revisions.get(finding.mend.key)
    if finding.level != checks.Level.ERROR and not row["acknowledgement"]:
        row["form"] = AcknowledgeForm(identity=finding.identity)
    return row


def _show(
    request: HttpRequest,
    agreement: Agreement,
    able: Abilities,
    *,
    said: str = "",
    typed: str = "",
    refused: AcknowledgeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the findings as they are now: the list alone for htmx, else the page.

    `said` tells what was done, or why not; `typed` is a reason that could not be stored.
    """
    checked = Checked.stored(agreement, remembered.draft(agreement))
    revisions: dict[str, int] = {}
    if able.edit and any(finding.mend for finding in checked.open):
        revisions = dict(agreement.clauses.values_list("key", "revision"))
    rows = [_row(checked, finding, able, revisions) for finding in checked.findings]
    if refused is not None:
        for row in rows:
            if "form" in row and row["finding"].identity == refused.data.get("finding"):
                row["form"] = refused
    context = {
        "groups": [
            {
                "level": level.value,
                "heading": heading,
                "lead": lead,
                "rows": [
                    row
                    for row in rows
                    if row["finding"].level == level and not row["acknowledgement"]
                ],
            }
            for level, heading, lead in GROUPS
        ],
        "acknowledged": [row for row in rows if row["acknowledgement"]],
        "count": len(checked.open),
        "said": said,
        "typed": typed,
        "failed": status != 200,
    }
    if request.htmx:
        context |= {"agreement": agreement, "able": able, "swapped": True}
        return render(request, "agreements/_findings.html", context, status=status)
    return page(
        request, "agreements/findings.html", agreement, able, context, tab="findings", status=status
    )


def _done(request: HttpRequest, agreement: Agreement, able: Abilities, said: str) -> HttpResponse:
    """Answer what was carried out: the list as it has become, or a way back to the page."""
    if request.htmx:
        return _show(request, agreement, able, said=said)
    messages.success(request, said)
    return redirect("findings", agreement.slug)


@require_GET
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    """The findings of the draft as it stands now."""
    agreement, able = access.fetch(request, slug)
    return _show(request, agreement, able)


@require_POST
def mend_finding(request: HttpRequest, slug: str) -> HttpResponse:
    """Carry out the mend of one finding."""
    agreement, able = access.fetch(request, slug, edit=True)
    form = MendForm(request.POST)
    checked = Checked.stored(agreement, remembered.draft(agreement))
    finding = checked.named(form.cleaned_data["finding"]) if form.is_valid() else None
    offer = checked.offer(finding) if finding else None
    if finding is None or finding.mend is None or offer is None:
        return _show(request, agreement, able, said=GONE, status=CONFLICT)
    clause = agreement.clauses.select_related("agreement").filter(key=finding.mend.key).first()
    if clause is None:
        return _show(request, agreement, able, said=GONE, status=CONFLICT)
    try:
        mending.mend(actor(request, able), clause, form.cleaned_data["revision"], finding)
    except StaleRevisionError:
        return _show(request, agreement, able, said=CHANGED, status=CONFLICT)
    except mending.CannotMendError:
        said = "Rettelsen lar seg ikke skrive inn av seg selv. Gå til punktet og rett det der."
        return _show(request, agreement, able, said=said, status=CONFLICT)
    said = f"Rettet i punkt {offer.number}: «{offer.found}» er byttet med «{offer.instead}»."
    return _done(request, agreement, able, said)


@require_POST
def acknowledge_finding(request: HttpRequest, slug: str) -> HttpResponse:
    """Let one finding stand with a reason."""
    agreement, able = access.fetch(request, slug, edit=True)
    identity = request.POST.get("finding", "")
    form = AcknowledgeForm(request.POST, identity=identity)
    checked = Checked.stored(agreement, remembered.draft(agreement))
    finding = checked.named(identity)
    if finding is None or finding.level == checks.Level.ERROR:
        typed = request.POST.get("reason", "")
        return _show(request, agreement, able, said=GONE, typed=typed, status=CONFLICT)
    if not form.is_valid():
        return _show(request, agreement, able, refused=form, status=INVALID)
    reason = form.cleaned_data["reason"]
    try:
        acknowledging.acknowledge(actor(request, able), agreement, finding, reason)
    except acknowledging.AlreadyAcknowledgedError as other:
        said = f"{other.current.user.name} har alt vurdert funnet, med begrunnelsen som står under."
        return _show(request, agreement, able, said=said, typed=reason, status=CONFLICT)
    return _done(request, agreement, able, "Funnet er vurdert. Det står under «Vurdert» nederst.")


@require_POST
def reopen_finding(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take back that a finding may stand."""
    agreement, able = access.fetch(request, slug, edit=True)
    try:
        acknowledging.withdraw(actor(request, able), agreement, pk)
    except Acknowledgement.DoesNotExist as error:
        raise Http404 from error
    said = "Vurderingen er tatt tilbake. Er funnet der fortsatt, står det i listen igjen."
    return _done(request, agreement, able, said)
