"""A body with everything around it as a Word file. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agreements.documents.word import package, parts
from agreements.documents.words import WORDS
from agreements.domain import markup
from agreements.domain.document import Language

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TITLE_SHOWN = 100  # characters of the title at the top of a page


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands over and under every page: the title, and the stamp beside the number of the page."""

    title: str
    language: Language
    stamp: str


def packed(
    body: str,
    lists: Sequence[int],
    foot: Foot,
    *,
    numbered: bool,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Return the file. `lists` are the levels numbered lists begin on; `more` other parts by name.

    Where the headings are `numbered` it is an agreement, else a report.
    """
    language, words = foot.language.value, WORDS[foot.language]
    title = markup.one_line(foot.title)
    files = {
        "word/document.xml": (
            f"{parts.HEAD}<w:document {parts.SPACES}><w:body>{body}{parts.section()}</w:body>"
            "</w:document>"
        ),
        "word/styles.xml": parts.styles(language, paper=not numbered),
        "word/numbering.xml": parts.numbering(lists, numbered=numbered),
        "word/settings.xml": parts.settings(language),
        "word/header1.xml": parts.header(shorten(title)),
        "word/footer1.xml": parts.footer(foot.stamp, words.page, words.of),
    }
    return package.pack({**files, **(more or {})}, title, language)


def shorten(title: str) -> str:
    """Return what the top of every page has room for on one line, cut between two words."""
    if len(title) <= _TITLE_SHOWN:
        return title
    cut = title[:_TITLE_SHOWN]
    return (cut.rpartition(" ")[0] or cut[:-1]).rstrip(" ,.;:–-") + "…"


def tag(language: Language) -> str:
    """The language as Word names it."""
    return "nn-NO" if language is Language.NYNORSK else "nb-NO"
