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
from agreements.models import Agreement, ResolutionExtract, StoredFile, Upload
from config.oidc import Provider
from financing.models import Plan
from municipalities.invitations.service import token_of
from municipalities.models import Invitation, Membership, StatisticsImport
from tests.browser import staging
from tests.browser.server import serving
from tests.browser.watching import HEIGHT, TELL_OF_BREACHES, WIDE, Watcher
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
def _unmigrated(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of this process's empty database, with Django set up for a server beside the tests."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        override_settings(
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
            ROOT_URLCONF="tests.browser.urls",
            OIDC_PROVIDERS=(
                Provider("entra", "Kommunekonto", "https://login.example", "c", "s"),
                Provider("ansattporten", "Ansattporten", "https://ansattporten.example", "c", "s"),
            ),
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
def empty_database(_unmigrated: str) -> Iterator[None]:
    """A database as it is after the first `migrate`."""
    with copied(_unmigrated):
        yield


@pytest.fixture(scope="package")
def site(demonstration: str) -> Iterator[str]:
    """The address of the running program."""
    if CHROMIUM is None:
        pytest.skip("needs the system's Chromium")
    with serving() as address:
        yield address


@pytest.fixture(scope="package")
def browser(site: str) -> Iterator[Browser]:
    """The system's Chromium.

    Started after all that is done with the database for the whole folder: Django has other
    connections in a thread with a running loop, and could not close those from before.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield running
        running.close()
        # What a test has asked the database itself: only here can that connection be closed, and
        # the next browser would find it open on a database that is gone.
        connection.close()


@pytest.fixture(scope="package")
def keys(demonstration: str) -> dict[str, str]:
    """What addresses are made with: primary keys of this database."""
    agreement = Agreement.objects.get(slug="ringeriksregionen-2026")
    first, second = agreement.plan.alternatives.order_by("position")[:2]
    service = agreement.services.filter(level="minimum")[0]
    study = Plan.objects.get(name=staging.STUDY)
    third = study.alternatives.get()
    clause = agreement.clauses.filter(parent=None)[0]
    attachment = agreement.attachments.get()
    preview, dropped = StatisticsImport.objects.order_by("-pk")
    accepted, wish, proposed = agreement.comments.filter(parent=None).order_by("pk")
    upload = Upload.objects.get()
    extract = ResolutionExtract.objects.get()
    account, new = (
        Invitation.objects.get(email=email)
        for email in (staging.PEOPLE["newcomer"], "invitert@hole.example")
    )
    membership = Membership.objects.get(user__email=staging.PEOPLE["reader"])
    final = StoredFile.objects.select_related("version").get(kind="agreement")
    vouched = StoredFile.objects.get(kind="signed")
    connection.close()
    return {
        "extract": str(extract.pk),
        "final_file": str(final.pk),
        "vouched": str(vouched.pk),
        "final_hash": final.sha256,
        "public_hash": StoredFile.objects.get(kind="public").sha256,
        "upload": str(upload.pk),
        "membership": str(membership.pk),
        "token": token_of(new.nonce),
        "account": token_of(account.nonce),
        "accepted": str(accepted.pk),
        "wish": str(wish.pk),
        "proposed": str(proposed.pk),
        "first": str(first.pk),
        "second": str(second.pk),
        "service": service.key,
        "clause": clause.key,
        "attachment": str(attachment.pk),
        "file": str(attachment.files.get().pk),
        "study": str(study.pk),
        "third": str(third.pk),
        "preview": str(preview.pk),
        "dropped": str(dropped.pk),
    }


def log_in(page: Page, site: str, who: str) -> None:
    """Fill in the login page and send it."""
    page.goto(f"{site}/logg-inn/")
    page.get_by_label("E-postadresse").fill(staging.PEOPLE[who])
    page.get_by_label("Passord").fill(staging.PASSWORD)
    page.get_by_role("button", name="Logg inn", exact=True).click()
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


@pytest.fixture
def own_database(demonstration: str, _sessions: Callable[[str], Any]) -> Iterator[None]:
    """A copy of the demonstration for one test, which may change what it likes."""
    for who in ("editor", "other_editor", "county", "director", "administrator"):
        _sessions(who)  # a session that began in the copy would be gone with it
    with copied(demonstration):
        yield


@pytest.fixture(scope="package")
def _windows(
    browser: Browser, site: str, _sessions: Callable[[str], Any]
) -> Callable[..., BrowserContext]:
    """Return a browser window of its own for somebody: cookies, cache and settings."""

    def window(who: str, **options: Any) -> BrowserContext:
        context = browser.new_context(
            base_url=site,
            storage_state=_sessions(who),
            locale="nb-NO",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(TELL_OF_BREACHES)
        return context

    return window


@pytest.fixture(scope="package")
def _tabs(_windows: Callable[..., BrowserContext]) -> dict[str, Page]:
    """One tab for each person: the next page comes much sooner where the browser has a process for
    it and the page's files.
    """

    class Tabs(dict[str, Page]):
        def __missing__(self, who: str) -> Page:
            self[who] = _windows(who).new_page()
            return self[who]

    return Tabs()


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    """Fails the test when it is over, if a tab complained of anything."""
    watcher = Watcher()
    yield watcher
    assert not watcher.complaints, "\n".join(watcher.complaints)


@pytest.fixture
def tab_of(_tabs: dict[str, Page], watcher: Watcher) -> Iterator[Callable[[str], Page]]:
    """Return somebody's tab, which other tests have used: `tab_of("director")`.

    Leave no typed text in it that is not sent: the next test would be asked whether to leave.
    """
    watched: list[Page] = []

    def tab(who: str) -> Page:
        page = _tabs[who]
        page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        page.context.clear_cookies(name="messages")  # «lagret» that nobody looked at
        watcher.watch(page)
        watched.append(page)
        return page

    yield tab
    for page in watched:
        watcher.leave(page)


@pytest.fixture
def open_as(
    _windows: Callable[..., BrowserContext], watcher: Watcher
) -> Iterator[Callable[..., Page]]:
    """Return a tab in a new window, at an address: `open_as("editor", "/avtaler/", width=390)`."""
    contexts: list[BrowserContext] = []

    def open_page(who: str, address: str = "/", *, width: int = WIDE, **options: Any) -> Page:
        context = _windows(who, viewport={"width": width, "height": HEIGHT}, **options)
        contexts.append(context)
        page = context.new_page()
        watcher.watch(page)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
