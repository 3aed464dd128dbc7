"""The program as it runs on a server: the image's own files and commands, without Docker."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from config.embedded_place import PROJECT

HOST = "avtaler.kommune.no"
TOKEN = "a-token-for-prometheus-only"
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
VALUES = {
    "SECRET_KEY": "s3cret-" * 10,
    "BASE_URL": f"https://{HOST}",
    "DATABASE_URL": "postgresql://somebody@127.0.0.1:1/nothing",
}
PATIENCE_SECONDS = 60
# The image's collectstatic, without brotli: packing the files tightly takes a minute.
COLLECT = """
import runpy, sys
sys.modules["brotli"] = None
sys.argv = ["manage.py", "collectstatic", "--noinput", "-v0"]
runpy.run_path("manage.py", run_name="__main__")
"""


def environment(**changes: str) -> dict[str, str]:
    """What a process on a server has in its environment, and nothing of the test run's."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    path = f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}"
    given = kept | {"PATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | VALUES | changes
    return {name: value for name, value in given.items() if value is not None}


# Of the settings: what makes a server answer otherwise than one's own machine.
OF_A_SERVER = re.compile(
    "SECURE_.*|SESSION_COOKIE_.*|CSRF_COOKIE_.*|LOCAL|ALLOWED_HOSTS|MIDDLEWARE"
)


def use(settings: Any) -> None:
    """Let a test have what config/settings.py says of this on a server."""
    with mock.patch.dict(os.environ, VALUES, clear=True):
        read = runpy.run_path(str(PROJECT / "config/settings.py"))
    for name in filter(OF_A_SERVER.fullmatch, read):
        setattr(settings, name, read[name])


def command_of_the_image() -> list[str]:
    """The last CMD of the Dockerfile, with the programs of this environment."""
    found = re.findall(r"^CMD (\[.*?\])$", DOCKERFILE, re.M | re.S)
    return [str(word) for word in json.loads(found[-1].replace("\\\n", ""))]


def healthcheck_of_the_image() -> list[str]:
    """The words of HEALTHCHECK's command."""
    found = re.findall(r"^HEALTHCHECK .*?CMD (\[.*?\])$", DOCKERFILE, re.M | re.S)
    return [str(word) for word in json.loads(found[-1])]


@contextmanager
def image() -> Iterator[Path]:
    """A folder with what .dockerignore lets through and the collected files, that nobody may write to."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "app"
        folder.mkdir()
        rules = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        for name in (rule[1:] for rule in rules if rule.startswith("!")):
            source = PROJECT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                shutil.copy(source, folder / name)
        (folder / "node_modules").symlink_to(PROJECT / "node_modules")
        done = run([sys.executable, "-c", COLLECT], folder)
        assert done.returncode == 0, done.stderr
        for path in (folder, *folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o555 if path.is_dir() else 0o444)
        try:
            yield folder
        finally:
            for path in (folder, *(p for p in folder.rglob("*") if p.is_dir())):
                if not path.is_symlink():
                    path.chmod(0o755)


# Everything is read-only to the command but one folder, as in a container, as far as the machine's own
# mounts allow.
SEAL = """
mount --bind "$0" "$0" && mount --rbind . . && mount -o remount,ro,bind "$PWD" &&
mount -o remount,ro,bind / && cd "$PWD" && exec "$@"
"""


def sealed(command: list[str], writable: Path) -> list[str]:
    """Return the command so that it can write to that folder alone; see `can_seal`."""
    return ["unshare", "--mount", "sh", "-c", SEAL, str(writable), *command]


def can_seal() -> bool:
    """Whether this user may, on this machine."""
    with tempfile.TemporaryDirectory() as folder, suppress(OSError):
        inside = Path(folder, "inside")
        inside.mkdir()
        tries = sealed(["sh", "-c", f"touch {inside}/a && ! touch {folder}/b"], inside)
        return subprocess.run(tries, cwd=folder, capture_output=True).returncode == 0
    return False


def files_in(folder: Path) -> set[str]:
    """Every file there is, to tell whether any was written."""
    return {
        str(path) for path in folder.rglob("*") if not fnmatch.fnmatch(str(path), "*/node_mod*")
    }


def run(
    command: list[str], folder: Path = PROJECT, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end as on a server."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        text=True,
        timeout=3 * PATIENCE_SECONDS,
        stdin=subprocess.DEVNULL,
    )


class Answer:
    """What came back: status, headers and body."""

    def __init__(self, found: Any) -> None:
        self.status, self.headers = found.status, found.headers
        self.body = found.read().decode("utf-8", "replace")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *given: Any) -> None:
        return None


def ask(address: str, *, data: bytes | None = None, **headers: str) -> Answer:
    """Send a request, follow nothing, and return the answer whatever its status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(address, data=data, headers=named)  # noqa: S310
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)
    try:
        with direct.open(asked, timeout=30) as found:
            return Answer(found)
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(refused)


@contextmanager
def started(
    command: list[str], folder: Path, log: Path, **changes: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command beside the test, with what it says in a file; end it afterwards."""
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(**changes),
            stdout=said,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(ready: Any, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until something holds; fail with the log where the process ends or it takes too long."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up:
        try:
            if ready():
                return
        except OSError:
            pass
        assert process.poll() is None, log.read_text()
        time.sleep(0.1)
    raise AssertionError(log.read_text())
