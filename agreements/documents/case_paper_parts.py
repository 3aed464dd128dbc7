"""What a case paper is laid out with: the top of the first page, and what people have typed."""

from __future__ import annotations

from dataclasses import dataclass

from agreements.documents.case_paper_words import PAPER_WORDS
from agreements.documents.chapters import PBlock
from agreements.documents.words import WORDS
from agreements.domain import markup
from agreements.domain.case_paper import CasePaper, Part, View
from agreements.domain.resolve import RParagraph, Run
from financing.export import HASH_SHOWN
from municipalities import norwegian


@dataclass(frozen=True, slots=True)
class Face:
    """The top of the first page. `state` is what the footer of every page says too."""

    eyebrow: str
    title: str
    keys: tuple[tuple[str, str], ...]
    state: str


def face(paper: CasePaper) -> Face:
    """Return the top of the paper: what it is, for whom, and about which version."""
    words, document, frozen = PAPER_WORDS[paper.language], paper.document, paper.frozen
    start = norwegian.date_long(document.term_start, paper.language)
    end = norwegian.date_long(document.term_end, paper.language)
    to = (
        words["to_council"].format(name=paper.recipient.name)
        if paper.recipient
        else words["to_region"].format(name=document.region)
    )
    keys = [(words["to"], to)]
    number = _case_number(paper)
    if number:
        keys.append((words["case"], number))
    keys.append((words["term"], words["until"].format(start=start, end=end)))
    about, state = words["is_draft"], words["draft"]
    if frozen:
        shown = frozen.sha256[:HASH_SHOWN]
        day = norwegian.date_long(frozen.day, paper.language)
        about = words["version"].format(number=frozen.number, day=day, hash=shown)
        if frozen.withdrawn:
            about += f". {words['withdrawn']}"
        state = words["version_short"].format(number=frozen.number)
        if frozen.withdrawn:
            state += f", {WORDS[paper.language].withdrawn}"
    keys.append((words["about"], about))
    eyebrow = words["paper"] if frozen else f"{words['paper']} · {words['draft']}"
    return Face(eyebrow, document.title, tuple(keys), state)


def _case_number(paper: CasePaper) -> str:
    """The region's own number; for a municipality the one its council has used, when it has decided."""
    if paper.recipient is None:
        return paper.written(Part.CASE_NUMBER)
    view = paper.view
    return view.decided.case_number if view and view.decided else ""


def reasons(view: View) -> list[PBlock]:
    """What somebody has said, each line a paragraph, the first with the name."""
    paragraphs = typed(view.comment)
    if not paragraphs:
        return []
    first, *rest = paragraphs
    name = Run(f"{markup.one_line(view.body.short_name)}: ", bold=True)
    return [RParagraph((name, *first.runs)), *rest]


def typed(text: str) -> list[RParagraph]:
    """Return a text that somebody has typed, each line a paragraph."""
    found = (markup.one_line(line) for line in markup.clean(text).split("\n"))
    return [RParagraph((Run(line),)) for line in found if line]
