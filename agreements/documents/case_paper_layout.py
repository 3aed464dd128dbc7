"""A case paper as chapters of paragraphs, lists and tables: what page, PDF and Word document all print.

Nothing is computed here: the words are put together, and the cells are those of finished tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from agreements.documents import case_paper_tables as tables
from agreements.documents.case_paper_words import PAPER_WORDS
from agreements.documents.word.content import Grid
from agreements.domain import case_paper_texts as texts
from agreements.domain import markup, wording
from agreements.domain.case_paper import (
    CasePaper,
    Former,
    FormerKind,
    Part,
    View,
    own_row,
)
from agreements.domain.checks import Position
from agreements.domain.resolve import RBlock, RList, RParagraph, RTable, Run
from financing.comparison import Difference
from financing.figures import municipal_sum
from municipalities import norwegian

MOST = 20  # findings that are told


@dataclass(frozen=True, slots=True)
class Note:
    """A line of small print under a table."""

    text: str


PBlock = RParagraph | RList | Grid | Note


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading and what stands under it. `depth` is 1 or 2; `key` is unique in the paper."""

    key: str
    heading: str
    depth: int
    blocks: tuple[PBlock, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """The top of the first page. `state` is what the footer of every page says too."""

    eyebrow: str
    title: str
    keys: tuple[tuple[str, str], ...]
    state: str


def face(paper: CasePaper) -> Face:
    """Return the top of the paper: what it is, for whom, and about which version."""
    words, document, frozen = PAPER_WORDS[paper.language], paper.document, paper.frozen
    start = norwegian.date_long(document.term_start, paper.language)
    end = norwegian.date_long(document.term_end, paper.language)
    to = (
        words["to_council"].format(name=paper.recipient.name)
        if paper.recipient
        else words["to_region"].format(name=document.region)
    )
    keys = [(words["to"], to)]
    number = _case_number(paper)
    if number:
        keys.append((words["case"], number))
    keys.append((words["term"], words["until"].format(start=start, end=end)))
    about, state = words["is_draft"], words["draft"]
    if frozen:
        shown = frozen.sha256[: texts.HASH_SHOWN]
        day = norwegian.date_long(frozen.day, paper.language)
        about = words["version"].format(number=frozen.number, day=day, hash=shown)
        state = words["version_short"].format(number=frozen.number)
    keys.append((words["about"], about))
    eyebrow = words["paper"] if frozen else f"{words['paper']} · {words['draft']}"
    return Face(eyebrow, document.title, tuple(keys), state)


def _case_number(paper: CasePaper) -> str:
    """The region's own number; for a municipality the one its council has used, when it has decided."""
    if paper.recipient is None:
        return paper.written(Part.CASE_NUMBER)
    view = paper.view
    return view.decided.case_number if view and view.decided else ""


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
        yield from self._proposal()
        if paper.recipient:
            own = words["own"].format(name=paper.recipient.short_name)
            yield self._chapter("egne-tall", own, tables.own_figures(paper))
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

    def _day(self, day: object) -> str:
        return norwegian.date_long(day, self.paper.language)  # type: ignore[arg-type]

    # The short version, and what is proposed

    def _short(self) -> Iterator[PBlock]:
        paper = self.paper
        own = paper.view
        lines = []
        if own is not None and own.day is not None:
            stance = self.words[f"stance_{own.stance}"]
            lines.append(self._say("own_view", name=own.body.short_name, stance=stance))
        lines.append(texts.answers(paper))
        lines += [self._cost(place) for place in range(len(paper.tables))]
        if not paper.tables:
            lines.append(self.words["no_tables"])
        lines += [uncertain] if (uncertain := wording.reservation(paper.document)) else []
        lines.append(self.words["decides"])
        yield _bullets(lines)

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
            blocks += [_paragraph(lead), *self.text(Part.RESOLUTION)]
        if paper.view and paper.view.stance is Position.CONDITIONAL:
            blocks += [_paragraph(self.words["conditions"]), *_lines(paper.view.comment)]
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
                return _paragraph(f"«{self.words['money']}»")
            case RList(ordered, items):
                return RList(ordered, tuple(tuple(map(self._in_list, item)) for item in items))
            case _:
                return block

    # What is new

    def _changes(self) -> Iterator[PBlock]:
        former: Former | None = self.paper.former
        if former is None:
            yield _paragraph(self.words["nothing_before"])
            return
        form = "since_previous" if former.kind is FormerKind.PREVIOUS else "since_template"
        yield _paragraph(self._say(form, name=former.name, day=self._day(former.day)))
        yield _bullets(former.changes) if former.changes else _paragraph(self.words["no_changes"])

    # Money

    def _money(self) -> Iterator[Chapter]:
        paper, words = self.paper, self.words
        if not paper.tables:
            yield self._chapter("okonomi", words["money"], [_paragraph(words["no_tables"])])
            return
        lead = []
        if paper.only_chosen:
            lead.append(words["only_chosen"])
        elif paper.today is None:
            lead.append(words["no_today"])
        beside = list(tables.beside(paper, self.compared)) if self.compared else []
        if beside and self.compared and self.compared.current_year is not None:
            year, today = self.compared.year, self.compared.current_year
            lead.append(self._say("lead", year=year, today=today))
        yield self._chapter("okonomi", words["money"], map(_paragraph, lead) if lead else ())
        heading = words["beside" if paper.today else "beside_alone"]
        if beside:
            yield self._chapter("side-om-side", heading, beside, 2)
        for place in range(len(paper.tables)):
            yield self._chapter(
                f"alternativ-{place + 1}",
                tables.alternative(paper, place),
                chain(
                    tables.contributions(paper, place),
                    (Note(line) for line in tables.notes(paper, place)),
                ),
                2,
            )

    # Who has said what

    def _views(self) -> Iterator[Chapter]:
        paper, words = self.paper, self.words
        views = sorted(paper.views, key=lambda view: view.body.key != paper.key)
        if not views:
            yield self._chapter("syn", words["views"], [_paragraph(words["not_asked"])])
            return
        said: list[PBlock] = [tables.answers(paper, views)]
        for view in views:
            said += _reasons(view)
        yield self._chapter("syn", words["views"], said)
        if any(view.decided for view in views):
            yield self._chapter("vedtak", words["resolutions"], [tables.resolutions(paper, views)])
        others = paper.confirmations
        if others:
            blocks: list[PBlock] = [tables.confirmations(paper, others)]
            for view in others:
                blocks += _reasons(view)
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
        if uncertain := wording.reservation(paper.document):
            lines.append(uncertain)
        if lines:
            yield _bullets(lines)
        if paper.waiting:
            yield _paragraph(words["waiting"])
            yield _bullets(self._first(list(paper.waiting)))
        if paper.standing:
            yield _paragraph(words["standing"])
            listed = [f"{one.message.rstrip(' .')}. {one.reason}" for one in paper.standing]
            yield _bullets(self._first(listed))

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
        yield RList(True, tuple((_paragraph(line),) for line in lines))

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
        yield _bullets(lines)


def _reasons(view: View) -> list[PBlock]:
    """What somebody has said, each line a paragraph, the first with the name."""
    paragraphs = _lines(view.comment)
    if not paragraphs:
        return []
    first, *rest = paragraphs
    name = Run(f"{markup.one_line(view.body.short_name)}: ", bold=True)
    return [RParagraph((name, *first.runs)), *rest]


def _lines(text: str) -> list[RParagraph]:
    lines = (markup.one_line(line) for line in markup.clean(text).split("\n"))
    return [RParagraph((Run(line),)) for line in lines if line]


def _paragraph(text: str) -> RParagraph:
    return RParagraph((Run(markup.one_line(text)),))


def _bullets(lines: Iterable[str]) -> RList:
    return RList(False, tuple((_paragraph(line),) for line in lines))
