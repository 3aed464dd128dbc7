"""What all tests share: the database, a fixed cast of people, and the real case they work on."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import hypothesis
import pytest
from django.test import Client

from tests.database import django_db_setup  # noqa: F401 - pytest finds a fixture by its name

# No deadline: the machine may be busy, and time is measured in benchmarks/, not in tests.
hypothesis.settings.register_profile("suite", deadline=None, max_examples=50)
hypothesis.settings.load_profile("suite")

# One person per role, all from the demonstration: tests name the role, never an address.
CAST = {
    "editor": "redaktor@ringerike.example",
    "other_editor": "redaktor@modum.example",
    "director": "direktor@hole.example",
    "administrator": "admin@ringerike.example",
    "reader": "leser@hole.example",
    "county": "fylket@buskerud.example",
    "outsider": "redaktor@moss.example",
}


@pytest.fixture(autouse=True)
def _quick_settings(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.BASE_URL = "https://avtaler.example"
    # Nothing is collected for a test run: do not look for it, nor through every file for each client.
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Let every test make its own files, and read its own drafts."""
    from agreements import remembered
    from agreements.documents import renderer

    renderer.forget()
    remembered.forget()


@pytest.fixture
def ringerike(db: None) -> Any:
    """The agreement of Ringeriksregionen 2026-2028, with everything the demonstration has."""
    from agreements.models import Agreement
    from tests import demonstration

    demonstration.load()
    return Agreement.objects.get(slug="ringeriksregionen-2026")


@pytest.fixture
def quiet(ringerike: Any) -> Any:
    """The same agreement, with nobody told of anything yet and nothing waiting to be mailed."""
    from agreements.models import Message
    from tests import jobs

    jobs.drop()
    Message.objects.all().delete()
    return ringerike


@pytest.fixture
def mosse(ringerike: Any) -> Any:
    """The agreement of Mosseregionen 2022-2025."""
    from agreements.models import Agreement

    return Agreement.objects.get(slug="mosseregionen-2022")


@pytest.fixture
def as_(ringerike: Any) -> Callable[[str], Client]:
    """Return a client logged in as one of the cast: `as_("editor")`; `as_("nobody")` is logged out."""
    from municipalities.models import User

    def client(who: str) -> Client:
        made = Client()
        if who != "nobody":
            made.force_login(User.objects.get(email=CAST[who]))
        return made

    return client


@pytest.fixture
def ssb(ringerike: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A country that agrees with the demonstration's register, served as Statistics Norway does."""
    from municipalities.models import Municipality, PopulationFigure
    from tests import statistics_server

    figures = PopulationFigure.objects.order_by("reference_date", "pk")
    described = statistics_server.country(
        dict(Municipality.objects.values_list("number", "name")),
        dict(figures.values_list("municipality__number", "value")),
    )
    described.quarter = "2025K1"
    with statistics_server.serving(described) as running:
        statistics_server.use(settings, monkeypatch, running)
        yield running


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    """A real OpenID Connect provider on this machine."""
    from tests import providers

    with providers.serving() as address:
        yield address


@pytest.fixture
def entra(issuer: str, quiet: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The same, set up as a provider by the name of entra. What it was told of people is forgotten."""
    from tests import providers

    monkeypatch.setenv("NO_PROXY", "*")
    settings.OIDC_PROVIDERS = (providers.provider(issuer),)
    yield issuer
    providers.forget(issuer)


@pytest.fixture
def operator(ringerike: Any) -> Client:
    """Somebody who runs the installation and acts for no organisation."""
    from municipalities.models import User

    client = Client()
    client.force_login(User.objects.create_superuser("drift@eksempel.no", "x", name="Dina Drift"))
    return client


# Minutes long, for one thing: no input gives a 500. `script/test --all` runs them.
LONG = ("tests/test_nasty_input.py",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what only `script/test --all` runs, and put what needs the browser first.

    It is started, and the demonstration made for it, anew each time a process comes back to these tests.
    """
    for item in items:
        if item.nodeid.startswith(LONG):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: not item.nodeid.startswith("tests/browser/"))


def pytest_collection_finish() -> None:
    """Leave alone what is loaded by now: looking through it for garbage takes a tenth of a test run."""
    gc.collect()
    gc.freeze()
