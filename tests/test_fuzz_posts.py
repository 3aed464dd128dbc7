"""Every address that takes a form is sent what no form sends: never a 500, and never a stored half."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements import notifying
from agreements.models import Agreement, AgreementEvent
from municipalities import outbox
from tests import fuzzing, permission_world
from tests.permission_rows import Row
from tests.permission_world import TABLE, As, Real, opener

ringerike, real = (
    permission_world.ringerike,
    permission_world.real,
)  # fixtures, found by their names
no_rendering = permission_world.no_rendering

# The last row of an address in the table: the one that has come furthest, with a form to send.
POSTS = list({row.name: row for row in TABLE if row.method == "POST"}.values())
by_address = pytest.mark.parametrize("row", POSTS, ids=str)


def tried(row: Row, as_: As, real: Real, *, every: bool) -> list[str]:
    """Return what went wrong when the address was sent everything hostile."""
    client = as_(opener(row))
    fuzz = fuzzing.Fuzz(client, real.address(row))
    for what, (kind, body) in fuzzing.bodies(real.data(row, client), row.name, every=every):
        fuzz.send(what, kind, body)
    return fuzz.wrong


@by_address
def test_nothing_breaks_an_address_or_is_stored_half(row: Row, as_: As, real: Real) -> None:
    assert not tried(row, as_, real, every=False)


@pytest.mark.slow
@by_address
def test_every_value_in_every_field_breaks_nothing(row: Row, as_: As, real: Real) -> None:
    assert not tried(row, as_, real, every=True)


class Broken:
    """A client in front of a program that does this with whatever it is sent."""

    def __init__(self, does: Callable[[], int]) -> None:
        self.does = does

    def generic(self, *sent: object) -> HttpResponse:
        return HttpResponse(status=self.does())


def _event(agreement: Agreement) -> None:
    AgreementEvent.objects.create(
        agreement=agreement, action="x.y", number=10_000, occurred_at=timezone.now()
    )


def test_what_goes_wrong_is_seen(ringerike: Agreement) -> None:
    clauses = ringerike.clauses.filter(key="formaal")

    def both() -> int:
        _event(ringerike)
        return clauses.update(heading="Ny") + 301

    def job(status: int) -> int:
        outbox.enqueue(notifying.TASK, [1])
        return status

    cases: list[tuple[Callable[[], int], str]] = [
        (lambda: 500, "500"),
        (lambda: 1 // 0, "ZeroDivisionError"),
        (lambda: clauses.update(heading="Ny") + 421, "422, and yet ['agreements.Clause']"),
        (lambda: clauses.update(heading="Ny") + 301, "no event tells of a change"),
        (lambda: _event(ringerike) or 302, "without a change"),
        (both, ""),
        (lambda: job(422), "422, and yet ['procrastinate.ProcrastinateJob']"),
        (lambda: job(302), ""),
        (lambda: 422, ""),
    ]
    for does, expected in cases:
        fuzz = fuzzing.Fuzz(Broken(does), "/")
        fuzz.send("a body", fuzzing.FORM, b"")
        assert expected in "\n".join(fuzz.wrong), fuzz.wrong
        assert bool(fuzz.wrong) == bool(expected)


def values() -> st.SearchStrategy[str]:
    return st.one_of(
        st.text(max_size=300),
        st.sampled_from([*fuzzing.VALUES.values(), *fuzzing.OLD]),
        st.integers().map(str),
        st.decimals(allow_nan=True).map(lambda d: str(d).replace(".", ",")),
        st.dates().map(str),
        st.uuids().map(str),
    )


@pytest.mark.slow
@by_address
@settings(
    max_examples=int(os.environ.get("NASTY_EXAMPLES", "25")),
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_several_fields_are_wrong_at_once(
    row: Row, as_: As, real: Real, data: st.DataObject
) -> None:
    client = as_(opener(row))
    form = real.data(row, client) or {name: ["1"] for name in fuzzing.COMMON}
    chosen = data.draw(st.lists(st.sampled_from(sorted(form)), max_size=6, unique=True))
    form |= {name: data.draw(st.lists(values(), max_size=3)) for name in chosen}
    fuzz = fuzzing.Fuzz(client, real.address(row))
    fuzz.send(repr(form), *fuzzing.encoded(form))
    assert not fuzz.wrong, "\n".join(fuzz.wrong)
