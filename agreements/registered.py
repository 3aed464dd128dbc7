"""What anybody may ask of the files: whether one is registered here. Says as little as can be.

A file is known by its SHA-256. The content of an agreement has one too, which is printed on its paper
with the address that asks for it: a file cannot have its own hash in it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Q

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

    Content counts once its final files are made, or its public version is. A signed file does not count
    where somebody vouched for it and took that back.
    """
    rows = (
        StoredFile.objects.select_related("version__round", "public_version")
        .defer("content", "version__findings")
        .order_by("-version__frozen_at", "pk")
    )
    name = "sha256" if len(digest) == 64 else "sha256__startswith"
    counting = rows.annotate(taken_back=finals.taken_back()).filter(taken_back=False)
    found = [_registered(file) for file in counting.filter(**{name: digest})[:MOST_FOUND]]
    final = Q(kind=StoredFile.Kind.AGREEMENT, **{f"version__{name}": digest})
    public = Q(**{f"public_version__content_{name}": digest})
    printed = rows.filter(final | public)[:MOST_FOUND]
    return found + [_registered(file, content=True) for file in printed]


def _registered(file: StoredFile, *, content: bool = False) -> Registered:
    version = file.version
    document = workflow.document_of(version)
    kind = StoredFile.Kind(file.kind)
    public = kind is StoredFile.Kind.PUBLIC
    what = kind.label
    if content:
        what = "innholdet i den offentlige versjonen" if public else "innholdet i avtalen"
    return Registered(
        # Whoever has the public version may have no more of the title than stands there.
        title=file.public_version.title if public else document.title,
        language=document.language.value,
        version=version.number,
        what=what,
        kept_at=file.created_at,
        withdrawn=version.round.withdrawn_at is not None,
        content=content,
        foreign=file.foreign,
    )


def clean(given: str) -> str:
    """Return a hash as it is stored, from what somebody has typed; empty for what is none."""
    digest = "".join(given.split()).lower()
    return digest if _HASH.fullmatch(digest) else ""
