"""Plans to make workbooks of, and LibreOffice to compute them."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook

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
    calculate,
)
from financing.rounding import ROUNDING_RULES
from financing.study import Study

SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="needs libreoffice-calc")
YEARS = (2026, 2027, 2028, 2029)
EQUAL = (KeyPart(KeyPartKind.EQUAL, Decimal(100)),)


def contributors() -> tuple[Contributor, ...]:
    """Two counties with their authorities, one that has declined, one unsure, and one of no county."""

    def municipality(key: str, name: str, population: int, **more: Any) -> Contributor:
        county = key[:2]
        kind = ContributorKind.MUNICIPALITY
        return Contributor(key, name, kind, county, f"Fylke {county}", population, **more)

    def authority(key: str, **more: Any) -> Contributor:
        kind = ContributorKind.COUNTY_AUTHORITY
        return Contributor(
            key, f"Fylke {key} fylkeskommune", kind, key, f"Fylke {key}", None, **more
        )

    return (
        municipality("7703", "=1+1 kommune", 30005),
        municipality("7701", "Berg", 7122, status=Status.UNDECIDED),
        municipality("7702", "Dal", 7122, status=Status.DECLINED),
        municipality("7704", "Eid", 1),
        authority("77"),
        municipality("7801", "Foss", 6543),
        municipality("7802", "Grend", 0),
        authority("78", status=Status.CONDITIONAL),
        Contributor("innovasjon", "Innovasjon", ContributorKind.OTHER, "", "", None),
    )


MUNICIPALITIES = frozenset({"7701", "7702", "7703", "7704", "7801", "7802"})
RULES = (
    Rule(MUNICIPALITIES, RuleKind.PER_INHABITANT, Decimal("1250.50"), Decimal("14.505")),
    Rule(
        frozenset({"77", "78"}),
        RuleKind.PER_INHABITANT,
        rate=Decimal("5.50"),
        basis=Basis.COUNTY,
        indexed=False,
    ),
    Rule(frozenset({"innovasjon", "7703"}), RuleKind.FIXED, amount=Decimal("40000.05")),
    Rule(
        frozenset({"7701", "7801"}),
        RuleKind.HOURS,
        hours=Decimal("37.5"),
        hour_price=Decimal("1080.35"),
        steps=(Decimal(50), Decimal(75), Decimal(100)),
        label="+47 timer til kurs",
    ),
    Rule(
        frozenset({"7703", "7704", "7802"}),
        RuleKind.PER_INHABITANT,
        rate=Decimal("3.3333"),
        floor=Decimal(5000),
        cap=Decimal("60000.00"),
    ),
)
MIXED_KEY = Rule(
    MUNICIPALITIES,
    RuleKind.DISTRIBUTION_KEY,
    amount=Decimal("1000000.01"),
    key_parts=(
        KeyPart(KeyPartKind.EQUAL, Decimal("33.3")),
        KeyPart(KeyPartKind.POPULATION, Decimal("46.7")),
        KeyPart(
            KeyPartKind.TABLE,
            Decimal(20),
            tuple((key, Decimal(n)) for n, key in enumerate(sorted(MUNICIPALITIES), 1)),
        ),
    ),
)
BY_POPULATION = replace(
    MIXED_KEY, key_parts=(KeyPart(KeyPartKind.POPULATION, Decimal(100)),), indexed=False
)
KEYS = (
    MIXED_KEY,
    replace(MIXED_KEY, key_parts=EQUAL, amount=Decimal(1000)),  # five share, and all remainders tie
    replace(BY_POPULATION, floor=Decimal(150000)),
    replace(BY_POPULATION, cap=Decimal(350000)),
    replace(MIXED_KEY, floor=Decimal(120000), cap=Decimal(300000), steps=(Decimal("33.3"),)),
    replace(BY_POPULATION, floor=Decimal(10), cap=Decimal(900000)),  # neither is met but by nought
    replace(MIXED_KEY, amount=Decimal(0)),
    replace(MIXED_KEY, key_parts=EQUAL, floor=Decimal("200000.00"), amount=Decimal("1000000.01")),
)


def index(*percents: str) -> tuple[IndexFactor, ...]:
    return tuple(
        IndexFactor(year, Decimal(percent), "Eksempelanslag")
        for year, percent in zip(YEARS[1:], percents, strict=True)
    )


def a_study(*alternatives: Alternative, payers: tuple[Contributor, ...] = contributors()) -> Study:
    """A plan of these alternatives, calculated."""
    return Study(
        name="Plan for Fjordregionen",
        region="Fjordregionen",
        years=YEARS,
        population_date=date(2025, 1, 1),
        population_source="SSB, tabell 01222",
        excludes_vat=True,
        invoicing="@Elveby sender faktura.",
        contributors=payers,
        alternatives=tuple((item, calculate(payers, item, YEARS)) for item in alternatives),
    )


def every_rule() -> Study:
    """Every kind of rule by every rounding, with names that are hard on a spreadsheet."""
    growth = index("4.1", "-1.25", "3.3333")
    made = [
        Alternative(f"Avrundet til [{rule.label}] / {number}", rule, (*RULES, MIXED_KEY), growth)
        for number, rule in enumerate(ROUNDING_RULES.values())
    ]
    return a_study(*made, Alternative("KONTROLL", ROUNDING_RULES["ore_half_up"], RULES))


def every_key() -> Study:
    """Every sort of distribution key, each alone, rounded in two ways."""
    growth = index("4.1", "4.1", "0")
    return a_study(
        *(
            Alternative(f"Nøkkel {number} {code}", ROUNDING_RULES[code], (key,), growth)
            for code in ("ore_half_up", "krone_up")
            for number, key in enumerate(KEYS)
        )
    )


def computed(files: Mapping[str, bytes], folder: Path) -> dict[str, Workbook]:
    """Let LibreOffice compute the workbooks; nothing of what the files say they show is kept."""
    assert SOFFICE is not None
    given, made = folder / "given", folder / "made"
    given.mkdir()
    paths = []
    for name, content in files.items():
        paths.append(given / f"{name}.xlsx")
        openpyxl.load_workbook(io.BytesIO(content)).save(paths[-1])  # formulas only
    profile = (folder / "profile").as_uri()
    command = [SOFFICE, f"-env:UserInstallation={profile}", "--headless", "--norestore"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(made)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=300)
    return {name: openpyxl.load_workbook(made / f"{name}.xlsx", data_only=True) for name in files}


def to_ore(value: object) -> Decimal:
    """A computed amount as kroner; a cell that is not a number fails."""
    assert isinstance(value, int | float), value
    return Decimal(repr(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
