"""Every permission of the agreements room. A missing role means no.

Views fetch through `fetch`: an outsider gets 404, an insider without the right 403. Templates ask the
same Abilities.
"""

from agreements.access.mandates import (
    Mandate,
    answers_for,
    drafting,
    drafts,
    mandate,
    may_be_delegated,
    running_delegations,
)
from agreements.access.roles import (
    Abilities,
    abilities,
    comments,
    drafts_as,
    drafts_of,
    fetch,
    last_changed,
    listed_in,
    may_create,
    numbers,
    places,
    regions_to_draft_for,
    visibilities,
    visible,
    visible_in,
)
from agreements.access.templates import (
    TemplateAbilities,
    county_authorities,
    fetch_template,
    may_read_templates,
    templates,
)

__all__ = [
    "Abilities",
    "Mandate",
    "TemplateAbilities",
    "abilities",
    "answers_for",
    "comments",
    "county_authorities",
    "drafting",
    "drafts",
    "drafts_as",
    "drafts_of",
    "fetch",
    "fetch_template",
    "last_changed",
    "listed_in",
    "mandate",
    "may_be_delegated",
    "may_create",
    "may_read_templates",
    "numbers",
    "places",
    "regions_to_draft_for",
    "running_delegations",
    "templates",
    "visibilities",
    "visible",
    "visible_in",
]
