"""What anybody may ask of the files: whether one is registered here. Says as little as can be.

A file is known by its SHA-256. The content of an agreement has one too, which is printed on its paper
with the address that asks for it: a file cannot have its own hash in it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from agreements import finals, workflow
from agreements.models import StoredFile

SHORTEST = 12  # characters of a hash, as it is printed at the foot of a page
_HASH = re.compile(rf"[0-9a-f]{{{SHORTEST},64}}")


@dataclass(frozen=True)
class Registered:
    """What anybody who has a file or its hash may know: that it is registered, and as what."""

    title: str
    language: str
    version: int
    what: str
    kept_at: dt.datetime  # of the file
    withdrawn: bool
    content: bool  # the hash is that of the content, which is printed, and not that of a file
    foreign: bool


MOST_FOUND = 5


def find(digest: str) -> list[Registered]:
    """Return what a hash, or the beginning of one, is registered as: the newest first. Two queries.

    Content counts once its final files are made. A signed file does not count where somebody vouched
    for it and took that back.
    """
    rows = (
        StoredFile.objects.select_related("version__round")
        .defer("content", "version__findings")
        .order_by("-version__frozen_at", "pk")
    )
    same = {"sha256": digest} if len(digest) == 64 else {"sha256__startswith": digest}
    counting = rows.annotate(taken_back=finals.taken_back()).filter(taken_back=False)
    found = [_registered(file, content=False) for file in counting.filter(**same)[:MOST_FOUND]]
    about = {f"version__{name}": value for name, value in same.items()}
    printed = rows.filter(kind=StoredFile.Kind.AGREEMENT, **about)[:MOST_FOUND]
    return found + [_registered(file, content=True) for file in printed]


def _registered(file: StoredFile, *, content: bool) -> Registered:
    version = file.version
    document = workflow.document_of(version)
    return Registered(
        title=document.title,
        language=document.language.value,
        version=version.number,
        what="innholdet i avtalen" if content else StoredFile.Kind(file.kind).label,
        kept_at=file.created_at,
        withdrawn=version.round.withdrawn_at is not None,
        content=content,
        foreign=file.foreign,
    )


def clean(given: str) -> str:
    """Return a hash as it is stored, from what somebody has typed; empty for what is none."""
    digest = "".join(given.split()).lower()
    return digest if _HASH.fullmatch(digest) else ""
