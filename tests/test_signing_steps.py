"""What comes next in the signing is said in each state, and what stops it before the step is taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from agreements.domain.states import State
from agreements.models import Agreement, Party
from tests import final_files, pages

As = Callable[[str], Client]
BASE = "/avtaler/ringeriksregionen-2026/"
PAGE, SIGNED = BASE + "dokumenter/signatarer/", BASE + "dokumenter/signert/"
CSV, XLSX = BASE + "dokumenter/signatarliste.csv", BASE + "dokumenter/signatarliste.xlsx"
STEP = BASE + "behandling/steg/prepare-signing/"
ADDRESS = "ola.nordmann@ringerike.example"


def test_each_state_says_what_comes_next(
    ringerike: Agreement, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.quick(monkeypatch)
    final = final_files.finalised(ringerike)
    client, reader = as_("administrator"), as_("director")
    Party.objects.filter(agreement=ringerike, organisation__key="3305").update(
        signatory_email=ADDRESS
    )
    for page in (BASE + "dokumenter/", SIGNED):
        read = client.get(page)
        said = pages.text(read)
        assert "Last ned avtalen og signatarlisten." in said
        assert "Last opp avtalen i signeringstjenesten" in said
        assert "E-post mangler" in said
        links = {node.get("href") for node in pages.page(read).all("a")}
        assert {CSV, XLSX, PAGE} <= links
    assert "sender avtalen til signering" in pages.text(reader.get(BASE + "dokumenter/"))

    keys = final_files.everybody(final)
    final_files.sign(ringerike, final, *[key for key in keys if key not in ("3305", "33")])
    for page in (BASE + "dokumenter/", SIGNED):
        said = pages.text(client.get(page))
        assert "Det gjenstår 2 signaturer" in said
        assert f"Ringerike kommune: Eksempel Ringerike, {ADDRESS}" in said
    said = pages.text(reader.get(BASE + "dokumenter/"))
    assert "Det gjenstår 2 signaturer" in said
    assert ADDRESS not in said

    final_files.sign(ringerike, final, *keys)
    assert ringerike.state is State.SIGNED
    for page in (BASE + "dokumenter/", SIGNED):
        said = pages.text(client.get(page))
        assert "Sett avtalen i kraft under Behandling når avtaleperioden begynner" in said
        assert "Det gjenstår" not in said

    Agreement.objects.filter(pk=ringerike.pk).update(status=State.ACTIVE.value)
    for page in (BASE + "dokumenter/", SIGNED):
        assert "avtalen gjelder fra 1. januar 2026" in pages.text(client.get(page))


def test_the_limits_of_the_signing_service_are_told_before_the_step_is_taken(
    ringerike: Agreement, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    final_files.quick(monkeypatch)
    Agreement.objects.filter(pk=ringerike.pk).update(title="Avtale " + "og " * 24 + "nå")
    ringerike.refresh_from_db()
    final_files.adopted(ringerike)
    client = as_("administrator")
    for page in (STEP, BASE + "behandling/"):
        said = pages.text(client.get(page))
        assert "Tittelen har 81 tegn. Signeringstjenesten tar høyst 80" in said
        assert "trekk versjonen tilbake" in said
    assert not [
        form for form in pages.page(client.get(STEP)).all("button") if "Gjør klar" in form.text
    ]
    answer = client.post(STEP, {"source": "adopted"})
    assert answer.status_code == 409
    ringerike.refresh_from_db()
    assert ringerike.state is State.ADOPTED
