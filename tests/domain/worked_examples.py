"""Reads the worked tables of docs/rounding.md, and turns each into what is to be calculated."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from financing.calculation import (
    Alternative,
    Basis,
    Contributor,
    ContributorKind,
    IndexFactor,
    KeyPart,
    KeyPartKind,
    Rule,
    RuleKind,
    Status,
    Table,
)
from financing.instalments import Instalment
from financing.rounding import ROUNDING_RULES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rounding.md"
COUNTIES = {"30": "Viken", "32": "Akershus", "33": "Buskerud"}
KINDS = {2: ContributorKind.COUNTY_AUTHORITY, 4: ContributorKind.MUNICIPALITY}
CONTRIBUTIONS, SIX_RULES, KEY = "contributions", "six rules", "key"
PAYMENTS, GOALS = "payments", "goals"


@dataclass(frozen=True)
class Example:
    """One worked table: its settings, its column headings and its lines as text."""

    title: str
    settings: dict[str, str]
    headings: list[str]
    lines: list[list[str]]

    @property
    def form(self) -> str:
        """Which kind of worked table this is."""
        if "Whole" in self.settings:
            return KEY
        if "Instalments" in self.settings:
            return PAYMENTS
        if self.headings[0] == "Sought":
            return GOALS
        return SIX_RULES if "Year" in self.settings else CONTRIBUTIONS

    def column(self, line: list[str], heading: str) -> str:
        """The text of a line's cell under a heading."""
        return line[self.headings.index(heading)]

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the columns."""
        return tuple(int(heading) for heading in self.headings if heading.isdigit())

    @property
    def numbered(self) -> list[list[str]]:
        """The lines of contributors; the others are sums."""
        return [line for line in self.lines if line[0]]


def number(text: str) -> Decimal:
    """Read a number as the page writes it."""
    return Decimal(text.replace(" ", "").replace(",", ".").replace("−", "-"))


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def read_page() -> tuple[list[list[str]], list[Example]]:
    """Return the table of rules and the worked tables, in order."""
    rules: list[list[str]] = []
    examples = []
    for section in re.split(r"^#{2,3} ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE):
        table = [cells(line) for line in section.splitlines() if line.startswith("|")]
        if not table:
            continue
        if table[0][0] == "Code":
            rules = table
            continue
        settings = dict(re.findall(r"^- (\w+): (.+)$", section, flags=re.MULTILINE))
        title = section.splitlines()[0]
        examples.append(Example(title, settings, table[0], table[2:]))
    return rules, examples


RULES, EXAMPLES = read_page()


def contributors(example: Example) -> tuple[Contributor, ...]:
    """Read who pays: a two-digit number is a county authority, a four-digit one a municipality."""

    def status(key: str) -> Status:
        for setting, meant in (("Conditional", Status.CONDITIONAL), ("Declined", Status.DECLINED)):
            if key in example.settings.get(setting, "").split("; "):
                return meant
        return Status.CONFIRMED

    read = []
    for line in example.numbered:
        key, name = line[0], line[1]
        inhabitants = example.column(line, "Inhabitants")
        is_county = KINDS[len(key)] is ContributorKind.COUNTY_AUTHORITY
        read.append(
            Contributor(
                key=key,
                name=name,
                kind=KINDS[len(key)],
                county=key[:2],
                county_name=COUNTIES[key[:2]],
                population=None if is_county or not inhabitants else int(number(inhabitants)),
                status=status(key),
            )
        )
    return tuple(read)


def index(example: Example) -> tuple[IndexFactor, ...]:
    stated = re.findall(r"([\d,]+) % into (\d{4})", example.settings["Index"])
    assert bool(stated) == (example.settings["Index"] != "none")
    return tuple(IndexFactor(int(year), number(percent)) for percent, year in stated)


def bounds(example: Example) -> dict[str, Decimal]:
    """Read the floor and the cap, where they are stated."""
    stated = {"floor": "Floor", "cap": "Cap"}
    return {
        field: number(example.settings[setting])
        for field, setting in stated.items()
        if setting in example.settings
    }


def steps(example: Example) -> tuple[Decimal, ...]:
    return tuple(map(number, re.findall(r"([\d,]+) %", example.settings.get("Steps", ""))))


def instalments(example: Example) -> list[Instalment]:
    """Read the days and percents, which are the headings of the payments too."""
    stated = re.findall(r"((\d+)\.(\d+)\.) ([\d,]+) %", example.settings["Instalments"])
    assert [heading for heading, *_rest in stated] == example.headings[3:]
    return [
        Instalment(int(month), int(day), number(percent))
        for _heading, day, month, percent in stated
    ]


def by_rate(example: Example, rounding: str) -> Alternative:
    """Read the rates of the lines, and the base and fixed amounts of the settings."""
    rules = []
    for line in example.numbered:
        rate = example.column(line, "Rate")
        if not rate:
            continue
        payer = frozenset({line[0]})
        is_county = KINDS[len(line[0])] is ContributorKind.COUNTY_AUTHORITY
        rule = Rule(
            payer,
            RuleKind.PER_INHABITANT,
            base_amount=number(example.settings.get("Base", "0")),
            rate=number(rate),
            basis=Basis.COUNTY if is_county else Basis.OWN,
            indexed=not is_county,
        )
        rules.append(rule if is_county else replace(rule, **bounds(example), steps=steps(example)))
        if "Fixed" in example.settings:
            fixed = number(example.settings["Fixed"])
            rules.append(Rule(payer, RuleKind.FIXED, amount=fixed, indexed=False))
    if "Hours" in example.settings:
        key, bought = example.settings["Hours"].split("; ")
        hours, price = map(number, bought.split(" × "))
        rules.append(Rule(frozenset({key}), RuleKind.HOURS, hours=hours, hour_price=price))
    return Alternative(example.title, ROUNDING_RULES[rounding], tuple(rules), index(example))


def key_of(example: Example) -> Alternative:
    """Read the whole and the parts of the key, with the weights of the lines."""
    parts = []
    for percent, kind in re.findall(r"([\d,]+) % (\w+)", example.settings["Key"]):
        weights: tuple[tuple[str, Decimal], ...] = ()
        if kind == KeyPartKind.TABLE:
            weights = tuple(
                (line[0], number(example.column(line, "Weight"))) for line in example.numbered
            )
        parts.append(KeyPart(KeyPartKind(kind), number(percent), weights))
    rule = Rule(
        frozenset(line[0] for line in example.numbered),
        RuleKind.DISTRIBUTION_KEY,
        amount=number(example.settings["Whole"]),
        key_parts=tuple(parts),
        **bounds(example),
    )
    return Alternative(
        example.title, ROUNDING_RULES[example.settings["Rounding"].strip("`")], (rule,)
    )


def printed(table: Table) -> list[tuple[str, int | None, Decimal | None, tuple[Decimal, ...]]]:
    """Return a table as it is printed: subtotals after their county, then the sums."""
    lines: list[tuple[str, int | None, Decimal | None, tuple[Decimal, ...]]] = []
    subtotals = {subtotal.code: subtotal for subtotal in table.subtotals}
    for at, row in enumerate(table.rows):
        lines.append((row.name, row.population, row.rate, row.cells))
        ends = at + 1 == len(table.rows) or table.rows[at + 1].county != row.county
        subtotal = subtotals.get(f"county-{row.county}")
        if ends and subtotal:
            lines.append((subtotal.label, None, None, subtotal.cells))
    for total in (table.total, table.total_confirmed):
        if total:
            lines.append((total.label, None, None, total.cells))
    return lines
