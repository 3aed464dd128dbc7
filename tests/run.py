"""Run every check and test, the tests last: python -m tests.run [--all] [pytest arguments].

A failed step does not stop the others; the exit code says whether any failed.
"""

import os
import secrets
import signal
import subprocess
import sys

from config import embedded
from config.embedded_place import PROJECT, EmbeddedError
from config.launch import leave_on_signals

PYTHON = [sys.executable, "-m"]
MANAGE = [sys.executable, "manage.py"]
PRODUCTION = {
    "LOCAL": "0",
    "DEBUG": "0",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "BASE_URL": "https://avtaler.example",
}


def main(arguments: list[str]) -> int:
    """Run the steps and return 0 if all of them passed."""
    leave_on_signals()
    try:
        with embedded.test_server() as url:
            environment = {**embedded.environment(url), "LOCAL": "1"}
            return run_steps(pytest_arguments(arguments), environment)
    except EmbeddedError as problem:
        print(problem, file=sys.stderr)
        return 2


def pytest_arguments(arguments: list[str]) -> list[str]:
    """Return pytest's arguments: in parallel, without the slow tests unless --all is given.

    Each process begins with its own part of the tests, those of a file together, which share what is
    costly to make; who is done takes over from the others.
    """
    workers = str(max(2, len(os.sched_getaffinity(0))))
    given = [_from_here(argument) for argument in arguments if argument != "--all"]
    choice = [] if "--all" in arguments else ["-m", "not slow"]
    return ["-n", workers, "--dist", "worksteal", "-p", "tests.skips", *choice, *given]


def _from_here(argument: str) -> str:
    """Return a path that holds from the project folder, where pytest runs; else the argument."""
    path, colons, test = argument.partition("::")
    return os.path.abspath(path) + colons + test if os.path.exists(path) else argument


def run_steps(arguments: list[str], environment: dict[str, str]) -> int:
    """Run all steps, then say which failed."""
    steps = {
        "ruff check": ([*PYTHON, "ruff", "check", "."], {}),
        "ruff format": ([*PYTHON, "ruff", "format", "--check", "."], {}),
        "mypy": ([*PYTHON, "mypy"], {}),
        "deployment check": (
            [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
            PRODUCTION,
        ),
        "missing migrations": ([*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
        "pytest": ([*PYTHON, "pytest", *arguments], {}),
    }
    failed = []
    for name, (command, changes) in steps.items():
        print(f"\n== {name}", flush=True)
        if run_step(command, environment | changes):
            failed.append(name)
    print(f"FAILED: {', '.join(failed)}" if failed else "Every step passed.")
    return 1 if failed else 0


def run_step(command: list[str], environment: dict[str, str]) -> int:
    """Run one step; when told to leave, let it clean up after itself."""
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL) as step:
        try:
            return step.wait()
        except SystemExit as leaving:
            if leaving.code != 128 + signal.SIGINT:  # Ctrl-C has reached it already
                step.send_signal(signal.SIGINT)
            try:
                step.wait(15)
            except subprocess.TimeoutExpired:
                step.kill()
            raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
