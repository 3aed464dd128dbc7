"""Templates that tests begin with: a county's own, and newer versions of what was shipped."""

from __future__ import annotations

import datetime as dt

from agreements import template_editing
from agreements.editing import Actor
from agreements.models import AgreementTemplate, TemplateClause, TemplateService
from municipalities.models import Organisation, User
from tests.conftest import CAST

DAY = dt.date(2027, 3, 1)
SHIPPED = "etablerertjenesten_nb"
OWN = "buskerud-fylkets-mal"


def actor() -> Actor:
    """The editor in the county authority."""
    return Actor(User.objects.get(email=CAST["county"]), Organisation.objects.get(key="33"))


def shipped() -> AgreementTemplate:
    return AgreementTemplate.objects.get(slug=SHIPPED, version=1)


def own_draft(source: AgreementTemplate | None = None) -> AgreementTemplate:
    """Buskerud's own template, a draft of its first version."""
    owner = Organisation.objects.get(key="33")
    return template_editing.copy(actor(), source or shipped(), owner, "Fylkets mal")


def publish(template: AgreementTemplate, note: str = "Alt er nytt.") -> AgreementTemplate:
    seen = template_editing.last_event(template)
    return template_editing.publish(actor(), template, seen, note, DAY)


def own_published() -> AgreementTemplate:
    return publish(own_draft())


def next_draft(template: AgreementTemplate) -> AgreementTemplate:
    return template_editing.new_draft(actor(), template)


def edit(template: AgreementTemplate, key: str, heading: str = "", text: str | None = None) -> None:
    """Somebody in the county changes a clause of a draft."""
    row = template.clauses.select_related("template").get(key=key)
    words = (heading or row.heading, row.text if text is None else text, row.source)
    template_editing.save_clause(actor(), row, row.revision, *words)


def for_permissions() -> None:
    """Buskerud's own template: its first version published, its second a draft."""
    next_draft(own_published())


def newer_model(template: AgreementTemplate) -> AgreementTemplate:
    """A second version of the model in which one clause has other words."""
    made = AgreementTemplate.objects.create(
        **{name: getattr(template, name) for name in ("name", "slug", "language")},
        version=template.version + 1,
        issued=dt.date(2027, 3, 1),
    )
    for model, rows in (
        (TemplateClause, template.clauses.all()),
        (TemplateService, template.services.all()),
    ):
        for row in rows:
            row.pk, row.template = None, made
            if getattr(row, "key", "") == "tvister":
                row.text += "\n\nMegling prøves først."
        model.objects.bulk_create(rows)
    made.status = AgreementTemplate.Status.PUBLISHED
    made.save(update_fields=["status"])
    return made
