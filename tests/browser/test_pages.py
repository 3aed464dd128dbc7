"""Every page, in a wide and a narrow window: accessible, never wider than the window, never in breach
of its own content security policy, and silent in the console.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

import agreements.urls
import financing.urls
import municipalities.urls
from municipalities import register
from tests.browser import addresses
from tests.browser.addresses import PAGES, Visit
from tests.browser.forms import FORMS
from tests.browser.staging import IN_REVIEW
from tests.browser.watching import NARROW, SMALLEST, WIDE, examine

pytestmark = pytest.mark.browser

PATTERNS = [
    *agreements.urls.urlpatterns,
    *financing.urls.urlpatterns,
    *municipalities.urls.urlpatterns,
]

# A form that is typed into. A search is none: it is never wrong.
TYPED = (
    "main form[method=post]:has(input:not([type=hidden], [type=checkbox], [type=radio]), textarea)"
)


# How far, in pixels, what stands before the first point is from what comes after it.
GAPS = """
(article) => {
  const parts = [...article.children];
  const first = parts.findIndex((part) => part.classList.contains("clause"));
  const edges = parts.slice(0, first + 1).map((part) => part.getBoundingClientRect());
  return edges.slice(1).map((edge, at) => edge.top - edges[at].bottom);
}
"""


# Where links are and how wide, in pixels.
PLACES = """
(links) => links.map((link) => {
  const { x, y, width } = link.getBoundingClientRect();
  return [x, y, width];
})
"""


@pytest.mark.parametrize("visit", PAGES, ids=str)
def test_page(visit: Visit, tab_of: Callable[[str], Page], keys: dict[str, str]) -> None:
    page = tab_of(visit.who)
    answer = page.goto(visit.address(keys))
    assert answer is not None
    assert answer.status == visit.status
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    examine(page)
    buttons = [
        button
        for form in page.locator(TYPED).all()
        for button in form.locator("button[type=submit]").all_inner_texts()
    ]
    # A plan by itself has the pages that it has within an agreement.
    name = visit.name.removeprefix("study-")
    known = {(form.visit.name, form.button) for form in FORMS}
    # One that is folded away has no visible words: tests/test_input_pages.py sends those.
    shown = {(name, button) for button in buttons if button}
    assert shown <= known, "missing from the list of forms"


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", ["public-version", "version"])
def test_the_head_of_an_agreement_is_parted_from_its_points(
    name: str, width: int, open_as: Callable[..., Page]
) -> None:
    parts = (IN_REVIEW,) if name == "public-version" else (IN_REVIEW, "2")
    page = open_as("administrator", reverse(name, args=parts), width=width)
    gaps = page.locator("article.agreement-text").evaluate(GAPS)
    assert gaps[-1] >= 24  # above the first point
    assert all(gap >= 8 for gap in gaps), gaps


@pytest.mark.parametrize("width", [WIDE, NARROW, SMALLEST])
def test_the_main_menu_stands_still_from_page_to_page(
    width: int, open_as: Callable[..., Page]
) -> None:
    """Whichever of its pages is current, each word is where it was; on a telephone on one line."""
    page = open_as("editor", reverse("account"), width=width)
    menu = page.get_by_role("navigation", name="Hovedmeny")
    expect(menu.locator("[aria-current]")).to_have_count(0)
    still = menu.locator("a").evaluate_all(PLACES)
    for at in range(len(still)):
        menu.get_by_role("link").nth(at).click()
        expect(menu.locator("[aria-current]")).to_have_count(1)
        assert menu.locator("a").evaluate_all(PLACES) == still
    lines = {top for _left, top, _width in still}
    assert len(still) == 5
    assert len(lines) == 1 or width == SMALLEST


@pytest.mark.parametrize("register_is_loaded", [True, False])
def test_first_run(
    register_is_loaded: bool, empty_database: None, open_as: Callable[..., Page]
) -> None:
    if register_is_loaded:
        register.load()
    page = open_as("nobody", "/")
    assert page.url.endswith("/oppstart/")
    examine(page)
    if register_is_loaded:
        page.get_by_role("button", name="Lag brukeren").click()
        page.get_by_text("For å gå videre må du rette opp følgende feil").wait_for()
        examine(page)


def test_no_page_is_forgotten() -> None:
    other = (
        addresses.WALKED
        | addresses.ONLY_SENT
        | addresses.FILES.keys()
        | addresses.BEFORE_THE_FIRST_PERSON
    )
    visited = {visit.name for visit in PAGES if not visit.name.startswith("/")}
    assert visited | other == {pattern.name for pattern in PATTERNS}
    assert not visited & other


def test_what_is_left_out_shows_no_page(
    tab_of: Callable[[str], Page], open_as: Callable[..., Page], keys: dict[str, str]
) -> None:
    browser = tab_of("editor").request
    known = {"slug": addresses.SLUG, "key": keys["clause"], "step": "opp"}
    known |= {"plan_pk": keys["study"], "file_pk": keys["file"], "version": "1"}
    known["provider_id"] = "entra"
    administrator = open_as("administrator", "/")
    for name, args in addresses.FURTHER_ON.items():
        address = Visit(name, args).address(keys)
        answer = administrator.request.get(address)
        assert answer.status == 200, (address, answer.status, answer.url)
        assert answer.headers["content-type"] == addresses.FILES[name], name
    for pattern in PATTERNS:
        here = addresses.ONLY_SENT | addresses.FILES.keys() - addresses.FURTHER_ON.keys()
        if pattern.name not in here:
            continue
        pk = keys["third"] if pattern.name.startswith("study-") else keys["first"]
        pk = keys["attachment"] if "attachment" in pattern.name else pk
        words = known | {"pk": pk}
        arguments = tuple(words[name] for name in pattern.pattern.converters)
        answer = browser.get(Visit(pattern.name, arguments).address(keys))
        if pattern.name in addresses.FILES:
            assert answer.headers["content-type"] == addresses.FILES[pattern.name]
        else:
            assert answer.status == 405
