"""A new period from an old agreement: its usual dates and title, and what must be decided. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from agreements.domain import choices
from agreements.domain.checks import reading
from agreements.domain.document import AttachmentKind, Choice, Document
from financing.calculation import Status
from municipalities import norwegian

_YEAR = re.compile(r"(?<![\d.,/-])(20\d\d)(?!\d|[.,]\d)")
_ATTACHED = {
    AttachmentKind.EVALUATION: "Evalueringen av perioden som går ut, er ikke lagt ved.",
    AttachmentKind.DATA_PROCESSING: "Databehandleravtalen må fornyes og legges ved.",
    AttachmentKind.OPERATOR_CONTRACT: "Operatørkontrakten for den nye perioden er ikke lagt ved.",
}


@dataclass(frozen=True, slots=True)
class Former:
    """What is asked about the period before."""

    term_start: date
    term_end: date
    attached: frozenset[AttachmentKind] = frozenset()
    prices: frozenset[tuple[str, str, Decimal]] = (
        frozenset()
    )  # service, municipality, kroner a year


@dataclass(frozen=True, slots=True)
class Point:
    """Something to decide. `key` is stable; `anchor` says where, as a finding's does.

    `by_itself` tells whether it goes away when the draft changes; what does not, somebody must mark.
    """

    key: str
    text: str
    anchor: str
    by_itself: bool = True


def next_term(start: date, end: date) -> tuple[date, date]:
    """Return the term that follows: from the day after, as many whole years, else as many days."""
    first = end + timedelta(days=1)
    years = first.year - start.year
    if years > 0 and (first.month, first.day) == (start.month, start.day):
        return first, _years_on(first, years) - timedelta(days=1)
    return first, first + (end - start)


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)


def next_title(title: str, old: tuple[int, int], new: tuple[int, int]) -> str:
    """Return the title with the old term's years changed to the new one's, wherever they stand."""
    years = dict(zip(old, new, strict=True))
    return _YEAR.sub(lambda m: str(years.get(int(m[1]), m[1])), _spans(title, old, new))


def _spans(title: str, old: tuple[int, int], new: tuple[int, int]) -> str:
    pattern = re.compile(rf"\b{old[0]}(\s?[-–—]\s?){old[1]}\b")
    return pattern.sub(lambda m: f"{new[0]}{m[1]}{new[1]}", title)


def to_decide(document: Document, former: Former, unconfirmed: frozenset[str]) -> tuple[Point, ...]:
    """Return what the new period's draft leaves to be decided, in the order of the agreement.

    `unconfirmed` are the keys of parties whose signatories were copied.
    """
    return (
        *_stances(document),
        *_money(document),
        *_signatories(document, unconfirmed),
        *_texts(document, former),
        *_purchases(document, former),
        *_attachments(document, former),
    )


def _stances(document: Document) -> Iterator[Point]:
    if document.financing is None:
        yield Point("alternativ", "Velg hvilket alternativ avtalen følger.", "okonomi")
        return
    for row in document.financing.table.rows:
        if row.status in (Status.UNDECIDED, Status.CONDITIONAL):
            what = (
                "har ikke tatt stilling til bidraget"
                if row.status is Status.UNDECIDED
                else "bidrar med forbehold"
            )
            yield Point(f"stilling:{row.key}", f"{row.name} {what}.", "okonomi")


def _money(document: Document) -> Iterator[Point]:
    if document.financing is None:
        return
    table = document.financing.table
    rates = dict.fromkeys(row.rate for row in table.rows if row.rate is not None)
    if rates:
        said = norwegian.join([norwegian.rate(rate) for rate in rates], "nb")
        text = (
            f"Satsene i {table.years[0]} er foreslått til {said} kroner per innbygger. Bestem dem."
        )
        yield Point("sats", text, "okonomi", by_itself=False)
    estimates = [str(factor.year) for factor in table.index if factor.is_estimate]
    if estimates:
        years = norwegian.join(estimates, "nb")
        text = f"Indeksen for {years} er ført videre fra forrige periode. Bestem den."
        yield Point("indeks", text, "okonomi", by_itself=False)


def _signatories(document: Document, unconfirmed: frozenset[str]) -> Iterator[Point]:
    for party in document.parties:
        if party.body.key in unconfirmed:
            who = party.signatory_name or party.signatory_title or "den som signerer"
            text = f"{party.body.name}: bekreft at {who} signerer, og på hvilken fullmakt."
            yield Point(f"signatar:{party.body.key}", text, "parter")


def _texts(document: Document, former: Former) -> Iterator[Point]:
    """Clauses with a year that was the former term's and is not this one's."""
    new = range(document.term_start.year, document.term_end.year + 1)
    old = set(range(former.term_start.year, former.term_end.year + 1)) - set(new)
    found: dict[str, tuple[str, list[str]]] = {}
    for passage in reading.passages(document):
        if passage.anchor.startswith("punkt:"):
            years = [year for year in _YEAR.findall(passage.typed) if int(year) in old]
            if years:
                found.setdefault(passage.anchor, (passage.label, []))[1].extend(years)
    for anchor, (label, years) in found.items():
        said = norwegian.join(sorted(set(years)), "nb")
        yield Point(anchor, f"«{label}» nevner {said}, som hører til forrige periode.", anchor)


def _purchases(document: Document, former: Former) -> Iterator[Point]:
    names = choices.municipalities(document)
    for service in document.services:
        for own in service.choices:
            price = own.price
            if own.choice is not Choice.BOUGHT or price is None or own.body.key not in names:
                continue
            if (service.key, own.body.key, price) in former.prices:
                text = (
                    f"{own.body.short_name} kjøper «{service.text}» i tillegg for "
                    f"{norwegian.money(price)} kroner, som i forrige periode. Bestem prisen."
                )
                key = f"kjop:{own.body.key}:{service.key}"
                yield Point(key, text, f"tjenester:{service.key}", by_itself=False)


def _attachments(document: Document, former: Former) -> Iterator[Point]:
    attached = {one.kind for one in document.attachments}
    wanted = {AttachmentKind.EVALUATION, *former.attached} - attached
    for kind, text in _ATTACHED.items():
        if kind in wanted:
            yield Point(f"vedlegg:{kind}", text, "vedlegg")
