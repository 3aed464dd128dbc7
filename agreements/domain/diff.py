"""What differs between two Documents: text, parties, services, money and terms. Pure.

    difference = compare(before, after)
    diff_summary.summary(difference, "nb")      # the same, in a few sentences

Clauses, services and parties are matched by their keys, so that what was moved is told as moved.
Facts and references in a text are compared by their names: an amount that is another is told once,
in the table, and not in every clause that fetches it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from agreements.domain import diff_clauses, diff_money, diff_text, resolve
from agreements.domain.diff_clauses import ClauseChange
from agreements.domain.diff_money import TableChange
from agreements.domain.diff_order import merged, moved
from agreements.domain.diff_text import Change, Run
from agreements.domain.document import (
    Attachment,
    Document,
    Financing,
    Language,
    Party,
    PartyRole,
    Service,
    ServiceChoice,
    ServiceLevel,
    TemplateRef,
)
from financing.index import IndexFactor
from financing.rounding import RoundingRule

Value = str | date | bool | tuple[int, ...] | tuple[IndexFactor, ...] | RoundingRule | TemplateRef
Pair = tuple[Value | None, Value | None]


class Term(StrEnum):
    """A single fact of an agreement, apart from its text, parties, services and amounts."""

    TITLE = "title"
    REGION = "region"
    COUNTY = "county"
    START = "start"
    END = "end"
    LANGUAGE = "language"
    TEMPLATE = "template"
    ALTERNATIVE = "alternative"
    YEARS = "years"
    ROUNDING = "rounding"
    INDEX = "index"
    INVOICING = "invoicing"
    VAT = "vat"  # whether amounts exclude it
    POPULATION_DATE = "population_date"
    POPULATION_SOURCE = "population_source"


class PartyTerm(StrEnum):
    """A single fact of a party."""

    NAME = "name"
    ROLE = "role"
    ON_BEHALF_OF = "on_behalf_of"
    SIGNATORY_NAME = "signatory_name"
    SIGNATORY_TITLE = "signatory_title"
    MANDATE = "mandate"


@dataclass(frozen=True, slots=True)
class TermChange:
    """A fact that is another. None where the agreement has no such fact, as before a table is chosen."""

    term: Term
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class PartyTermChange:
    """A fact of a party that is another; empty where it is not known."""

    term: PartyTerm
    before: str | PartyRole | tuple[str, ...]
    after: str | PartyRole | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartyChange:
    """A party of one or both agreements, as it is in the newer where it is there."""

    party: Party
    change: Change | None  # None where it is in both and something about it is another
    terms: tuple[PartyTermChange, ...] = ()
    moved: bool = False

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.moved or self.change is not Change.KEPT


@dataclass(frozen=True, slots=True)
class ChoiceChange:
    """A municipality that has chosen otherwise. None where the line is simply included."""

    name: str
    before: ServiceChoice | None
    after: ServiceChoice | None


@dataclass(frozen=True, slots=True)
class ServiceChange:
    """A line of the checklist in one or both agreements. A level is None where the line is not there.

    `moved`: it stands in another order among those that were on its list before too.
    """

    key: str
    before: ServiceLevel | None
    after: ServiceLevel | None
    text: tuple[Run, ...]
    moved: bool = False
    choices: tuple[ChoiceChange, ...] = ()  # of a line that is in both

    @property
    def edited(self) -> bool:
        """Whether a line that is in both has another text."""
        both = self.before is not None and self.after is not None
        return both and any(run.change is not Change.KEPT for run in self.text)

    @property
    def level(self) -> ServiceLevel:
        """The list it is told under: the newer agreement's where it is there."""
        level = self.after or self.before
        assert level is not None
        return level

    @property
    def change(self) -> Change | None:
        """ADDED, DELETED or KEPT; None where its text, its list or a choice is another."""
        if self.before is None:
            return Change.ADDED
        if self.after is None:
            return Change.DELETED
        same = self.before is self.after and not self.edited and not self.choices
        return Change.KEPT if same else None

    @property
    def differs(self) -> bool:
        """Whether there is anything to tell."""
        return self.moved or self.change is not Change.KEPT


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """An attachment of one or both agreements; `change` is None where its file or access code is another."""

    attachment: Attachment
    change: Change | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything of two agreements, alike and not alike, in the order of the newer."""

    terms: tuple[TermChange, ...]  # only those that differ
    parties: tuple[PartyChange, ...]
    clauses: tuple[ClauseChange, ...]
    services: tuple[ServiceChange, ...]
    table: TableChange
    attachments: tuple[AttachmentChange, ...] = ()  # only those that differ

    @property
    def empty(self) -> bool:
        """Whether the two say the same."""
        return not (
            self.terms
            or self.table.differs
            or self.attachments
            or any(party.differs for party in self.parties)
            or any(clause.differs for clause in self.clauses)
            or any(service.differs for service in self.services)
        )


def compare(before: Document, after: Document) -> Difference:
    """Compare two agreements, the older first."""
    old, new = before.financing, after.financing
    titles = resolve.headings(before) | resolve.headings(after)
    return Difference(
        terms=_terms(before, after),
        parties=_parties(before.parties, after.parties),
        clauses=diff_clauses.compare(before.clauses, after.clauses, titles),
        services=_services(before.services, after.services),
        table=diff_money.compare(old.table if old else None, new.table if new else None),
        attachments=_attachments(before.attachments, after.attachments),
    )


def _terms(before: Document, after: Document) -> tuple[TermChange, ...]:
    old, new = _values(before), _values(after)
    return tuple(
        TermChange(term, old.get(term), new.get(term))
        for term in Term
        if old.get(term) != new.get(term)
    )


def _values(document: Document) -> dict[Term, Value | None]:
    return {
        Term.TITLE: document.title,
        Term.REGION: document.region,
        Term.COUNTY: document.county,
        Term.START: document.term_start,
        Term.END: document.term_end,
        Term.LANGUAGE: Language(document.language),
        Term.TEMPLATE: document.template,
        **(_financing(document.financing) if document.financing else {}),
    }


def _financing(financing: Financing) -> dict[Term, Value | None]:
    table = financing.table
    return {
        Term.ALTERNATIVE: table.alternative,
        Term.YEARS: table.years,
        Term.ROUNDING: table.rounding,
        Term.INDEX: table.index,
        Term.INVOICING: financing.invoicing,
        Term.VAT: financing.excludes_vat,
        Term.POPULATION_DATE: financing.population_date,
        Term.POPULATION_SOURCE: financing.population_source,
    }


def _parties(before: Sequence[Party], after: Sequence[Party]) -> tuple[PartyChange, ...]:
    old, new = ({party.body.key: party for party in side} for side in (before, after))
    shifted = moved(list(old), list(new))
    found = []
    for key in merged(list(old), list(new)):
        was, now = old.get(key), new.get(key)
        if was is None and now is not None:
            found.append(PartyChange(now, Change.ADDED))
        elif was is not None and now is None:
            found.append(PartyChange(was, Change.DELETED))
        elif was is not None and now is not None:
            terms = _party_terms(was, now)
            change = None if terms else Change.KEPT
            found.append(PartyChange(now, change, terms, key in shifted))
    return tuple(found)


def _party_terms(before: Party, after: Party) -> tuple[PartyTermChange, ...]:
    old, new = _party_values(before), _party_values(after)
    return tuple(
        PartyTermChange(term, old[term], new[term]) for term in PartyTerm if old[term] != new[term]
    )


def _party_values(party: Party) -> dict[PartyTerm, str | PartyRole | tuple[str, ...]]:
    return {
        PartyTerm.NAME: party.body.name,
        PartyTerm.ROLE: party.role,
        PartyTerm.ON_BEHALF_OF: tuple(body.name for body in party.on_behalf_of),
        PartyTerm.SIGNATORY_NAME: party.signatory_name,
        PartyTerm.SIGNATORY_TITLE: party.signatory_title,
        PartyTerm.MANDATE: party.mandate,
    }


def _services(before: Sequence[Service], after: Sequence[Service]) -> tuple[ServiceChange, ...]:
    """Compare the checklists, list by list in the order of the levels."""
    old, new = ({service.key: service for service in side} for side in (before, after))
    found: list[ServiceChange] = []
    for level in ServiceLevel:
        was, now = (
            [key for key, service in side.items() if service.level is level] for side in (old, new)
        )
        shifted = moved(was, now)
        for key in merged(was, now):
            if key in now or key not in new:
                one, other = old.get(key), new.get(key)
                text = diff_text.compare_plain(one.text if one else "", other.text if other else "")
                levels = (one.level if one else None, other.level if other else None)
                chosen = _choices(one, other) if one and other else ()
                found.append(ServiceChange(key, *levels, text, key in shifted, chosen))
    return tuple(found)


def _attachments(
    before: Sequence[Attachment], after: Sequence[Attachment]
) -> tuple[AttachmentChange, ...]:
    """Compare by title and kind; several of one name are taken in their order."""
    old, new = _named(before), _named(after)
    found = []
    for key in merged(list(old), list(new)):
        was, now = old.get(key), new.get(key)
        if was is None and now is not None:
            found.append(AttachmentChange(now, Change.ADDED))
        elif now is None and was is not None:
            found.append(AttachmentChange(was, Change.DELETED))
        elif was != now and now is not None:
            found.append(AttachmentChange(now, None))
    return tuple(found)


def _named(attachments: Sequence[Attachment]) -> dict[tuple[str, str, int], Attachment]:
    found: dict[tuple[str, str, int], Attachment] = {}
    for one in attachments:
        same = sum(key[:2] == (one.kind.value, one.title) for key in found)
        found[one.kind.value, one.title, same] = one
    return found


def _choices(before: Service, after: Service) -> tuple[ChoiceChange, ...]:
    old, new = ({own.body.key: own for own in side.choices} for side in (before, after))
    found = []
    for key in merged(list(old), list(new)):
        was, now = old.get(key), new.get(key)
        if (was and (was.choice, was.price)) != (now and (now.choice, now.price)):
            body = (new if key in new else old)[key].body
            found.append(ChoiceChange(body.short_name, was, now))
    return tuple(found)
