"""What the consistency check says, grouped, each finding with a way to its place."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from agreements import access, snapshot
from agreements.domain import checks, numbering
from agreements.domain import document as doc
from agreements.models import Agreement
from agreements.views.common import page

GROUPS = (
    (checks.Level.ERROR, "Må rettes", "Avtalen kan ikke låses for behandling før dette er rettet."),
    (checks.Level.WARNING, "Bør vurderes", "Rett det, eller la det stå med vilje."),
    (checks.Level.INFO, "Til orientering", "Godt å vite."),
)


def place(
    agreement: Agreement, document: doc.Document, anchor: str, *, edit: bool
) -> tuple[str, str]:
    """Return the address of what a finding is about, and the words of the link."""
    kind, _, key = anchor.partition(":")
    slug = agreement.slug
    if kind == "punkt":
        number = numbering.numbers(document.clauses).get(key)
        if number is not None:
            address = (
                reverse("clause", args=[slug, key])
                if edit
                else f"{reverse('text', args=[slug])}#{key}"
            )
            return address, f"Gå til punkt {number}"
    if kind == "tjenester":
        return f"{reverse('services', args=[slug])}#{key}", "Gå til tjenesten"
    if kind == "parter":
        return reverse("parties", args=[slug]), "Gå til partene"
    if kind == "okonomi":
        return reverse("economy", args=[slug]), "Gå til økonomien"
    if kind == "vedlegg":
        return reverse("attachments", args=[slug]), "Gå til vedleggene"
    return reverse("details" if edit else "agreement", args=[slug]), "Gå til avtalens opplysninger"


def _instead(mend: checks.Mend | None) -> str:
    """Say what to write instead, empty where it is not sure."""
    return f"Skriv «{mend.instead}» i stedet for «{mend.found}»." if mend else ""


@require_GET
def findings(request: HttpRequest, slug: str) -> HttpResponse:
    """The findings of the draft as it stands now."""
    agreement, able = access.fetch(request, slug)
    document = snapshot.build(agreement)
    found = checks.run(document, snapshot.context(agreement.region))
    rows = []
    for finding in found:
        url, text = place(agreement, document, finding.anchor, edit=able.edit)
        rows.append(
            {
                "level": finding.level.value,
                "message": finding.message,
                "url": url,
                "link_text": text,
                "mend": _instead(finding.mend),
            }
        )
    groups = [
        {
            "level": level.value,
            "heading": heading,
            "lead": lead,
            "findings": [row for row in rows if row["level"] == level.value],
        }
        for level, heading, lead in GROUPS
    ]
    return page(
        request,
        "agreements/findings.html",
        agreement,
        able,
        {"groups": groups, "count": len(rows)},
        tab="findings",
    )
