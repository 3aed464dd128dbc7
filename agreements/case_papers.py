"""The only code that turns rows and a frozen version into a CasePaper. Reads, never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils import timezone

from agreements import acknowledging, snapshot, trace, versions, workflow
from agreements.domain import case_paper as paper
from agreements.domain import checks, diff, diff_summary
from agreements.domain.case_paper import CasePaper, FormerKind, Part
from agreements.domain.checks import Position
from agreements.domain.document import Body, Document
from agreements.domain.guards import Outcome
from agreements.domain.states import State
from agreements.models import Agreement, AgreementTemplate, Decision, Resolution, Version
from financing import reader
from financing.calculation import ContributorKind, Table


class NoSuchVersionError(LookupError):
    """The agreement has no version with this number."""


class NoSuchRecipientError(LookupError):
    """The body is no municipality that contributes to the agreement or is asked about it."""


@dataclass(frozen=True)
class Source:
    """What a case paper is made from, read once: whom it may be for, and a paper for each."""

    whole: CasePaper
    recipients: tuple[Body, ...]

    def paper(self, key: str = "") -> CasePaper:
        """Return the region's paper, or the one for a municipality. NoSuchRecipientError for others."""
        if not key:
            return self.whole
        found = next((body for body in self.recipients if body.key == key), None)
        if found is None:
            raise NoSuchRecipientError(key)
        return replace(self.whole, recipient=found)


def sent(agreement: Agreement) -> Version | None:
    """Return the version that counts now, without its bytes; None while the agreement is a draft."""
    return None if agreement.state is State.DRAFT else workflow.current(agreement)


def read(agreement: Agreement, number: int | None = None) -> Source:
    """Read what the paper says, in a fixed number of queries.

    About the version that counts now, or the one with the number; else about the draft.
    NoSuchVersionError where there is no such version.
    """
    version = _version(agreement, number)
    facts = reader.load(agreement.plan)
    document = workflow.document_of(version) if version else snapshot.build(agreement, facts)
    tables = _tables(document)
    views, confirmations = _answers(version)
    standing, waiting = _findings(agreement, version, document)
    whole = CasePaper(
        document=document,
        recipient=None,
        frozen=_frozen(version),
        former=_former(agreement, document),
        views=views,
        confirmations=confirmations,
        inputs=_inputs(agreement, document, version),
        tables=tables,
        chosen=document.financing is not None,
        today=_today(document),
        basis=_basis(facts, document),
        standing=standing,
        waiting=waiting,
        texts=tuple((Part(row.key), row.text) for row in agreement.case_paper_texts.all()),
    )
    return Source(whole, _recipients(facts, tables, views))


def _version(agreement: Agreement, number: int | None) -> Version | None:
    if number is None:
        current = sent(agreement)
        number = current.number if current else None
    if number is None:
        return None
    found = versions.find(agreement, number)
    if found is None:
        raise NoSuchVersionError(number)
    return found


def _frozen(version: Version | None) -> paper.Frozen | None:
    if version is None:
        return None
    day = timezone.localdate(version.frozen_at)
    withdrawn = version.round.withdrawn_at is not None
    return paper.Frozen(version.number, version.sha256, day, withdrawn)


# Money


def _tables(document: Document) -> tuple[Table, ...]:
    """Every alternative's table, the chosen one first."""
    own = (document.financing.table,) if document.financing else ()
    return (*own, *document.others)


def _today(document: Document) -> paper.Today | None:
    """What is paid now, as the Document has it."""
    if not document.today:
        return None
    amounts = tuple((paid.key, paid.amount) for paid in document.today)
    sources = dict.fromkeys(paid.source for paid in document.today if paid.source)
    return paper.Today(document.today[0].year, amounts, tuple(sources))


def _basis(facts: reader.PlanFacts, document: Document) -> paper.Basis:
    financing, plan = document.financing, facts.plan
    if financing is not None:
        return paper.Basis(
            financing.population_date,
            financing.population_source,
            financing.excludes_vat,
            financing.invoicing,
        )
    sources = {p.population_source for p in facts.participants if p.population_source}
    return paper.Basis(
        plan.population_date, "; ".join(sorted(sources)), plan.excludes_vat, plan.invoicing
    )


def _recipients(
    facts: reader.PlanFacts, tables: Iterable[Table], views: Iterable[paper.View]
) -> tuple[Body, ...]:
    """The municipalities in the order of the table; those that were asked and are not in it last."""
    bodies = {p.organisation.key: snapshot.body(p.organisation) for p in facts.participants}
    bodies |= {view.body.key: view.body for view in views}
    listed = [row for table in tables for row in table.rows] or [
        item for item in facts.contributors if item.included
    ]
    keys = [row.key for row in listed if row.kind is ContributorKind.MUNICIPALITY]
    keys += [view.body.key for view in views]
    return tuple(bodies[key] for key in dict.fromkeys(keys) if key in bodies)


# What is new


def _former(agreement: Agreement, document: Document) -> paper.Former | None:
    """Compare with the agreement that this one follows, else with the template it was made from."""
    if agreement.previous is not None:
        before = _as_it_stood(agreement.previous)
        kind, name, day = FormerKind.PREVIOUS, before.title, before.term_end
    else:
        template = _template(agreement, document)
        if template is None:
            return None
        before = snapshot.of_template(template, document)
        kind, name, day = FormerKind.TEMPLATE, template.name, template.issued
    changes = diff_summary.summary(diff.compare(before, document), document.language)
    return paper.Former(kind, name, day, tuple(changes))


def _as_it_stood(previous: Agreement) -> Document:
    """The former agreement's last version; one that never had any is read as it is stored."""
    version = sent(previous)
    found = versions.find(previous, version.number) if version else None
    return workflow.document_of(found) if found else snapshot.build(previous)


def _template(agreement: Agreement, document: Document) -> AgreementTemplate | None:
    """The template in the version that the document was made from."""
    own, wanted = agreement.template, document.template
    if own is None or wanted is None or own.version == wanted.version:
        return own if wanted else None
    return AgreementTemplate.objects.filter(slug=own.slug, version=wanted.version).first()


# Who has said what


def _answers(version: Version | None) -> tuple[tuple[paper.View, ...], tuple[paper.View, ...]]:
    """What the municipalities have answered, and the others who confirm their part."""
    if version is None:
        return (), ()
    rows = version.decisions.select_related("organisation")
    decided = {row.organisation_id: row for row in version.resolutions.all()}
    views: list[paper.View] = []
    others: list[paper.View] = []
    for row in rows:
        decides = row.kind == Decision.Kind.DECIDES
        (views if decides else others).append(_view(row, decided.get(row.organisation_id)))
    return tuple(views), tuple(others)


def _view(row: Decision, resolution: Resolution | None) -> paper.View:
    return paper.View(
        body=snapshot.body(row.organisation),
        stance=Position(row.stance),
        preferred=row.preferred_alternative,
        comment=row.comment,
        day=_day(row.decided_at),
        delegated=row.delegation_id is not None,
        decided=paper.Decided(
            Outcome(resolution.outcome),
            resolution.case_number,
            resolution.decided_on,
            resolution.conditions,
        )
        if resolution
        else None,
    )


def _day(at: dt.datetime | None) -> dt.date | None:
    return timezone.localdate(at) if at else None


def _inputs(
    agreement: Agreement, document: Document, version: Version | None
) -> tuple[paper.Said, ...]:
    """The shared input, without what was withdrawn. Three queries at most."""
    frozen = trace.frozen(agreement)
    if version is not None:
        frozen = tuple((number, at) for number, at in frozen if number <= version.number)
    found = trace.traced(agreement, document, frozen)
    return tuple(
        paper.Said(
            organisation=said.organisation,
            place=said.place.label if said.place.clause_key or said.place.service_key else "",
            is_suggestion=said.is_suggestion,
            text=said.text,
            outcome=said.outcome.value,
            reason=said.reason,
            revision=said.revision,
            day=_day(said.closed_at),
            version=said.version,
        )
        for said in found
        if said.outcome is not trace.Outcome.WITHDRAWN
    )


def _findings(
    agreement: Agreement, version: Version | None, document: Document
) -> tuple[tuple[paper.Standing, ...], tuple[str, ...]]:
    """What the check said that was let stand, and for a draft what nobody has answered for."""
    if version is not None:
        told = [item for item in version.findings if "reason" in item]
        return tuple(paper.Standing(item["message"], item["reason"]) for item in told), ()
    found = checks.run(document, snapshot.context(agreement.region))
    known = acknowledging.of(agreement, found)
    standing = tuple(paper.Standing(one.message, row.reason) for one, row in known.items())
    waiting = tuple(
        one.message for one in found if one.level in acknowledging.BLOCKING and one not in known
    )
    return standing, waiting
