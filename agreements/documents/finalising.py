"""The agreement as the file that is signed and kept: rendered, looked through, and given out or refused."""

from __future__ import annotations

from agreements.documents import file_facts, gate
from agreements.documents.agreement import agreement_pdf
from agreements.documents.issue import Issue, Kind
from agreements.documents.limits import signing_limits
from agreements.documents.renderer import RefusedError
from agreements.domain.document import Document


def final_pdf(document: Document, issue: Issue) -> bytes:
    """Return the final file with a signature field for each party; the same bytes each time.

    RefusedError where it follows not both standards, or where the signing service would not take it:
    such a file must not be stored. PdfError where none can be made. ValueError for an issue that is
    not final or has no signature fields.
    """
    if issue.kind is not Kind.FINAL or not issue.signature_fields:
        raise ValueError("only a final issue with signature fields is signed")
    content = agreement_pdf(document, issue)
    problems = gate.problems(content)
    if not problems:
        problems = signing_limits(file_facts.read(content), document)
    if problems:
        raise RefusedError(problems)
    return content
