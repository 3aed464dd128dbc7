"""What the pages say of findings: where each is, what would mend it, and how many a clause has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse

from agreements import acknowledging, remembered, snapshot
from agreements.domain import checks, facts, markup, numbering
from agreements.domain import document as doc
from agreements.domain.checks.model import CLAUSE_PREFIX
from agreements.models import Acknowledgement, Agreement


@dataclass(frozen=True)
class Offer:
    """A mend as a person reads it: `instead` with facts filled in, `number` of the clause."""

    found: str
    instead: str
    is_fact: bool
    number: str


@dataclass(frozen=True)
class Marks:
    """What waits in a clause: findings of each level that nobody has let stand, and open input."""

    error: int
    warning: int
    info: int
    inputs: int

    @property
    def findings(self) -> int:
        """How many findings of any level."""
        return self.error + self.warning + self.info


class Checked:
    """The findings of a draft, parted in those that are open and those let stand."""

    def __init__(
        self, agreement: Agreement, document: doc.Document, findings: Iterable[checks.Finding]
    ) -> None:
        self.agreement, self.document, self.findings = agreement, document, tuple(findings)
        self.acknowledged: dict[checks.Finding, Acknowledgement] = acknowledging.of(
            agreement, self.findings
        )
        self._numbers = numbering.numbers(document.clauses)
        self._values = facts.values(document)

    @classmethod
    def stored(cls, agreement: Agreement, draft: remembered.Draft) -> Checked:
        """The findings of the draft as it stands now. One query."""
        return cls(agreement, draft.document, draft.findings)

    @classmethod
    def typed(cls, agreement: Agreement, document: doc.Document) -> Checked:
        """The findings of a draft with something in it that is not stored. Two queries."""
        found = checks.run(document, snapshot.context(agreement.region))
        return cls(agreement, document, found)

    @property
    def open(self) -> list[checks.Finding]:
        """Those that nobody has let stand, in document order."""
        return [finding for finding in self.findings if finding not in self.acknowledged]

    def of_clause(self, key: str) -> list[checks.Finding]:
        """The open findings of one clause."""
        anchor = f"{CLAUSE_PREFIX}{key}"
        return [finding for finding in self.open if finding.anchor == anchor]

    def named(self, identity: str) -> checks.Finding | None:
        """The finding a form was about; None where it is mended, or says something else now."""
        return next((one for one in self.findings if one.identity == identity), None)

    def marks(self, open_inputs: dict[str, int]) -> dict[str, Marks]:
        """What waits in each clause that has anything waiting, by key."""
        counted = Counter(
            (finding.anchor.removeprefix(CLAUSE_PREFIX), finding.level)
            for finding in self.open
            if finding.anchor.startswith(CLAUSE_PREFIX)
        )
        return {
            key: Marks(
                *(counted[key, level] for level in checks.Level), inputs=open_inputs.get(key, 0)
            )
            for key in {*(key for key, _ in counted), *open_inputs}
        }

    def offer(self, finding: checks.Finding) -> Offer | None:
        """What would mend the finding, None where it is not sure."""
        mend = finding.mend
        if mend is None or mend.key not in self._numbers:
            return None
        parts = markup.parse_inline(mend.instead)
        return Offer(
            found=mend.found,
            instead="".join(self._printed(part) for part in parts),
            is_fact=any(isinstance(part, markup.FactRef) for part in parts),
            number=self._numbers[mend.key],
        )

    def _printed(self, part: markup.Inline) -> str:
        match part:
            case markup.Text(text):
                return text
            case markup.FactRef(name):
                return self._values.get(name) or f"{{{{ {name} }}}}"
            case markup.ClauseRef(key):
                return f"punkt {self._numbers.get(key, key)}"

    def place(self, anchor: str, *, edit: bool) -> tuple[str, str]:
        """Return the address of what a finding is about, and the words of the link."""
        return place(self.agreement, self._numbers, anchor, edit=edit)


def place(
    agreement: Agreement, numbers: Mapping[str, str], anchor: str, *, edit: bool
) -> tuple[str, str]:
    """Return the address of a part of the agreement, and the words of the link."""
    kind, _, key = anchor.partition(":")
    slug = agreement.slug
    number = numbers.get(key) if kind == "punkt" else None
    if number is not None:
        text = f"{reverse('text', args=[slug])}#{key}"
        return (reverse("clause", args=[slug, key]) if edit else text), f"Gå til punkt {number}"
    if kind == "tjenester":
        return f"{reverse('services', args=[slug])}#{key}", "Gå til tjenesten"
    if kind == "parter":
        return reverse("parties", args=[slug]), "Gå til partene"
    if kind == "okonomi":
        return reverse("economy", args=[slug]), "Gå til økonomien"
    if kind == "vedlegg":
        return reverse("attachments", args=[slug]), "Gå til vedleggene"
    address = reverse("details" if edit else "agreement", args=[slug])
    return address, "Gå til avtalens opplysninger"


def in_words(offer: Offer | None) -> str:
    """Say what to write instead, empty where it is not sure."""
    if offer is None:
        return ""
    source = ", hentet fra avtalens opplysninger" if offer.is_fact else ""
    return f"Bytt «{offer.found}» med «{offer.instead}»{source}."


def brief(checked: Checked, findings: Iterable[checks.Finding]) -> list[dict[str, str]]:
    """The findings as `components/findings.html` lists them, without links."""
    return [
        {
            "level": finding.level.value,
            "message": finding.message,
            "mend": in_words(checked.offer(finding)),
        }
        for finding in findings
    ]
