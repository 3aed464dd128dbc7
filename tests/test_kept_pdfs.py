"""The same content is rendered once; a changed one anew. What was too heavy is not tried again at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cachetools import LRUCache, TTLCache

from agreements.documents import bounded, renderer
from agreements.documents.errors import RenderingError, TooLargeError, TooSlowError
from agreements.models import Agreement
from tests import workers
from tests.workers import page

ADDRESS = "/avtaler/ringeriksregionen-2026/dokumenter/avtale.pdf"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the worker is asked to render."""
    found: list[bytes] = []
    ask = bounded.Turn.ask

    def counted(self: bounded.Turn, job: str, content: bytes, **given: Any) -> Any:
        found.append(content)
        return ask(self, job, content, **given)

    monkeypatch.setattr(bounded.Turn, "ask", counted)
    return found


def test_a_draft_that_is_the_same_is_not_rendered_again_and_a_changed_one_is(
    as_: Any, asked: list[bytes]
) -> None:
    first = as_("editor").get(ADDRESS)
    again = as_("director").get(ADDRESS)
    assert (first.status_code, again.status_code, len(asked)) == (200, 200, 1)
    assert first.content == again.content
    Agreement.objects.update(title="En annen tittel")
    changed = as_("editor").get(ADDRESS)
    assert len(asked) == 2
    assert changed.content != first.content
    assert as_("editor").get(ADDRESS).content == changed.content
    assert len(asked) == 2


def test_nobody_gets_a_kept_file_without_the_right_to_it(as_: Any, asked: list[bytes]) -> None:
    assert as_("editor").get(ADDRESS).status_code == 200
    assert as_("outsider").get(ADDRESS).status_code == 404


def test_the_fields_are_a_part_of_what_is_asked(asked: list[bytes]) -> None:
    fields = page('<input type="checkbox" name="a" title="a">')
    renderer.pdf(fields, ["a"])
    with pytest.raises(RenderingError, match="FinishError"):
        renderer.pdf(fields, ["b"])
    renderer.pdf(fields, ["a"])
    assert len(asked) == 2


def test_two_that_ask_for_the_same_at_once_make_it_once(asked: list[bytes]) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = set(pool.map(renderer.pdf, [page("<p>samtidig</p>")] * 6))
    assert (len(made), len(asked)) == (1, 1)


def test_what_is_kept_has_a_limit_and_the_oldest_goes(
    asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    size = len(renderer.pdf(page("<p>0</p>")))
    kept: LRUCache[bytes, bytes] = LRUCache(3 * size + size // 2, getsizeof=len)
    monkeypatch.setattr(renderer, "_kept", kept)
    for number in (1, 2, 3, 4, 2, 4):
        renderer.pdf(page(f"<p>{number}</p>"))
        assert kept.currsize <= kept.maxsize
    assert len(asked) == 5
    renderer.pdf(page("<p>1</p>"))
    assert len(asked) == 6
    assert renderer.KEPT_BYTES == 32_000_000


def test_a_file_larger_than_all_that_is_kept_is_given_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(renderer, "KEPT_BYTES", 10)
    assert renderer.pdf(page("<p>stor</p>")).startswith(b"%PDF")
    assert not renderer._kept


@pytest.mark.parametrize(("word", "error"), [("EVIG", TooSlowError), ("TETT", TooLargeError)])
def test_what_was_too_heavy_is_not_tried_again_by_those_who_wait(
    word: str,
    error: type[Exception],
    asked: list[bytes],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workers.use(monkeypatch, workers.TURNS)
    renderer.pdf(page("<p>x</p>"))
    settings.PDF_TIME_LIMIT = (
        4  # those who wait do so for twice as long, and a new worker is made meanwhile
    )
    with ThreadPoolExecutor(5) as pool:
        waiting = [pool.submit(renderer.pdf, page(word)) for _ in range(5)]
        assert all(isinstance(each.exception(), error) for each in waiting)
    assert len(asked) == 2
    monkeypatch.setattr(renderer, "_too_heavy", TTLCache(1000, 0))  # a minute later
    with pytest.raises(error):
        renderer.pdf(page(word))
    assert len(asked) == 3
