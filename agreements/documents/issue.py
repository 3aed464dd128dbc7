"""In which capacity a document is printed: as a draft, as a version that is decided on, or as final."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agreements.documents.words import WORDS
from agreements.domain import canonical
from agreements.domain.document import Document, Language
from financing.export import HASH_SHOWN


class Kind(StrEnum):
    """How binding the printed text is."""

    DRAFT = "draft"
    VERSION = "version"  # frozen, and before those who decide
    WITHDRAWN = "withdrawn"  # frozen, and taken back
    REJECTED = "rejected"  # frozen, and not adopted
    DECIDED = "decided"  # frozen and adopted, and no final files yet
    FINAL = "final"  # adopted: the file that is signed
    PUBLIC = "public"  # what the public gets of a version
    PUBLIC_PREVIEW = "public_preview"  # what it would get, before that is made


@dataclass(frozen=True, slots=True)
class Issue:
    """What a file says about itself, beside its content.

    `sha256` is of the canonical content, in hexadecimal; of a public version that of what the public
    sees, since the other would tell what is withheld to whoever tries words against it. `version` is
    its number: none for a draft, and needed for the others. `base_address` is the installation's,
    without it nothing points there.
    With `signature_fields` there is one empty field for each party.
    """

    kind: Kind
    version: int | None
    sha256: str
    base_address: str = ""
    signature_fields: bool = False

    def __post_init__(self) -> None:
        if (self.version is None) != (self.kind is Kind.DRAFT):
            raise ValueError("a draft has no version number, and everything else has one")

    @property
    def is_draft(self) -> bool:
        """Whether the pages carry the word «Utkast» across them."""
        return self.kind in (Kind.DRAFT, Kind.PUBLIC_PREVIEW)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the pages carry the words «Trukket tilbake» across them."""
        return self.kind is Kind.WITHDRAWN

    def state(self, language: Language) -> str:
        """«Utkast», «Versjon 2, til behandling», «Versjon 2, trukket tilbake», «Versjon 2, forkastet»,
        «Versjon 2», or «Offentlig versjon av versjon 2»."""
        words = WORDS[language]
        public = {Kind.PUBLIC: words.public_of, Kind.PUBLIC_PREVIEW: words.public_draft_of}
        if self.kind in public:
            return f"{public[self.kind]} {self.version}"
        if self.kind is Kind.DRAFT:
            return words.draft
        number = f"{words.version} {self.version}"
        said = {
            Kind.VERSION: words.under_review,
            Kind.WITHDRAWN: words.withdrawn,
            Kind.REJECTED: words.rejected,
        }.get(self.kind)
        return f"{number}, {said}" if said else number

    def stamp(self, language: Language) -> str:
        """What the foot of every page says: the state and the start of the content's SHA-256."""
        return f"{self.state(language)} · {WORDS[language].content_hash} {self.sha256[:HASH_SHOWN]}"


def draft(document: Document, *, signature_fields: bool = False) -> Issue:
    """The Document as it is now, which nobody has decided on."""
    return Issue(Kind.DRAFT, None, canonical.sha256(document), signature_fields=signature_fields)
