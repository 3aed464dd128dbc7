"""Right printed tables for the tests: made up, computed apart from the program, in many forms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

NAMES = ("Øvre Eiker", "Nore og Uvdal", "Flå", "Ål", "Hemsedal", "Lier", "Sigdal", "Gol", "Rollag")
COUNTIES = ("Buskerud fylkeskommune", "Innlandet fk", "Telemark")


@dataclass(frozen=True)
class Body:
    """Someone who pays: kroner per inhabitant, indexed or not."""

    name: str
    population: int
    rate: Decimal
    indexed: bool

    def exact(self, growth: Decimal) -> Decimal:
        return self.population * self.rate * (growth if self.indexed else 1)


@dataclass(frozen=True)
class Plan:
    """A table that is right: bodies, yearly percents, and after how many bodies a sum stands."""

    bodies: tuple[Body, ...]
    first_year: int
    percents: tuple[Decimal, ...]
    decimals: int
    sums_after: tuple[int, ...]
    sum_of_shown: bool  # else the rounded sum of the unrounded amounts

    @property
    def years(self) -> list[int]:
        return [self.first_year + at for at in range(len(self.percents) + 1)]

    @property
    def growth(self) -> list[Decimal]:
        factors = [Decimal(1)]
        for percent in self.percents:
            factors.append(factors[-1] * (1 + percent / 100))
        return factors


@dataclass
class Printed:
    """A table as it will be printed; tests change its cells."""

    years: list[int]
    decimals: int
    rows: list[tuple[str, int | None, Decimal | None]]
    cells: list[list[Decimal]]

    def row(self, name: str) -> list[Decimal]:
        return self.cells[[row[0] for row in self.rows].index(name)]


def cents(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def printed(plan: Plan) -> Printed:
    table = Printed(plan.years, plan.decimals, [], [])
    for count, body in enumerate(plan.bodies, start=1):
        table.rows.append((body.name, body.population, body.rate))
        table.cells.append([cents(body.exact(growth), plan.decimals) for growth in plan.growth])
        if count in plan.sums_after:
            table.rows.append(("SUM", None, None))
            table.cells.append(right_sum(plan, count))
    return table


def right_sum(plan: Plan, count: int) -> list[Decimal]:
    """The sum of the first `count` bodies, year by year."""
    sums = []
    for growth in plan.growth:
        amounts = [body.exact(growth) for body in plan.bodies[:count]]
        if plan.sum_of_shown:
            amounts = [cents(amount, plan.decimals) for amount in amounts]
        sums.append(cents(sum(amounts, Decimal(0)), plan.decimals))
    return sums


def grouped(value: Decimal, thousands: str, comma: str) -> str:
    return f"{value:,}".replace(",", "\x00").replace(".", comma).replace("\x00", thousands)


NUMBER_FORMS: dict[str, Callable[[Decimal], str]] = {
    "space": lambda value: grouped(value, " ", ","),
    "no-break space": lambda value: grouped(value, "\u00a0", ","),
    "narrow space": lambda value: grouped(value, "\u202f", ","),
    "dot": lambda value: grouped(value, ".", ","),
    "plain comma": lambda value: grouped(value, "", ","),
    "plain dot": lambda value: grouped(value, "", "."),
    "kr": lambda value: f"kr {grouped(value, ' ', ',')}",
    "english": lambda value: grouped(value, ",", "."),
}


def cells_as_text(table: Printed, form: Callable[[Decimal], str]) -> list[list[str]]:
    lines = []
    for (name, population, rate), cells in zip(table.rows, table.cells, strict=True):
        inhabitants = "" if population is None else form(Decimal(population)).removeprefix("kr ")
        lines.append([name, inhabitants, "" if rate is None else form(rate), *map(form, cells)])
    return lines


def headings(years: Sequence[int]) -> list[str]:
    return [
        "Kommune/fylkeskommune",
        "Innbyggere per 1.1.2025",
        "Sats",
        *[f"Sum {y}" for y in years],
    ]


def delimited(sign: str) -> Callable[[Printed, Callable[[Decimal], str]], str]:
    def write(table: Printed, form: Callable[[Decimal], str]) -> str:
        lines = [headings(table.years), *cells_as_text(table, form)]
        if sign == ",":
            lines = [[f'"{cell}"' for cell in line] for line in lines]
        return "\n".join(sign.join(line) for line in lines)

    return write


def spaced(table: Printed, form: Callable[[Decimal], str]) -> str:
    """As from a PDF: the heading over several lines, cells parted by one space."""
    lines = ["Kommune/", "fylkeskommune", "Innbyggertall", "per 1.1.2025 Sats"]
    lines += [f"Sum år\n{year}" for year in table.years]
    lines += [" ".join(cell for cell in row if cell) for row in cells_as_text(table, form)]
    return "\n".join(lines)


def broken(table: Printed, form: Callable[[Decimal], str]) -> str:
    """As from Word: cells parted by tabs, the last number of each line broken over two lines."""
    lines = ["\t".join(headings(table.years))]
    for row in cells_as_text(table, form):
        lines.append("\t".join([*row[:-1], row[-1].replace(" ", " \n", 1)]))
    return "\n".join(lines)


LAYOUTS: dict[str, Callable[[Printed, Callable[[Decimal], str]], str]] = {
    "tab": delimited("\t"),
    "semicolon": delimited(";"),
    "comma": delimited(","),
    "markdown": delimited("|"),
    "spaces": spaced,
    "broken": broken,
}


@st.composite
def plans(draw: st.DrawFn, *, indexed: bool = False, decimals: int | None = None) -> Plan:
    """Plans with at least three municipalities whose rows look different."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(3, 7))]
    rate = draw(st.sampled_from(["2.50", "5.5", "11", "14.50", "16.75"]))
    populations = draw(
        st.lists(st.integers(1_100, 90_000), min_size=len(names), max_size=len(names), unique=True)
    )
    rises = draw(st.integers(1 if indexed else 0, 4))
    percents = draw(
        st.lists(
            st.sampled_from(["1.9", "2.5", "3", "3.35", "4.1", "5.25"]),
            min_size=rises,
            max_size=rises,
        )
    )
    bodies = [
        Body(name, population, Decimal(rate), True)
        for name, population in zip(names, populations, strict=True)
    ]
    if draw(st.booleans()):
        county = draw(st.sampled_from(COUNTIES))
        bodies.append(Body(county, sum(populations), Decimal("5.50"), False))
    early = draw(st.integers(2, len(bodies)))
    return Plan(
        tuple(bodies),
        draw(st.integers(2020, 2035)),
        tuple(map(Decimal, percents)),
        draw(st.sampled_from([0, 1, 2])) if decimals is None else decimals,
        (early, len(bodies)),
        draw(st.booleans()),
    )
