"""Every form in which somebody writes says that the page is not to be left without a warning."""

from __future__ import annotations

import pytest

from agreements.models import Agreement
from tests import inputs, pages
from tests.desk import BASE, As

WRITTEN = {"text", "number", "date"}
PAGES = [
    "opplysninger/",
    "tekst/nytt-punkt/",
    "tekst/punkt/formaal/",
    "parter/ny/",
    "parter/part/3305/",
    "tjenester/",
    "tjenester/{service}/",
    "innspill/nytt/",
    "innspill/forslag/formaal/",
    "innspill/{wish}/",
    "innspill/{proposed}/ta-inn/",
    "okonomi/",
    "okonomi/plan/",
    "okonomi/alternativ/{first}/",
    "okonomi/alternativ/{first}/hva-om/",
    "okonomi/dagens-bidrag/",
    "okonomi/betalingsplan/",
]


@pytest.mark.parametrize("path", PAGES)
def test_leaving_a_form_that_is_written_in_is_warned_of(
    path: str, ringerike: Agreement, as_: As
) -> None:
    words = {
        "service": ringerike.services.filter(level="minimum")[0].key,
        "first": ringerike.plan.alternatives.order_by("position")[0].pk,
        "wish": inputs.wish(ringerike).pk,
        "proposed": inputs.a_suggestion(ringerike).pk,
    }
    read = pages.page(as_("editor").get(BASE + path.format(**words)))
    found = 0
    for field in read.nodes:
        written = field.name == "textarea" or (
            field.name == "input" and field.get("type", "text") in WRITTEN
        )
        around = [node for node in field.parents if node.name == "form"]
        if not written or "name" not in field or not around or around[-1].get("method") != "post":
            continue
        found += 1
        assert "data-warn-unsaved" in around[-1], field["name"]
    assert found
