"""The comments of a Word document: who said what, about which words, and what was answered. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lxml import etree

from agreements.importing.lines import seen
from agreements.importing.result import ImportedReply
from agreements.importing.word.body import author
from agreements.importing.word.names import W14, W15, W

_QUOTED = 200  # characters of what a comment is fastened to
_MOST_TEXT = 50_000  # characters of one comment
_MOST_OPEN = 50  # comments on the same words; more are kept without a quote
_DEEPEST = 20  # answers to answers


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment. `number` is the paragraph it begins in; None where the text does not point at it."""

    number: int | None
    author: str
    day: date | None
    quote: str
    text: str
    resolved: bool
    replies: tuple[ImportedReply, ...]


def read(
    document: etree._Element,
    numbers: dict[etree._Element, int],
    comments: etree._Element | None,
    extended: etree._Element | None,
) -> list[Remark]:
    """Return the comments in the order of the file, replies with what they answer."""
    if comments is None:
        return []
    nodes = {node.get(W + "id", ""): node for node in comments.iter(W + "comment")}
    places = _places(document, numbers, set(nodes))
    parents, done = _threads(extended)
    by_para = {key: node for node in nodes.values() for key in _para_ids(node)}
    replies: dict[str, list[ImportedReply]] = {}
    first: list[tuple[str, etree._Element]] = []
    for key, node in nodes.items():
        above = _root(node, parents, by_para)
        if above is None or above.get(W + "id", "") == key:
            first.append((key, node))
        else:
            answer = ImportedReply(author(node), day(node), _text(node))
            replies.setdefault(above.get(W + "id", ""), []).append(answer)
    found = []
    for key, node in first:
        number, quote = places.get(key, (None, ""))
        resolved = any(para in done for para in _para_ids(node))
        answers = tuple(reply for reply in replies.get(key, []) if reply.text)
        text = _text(node)
        if text or answers:
            found.append(Remark(number, author(node), day(node), quote, text, resolved, answers))
    return found


def day(node: etree._Element) -> date | None:
    """The day of a change or a comment, as its author's clock had it."""
    try:
        return date.fromisoformat(node.get(W + "date", "")[:10])
    except ValueError:
        return None


def _text(node: etree._Element) -> str:
    """The comment's paragraphs, a line each; what was struck out of it is left out."""
    lines = []
    for paragraph in node.iter(W + "p"):
        words = "".join(
            part.text or "" if part.tag == W + "t" else " "
            for part in paragraph.iter(W + "t", W + "tab", W + "br", W + "cr")
        )
        lines.append(" ".join(seen(words).split()))
    return "\n".join(filter(None, lines))[:_MOST_TEXT]


def _places(
    document: etree._Element, numbers: dict[etree._Element, int], keys: set[str]
) -> dict[str, tuple[int | None, str]]:
    """Where each comment begins, and the words between its ends."""
    places: dict[str, int | None] = {}
    quotes: dict[str, list[str]] = {}
    lengths: dict[str, int] = {}
    open_now: set[str] = set()
    here: int | None = None
    for node in document.iter():
        tag = node.tag
        if tag == W + "p":
            here = numbers[node]
            for key in open_now:
                quotes[key].append(" ")
        elif tag in (W + "commentRangeStart", W + "commentReference"):
            key = node.get(W + "id", "")
            # The mark may stand before the first paragraph it belongs to.
            if key in keys and key not in places:
                places[key], quotes[key], lengths[key] = _following(node, numbers) or here, [], 0
                if tag == W + "commentRangeStart" and len(open_now) < _MOST_OPEN:
                    open_now.add(key)
        elif tag == W + "commentRangeEnd":
            open_now.discard(node.get(W + "id", ""))
        elif tag == W + "t" and node.text:
            for key in tuple(open_now):
                quotes[key].append(node.text)
                lengths[key] += len(node.text)
                if lengths[key] > _QUOTED:  # enough, however many words it is fastened to
                    open_now.discard(key)
    return {key: (place, _short("".join(quotes[key]))) for key, place in places.items()}


def _following(node: etree._Element, numbers: dict[etree._Element, int]) -> int | None:
    """The paragraph after a mark that stands between paragraphs."""
    if any(True for _ in node.iterancestors(W + "p")):
        return None
    after = next(node.itersiblings(W + "p"), None)
    return None if after is None else numbers[after]


def _short(words: str) -> str:
    text = " ".join(seen(words).split())
    return text if len(text) <= _QUOTED else text[:_QUOTED].rpartition(" ")[0] + " …"


def _threads(extended: etree._Element | None) -> tuple[dict[str, str], set[str]]:
    """(paragraph of a reply: paragraph it answers, paragraphs of comments that are dealt with)."""
    parents: dict[str, str] = {}
    done: set[str] = set()
    for node in [] if extended is None else extended.iter(W15 + "commentEx"):
        para = node.get(W15 + "paraId", "")
        if above := node.get(W15 + "paraIdParent"):
            parents[para] = above
        if node.get(W15 + "done") in ("1", "true", "on"):
            done.add(para)
    return parents, done


def _para_ids(node: etree._Element) -> list[str]:
    return [key for p in node.iter(W + "p") if (key := p.get(W14 + "paraId"))]


def _root(
    node: etree._Element, parents: dict[str, str], by_para: dict[str, etree._Element]
) -> etree._Element | None:
    """The comment that a thread begins with; None for a ring of answers, which begins nowhere."""
    for _ in range(_DEEPEST):
        above = next((parents[p] for p in _para_ids(node) if p in parents), None)
        if above is None or above not in by_para:
            return node
        node = by_para[above]
    return None
