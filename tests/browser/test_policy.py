"""The content security policy is watched, and the form token is found under its name on a server."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.watching import Watcher

pytestmark = pytest.mark.browser

BREACHES = {
    "script-src-elem": "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
    "style-src-attr": "document.body.innerHTML += '<p style=\"color:red\">x</p>'",
    "img-src": "const i = new Image(); i.src = 'https://en.annen.no/x.png'; document.body.append(i)",
    "connect-src": "fetch('https://en.annen.no/').catch(() => {})",
}
SEND = """
async () => {
  Object.defineProperty(document, "cookie", {get: () => "sprak=nb; __Host-csrftoken=riktig"});
  let sent;
  window.fetch = async (address, options) => {
    sent = options;
    return new Response('{"state": "kept"}', {headers: {"Content-Type": "application/json"}});
  };
  const {send} = await import("/static/js/saving/send.js");
  await send("/noe/", {tekst: "x"});
  return new Headers(sent.headers).get("X-CSRFToken");
}
"""


@pytest.mark.parametrize("directive", BREACHES)
def test_a_breach_of_the_policy_is_a_complaint(
    directive: str, open_as: Callable[..., Page], watcher: Watcher
) -> None:
    page = open_as("nobody", "/tilgjengelighet/")
    assert watcher.complaints == []
    page.evaluate(f"() => {{ {BREACHES[directive]} }}")
    page.wait_for_timeout(200)
    assert any(f"policy: {directive} stopped" in said for said in watcher.complaints)
    watcher.complaints.clear()  # they were asked for


def test_the_form_token_of_a_server_is_found(open_as: Callable[..., Page]) -> None:
    page = open_as("nobody", "/tilgjengelighet/")
    assert page.evaluate(SEND) == "riktig"
