"""PostgreSQL from a Python wheel, for a machine without a database server.

script/server and script/manage use server(), tests use test_server(); settings.py never starts it.
Whoever needs it first starts it; every user holds a shared lock on one file; the one who leaves
last stops it. The kernel drops the lock of a killed process, so nothing has to be cleaned up.

It listens on a Unix socket in a private folder: nobody but the account it runs as (and root) can
connect. Where the data is and which user serves it: embedded_place.py.
"""

# ruff: noqa: S603 - these commands are ours; no one else's words get into them.

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.embedded_place import (
    NAME,
    EmbeddedError,
    Place,
    find_place,
    locked,
    open_lock,
    process_of,
    run_as,
)

LONGEST_SOCKET_PATH = 107
SOCKET_LINE, STATUS_LINE = 4, 7  # of postmaster.pid
START_SECONDS = 120
STOP_SECONDS = 60

SETTINGS = {"max_connections": "200", "listen_addresses": "", "unix_socket_permissions": "0700"}
# A disk without moving parts: what is looked up by an index is looked up, not read through.
SETTINGS |= {"random_page_cost": "1.1"}
PLAIN_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}
# The test server may lose everything in a power cut: it is quicker, and its data is worth nothing.
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@contextmanager
def server() -> Iterator[str]:
    """Use the embedded database of this clone; the value is its DATABASE_URL."""
    with _used("data", SETTINGS) as url:
        yield url


@contextmanager
def test_server() -> Iterator[str]:
    """Use the embedded server for tests; it has no data worth keeping."""
    with _used("test", SETTINGS | CARELESS) as url:
        yield url


def environment(url: str) -> dict[str, str]:
    """Return this process's environment, changed so that a command uses the embedded database."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return others | {"DATABASE_URL": url, "EMBEDDED_DATABASE": "1"}


@contextmanager
def _used(name: str, settings: dict[str, str]) -> Iterator[str]:
    cluster = Cluster(find_place(), name, settings)
    with open_lock(cluster.place.home / f"{name}.users") as users:
        try:
            with locked(cluster.place.home / f"{name}.lock"):
                fcntl.flock(users, fcntl.LOCK_SH)
                cluster.start()
                url = cluster.url()
            yield url
        finally:
            with locked(cluster.place.home / f"{name}.lock"), suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails when others use it
                cluster.stop()


@dataclass(frozen=True)
class Postmaster:
    """What postmaster.pid says of a server that is alive."""

    pid: int
    socket_folder: Path
    status: str


@dataclass(frozen=True)
class Cluster:
    """One data folder with its server."""

    place: Place
    name: str
    settings: dict[str, str]

    @property
    def data(self) -> Path:
        return self.place.home / self.name

    @property
    def log(self) -> Path:
        return self.place.home / f"{self.name}.log"

    def postmaster(self) -> Postmaster | None:
        """Return the living server of this data folder; a pid file left behind counts as none."""
        pid = process_of(self.data)
        with suppress(FileNotFoundError, IndexError):
            if pid is not None:
                lines = os.fsdecode((self.data / "postmaster.pid").read_bytes()).splitlines()
                status = lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else "starting"
                return Postmaster(pid, Path(lines[SOCKET_LINE]), status)
        return None

    def start(self) -> None:
        """Start the server unless it runs, and wait until it answers."""
        self._make_data()
        process: subprocess.Popen[bytes] | None = None
        give_up = time.monotonic() + START_SECONDS
        while (found := self.postmaster()) is None or found.status != "ready":
            if time.monotonic() > give_up:
                raise EmbeddedError(f"The embedded database does not start; see {self.log}.")
            if found is None and (process is None or process.poll() is not None):
                if process is not None:  # the children of a killed server need a moment to leave
                    give_up = min(give_up, time.monotonic() + 10)
                    time.sleep(0.5)
                process = self._spawn()
            time.sleep(0.02)
        if process is not None:
            process.returncode = 0  # it outlives this process if others use it: nothing to wait for

    def _make_data(self) -> None:
        version = self.data / "PG_VERSION"
        ours = self.place.programs.parent.name.removeprefix("pginstall")
        if version.exists() and version.read_text().strip() != ours:
            if self.name != "test":
                raise EmbeddedError(
                    f"{self.data} was made by PostgreSQL {version.read_text().strip()}, and this is"
                    f" {ours}: take a backup with the old version of the program, then remove it."
                )
            shutil.rmtree(self.data)
        if version.exists():
            self._own(self.data)
            return
        new = self.place.home / f"{self.name}.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(0o700)
        self._own(new)
        # C.UTF-8 knows æ, ø and å as letters, and sorts alike on every machine.
        locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        others = ["--encoding=UTF8", "--auth=trust", "--username=postgres", "--no-sync"]
        self._run("initdb", *locale, *others, "-D", new)
        self._run("postgres", "--single", "-D", new, "postgres", text=f"CREATE DATABASE {NAME};\n")
        new.rename(self.data)

    def _own(self, folder: Path) -> None:
        """Give the folder to the account of the server, as root; else see that it is ours."""
        owner = folder.stat().st_uid
        if self.place.account is None and owner != os.geteuid():
            raise EmbeddedError(f"{folder} belongs to another user (number {owner}): be that user.")
        if self.place.account is not None and owner != self.place.account.pw_uid:
            for found in (folder, *folder.rglob("*")):
                os.chown(
                    found,
                    self.place.account.pw_uid,
                    self.place.account.pw_gid,
                    follow_symlinks=False,
                )

    def _run(self, program: str, *arguments: str | Path, text: str = "") -> None:
        done = subprocess.run(
            [self.place.programs / program, *arguments],
            input=text,
            capture_output=True,
            text=True,
            cwd=self.place.home,
            env=PLAIN_ENVIRONMENT,
            **run_as(self.place.account),
        )
        if done.returncode:
            said = done.stderr.strip().splitlines()[-1:] or [f"code {done.returncode}"]
            raise EmbeddedError(f"The embedded database's {program} failed: {said[0]}")

    def _spawn(self) -> subprocess.Popen[bytes]:
        # PostgreSQL takes a dead process that nobody has waited for as a living server.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        socket_folder = self._socket_folder()
        options = {
            **self.settings,
            "unix_socket_directories": _quoted(socket_folder),
            "port": "5432",
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.old"))
        self.log.touch(0o600)
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [self.place.programs / "postgres", "-D", self.data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.data,
                env=PLAIN_ENVIRONMENT,
                start_new_session=True,
                **run_as(self.place.account),
            )

    def _socket_folder(self) -> Path:
        """Make a private folder for the socket, in /tmp if the project's path is too long."""
        folder = self.place.home / f"{self.name}.socket"
        shutil.rmtree(folder.resolve(), ignore_errors=True)  # a killed server leaves its lock there
        folder.unlink(missing_ok=True)
        if len(os.fsencode(folder / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH:
            folder.symlink_to(tempfile.mkdtemp(prefix=f"{NAME}-", dir="/tmp"))
            folder = folder.readlink()
        folder.mkdir(0o700, exist_ok=True)
        self._own(folder)
        return folder

    def url(self) -> str:
        found = self.postmaster()
        assert found is not None, "start() has returned"
        return f"postgresql://postgres@/{NAME}?host={quote(str(found.socket_folder))}&port=5432"

    def stop(self) -> None:
        """Stop the server: connections are broken off, what is committed is kept."""
        found = self.postmaster()
        if found is None:
            return
        os.kill(found.pid, signal.SIGINT)
        give_up = time.monotonic() + STOP_SECONDS
        while self.postmaster() is not None and time.monotonic() < give_up:
            time.sleep(0.02)
        if self.postmaster() is not None:
            os.kill(found.pid, signal.SIGQUIT)
        with suppress(ChildProcessError):  # another process may have started it
            os.waitpid(found.pid, 0)


def _quoted(folder: Path) -> str:
    return '"' + str(folder).replace('"', '""') + '"'
