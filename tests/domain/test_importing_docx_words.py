"""No word of a Word document is lost, whatever is changed in it."""

from __future__ import annotations

import re
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.domain import markup
from agreements.importing.docx import read
from agreements.importing.result import Imported
from tests import word_files as w
from tests.domain.importing_words import walk

START = w.para("Samarbeidsavtale om noe", "Tittel") + w.h1("Formål") + w.para("Vi samarbeider.")

WORDS = st.sampled_from(
    ["parter", "skal", "14,50", "«ja»", "kr.", "§", "6-1", "**x**", "{{a}}", "-", "1.", "a)", "æøå"]
)
TEXT = st.lists(WORDS, min_size=1, max_size=6).map(lambda words: " ".join(words))
PIECE = st.builds(
    lambda kind, text, who: (
        {"run": w.run, "bold": lambda t: w.run(t, "<w:b/>")}[kind](f"{text} ")
        if kind in ("run", "bold")
        else {"ins": w.ins, "del": w.deleted}[kind](f"{text} ", who)
    ),
    st.sampled_from(["run", "run", "bold", "ins", "del"]),
    TEXT,
    st.sampled_from([w.KARI, w.OLA]),
)
MARK = st.sampled_from(["", "", "", f'<w:ins w:id="1" {w.KARI}/>', f'<w:del w:id="1" {w.OLA}/>'])
NUMBER = st.sampled_from(
    [
        "",
        "",
        *(
            f'<w:numPr><w:ilvl w:val="{d}"/><w:numId w:val="{n}"/></w:numPr>'
            for d in (0, 1)
            for n in (1, 2)
        ),
    ]
)
PARA = st.builds(
    lambda pieces, style, number, mark: w.para("".join(pieces), style, number, mark),
    st.lists(PIECE, max_size=4),
    st.sampled_from(["", "", "", "Overskrift1", "Overskrift2", "Egen", "Tittel", "INNH1"]),
    NUMBER,
    MARK,
)
TABLE = st.builds(
    lambda rows, mark: w.table(*rows, properties=mark),
    st.lists(st.lists(TEXT, min_size=1, max_size=3), min_size=1, max_size=3),
    st.sampled_from(["", "", f'<w:trPr><w:ins w:id="1" {w.OLA}/></w:trPr>']),
)


def all_words(imported: Imported) -> Counter[str]:
    parts = [imported.title, *(text for _, text in imported.services)]
    for clause in walk(imported.clauses):
        parts += [clause.number_as_printed, clause.heading, clause.text]
    parts += [line.text for line in imported.left]
    parts += [f"{s.heading} {s.text}" for s in imported.suggestions]
    parts += [f"{c.quote} {c.text}" for c in imported.comments]
    return Counter(only_letters(" ".join(parts)))


def only_letters(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


@settings(max_examples=150)
@given(st.lists(st.one_of(PARA, PARA, PARA, TABLE), max_size=12))
def test_every_word_of_the_file_is_found_again(blocks: list[str]) -> None:
    body = START + "".join(blocks) + w.para("Siste ord.")
    found = read(w.package(body, numbering=w.lists(w.BULLETS, w.DECIMALS)))
    given_words = Counter(
        only_letters(" ".join(re.findall(r"<w:(?:t|delText)[^>]*>([^<]*)<", body)))
    )
    assert not set(given_words) - set(all_words(found))
    for clause in walk(found.clauses):
        assert markup.serialise(markup.parse(clause.text)) == clause.text
        assert len(clause.heading) <= 160
    keys = {clause.key for clause in walk(found.clauses)} | {""}
    assert {s.clause_key for s in found.suggestions} | {
        c.clause_key for c in found.comments
    } <= keys
