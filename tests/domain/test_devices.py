"""What a browser calls itself, in words, and how little is kept of where it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from municipalities.accounts import devices

KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {KHTML} Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge på Windows",
        ),
        (f"Mozilla/5.0 (X11; Linux x86_64) {KHTML} Chrome/140.0 Safari/537.36", "Chrome på Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:142.0) Gecko/20100101 Firefox/142.0",
            "Firefox på Mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
            " Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari på iPhone",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 14) {KHTML} Chrome/140.0 Mobile Safari/537.36",
            "Chrome på Android",
        ),
        ("curl/8.0", "Ukjent nettleser"),
        ("", "Ukjent nettleser"),
        ("Noe (Windows)", "Nettleser på Windows"),
    ],
)
def test_browsers_in_words(said: str, words: str) -> None:
    assert devices.describe(said) == words


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0"),
        ("2001:db8:aaaa:bbbb::1", "2001:db8:aaaa::"),
        ("unix:", "0.0.0.0"),  # noqa: S104 - nobody's address
        ("", "0.0.0.0"),  # noqa: S104
    ],
)
def test_the_network_alone_is_kept(address: str, network: str) -> None:
    assert devices.network(address) == network


@given(st.text())
def test_any_text_is_described_and_any_address_is_cut(text: str) -> None:
    assert devices.describe(text)
    assert devices.is_address(devices.network(text))
