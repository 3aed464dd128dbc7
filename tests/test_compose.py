"""docker-compose.yml: closed containers, and one set of variables in it, its example and the documents."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from config.embedded_place import PROJECT
from municipalities.uploads import MOST_BYTES
from tests import production
from tests.database import database_url
from tests.test_scripts import variables_read

TEXT = (PROJECT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, Any] = COMPOSE["services"]
EXAMPLE = (PROJECT / ".env.example").read_text(encoding="utf-8")
DOCKERFILE = production.DOCKERFILE
NEEDED = {"SECRET_KEY", "POSTGRES_PASSWORD", "BASE_URL"}
# Of the settings: what is never wanted on a server, and what the image itself decides.
# Of one machine, or for a database that is not the compose file's.
NOT_IN_COMPOSE = {"LOCAL", "DEBUG", "VAR_DIR", "STATIC_ROOT", "DATABASE_POOLED"}
# Of .env: what other containers read, or what becomes a part of DATABASE_URL.
NO_SETTING = {"POSTGRES_PASSWORD", "TLS"}
PROGRAM = ("migrate", "web", "worker")


def asked(text: str = TEXT) -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", text))


def in_table(document: str) -> set[str]:
    text = (PROJECT / document).read_text(encoding="utf-8")
    return set(re.findall(r"^ *\| `([A-Z_]+)` \|", text, re.M))


def test_there_is_one_set_of_variables() -> None:
    settings = variables_read()
    example = set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.M))
    given = set(COMPOSE["x-program"]["environment"])
    assert given == settings - NOT_IN_COMPOSE
    assert example == asked() == (given - {"DATABASE_URL"}) | NO_SETTING
    assert in_table("docs/operation.md") == settings
    assert in_table("docs/drift.md") == example


def test_what_is_needed_stops_the_start_and_nothing_else_does() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+):\?", TEXT)) == NEEDED
    assert not re.search(r"\$\{[A-Z_]+\}", TEXT)


@pytest.mark.parametrize("name", SERVICES)
def test_a_container_is_closed(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert any(place.startswith("/tmp:size=") for place in service["tmpfs"])  # noqa: S108
    assert {"mem_limit", "cpus", "pids_limit", "networks", "logging"} <= service.keys()
    assert not {"privileged", "network_mode", "pid", "devices"} & service.keys()
    assert service["restart"] == ("no" if name == "migrate" else "unless-stopped")
    if name != "proxy":
        assert "ports" not in service
        assert "cap_add" not in service


def last_user(target: str) -> str:
    """Who the last USER of a stage of the Dockerfile is."""
    stage = re.split(rf"^FROM \S+ AS {target}$", DOCKERFILE, flags=re.M)[1]
    stage = re.split(r"^FROM ", stage, flags=re.M)[0]
    return re.findall(r"^USER (\S+)$", stage, re.M)[-1]


def test_nobody_is_root() -> None:
    for name, service in SERVICES.items():
        user = service.get("user") or last_user(service["build"]["target"])
        assert user not in ("root", "0", "0:0"), name


@pytest.mark.parametrize("name", SERVICES)
def test_each_that_stays_is_asked_whether_it_is_well(name: str) -> None:
    check = SERVICES[name].get("healthcheck")
    if name == "migrate":
        assert check == {"disable": True}
    elif name == "web":  # the image's own
        assert check is None
        assert "\nHEALTHCHECK " in DOCKERFILE
    else:
        assert check["test"][0] in ("CMD", "CMD-SHELL")


def test_only_the_program_reaches_the_database_and_only_the_proxy_the_world_in() -> None:
    networks = {name: set(service["networks"]) for name, service in SERVICES.items()}
    assert COMPOSE["networks"]["back"] == COMPOSE["networks"]["front"] == {"internal": True}
    assert {name for name, on in networks.items() if "back" in on} == {"db", *PROGRAM}
    assert networks["db"] == {"back"}
    assert {name for name, on in networks.items() if "front" in on} == {"proxy", "web"}
    waits = SERVICES["web"]["depends_on"]["migrate"]["condition"]
    assert waits == SERVICES["worker"]["depends_on"]["migrate"]["condition"]
    assert waits == "service_completed_successfully"


def test_what_must_last_is_in_volumes() -> None:
    volumes = {place for service in SERVICES.values() for place in service.get("volumes", ())}
    named = {place.partition(":")[0] for place in volumes if not place.startswith(".")}
    assert named == set(COMPOSE["volumes"])
    assert "database:/var/lib/postgresql" in volumes


def test_the_proxys_limit_is_above_the_programs() -> None:
    caddy = (PROJECT / "config/Caddyfile").read_text(encoding="utf-8")
    (limit,) = re.findall(r"max_size (\d+)MiB", caddy)
    (said,) = re.findall(r"Content-Length}\) > (\d+)", caddy)
    assert MOST_BYTES < int(limit) * 1024 * 1024 == int(said) <= 2 * MOST_BYTES


ENV = dict.fromkeys(NEEDED, "x") | {"BASE_URL": "https://avtaler.kommune.no"}


def docker_compose(folder: Path, values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Have docker compose read the file with an .env made from the example."""
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("needs docker-compose")
    text = EXAMPLE
    for name, value in values.items():
        text = re.sub(rf"^{name}=.*$", f"{name}={value}", text, flags=re.M)
    (folder / ".env").write_text(text, encoding="utf-8")
    shutil.copy(PROJECT / "docker-compose.yml", folder)
    return production.run([program, "config"], folder)


@pytest.fixture
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The values come from .env alone."""
    monkeypatch.setattr(production, "VALUES", {})


def test_docker_compose_understands_it(nothing_set: None, tmp_path: Path) -> None:
    done = docker_compose(tmp_path, ENV)
    assert done.returncode == 0, done.stderr
    read = yaml.safe_load(done.stdout)
    assert read["services"].keys() == SERVICES.keys()
    web = read["services"]["web"]["environment"]
    assert web["BASE_URL"] == "https://avtaler.kommune.no"
    assert web["DATABASE_URL"] == "postgresql://samarbeidsavtaler:x@db:5432/samarbeidsavtaler"


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_docker_compose_stops_without_what_is_needed(
    nothing_set: None, tmp_path: Path, name: str
) -> None:
    done = docker_compose(tmp_path, ENV | {name: ""})
    assert done.returncode != 0
    assert f"set {name} in .env" in done.stderr


def test_the_program_starts_with_the_example_as_it_is_filled_in(
    monkeypatch: pytest.MonkeyPatch, nothing_set: None, tmp_path: Path
) -> None:
    done = docker_compose(tmp_path, ENV | {"SECRET_KEY": "x" * 50})
    web = yaml.safe_load(done.stdout)["services"]["web"]["environment"]
    given = {name: value or "" for name, value in web.items()}
    checked = production.run(["python", "manage.py", "check"], PROJECT, **given)
    assert checked.returncode == 0, checked.stderr


def test_the_databases_own_log_is_told_to_quote_nothing(db: None) -> None:
    """The server of these tests knows the same settings, with these values."""
    words = SERVICES["db"]["command"]
    options = dict(word.split("=") for word in words if "=" in word)
    assert options == {
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "random_page_cost": "1.1",
        "jit": "off",
    }
    with psycopg.connect(database_url()) as connection:
        for name, value in options.items():
            connection.execute(f"SET {name} = '{value}'".encode())
