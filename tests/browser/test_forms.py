"""Every form in the states nobody plans for: sent empty, sent with nonsense, and sent too late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.addresses import SLUG, Visit
from tests.browser.forms import EDITS, FORMS, Edit, Form
from tests.browser.watching import examine

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

Tab = Callable[[str], Page]
# Set without an event: what is sent is what counts here.
FILL = """
([button, nonsense]) => {
  const form = [...document.querySelectorAll("main form[method=post]")].find(
    (form) => [...form.elements].some((e) => e.type === "submit" && e.innerText === button));
  for (const field of form.elements) {
    if (field.matches("select") && [...field.options].some((option) => !option.value)) {
      field.value = "";
    } else if (field.matches("textarea")) {
      field.value = nonsense && "{{ finnes.ikke }} [[punkt:finnes-ikke]]";
    } else if (field.type === "number") {
      field.value = nonsense && "-1";
    } else if (field.type === "date") {
      field.value = nonsense && "0001-01-01";
    } else if (["text", "email", "password"].includes(field.type)) {
      field.value = nonsense && "tull ".repeat(80);
    }
  }
}
"""


def send(page: Page, button: str) -> int:
    """Press the button and return the status of the answer to what was sent."""
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.request.is_navigation_request()
    ) as answer:
        page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state("domcontentloaded")
    return answer.value.status


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_form_sent_empty_or_with_nonsense(form: Form, tab_of: Tab, keys: dict[str, str]) -> None:
    page = tab_of(form.visit.who)
    page.goto(form.visit.address(keys))
    for nonsense in ("",) if form.free_text else ("ja", ""):
        page.evaluate(FILL, [form.button, nonsense])
        status = send(page, form.button)
        if form.all_optional and not nonsense:
            assert status == 302
            return
        assert status == 422
        summary = page.locator("ds-error-summary")
        expect(summary).to_be_focused()
        assert page.title().startswith("Feil – ")
        link = summary.get_by_role("link").first
        if link.is_visible():
            link.press("Enter")
            expect(page.locator(str(link.get_attribute("href")))).to_be_focused()
        if nonsense or form.free_text:
            examine(page)


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_a_form_sent_after_somebody_else_saved(
    edit: Edit, tab_of: Tab, keys: dict[str, str]
) -> None:
    address = edit.visit.address(keys)
    mine, theirs = tab_of("editor"), tab_of("other_editor")
    mine.goto(address)
    theirs.goto(address)
    theirs.get_by_label(edit.field).first.fill("Skrevet av den andre")
    assert send(theirs, edit.button) == 302
    mine.get_by_label(edit.field).first.fill("Skrevet av meg")
    assert send(mine, edit.button) == 409
    assert mine.title().startswith("Ikke lagret – ")
    expect(mine.get_by_role("heading", name="Noen andre lagret mens du skrev")).to_be_visible()
    expect(mine.get_by_label(edit.field).first).to_have_value("Skrevet av meg")
    examine(mine)
    assert send(mine, edit.again) == 302
    theirs.goto(address)
    expect(theirs.get_by_label(edit.field).first).to_have_value("Skrevet av meg")


def test_an_alternative_chosen_after_somebody_else_chose(tab_of: Tab) -> None:
    address = Visit("economy", (SLUG,)).address({})
    mine, theirs = tab_of("editor"), tab_of("other_editor")
    mine.goto(address)
    theirs.goto(address)
    for page, name, status in ((theirs, "Alternativ 2", 302), (mine, "Ikke valgt ennå", 409)):
        page.get_by_label("Alternativet avtalen følger").select_option(name)
        assert send(page, "Lagre valget") == status
    expect(mine.get_by_text("Noen andre endret avtalen mens du valgte")).to_be_visible()
    examine(mine)


def test_a_point_deleted_after_somebody_else_saved(tab_of: Tab, keys: dict[str, str]) -> None:
    point = (SLUG, keys["clause"])
    mine, theirs = tab_of("editor"), tab_of("other_editor")
    mine.goto(Visit("delete-clause", point).address(keys))
    theirs.goto(Visit("clause", point).address(keys))
    theirs.get_by_label("Overskrift").fill("Skrevet av den andre")
    assert send(theirs, "Lagre") == 302
    assert send(mine, "Slett punktet") == 409
    expect(mine.get_by_role("strong")).to_have_text("Skrevet av den andre")
    examine(mine)


def test_what_was_written_when_the_session_ended_is_shown(
    open_as: Callable[..., Page], keys: dict[str, str]
) -> None:
    page = open_as("editor", Visit("clause", (SLUG, "{clause}")).address(keys))
    page.get_by_label("Overskrift").fill("Skrevet lenge etter at jeg ble logget ut")
    page.context.clear_cookies()
    send(page, "Lagre")
    expect(page.get_by_label("Overskrift")).to_have_value(
        "Skrevet lenge etter at jeg ble logget ut"
    )
    examine(page)
