"""Compare what Statistics Norway answered with the register: what would change, and what is odd. Pure.

Nothing is decided here. A finding of the level `stop` makes an import impossible, `error` asks for
somebody to accept it, and `warning` is said.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from municipalities.municipality_file import Ending, FileRow
from municipalities.statistics import formats, messages
from municipalities.statistics.steps import Fetched

# Norway had this many municipalities on this day; Klass tells what has happened before and since.
COUNTED_ON, COUNTED = dt.date(2024, 1, 1), 357
# A municipality seldom grows or shrinks by more than this between two figures; a slip of a digit does.
SUDDEN_PERCENT = 10
# The country has not grown by more than 1.3 % in any year since the war.
YEARLY_PERCENT = 2
FEWEST_SUMMED = 20  # a few municipalities together may grow faster than the country
MOST_NAMED = 8  # numbers in a finding; the rest are counted


@dataclass(frozen=True, slots=True)
class Known:
    """A municipality or county as the register has it. Counties have no figures."""

    number: str
    name: str
    official_name: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    figures: Mapping[dt.date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something somebody should look at. `values` fill in the sentence of the code in `messages`."""

    level: str
    code: str
    values: tuple[tuple[str, object], ...]

    @property
    def message(self) -> str:
        """The sentence in Norwegian."""
        return messages.finding(self.code, dict(self.values))

    @property
    def english(self) -> str:
        """The line in English."""
        return messages.english(self.code, dict(self.values))


@dataclass(frozen=True, slots=True)
class Renamed:
    """A municipality whose name or official name changes."""

    number: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure to be added. `before` is the newest known at or before its day; `earlier` is its day.

    Where `earlier` is the day itself, the figure replaces one for the same day.
    """

    number: str
    name: str
    value: int
    before: int | None
    earlier: dt.date | None

    @property
    def difference(self) -> int | None:
        """How many more inhabitants than before."""
        return None if self.before is None else self.value - self.before


@dataclass(frozen=True, slots=True)
class Review:
    """Everything an import would do, and what is odd about it."""

    day: dt.date
    rows: tuple[FileRow, ...]
    endings: tuple[Ending, ...]
    names: Mapping[str, str]
    new: tuple[FileRow, ...]
    renamed: tuple[Renamed, ...]
    begun: tuple[FileRow, ...]
    new_figures: tuple[Figure, ...]
    changed_figures: tuple[Figure, ...]
    unchanged_figures: int
    total: int
    findings: tuple[Finding, ...]

    def of_level(self, *levels: str) -> tuple[Finding, ...]:
        """Return the findings of these levels."""
        return tuple(finding for finding in self.findings if finding.level in levels)

    @property
    def changes_anything(self) -> bool:
        """Whether the register would be another afterwards."""
        return bool(
            self.new
            or self.renamed
            or self.begun
            or self.new_figures
            or self.changed_figures
            or self.endings
        )

    @property
    def fingerprint(self) -> str:
        """A hash of what a person sees: another one means that they have not seen this."""
        figures = (self.new_figures, self.changed_figures)
        seen = (self.day, self.new, self.renamed, self.begun, self.endings, figures, self.findings)
        return hashlib.sha256(repr(seen).encode()).hexdigest()


def review(
    fetched: Fetched,
    known: Mapping[str, Known],
    known_counties: Mapping[str, Known],
    today: dt.date,
) -> Review:
    """Compare. Names follow the lists, but a name a person has chosen among an official one's parts stays."""
    day = fetched.figures.day
    rows = _rows(fetched, known)
    figures, unchanged = _figures(rows, known, day)
    changed = tuple(figure for figure in figures if figure.earlier == day)
    endings, gone = _endings(fetched, known, known_counties)
    names = {code.number: formats.norwegian_name(code.name) for code in fetched.municipalities}
    names |= {number: row.name for number, row in known.items()}
    names |= {number: row.name for number, row in known_counties.items()}
    names |= {
        change.new: formats.norwegian_name(change.new_name)
        for change in (*fetched.changes, *fetched.county_changes)
        if change.new not in names and formats.name_parts(change.new_name)
    }
    return Review(
        day=day,
        rows=rows,
        endings=endings,
        names=names,
        new=tuple(row for row in rows if row.number not in known),
        renamed=tuple(_renamed(rows, known)),
        begun=tuple(row for row in rows if row.valid_from and row.number in known),
        new_figures=tuple(figure for figure in figures if figure.earlier != day),
        changed_figures=changed,
        unchanged_figures=unchanged,
        total=sum(row.population.get(day, 0) for row in rows),
        findings=(
            *_findings(fetched, rows, known_counties, today),
            *_jumps(rows, known, day),
            *(
                _finding("warning", "gone", name=known[number].name, numbers=number)
                for number in gone
            ),
        ),
    )


# --- what would change ---------------------------------------------------------------------------


def _rows(fetched: Fetched, known: Mapping[str, Known]) -> tuple[FileRow, ...]:
    day = fetched.figures.day
    counties = {code.number: formats.norwegian_name(code.name) for code in fetched.counties}
    began = {}
    for when, _, arriving in _moves(fetched.changes):
        if when <= day:
            began.update(dict.fromkeys(arriving, when))
    rows = []
    for place, code in enumerate(fetched.municipalities, start=1):
        stored = known.get(code.number)
        parts = formats.name_parts(code.name)
        value = fetched.figures.values.get(code.number)
        dated = stored is not None and stored.valid_from is not None
        rows.append(
            FileRow(
                row=place,
                number=code.number,
                name=formats.norwegian_name(code.name, stored.name if stored else ""),
                official_name=" - ".join(parts) if len(parts) > 1 else "",
                county_number=code.number[:2],
                county_name=counties.get(code.number[:2], ""),
                # A table of many years says 0 for what is not there; no municipality is empty.
                population={day: value} if value else {},
                # A day somebody has entered is left alone.
                valid_from=None if dated else began.get(code.number),
            )
        )
    return tuple(rows)


def _renamed(rows: Iterable[FileRow], known: Mapping[str, Known]) -> Iterable[Renamed]:
    for row in rows:
        stored = known.get(row.number)
        if stored is None:
            continue
        if stored.name != row.name:
            yield Renamed(row.number, stored.name, row.name)
        if row.official_name and stored.official_name != row.official_name:
            yield Renamed(row.number, stored.official_name or stored.name, row.official_name)


def _figures(
    rows: Iterable[FileRow], known: Mapping[str, Known], day: dt.date
) -> tuple[tuple[Figure, ...], int]:
    """Return the figures to be added, and how many the register has already."""
    found, unchanged = [], 0
    for row in rows:
        if day not in row.population:
            continue
        value = row.population[day]
        before, earlier = _earlier(known.get(row.number), day)
        if earlier == day and before == value:
            unchanged += 1
        else:
            found.append(Figure(row.number, row.name, value, before, earlier))
    return tuple(found), unchanged


def _earlier(stored: Known | None, day: dt.date) -> tuple[int | None, dt.date | None]:
    """Return the figure of the closest day at or before `day`, and its day."""
    days = [known for known in stored.figures if known <= day] if stored else []
    if not stored or not days:
        return None, None
    return stored.figures[max(days)], max(days)


def _moves(
    changes: Iterable[formats.Change],
) -> Iterable[tuple[dt.date, Mapping[str, tuple[str, ...]], frozenset[str]]]:
    """Yield for each day of change: the numbers that left with what they became, those that came.

    A number that stands on both sides of the same day has only got a new name or more land.
    """
    by_day: dict[dt.date, list[formats.Change]] = {}
    for change in changes:
        by_day.setdefault(change.day, []).append(change)
    for day, together in sorted(by_day.items()):
        before = {change.old for change in together if change.old}
        after = {change.new for change in together if change.new}
        left = {
            number: tuple(sorted({c.new for c in together if c.old == number and c.new}))
            for number in sorted(before - after)
        }
        yield day, left, frozenset(after - before)


def _endings(
    fetched: Fetched, known: Mapping[str, Known], known_counties: Mapping[str, Known]
) -> tuple[tuple[Ending, ...], tuple[str, ...]]:
    """Return what has ended and has no last day yet, and the numbers nobody can account for."""
    endings, gone = [], []
    for changes, codes, stored in (
        (fetched.changes, fetched.municipalities, known),
        (fetched.county_changes, fetched.counties, known_counties),
    ):
        listed = {code.number for code in codes}
        last: dict[str, Ending] = {}
        later: set[str] = set()
        for when, left, arriving in _moves(changes):
            for number in arriving:
                last.pop(number, None)  # a number that is used again
            if when > fetched.figures.day:
                later |= arriving
            for number, successors in left.items():
                last[number] = Ending(number, when - dt.timedelta(days=1), successors)
        for number in sorted(listed | stored.keys()):
            row = stored.get(number, Known(number, ""))
            ending = last.get(number)
            if ending is not None and number in listed and ending.last_day < fetched.figures.day:
                ending = None  # the list of the day knows better
            if row.valid_to is not None or (number not in listed and number in later):
                continue
            if ending is not None:
                if row.valid_from is None or row.valid_from <= ending.last_day:
                    endings.append(ending)
            elif number not in listed and stored is known and not _begins_later(row, fetched):
                gone.append(number)
    return tuple(endings), tuple(gone)


def _begins_later(row: Known, fetched: Fetched) -> bool:
    return row.valid_from is not None and row.valid_from > fetched.figures.day


# --- what is odd ---------------------------------------------------------------------------------


def _finding(level: str, code: str, **values: object) -> Finding:
    return Finding(level, code, tuple(values.items()))


def _named(numbers: Iterable[str]) -> dict[str, object]:
    every = sorted(numbers)
    more = len(every) - MOST_NAMED
    text = ", ".join(every[:MOST_NAMED]) + (f" (+ {more})" if more > 0 else "")
    return {"count": len(every), "numbers": text}


def _findings(
    fetched: Fetched, rows: tuple[FileRow, ...], known_counties: Mapping[str, Known], today: dt.date
) -> Iterable[Finding]:
    day = fetched.figures.day
    if day > today:
        yield _finding("stop", "future", day=day)
    lost = [
        row.number
        for row in rows
        if not row.county_name and row.county_number not in known_counties
    ]
    if lost:
        yield _finding("stop", "county", **_named(lost))
    expected = _expected(fetched.changes, day)
    if len(rows) != expected:
        yield _finding("error", "count", found=len(rows), expected=expected)
    without = [row.number for row in rows if not row.population]
    if without:
        yield _finding("error", "no_figure", **_named(without))
    numbers = {row.number for row in rows}
    unknown = [
        code
        for code, value in fetched.figures.values.items()
        if value and code not in numbers and code[:2] not in formats.NOT_COUNTIES
    ]
    if unknown:
        yield _finding("error", "unknown_codes", **_named(unknown))
    country = fetched.country.values.get(formats.COUNTRY)
    total = sum(row.population.get(day, 0) for row in rows)
    if not country:
        yield _finding("warning", "no_country")
    elif country != total:
        yield _finding("error", "sum", total=total, country=country)


def _expected(changes: Iterable[formats.Change], day: dt.date) -> int:
    """Return how many municipalities there should be: those counted once, and what happened since."""
    expected = COUNTED
    for when, left, arriving in _moves(changes):
        if COUNTED_ON < when <= day:
            expected += len(arriving) - len(left)
        elif day < when <= COUNTED_ON:
            expected -= len(arriving) - len(left)
    return expected


def _jumps(rows: Iterable[FileRow], known: Mapping[str, Known], day: dt.date) -> Iterable[Finding]:
    """Say where a municipality, or all that are known together, have changed more than they do."""
    before_all, after_all, oldest, count = 0, 0, day, 0
    sudden = []
    for row in rows:
        value = row.population.get(day)
        before, earlier = _earlier(known.get(row.number), day)
        if value is None or before is None or earlier is None:
            continue
        count += 1
        before_all, after_all, oldest = before_all + before, after_all + value, min(oldest, earlier)
        if abs(value - before) * 100 > before * SUDDEN_PERCENT:
            sudden.append(
                _finding(
                    "warning",
                    "corrected" if earlier == day else "sudden",
                    numbers=row.number,
                    name=row.name,
                    before=before,
                    earlier=earlier,
                    after=value,
                    day=day,
                    percent=SUDDEN_PERCENT,
                )
            )
    percent = YEARLY_PERCENT * max(1, -(-(day - oldest).days // 366))
    if count >= FEWEST_SUMMED and abs(after_all - before_all) * 100 > before_all * percent:
        yield _finding(
            "error", "jump", count=count, before=before_all, after=after_all, percent=percent
        )
    yield from sudden
