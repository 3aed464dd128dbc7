"""«Nøkler»: an amount shared by a distribution key, with the largest remainder, as formulas.

The steps are those of `financing.apportionment`: exact shares, kept within floor and cap, then whole
units, the units left over going to the largest remainders.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from financing.apportionment import KeyPartKind
from financing.study import Study
from financing.terms import Alternative, Rule, RuleKind
from financing.xlsx import style
from financing.xlsx.assumptions import Assumptions, RuleCells
from financing.xlsx.rounded import rounded

NAME = "Nøkler"
_NOTE = (
    "Hver får de hele enhetene av sin andel. Enhetene som er igjen, går til dem med størst rest. "
    "Rester som skiller mindre enn 0,00001 enhet, regnes som like; da går enheten til laveste nummer."
)
_HEADS = (
    *(
        "Bidragsyter",
        "Bidrar",
        "Innbyggere",
        "Vekt i tabell",
        "Andel",
        "Møter minst",
        "Møter høyst",
    ),
    *("Minst nådd", "Høyst nådd", "Andel innen grensene"),
)
_YEAR_HEADS = ("Kvote {}", "Hele enheter {}", "Rest {}", "Del {}, kroner")
_FIRST_YEAR = len(_HEADS) + 1
_SLACK = "0.000000000001"

Parts = dict[tuple[int, int, str], tuple[str, ...]]


def has_keys(study: Study) -> bool:
    """Whether any alternative shares an amount."""
    return any(
        rule.kind is RuleKind.DISTRIBUTION_KEY
        for alt, _ in study.alternatives
        for rule in alt.rules
    )


def write(sheet: Worksheet, study: Study, known: Assumptions) -> Parts:
    """Fill the sheet; return each contributor's parts by (alternative, rule, contributor), a cell a year.

    ValueError for a key with more than one stated table, which no plan can have.
    """
    say = known.say
    style.heading(sheet, 1, say("Fordelingsnøkler"), size=14)
    style.text(sheet, 2, 1, say(_NOTE))
    found: Parts = {}
    row = 4
    for number, (alternative, _table) in enumerate(study.alternatives):
        for place, rule in enumerate(alternative.rules):
            if rule.kind is RuleKind.DISTRIBUTION_KEY:
                block = _Block(sheet, row, study, alternative, known.rules[number][place], known)
                title = f"{alternative.name}, {say('regel {}').format(place + 1)}"
                parts, row = block.write(title, rule)
                found |= {(number, place, key): cells for key, cells in parts.items()}
    style.widths(sheet, 30, *[14] * (len(_HEADS) - 1 + 4 * len(study.years)))
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """One key: a line of figures for the whole, limits where there are any, a line for each contributor."""

    sheet: Worksheet
    top: int
    study: Study
    alternative: Alternative
    rule: RuleCells
    known: Assumptions

    def write(self, title: str, rule: Rule) -> tuple[dict[str, tuple[str, ...]], int]:
        stated = [part for part in rule.key_parts if part.kind is KeyPartKind.TABLE]
        if len(stated) > 1:
            raise ValueError("A distribution key has more than one stated table.")
        weights = dict(stated[0].weights) if stated else {}
        sharing = sorted(
            (item for item in self.study.contributors if item.key in rule.applies_to),
            key=lambda item: item.key,
        )
        style.heading(self.sheet, self.top, title)
        limits = 7 if self.limited else 1
        head = self.top + 2 + limits
        first, last = head + 1, head + len(sharing)
        say = self.known.say
        years = [say(name).format(year) for year in self.study.years for name in _YEAR_HEADS]
        style.heads(self.sheet, head, (*map(say, _HEADS), *years), numbers_from=2)
        columns = {
            name: style.span(self.sheet, n, first, last) for n, name in enumerate("BCDEFGHI", 2)
        }
        for at, item in enumerate(sharing, start=first):
            cells = self.known.contributors[item.key]
            style.text(self.sheet, at, 1, item.name)
            style.formula(self.sheet, at, 2, cells.pays, "0")
            style.formula(self.sheet, at, 3, cells.inhabitants, style.INTEGER)
            style.number(self.sheet, at, 4, weights.get(item.key), style.RATE)
            style.formula(self.sheet, at, 5, self._share(at, columns), style.FACTOR)
            style.formula(self.sheet, at, 10, self._limited(at, columns), style.FACTOR)
        if self.limited:
            self._limits(columns)
        for number in range(len(self.study.years)):
            self._year(number, first, last)
        parts = {
            item.key: tuple(
                style.address(self.sheet.cell(at, _FIRST_YEAR + 4 * number + 3))
                for number in range(len(self.study.years))
            )
            for at, item in enumerate(sharing, start=first)
        }
        return parts, last + 3

    @property
    def limited(self) -> bool:
        return self.rule.floor is not None or self.rule.cap is not None

    def _share(self, at: int, columns: dict[str, str]) -> str:
        """The exact share of the whole, before floor and cap."""
        percents = self.rule.percents
        pays = columns["B"]
        wholes = {
            KeyPartKind.EQUAL: ("1", f"SUM({pays})"),
            KeyPartKind.POPULATION: (f"C{at}", f"SUMPRODUCT({pays},{columns['C']})"),
            KeyPartKind.TABLE: (f"D{at}", f"SUMPRODUCT({pays},{columns['D']})"),
        }
        parts = [
            f"IF({percents[kind]}=0,0,{percents[kind]}/100*{own}/{whole})"
            for kind, (own, whole) in wholes.items()
        ]
        return f"B{at}*({'+'.join(parts)})"

    # Where the limits' figures stand: label in column A, figure in column B.
    def _at(self, line: int) -> str:
        return f"$B${self.top + 1 + line}"

    def _limited(self, at: int, columns: dict[str, str]) -> str:
        """The share within floor and cap; with the columns that find the common scale."""
        if not self.limited:
            return f"E{at}"
        low, high, scale = self._at(0), self._at(1), self._at(5)
        style.formula(self.sheet, at, 6, f'IF(E{at}>0,{low}/E{at},"")', style.FACTOR)
        style.formula(self.sheet, at, 8, self._reached(f"F{at}", columns), style.FACTOR)
        capped = f"E{at}*{scale}"
        if self.rule.cap is not None:
            style.formula(self.sheet, at, 7, f'IF(E{at}>0,{high}/E{at},"")', style.FACTOR)
            style.formula(self.sheet, at, 9, self._reached(f"G{at}", columns), style.FACTOR)
            capped = f"MIN({high},{capped})"
        return f"B{at}*MAX({low},{capped})"

    def _reached(self, scale: str, columns: dict[str, str]) -> str:
        """The scale itself where the shares still do not fill the whole, else nothing."""
        return f'IF({scale}="",0,IF({self._filled(scale, columns)}<=1+{_SLACK},{scale},0))'

    def _filled(self, scale: str, columns: dict[str, str]) -> str:
        """How much of the whole the shares fill at a scale, each kept within its limits."""
        low, high, shares = self._at(0), self._at(1), columns["E"]
        text = f"SUM({columns['B']})*{low}+SUMPRODUCT(({shares}*{scale}>{low})*({shares}*{scale}-{low}))"
        if self.rule.cap is not None:
            text += f"-SUMPRODUCT(({shares}*{scale}>{high})*({shares}*{scale}-{high}))"
        return text

    def _limits(self, columns: dict[str, str]) -> None:
        """Write the scale at which the shares, kept within their limits, are the whole again."""
        amount, shares = self.rule.amount, columns["E"]
        low, high, meets, filled, slope = (self._at(line) for line in range(5))
        free = f"({shares}*{meets}>={low}-{_SLACK})"
        reached = f"MAX({columns['H']})"
        if self.rule.cap is not None:
            free += f"*({shares}*{meets}<{high}-{_SLACK})"
            reached = f"MAX({columns['H']},{columns['I']})"
        lines = (
            ("Minste andel", f"IF({amount}=0,0,{self.rule.floor or 0}/{amount})"),
            ("Største andel", f"IF({amount}=0,1,{self.rule.cap or amount}/{amount})"),
            ("Siste grense som er nådd", reached),
            ("Fylt der", self._filled(meets, columns)),
            ("Andel som ennå kan vokse", f"SUMPRODUCT({free}*{shares})"),
            ("Felles skala", f"IF({slope}>0,{meets}+(1-{filled})/{slope},{meets})"),
        )
        for line, (label, value) in enumerate(lines):
            style.text(self.sheet, self.top + 1 + line, 1, self.known.say(label))
            style.formula(self.sheet, self.top + 1 + line, 2, value, style.FACTOR)

    def _year(self, number: int, first: int, last: int) -> None:
        """Write quotas, whole units, remainders and parts of one year."""
        start = _FIRST_YEAR + 4 * number
        quota, base, claim = (get_column_letter(start + n) for n in range(3))
        unit = self.alternative.rounding.unit
        kroner = f"{self.rule.amount}*{self.rule.multipliers[number]}"
        whole, left = f"{quota}${first - 3}", f"{quota}${first - 2}"
        style.text(self.sheet, first - 3, start + 1, self.known.say("enheter i alt"))
        style.text(self.sheet, first - 2, start + 1, self.known.say("igjen å fordele"))
        in_all = f"ROUND({rounded(kroner, self.alternative.rounding)}/{unit},0)"
        style.formula(self.sheet, first - 3, start, in_all, style.INTEGER)
        style.formula(
            self.sheet, first - 2, start, f"{whole}-SUM({base}{first}:{base}{last})", style.INTEGER
        )
        claims = f"${claim}${first}:${claim}${last}"
        for order, at in enumerate(range(first, last + 1), start=1):
            style.formula(self.sheet, at, start, f"$J{at}*{kroner}/{unit}", style.FACTOR)
            style.formula(self.sheet, at, start + 1, f"INT({quota}{at})", style.INTEGER)
            # What is taken off makes equal remainders differ: the lowest key comes first.
            rest = f"ROUND({quota}{at}-{base}{at},5)-{order}/1000000000"
            style.formula(self.sheet, at, start + 2, rest, style.FACTOR)
            ahead = f"SUMPRODUCT(({claims}>{claim}{at})*1)"
            one = f"({base}{at}+IF({ahead}<{left},1,0))*{unit}"
            style.formula(self.sheet, at, start + 3, one, style.MONEY)
