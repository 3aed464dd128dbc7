"""From a grid of cells to a printed table: which column is what, and what each row says. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from financing.verification.delimited import Grid, is_data
from financing.verification.numbers import Style, clean, is_absent, read_number
from financing.verification.table import (
    PrintedColumn,
    PrintedNumber,
    PrintedRow,
    PrintedTable,
    Problem,
    ReadingError,
    RowKind,
    unique,
)
from financing.verification.words import (
    Role,
    is_heading,
    role_of,
    row_kind,
    tidy_label,
    years_in,
)
from municipalities.norwegian import join

_NO_AMOUNTS = (
    "Fant ingen kolonne med beløp. Skriv årstallet over hver beløpskolonne, som i «Sum 2026»."
)


_NUMBERS = (Role.POPULATION, Role.RATE, Role.YEAR, Role.AMOUNT)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The numbers of the columns, counted from 0."""

    name: int
    population: int | None
    rate: int | None
    amounts: tuple[int, ...]
    columns: tuple[PrintedColumn, ...]


def table_from_grid(grid: Grid, style: Style) -> PrintedTable:
    """Understand a grid. Raises ReadingError where no column holds names, or none holds amounts."""
    first = next((at for at, row in enumerate(grid) if is_data(row)), len(grid))
    data = [row for row in grid[first:] if any(row)]
    if not data:
        raise ReadingError(
            "Fant ingen rader med tall. Lim inn hele tabellen, med overskriften og en rad for hver "
            "bidragsyter."
        )
    width = max(len(row) for row in data)
    data = [[*row, *[""] * (width - len(row))] for row in data]
    problems: list[Problem] = []
    remarks: list[str] = []
    data = _first_table(data, problems)
    layout = _layout(_headings(grid[:first], width), data, style, problems, remarks)
    rows: list[PrintedRow] = []
    for line in _named(data, layout, remarks):
        rows.append(_row(line, layout, style, rows, problems))
    return PrintedTable(layout.columns, tuple(rows), tuple(problems), unique(remarks))


def _first_table(data: Grid, problems: list[Problem]) -> Grid:
    """Keep the lines before a second heading."""
    for at, row in enumerate(data):
        if at and not is_data(row) and any(map(is_heading, row)) and len([c for c in row if c]) > 1:
            problems.append(another_table(clean(" ".join(row))))
            return data[:at]
    return data


def another_table(heading: str) -> Problem:
    """Return the problem of a second heading in the text."""
    return Problem(
        "",
        f"«{heading[:60]}» ser ut som overskriften til en tabell til. Bare den første tabellen er "
        "lest. Lim inn én tabell om gangen. Går tabellen over to sider, ta bort overskriften på side to.",
    )


def _headings(lines: Grid, width: int) -> list[str]:
    """Return one heading for each column, put together of all heading lines."""
    if any(sum(map(bool, line)) > 1 for line in lines):  # a title stands in the first cell alone
        lines = [line for line in lines if sum(map(bool, line)) > 1 or not line[0]]
    cells = [[*line, *[""] * width][:width] for line in lines]
    return [clean(" ".join(column)) for column in zip(*cells, strict=True)] or [""] * width


def _layout(
    headings: Sequence[str],
    data: Grid,
    style: Style,
    problems: list[Problem],
    remarks: list[str],
) -> _Layout:
    width = len(data[0])
    roles = [role_of(heading) for heading in headings]
    numeric = [
        _is_numeric([row[at] for row in data], style, roles[at] in _NUMBERS) for at in range(width)
    ]
    names = [at for at in range(width) if not numeric[at] and any(row[at] for row in data)]
    named = [at for at in names if roles[at] is Role.NAME]
    if not names:
        raise ReadingError(
            "Fant ingen kolonne med navn. Ta med kolonnen med kommunene og fylkeskommunene."
        )
    name = (named or names)[0]
    for at in names:  # a year whose cells are all text is still a year: each cell is then named
        numeric[at] = roles[at] is Role.YEAR and at > name
    free = [at for at in range(width) if at != name and numeric[at]]
    population = _take(free, roles, Role.POPULATION)
    rate = _take(free, roles, Role.RATE)
    with_year = [at for at in free if roles[at] is Role.YEAR]
    amounts = with_year or [at for at in free if roles[at] is Role.AMOUNT]
    if not amounts:
        unnamed = [at for at in free if roles[at] is None and at not in (population, rate)]
        if not any(headings) and population is None:
            population, rate, unnamed = _by_position(unnamed, data, style)
        amounts = unnamed
    if not amounts:
        raise ReadingError(_NO_AMOUNTS)
    used = {name, population, rate, *amounts}
    if left := [headings[at] or f"nr. {at + 1}" for at in range(width) if at not in used]:
        remarks.append(f"Ikke kontrollert: {join(f'«{heading}»' for heading in left)}.")
    for at in free:
        if at > name and at not in used and not headings[at]:
            problems.append(
                Problem(
                    "",
                    f"Kolonne {at + 1} har tall, men ingen overskrift, og er ikke lest. Skriv årstallet "
                    "over kolonnen.",
                )
            )
    kept, columns = _columns(amounts, headings, problems)
    return _Layout(name, population, rate, kept, columns)


def _take(free: Sequence[int], roles: Sequence[Role | None], role: Role) -> int | None:
    return next((at for at in free if roles[at] is role), None)


def _is_numeric(cells: Sequence[str], style: Style, by_heading: bool) -> bool:
    """Whether a column's cells are numbers: most of them, or any where the heading says so."""
    filled = [cell for cell in cells if not is_absent(cell)]
    numbers = sum(read_number(cell, style) is not None for cell in filled)
    return numbers > 0 if by_heading else numbers * 2 > len(filled)


def _by_position(
    free: list[int], data: Grid, style: Style
) -> tuple[int | None, int | None, list[int]]:
    """Read a table without headings: inhabitants, the rate where there is one, then amounts."""
    if len(free) < 2:
        return None, None, free
    numbers = [[read_number(row[at], style) for at in free] for row in data]
    rated = [
        (row[0], row[1], row[2]) for row in numbers if len(row) > 2 and row[0] and row[1] and row[2]
    ]
    if rated and sum(_fits(*three) for three in rated) * 2 > len(rated):
        return free[0], free[1], free[2:]
    return free[0], None, free[1:]


def _fits(population: PrintedNumber, rate: PrintedNumber, amount: PrintedNumber) -> bool:
    """Whether inhabitants x rate is near the amount, or the rate at least is no amount."""
    product = population.value * rate.value
    return rate.value < 1000 and product < amount.value * 2 and amount.value < product * 2 + 200000


def _columns(
    amounts: Sequence[int], headings: Sequence[str], problems: list[Problem]
) -> tuple[tuple[int, ...], tuple[PrintedColumn, ...]]:
    kept: list[int] = []
    columns: list[PrintedColumn] = []
    for at in amounts:
        year = next(iter(years_in(headings[at])), None)
        if year is not None and year in [column.year for column in columns]:
            problems.append(
                Problem(
                    "", f"To kolonner er merket {year}. Bare den første er lest. Rett årstallet."
                )
            )
            continue
        kept.append(at)
        label = headings[at] or f"Kolonne {at + 1}"
        if label in [column.label for column in columns]:
            label = f"{label} (kolonne {at + 1})"
        columns.append(PrintedColumn(label, year))
    problems.extend(missing_years(columns))
    return tuple(kept), tuple(columns)


def missing_years(columns: Sequence[PrintedColumn]) -> list[Problem]:
    """Return the problem of years that are missing: between the columns, or over all of them."""
    years = [column.year for column in columns if column.year is not None]
    if len(columns) > 1 and not years:
        return [
            Problem(
                "",
                "Ingen beløpskolonne har et årstall over seg. De er lest som år etter hverandre. Skriv "
                "årstallet over hver kolonne.",
            )
        ]
    gone = [year for year in range(min(years), max(years)) if year not in years] if years else []
    if not gone or len(gone) > 50:
        return []
    return [
        Problem(
            "",
            f"Mellom {min(years)} og {max(years)} mangler {join(map(str, gone))}. Legg inn kolonnen "
            "hvis den står i dokumentet. Ellers regnes det med like stor vekst hvert år.",
        )
    ]


def _named(data: Grid, layout: _Layout, remarks: list[str]) -> Grid:
    """Leave out lines without a number in any column that is read."""
    kept = []
    for line in data:
        read = [line[at] for at in (layout.population, *layout.amounts) if at is not None]
        if all(is_absent(cell) for cell in read):
            remarks.append(f"Linjen «{clean(' '.join(line))[:60]}» har ingen tall og er ikke lest.")
        else:
            kept.append(line)
    return kept


def _row(
    line: list[str],
    layout: _Layout,
    style: Style,
    above: Sequence[PrintedRow],
    problems: list[Problem],
) -> PrintedRow:
    label = tidy_label(line[layout.name])
    kind = row_kind(label)
    shown = label or "(uten navn)"
    if not label and _pays(line, layout, style, above):
        kind, shown = RowKind.CONTRIBUTOR, f"Rad {len(above) + 1} (uten navn)"
        problems.append(
            Problem(
                shown,
                "Raden mangler navn. Er navnecellen slått sammen med en annen, del den og skriv navnet.",
            )
        )
    in_words: set[str] = set()

    def number(at: int | None, what: str) -> PrintedNumber | None:
        if at is None or is_absent(line[at]):
            return None
        found = read_number(line[at], style)
        if found is None:
            problems.append(text_in_cell(shown, what, line[at]))
            in_words.add(what)
        return found

    population = number(layout.population, "innbyggertallet")
    rate = number(layout.rate, "satsen")
    cells = tuple(
        number(at, column.label) for at, column in zip(layout.amounts, layout.columns, strict=True)
    )
    row = PrintedRow(
        shown, kind, whole_population(shown, population, problems), sensible_rate(rate), cells
    )
    if problem := missing_amounts(row, layout.columns, in_words):
        problems.append(problem)
    return row


def _pays(line: list[str], layout: _Layout, style: Style, above: Sequence[PrintedRow]) -> bool:
    """Whether a line without a name is a contributor's: it has a rate, or inhabitants of its own."""
    population, rate = (
        None if at is None else read_number(line[at], style)
        for at in (layout.population, layout.rate)
    )
    municipal = [row.population or 0 for row in above if row.kind is RowKind.CONTRIBUTOR]
    return bool(rate) or (population is not None and population.value != sum(municipal))


def text_in_cell(row: str, what: str, cell: str) -> Problem:
    """Return the problem of a cell that holds something else than one number."""
    cell = clean(cell)[:40]
    if re.fullmatch(r"(?i)(?:[\d\s.,-]|kr)+", cell):
        return Problem(row, f"{what}: «{cell}» er ikke ett tall. Skriv ett tall i hver celle.")
    return Problem(
        row, f"{what}: «{cell}» er ikke et tall. Skriv bare tallet, eller la cellen stå tom."
    )


def whole_population(row: str, number: PrintedNumber | None, problems: list[Problem]) -> int | None:
    """Return inhabitants as a whole number. `7 043,0` is one; `7 043,5` is a problem."""
    if number is None:
        return None
    if number.value != number.value.to_integral_value() or number.value < 0:
        problems.append(
            Problem(row, f"Innbyggertallet «{number.value}» er ikke et helt tall. Rett det.")
        )
        return None
    return int(number.value)


def sensible_rate(number: PrintedNumber | None) -> Decimal | None:
    """Return the rate. `5.125` has been read as thousands, which no rate per inhabitant is."""
    if number is None:
        return None
    value = number.value
    return value.scaleb(-3) if value >= 1000 and number.decimals == 0 else value


def missing_amounts(
    row: PrintedRow, columns: Sequence[PrintedColumn], in_words: Collection[str] = ()
) -> Problem | None:
    """Return the problem of a row that lacks amounts: an empty cell, or cells that are merged.

    `in_words` are the columns where text stands instead, which is said already.
    """
    pairs = zip(row.cells, columns, strict=True)
    gone = [column.label for cell, column in pairs if cell is None and column.label not in in_words]
    if not gone:
        return None
    what = f"Mangler beløp i {join(f'«{label}»' for label in gone)}."
    if row.kind is RowKind.SUM and len(gone) == len(columns):
        return Problem(row.label, f"{what} Raden er ikke kontrollert.")
    return Problem(
        row.label, f"{what} Er cellene slått sammen, del dem og skriv beløpet i hver av dem."
    )
