"""The words of the choices that rows of drafts and of model agreements share."""

from __future__ import annotations

from django.core.validators import RegexValidator

from agreements.domain.document import Choice, Language, PartyRole, ServiceLevel

LANGUAGES = [(Language.BOKMAL.value, "bokmål"), (Language.NYNORSK.value, "nynorsk")]
SERVICE_LEVELS = [
    (ServiceLevel.QUALITY.value, "kvalitetskrav"),
    (ServiceLevel.MINIMUM.value, "minimumstjeneste"),
    (ServiceLevel.ADDITIONAL.value, "tilleggstjeneste"),
]
CHOICES = [
    (Choice.IN.value, "med"),
    (Choice.OUT.value, "ikke med"),
    (Choice.BOUGHT.value, "kjøpt i tillegg"),
]
PARTY_ROLES = [
    (PartyRole.COUNTY_AUTHORITY.value, "fylkeskommune"),
    (PartyRole.CONTRACT_MUNICIPALITY.value, "kontraktskommune"),
    (PartyRole.PARTNER.value, "samarbeidspart"),
]
CLAUSE_TEXT_LIMIT = 50_000
HEADING_LIMIT = 160
KEY = RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")
