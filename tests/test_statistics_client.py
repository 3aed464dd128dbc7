"""Asking politely: what is tried again, what is not, and when it is given up."""

from __future__ import annotations

import datetime as dt
import email.utils
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from municipalities.statistics import client
from municipalities.statistics.client import Client, FetchError
from tests.statistics_server import Server, country, serving

PATH = "/klass/classifications/131/codesAt?date=2026-01-01"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(country()) as running:
        yield running


class Slept(list[float]):
    """Waits, written down instead of waited for."""


@pytest.fixture
def slept() -> Slept:
    return Slept()


@pytest.fixture
def asking(slept: Slept) -> Client:
    return Client(pause=0, sleep=slept.append, timeout=httpx.Timeout(0.3))


def test_the_answer_comes_as_it_was_sent(server: Server, asking: Client) -> None:
    assert asking.get(server.address + PATH).startswith(b'{"codes": [{"code": "0350"')
    assert server.headers[0]["Accept"] == "application/json"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_service_that_is_busy_is_asked_again_as_late_as_it_says(
    server: Server, asking: Client, slept: Slept, status: int
) -> None:
    server.faults["131"] = [(status, {"Retry_After": "7"}), (status, {"Retry_After": "11"})]
    told: list[tuple[str, float]] = []
    asking.told = lambda problem, seconds: told.append((problem.code, seconds))
    assert asking.get(server.address + PATH)
    assert slept == [7, 11]
    code = "busy" if status == 429 else "unavailable"
    assert told == [(code, 7), (code, 11)]
    assert server.asked == ["131"] * 3


def test_retry_after_may_be_a_time_of_day(server: Server, asking: Client, slept: Slept) -> None:
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=30)
    server.faults["131"] = [
        (503, {"Retry_After": email.utils.format_datetime(moment, usegmt=True)})
    ]
    assert asking.get(server.address + PATH)
    assert 25 < slept[0] <= 30


@pytest.mark.parametrize("said", ["snart", "-5", "1e3", ""])
def test_a_retry_after_that_cannot_be_read_gives_the_usual_wait(
    server: Server, asking: Client, slept: Slept, said: str
) -> None:
    server.faults["131"] = [(429, {"Retry_After": said})]
    assert asking.get(server.address + PATH)
    assert slept == [client.FIRST_WAIT]


def test_it_backs_off_and_gives_up(server: Server, asking: Client, slept: Slept) -> None:
    server.faults["131"] = [503] * 10
    with pytest.raises(FetchError) as given_up:
        asking.get(server.address + PATH)
    assert (given_up.value.code, given_up.value.detail) == ("unavailable", "HTTP 503")
    assert slept == [2, 4, 8]
    assert server.asked == ["131"] * client.ATTEMPTS


def test_a_wait_that_is_too_long_is_not_waited(
    server: Server, asking: Client, slept: Slept
) -> None:
    server.faults["131"] = [(429, {"Retry_After": "3600"})]
    with pytest.raises(FetchError) as given_up:
        asking.get(server.address + PATH)
    assert (given_up.value.code, given_up.value.wait, slept) == ("busy", 3600, [])


@pytest.mark.parametrize(
    ("fault", "code", "attempts"),
    [
        ("hang", "timeout", 4),
        ("drop", "unreachable", 4),
        (500, "unavailable", 4),
        (403, "refused", 1),
        (404, "refused", 1),
        ("large", "too_large", 1),
        ((302, {"Location": "http://eksempel.invalid/"}), "redirected", 1),
        ((302, {"Location": "//127.0.0.2/"}), "redirected", 1),
        ((301, {"Location": PATH}), "redirected", 1),
        ((200, {"Content_Encoding": "gzip"}), "not_json", 1),
    ],
    ids=str,
)
def test_faults(
    server: Server, asking: Client, slept: Slept, fault: Any, code: str, attempts: int
) -> None:
    server.faults["131"] = [fault] * 20
    with pytest.raises(FetchError) as given_up:
        asking.get(server.address + PATH)
    assert given_up.value.code == code
    assert len(slept) == attempts - 1


def test_a_redirect_on_the_same_host_is_followed(server: Server, asking: Client) -> None:
    server.faults["131"] = [(308, {"Location": PATH})]
    assert asking.get(server.address + PATH).startswith(b'{"codes"')


def test_an_answer_that_drips_is_given_up(
    server: Server, asking: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LONGEST", 0.2)
    server.faults["131"] = ["drip"] * 4
    with pytest.raises(FetchError) as given_up:
        asking.get(server.address + PATH)
    assert given_up.value.code == "timeout"


def test_without_a_network(asking: Client) -> None:
    for address in ("http://127.0.0.1:9/", "http://finnes-ikke.invalid/", "http://[::1/"):
        with pytest.raises(FetchError) as given_up:
            asking.get(address)
        assert given_up.value.code == "unreachable"


def test_there_is_a_pause_between_questions(server: Server, slept: Slept) -> None:
    asking = Client(sleep=slept.append)
    asking.get(server.address + PATH)
    asking.get(server.address + PATH)
    (pause,) = slept
    assert client.PAUSE - 1 < pause <= client.PAUSE
    assert 60 / client.PAUSE < 30


def test_the_real_clock_is_used_by_default(server: Server) -> None:
    before = time.monotonic()
    asking = Client(pause=0.2)
    asking.get(server.address + PATH)
    asking.get(server.address + PATH)
    assert time.monotonic() - before >= 0.2
