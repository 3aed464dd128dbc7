"""The case of sak 27/25 in a browser: five municipalities, one no, one with conditions, and on to councils.

Each person works on their own page as they would: the editor lets the warning stand, the administrator
freezes, the directors answer on a telephone, and the councils' decisions are recorded one by one.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from agreements import record, workflow
from agreements.domain.states import State
from agreements.models import Agreement, Decision
from tests.browser.addresses import SLUG
from tests.browser.staging import DIRECTORS
from tests.browser.watching import NARROW, axe
from tests.rounds import HOLE, MODUM

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

Open = Callable[..., Page]
BASE = f"/avtaler/{SLUG}/"
WORDS = {
    HOLE: ("Negativ", "Kommunen har ikke rom for utgiften."),
    MODUM: ("Positiv på vilkår", "Kommunestyret skal få en årlig orientering."),
}


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def let_the_warnings_stand(page: Page) -> None:
    while page.get_by_text("La det stå").count():
        item = page.locator(".findings__item", has_text="La det stå").first
        identity = item.get_attribute("id")
        item.get_by_text("La det stå").click()
        item.get_by_label("Begrunnelse").fill("Akershus er spurt, og svarer etter sommeren.")
        item.get_by_role("button", name="Marker som vurdert").click()
        expect(page.locator(f"#{identity}").get_by_text("La det stå")).to_have_count(0)


def answer(page: Page, key: str) -> None:
    """A director goes from their desk to the answer."""
    page.get_by_role("link", name=re.compile("er bedt om å svare på versjon 1")).click()
    expect(page.get_by_role("heading", name="Hva dere betaler")).to_be_visible()
    stance, why = WORDS.get(key, ("Positiv", ""))
    page.get_by_label(stance, exact=True).check()
    page.get_by_label("Begrunnelse eller vilkår").fill(why)
    assert axe(page) == []
    press(page, "Send svaret")
    expect(page.get_by_text("er registrert.")).to_be_visible()


def test_the_whole_case(open_as: Open) -> None:
    editor = open_as("editor", BASE + "kontroll/")
    let_the_warnings_stand(editor)

    administrator = open_as("administrator", BASE + "behandling/las/")
    expect(administrator.get_by_text("Kontrollen har ingenting som må rettes.")).to_be_visible()
    deadline = dt.date.today() + dt.timedelta(days=14)  # noqa: DTZ011 -- the day on this machine
    administrator.get_by_label("Svarfrist").fill(str(deadline))
    press(administrator, "Lås og send til behandling")
    expect(administrator.get_by_text("Versjon 1 er låst")).to_be_visible()

    for key, who in DIRECTORS.items():
        answer(open_as(who, "/", width=NARROW), key)
    answered = Decision.objects.filter(kind="decides").select_related("organisation")
    assert {row.organisation.key: row.get_stance_display() for row in answered} == {
        key: WORDS.get(key, ("Positiv", ""))[0].lower() for key in DIRECTORS
    }

    # The paper for the councils says what each has said, with their own figures.
    administrator.goto(BASE + "saksframlegg/")
    paper = administrator.get_by_role("main")
    for words in ("Kommunen har ikke rom for utgiften.", "årlig orientering", "1 115 140,00"):
        expect(paper).to_contain_text(words)
    assert axe(administrator) == []
    with administrator.expect_download() as download:
        administrator.get_by_role("link", name=re.compile("Word")).first.click()
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"

    administrator.goto("/")
    administrator.get_by_role("link", name="Alle har svart. Runden kan avsluttes").first.click()
    assert axe(administrator) == []
    for label in ("Avslutt runden med innstilling", "Send til vedtak"):
        administrator.get_by_role("link", name=label, exact=True).click()
        press(administrator, label)
    for key in DIRECTORS:
        administrator.goto(f"{BASE}behandling/vedtak/{key}/")
        administrator.get_by_label("Saksnummer").fill("45/25")
        administrator.get_by_label("Vedtaksdato").fill("2025-06-12")
        outcome = "Ikke vedtatt" if key == HOLE else "Vedtatt"
        administrator.get_by_label(outcome, exact=True).check()
        press(administrator, "Lagre vedtaket")
    agreement = Agreement.objects.get(slug=SLUG)
    assert agreement.state is State.PARTLY_ADOPTED

    administrator.get_by_role("link", name="Gå videre uten dem som sa nei").click()
    administrator.get_by_label("Begrunnelse").fill("Hole sa nei.")
    press(administrator, "Gå videre uten dem som sa nei")
    agreement.refresh_from_db()
    assert agreement.state is State.DRAFT
    document = workflow.read_draft(agreement).document
    assert document.financing is not None
    assert HOLE not in {row.key for row in document.financing.table.rows}
    assert record.first_break(agreement) is None
    administrator.goto(BASE + "historikk/hendelser/?kontroll=1")
    expect(administrator.get_by_text("Kjeden er hel")).to_be_visible()
    assert axe(administrator) == []
