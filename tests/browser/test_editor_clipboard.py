"""What is pasted from other programs becomes clean text, and what is copied goes out as clause text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import editor

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parents[1] / "data" / "clipboard"
HOSTILE = """
<meta charset="utf-8"><base href="https://elsewhere.example/"><p STYLE="color:red" title="a>b"
  onmouseover='alert(1)'>Trygg <a href="javascript:alert(1)" style="x">lenke</a></p>
<script>alert(2)</script><style>p { color: red }</style><svg onload=alert(3)><text>bilde</text></svg>
<p><img src=x onerror=alert(4)>style="rød" og onsdag="fri" er tekst</p>
<iframe srcdoc="<p>ramme</p>"></iframe><input value="felt"><h3>Til slutt</h3>
"""


@pytest.fixture
def page(tab_of: Callable[[str], Page]) -> Any:
    """An empty editor. What is typed is forgotten, so that the next test may leave the page."""
    page = tab_of("editor")
    editor.begin(page)
    yield page
    editor.forget(page)


def sample(name: str, kind: str) -> str:
    return (SAMPLES / f"{name}.{kind}").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.stem for path in SAMPLES.glob("*.html")))
def test_a_paste_from(name: str, page: Page) -> None:
    editor.paste(page, sample(name, "html"))
    assert editor.sent(page) == sample(name, "txt").strip()


def test_a_table_is_refused_with_a_reason_and_a_way_out(page: Page) -> None:
    editor.paste(page, sample("word_table", "html"))
    message = page.locator(".editor [data-said]").filter(has_text="Tabellen")
    expect(message).to_contain_text("ble ikke limt inn")
    expect(message).to_contain_text("«Bidragstabellen»")
    expect(editor.field(page)).to_contain_text("De faktureres i mars.")
    editor.paste(page, text="mer")
    expect(message).to_have_count(0)


def test_where_all_is_refused_what_is_marked_stays(page: Page) -> None:
    """Cells from a spreadsheet."""
    page.keyboard.type("står her")
    page.keyboard.press("Control+a")
    cells = "<tr><td>Hole</td><td>7065</td></tr>"
    editor.paste(page, f"<table>{cells}</table>", "Hole\t7065")
    expect(page.locator(".editor [data-said]")).to_contain_text("Tabellen ble ikke limt inn")
    assert editor.sent(page) == "står her"


def test_nothing_dangerous_comes_in_and_nothing_that_is_text_is_lost(page: Page) -> None:
    """The watcher fails the test for any report of the content security policy."""
    editor.paste(page, HOSTILE)
    assert editor.sent(page) == (
        'Trygg lenke\n\nstyle="rød" og onsdag="fri" er tekst\n\n**Til slutt**'
    )
    expect(page.locator(".editor [data-said]").filter(has_text="Bildet")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ringerike\nHole\r\nJevnaker", "Ringerike\n\nHole\n\nJevnaker"),
        ("Et avsnitt som\ner brutt.\n\nEt til.", "Et avsnitt som er brutt.\n\nEt til."),
        ("Skal:\n• veilede\n• holde kurs", "Skal:\n\n- veilede\n- holde kurs"),
        ("•\tveilede\no\tom penger\n•\tkurs", "- veilede\n- om penger\n- kurs"),
        ("- a\n  - b\n    1. c\n- d", "- a\n  - b\n    1. c\n- d"),
        ("1. a\n2. b\n\n17. mai\n", "1. a\n2. b\n\n17\\. mai"),
        ("**Fet** og {{ region.navn }}", "**Fet** og {{ region.navn }}"),
        ("se [[ punkt : formaal ]]", "se [[punkt:formaal]]"),
        ("2 * 3 = {{", "2 \\* 3 = \\{\\{"),
        ("<b>ikke fet</b> & sånn", "<b>ikke fet</b> & sånn"),
    ],
)
def test_plain_text(text: str, expected: str, page: Page) -> None:
    editor.paste(page, text=text)
    assert editor.sent(page) == expected


def test_a_word_is_pasted_into_the_sentence(page: Page) -> None:
    page.keyboard.type("for og etter")
    for _ in " og etter":
        page.keyboard.press("ArrowLeft")
    editor.paste(page, "<p class=MsoNormal style='x:y'> midt<o:p></o:p></p>")
    page.keyboard.type(" i")
    assert editor.sent(page) == "formidt i og etter"


def test_a_list_pasted_in_a_list_is_never_too_deep(page: Page) -> None:
    deep = "\n".join("  " * level + "- a" for level in range(7))
    editor.paste(page, text=deep)
    editor.paste(page, "<ul><li>b<ul><li>c<ul><li>d</li></ul></li></ul></li></ul>")
    lines = editor.sent(page).splitlines()
    assert len("".join(lines).replace(" ", "").replace("-", "")) == 10
    assert max(len(line) - len(line.lstrip()) for line in lines) <= 14


def test_what_is_copied_comes_back_the_same(page: Page) -> None:
    text = "**Se** [[punkt:formaal]]\n\n- a\n  1. {{ region.navn }}\n\n{{ tabell.bidrag }}"
    editor.paste(page, text=text)
    page.keyboard.press("Control+a")
    copied = editor.field(page).evaluate(
        """(field) => {
          const data = new DataTransfer();
          field.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true}));
          return {html: data.getData("text/html"), text: data.getData("text/plain")};
        }"""
    )
    assert copied["text"] == text
    for kind in ("html", "text"):
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")
        assert editor.sent(page) == ""
        editor.paste(page, **{kind: copied[kind]})
        assert editor.sent(page) == text
