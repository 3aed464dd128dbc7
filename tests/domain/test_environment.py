"""The mail server as one environment variable, and numbers with limits."""

from __future__ import annotations

import pytest

from config import environment


@pytest.mark.parametrize(
    ("value", "port", "tls", "ssl"),
    [
        ("smtp+tls://mail.example", 587, True, False),
        ("smtp+tls://mail.example:2525/", 2525, True, False),
        ("smtps://mail.example", 465, False, True),
        ("smtp://mail.example", 25, False, False),
    ],
)
def test_how_the_server_is_spoken_to(
    monkeypatch: pytest.MonkeyPatch, value: str, port: int, tls: bool, ssl: bool
) -> None:
    monkeypatch.setenv("EMAIL_URL", value)
    read = environment.mail_server("EMAIL_URL")
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == ("mail.example", port)
    assert (read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (tls, ssl)


def test_a_password_may_have_any_character(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "smtps://en%40bruker:p%3A%2F%40%25d@mail.example")
    read = environment.mail_server("EMAIL_URL")
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("en@bruker", "p:/@%d")


@pytest.mark.parametrize(
    "value", ["mail.example", "http://hemmelig@mail.example", "smtp://", "smtp://a:hemmelig@h:x"]
)
def test_what_cannot_be_read_stops_the_program_without_the_password(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(environment.BadEnvironment) as refused:
        environment.mail_server("EMAIL_URL")
    assert "hemmelig" not in str(refused.value)


def test_none_is_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL", "")
    assert environment.mail_server("EMAIL_URL") == {}


@pytest.mark.parametrize(("value", "read"), [("5", 5), ("0600", 600), ("", 60)])
def test_a_number_within_its_limits_is_read(
    value: str, read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDF_TIME_LIMIT", value)
    assert environment.whole_number("PDF_TIME_LIMIT", 60, 5, 600) == read


@pytest.mark.parametrize("value", ["4", "601", "60s", "-60", "6e1", "١٢", " 60", "9" * 5000])
def test_any_other_number_stops_the_program_with_one_sentence(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PDF_TIME_LIMIT", value)
    with pytest.raises(environment.BadEnvironment, match="must be a number from 5 to 600") as said:
        environment.whole_number("PDF_TIME_LIMIT", 60, 5, 600)
    assert "\n" not in str(said.value)
