"""An old agreement on paper becomes a draft, is mended by following the findings, and goes out as Word.

The way of a new user. Tried on a draft of our own, and on the real one where ../shared is present.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from tests.browser.watching import axe

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("own_database")]

SHARED = Path(__file__).resolve().parents[3] / "shared" / "seeds"
REAL = sorted(SHARED.glob("001_*.txt")) if SHARED.is_dir() else []
needs_shared = pytest.mark.skipif(not REAL, reason="needs ../shared")
OWN = """Samarbeidsavtale om etablerertjenesten i Ringeriksregionen 2026-2028

1. Parter
Avtalen er inngått mellom Viken fylkeskommune og Ringerike kommune (på vegne av Hole, Jevnaker,
Krødsherad og Modum kommuner), Innovasjon Norge og NAV Vest-Viken.

2. Formål
Viken fylkeskommune og kommunene vil hjelpe dem som starter for seg selv. Se forvaltningsloven 5 13.

3. Varighet
Avtalen gjelder fra 1. januar 2026 til 31. desember 2028.

4. Økonomi
Kommunene betaler xxxxxxx kroner per innbygger. Bidraget er som i alternativ xx.

5. Oppsigelse
Hver part kan si opp avtalen med ett års varsel.
"""
PAPERS = [
    pytest.param(None, id="own"),
    *(pytest.param(path, id=path.stem[:3], marks=needs_shared) for path in REAL or [None]),
]


def number_of_findings(page: Page) -> int:
    return page.locator(".findings__item").count()


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_read_mended_and_sent_out(
    open_as: Callable[..., Page], paper: Path | None
) -> None:
    text = paper.read_text(encoding="utf-8") if paper else OWN
    page = open_as("editor", "/avtaler/ny/ringeriksregionen/dokument/")
    page.get_by_label("Eller lim inn teksten").fill(text)
    page.get_by_role("button", name="Les").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Slik ble avtalen lest")
    assert axe(page) == []
    for label, day in (("Startdato", "2026-01-01"), ("Sluttdato", "2028-12-31")):
        if not page.get_by_label(label).input_value():
            page.get_by_label(label).fill(day)
    page.get_by_role("button", name="Lag utkast").click()
    page.wait_for_url(re.compile(r"/avtaler/[a-z0-9-]+/$"))
    address = page.url
    slug = address.rstrip("/").rpartition("/")[2]

    page.goto(address + "kontroll/")
    before = number_of_findings(page)
    assert before > 3
    expect(page.get_by_role("heading", name=re.compile("Må rettes"))).to_be_visible()
    mended = 0
    buttons = page.get_by_role("button", name=re.compile(r"^Rett «"))
    while buttons.count():
        item = page.locator(".findings__item", has=buttons).first
        identity = item.get_attribute("id")
        buttons.first.click()
        expect(page.locator(f"#{identity}")).to_have_count(0)
        mended += 1
        assert mended < 60, identity
    assert mended
    assert axe(page) == []
    agreement = Agreement.objects.get(slug=slug)
    events = agreement.events.filter(action="clause.edited", data__has_key="mended")
    assert events.count() == mended
    assert not agreement.clauses.filter(text__contains="Viken fylkeskommune").exists()

    # What a machine cannot mend is mended in the text, and the finding is gone.
    page.goto(address + "kontroll/")
    link = page.locator(".findings__item[data-level=error] a", has_text="Gå til punkt").first
    link.click()
    expect(page.get_by_role("button", name="Lagre", exact=True)).to_be_visible()

    with page.expect_download() as download:
        page.goto(address + "dokumenter/")
        page.get_by_role("link", name=re.compile("Word")).first.click()
    written = docx.Document(io.BytesIO(Path(download.value.path()).read_bytes()))
    headings = [p.text for p in written.paragraphs if p.style.name.startswith("Heading")]
    stored = list(agreement.clauses.order_by("position").values_list("heading", flat=True))
    assert [h for h in stored if h in headings] == stored
