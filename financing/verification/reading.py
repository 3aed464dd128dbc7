"""Reading a printed table from the text that somebody pasted, or from a file. Pure.

`read` takes what Word, Excel, a PDF or a CSV file gives, in Norwegian or English number form.
"""

from __future__ import annotations

import codecs

from financing.verification.delimited import find_delimiter, read_grid
from financing.verification.figures import Form, Reading, Row
from financing.verification.grid import (
    another_table,
    missing_amounts,
    missing_years,
    sensible_rate,
    table_from_grid,
    whole_population,
)
from financing.verification.numbers import Style
from financing.verification.spaced import Line, Spaced, split_lines
from financing.verification.table import (
    PrintedColumn,
    PrintedRow,
    PrintedTable,
    Problem,
    ReadingError,
    RowKind,
    unique,
)
from financing.verification.words import leading_columns, row_kind, tidy_label, years_in
from municipalities import characters

# A table of every municipality for ten years is a tenth of this.
MAX_CHARACTERS = 200_000
MAX_ROWS = 500
MAX_COLUMNS = 40
MAX_CELLS = 6_000
_TOO_MANY = (
    f"Tabellen er for stor. Lim inn høyst {MAX_ROWS} rader, {MAX_COLUMNS} beløpskolonner og "
    f"{MAX_CELLS // 1000} 000 beløp."
)
_MAX_GUESSED_COLUMNS = 12
_SAMPLE = 20
# Between spaces: 500 rows of ten amounts with thousands apart.
_MAX_FIGURES = 15_000


def text_of(data: bytes) -> str:
    """Decode a file: UTF-8 or UTF-16 with a mark, UTF-8, else the Windows code page of Excel.

    Raises ReadingError for a file that is too large to hold a table.
    """
    if len(data) > 4 * MAX_CHARACTERS:
        raise ReadingError(_too_large())
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read(text: str) -> PrintedTable:
    """Read one printed contribution table.

    What was not understood is in the table's `problems`, each naming its row. Raises ReadingError,
    with a message in Norwegian, where there is no table to check: empty, too large, no table.
    """
    if len(text) > MAX_CHARACTERS:
        raise ReadingError(_too_large())
    if "\x00" in text or text.startswith(("PK\x03\x04", "%PDF")):
        raise ReadingError(
            "Dette er en fil og ikke tekst. Åpne den, merk tabellen, kopier den og lim den inn her."
        )
    text = characters.clean(text)
    if not text.strip():
        raise ReadingError("Det er ikke limt inn noe. Lim inn tabellen med overskriften.")
    delimiter = find_delimiter(text.split("\n"))
    readings: list[PrintedTable] = []
    refusals: list[ReadingError] = []
    for style in Style:
        try:
            by_style = (
                _by_delimiter(text, delimiter, style) if delimiter else _by_spaces(text, style)
            )
            readings.append(by_style)
        except ReadingError as refusal:
            refusals.append(refusal)
    if not readings:
        raise refusals[0]
    # The Norwegian reading comes first, and is kept unless the English one makes better sense.
    table = max(readings, key=_sense)
    rows, columns = len(table.rows), len(table.columns)
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise ReadingError(_TOO_MANY)
    return table


def _too_large() -> str:
    thousands = MAX_CHARACTERS // 1000
    return f"Teksten er for lang (over {thousands} 000 tegn). Lim inn bare tabellen."


def _sense(table: PrintedTable) -> tuple[int, int]:
    """Say how well a reading hangs together: rows whose rate gives their amount, few problems."""
    fitting = 0
    for row in table.contributors:
        first = next((cell.value for cell in row.cells if cell), None)
        if row.population and row.rate and first:
            product = row.population * row.rate
            fitting += product < first * 2 and first < product * 2
    # Without a rate: amounts of a few kroner are thousands that were read as decimals.
    low = sum(
        cell.value < 1000 and cell.decimals == 3 for row in table.rows for cell in row.cells if cell
    )
    return fitting, -len(table.problems) - low


def _by_delimiter(text: str, delimiter: str, style: Style) -> PrintedTable:
    grid = read_grid(text, delimiter)
    # Headings, titles and columns that are not read come in addition.
    if len(grid) > MAX_ROWS + 50 or max(map(len, grid), default=0) > MAX_COLUMNS + 20:
        raise ReadingError(_TOO_MANY)
    return table_from_grid(grid, style)


def _by_spaces(text: str, style: Style) -> PrintedTable:
    spaced = split_lines(text)
    if not spaced.lines:
        raise ReadingError(
            "Fant ingen rader med tall. Lim inn hele tabellen, med overskriften og en rad for hver "
            "bidragsyter."
        )
    figures = sum(len(part) for line in spaced.lines for part in line.parts)
    if len(spaced.lines) > MAX_ROWS or figures > _MAX_FIGURES:
        raise ReadingError(_TOO_MANY)
    columns = _columns(spaced.heading)
    form, readings = _find_form(spaced, len(columns), style)
    if len(readings) >= _SAMPLE and not any(readings):
        raise ReadingError(
            "Klarte ikke å skille tallene i radene fra hverandre. Lim inn tabellen med tabulator eller "
            "semikolon mellom cellene, for eksempel fra Excel."
        )
    if not columns:
        count = form.amounts
        columns = tuple(
            PrintedColumn("Bidrag" if count == 1 else f"Kolonne {number + 1}", None)
            for number in range(count)
        )
    problems = missing_years(columns)
    rows: list[PrintedRow] = []
    for line, reading in zip(spaced.lines, readings, strict=True):
        row = _row(line, reading, columns, problems)
        rows.append(row)
        if reading is None:
            problems.append(_unread(line, row, form))
        elif problem := missing_amounts(row, columns):
            problems.append(problem)
    if spaced.second_heading:
        problems.append(another_table(spaced.second_heading))
    remarks = unique(f"Ikke lest: «{line[:60]}»." for line in spaced.unread)
    return PrintedTable(columns, tuple(rows), tuple(problems), remarks[:20])


def _columns(heading: str) -> tuple[PrintedColumn, ...]:
    """Return the years in a heading; those of a title above it come first, and come again below."""
    years: list[int] = []
    for year in reversed(years_in(heading)):
        if year in years:
            break
        years.insert(0, year)
    return tuple(PrintedColumn(f"{year}", year) for year in years)


def _find_form(spaced: Spaced, columns: int, style: Style) -> tuple[Form, list[Reading | None]]:
    """Find what the numbers of the rows are: by the heading, else what fits most of the first rows."""
    rows = [None if line.stray else Row(line.parts, style) for line in spaced.lines]
    sums = [row_kind(tidy_label(line.label)) is RowKind.SUM for line in spaced.lines]

    def read_as(form: Form, most: int) -> list[Reading | None]:
        pairs = list(zip(rows, sums, strict=True))[:most]
        return [row.read(form, is_sum) if row else None for row, is_sum in pairs]

    def unlikelihood(form: Form) -> tuple[int, float]:
        readings = read_as(form, _SAMPLE)
        return readings.count(None), sum(reading.cost for reading in readings if reading)

    population, rate, rate_first = leading_columns(spaced.heading)
    leading = [(population, rate)] if population or rate else [(True, True), (True, False)]
    counts = [columns] if columns else range(1, _MAX_GUESSED_COLUMNS + 1)
    forms = [
        Form(has_population, has_rate, count, rate_first)
        for has_population, has_rate in leading
        for count in counts
    ]
    form = min(forms, key=unlikelihood) if len(forms) > 1 else forms[0]
    readings = read_as(form, len(rows))
    return form, [None if reading and reading.doubtful else reading for reading in readings]


def _row(
    line: Line,
    reading: Reading | None,
    columns: tuple[PrintedColumn, ...],
    problems: list[Problem],
) -> PrintedRow:
    label = tidy_label(line.label) or "(uten navn)"
    if reading is None:
        return PrintedRow(label, row_kind(label), None, None, (None,) * len(columns))
    return PrintedRow(
        label,
        row_kind(label),
        whole_population(label, reading.population, problems),
        sensible_rate(reading.rate),
        reading.amounts,
    )


def _unread(line: Line, row: PrintedRow, form: Form) -> Problem:
    if line.stray:
        return Problem(
            row.label,
            f"«{line.stray[:40]}» er ikke et tall. Skriv bare tall i cellene, eller en strek der "
            "beløpet mangler.",
        )
    expected = form.amounts
    leading = "" if row.kind is RowKind.SUM else " etter innbyggertall og sats"
    found = " ".join(item.text for part in line.parts for item in part)
    return Problem(
        row.label,
        f"«{found[:60]}» er ikke {expected} beløp{leading}. Mangler et beløp, eller er celler slått "
        "sammen, skriv raden med tabulator eller semikolon mellom cellene.",
    )
