"""What script/server and script/manage do once everything is installed.

python -m config.launch server
python -m config.launch manage ARGUMENTS…
"""

# ruff: noqa: S603 - these commands are ours; no one else's words get into them.

import ctypes
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from config import embedded
from config.embedded_place import HOME, PROJECT, EmbeddedError, locked

MANAGE = [sys.executable, str(PROJECT / "manage.py")]
GUNICORN = ["config.wsgi", "--workers=2", "--threads=4", "--timeout=120", "--log-level=warning"]
GUNICORN += ["--no-control-socket", f"--worker-tmp-dir={PROJECT / 'var'}"]
WORKER = [*MANAGE, "procrastinate", "worker", "--shutdown-graceful-timeout=5"]
PREPARE = [["migrate"], ["load_register"], ["load_templates"]]
# A change in one of these means that the database has to be prepared again.
PREPARED_FROM = [
    "requirements.lock",
    "*/migrations/*.py",
    "*/management/commands/load_*.py",
    "municipalities/data/**/*",
    "agreements/model_agreements/**/*",
    "agreements/demo.py",
    "agreements/model_agreements/*.toml",
]
# These work on the code, take the database as it is, or prepare it themselves. A backup comes before a new
# version migrates.
NEEDS_NO_PREPARING = {"backup", "check", "help", "makemigrations", "migrate", "restore", "version"}
NEEDS_NO_PREPARING |= {"--version", "shell"}
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
START_SECONDS = 60
RESTART_SECONDS = 3
PR_SET_PDEATHSIG = 1  # of prctl(2)


class CannotRunError(RuntimeError):
    """One sentence for the person who typed the command."""


def main(arguments: list[str]) -> int:
    """Run one of the two and return the exit code."""
    leave_on_signals()
    os.environ.setdefault("LOCAL", "0" if "SECRET_KEY" in os.environ else "1")
    try:
        if arguments[0] == "server":
            return serve()
        return manage(arguments[1:])
    except (CannotRunError, EmbeddedError) as problem:
        print(problem, file=sys.stderr)
        return 2


def leave_on_signals() -> None:
    """Make Ctrl-C and kill unwind, so that everything started here is stopped."""

    def leave(number: int, frame: FrameType | None) -> None:
        for other in STOPPING:
            signal.signal(other, signal.SIG_IGN)  # a second one does not disturb that
        raise SystemExit(128 + number)

    for number in STOPPING:
        signal.signal(number, leave)


@contextmanager
def database() -> Iterator[dict[str, str]]:
    """Give the environment of a command: DATABASE_URL as it is, or else the embedded database."""
    if os.environ.get("DATABASE_URL"):
        yield dict(os.environ)
    else:
        with embedded.server() as url:
            yield embedded.environment(url)


def manage(arguments: list[str]) -> int:
    """Run manage.py here and now, in the caller's folder, on a prepared database."""
    with database() as environment:
        about = arguments[0] if arguments else "help"
        if "EMBEDDED_DATABASE" in environment and not (
            about in NEEDS_NO_PREPARING or {"--help", "-h"} & set(arguments)
        ):
            prepare(environment)
        return run(MANAGE + arguments, environment)


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command that owns the terminal, pass signals on to it, and return its exit code."""
    child = subprocess.Popen(command, env=environment)

    def forward(number: int, frame: FrameType | None) -> None:
        # Ctrl-C has reached the child already: the terminal sends it to both.
        if number != signal.SIGINT or not _in_foreground():
            child.send_signal(number)

    for number in STOPPING:
        signal.signal(number, forward)
    code = child.wait()
    return code if code >= 0 else 128 - code


def _in_foreground() -> bool:
    with suppress(OSError), open("/dev/tty") as terminal:
        return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    return False


def prepare(environment: dict[str, str], *, anew: bool = False) -> None:
    """Migrate and fill the embedded database, unless it was done with the same files before."""
    state = _state_of_files()
    stamp = HOME / "prepared"
    with locked(HOME.parent / "prepare.lock"):
        if not anew and stamp.exists() and stamp.read_text() == state:
            return
        print("Preparing the database …", file=sys.stderr)
        stamp.unlink(missing_ok=True)
        for command in [*PREPARE, ["load_demo", "--if-empty"]]:
            _quietly(command, environment)
        stamp.write_text(state)


def _state_of_files() -> str:
    digest = hashlib.sha256(str(HOME.resolve()).encode())
    for path in sorted({path for pattern in PREPARED_FROM for path in PROJECT.glob(pattern)}):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _quietly(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        MANAGE + command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise CannotRunError(f"The database could not be prepared: {' '.join(command)} failed.")


def serve() -> int:
    """Serve on this machine until told to stop."""
    port = _free_port(os.environ.get("PORT", "8000"))
    with database() as environment:
        environment["LOCAL"] = "1"
        environment.setdefault("BASE_URL", f"http://127.0.0.1:{port}")
        if "EMBEDDED_DATABASE" in environment:
            prepare(environment, anew=True)
        else:
            for command in PREPARE:
                _quietly(command, environment)
        gunicorn = _start(
            [sys.executable, "-m", "gunicorn", *GUNICORN, "--bind", f"127.0.0.1:{port}"],
            environment,
        )
        worker = _start(WORKER, environment)
        try:
            _wait_until_it_answers(gunicorn, port)
            print(f"\nhttp://127.0.0.1:{port}\n", flush=True)
            if "EMBEDDED_DATABASE" in environment:
                subprocess.run([*MANAGE, "demo_users"], env=environment, stdin=subprocess.DEVNULL)
            print("\nCtrl-C stops the server.", flush=True)
            while True:
                with suppress(subprocess.TimeoutExpired):
                    return gunicorn.wait(RESTART_SECONDS)
                if worker.poll() is not None:  # it ends when it loses the database
                    worker = _start(WORKER, environment)
        finally:
            _stop(gunicorn)
            _stop(worker)


def _start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start the web server, or the worker that sends mail, in a session of its own."""
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,
    )


def _free_port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise CannotRunError(f"PORT must be a number from 1 to 65535; it is {text!r}.")
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind(("127.0.0.1", int(text)))
        except OSError as problem:
            raise CannotRunError(
                f"Port {text} cannot be used ({os.strerror(problem.errno or 0)}):"
                f" choose another, as in PORT={int(text) % 60000 + 1} script/server."
            ) from problem
    return int(text)


def _wait_until_it_answers(gunicorn: subprocess.Popen[bytes], port: int) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    give_up = time.monotonic() + START_SECONDS
    while gunicorn.poll() is None and time.monotonic() < give_up:
        with suppress(urllib.error.HTTPError, OSError):
            direct.open(f"http://127.0.0.1:{port}/health/", timeout=10).close()
            return
        time.sleep(0.1)
    raise CannotRunError("The web server did not start; what it said is above.")


def _end_with_parent() -> None:
    """Have the kernel end this process when its parent is killed outright (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
