"""The rows of the agreements room, a module for each kind.

What is decided on and printed is never these rows but the Document that `snapshot` builds from them.
"""

from agreements.models.choices import CLAUSE_TEXT_LIMIT, KEY, LANGUAGES, PARTY_ROLES, SERVICE_LEVELS
from agreements.models.draft import Agreement, Clause, Party, ServiceItem
from agreements.models.event import AgreementEvent
from agreements.models.input import INPUT_TEXT_LIMIT, Comment, Suggestion
from agreements.models.template import AgreementTemplate, TemplateClause, TemplateService
from agreements.models.upload import Upload

__all__ = [
    "CLAUSE_TEXT_LIMIT",
    "INPUT_TEXT_LIMIT",
    "KEY",
    "LANGUAGES",
    "PARTY_ROLES",
    "SERVICE_LEVELS",
    "Agreement",
    "AgreementEvent",
    "AgreementTemplate",
    "Clause",
    "Comment",
    "Party",
    "ServiceItem",
    "Suggestion",
    "TemplateClause",
    "TemplateService",
    "Upload",
]
