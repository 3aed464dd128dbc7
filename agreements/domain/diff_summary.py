"""A difference in a few plain sentences, the most important first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agreements.domain import diff_money
from agreements.domain.diff import (
    Difference,
    PartyTerm,
    ServiceChange,
    Term,
    TermChange,
)
from agreements.domain.diff_clauses import ClauseChange
from agreements.domain.diff_money import LineChange
from agreements.domain.diff_text import Change
from agreements.domain.diff_words import LEVELS, PAYERS, ROLES, SENTENCES, value
from agreements.domain.document import Language, PartyRole, ServiceLevel
from financing.calculation import ContributorKind, Row, Status
from municipalities import norwegian

MOST = 12  # lines, before the one that says how many more there are
_NAMED = 3  # clauses that were put in or taken out, before they are told by their numbers
_QUOTED = 2  # services, before they are counted
_LONGEST = 80  # characters of a service or a heading that are quoted

# Terms told in one sentence each, those about money before the others.
_MONEY_TERMS = (
    *((Term.YEARS, "years"), (Term.INDEX, "index"), (Term.ROUNDING, "rounding")),
    *((Term.VAT, "vat"), (Term.POPULATION_DATE, "population_date")),
    *((Term.INVOICING, "invoicing"), (Term.POPULATION_SOURCE, "population_source")),
)
_OTHER_TERMS = (
    *((Term.TITLE, "title"), (Term.REGION, "region"), (Term.COUNTY, "county")),
    *((Term.LANGUAGE, "language"), (Term.TEMPLATE, "template")),
)
_SIGNATORY = {PartyTerm.SIGNATORY_NAME, PartyTerm.SIGNATORY_TITLE, PartyTerm.MANDATE}


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence, and how many changes it tells of."""

    text: str
    count: int = 1


def summary(difference: Difference, language: Language) -> list[str]:
    """Say what differs: at most MOST sentences, then how many changes they leave out.

    Who is bound and who pays comes first, then the term, amounts, clauses, services, and the rest.
    Nothing where nothing differs.
    """
    sentences = list(_Writer(difference, language).sentences())
    told = [sentence.text for sentence in sentences[:MOST]]
    left = sum(sentence.count for sentence in sentences[MOST:])
    if left:
        words = SENTENCES[language]
        told.append(words["others_one"] if left == 1 else words["others"].format(count=left))
    return told


class _Writer:
    """The sentences about one difference in one language."""

    def __init__(self, difference: Difference, language: Language) -> None:
        self._difference = difference
        self._language = language
        self._terms = {change.term: change for change in difference.terms}

    def sentences(self) -> Iterator[_Sentence]:
        """Every sentence, the most important first."""
        yield from self._who()
        yield from self._contributors()
        yield from self._period()
        yield from self._amounts()
        yield from self._clauses()
        for level in ServiceLevel:
            yield from self._services(level)
        yield from self._attachments()
        yield from self._named(_MONEY_TERMS)
        yield from self._named(_OTHER_TERMS)
        yield from self._party_details()
        yield from self._renumbered()

    def _say(self, form: str, count: int = 1, /, **words: object) -> _Sentence:
        text = SENTENCES[self._language][form].format(count=count, **words)
        return _Sentence(text[0].upper() + text[1:], count)

    def _join(self, names: Iterable[str]) -> str:
        return norwegian.join(names, self._language)

    # Parties and contributors

    def _who(self) -> Iterator[_Sentence]:
        parties = self._difference.parties
        for change, form in ((Change.DELETED, "party_left"), (Change.ADDED, "party_joined")):
            for party in parties:
                if party.change is change:
                    yield self._say(form, name=party.party.body.name)
        for party in parties:
            name = party.party.body.name
            for term in party.terms:
                old, new = term.before, term.after
                if isinstance(old, PartyRole) and isinstance(new, PartyRole):
                    yield self._say("party_role", name=name, before=ROLES[old], after=ROLES[new])
                elif isinstance(old, tuple) and isinstance(new, tuple):
                    for form, names in (
                        ("behalf_left", [one for one in old if one not in new]),
                        ("behalf_joined", [one for one in new if one not in old]),
                    ):
                        if names:
                            yield self._say(form, name=name, names=self._join(names))

    def _contributors(self) -> Iterator[_Sentence]:
        table = self._difference.table
        if table.before is None or table.after is None:
            return
        for line in table.left:
            yield self._say("contributor_left", name=full_name(line))
        for line in table.joined:
            yield self._say("contributor_joined", name=full_name(line))
        names: dict[Status, list[str]] = {}
        for line in table.lines:
            old, new = line.before, line.after
            stays = line.paid and line.pays
            if stays and isinstance(old, Row) and isinstance(new, Row) and old.status != new.status:
                names.setdefault(new.status, []).append(full_name(line))
        for status, listed in names.items():
            form = f"{status}_many" if len(listed) > 1 else str(status)
            yield self._say(form, len(listed), name=self._join(listed))

    def _party_details(self) -> Iterator[_Sentence]:
        parties = self._difference.parties
        for party in parties:
            for term in party.terms:
                if term.term is PartyTerm.NAME:
                    yield self._say("party_renamed", before=term.before, name=party.party.body.name)
        names = [
            party.party.body.name
            for party in parties
            if any(term.term in _SIGNATORY for term in party.terms)
        ]
        if names:
            yield self._say("signatory", len(names), names=self._join(names))
        if any(party.moved for party in parties):
            yield self._say("party_order")

    # Term and money

    def _period(self) -> Iterator[_Sentence]:
        start, end = self._terms.get(Term.START), self._terms.get(Term.END)
        form = "period" if start and end else "start" if start else "end"
        if start or end:
            words: dict[str, object] = {}
            for name, term in (("start", start), ("end", end)):
                words[name] = value(term.after, self._language) if term else ""
                words[f"old_{name}"] = value(term.before, self._language) if term else ""
            yield self._say(form, 1, **words)

    def _amounts(self) -> Iterator[_Sentence]:
        table = self._difference.table
        if table.before is None or table.after is None:
            if table.differs:
                yield self._say("table_gone" if table.before else "table_new")
            return
        yield from self._named([(Term.ALTERNATIVE, "alternative")])
        for rate in diff_money.rates(table):
            yield self._say(
                "rate",
                names=self._join(rate.names) or PAYERS[self._language][rate.kind],
                before=norwegian.rate(rate.before),
                after=norwegian.rate(rate.after),
            )
        if table.total is not None:
            changed = [i for i, cell in enumerate(table.total.cells) if cell.difference]
            if changed:
                yield self._total(table.total, changed[0])
            elif any(cell.difference for line in table.changed for cell in line.cells):
                yield self._say("same_total")
        if table.before.terms != table.after.terms:
            yield self._say("rules")

    def _total(self, total: LineChange, column: int) -> _Sentence:
        cell, (old, year) = total.cells[column], self._difference.table.years[column]
        assert cell.before is not None
        assert cell.after is not None
        assert cell.difference is not None
        before, after = norwegian.money(cell.before), norwegian.money(cell.after)
        if old != year:
            return self._say("total_years", year=year, old=old, before=before, after=after)
        form = "total_up" if cell.difference > 0 else "total_down"
        return self._say(form, year=year, change=norwegian.money(abs(cell.difference)), after=after)

    def _named(self, terms: Iterable[tuple[Term, str]]) -> Iterator[_Sentence]:
        """The terms that have one sentence each. Those of a table that is new need none."""
        table = self._difference.table
        for term, form in terms:
            change = self._terms.get(term)
            of_table = term is Term.ALTERNATIVE or (term, form) in _MONEY_TERMS
            if change is None or (of_table and (table.before is None or table.after is None)):
                continue
            yield self._term(change, form)

    def _term(self, change: TermChange, form: str) -> _Sentence:
        before, after = (value(given, self._language) for given in (change.before, change.after))
        if form == "index" and before == after:
            form = "index_source"
        return self._say(form, before=before, after=after)

    # Text

    def _clauses(self) -> Iterator[_Sentence]:
        clauses = self._difference.clauses
        for change, one, many in (
            (Change.DELETED, "clause_gone", "clauses_gone"),
            (Change.ADDED, "clause_new", "clauses_new"),
        ):
            found = [clause for clause in clauses if clause.change is change]
            inside = _inside(found)
            outer = [clause for clause in found if clause.number not in inside]
            if len(outer) > _NAMED:
                numbers = self._join(clause.number for clause in outer)
                yield self._say(many, len(found), numbers=numbers)
                continue
            for clause in outer:
                under = sum(number.startswith(f"{clause.number}.") for number in inside)
                form = f"{one}_whole" if under else one
                heading = _short(clause.title)
                yield self._say(form, 1 + under, number=clause.number, heading=heading)
        edited = [clause for clause in clauses if clause.change is None]
        for clause in sorted(edited, key=lambda clause: -clause.words):
            yield self._say(
                "clause_edited",
                number=clause.number,
                heading=_short(clause.title),
                detail=self._detail(clause),
            )
        for clause in clauses:
            if clause.moved:
                same = clause.before_number == clause.after_number
                yield self._say(
                    "clause_moved_same" if same else "clause_moved",
                    number=clause.number,
                    heading=_short(clause.title),
                    old=clause.before_number,
                )

    def _detail(self, clause: ClauseChange) -> str:
        words = SENTENCES[self._language]
        if clause.words:
            return words["words"].format(count=clause.words)
        runs = [run.change for run in clause.heading] + [line.change for line in clause.lines]
        return words["source" if all(x is Change.KEPT for x in runs) else "layout"]

    def _renumbered(self) -> Iterator[_Sentence]:
        found = [clause for clause in self._difference.clauses if clause.renumbered]
        if len(found) == 1:
            clause = found[0]
            yield self._say(
                "renumbered",
                number=clause.number,
                heading=_short(clause.title),
                old=clause.before_number,
            )
        elif found:
            yield self._say("renumbered_many", len(found))

    # The checklist

    def _services(self, level: ServiceLevel) -> Iterator[_Sentence]:
        names = LEVELS[self._language][level]
        on_level = [item for item in self._difference.services if item.level is level]
        for service in on_level:
            if service.before and service.after and service.before is not service.after:
                yield self._say(
                    "service_level",
                    text=_service(service),
                    before=LEVELS[self._language][service.before][1],
                    after=names[1],
                )
        for change, one, many in (
            (Change.DELETED, "service_gone", "services_gone"),
            (Change.ADDED, "service_new", "services_new"),
            (None, "service_edited", "services_edited"),
        ):
            found = [
                s
                for s in on_level
                if s.change is change and (change or (s.before is s.after and s.edited))
            ]
            if len(found) > _QUOTED:
                yield self._say(many, len(found), level=names[2])
            else:
                for service in found:
                    yield self._say(one, level=names[0], text=_service(service))
        for service in on_level:
            if service.choices:
                listed = self._join(choice.name for choice in service.choices)
                yield self._say("service_choices", text=_service(service), names=listed)
        if any(service.moved for service in on_level):
            yield self._say("service_order", level=names[3])

    def _attachments(self) -> Iterator[_Sentence]:
        forms = {Change.ADDED: "attachment_new", Change.DELETED: "attachment_gone"}
        for one in self._difference.attachments:
            form = forms[one.change] if one.change else "attachment_edited"
            yield self._say(form, text=_short(one.attachment.title))


def full_name(line: LineChange) -> str:
    """The full name of a contributor: a table names a municipality without «kommune»."""
    row = line.line
    assert isinstance(row, Row)
    municipal = row.kind is ContributorKind.MUNICIPALITY
    return f"{row.name} kommune" if municipal and not row.name.endswith("kommune") else row.name


def _inside(clauses: Iterable[ClauseChange]) -> set[str]:
    """The numbers of those that lie under another of the clauses."""
    numbers = {clause.number for clause in clauses}
    return {number for number in numbers if number.rpartition(".")[0] in numbers}


def _service(service: ServiceChange) -> str:
    """The text of a service as it is now."""
    runs = [run for run in service.text if run.change is not Change.DELETED] or service.text
    return _short("".join(getattr(part, "text", "") for run in runs for part in run.parts).strip())


def _short(text: str) -> str:
    """A quoted text, cut between two words where it is long."""
    if len(text) <= _LONGEST:
        return text
    return text[:_LONGEST].rpartition(" ")[0].rstrip(" ,.;:") + " …"
