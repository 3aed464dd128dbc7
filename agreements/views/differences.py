"""What an agreement can be compared with, and the difference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agreements import access, snapshot, versions, workflow
from agreements.domain import deviation, diff, diff_summary, resolve
from agreements.domain import document as doc
from agreements.models import Agreement, AgreementTemplate, Version
from agreements.views import difference_parts
from agreements.views.common import page
from municipalities import norwegian
from municipalities.once import part
from municipalities.prepared import Prepared

TEMPLATE, AGREEMENT, VERSION = (
    "mal",
    "avtale",
    "versjon",
)  # what stands before the key in the address


@dataclass(frozen=True)
class Choice:
    """Something the agreement can be compared with."""

    kind: str
    key: str
    name: str
    about: str
    template: AgreementTemplate | None = None
    version: Version | None = None


@dataclass(frozen=True)
class Comparable:
    """What the agreement can be compared with, under headings: name, words about it, kind and key."""

    slug: str
    groups: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...]

    def context(self) -> dict[str, Any]:
        """What the template of the lists asks for: each with the address where the difference is shown."""
        return {
            "groups": [
                (
                    heading,
                    [
                        (name, about, reverse("difference", args=[self.slug, kind, key]))
                        for name, about, kind, key in choices
                    ],
                )
                for heading, choices in self.groups
            ]
        }


def _templates(agreement: Agreement) -> list[Choice]:
    """The model agreement in the version the text came from, and in the newer ones."""
    own = agreement.template
    if own is None:
        return []
    rows = AgreementTemplate.objects.filter(
        slug=own.slug, version__gte=own.version, status=AgreementTemplate.Status.PUBLISHED
    )
    return [
        Choice(
            TEMPLATE,
            str(row.version),
            f"{row.name}, versjon {row.version}",
            "Malen avtalen er laget fra."
            if row.version == own.version
            else f"En nyere utgave av malen, fra {norwegian.date_long(row.issued)}.",
            row,
        )
        for row in rows.order_by("version")
    ]


def _versions(agreement: Agreement) -> list[Choice]:
    """The versions that have been frozen, the newest first."""
    return [
        Choice(
            VERSION,
            str(row.number),
            f"Versjon {row.number}",
            f"Låst {norwegian.date_long(timezone.localdate(row.frozen_at))}"
            + (", trukket tilbake." if row.round.withdrawn_at else "."),
            version=row,
        )
        for row in versions.listed(agreement)
    ]


def _agreements(request: HttpRequest, agreement: Agreement) -> list[Choice]:
    """The region's other agreements that this person may read: the one this continues, then earlier
    ones, the last of them at the top."""
    drafts = access.drafts_of(request.user)
    rows = [Other(*row) for row in _OTHERS.all(agreement.region_id, agreement.pk, *drafts)]
    rows.sort(key=lambda row: row.term_start >= agreement.term_start)
    rows.sort(key=lambda row: row.pk != agreement.previous_id)
    return [
        Choice(
            AGREEMENT,
            row.slug,
            row.title,
            f"Forrige periode. {_term(row)}" if row.pk == agreement.previous_id else _term(row),
        )
        for row in rows
    ]


class Other(NamedTuple):
    """Another agreement of the region."""

    pk: int
    slug: str
    title: str
    term_start: dt.date
    term_end: dt.date


_OTHERS = Prepared(
    lambda region, own, *drafts: (
        access.visible_in(*drafts)
        .filter(region=region)
        .exclude(pk=own)
        .order_by("-term_start", "title", "pk")
        .values_list(*Other._fields)
    )
)


def _term(row: Other) -> str:
    start, end = norwegian.date_long(row.term_start), norwegian.date_long(row.term_end)
    return f"Gjelder {start} til {end}."


def chosen(request: HttpRequest, agreement: Agreement, kind: str, key: str) -> Choice:
    """What the address names, where this person may compare with it; else 404."""
    choices = {
        TEMPLATE: _templates,
        VERSION: _versions,
        AGREEMENT: lambda row: _agreements(request, row),
    }
    listed = choices[kind](agreement) if kind in choices else []
    choice = next((choice for choice in listed if choice.key == key), None)
    if choice is None:
        raise Http404
    return choice


def document_of(request: HttpRequest, choice: Choice, after: doc.Document) -> doc.Document:
    """The Document that `after` is compared with."""
    if choice.version is not None:
        return workflow.document_of(choice.version)
    if choice.template is not None:
        return snapshot.of_template(choice.template, after)
    other, _able = access.fetch(request, choice.key)
    return snapshot.build(other)


@require_GET
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """List what the agreement can be compared with."""
    agreement, able = access.fetch(request, slug)
    groups = tuple(
        (heading, tuple((c.name, c.about, c.kind, c.key) for c in choices))
        for heading, choices in (
            ("Versjoner av avtalen", _versions(agreement)),
            ("Malen", _templates(agreement)),
            ("Andre avtaler i regionen", _agreements(request, agreement)),
        )
        if choices
    )
    context = {
        "groups": part("agreements/_comparable.html", Comparable(slug, groups)) if groups else ""
    }
    return page(request, "agreements/differences.html", agreement, able, context, tab="history")


@require_GET
def difference(request: HttpRequest, slug: str, kind: str, key: str) -> HttpResponse:
    """What differs between the agreement and its model, a version or another one; 404 for any other."""
    agreement, able = access.fetch(request, slug)
    choice = chosen(request, agreement, kind, key)
    after = snapshot.build(agreement)
    before = document_of(request, choice, after)
    found = diff.compare(before, after)
    own = able.organisation.key if able.organisation else ""
    return page(
        request,
        "agreements/difference.html",
        agreement,
        able,
        {
            "choice": choice,
            "with_template": kind == TEMPLATE,
            "deviations": _deviations(before, after) if kind == TEMPLATE else [],
            "empty": found.empty,
            "summary": diff_summary.summary(found, doc.Language.BOKMAL),
            "parts": difference_parts.parts(found, before, after, own),
        },
        tab="history",
    )


DEVIATIONS = {
    deviation.Status.CHANGED: "Endret",
    deviation.Status.OWN: "Eget punkt",
    deviation.Status.OMITTED: "Utelatt",
    deviation.Status.SAME: "Som malen",
}


def _deviations(model: doc.Document, own: doc.Document) -> list[dict[str, Any]]:
    """The points of each kind, those that deviate first; those that are as the model only counted."""
    headings = resolve.headings(model) | resolve.headings(own)
    found = deviation.deviations(model.clauses, own.clauses)
    counts = deviation.counts(found)
    return [
        {
            "label": label,
            "count": counts[status],
            "points": [
                (point.number, headings[point.key])
                for point in found
                if point.status is status and status is not deviation.Status.SAME
            ],
        }
        for status, label in DEVIATIONS.items()
        if counts[status]
    ]
