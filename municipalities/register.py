"""Questions to the register, and the shipped facts it starts with."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Count

from municipalities.models import (
    County,
    Municipality,
    Organisation,
    PopulationFigure,
    Region,
    RegisterEvent,
    User,
)

DATA = Path(__file__).resolve().parent / "data"

# Any number that nothing else in this database uses for pg_advisory_xact_lock.
_LOCK = 20_240_101

# Oslo is a municipality with a county authority's duties; it has no county authority beside it.
WITHOUT_COUNTY_AUTHORITY = frozenset({"03"})

Tally = Counter[tuple[str, str]]
"""How many of what: ("municipalities", "added") -> 31."""


def as_data(tally: Tally) -> dict[str, int]:
    """Return the tally for an event: {"municipalities added": 31}."""
    return {f"{kind} {what}": count for (kind, what), count in sorted(tally.items())}


def lines(tally: Tally) -> list[str]:
    """Return the tally for people, a line for each kind: `municipalities: 31 added`."""
    order = ("added", "changed", "ended", "kept", "unchanged")
    return [
        f"{kind}: {', '.join(f'{tally[kind, what]} {what}' for what in order if tally[kind, what])}"
        for kind in dict.fromkeys(kind for kind, _ in tally)
    ]


def lock() -> None:
    """Wait until nobody else loads, imports or sets up, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


# --- questions -----------------------------------------------------------------------------------


def population_on(
    municipalities: Iterable[Municipality], day: dt.date
) -> dict[int, PopulationFigure]:
    """Return {municipality id: figure} for exactly that reference date, in one query.

    Where a figure has been corrected, the newest row counts. A municipality without a figure of
    that date is left out: the nearest date is never used instead.
    """
    figures = PopulationFigure.objects.filter(
        municipality__in=[m.pk for m in municipalities], reference_date=day
    )
    newest = figures.order_by("municipality_id", "-pk").distinct("municipality_id")
    return {figure.municipality_id: figure for figure in newest}


def available_dates(municipalities: Collection[Municipality]) -> tuple[dt.date, ...]:
    """Return the dates on which every one of the municipalities has a figure, newest first."""
    figures = PopulationFigure.objects.filter(municipality__in=[m.pk for m in municipalities])
    dates = figures.order_by().values("reference_date")
    complete = dates.annotate(known=Count("municipality", distinct=True)).filter(
        known=len({m.pk for m in municipalities})
    )
    return tuple(complete.order_by("-reference_date").values_list("reference_date", flat=True))


def municipal_organisation(municipality: Municipality) -> Organisation:
    """Return the unsaved organisation of a municipality: «Ringerike kommune»."""
    return Organisation(
        key=municipality.number,
        kind=Organisation.Kind.MUNICIPALITY,
        name=f"{municipality.name} kommune",
        short_name=municipality.name,
        municipality=municipality,
        source=municipality.source,
    )


def county_organisation(county: County) -> Organisation:
    """Return the unsaved county authority of a county: «Buskerud fylkeskommune»."""
    return Organisation(
        key=county.number,
        kind=Organisation.Kind.COUNTY_AUTHORITY,
        name=f"{county.name} fylkeskommune",
        short_name=county.name,
        county=county,
        valid_from=county.valid_from,
        valid_to=county.valid_to,
        source=county.source,
    )


# --- shipped facts -------------------------------------------------------------------------------


def load(actor: User | None = None) -> Tally:
    """Put the facts under data/ into the register, in one transaction; return what was done.

    May be run again at any time. Missing rows are added. A column that still has the value it was
    shipped with follows the shipped facts; one that was changed by hand is left alone and counted
    as kept. A population figure is added unless it is there, or somebody has entered another one
    for the day.
    """
    with transaction.atomic():
        lock()
        tally: Tally = Counter()
        counties = _take("counties", County.objects.all(), "number", _counties(), tally)
        municipalities = _take(
            "municipalities",
            Municipality.objects.select_related("county"),
            "number",
            _municipalities(counties),
            tally,
        )
        organisations = _take(
            "organisations",
            Organisation.objects.select_related("county", "municipality"),
            "key",
            _organisations(counties, municipalities),
            tally,
        )
        _link_units(organisations)
        _take(
            "regions",
            Region.objects.select_related("contract_municipality", "operator").prefetch_related(
                "members"
            ),
            "slug",
            _regions(municipalities, organisations),
            tally,
        )
        _take_figures(municipalities, tally)
        if any(what in ("added", "changed") for _, what in tally):
            RegisterEvent.objects.create(actor=actor, action="register.loaded", data=as_data(tally))
    return tally


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _counties() -> Iterator[dict[str, Any]]:
    for row in _read("counties.csv"):
        dates = {name: _date(row[name]) for name in ("valid_from", "valid_to")}
        yield {**row, **dates}


def _municipalities(counties: dict[str, County]) -> Iterator[dict[str, Any]]:
    for row in _read("municipalities.csv"):
        yield {**row, "county": counties[row["county"]]}


def _organisations(
    counties: dict[str, County], municipalities: dict[str, Municipality]
) -> Iterator[dict[str, Any]]:
    columns = ("key", "kind", "name", "short_name", "municipality", "source")
    for row in _read("municipalities.csv"):
        made = municipal_organisation(municipalities[row["number"]])
        yield {name: getattr(made, name) for name in columns}
    for row in _read("organisations.csv"):
        dates = {name: _date(row[name]) for name in ("valid_from", "valid_to")}
        facts = {name: value for name, value in row.items() if name != "unit_of"}
        yield {**facts, **dates, "county": counties.get(row["county"])}


def _link_units(organisations: dict[str, Organisation]) -> None:
    """Point units at what they belong to: both must be stored first."""
    for row in _read("organisations.csv"):
        unit = organisations[row["key"]]
        if row["unit_of"] and unit.unit_of_id is None and "unit_of" not in unit.shipped:
            unit.unit_of = organisations[row["unit_of"]]
            unit.shipped["unit_of"] = row["unit_of"]
            unit.save(update_fields=["unit_of", "shipped"])


def _regions(
    municipalities: dict[str, Municipality], organisations: dict[str, Organisation]
) -> Iterator[dict[str, Any]]:
    for row in _read("regions.csv"):
        yield {
            **row,
            "contract_municipality": municipalities[row["contract_municipality"]],
            "members": [municipalities[number] for number in row["members"].split()],
            "operator": organisations[row["operator"]],
            "county_rate": Decimal(row["county_rate"]),
            "municipal_rate": Decimal(row["municipal_rate"]),
        }


def _plain(value: Any) -> Any:
    """Turn a column's value into what JSON holds and what compares equal after a round trip."""
    if isinstance(value, Municipality | County):
        return value.number
    if isinstance(value, Organisation):
        return value.key
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return sorted(_plain(item) for item in value)
    return value


def _take(
    kind: str,
    stored: models.QuerySet[Any],
    key: str,
    facts: Iterable[dict[str, Any]],
    tally: Tally,
) -> dict[str, Any]:
    """Add or follow the shipped facts of one table; return all its rows by key."""
    rows = {getattr(row, key): row for row in stored}
    for fact in facts:
        row = rows.get(fact[key])
        if row is not None:
            tally[kind, _follow(row, fact)] += 1
            continue
        columns = {name: value for name, value in fact.items() if name != "members"}
        shipped = {name: _plain(value) for name, value in fact.items()}
        row = rows[fact[key]] = stored.model.objects.create(**columns, shipped=shipped)
        if "members" in fact:
            row.members.set(fact["members"])
        tally[kind, "added"] += 1
    return rows


def _follow(row: Any, fact: dict[str, Any]) -> str:
    """Bring the columns nobody has touched up to date; return "unchanged", "changed" or "kept"."""
    what = "unchanged"
    for name, value in fact.items():
        current = list(row.members.all()) if name == "members" else getattr(row, name)
        wanted, stored = _plain(value), _plain(current)
        if stored == wanted:
            continue
        if name not in row.shipped or stored != row.shipped[name]:
            what = "kept" if what == "unchanged" else what
            continue
        what = "changed"
        row.shipped[name] = wanted
        if name == "members":
            row.members.set(value)
        else:
            setattr(row, name, value)
    if what == "changed":
        row.save()
    return what


def _take_figures(municipalities: dict[str, Municipality], tally: Tally) -> None:
    facts = list(_read("population.csv"))
    sources = {row["source"] for row in facts}
    stored: dict[tuple[int, dt.date], list[PopulationFigure]] = {}
    for figure in PopulationFigure.objects.order_by("pk"):
        stored.setdefault((figure.municipality_id, figure.reference_date), []).append(figure)
    new = []
    for row in facts:
        municipality = municipalities[row["municipality"]]
        day, value = dt.date.fromisoformat(row["reference_date"]), int(row["value"])
        known = stored.get((municipality.pk, day), [])
        if any(figure.value == value for figure in known):
            tally["population figures", "unchanged"] += 1
        elif known and known[-1].source not in sources:
            tally["population figures", "kept"] += 1
        else:
            tally["population figures", "added"] += 1
            new.append(
                PopulationFigure(
                    municipality=municipality,
                    reference_date=day,
                    value=value,
                    source=row["source"],
                )
            )
    PopulationFigure.objects.bulk_create(new)
