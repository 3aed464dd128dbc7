"""Bring the register in line with a file or a fetched list of municipalities. One transaction, one event."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from municipalities import register
from municipalities.models import (
    County,
    Dated,
    Municipality,
    Organisation,
    PopulationFigure,
    RegisterEvent,
    User,
)
from municipalities.municipality_file import Ending, FileRow, RefusedFileError

# A municipality seldom grows or shrinks by more than this between two figures; a slip of a digit does.
SUDDEN_PERCENT = 10


@dataclass
class Outcome:
    """What an import did: counts, what was changed, and what somebody should look at."""

    tally: register.Tally = field(default_factory=Counter)
    changes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    event: RegisterEvent | None = None


def apply(
    rows: Iterable[FileRow],
    *,
    source: str,
    file: dict[str, Any],
    ended: Iterable[Ending] = (),
    actor: User | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Store what the rows say; municipalities that are not among them are left alone.

    `source` is written on every new row and figure; `file` (name, sha256) goes into the event. What
    has `ended` gets its last day unless it has one. With `dry_run` everything is tried and nothing
    stored. RefusedFileError for an unknown county without a name.
    """
    rows = tuple(rows)
    outcome = Outcome()
    with transaction.atomic():
        register.lock()
        counties = _counties(rows, source, outcome)
        municipalities = _municipalities(rows, counties, source, outcome)
        _figures(rows, municipalities, source, outcome)
        _end(ended, outcome)
        if outcome.changes or any(what == "added" for _, what in outcome.tally):
            outcome.event = RegisterEvent.objects.create(
                actor=actor,
                action="register.imported",
                data={**file, **register.as_data(outcome.tally), "changes": outcome.changes},
            )
        transaction.set_rollback(dry_run)
    return outcome


def _counties(rows: tuple[FileRow, ...], source: str, outcome: Outcome) -> dict[str, County]:
    stored = {county.number: county for county in County.objects.all()}
    with_authority = set(
        Organisation.objects.filter(county__isnull=False).values_list("county_id", flat=True)
    )
    for row in rows:
        county = stored.get(row.county_number)
        if county is None:
            if not row.county_name:
                raise RefusedFileError(
                    f"county {row.county_number} is unknown and has no county_name", row.row
                )
            county = stored[row.county_number] = County.objects.create(
                number=row.county_number, name=row.county_name, source=source
            )
            outcome.tally["counties", "added"] += 1
        if county.pk not in with_authority:
            with_authority.add(county.pk)
            if county.number not in register.WITHOUT_COUNTY_AUTHORITY:
                register.county_organisation(county).save()
                outcome.tally["organisations", "added"] += 1
    return stored


def _municipalities(
    rows: tuple[FileRow, ...], counties: dict[str, County], source: str, outcome: Outcome
) -> dict[str, Municipality]:
    stored = {
        row.number: row for row in Municipality.objects.select_related("county", "organisation")
    }
    for row in rows:
        county = counties[row.county_number]
        municipality = stored.get(row.number)
        if municipality is None:
            stored[row.number] = municipality = Municipality.objects.create(
                number=row.number,
                name=row.name,
                official_name=_official(row),
                county=county,
                valid_from=row.valid_from,
                source=source,
            )
            outcome.tally["municipalities", "added"] += 1
        else:
            what = "changed" if _rename(municipality, row, county, outcome) else "unchanged"
            outcome.tally["municipalities", what] += 1
        if not hasattr(municipality, "organisation"):
            register.municipal_organisation(municipality).save()
            outcome.tally["organisations", "added"] += 1
    return stored


def _rename(municipality: Municipality, row: FileRow, county: County, outcome: Outcome) -> bool:
    """Give the municipality the file's names and county; tell whether anything changed."""
    organisation = getattr(municipality, "organisation", None)
    # An organisation that was named by hand keeps its name.
    follows = organisation is not None and organisation.short_name == municipality.name
    values: dict[str, object] = {"name": row.name, "county": county}
    if row.official_name:
        values["official_name"] = _official(row)
    if row.valid_from:
        values["valid_from"] = row.valid_from
    differing = []
    for name, value in values.items():
        before = getattr(municipality, name)
        if before != value:
            differing.append(f"{name} {str(before)!r} -> {str(value)!r}")
            setattr(municipality, name, value)
    if not differing:
        return False
    outcome.changes.append(f"{municipality.number} {row.name}: {', '.join(differing)}")
    municipality.save()
    if follows:
        derived = register.municipal_organisation(municipality)
        organisation.name, organisation.short_name = derived.name, derived.short_name
        organisation.save()
    return True


def _official(row: FileRow) -> str:
    """The official name where it says more than the Norwegian one."""
    return "" if row.official_name == row.name else row.official_name


def _end(ended: Iterable[Ending], outcome: Outcome) -> None:
    """Give what has ended its last day. A body with one successor is told which.

    A last day that is there already, and one before the first day, are somebody's own: left alone.
    """
    endings = {ending.number: ending for ending in ended}
    if not endings:
        return
    numbers = {*endings, *(n for ending in endings.values() for n in ending.successors)}
    bodies = {body.key: body for body in Organisation.objects.filter(key__in=numbers)}
    for kind, rows in (
        ("municipalities", Municipality.objects.filter(number__in=endings)),
        ("counties", County.objects.filter(number__in=endings)),
    ):
        for row in rows:
            ending = endings[row.number]
            if not _may_end(row, ending):
                continue
            row.valid_to = ending.last_day
            row.save(update_fields=["valid_to"])
            outcome.tally[kind, "ended"] += 1
            after = f", now {', '.join(ending.successors)}" if ending.successors else ""
            outcome.changes.append(f"{row.number} {row.name}: ended {ending.last_day}{after}")
            body = bodies.get(row.number)
            if body is not None and _may_end(body, ending):
                body.valid_to = ending.last_day
                if len(ending.successors) == 1 and body.successor_id is None:
                    body.successor = bodies.get(ending.successors[0])
                body.save(update_fields=["valid_to", "successor"])


def _may_end(row: Dated, ending: Ending) -> bool:
    return row.valid_to is None and (row.valid_from is None or row.valid_from <= ending.last_day)


def _figures(
    rows: tuple[FileRow, ...],
    municipalities: dict[str, Municipality],
    source: str,
    outcome: Outcome,
) -> None:
    """Add the figures that differ from the newest one of their date."""
    known: dict[int, dict[dt.date, int]] = defaultdict(dict)
    for municipality_id, day, value in PopulationFigure.objects.order_by("pk").values_list(
        "municipality_id", "reference_date", "value"
    ):
        known[municipality_id][day] = value
    new = []
    for row in rows:
        municipality = municipalities[row.number]
        figures = known[municipality.pk]
        for day, value in sorted(row.population.items()):
            before = figures.get(day)
            if before == value:
                outcome.tally["population figures", "unchanged"] += 1
                continue
            what = "added" if before is None else "changed"
            outcome.tally["population figures", what] += 1
            if before is not None:
                outcome.changes.append(f"{row.number} {row.name}, {day}: {before} -> {value}")
            _warn_if_sudden(row, day, value, figures, outcome)
            figures[day] = value
            new.append(
                PopulationFigure(
                    municipality=municipality, reference_date=day, value=value, source=source
                )
            )
    PopulationFigure.objects.bulk_create(new)


def _warn_if_sudden(
    row: FileRow, day: dt.date, value: int, figures: dict[dt.date, int], outcome: Outcome
) -> None:
    """Compare with the closest date at or before `day`."""
    earlier = [known for known in figures if known <= day]
    if not earlier:
        return
    before = figures[max(earlier)]
    if abs(value - before) * 100 > before * SUDDEN_PERCENT:
        outcome.warnings.append(
            f"row {row.row}: {row.number} {row.name} goes from {before} ({max(earlier)}) "
            f"to {value} ({day}), more than {SUDDEN_PERCENT} %"
        )
