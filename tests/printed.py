"""Every file that the program prints: all kinds, in each capacity and language, and the hard ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from agreements import documents
from agreements.documents import Issue, Kind
from agreements.domain import canonical, public_view, redaction
from agreements.domain.case_paper import CasePaper, Frozen
from agreements.domain.document import Document, Language
from agreements.domain.marks import Mark, MarkKind
from tests import builders, long_documents, papers, spreadsheets, stress_documents
from tests.geometry import Printed

PUBLIC = (Kind.PUBLIC, Kind.PUBLIC_PREVIEW)
CAPACITIES = tuple(kind for kind in Kind if kind not in PUBLIC)
BASIS = "offl. § 23 første ledd"
MARKS = (
    Mark(MarkKind.PHRASE, BASIS, phrase="Elveby"),
    Mark(MarkKind.CLAUSE, BASIS, "okonomi", with_heading=True),
    Mark(MarkKind.SIGNATORY, BASIS, "7701"),
    Mark(MarkKind.ATTACHMENT, BASIS, "1"),
)
ADDRESS = "https://avtaler.eksempel.no"
TITLE = "Samarbeidsavtale om etablerertjenesten i Elvebyregionen 2026–2028"


@dataclass(frozen=True, slots=True)
class File:
    """One file: how it is made, and what must be true of it."""

    name: str
    make: Callable[[], bytes]
    language: Language
    foot: str  # what the foot of every page says, before the number
    across: str = ""  # the picture of the words across every page
    parties: int = 0  # that have a field to sign in
    least: int = 1  # pages

    def __str__(self) -> str:
        return self.name


@cache
def printed(file: File) -> Printed:
    """The finished file."""
    return Printed(file.make())


def issue(document: Document, kind: Kind, *, sign: bool = False) -> Issue:
    """The document in this capacity, with the code that leads to the check."""
    number = None if kind is Kind.DRAFT else 2
    return Issue(kind, number, canonical.sha256(document), ADDRESS, sign)


def across(kind: Kind, language: Language) -> str:
    """The picture of what a file in this capacity says across its pages; empty for nothing."""
    if kind is Kind.WITHDRAWN:
        return f"{'trekt' if language is Language.NYNORSK else 'trukket'}-tilbake.svg"
    return "utkast.svg" if kind in (Kind.DRAFT, Kind.PUBLIC_PREVIEW) else ""


def _of_paper(made: CasePaper) -> Kind:
    if made.frozen is None:
        return Kind.DRAFT
    return Kind.WITHDRAWN if made.frozen.withdrawn else Kind.VERSION


def in_language(language: Language) -> Document:
    """The complete agreement, with an attachment."""
    made = stress_documents.nynorsk() if language is Language.NYNORSK else builders.a_document()
    return replace(made, attachments=long_documents.attachments(2))


def agreement(name: str, document: Document, kind: Kind, least: int = 1) -> File:
    """The agreement; the final one has fields."""
    made = issue(document, kind, sign=kind is Kind.FINAL)
    return File(
        name,
        lambda: documents.agreement_pdf(document, made),
        document.language,
        made.stamp(document.language),
        across(made.kind, document.language),
        len(document.parties) if made.signature_fields else 0,
        least,
    )


def table(name: str, document: Document, kind: Kind, least: int = 1) -> File:
    """The contribution table."""
    made = issue(document, kind)
    return File(
        name,
        lambda: documents.contributions_pdf(document, made),
        document.language,
        made.stamp(document.language),
        across(made.kind, document.language),
        least=least,
    )


def paper(name: str, made: CasePaper, foot: str, least: int = 1) -> File:
    """A case paper."""
    return File(
        name,
        lambda: documents.case_paper_pdf(made),
        made.language,
        foot,
        across(_of_paper(made), made.language),
        least=least,
    )


def _agreements() -> list[File]:
    found = []
    for language, kind in itertools.product(Language, CAPACITIES):
        document = in_language(language)
        found.append(agreement(f"agreement-{kind}-{language}", document, kind))
        found.append(table(f"contributions-{kind}-{language}", document, kind))
    return found


def _papers() -> list[File]:
    found = []
    digest = papers.SHA256
    frozen = {
        "draft": None,
        "version": Frozen(2, digest, papers.DAY),
        "withdrawn": Frozen(2, digest, papers.DAY, withdrawn=True),
    }
    words = {Language.BOKMAL: ("innhold", "trukket"), Language.NYNORSK: ("innhald", "trekt")}
    for language, (state, version) in itertools.product(Language, frozen.items()):
        document = in_language(language)
        content, taken_back = words[language]
        shown = (digest if version else canonical.sha256(document))[:12]
        foot = {
            "draft": f"Utkast · {content} {shown}",
            "version": f"Versjon 2 · {content} {shown}",
            "withdrawn": f"Versjon 2, {taken_back} tilbake · {content} {shown}",
        }[state]
        for whose, recipient in (("region", None), ("own", builders.MYRVANG)):
            made = papers.a_paper(document=document, frozen=version, recipient=recipient)
            found.append(paper(f"casepaper-{state}-{whose}-{language}", made, foot))
    return found


def _comparisons() -> list[File]:
    study = spreadsheets.every_rule()
    found = []
    for name, each, least in (("comparison", study, 8), ("comparison-wide", _wide(), 12)):
        for language in Language if each is study else (Language.BOKMAL,):
            words = "innhald" if language is Language.NYNORSK else "innhold"
            foot = f"Utkast · {words} {documents.comparison.sha256(each)[:12]}"
            found.append(
                File(
                    f"{name}-{language}",
                    lambda each=each, language=language: documents.comparison_pdf(each, language),
                    language,
                    foot,
                    across="utkast.svg",
                    least=least,
                )
            )
    return found


def _wide() -> spreadsheets.Study:
    """Three of the seven alternatives: the others would print the same once more."""
    study = long_documents.a_wide_study()
    return replace(study, alternatives=study.alternatives[:3])


def _records() -> list[File]:
    found = []
    for name, title, number, least in (
        ("record", TITLE, 3, 1),
        ("record-long", long_documents.TITLE, 90, 6),
    ):
        lines = long_documents.record_lines(number)
        for language in Language:
            found.append(
                File(
                    f"{name}-{language}",
                    lambda t=title, ls=lines, lang=language: documents.record_pdf(
                        t, long_documents.LONG_NAME, ls, lang
                    ),
                    Language.BOKMAL,  # the record itself; the title has the agreement's
                    f"Siste kontrollsum {lines[-1].hash[:12]}",
                    least=least,
                )
            )
    return found


def _hard() -> list[File]:
    stress = stress_documents.stress()
    long = long_documents.a_long_agreement()
    long_paper = long_documents.a_long_paper()
    return [
        agreement("agreement-long", long, Kind.FINAL, 40),
        agreement("agreement-short", long_documents.a_short_agreement(), Kind.FINAL, 3),
        agreement("agreement-twenty-parties", stress["twenty-parties"], Kind.VERSION, 8),
        agreement("agreement-long-headings", stress["long-headings"], Kind.FINAL),
        agreement("agreement-problems", stress["problems"], Kind.DRAFT),
        table("contributions-ten-years", stress["ten-years"], Kind.FINAL, 2),
        table("contributions-six-years", stress["six-years"], Kind.FINAL),
        table("contributions-long", stress["long-table"], Kind.VERSION, 5),
        table("contributions-long-headings", stress["long-headings"], Kind.DRAFT),
        paper("casepaper-long", long_paper, f"Versjon 12 · innhold {papers.SHA256[:12]}", 20),
    ]


def _public() -> list[File]:
    found = []
    for language, kind in itertools.product(Language, PUBLIC):
        found.append(public_version(f"{kind}-{language}", in_language(language), kind, MARKS))
    long = long_documents.a_long_agreement()
    return [*found, public_version("public-long", long, Kind.PUBLIC, MARKS, 38)]


def public_version(
    name: str, document: Document, kind: Kind, marks: tuple[Mark, ...], least: int = 1
) -> File:
    """What the public gets of the agreement."""
    view = redaction.redact(document, marks)
    made = Issue(kind, 2, public_view.sha256(view), ADDRESS)
    return File(
        name,
        lambda: documents.public_pdf(view, made),
        document.language,
        made.stamp(document.language),
        across(made.kind, document.language),
        least=least,
    )


FILES = (*_agreements(), *_public(), *_papers(), *_comparisons(), *_records(), *_hard())
