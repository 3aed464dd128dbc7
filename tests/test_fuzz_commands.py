"""Every command with odd arguments and files: it ends with 0, 1 or 2, and never with a traceback."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.db import connections, transaction

from agreements.models import Agreement
from tests import hostile_files, office_files
from tests.permission_world import everything

OURS = {
    name: app
    for name, app in get_commands().items()
    if app in ("agreements", "financing", "municipalities")
}
SLUG = "ringeriksregionen-2026"
WORDS = [
    *("", " ", "-", "--", "-1", "x" * 5_000, "\x00", "a\x00b", "\udcff\udc80", "\u202e", "æøå"),
    *("NaN", "1e999999", "9" * 400, "0000-00-00", "9999999-01-01", "../../nowhere/x", "'; --"),
    *("{}", "%s%n", "\U0001f600", "\n\n"),
]
# For each command: its arguments, where {} is an odd word, and F an odd file.
ASKED: dict[str, list[list[str]]] = {
    "backup": [["F"], ["F", "{}"]],
    "check_agreement": [["{}"], [SLUG, "--format", "{}"], [SLUG, "{}"]],
    "contributions": [["{}"], [SLUG, "--alternative", "{}"], [SLUG, "--format", "{}"]],
    "create_administrator": [
        ["--email", "{}", "--name", "{}", "--organisation", "{}", "--password-stdin"],
        ["--email", "{}", "--name", "x", "--organisation", "3305", "--password-stdin"],
        ["--email", "a@b.example", "--name", "{}", "--organisation", "3305", "--password-stdin"],
        ["--email", "{}"],
    ],
    "demo_users": [["{}"]],
    "export": [
        ["{}", "--output", "{}"],
        [SLUG, "--format", "json", "--output", "{}"],
        [SLUG, "--format", "json", "--output", "F"],
        [SLUG, "--document", "casepaper", "--format", "docx", "--for", "{}", "--output", "O"],
        [SLUG, "--document", "casepaper", "--format", "docx", "--version", "{}", "--output", "O"],
        [SLUG, "--document", "{}", "--output", "O"],
    ],
    "import_agreement": [
        ["F", "--region", "Ringeriksregionen", "--term", "2030-01-01", "2031-12-31"],
        ["F", "--region", "{}"],
        ["{}", "--region", "Ringeriksregionen"],
        ["O", "--region", "Ringeriksregionen", "--term", "{}", "{}"],
    ],
    "import_municipalities": [
        ["--from-file", "F"],
        ["--from-file", "F", "--dry-run"],
        ["--from-file", "{}"],
        ["--from-file", "O", "--source", "{}"],
        ["--date", "{}"],
    ],
    "load_demo": [["{}"], ["--if-empty", "{}"]],
    "load_register": [["{}"]],
    "load_templates": [["{}"]],
    "reset_two_factor": [["{}"]],
    "restore": [["F"], ["F", "--yes"], ["F", "--yes", "{}"]],
    "verify_archive": [["F"], ["{}"], ["O", "--last", "{}"], ["O", "--sha256", "{}"]],
    "verify_record": [["{}"], [SLUG, "--last", "{}"]],
    "verify_signatures": [["F"], ["{}"], ["F", "--original", "F"], ["O", "--original", "{}"]],
    "verify_table": [["F"], ["{}"], ["O", "--rate", "{}"], ["O", "--index", "{}"]],
}
CONTENTS: dict[str, bytes] = {
    "empty": b"",
    "bytes": bytes(range(256)) * 40,
    "zeros": bytes(100_000),
    "utf-16": "Kommune;2026\nHole;1\n".encode("utf-16"),
    "cut utf-8": "Kommune;2026\nVåler;1\n".encode()[:16],
    "one line": b"x" * 300_000,
    "csv": b"municipality_number,name_norwegian,county_number\n0301,Oslo,03\n\xff\xfe,,\n",
    "quotes": b'municipality_number,name_norwegian,county_number\n"' + b"a,\n" * 60_000,
    "wide field": b"municipality_number,name_norwegian,county_number\n" + b"a" * 200_000 + b",b,c\n",
    "huge numbers": b"Kommune;Innbyggere;Sats;2026\n" + b"Hole;" + b"9" * 3_000 + b";1e999;NaN\n" * 3,
    "json": b"[" * 100_000,
    "xlsx": office_files.XLSX,
    "pdf": office_files.PDF,
    "cut pdf": office_files.PDF[:150],
    "laughs.docx": hostile_files.REFUSED["billion laughs in Word"][1],
    "laughs.xlsx": hostile_files.REFUSED["billion laughs in a sheet"][1],
    "zips": hostile_files.nested(2),
    "overlapping": hostile_files.overlapping(office_files.DOCX),
}  # fmt: skip


@pytest.fixture
def odd_files(tmp_path: Path) -> Iterator[list[str]]:
    """Files of every content, and what is no file: a folder, a ring, nothing, one that is shut."""
    paths = [tmp_path / name for name in CONTENTS]
    for path, content in zip(paths, CONTENTS.values(), strict=True):
        path.write_bytes(content)
    folder, shut, ring, huge = (tmp_path / name for name in ("folder", "shut", "ring", "huge"))
    folder.mkdir()
    shut.write_bytes(b"x")
    shut.chmod(0)
    ring.symlink_to(ring)
    with huge.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    odd = [
        folder,
        shut,
        ring,
        huge,
        tmp_path / "missing",
        tmp_path / "shut" / "x",
    ]
    yield [str(path) for path in (*paths, *odd)] + [os.fsdecode(bytes(tmp_path) + b"/\xff\xfe")]
    shut.chmod(0o600)


@pytest.fixture
def ends(
    ringerike: Agreement, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, list[str]], str]:
    """Run a command, undo it, and return what was wrong with how it ended."""
    # The database connection of the test must survive the end of the command.
    monkeypatch.setattr(type(connections), "close_all", lambda self: None)

    def ended(name: str, arguments: list[str]) -> str:
        code: object = 0
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with transaction.atomic():
            try:
                argv = ["manage.py", name, *arguments]
                load_command_class(OURS[name], name).run_from_argv(argv)
            except SystemExit as stopped:
                code = stopped.code or 0
            except Exception as error:  # it would be a traceback
                code = f"{type(error).__name__}: {str(error)[:200]}"
            transaction.set_rollback(True)
        said = capsys.readouterr()
        shown = [argument[:40] for argument in arguments]
        if code not in (0, 1, 2):
            return f"{name} {shown}: {code}"
        if "Traceback" in said.err:
            return f"{name} {shown}: a traceback"
        if code == 2 and len(said.err.strip().splitlines()) != 1:
            return f"{name} {shown}: not one line: {said.err[:200]!r}"
        return ""

    return ended


def test_no_command_is_missing() -> None:
    assert set(ASKED) == set(OURS) - {"migrate"}  # Django's own, with its arguments


@pytest.mark.parametrize("name", ASKED)
def test_odd_words_and_files_end_in_a_sentence(
    name: str,
    odd_files: list[str],
    ends: Callable[[str, list[str]], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)  # an odd word may be taken for the name of a file to write
    before = everything()
    plain = str(tmp_path / "plain.csv")
    Path(plain).write_bytes(b"Kommune;Innbyggere;Sats;2026\nHole;7000;14,50;101500\nSum;;;101500\n")
    wrong = []
    for asked in ASKED[name]:
        turns = odd_files if "F" in asked else WORDS
        for turn in turns:
            arguments = [
                turn if word in ("F", "{}") else plain if word == "O" else word for word in asked
            ]
            wrong.append(ends(name, arguments))
    assert not [words for words in wrong if words]
    assert everything() == before


def test_a_command_without_arguments_ends_in_a_sentence(
    ends: Callable[[str, list[str]], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asks_outside = {"import_municipalities"}  # fetched over the network: test_import_statistics.py
    wrong = [ends(name, []) for name in sorted(ASKED.keys() - asks_outside)]
    assert not [words for words in wrong if words]


def test_what_is_no_file_is_not_replaced_by_one(
    ends: Callable[[str, list[str]], str], tmp_path: Path
) -> None:
    """Whoever may write in a device's folder would lose the device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert not ends("export", [SLUG, "--format", "json", "--output", str(pipe)])
    assert pipe.is_fifo()
    assert list(tmp_path.iterdir()) == [pipe]
