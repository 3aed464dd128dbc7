"""Characters that the documents cannot print: they come in files and registers, past the forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from agreements.domain import markup
from agreements.domain.checks import model
from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import places
from agreements.domain.document import Document, walk
from municipalities import characters


def unprintable_characters(document: Document, context: Context) -> Iterator[Finding]:
    """Find what the font of the documents lacks, in every text that a document may print."""
    labels = places(document)
    for anchor, label, content in _parts(document):
        texts = (characters.unprintable(markup.clean(text)) for text in _texts(content))
        found = list(dict.fromkeys(char for text in texts for char in text))
        if found:
            yield Finding(
                Level.ERROR,
                Code.UNPRINTABLE_CHARACTER,
                f"«{labels.get(anchor, label)}»: {characters.refusal(found)}",
                anchor,
            )


def _parts(document: Document) -> Iterator[tuple[str, str, Any]]:
    whole = (document.title, document.region, document.attachments)
    yield model.AGREEMENT, "Avtalen", whole
    yield model.PARTIES, "Parter", document.parties
    for clause in walk(document.clauses):
        yield model.clause_anchor(clause.key), clause.key, (clause.heading, clause.text)
    for service in document.services:
        yield model.service_anchor(service.key), "Tjenester", service
    yield model.FINANCING, "Økonomi", document.financing


def _texts(content: Any) -> Iterator[str]:
    """Every string in dataclasses and tuples, however deep."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, tuple):
        for part in content:
            yield from _texts(part)
    elif is_dataclass(content):
        for field in fields(content):
            yield from _texts(getattr(content, field.name))
