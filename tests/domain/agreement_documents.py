"""Made-up Documents for hypothesis: trees of clauses with every kind of text, services and parties."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from agreements.domain import markup
from agreements.domain.document import (
    Attachment,
    AttachmentKind,
    Clause,
    Document,
    Language,
    Service,
    ServiceLevel,
)
from tests import builders

COMMON = (
    "partene skal betale kr 14,50 i 2027 «likt» (A og B) § 6-1 - * ** 1. 2) a) {{x}} [[y]] < & > "
    "æøå Kárášjohka Underskrift mellom | Sum"
)
WORD = st.sampled_from(COMMON.split(" "))
LINE = st.lists(WORD, min_size=1, max_size=7).map(" ".join)
PIECE = st.builds(markup.Text, LINE, st.booleans())
INLINE = st.one_of(PIECE, PIECE, PIECE, st.sampled_from([
    markup.FactRef("avtale.region"), markup.FactRef("okonomi.sum"), markup.ClauseRef("punkt-0"),
    markup.FactRef("finnes.ikke"),
]))  # fmt: skip


def _spaced(inlines: list[markup.Inline]) -> tuple[markup.Inline, ...]:
    spaced: list[markup.Inline] = []
    for inline in inlines:
        spaced += [markup.Text(" "), inline] if spaced else [inline]
    return tuple(spaced)


PARAGRAPH = st.lists(INLINE, min_size=1, max_size=3).map(lambda x: markup.Paragraph(_spaced(x)))


def _lists(inner: st.SearchStrategy[markup.Block]) -> st.SearchStrategy[markup.ListBlock]:
    item = st.tuples(PARAGRAPH) | st.tuples(PARAGRAPH, inner)
    items = st.lists(item, min_size=1, max_size=3)
    return st.builds(markup.ListBlock, st.booleans(), items.map(tuple))


BLOCK: st.SearchStrategy[markup.Block] = st.one_of(
    PARAGRAPH, PARAGRAPH, _lists(PARAGRAPH), _lists(_lists(_lists(PARAGRAPH)))
)
TEXT = st.lists(BLOCK, max_size=4).map(markup.serialise)
HEADING = st.lists(
    st.sampled_from(["Formål", "og", "Ansvar", "for", "parter", "i", "2027", "«x»"]),
    min_size=1,
    max_size=4,
)


@st.composite
def clauses(draw: st.DrawFn, text: st.SearchStrategy[str] = TEXT) -> tuple[Clause, ...]:
    """A tree of up to eight clauses, four deep."""
    count = draw(st.integers(1, 8))
    made = [
        Clause(f"punkt-{n}", "Punkt " + " ".join(draw(HEADING)), draw(text)) for n in range(count)
    ]
    return _tree(made, [draw(st.integers(1, 4)) for _ in made], 1)


def _tree(clauses: list[Clause], levels: list[int], level: int) -> tuple[Clause, ...]:
    found: list[Clause] = []
    while clauses:
        clause, below = clauses[0], 1
        while below < len(clauses) and levels[below] > level:
            below += 1
        children = _tree(clauses[1:below], levels[1:below], level + 1)
        found.append(replace(clause, children=children))
        clauses, levels = clauses[below:], levels[below:]
    return tuple(found)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """An agreement with the builders' parties and table, and any text."""
    services = tuple(
        Service(f"tjeneste-{n}", level, draw(LINE))
        for n, level in enumerate(draw(st.lists(st.sampled_from(ServiceLevel), max_size=4)))
    )
    return builders.a_document(
        title=draw(LINE),
        language=draw(st.sampled_from(Language)),
        clauses=draw(clauses()),
        services=services,
        parties=builders.parties()[: draw(st.integers(0, 4))],
        attachments=tuple(
            Attachment(
                title, AttachmentKind.OTHER, draw(st.sampled_from(("", "offl. § 13"))), "a" * 64
            )
            for title in draw(st.lists(LINE, max_size=3))
        ),
    )
