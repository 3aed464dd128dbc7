"""«Forutsetninger»: what the amounts are reckoned from. Other sheets refer to its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from financing.apportionment import KeyPartKind
from financing.study import Study
from financing.terms import Alternative, Contributor, ContributorKind, Rule, RuleKind, Status
from financing.words import rounding_label
from financing.xlsx import style
from financing.xlsx.words import Say, speaker
from municipalities import norwegian

NAME = "Forutsetninger"
KINDS = {
    ContributorKind.MUNICIPALITY: "kommune",
    ContributorKind.COUNTY_AUTHORITY: "fylkeskommune",
    ContributorKind.OTHER: "annen",
}
STATUSES = {
    Status.CONFIRMED: "bekreftet",
    Status.CONDITIONAL: "med forbehold",
    Status.UNDECIDED: "ikke avklart",
    Status.DECLINED: "bidrar ikke",
}
RULES = {
    RuleKind.PER_INHABITANT: "sats per innbygger",
    RuleKind.DISTRIBUTION_KEY: "fordelingsnøkkel",
    RuleKind.FIXED: "fast beløp",
    RuleKind.HOURS: "timer ganger pris",
}
_HOW_TO_READ = (
    "Gule felt kan endres: alle beløp i de andre arkene regnes på nytt.",
    "Hvert beløp avrundes én gang, etter regelen for alternativet. Summene er summer av beløpene som vises.",
    "Arket «Kontroll» viser om noe er endret etter at filen ble laget.",
)
_RULE_HEADS = (
    *("Regel", "Gjelder", "Beregning", "Hva det gjelder", "Grunnbeløp", "Sats per innbygger"),
    *("Beløp", "Timer", "Pris per time", "Minst", "Høyst", "Indeksreguleres"),
    *("Prosent likt", "Prosent etter innbyggertall", "Prosent etter tabell"),
)


@dataclass(frozen=True, slots=True)
class ContributorCells:
    """Where a contributor's facts stand."""

    status: str
    inhabitants: str  # the contributor's own
    county_inhabitants: str  # those of the county's municipalities that pay
    pays: str  # 1 or 0


@dataclass(frozen=True, slots=True)
class RuleCells:
    """Where a rule's numbers stand; None for floor and cap that the rule has not."""

    base_amount: str
    rate: str
    amount: str
    hours: str
    hour_price: str
    floor: str | None
    cap: str | None
    percents: dict[KeyPartKind, str]
    multipliers: tuple[str, ...]  # growth and step, one for each year


@dataclass(slots=True)
class Assumptions:
    """The addresses that formulas are made of, and the language of the words around them."""

    language: str
    contributors: dict[str, ContributorCells] = field(default_factory=dict)
    rules: list[list[RuleCells]] = field(default_factory=list)  # by alternative

    @property
    def say(self) -> Say:
        """Says a fixed text in the workbook's language."""
        return speaker(self.language)


def write(sheet: Worksheet, study: Study) -> Assumptions:
    """Fill the sheet, and return where everything stands."""
    found = Assumptions(study.language)
    row = _plan(sheet, study)
    row = _contributors(sheet, row, study.contributors, found)
    for alternative, _table in study.alternatives:
        row = _alternative(sheet, row, alternative, study, found)
    style.widths(sheet, 34, 30, 20, 24, *[15] * (11 + 2 * len(study.years)))
    _hide_unused(
        sheet, [rule for alternative, _ in study.alternatives for rule in alternative.rules]
    )
    return found


def _hide_unused(sheet: Worksheet, rules: list[Rule]) -> None:
    """Hide the columns of numbers that no rule has: most plans have only rates per inhabitant."""
    kinds = {rule.kind for rule in rules}
    shared = RuleKind.DISTRIBUTION_KEY in kinds
    used = {
        "H": RuleKind.HOURS in kinds,
        "I": RuleKind.HOURS in kinds,
        "J": any(rule.floor is not None for rule in rules),
        "K": any(rule.cap is not None for rule in rules),
        **dict.fromkeys("MNO", shared),
    }
    for letter, is_used in used.items():
        sheet.column_dimensions[letter].hidden = not is_used


def _plan(sheet: Worksheet, study: Study) -> int:
    say = speaker(study.language)
    style.heading(sheet, 1, study.name, size=14)
    lines = (
        ("Region", study.region),
        (
            "År",
            f"{study.years[0]}–{study.years[-1]}" if len(study.years) > 1 else str(study.years[0]),
        ),
        ("Innbyggertall per", norwegian.date_long(study.population_date, study.language)),
        ("Kilde for innbyggertall", study.population_source),
        (
            "Merverdiavgift",
            say("Beløpene er uten merverdiavgift.")
            if study.excludes_vat
            else say("Beløpene er med merverdiavgift."),
        ),
        ("Fakturering", study.invoicing),
    )
    row = 2
    for label, value in lines:
        if value:
            style.text(sheet, row, 1, say(label))
            style.text(sheet, row, 2, value)
            row += 1
    for line in _HOW_TO_READ:
        row += 1
        style.text(sheet, row, 1, say(line))
    return row + 2


def _contributors(
    sheet: Worksheet, row: int, contributors: tuple[Contributor, ...], found: Assumptions
) -> int:
    say = found.say
    style.heading(sheet, row, say("Bidragsytere"))
    heads = (
        "Bidragsyter",
        "Fylke",
        "Slag",
        "Status",
        "Innbyggere",
        "Innbyggere i fylket som teller",
        "Bidrar (1) eller ikke (0)",
    )
    style.heads(sheet, row + 1, map(say, heads), numbers_from=5)
    first, last = row + 2, row + 1 + len(contributors)
    county, kind, own, pays = (style.span(sheet, n, first, last) for n in (2, 3, 5, 7))
    allowed = DataValidation("list", formula1='"' + ",".join(map(say, STATUSES.values())) + '"')
    sheet.add_data_validation(allowed)
    municipality = say(KINDS[ContributorKind.MUNICIPALITY])
    declined = say(STATUSES[Status.DECLINED])
    for at, item in enumerate(contributors, start=first):
        style.text(sheet, at, 1, item.name)
        # The number keeps apart two counties of the same name.
        style.text(sheet, at, 2, f"{item.county} {item.county_name}".strip())
        style.text(sheet, at, 3, say(KINDS[item.kind]))
        chosen = style.choice(sheet, at, 4, say(STATUSES[item.status]))
        allowed.add(sheet.cell(at, 4))
        style.number(sheet, at, 5, item.population, style.INTEGER)
        summed = f'SUMIFS({own},{county},B{at},{kind},"{municipality}",{pays},1)'
        style.formula(sheet, at, 6, summed if item.county else "0", style.INTEGER)
        style.formula(sheet, at, 7, f'IF(D{at}="{declined}",0,1)', "0")
        found.contributors[item.key] = ContributorCells(
            status=chosen,
            inhabitants=style.address(sheet.cell(at, 5)),
            county_inhabitants=style.address(sheet.cell(at, 6)),
            pays=style.address(sheet.cell(at, 7)),
        )
    return last + 2


def _alternative(
    sheet: Worksheet, row: int, alternative: Alternative, study: Study, found: Assumptions
) -> int:
    say = found.say
    style.heading(sheet, row, alternative.name)
    style.text(sheet, row + 1, 1, say("Avrunding"))
    style.text(sheet, row + 1, 2, rounding_label(alternative.rounding, study.language))
    style.heads(sheet, row + 2, (say("Indeks"), *map(str, study.years)), numbers_from=2)
    percents = {factor.year: factor for factor in alternative.index}
    style.text(sheet, row + 3, 1, say("Vekst fra året før, prosent"))
    style.text(sheet, row + 4, 1, say("Samlet vekst siden første år"))
    growth = []
    for column, year in enumerate(study.years, start=2):
        letter = sheet.cell(row, column).column_letter
        if column > 2:
            known = percents[year].percent if year in percents else Decimal(0)
            style.number(sheet, row + 3, column, known, style.PERCENT)
            before = sheet.cell(row, column - 1).column_letter
            grown = f"{before}{row + 4}*(1+{letter}{row + 3}/100)"
        else:
            grown = "1"
        growth.append(style.address(style.formula(sheet, row + 4, column, grown, style.FACTOR)))
    row += 5
    for source in dict.fromkeys(factor.source for factor in alternative.index if factor.source):
        style.text(sheet, row, 1, say("Kilde for indeksen"))
        style.text(sheet, row, 2, source)
        row += 1
    steps = [say("Del av beløpet i {}, prosent").format(year) for year in study.years]
    multipliers = [say("Ganges med i {}").format(year) for year in study.years]
    style.heads(sheet, row + 1, (*map(say, _RULE_HEADS), *steps, *multipliers), numbers_from=5)
    names = {item.key: item.name for item in study.contributors}
    yes_or_no = DataValidation("list", formula1='"ja,nei"')
    sheet.add_data_validation(yes_or_no)
    cells = []
    for number, rule in enumerate(alternative.rules, start=1):
        at = row + 1 + number
        style.text(sheet, at, 1, say("Regel {}").format(number))
        style.text(sheet, at, 2, _named(names, rule, study.language))
        cells.append(_rule(sheet, at, rule, growth, say))
        yes_or_no.add(sheet.cell(at, 12))
    found.rules.append(cells)
    return row + 3 + len(alternative.rules)


def _named(names: dict[str, str], rule: Rule, language: str) -> str:
    return norwegian.join((names[key] for key in names if key in rule.applies_to), language)


def _rule(sheet: Worksheet, row: int, rule: Rule, growth: list[str], say: Say) -> RuleCells:
    """Write a rule's line: numbers its kind does not use are left out."""
    used = {
        RuleKind.PER_INHABITANT: ("base_amount", "rate"),
        RuleKind.FIXED: ("amount",),
        RuleKind.HOURS: ("hours", "hour_price"),
        RuleKind.DISTRIBUTION_KEY: ("amount",),
    }[rule.kind]
    style.text(sheet, row, 3, say(RULES[rule.kind]))
    style.text(sheet, row, 4, rule.label)
    places = {
        name: style.number(
            sheet,
            row,
            column,
            getattr(rule, name) if name in used else None,
            style.RATE if name == "rate" else style.MONEY,
        )
        or "0"
        for column, name in enumerate(("base_amount", "rate", "amount", "hours", "hour_price"), 5)
    }
    floor = style.number(sheet, row, 10, rule.floor, style.MONEY)
    cap = style.number(sheet, row, 11, rule.cap, style.MONEY)
    style.choice(sheet, row, 12, "ja" if rule.indexed else "nei")
    percents = {}
    for column, kind in enumerate(KeyPartKind, start=13):
        total = sum((part.percent for part in rule.key_parts if part.kind is kind), Decimal(0))
        shared = rule.kind is RuleKind.DISTRIBUTION_KEY
        percents[kind] = (
            style.number(sheet, row, column, total if shared else None, style.PERCENT) or "0"
        )
    steps = list(rule.steps[: len(growth)]) or [Decimal(100)]
    steps += [steps[-1]] * (len(growth) - len(steps))
    multipliers = []
    for at, (step, grown) in enumerate(zip(steps, growth, strict=True)):
        part = style.number(sheet, row, 16 + at, step, style.PERCENT)
        product = f'IF($L{row}="nei",1,{grown})*{part}/100'
        made = style.formula(sheet, row, 16 + len(growth) + at, product, style.FACTOR)
        multipliers.append(style.address(made))
    return RuleCells(
        **places, floor=floor, cap=cap, percents=percents, multipliers=tuple(multipliers)
    )
