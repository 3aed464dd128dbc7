"""What the editor writes is what the server reads: for texts of any sort, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from agreements.domain.editor_document import from_blocks, from_text
from agreements.domain.markup import MAX_DEPTH, Block, ListBlock, parse, serialise
from agreements.models import Clause
from tests.browser import editor
from tests.domain.markup_texts import HOSTILE, marked_up
from tests.domain.test_markup_properties import normal, trees

pytestmark = pytest.mark.browser

T = TypeVar("T")
# All of them go to the browser in one question: there and back is what takes time.
COUNT = 250
WRITE = "return given.map((tree) => write.write(schema.nodeFromJSON(tree), isBlock));"
READ_AND_WRITE = """
  return given.map((text) => {
    const content = paste.fragment(schema, read.readLines(text, true));
    return write.write(schema.nodes.doc.create(null, content), isBlock);
  });
"""
texts = st.one_of(marked_up, st.text())


def drawn(strategy: st.SearchStrategy[T], count: int = COUNT) -> list[T]:
    """So many examples, new ones each time."""
    found: list[T] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=HealthCheck,
    )
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    collect()
    return found


def depth(blocks: tuple[Block, ...]) -> int:
    """How many lists lie inside each other."""
    inside = [1 + max(map(depth, b.items), default=0) for b in blocks if isinstance(b, ListBlock)]
    return max(inside, default=0)


@pytest.fixture
def page(tab_of: Callable[[str], Page]) -> Page:
    """An open editor."""
    page = tab_of("editor")
    page.goto(editor.NEW.address({}))
    editor.field(page).wait_for()
    return page


def test_writing_is_the_inverse_of_the_servers_reading(page: Page) -> None:
    tried = [*drawn(texts), *((piece * 400)[:400] for piece in HOSTILE.values())]
    written = editor.evaluate(page, WRITE, [from_text(text) for text in tried])
    assert len(written) > COUNT / 2
    for text, back in zip(tried, written, strict=True):
        assert parse(back) == parse(text)
        assert back == serialise(parse(text))


def test_a_document_that_people_make_is_read_as_its_nearest_tree(page: Page) -> None:
    """Empty paragraphs and items, lists side by side, spaces at the ends of what is bold."""
    made = [tree for tree in drawn(trees) if depth(tree) <= MAX_DEPTH]
    written = editor.evaluate(page, WRITE, [from_blocks(tree) for tree in made])
    for tree, back in zip(made, written, strict=True):
        assert parse(back) == normal(tree)


def test_reading_in_the_browser_is_the_servers_reading(page: Page) -> None:
    """Of what was written, which is all that the browser has to read exactly."""
    canonical = [serialise(parse(text)) for text in drawn(texts)]
    assert editor.evaluate(page, READ_AND_WRITE, canonical) == canonical


def test_the_texts_of_the_demonstration_stay_as_they_are(page: Page) -> None:
    """Opened, and not touched: nobody finds a change they did not make."""
    kept = list(Clause.objects.exclude(text="").values_list("text", flat=True))
    assert len(kept) > 30
    written = editor.evaluate(page, WRITE, [from_text(text) for text in kept])
    assert [parse(text) for text in written] == [parse(text) for text in kept]
