"""A case paper as chapters of paragraphs, lists and tables: what page, PDF and Word document all print.

Nothing is computed here: the words are put together, and the cells are those of finished tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain

from agreements.documents import case_paper_tables as tables
from agreements.documents.case_paper_parts import reasons, typed
from agreements.documents.case_paper_words import PAPER_WORDS
from agreements.documents.chapters import Chapter, Note, PBlock, bullets, paragraph
from agreements.domain import case_paper_texts as texts
from agreements.domain import markup
from agreements.domain.case_paper import (
    CasePaper,
    Former,
    FormerKind,
    Part,
    own_row,
)
from agreements.domain.checks import Position
from agreements.domain.resolve import RBlock, RList, RTable
from financing.calculation import Status
from financing.comparison import Difference
from financing.figures import municipal_sum
from municipalities import norwegian

MOST = 20  # findings that are told


def chapters(paper: CasePaper) -> tuple[Chapter, ...]:
    """The whole paper in reading order: what is proposed first, what it rests on after."""
    writer = _Writer(paper)
    return tuple(chapter for chapter in writer.all() if chapter.blocks)


def part(paper: CasePaper, key: Part, written: str | None = None) -> tuple[PBlock, ...]:
    """Return one part that the team may write, as it is printed; `written` in place of what is stored."""
    return tuple(_Writer(paper).text(key, written))


class _Writer:
    """Writes the chapters of one paper."""

    def __init__(self, paper: CasePaper) -> None:
        self.paper = paper
        self.words = PAPER_WORDS[paper.language]
        self.compared = paper.compared()

    def all(self) -> Iterator[Chapter]:
        paper, words = self.paper, self.words
        yield self._chapter("kort", words["short"], self._short())
        if paper.recipient:
            own = words["own"].format(name=paper.recipient.short_name)
            yield self._chapter("egne-tall", own, tables.own_figures(paper))
        yield from self._proposal()
        yield self._chapter("bakgrunn", words["background"], self.text(Part.BACKGROUND))
        yield self._chapter("nytt", words["changes"], self._changes())
        yield from self._money()
        yield from self._views()
        yield self._chapter("innspill", words["inputs"], tables.inputs(paper))
        yield self._chapter("vurdering", words["assessment"], self.text(Part.ASSESSMENT))
        yield self._chapter("avklart", words["open_points"], self._open())
        yield self._chapter("vedlegg", words["attachments"], self._attachments())
        yield self._chapter("kilder", words["sources"], self._sources())

    def _chapter(self, key: str, heading: str, blocks: Iterable[PBlock], depth: int = 1) -> Chapter:
        return Chapter(key, markup.one_line(heading), depth, tuple(blocks))

    def _say(self, key: str, /, **given: object) -> str:
        return self.words[key].format(**given)

    def _day(self, day: date) -> str:
        return norwegian.date_long(day, self.paper.language)

    # The short version, and what is proposed

    def _short(self) -> Iterator[PBlock]:
        paper = self.paper
        own = paper.view
        lines = []
        if own is not None and own.day is not None:
            stance = self.words[f"stance_{own.stance}"]
            reason = f" {tables.short(own.comment)}" if own.comment else ""
            lines.append(self._say("own_view", name=own.body.short_name, stance=stance) + reason)
        lines.append(texts.answers(paper))
        lines += [self._cost(place) for place in range(len(paper.tables))]
        if not paper.tables:
            lines.append(self.words["no_tables"])
        lines += self._uncertain()
        lines.append(self.words["decides"])
        yield bullets(lines)

    def _uncertain(self) -> Iterator[str]:
        """Whose contribution is not certain. The sums without it stand under the tables."""
        table = self.paper.chosen_table
        for status in (Status.CONDITIONAL, Status.UNDECIDED):
            names = [row.name for row in table.rows if row.status is status] if table else []
            if names:
                yield self._say(f"is_{status}", names=norwegian.join(names, self.paper.language))

    def _cost(self, place: int) -> str:
        paper = self.paper
        table = paper.tables[place]
        name = tables.alternative(paper, place)
        if paper.recipient:
            row = own_row(table, paper.key)
            if row is None:
                return self._say("own_nothing", alternative=name, name=paper.recipient.short_name)
            return self._say(
                "own_costs",
                alternative=name,
                name=paper.recipient.short_name,
                total=norwegian.money(row.cells[0]),
                year=table.years[0],
                than=self._than(paper.key, place),
            )
        return self._say(
            "costs",
            alternative=name,
            total=norwegian.money(table.total.cells[0]),
            part=norwegian.money(municipal_sum(table).cells[0]),
            year=table.years[0],
            than=self._than("municipalities", place),
        )

    def _than(self, code: str, place: int) -> str:
        """«, 1 000,00 kroner mindre enn i dag»; nothing where what is paid today is not known."""
        rows = self.compared.rows if self.compared else ()
        row = next((row for row in rows if row.key == code), None)
        year = self.paper.tables[place].years[0]
        found: Difference | None = None
        if row is not None and self.compared is not None:
            found = row.figures[place].from_current[self.compared.years.index(year)]
        if found is None:
            return ""
        form = "less" if found.kroner < 0 else "more_than" if found.kroner > 0 else "same"
        return self._say(form, amount=norwegian.money(abs(found.kroner)))

    def _proposal(self) -> Iterator[Chapter]:
        paper = self.paper
        proposed = texts.proposal(paper)
        heading = self.words["recommendation" if paper.recipient is None else "resolution"]
        blocks = list(self.text(proposed))
        if proposed is Part.REJECTION:
            assert paper.recipient is not None
            view = paper.view
            against = view is not None and view.stance is Position.NEGATIVE
            name = paper.recipient.short_name
            table = paper.chosen_table
            lead = (
                self._say("against", name=name)
                if against or table is None
                else self._say("outside", name=name, alternative=table.alternative)
            )
            blocks += [paragraph(lead), *self.text(Part.RESOLUTION)]
        if paper.view and paper.view.stance is Position.CONDITIONAL:
            told = RList(False, tuple((line,) for line in typed(paper.view.comment)))
            blocks += [paragraph(self.words["conditions"]), told]
        yield self._chapter("forslag", heading, blocks)

    def text(self, key: Part, written: str | None = None) -> Iterator[PBlock]:
        """A part that the team may write."""
        for block in texts.blocks(self.paper, key, written):
            yield from self._printed(block)

    def _printed(self, block: RBlock) -> Iterator[PBlock]:
        """The contribution table stands as in the agreement; within a list its place is named."""
        match block:
            case RTable():
                if self.paper.tables:
                    yield from tables.contributions(self.paper, 0)
            case RList(ordered, items):
                yield RList(ordered, tuple(tuple(map(self._in_list, item)) for item in items))
            case _:
                yield block

    def _in_list(self, block: RBlock) -> RBlock:
        match block:
            case RTable():
                return paragraph(f"«{self.words['money']}»")
            case RList(ordered, items):
                return RList(ordered, tuple(tuple(map(self._in_list, item)) for item in items))
            case _:
                return block

    # What is new

    def _changes(self) -> Iterator[PBlock]:
        former: Former | None = self.paper.former
        if former is None:
            yield paragraph(self.words["nothing_before"])
            return
        form = "since_previous" if former.kind is FormerKind.PREVIOUS else "since_template"
        yield paragraph(self._say(form, name=former.name, day=self._day(former.day)))
        yield bullets(former.changes) if former.changes else paragraph(self.words["no_changes"])

    # Money

    def _money(self) -> Iterator[Chapter]:
        paper, words = self.paper, self.words
        if not paper.tables:
            yield self._chapter("okonomi", words["money"], [paragraph(words["no_tables"])])
            return
        lead = []
        if paper.today is None:
            lead.append(words["no_today"])
        beside = list(tables.beside(paper, self.compared)) if self.compared else []
        if beside and self.compared and self.compared.current_year is not None:
            year, today = self.compared.year, self.compared.current_year
            lead.append(self._say("lead", year=year, today=today))
        yield self._chapter("okonomi", words["money"], map(paragraph, lead) if lead else ())
        heading = words["beside" if paper.today else "beside_alone"]
        if beside:
            yield self._chapter("side-om-side", heading, beside, 2)
        notes, common = tables.notes(paper)
        for place, own in enumerate(notes):
            last = common if place == len(notes) - 1 else []
            lines = [*own, *([words["all_tables"], *last] if last else [])]
            yield self._chapter(
                f"alternativ-{place + 1}",
                tables.alternative(paper, place),
                chain(tables.contributions(paper, place), map(Note, lines)),
                2,
            )

    # Who has said what

    def _views(self) -> Iterator[Chapter]:
        paper, words = self.paper, self.words
        views = sorted(paper.views, key=lambda view: view.body.key != paper.key)
        if not views:
            yield self._chapter("syn", words["views"], [paragraph(words["not_asked"])])
            return
        said: list[PBlock] = [tables.answers(paper, views)]
        for view in views:
            said += reasons(view)
        yield self._chapter("syn", words["views"], said)
        if any(view.decided for view in views):
            yield self._chapter("vedtak", words["resolutions"], [tables.resolutions(paper, views)])
        others = paper.confirmations
        if others:
            blocks: list[PBlock] = [tables.confirmations(paper, others)]
            for view in others:
                blocks += reasons(view)
            yield self._chapter("andre", words["others"], blocks)

    # What is open, and what it rests on

    def _open(self) -> Iterator[PBlock]:
        paper, words = self.paper, self.words
        lines = []
        names = [one.body.name for one in paper.confirmations if one.stance is Position.UNDECIDED]
        if names:
            joined = norwegian.join(names, paper.language)
            lines.append(self._say("unconfirmed", names=joined))
        waiting = sum(said.outcome == "open" for said in paper.inputs)
        if waiting:
            lines.append(self._say("open_inputs", count=waiting))
        lines += self._uncertain()
        if lines:
            yield bullets(lines)
        if paper.waiting:
            yield paragraph(words["waiting"])
            yield bullets(self._first(list(paper.waiting)))
        if paper.standing:
            yield paragraph(words["standing"])
            listed = [f"{one.message.rstrip(' .')}. {one.reason}" for one in paper.standing]
            yield bullets(self._first(listed))

    def _first(self, lines: list[str]) -> list[str]:
        left = len(lines) - MOST
        return [*lines[:MOST], *([self._say("more", count=left)] if left > 0 else [])]

    def _attachments(self) -> Iterator[PBlock]:
        paper = self.paper
        version = texts.values(paper)["sak.versjon"]
        lines = [self._say("agreement_attached", title=paper.document.title, version=version)]
        lines += [
            self._say("restricted", title=one.title, code=one.access_code)
            if one.access_code
            else one.title
            for one in paper.document.attachments
        ]
        yield RList(True, tuple((paragraph(line),) for line in lines))

    def _sources(self) -> Iterator[PBlock]:
        paper, basis, template = self.paper, self.paper.basis, self.paper.document.template
        day, source = self._day(basis.population_date), basis.population_source.strip(" .")
        lines = [
            self._say("population_source", day=day, source=source)
            if source
            else self._say("population", day=day)
        ]
        if paper.today:
            sources = "; ".join(one.strip(" .") for one in paper.today.sources)
            form = "today_source" if sources else "today_no_source"
            lines.append(self._say(form, year=paper.today.year, source=sources))
        if paper.frozen and paper.views:
            frozen = paper.frozen
            lines.append(self._say("asked_day", number=frozen.number, day=self._day(frozen.day)))
        if template:
            issued = self._day(template.issued)
            lines.append(
                self._say(
                    "template_source", name=template.name, number=template.version, day=issued
                )
            )
        yield bullets(lines)
