"""The rows of the agreements room, a module for each kind.

What is decided on and printed is never these rows but the Document that `snapshot` builds from them.
"""

from agreements.models.acknowledgement import Acknowledgement
from agreements.models.attachment import Attachment, AttachmentFile
from agreements.models.case_paper import CASE_PAPER_LIMIT, PART_NAMES, CasePaperText
from agreements.models.checklist import ServiceChoice
from agreements.models.choices import (
    CHOICES,
    CLAUSE_TEXT_LIMIT,
    HEADING_LIMIT,
    KEY,
    LANGUAGES,
    PARTY_ROLES,
    SERVICE_LEVELS,
)
from agreements.models.clause_draft import ClauseDraft
from agreements.models.draft import Agreement, Clause, Party, ServiceItem
from agreements.models.event import AgreementEvent
from agreements.models.final import (
    ArchiveFacts,
    PartySignature,
    SignatureTakenBack,
    StoredFile,
)
from agreements.models.input import INPUT_TEXT_LIMIT, Comment, Suggestion
from agreements.models.message import Delivery, Digest, Message, NoticeChoice
from agreements.models.public import MARK_KINDS, PublicVersion, Withholding
from agreements.models.resolution import Resolution, ResolutionExtract
from agreements.models.template import (
    AgreementTemplate,
    TemplateClause,
    TemplateEvent,
    TemplateService,
)
from agreements.models.upload import Upload
from agreements.models.version import AccessLog, Decision, Delegation, Round, Version

__all__ = [
    "CASE_PAPER_LIMIT",
    "CHOICES",
    "CLAUSE_TEXT_LIMIT",
    "HEADING_LIMIT",
    "INPUT_TEXT_LIMIT",
    "KEY",
    "LANGUAGES",
    "MARK_KINDS",
    "PARTY_ROLES",
    "PART_NAMES",
    "SERVICE_LEVELS",
    "AccessLog",
    "Acknowledgement",
    "Agreement",
    "AgreementEvent",
    "AgreementTemplate",
    "ArchiveFacts",
    "Attachment",
    "AttachmentFile",
    "CasePaperText",
    "Clause",
    "ClauseDraft",
    "Comment",
    "Decision",
    "Delegation",
    "Delivery",
    "Digest",
    "Message",
    "NoticeChoice",
    "Party",
    "PartySignature",
    "PublicVersion",
    "Resolution",
    "ResolutionExtract",
    "Round",
    "ServiceChoice",
    "ServiceItem",
    "SignatureTakenBack",
    "StoredFile",
    "Suggestion",
    "TemplateClause",
    "TemplateEvent",
    "TemplateService",
    "Upload",
    "Version",
    "Withholding",
]
