"""The rows of the agreements room, a module for each kind.

What is decided on and printed is never these rows but the Document that `snapshot` builds from them.
"""

from agreements.models.attachment import Attachment, AttachmentFile
from agreements.models.checklist import ServiceChoice
from agreements.models.choices import (
    CHOICES,
    CLAUSE_TEXT_LIMIT,
    KEY,
    LANGUAGES,
    PARTY_ROLES,
    SERVICE_LEVELS,
)
from agreements.models.draft import Agreement, Clause, Party, ServiceItem
from agreements.models.event import AgreementEvent
from agreements.models.input import Comment, Suggestion
from agreements.models.template import AgreementTemplate, TemplateClause, TemplateService

__all__ = [
    "CHOICES",
    "CLAUSE_TEXT_LIMIT",
    "KEY",
    "LANGUAGES",
    "PARTY_ROLES",
    "SERVICE_LEVELS",
    "Agreement",
    "AgreementEvent",
    "AgreementTemplate",
    "Attachment",
    "AttachmentFile",
    "Clause",
    "Comment",
    "Party",
    "ServiceChoice",
    "ServiceItem",
    "Suggestion",
    "TemplateClause",
    "TemplateService",
]
