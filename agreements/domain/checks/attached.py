"""What should be attached to the agreement and is not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.domain.checks.model import Code, Context, Finding, Level
from agreements.domain.checks.reading import sentences
from agreements.domain.document import AttachmentKind, Document

# Where the parties deal with what is known of persons.
_PERSONAL = re.compile(
    r"\bperson(?:opplysning|vern|data)|\bdatabehandl|\bbehandlingsansvar|\bklientliste|\bbrukerliste"
    r"|\bkunde(?:liste|register)|\bklient(?:opplysning|register)|\bbrukerregister"
    r"|\bopplysning\w{0,4}\s+om\s+(?:brukerne|brukarane|brukere|brukarar|kunder|klienter)\b",
    re.IGNORECASE,
)


def data_processing(document: Document, context: Context) -> Iterator[Finding]:
    """Find an agreement that deals with personal data, and has no arrangement for it attached.

    The parties are controllers each for their own, and whoever treats data for them needs an
    arrangement (personvernforordningen articles 26 and 28). A clause about who owns the data is none.
    """
    if any(one.kind is AttachmentKind.DATA_PROCESSING for one in document.attachments):
        return
    said = next((part for part in sentences(document) if _PERSONAL.search(part.text)), None)
    if said is not None:
        yield Finding(
            Level.WARNING,
            Code.DATA_PROCESSING_MISSING,
            f"{said.where()}Avtalen omtaler personopplysninger, men ingen databehandleravtale eller "
            "ordning for felles behandlingsansvar ligger ved. Legg den ved under Dokumenter, Vedlegg.",
            said.anchor,
        )
