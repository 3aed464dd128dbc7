"""The embedded database, the scripts, and the files an operator reads."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import psycopg
import pytest

from config import embedded, embedded_place, launch
from config.embedded_place import PROJECT, EmbeddedError

SCRIPTS = sorted({*PROJECT.glob("script/*"), PROJECT / ".ci/run"})


@pytest.fixture(scope="module")
def shared_clone() -> Iterator[Path]:
    """A folder with an embedded test server; its name is hard on shell commands."""
    with folder_in_the_open() as folder:
        yield folder


@pytest.fixture
def clone(shared_clone: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shared folder in place of the project's, and afterwards no server left running there."""
    put_in(shared_clone, monkeypatch)
    yield shared_clone
    left_running = pid_of(shared_clone)
    if left_running:
        os.kill(left_running, signal.SIGKILL)
    assert not left_running


@contextmanager
def folder_in_the_open() -> Iterator[Path]:
    with (
        tempfile.TemporaryDirectory() as made
    ):  # tmp_path is closed to the user that root serves as
        Path(made).chmod(0o755)
        folder = Path(made).resolve() / "en «klone» i Ås's mappe"
        folder.mkdir(0o755)
        yield folder


def put_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_place, "PROJECT", folder)
    monkeypatch.setattr(embedded_place, "HOME", folder / "var" / "postgres")


def pid_of(clone: Path) -> int:
    return embedded_place.process_of(clone / "var" / "postgres" / "test") or 0


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    return row and row[0]


def test_data_is_kept_and_the_server_stopped(clone: Path) -> None:
    with embedded.test_server() as url:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept AS SELECT 'Ørland' AS name")
        assert pid_of(clone)
    assert not pid_of(clone)
    with embedded.test_server() as url:
        assert ask(url, "SELECT lower(name) FROM kept") == "ørland"


def test_the_last_user_stops_the_server(clone: Path) -> None:
    with embedded.test_server() as first:
        with embedded.test_server() as second:
            assert first == second
        assert ask(first, "SELECT 1") == 1
    assert not pid_of(clone)


def test_a_killed_server_is_started_again(clone: Path) -> None:
    with embedded.test_server():
        os.kill(pid_of(clone), signal.SIGKILL)
        with embedded.test_server() as url:
            assert ask(url, "SELECT 1") == 1


def test_nobody_else_can_connect(clone: Path) -> None:
    with embedded.test_server() as url:
        assert ask(url, "SHOW listen_addresses") == ""
        home = clone / "var" / "postgres"
        for folder in (
            home / "test",
            Path(str(ask(url, "SHOW unix_socket_directories")).strip('"')),
        ):
            assert folder.stat().st_mode & 0o077 == 0


def test_a_long_path_still_gets_a_socket(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with embedded.test_server():
        pass
    long = clone.rename(clone.with_name("long" * 25))
    put_in(long, monkeypatch)
    try:
        with embedded.test_server() as url:
            assert ask(url, "SELECT 1") == 1
    finally:
        long.rename(clone)


def test_a_folder_that_initdb_cannot_name_is_refused(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in(clone / "$HOME", monkeypatch)
    (clone / "$HOME").mkdir()
    with pytest.raises(EmbeddedError, match="rename it"), embedded.server():
        pass


def test_another_major_version_is_refused_in_one_sentence(clone: Path) -> None:
    data = clone / "var" / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EmbeddedError, match="made by PostgreSQL 9"), embedded.server():
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another place")
def test_root_leaves_closed_folders_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    with folder_in_the_open() as clone:
        put_in(clone, monkeypatch)
        clone.chmod(0o700)
        with embedded.test_server() as url:
            assert ask(url, "SELECT 1") == 1
            place = (clone / "var" / "postgres").resolve()
            assert place.parent == Path("/var/lib")
        assert clone.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(place)


def start(code: str) -> "subprocess.Popen[bytes]":
    """Start a process that runs this code as its command."""
    run = f"launch.run([sys.executable, '-c', {code!r}], {{}})"
    program = f"import sys; from config import launch; sys.exit({run})"
    return subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE)


def test_a_command_gives_its_exit_code() -> None:
    with start("raise SystemExit(3)") as process:
        assert process.wait(20) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_command_gets_signals(number: signal.Signals) -> None:
    with start("import time; print('ready', flush=True); time.sleep(60)") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        assert process.wait(20) == 128 + number


@pytest.mark.parametrize(
    ("words", "prepares"),
    [
        (["check_agreement", "x"], True),
        (["backup", "all.backup"], False),  # before a new version migrates
        (["restore", "all.backup"], False),
        (["export", "--help"], False),
        ([], False),
    ],
)
def test_the_embedded_database_is_prepared_for_commands_that_need_it(
    monkeypatch: pytest.MonkeyPatch, words: list[str], prepares: bool
) -> None:
    done: list[str] = []
    given = {"EMBEDDED_DATABASE": "1"}
    monkeypatch.setattr(launch, "database", lambda: nullcontext(given))
    monkeypatch.setattr(launch, "prepare", lambda environment: done.append("prepared"))
    monkeypatch.setattr(launch, "run", lambda command, environment: done.append("ran") or 0)
    assert launch.manage(words) == 0
    assert done == ["prepared", "ran"][not prepares :]


@pytest.mark.parametrize("port", ["", "http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(launch.CannotRunError, match="PORT must be"):
        launch._free_port(port)


def test_a_used_port_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(launch.CannotRunError, match="choose another"):
            launch._free_port(str(taken.getsockname()[1]))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_bash(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)
    if not script.name.startswith("_"):
        assert os.access(script, os.X_OK)
        assert script.read_text().startswith("#!/usr/bin/env bash\n")


def test_locks_pin_with_hashes_and_name_no_address() -> None:
    for lock in PROJECT.glob("requirements*.lock"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text, lock.name
        assert not re.search(r"^--(index|extra|find)", text, re.M), lock.name
    assert '"resolved"' not in (PROJECT / "package-lock.json").read_text()


def variables_read() -> set[str]:
    files = ("config/settings.py", "config/accounts.py")
    settings = "".join((PROJECT / file).read_text() for file in files)
    read = r"""(?:environ(?:ment)?(?:\.get|\.\w+)?[(\[])\s*"([A-Z_]+)\""""
    found = set(re.findall(read, settings))
    return found | ({"DATABASE_URL"} if "dj_database_url.config(" in settings else set())


def test_every_variable_is_in_the_operators_table() -> None:
    table = set(
        re.findall(r"^\| `([A-Z_]+)` \|", (PROJECT / "docs/operation.md").read_text(), re.M)
    )
    assert variables_read() >= {"SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS"}
    assert table == variables_read()


def test_dockerfile_copies_what_exists_and_is_let_through() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text()
    allowed = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    for line in re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.M):
        for source in line.split()[:-1]:
            assert source == "." or source.partition("/")[0] in allowed
    for name in allowed:
        assert (PROJECT / name).exists(), name
    apps = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests"}
    assert apps <= allowed
    assert "\nUSER app\n" in dockerfile
