"""Input that tests begin with, beside the two requests of the demonstration."""

from __future__ import annotations

from agreements import input as services
from agreements.editing import Actor
from agreements.models import Agreement, Comment
from municipalities.models import Organisation, User
from tests.conftest import CAST

SHARED, INTERNAL = Comment.Visibility.SHARED.value, Comment.Visibility.INTERNAL.value
SECRET = "Vi tror Hole kommer til å si nei"
KEYS = {
    "editor": "3305",
    "other_editor": "3316",
    "director": "3310",
    "county": "33",
    "administrator": "3305",
}


def actor(who: str) -> Actor:
    """One of the cast, for their own organisation."""
    user = User.objects.get(email=CAST[who])
    return Actor(user, Organisation.objects.get(key=KEYS[who]))


def wish(agreement: Agreement) -> Comment:
    """Modum's open request in the demonstration."""
    return agreement.comments.get(parent=None, state="open", clause_key="informasjon")


def a_comment(
    agreement: Agreement,
    who: str = "director",
    text: str = "Vi vil ha dette klarere.",
    visibility: str = SHARED,
    target: services.Target = services.Target(clause_key="formaal"),  # noqa: B008 -- frozen
) -> Comment:
    return services.add_comment(actor(who), agreement, target, text, visibility)


def an_internal(agreement: Agreement, who: str = "other_editor") -> Comment:
    """A comment only the team may see."""
    return a_comment(agreement, who, SECRET, INTERNAL)


def a_suggestion(
    agreement: Agreement,
    who: str = "director",
    key: str = "taushetsplikt",
    text: str = "",
    visibility: str = SHARED,
) -> Comment:
    """Another wording of a clause: a sentence more, unless the whole text is given."""
    clause = agreement.clauses.select_related("agreement").get(key=key)
    proposed = clause.heading, text or f"{clause.text}\nPlikten gjelder også etter avtaletiden."
    return services.suggest(
        actor(who), clause, clause.revision, proposed, "Det bør sies.", visibility
    )


def for_permissions(agreement: Agreement) -> dict[str, int]:
    """One of each kind, by the words of the permission table."""
    closed = a_comment(agreement)
    services.resolve_comment(actor("editor"), closed, "")
    return {
        "wish": wish(agreement).pk,
        "internal": an_internal(agreement).pk,
        "closed": closed.pk,
        "proposed": a_suggestion(agreement).pk,
    }
