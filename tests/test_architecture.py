"""The rooms and the one-way rule, read from the imports themselves."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
ROOMS = ("municipalities", "financing", "agreements")  # a room may import those before it
LONGEST = 400
PURE = [
    "municipalities/accounts/devices.py",
    "municipalities/accounts/identity.py",
    "municipalities/byte_ranges.py",
    "municipalities/characters.py",
    "municipalities/norwegian.py",
    "municipalities/municipality_file.py",
    "municipalities/statistics/formats.py",
    "municipalities/statistics/messages.py",
    "municipalities/statistics/review.py",
    "municipalities/statistics/steps.py",
    "financing/calculation.py",
    "financing/rounding.py",
    "financing/amounts.py",
    "financing/apportionment.py",
    "financing/bands.py",
    "financing/current.py",
    "financing/goal_seek.py",
    "financing/instalments.py",
    "financing/minimum.py",
    "financing/renewal.py",
    "financing/scenario.py",
    "financing/terms.py",
    "financing/unrounded.py",
    "financing/words.py",
    "financing/index.py",
    "financing/figures.py",
    "financing/comparison.py",
    "financing/export.py",
    "financing/bars.py",
    "financing/bands.py",
    "financing/study.py",
    "agreements/documents/limits.py",
    "agreements/documents/signers.py",
    "financing/people_csv.py",
    *(
        str(path.relative_to(PROJECT))
        for path in sorted((PROJECT / "financing" / "xlsx").rglob("*.py"))
    ),
    *(
        str(path.relative_to(PROJECT))
        for folder in ("domain", "importing", "model_agreements")
        for path in sorted((PROJECT / "agreements" / folder).rglob("*.py"))
    ),
]
PDF_PACKAGES = {"weasyprint", "pydyf", "pyhanko", "pyhanko_certvalidator", "pikepdf", "page"}
NOT_PURE = {"django", "psycopg", *PDF_PACKAGES}
PYTHON_FILES = [
    path
    for folder in (*ROOMS, "config", "tests", "benchmarks")
    for path in sorted((PROJECT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def imported(path: Path) -> set[str]:
    """Return every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_imports_only_go_up(room: str) -> None:
    below = ROOMS[ROOMS.index(room) + 1 :]
    for path in sorted((PROJECT / room).rglob("*.py")):
        wrong = {name for name in imported(path) if name.split(".")[0] in below}
        assert not wrong, f"{path.relative_to(PROJECT)} imports {sorted(wrong)}"


@pytest.mark.parametrize("file", PURE)
def test_pure_modules_import_no_django_and_no_rows(file: str) -> None:
    names = imported(PROJECT / file)
    assert not {n for n in names if n.split(".")[0] in NOT_PURE}
    assert not {n for n in names if n.endswith((".models", ".access", ".reader", ".snapshot"))}


def test_mypy_checks_all_of_the_pure_core() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    checked = settings["tool"]["mypy"]["files"]
    assert all((PROJECT / name).exists() for name in checked)
    missed = [
        file
        for file in PURE
        if not any(file == name or file.startswith(f"{name}/") for name in checked)
    ]
    assert not missed


def test_nothing_is_excused_from_the_types() -> None:
    for path in PYTHON_FILES:
        # Written in two so that this file is not found.
        assert "type:" + " ignore" not in path.read_text(encoding="utf-8"), path


def test_only_the_documents_folder_imports_what_makes_and_reads_pdfs() -> None:
    for path in PYTHON_FILES:
        folders = path.relative_to(PROJECT).parts
        if folders[:2] == ("agreements", "documents") or folders[0] == "tests":
            continue
        used = {n for n in imported(path) if n.split(".")[0] in PDF_PACKAGES}
        assert not used, path


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda p: str(p.relative_to(PROJECT)))
def test_no_module_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_pure_modules_read_no_clock() -> None:
    for file in PURE:
        source = (PROJECT / file).read_text(encoding="utf-8")
        for clock in ("datetime.now", "date.today", "timezone.now", "time.time"):
            assert clock not in source, f"{file} uses {clock}"


def test_no_address_of_a_registry_in_the_lock_files() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert "http://" not in text, name
        assert "https://" not in text, name
        assert "--index-url" not in text, name
