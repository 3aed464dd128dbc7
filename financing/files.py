"""A plan as files: the same for a plan that belongs to an agreement and for one that stands alone.

Each takes the plan's facts and returns bytes; `Study` is also what the comparison's PDF is made from.
"""

from __future__ import annotations

import json

from financing import people_csv, xlsx
from financing.export import HASH_SHOWN, study_sha256, table_as_json
from financing.reader import PlanFacts
from financing.study import Study
from financing.xlsx.words import speaker

JSON_MEDIA_TYPE = "application/json"


def study(facts: PlanFacts, first: int | None = None, language: str = "nb") -> Study:
    """Freeze the plan with every alternative that can be calculated.

    `first` is the primary key of the alternative that goes before the others: the chosen one. One
    query where the plan's region is not loaded.
    """
    plan = facts.plan
    sources = {p.population_source for p in facts.participants if p.population_source}
    ordered = sorted(facts.alternatives, key=lambda item: item[0] != first)
    return Study(
        name=plan.name,
        region=plan.region.name,
        years=plan.years,
        population_date=plan.population_date,
        population_source="; ".join(sorted(sources)),
        excludes_vat=plan.excludes_vat,
        invoicing=plan.invoicing,
        contributors=tuple(item for item in facts.contributors if item.included),
        alternatives=tuple(
            (alternative, facts.tables[pk]) for pk, alternative in ordered if pk in facts.tables
        ),
        language=language,
    )


def xlsx_file(
    facts: PlanFacts, first: int | None = None, language: str = "nb", stamp: str = ""
) -> bytes:
    """The workbook with live formulas.

    `stamp` is what the foot of its pages says of the content; without one that it is a draft.
    """
    frozen = study(facts, first, language)
    if not stamp:
        shown = study_sha256(frozen)[:HASH_SHOWN]
        stamp = speaker(language)("Utkast · innhold {}").format(shown)
    return xlsx.workbook(frozen, stamp)


def csv_file(facts: PlanFacts, first: int | None = None, language: str = "nb") -> bytes:
    """The tables for a Norwegian spreadsheet."""
    return people_csv.people_csv((t for _, t in study(facts, first).alternatives), language)


def json_file(facts: PlanFacts, first: int | None = None, language: str = "nb") -> bytes:
    """The tables for other programs: amounts as strings, as the command `contributions` has them.

    Alike in every language: programs look for the same words.
    """
    frozen = study(facts, first)
    answer = {
        "plan": frozen.name,
        "region": frozen.region,
        "population_date": frozen.population_date.isoformat(),
        "population_source": frozen.population_source,
        "excludes_vat": frozen.excludes_vat,
        "alternatives": [table_as_json(table) for _, table in frozen.alternatives],
    }
    return (json.dumps(answer, ensure_ascii=False, indent=2) + "\n").encode()


# By the ending of the file's name: what makes it, and what it is sent as.
FILES = {
    "xlsx": (xlsx_file, xlsx.MEDIA_TYPE),
    "csv": (csv_file, people_csv.MEDIA_TYPE),
    "json": (json_file, JSON_MEDIA_TYPE),
}
