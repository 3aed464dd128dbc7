"""What is said in words about a contribution table, in both written languages. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

from financing.apportionment import KeyPart, KeyPartKind
from financing.calculation import RuleKind, Status, SumRow, Table, Term, TermShare
from financing.rounding import RoundingRule
from municipalities import norwegian

_NB, _NN = "nb", "nn"
_LANGUAGES = (_NB, _NN)


@dataclass(frozen=True, slots=True)
class TableWords:
    """Headings of the contribution table, and what is said beside a name that is not confirmed.

    `sums` holds the labels of sums, by their code, that differ from the ones in the table.
    """

    contributor: str
    population: str
    rate: str
    base_amount: str
    confirmed: str
    statuses: tuple[tuple[Status, str], ...]
    sums: tuple[tuple[str, str], ...] = ()

    def status(self, status: Status) -> str:
        """The words for a status; empty for a confirmed contribution."""
        return dict(self.statuses).get(status, "")

    def label(self, line: SumRow) -> str:
        """The label of a sum in this language."""
        return dict(self.sums).get(line.code, line.label)


_TABLE_WORDS = MappingProxyType(
    {
        _NB: TableWords(
            contributor="Bidragsyter",
            population="Innbyggere",
            rate="Kroner per innbygger",
            base_amount="Grunnbeløp",
            confirmed="bekreftet",
            statuses=(
                (Status.CONDITIONAL, "med forbehold"),
                (Status.UNDECIDED, "ikke avklart"),
                (Status.DECLINED, "bidrar ikke"),
            ),
        ),
        _NN: TableWords(
            contributor="Bidragsytar",
            population="Innbyggjarar",
            rate="Kroner per innbyggjar",
            base_amount="Grunnbeløp",
            confirmed="bekrefta",
            statuses=(
                (Status.CONDITIONAL, "med atterhald"),
                (Status.UNDECIDED, "ikkje avklart"),
                (Status.DECLINED, "bidreg ikkje"),
            ),
            sums=(
                ("municipalities", "Sum kommunar"),
                ("total-confirmed", "Sum utan ubekrefta bidrag"),
            ),
        ),
    }
)

_WORDS = MappingProxyType(
    {
        _NB: {
            KeyPartKind.EQUAL: "{percent} prosent likt",
            KeyPartKind.POPULATION: "{percent} prosent etter innbyggertall",
            KeyPartKind.TABLE: "{percent} prosent etter avtalt fordeling",
            RuleKind.PER_INHABITANT: "Sats per innbygger for {names}",
            RuleKind.FIXED: "Fast beløp for {names}: {amount} kroner i året",
            "each": "Fast beløp for hver av {names}: {amount} kroner i året",
            RuleKind.HOURS: "{hours} timer à {price} kroner i året for {names}",
            RuleKind.DISTRIBUTION_KEY: "{amount} kroner i året deles mellom {names}: {shares}",
            "floor": "minst {amount} kroner for hver",
            "cap": "høyst {amount} kroner for hver",
            "step": "{percent} prosent i {year}",
            "from": "{percent} prosent fra {year}",
            "steps": "betales med {steps}",
            "flat": "indeksreguleres ikke",
        },
        _NN: {
            KeyPartKind.EQUAL: "{percent} prosent likt",
            KeyPartKind.POPULATION: "{percent} prosent etter innbyggjartal",
            KeyPartKind.TABLE: "{percent} prosent etter avtalt fordeling",
            RuleKind.PER_INHABITANT: "Sats per innbyggjar for {names}",
            RuleKind.FIXED: "Fast beløp for {names}: {amount} kroner i året",
            "each": "Fast beløp for kvar av {names}: {amount} kroner i året",
            RuleKind.HOURS: "{hours} timar à {price} kroner i året for {names}",
            RuleKind.DISTRIBUTION_KEY: "{amount} kroner i året blir delte mellom {names}: {shares}",
            "floor": "minst {amount} kroner for kvar",
            "cap": "høgst {amount} kroner for kvar",
            "step": "{percent} prosent i {year}",
            "from": "{percent} prosent frå {year}",
            "steps": "blir betalt med {steps}",
            "flat": "blir ikkje indeksregulert",
        },
    }
)


def table_words(language: str = _NB) -> TableWords:
    """The fixed words of the contribution table. KeyError for a language that is not nb or nn."""
    return _TABLE_WORDS[language]


# The rounding rules carry bokmål labels only. Any other rule is printed with its own label.
_ROUNDING_NYNORSK = MappingProxyType(
    {
        "ore_half_up": "næraste øre",
        "tiore_half_up": "næraste ti øre",
        "krone_half_up": "næraste heile krone",
        "krone_down": "avkorta til heile kroner",
        "krone_up": "runda opp til heile kroner",
        "hundre_half_up": "næraste heile hundre kroner",
    }
)


def rounding_label(rule: RoundingRule, language: str = _NB) -> str:
    """The name of a rounding rule."""
    return _ROUNDING_NYNORSK.get(rule.code, rule.label) if language == _NN else rule.label


def terms(table: Table, language: str = _NB) -> tuple[str, ...]:
    """Return a sentence for each rule that the table's columns do not show whole, in their order.

    Amounts are kroner of the first year, before index and step-up. ValueError for a language that
    is not nb or nn.
    """
    if language not in _LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    indexed = bool(table.index)
    return tuple(_sentence(term, table.years, indexed, language) for term in table.terms)


def key_parts(parts: Iterable[KeyPart | TermShare], language: str = _NB) -> str:
    """«30 prosent likt og 70 prosent etter innbyggertall»; weights are not told."""
    words = _WORDS[language]
    return norwegian.join(
        (words[part.kind].format(percent=norwegian.percent(part.percent)) for part in parts),
        language,
    )


def _sentence(term: Term, years: tuple[int, ...], indexed: bool, language: str) -> str:
    words = _WORDS[language]
    names = norwegian.join(term.names, language)
    several = term.kind is RuleKind.FIXED and len(term.names) > 1
    form = words["each" if several else term.kind]
    parts = [
        form.format(
            names=names,
            amount=norwegian.money(term.amount),
            hours=norwegian.percent(term.hours),
            price=norwegian.money(term.hour_price),
            shares=key_parts(term.shares, language),
        )
    ]
    if term.label:
        parts[0] = f"{term.label.strip(' .')}. {parts[0]}"
    if term.floor is not None:
        parts.append(words["floor"].format(amount=norwegian.money(term.floor)))
    if term.cap is not None:
        parts.append(words["cap"].format(amount=norwegian.money(term.cap)))
    if term.steps:
        steps = norwegian.join(_steps(term, years, language), language)
        parts.append(words["steps"].format(steps=steps))
    if indexed and not term.indexed and term.kind is not RuleKind.PER_INHABITANT:
        parts.append(words["flat"])
    return "; ".join(parts) + "."


def _steps(term: Term, years: tuple[int, ...], language: str) -> Iterable[str]:
    """«50 prosent i 2026, 75 prosent i 2027 og 100 prosent fra 2028»."""
    words = _WORDS[language]
    last = len(term.steps) - 1
    for at, (percent, year) in enumerate(zip(term.steps, years, strict=False)):
        form = "from" if at == last and year != years[-1] else "step"
        yield words[form].format(percent=norwegian.percent(percent), year=year)
