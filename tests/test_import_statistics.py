"""An operator fetches municipalities and figures from Statistics Norway on the command line."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError

from municipalities import register
from municipalities.commands import CannotRunError
from municipalities.events import AppendOnlyError
from municipalities.models import (
    County,
    FetchedResponse,
    Municipality,
    Organisation,
    PopulationFigure,
    RegisterEvent,
    StatisticsImport,
)
from municipalities.statistics import client
from tests import statistics_server
from tests.statistics_server import Server

pytestmark = pytest.mark.django_db
Capsys = pytest.CaptureFixture[str]
DAY = dt.date(2026, 1, 1)


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    described = statistics_server.country(
        {"3190": "Elveby", "3191": "Ásvággi - Åsvang", "3192": "Myrvang (Fylke 31)"},
        {"3190": 30005, "3191": 4000, "3192": 2000},
    )
    with statistics_server.serving(described) as running:
        statistics_server.use(settings, monkeypatch, running)
        yield running


def run(*options: str) -> None:
    call_command("import_municipalities", *options)


def ended_with(code: int, *options: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*options)
    assert ended.value.code == code


def refused(*options: str) -> str:
    with pytest.raises(CannotRunError) as problem:
        run(*options)
    assert problem.value.returncode == 2
    assert "\n" not in str(problem.value)
    return str(problem.value)


def nothing_stored() -> bool:
    models = (Municipality, PopulationFigure, RegisterEvent, StatisticsImport, FetchedResponse)
    return not any(model.objects.exists() for model in models)


def test_an_empty_register_gets_the_whole_country(server: Server, capsys: Capsys) -> None:
    run()
    assert Municipality.objects.count() == PopulationFigure.objects.count() == 357
    assert County.objects.count() == 15
    assert Organisation.objects.get(key="3190").name == "Elveby kommune"
    assert not Organisation.objects.filter(key="03").exists()
    second = Municipality.objects.get(number="3191")
    assert (second.name, second.official_name) == ("Ásvággi", "Ásvággi - Åsvang")
    assert Municipality.objects.get(number="3192").name == "Myrvang"
    figure = PopulationFigure.objects.get(municipality__number="3190")
    assert (figure.value, figure.reference_date, figure.source) == (30005, DAY, "SSB, tabell 01222")
    said = capsys.readouterr()
    assert said.err.splitlines() == [
        "[1/6] population of the municipalities …",
        "[2/6] population of the country …",
        "[3/6] list of municipalities …",
        "[4/6] list of counties …",
        "[5/6] changes of municipalities …",
        "[6/6] changes of counties …",
    ]
    total = sum(server.country.figures.values())
    assert f"2026-01-01: {total} inhabitants in 357 municipalities" in said.out
    assert "municipalities: 357 added" in said.out
    assert server.asked == ["figures", "country", "131", "104", "changes-131", "changes-104"]


def test_the_answers_are_kept_as_they_came(server: Server) -> None:
    run("--date", "2026-01-01")
    row = StatisticsImport.objects.get()
    assert (row.state, row.day, row.finished_by) == ("applied", DAY, None)
    event = RegisterEvent.objects.get()
    assert row.event == event
    assert event.data["reference_date"] == "2026-01-01"
    assert len(event.data["responses"]) == 6
    for response, noted in zip(row.responses.all(), event.data["responses"], strict=True):
        content = gzip.decompress(response.content)
        assert json.loads(content)
        assert hashlib.sha256(content).hexdigest() == response.sha256 == noted["sha256"]
        assert response.address == noted["address"]
        assert noted["fetched_at"] == response.fetched_at.isoformat()
    assert "2026K1" in row.responses.get(step="figures").address


def test_kept_answers_cannot_be_changed(server: Server) -> None:
    run()
    response = FetchedResponse.objects.first()
    assert response is not None
    with pytest.raises(AppendOnlyError):
        response.save()
    for statement in ("UPDATE {} SET sha256 = ''", "DELETE FROM {}"):
        with (
            pytest.raises((InternalError, IntegrityError), match="append-only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format("municipalities_fetchedresponse"))


def test_again_nothing_changes(server: Server, capsys: Capsys) -> None:
    run()
    capsys.readouterr()
    run()
    assert "population figures: 357 unchanged" in capsys.readouterr().out
    assert PopulationFigure.objects.count() == 357
    assert RegisterEvent.objects.count() == 1


def test_dry_run_stores_nothing(server: Server, capsys: Capsys) -> None:
    run("--dry-run")
    said = capsys.readouterr().out
    assert "municipalities: 357 added" in said
    assert said.splitlines()[-1] == "Dry run: nothing was stored."
    assert nothing_stored()


def test_the_next_year(server: Server, capsys: Capsys) -> None:
    """New figures, a corrected one, a new name, a merger and a split."""
    run()
    Municipality.objects.filter(number="3191").update(name="Åsvang")
    Organisation.objects.filter(key="3191").update(short_name="Åsvang")
    capsys.readouterr()
    land = server.country
    land.quarter = "2026K3"
    land.names["3190"] = "Elvebyen"
    land.change("2026-07-01", "1150", "1151")  # 1150 becomes a part of 1151
    land.change("2026-07-01", "1151", "1151")
    land.figures["1151"] += land.figures.pop("1150")
    del land.names["1150"]
    land.names |= {"1197": "Nordvang", "1198": "Sørvang"}
    land.change("2026-07-01", "1152", "1197")  # 1152 is split
    land.change("2026-07-01", "1152", "1198")
    land.figures |= {"1197": 1000, "1198": land.figures.pop("1152") - 1000}
    del land.names["1152"]
    land.figures["3192"] = 2300
    run()
    said = capsys.readouterr()
    assert "3190 Elveby" in said.out
    assert "1150 Kommune 1150: ended 2026-06-30, now 1151" in said.out
    assert "1152 Kommune 1152: ended 2026-06-30, now 1197, 1198" in said.out
    assert "municipalities: 2 added, 1 changed, 2 ended, 354 unchanged" in said.out
    assert "warning: 3192 Myrvang goes from 2000 (2026-01-01) to 2300 (2026-07-01)" in said.err
    assert Municipality.objects.get(number="3191").name == "Åsvang"  # a person's choice
    merged = Organisation.objects.get(key="1150")
    assert (merged.valid_to, merged.successor.key) == (dt.date(2026, 6, 30), "1151")
    split = Organisation.objects.get(key="1152")
    assert (split.valid_to, split.successor) == (dt.date(2026, 6, 30), None)
    assert Municipality.objects.get(number="1197").valid_from == dt.date(2026, 7, 1)
    # Corrected for the same day: a new row, and the old one stays.
    land.figures["3190"] += 1
    run("--date", "2026-07-01")
    assert "3190 Elvebyen, 2026-07-01: 30005 -> 30006" in capsys.readouterr().out
    figures = PopulationFigure.objects.filter(municipality__number="3190").order_by("pk")
    assert list(figures.values_list("value", flat=True)) == [30005, 30005, 30006]
    newest = register.population_on(
        [Municipality.objects.get(number="3190")], figures[2].reference_date
    )
    assert [figure.value for figure in newest.values()] == [30006]


def spoil(server: Server, how: str) -> None:
    land = server.country
    if how == "number":
        number, _ = land.names.popitem()
        land.figures.pop(number)
    elif how == "missing":
        land.status |= {"3190": "..", "3191": ":"}
    elif how == "sum":
        land.country = 1
    elif how == "jump":
        land.figures = {number: value * 11 // 10 for number, value in land.figures.items()}
    else:
        land.names.pop("3190")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("number", "serious: the list has 356 municipalities, 357 were expected on this day"),
        ("missing", "serious: 2 municipalities have no figure: 3190, 3191"),
        ("sum", "serious: the municipalities add up to"),
        ("jump", "serious: the sum of the 357 municipalities with earlier figures goes from"),
        ("unknown", "serious: there are figures for 1 numbers that are no municipalities"),
    ],
)
def test_serious_findings_need_to_be_accepted(
    server: Server, capsys: Capsys, how: str, said: str
) -> None:
    run("--date", "2025-01-01")
    before = PopulationFigure.objects.count(), RegisterEvent.objects.count()
    spoil(server, how)
    capsys.readouterr()
    ended_with(1)
    written = capsys.readouterr()
    assert said in written.err
    assert written.out.splitlines()[-1].startswith("Nothing was stored: use --accept")
    assert (PopulationFigure.objects.count(), RegisterEvent.objects.count()) == before
    run("--accept")
    event = RegisterEvent.objects.last()
    assert event is not None
    assert event.data["accepted"]
    assert PopulationFigure.objects.filter(reference_date=DAY).count() >= 355
    assert not PopulationFigure.objects.filter(value=0).exists()


def test_figures_of_a_day_that_has_not_been_are_never_stored(
    server: Server, capsys: Capsys
) -> None:
    server.country.quarter = "2126K1"
    ended_with(1, "--accept")
    assert "serious: the figures are for 2126-01-01" in capsys.readouterr().err
    assert nothing_stored()


@pytest.mark.parametrize(
    ("question", "fault", "said"),
    [
        ("figures", "html", "the answer is not JSON (not JSON ("),
        ("figures", "broken", "the answer is not JSON ("),
        ("131", "large", "the answer is too large (more than 5 MB)"),
        ("104", b'{"codes": []}', "the answer is not as documented (there are no codes"),
        ("country", b'{"class": "dataset"}', "the answer is not as documented (not a json-stat2"),
        ("figures", 404, "Statistics Norway refused the question"),
        ("figures", 403, "Statistics Norway refused the question"),
        ("changes-131", (302, {"Location": "http://eksempel.invalid/"}), "points to another host"),
        (
            "changes-104",
            (429, {"Retry_After": "900"}),
            "asks us to wait: too many calls (HTTP 429)",
        ),
    ],
    ids=str,
)
def test_without_an_answer_nothing_is_stored(
    server: Server, question: str, fault: Any, said: str
) -> None:
    server.faults[question] = [fault]
    assert said in refused()
    assert nothing_stored()


def test_the_country_is_asked_for_in_two_ways_and_may_be_left_out(
    server: Server, capsys: Capsys
) -> None:
    server.faults["country"] = [404]
    run("--dry-run")
    assert server.asked.count("country") == 2
    assert "warning" not in capsys.readouterr().err
    server.faults["country"] = [400, 404]
    run()
    said = capsys.readouterr().err
    assert "warning: there is no figure for the country, so the sum cannot be checked" in said
    assert PopulationFigure.objects.count() == 357
    server.faults["country"] = [404, 500, 500, 500, 500]
    assert "is down (HTTP 500)" in refused()


def test_it_waits_and_says_so(server: Server, capsys: Capsys) -> None:
    server.faults = {
        "figures": [(429, {"Retry_After": "0"})],
        "131": [503, 503, "drop"],
    }
    run()
    said = capsys.readouterr().err
    assert "asks us to wait: too many calls (HTTP 429); trying again in 0 s" in said
    assert said.count("is down (HTTP 503); trying again") == 2
    assert said.count("cannot be reached") == 1
    assert Municipality.objects.count() == 357


def test_without_a_network(server: Server, settings: Any) -> None:
    settings.STATISTICS_TABLES_URL = "http://127.0.0.1:9/"
    assert refused() == "Statistics Norway cannot be reached: is there a network? (ConnectError)"


def test_a_service_that_hangs(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    monkeypatch.setattr(client, "TIMEOUT", httpx.Timeout(0.2))
    server.faults["figures"] = ["hang"] * 4
    assert refused() == "Statistics Norway took too long to answer"


def test_figures_of_another_day_are_refused(server: Server) -> None:
    other = json.dumps(server.answer("/v2/tables/01222/data?" + QUERY)[1]).encode()
    server.faults["figures"] = [other]
    assert "figures of 2025-04-01, 2026-01-01 was asked for" in refused("--date", "2026-01-01")


QUERY = (
    "codelist[Region]=vs_Kommun&valueCodes[Region]=*&valueCodes[ContentsCode]=Folketallet1"
    "&valueCodes[Tid]=2025K2"
)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--date", "2026-01-02"], "--date must be the first day of a quarter from 2020-01-01 to"),
        (["--date", "2019-01-01"], "--date must be the first day of a quarter"),
        (["--date", "2126-01-01"], "--date must be the first day of a quarter"),
        (["--date", "i dag"], "--date must be like"),
        (["--source", "SSB"], "--source is for --from-file"),
    ],
)
def test_options_that_make_no_sense(server: Server, options: list[str], said: str) -> None:
    assert said in refused(*options)
    assert server.asked == []
