"""From a director's yes to an agreement in force, in a browser, with files that are really signed.

What is not on the way of the one who signs (four of five answers and decisions) is done beforehand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from agreements import workflow
from agreements.documents import signers
from agreements.domain.states import Action, State
from agreements.models import Agreement, StoredFile
from tests import rounds, signing
from tests.browser.staging import READY
from tests.browser.watching import NARROW, axe
from tests.rounds import HOLE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

Open = Callable[..., Page]
BASE = f"/avtaler/{READY}/"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def downloaded(page: Page, name: str | re.Pattern[str], path: Path) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=isinstance(name, str)).first.click()
    download.value.save_as(path)
    return path.read_bytes()


def signed(pdf: bytes, *fields: str, certifying: bool = False) -> bytes:
    """The file with these fields signed, made in a thread: the browser's loop runs in this one."""

    def sign(pdf: bytes, field: str) -> bytes:
        return signing.sign(pdf, field, f"Person for {field}", certifying=certifying)

    with ThreadPoolExecutor(1) as pen:
        return pen.submit(reduce, sign, fields, pdf).result()


def upload(page: Page, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    page.get_by_label("Signert PDF").set_input_files(path)
    press(page, "Lagre filen")


def state(agreement: Agreement) -> State:
    agreement.refresh_from_db()
    return agreement.state


def test_from_a_yes_to_an_agreement_in_force(open_as: Open, tmp_path: Path) -> None:
    agreement = Agreement.objects.get(slug=READY)
    version = rounds.freeze_as_it_is(agreement)
    for key in rounds.DIRECTORS.keys() - {HOLE}:
        rounds.answer(version, key)

    director = open_as("director", f"{BASE}behandling/svar/{HOLE}/", width=NARROW)
    director.get_by_label("Positiv", exact=True).check()
    press(director, "Send svaret")
    expect(director.get_by_text("er registrert.")).to_be_visible()

    rounds.take(agreement, Action.RECOMMEND)
    rounds.take(agreement, Action.SEND_TO_COUNCILS)
    for key in rounds.DIRECTORS.keys() - {HOLE}:
        rounds.resolve(agreement, key)
    administrator = open_as("administrator", f"{BASE}behandling/vedtak/{HOLE}/")
    administrator.get_by_label("Saksnummer").fill("45/25")
    administrator.get_by_label("Vedtaksdato").fill("2025-06-12")
    administrator.get_by_label("Vedtatt", exact=True).check()
    press(administrator, "Lagre vedtaket")
    assert state(agreement) is State.ADOPTED

    # The addresses are asked for before the step, although the version is frozen.
    administrator.get_by_role("link", name="Gjør klar til signering", exact=True).click()
    expect(administrator.get_by_text("E-post mangler")).to_be_visible()
    administrator.get_by_role("link", name="Fyll inn eller endre e-post og rekkefølge").click()
    for number, field in enumerate(administrator.get_by_label(re.compile("^E-post")).all()):
        field.fill(f"person{number}@kommune.example")
    press(administrator, "Lagre")
    expect(administrator.get_by_text("E-post mangler")).to_have_count(0)
    assert axe(administrator) == []
    administrator.set_default_timeout(60_000)  # the files are rendered and looked through
    press(administrator, "Gjør klar til signering")
    assert state(agreement) is State.READY_TO_SIGN

    administrator.goto(BASE + "dokumenter/")
    pdf = downloaded(administrator, "Avtalen (PDF)", tmp_path / "avtale.pdf")
    assert pdf == bytes(StoredFile.objects.get(version=version, kind="agreement").content)
    table = downloaded(administrator, "CSV", tmp_path / "signatarer.csv").decode("utf-8-sig")
    fields = signers.field_names(workflow.document_of(version))
    assert all(f"person{number}@kommune.example;" in table for number in range(len(fields)))

    first = signed(pdf, fields[0], certifying=True)
    administrator.get_by_role("link", name="Signering", exact=True).last.click()
    upload(administrator, tmp_path / "en.pdf", first)
    remaining = f"Det gjenstår {len(fields) - 1} signaturer"
    expect(administrator.get_by_text(remaining)).to_be_visible()
    assert axe(administrator) == []
    assert state(agreement) is State.PARTLY_SIGNED
    everybody = signed(first, *fields[1:])
    upload(administrator, tmp_path / "alle.pdf", everybody)
    expect(administrator.get_by_text("Kontrollert av programmet.")).to_have_count(len(fields))
    assert state(agreement) is State.SIGNED

    # The day the agreement begins, whatever day this is run.
    Agreement.objects.filter(pk=agreement.pk).update(term_start=timezone.localdate())
    administrator.get_by_role("link", name="Behandling", exact=True).first.click()
    administrator.get_by_role("link", name="Sett avtalen i kraft").click()
    press(administrator, "Sett avtalen i kraft")
    assert state(agreement) is State.ACTIVE

    administrator.goto(BASE + "dokumenter/arkiv/")
    package = tmp_path / "arkiv.zip"
    downloaded(administrator, "Last ned arkivpakken", package)
    call_command("verify_archive", str(package))  # SystemExit where something is wrong
    assert package.read_bytes().count(everybody) == 1
