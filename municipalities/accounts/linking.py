"""Binding a person to who they are at a provider: by invitation, or by themselves when logged in.

Never by an address: whoever holds it at a provider need not be who holds it here.
"""

from __future__ import annotations

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction

from municipalities.accounts import mails
from municipalities.accounts.identity import Identity
from municipalities.accounts.models import AccountMail
from municipalities.invitations import service
from municipalities.models import Invitation, RegisterEvent, User
from municipalities.revisions import ConflictError


class TakenError(ConflictError):
    """Somebody else logs in with this identity."""


class LastWayError(ConflictError):
    """Without it the person could not log in at all."""


@transaction.atomic
def link(user: User, identity: Identity, label: str) -> bool:
    """Let the person log in with this identity; tell whether that is new. TakenError."""
    known = SocialAccount.objects.filter(provider=identity.provider, uid=identity.uid).first()
    if known is not None:
        if known.user_id != user.pk:
            raise TakenError
        return False
    bind(user, identity)
    mails.tell(user, AccountMail.Kind.LINKED, label)
    return True


def bind(user: User, identity: Identity) -> SocialAccount:
    """Store the identity and its event. TakenError."""
    row = SocialAccount(
        user=user,
        provider=identity.provider,
        uid=identity.uid,
        extra_data=identity.stored(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TakenError from None
    _event(user, "login.linked", identity.provider)
    return row


def usable(row: SocialAccount) -> bool:
    """Tell whether the identity lets anybody in: its provider is set up, for its issuer and tenant."""
    kept = row.extra_data
    return any(
        one.name == row.provider and one.accepts(kept.get("issuer"), kept.get("tenant", ""))
        for one in settings.OIDC_PROVIDERS
    )


def may_unlink(user: User, rows: list[SocialAccount], row: SocialAccount) -> bool:
    """Tell whether the person can still log in without one of their identities."""
    return user.has_usable_password() or any(usable(other) for other in rows if other.pk != row.pk)


@transaction.atomic
def unlink(user: User, pk: int, label: str) -> bool:
    """Take a way to log in away; tell whether it was there. LastWayError."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    rows = list(SocialAccount.objects.filter(user=locked))
    row = next((row for row in rows if row.pk == pk), None)
    if row is None:
        return False
    if not may_unlink(locked, rows, row):
        raise LastWayError
    row.delete()
    _event(user, "login.unlinked", row.provider)
    mails.tell(user, AccountMail.Kind.UNLINKED, label)
    return True


def _event(user: User, action: str, provider: str) -> None:
    """Write down what was done; who the person is at the provider is kept in one place only."""
    RegisterEvent.objects.create(
        actor=user, action=action, data={"user": user.pk, "name": user.name, "provider": provider}
    )


@transaction.atomic
def accept_as(token_sha256: str, identity: Identity) -> tuple[User, Invitation]:
    """Use an invitation as somebody whom a provider vouches for, and return the person.

    They become a new person without a password: an account that is there already is never taken over by a
    link. TakenError for an identity that is known; NotUsableError, HasAccountError and ValidationError as in
    the invitations' service.
    """
    found = service.locked(token_sha256)
    user = service.person_without_password(found.email, identity.name)
    bind(user, identity)
    service.take(found, user)
    return user, found
