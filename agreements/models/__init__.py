"""The rows of the agreements room, a module for each kind.

What is decided on and printed is never these rows but the Document that `snapshot` builds from them.
"""

from agreements.models.acknowledgement import Acknowledgement
from agreements.models.choices import (
    CLAUSE_TEXT_LIMIT,
    HEADING_LIMIT,
    KEY,
    LANGUAGES,
    PARTY_ROLES,
    SERVICE_LEVELS,
)
from agreements.models.draft import Agreement, Clause, Party, ServiceItem
from agreements.models.event import AgreementEvent
from agreements.models.input import Comment, Suggestion
from agreements.models.message import Delivery, Digest, Message, NoticeChoice
from agreements.models.resolution import Resolution, ResolutionExtract
from agreements.models.template import AgreementTemplate, TemplateClause, TemplateService
from agreements.models.version import AccessLog, Decision, Delegation, Round, Version

__all__ = [
    "CLAUSE_TEXT_LIMIT",
    "HEADING_LIMIT",
    "KEY",
    "LANGUAGES",
    "PARTY_ROLES",
    "SERVICE_LEVELS",
    "AccessLog",
    "Acknowledgement",
    "Agreement",
    "AgreementEvent",
    "AgreementTemplate",
    "Clause",
    "Comment",
    "Decision",
    "Delegation",
    "Delivery",
    "Digest",
    "Message",
    "NoticeChoice",
    "Party",
    "Resolution",
    "ResolutionExtract",
    "Round",
    "ServiceItem",
    "Suggestion",
    "TemplateClause",
    "TemplateService",
    "Version",
]
