"""The signatures in a PDF, as cryptography has them: who has signed which field, when, and whether it holds.

Whether a certificate is one that should be trusted is not judged: that takes lists of authorities and a
network, and the signing service has vouched for the person. What is judged is that every signature is
whole, that nothing but signing was done between them, and that nothing was added after the last.

A foreign file may keep a reader busy for ever, so the program asks `signatures`, which has this done by
`worker` within its limits.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Mapping
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import validation
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from agreements.documents.signatures import UNREADABLE, SignedField, Verified

logger = logging.getLogger(__name__)

ADDED = "Noe er lagt til i filen etter den siste signaturen."


def verify(content: bytes, names: Mapping[str, str] | None = None) -> Verified:
    """Look at every signature of a PDF. `names` are what to call the fields.

    Takes any bytes: what cannot be read is a problem.
    """
    try:
        return asyncio.run(_judge(content, names or {}))
    except Exception:
        # A hostile file can break the reader anywhere, and must never break the program.
        logger.exception("a signed file could not be read")
        return Verified((), (UNREADABLE,))


async def _judge(content: bytes, names: Mapping[str, str]) -> Verified:
    reader = PdfFileReader(io.BytesIO(content))
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    found, whole = [], False
    for signature in reader.embedded_regular_signatures:
        status = await validation.async_validate_pdf_signature(signature, context)
        name = names.get(signature.field_name, signature.field_name)
        found.append(
            SignedField(
                signature.field_name,
                _common_name(signature.signer_cert),
                signature.self_reported_timestamp,
                _problem(status, name),
            )
        )
        whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    problems = [signed.problem for signed in found if signed.problem]
    if found and not problems and not whole:
        problems.append(ADDED)
    return Verified(tuple(found), tuple(problems))


def _problem(status: Any, name: str) -> str:
    """Say why a signature does not hold; empty for one that does."""
    if not status.intact:
        return f"Signaturen for {name} stemmer ikke: filen er endret etter at den ble signert."
    if not status.valid:
        return f"Signaturen for {name} er ikke gyldig."
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return f"Signaturen for {name} dekker ikke hele filen."
    level = status.modification_level
    if status.docmdp_ok is False or (level is not None and level > ModificationLevel.FORM_FILLING):
        return f"Filen er endret etter at {name} signerte, med noe annet enn flere signaturer."
    return ""


def _common_name(certificate: Any) -> str:
    """Whom a certificate names. Its serial number is often an identity number, and is never read."""
    name = certificate.subject.native.get("common_name", "")
    return str(name[0] if isinstance(name, list) else name)
