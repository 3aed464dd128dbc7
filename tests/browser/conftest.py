"""The browser, the running program, and people who are logged in through its login page.

Playwright's loop runs in this thread as long as the browser does, so both last for this folder's
tests only, not for the whole run.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from agreements import demo
from agreements.models import Agreement
from tests.browser import staging
from tests.browser.server import serving
from tests.browser.watching import Watcher
from tests.database import copied

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A page that has not come after this long will not come.
PATIENCE_MS = 15_000


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    if CHROMIUM is None:
        pytest.skip("needs the system's Chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="package")
def _unmigrated(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of this process's empty database, with Django set up for a server beside the tests."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            ROOT_URLCONF="tests.browser.urls",
        ),
    ):
        # Nothing here shares a connection between threads, which is what Django guards against.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        # A connection that is kept would hold on to a database that is to be copied or dropped.
        patch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)
        yield connection.settings_dict["NAME"]


@pytest.fixture(scope="package")
def demonstration(_unmigrated: str) -> Iterator[str]:
    """The name of a database with the demonstration: for pages that are only read."""
    with copied(_unmigrated) as name:
        demo.load(usable_accounts=True)
        staging.add()
        connection.close()
        yield name


@pytest.fixture
def own_database(demonstration: str) -> Iterator[None]:
    """A copy of the demonstration for one test, which may change what it likes."""
    with copied(demonstration):
        yield


@pytest.fixture
def empty_database(_unmigrated: str) -> Iterator[None]:
    """A database as it is after the first `migrate`."""
    with copied(_unmigrated):
        yield


@pytest.fixture(scope="package")
def site(demonstration: str) -> Iterator[str]:
    """The address of the running program."""
    with serving() as address:
        yield address


@pytest.fixture(scope="package")
def keys(demonstration: str) -> dict[str, str]:
    """What addresses are made with: primary keys of this database."""
    agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
    first, second = agreement.plan.alternatives.order_by("position")[:2]
    service = agreement.services.filter(level="minimum")[0]
    connection.close()
    return {"first": str(first.pk), "second": str(second.pk), "service": service.key}


def log_in(page: Page, site: str, who: str) -> None:
    """Fill in the login page and send it."""
    page.goto(f"{site}/logg-inn/")
    page.get_by_label("E-postadresse").fill(staging.PEOPLE[who])
    page.get_by_label("Passord").fill(staging.PASSWORD)
    page.get_by_role("button", name="Logg inn").click()
    page.wait_for_url(f"{site}/")


@pytest.fixture(scope="package")
def _sessions(browser: Browser, site: str) -> Callable[[str], Any]:
    """The cookies of people who have logged in; each person does it once."""
    known: dict[str, Any] = {"nobody": None}

    def session(who: str) -> Any:
        if who not in known:
            with browser.new_context(base_url=site) as context:
                log_in(context.new_page(), site, who)
                known[who] = context.storage_state()
        return known[who]

    return session


Open = Callable[..., Page]


@pytest.fixture
def open_as(
    browser: Browser, site: str, _sessions: Callable[[str], Any]
) -> Iterator[Callable[..., Page]]:
    """Return a new tab of somebody's own browser: `open_as("editor", "/avtaler/", width=390)`.

    When the test is over, it fails if any tab had an error in the console or a breach of the
    content security policy.
    """
    contexts: list[BrowserContext] = []
    watcher = Watcher()

    def open_page(who: str, address: str = "", *, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site,
            storage_state=_sessions(who),
            viewport={"width": width, "height": 900},
            locale="nb-NO",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        watcher.watch(context)
        page = context.new_page()
        if address:
            page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert watcher.complaints == []
