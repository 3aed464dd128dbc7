"""docs/rounding.md says what the program does: every table in it is read and recomputed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest

from financing.apportionment import key_shares
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
    calculate,
)
from financing.figures import municipal_sum
from financing.index import growth
from financing.rounding import ROUNDING_RULES, from_units, to_units

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rounding.md"
COUNTIES = {"30": "Viken", "32": "Akershus", "33": "Buskerud"}
KINDS = {2: ContributorKind.COUNTY_AUTHORITY, 4: ContributorKind.MUNICIPALITY}
CONTRIBUTIONS, SIX_RULES, KEY = "contributions", "six rules", "key"


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


def of_form(form: str) -> Callable[[Callable[[Example], None]], Callable[[Example], None]]:
    chosen = [example for example in EXAMPLES if example.form == form]
    return pytest.mark.parametrize("example", chosen, ids=[example.title for example in chosen])


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


def by_rate(example: Example, rounding: str) -> Alternative:
    """Read the rates of the lines, and the base and fixed amounts of the settings."""
    rules = []
    for line in example.numbered:
        rate = example.column(line, "Rate")
        if not rate:
            continue
        payer = frozenset({line[0]})
        is_county = KINDS[len(line[0])] is ContributorKind.COUNTY_AUTHORITY
        rules.append(
            Rule(
                payer,
                RuleKind.PER_INHABITANT,
                base_amount=number(example.settings.get("Base", "0")),
                rate=number(rate),
                basis=Basis.COUNTY if is_county else Basis.OWN,
                indexed=not is_county,
            )
        )
        if "Fixed" in example.settings:
            fixed = number(example.settings["Fixed"])
            rules.append(Rule(payer, RuleKind.FIXED, amount=fixed, indexed=False))
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


def test_every_form_of_table_is_on_the_page() -> None:
    """A heading or a setting that is misspelt must not make a table go unread."""
    tables = len(re.findall(r"^\|--", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert tables == len(EXAMPLES) + 1
    forms = [example.form for example in EXAMPLES]
    assert (forms.count(CONTRIBUTIONS), forms.count(SIX_RULES), forms.count(KEY)) == (6, 1, 4)


def test_the_rules_are_those_of_the_registry() -> None:
    """Codes, labels, units and the three examples, in order."""
    headings, lines = RULES[0], RULES[2:]
    samples = [number(heading.removesuffix(" becomes")) for heading in headings[3:]]
    assert [line[0].strip("`") for line in lines] == list(ROUNDING_RULES)
    for line, rule in zip(lines, ROUNDING_RULES.values(), strict=True):
        assert line[1] == rule.label
        assert number(line[2]) == rule.unit
        rounded = [from_units(to_units(sample, rule), rule) for sample in samples]
        assert [number(text) for text in line[3:]] == rounded


@of_form(CONTRIBUTIONS)
def test_contributions(example: Example) -> None:
    """Every line of the table: names, inhabitants, rates, cells, subtotals and totals."""
    table = calculate(
        contributors(example),
        by_rate(example, example.settings["Rounding"].strip("`")),
        example.years,
    )
    expected = printed(table)
    for line in [line for line in example.lines if "Sum kommuner" in line[1]]:
        assert tuple(map(number, line[4:])) == municipal_sum(table).cells
    lines = [line for line in example.lines if "Sum kommuner" not in line[1]]
    assert [line[1].strip("*") for line in lines] == [name for name, *_rest in expected]
    for line, (_name, population, rate, amounts) in zip(lines, expected, strict=True):
        assert (int(number(line[2])) if line[2] else None) == population
        assert (number(line[3]) if line[3] else None) == rate
        assert tuple(map(number, line[4:])) == amounts


@of_form(SIX_RULES)
def test_six_rules(example: Example) -> None:
    """Cells, their sum, the rounded exact sum and the difference, by each rule."""
    year = int(example.settings["Year"])
    years = (year - 1, year)
    factor = growth(index(example), years)[-1]
    unrounded = Decimal(0)
    for line in example.numbered:
        exact = number(line[2]) * number(line[3]) * (factor if len(line[0]) == 4 else 1)
        assert number(example.column(line, "Unrounded")) == exact
        unrounded += exact
    total, rounded_total, difference = example.lines[-3:]
    assert number(example.column(total, "Unrounded")) == unrounded
    for code, rule in ROUNDING_RULES.items():
        table = calculate(contributors(example), by_rate(example, code), years)
        shown = {row.key: row.cells[-1] for row in table.rows}
        for line in example.numbered:
            assert number(example.column(line, f"`{code}`")) == shown[line[0]]
        once = from_units(to_units(unrounded, rule), rule)
        assert number(example.column(total, f"`{code}`")) == table.total.cells[-1]
        assert number(example.column(rounded_total, f"`{code}`")) == once
        assert number(example.column(difference, f"`{code}`")) == table.total.cells[-1] - once


@of_form(KEY)
def test_distribution_key(example: Example) -> None:
    """Exact shares, whole units, remainders and amounts; the amounts sum to the whole."""
    alternative = key_of(example)
    payers = contributors(example)
    table = calculate(payers, alternative, (2026,))
    amounts = {row.key: row.cells[0] for row in table.rows}
    rule = alternative.rules[0]
    shares = key_shares(rule.key_parts, {payer.key: payer.population for payer in payers})
    unit = Fraction(alternative.rounding.unit)
    whole_units = 0
    for line in example.numbered:
        quota = shares[line[0]] * Fraction(rule.amount) / unit
        whole_units += floor(quota)
        four_decimals = Fraction(1, 20000)
        exact_share, remainder = (
            Fraction(number(example.column(line, heading)))
            for heading in ("Exact share", "Remainder")
        )
        assert abs(exact_share - quota * unit) <= four_decimals
        assert abs(remainder - (quota - floor(quota))) <= four_decimals
        assert number(example.column(line, "Whole units")) == from_units(
            floor(quota), alternative.rounding
        )
        assert number(example.column(line, "Amount")) == amounts[line[0]]
    total = example.lines[-1]
    assert number(example.column(total, "Whole units")) == from_units(
        whole_units, alternative.rounding
    )
    assert number(example.column(total, "Exact share")) == rule.amount
    assert number(example.column(total, "Amount")) == table.total.cells[0] == rule.amount
