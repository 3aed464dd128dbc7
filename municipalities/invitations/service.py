"""Inviting, sending again, revoking, accepting, and ending a role. One transaction and one event each."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from municipalities import access, characters, outbox
from municipalities.accounts import sessions
from municipalities.invitations.models import Invitation, in_two_weeks, new_nonce
from municipalities.models import Membership, Organisation, Region, RegisterEvent, User
from municipalities.revisions import ConflictError

TASK = "municipalities.send_invitation"
PER_HOUR = 60  # mails that one region's administrators may have sent


class NotUsableError(ConflictError):
    """The link is unknown, used, revoked, expired, or has been tried too often."""


class AlreadyThereError(ConflictError):
    """The person has the role, or an invitation to it is open."""


class TooManyError(ConflictError):
    """So many invitations have been sent in the last hour that something is wrong."""


class HasAccountError(ConflictError):
    """There is an account with the address: its owner logs in first."""


class OwnRoleError(ConflictError):
    """Nobody ends their own access: somebody must be left to give it back."""


def token_of(nonce: str) -> str:
    """Return a link's token: derived, so that a mail sent twice has the same and no table has it."""
    digest = salted_hmac("municipalities.invitation", nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode("ascii").rstrip("=")


def sha256_of(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    by: User, region: Region, organisation: Organisation, email: str, role: str
) -> Invitation:
    """Store an invitation, and the job that mails its link.

    ValueError for a body outside the region or a role that is not `by`'s to give. AlreadyThereError,
    TooManyError.
    """
    if organisation.pk not in access.bodies(region):
        raise ValueError(f"{organisation.key} is not of {region.slug}")
    if role not in access.roles_to_give(by, region):
        raise ValueError(f"nobody is invited to be {role} by {by.pk}")
    _lock(region)
    email = email.strip().lower()
    given = Membership.objects.filter(user__email=email, organisation=organisation, role=role)
    if given.exists():
        raise AlreadyThereError
    nonce = new_nonce()
    row = Invitation(
        region=region,
        organisation=organisation,
        email=email,
        role=role,
        nonce=nonce,
        token_sha256=sha256_of(token_of(nonce)),
        invited_by=by,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise AlreadyThereError from None
    _event(by, "invitation.sent", row)
    outbox.enqueue(TASK, [row.pk])
    return row


def _lock(region: Region) -> None:
    """Let invitations of a region queue up, and stop a flood of them."""
    Region.objects.select_for_update(of=("self",)).only("pk").get(pk=region.pk)
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    actions = ("invitation.sent", "invitation.sent_again")
    recent = RegisterEvent.objects.filter(
        action__in=actions, occurred_at__gte=hour_ago, data__region=region.slug
    )
    if recent.count() >= PER_HOUR:
        raise TooManyError


def _event(by: User | None, action: str, row: Invitation) -> None:
    """Write down what was done; the address is the invitation's alone."""
    RegisterEvent.objects.create(
        actor=by,
        action=action,
        organisation=row.organisation,
        data={"invitation": row.pk, "role": row.role, "region": row.region.slug},
    )


def _open(row: Invitation) -> Invitation:
    """Lock an invitation that nobody has used; NotUsableError for one that is used or revoked."""
    rows = Invitation.objects.select_related("organisation", "region")
    stored = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if stored.used_at or stored.revoked_at:
        raise NotUsableError
    return stored


@transaction.atomic
def send_again(by: User, row: Invitation) -> Invitation:
    """Make a new link, valid anew, and mail it; the earlier one is dead. NotUsableError, TooManyError.

    ValueError for a role that is not `by`'s to give.
    """
    if row.role not in access.roles_to_give(by, row.region):
        raise ValueError(f"nobody is invited to be {row.role} by {by.pk}")
    _lock(row.region)
    stored = _open(row)
    stored.nonce = new_nonce()
    stored.token_sha256 = sha256_of(token_of(stored.nonce))
    stored.expires_at, stored.tries = in_two_weeks(), 0
    stored.message_id, stored.try_after = outbox.new_message_id(), outbox.soon()
    stored.created_at, stored.sent_at, stored.dropped_at = timezone.now(), None, None
    stored.attempts, stored.error = 0, ""
    stored.save()
    _event(by, "invitation.sent_again", stored)
    outbox.enqueue(TASK, [stored.pk])
    return stored


@transaction.atomic
def revoke(by: User, row: Invitation) -> bool:
    """Make a link worthless; tell whether it was worth something. NotUsableError once it is used."""
    rows = Invitation.objects.select_related("organisation", "region")
    stored = rows.select_for_update(of=("self",)).get(pk=row.pk)
    if stored.used_at:
        raise NotUsableError
    if stored.revoked_at:
        return False
    stored.revoked_at = timezone.now()
    stored.save(update_fields=["revoked_at"])
    _event(by, "invitation.revoked", stored)
    return True


def find(token: str) -> Invitation:
    """Return the invitation a link leads to. Writes nothing. NotUsableError."""
    rows = Invitation.objects.select_related("organisation", "region")
    row = rows.filter(token_sha256=sha256_of(token)).first()
    if row is None or not row.usable:
        raise NotUsableError
    return row


def count_try(row: Invitation) -> None:
    """Count a form that was refused: a link is not for trying on."""
    Invitation.objects.filter(pk=row.pk).update(tries=F("tries") + 1)


@transaction.atomic
def accept(token: str, *, user: User | None = None, name: str = "", password: str = "") -> User:
    """Use a link: give the role to `user`, or to a new person with this name and password.

    NotUsableError (also for the second of two at once), HasAccountError where the address has an
    account and its owner is not the one logged in, ValidationError for a name or password.
    """
    found = locked(sha256_of(token))
    if user is None:
        user = _new_person(found.email, name, password)
    take(found, user)
    return user


def locked(token_sha256: str) -> Invitation:
    """Return the invitation with this hash, for the rest of the transaction. NotUsableError."""
    rows = Invitation.objects.select_related("organisation", "region")
    found = rows.select_for_update(of=("self",)).filter(token_sha256=token_sha256).first()
    if found is None or not found.usable:
        raise NotUsableError
    return found


def take(found: Invitation, user: User) -> None:
    """Give the role and use the link up. HasAccountError where it was sent to somebody else."""
    if user.email != found.email or not user.is_active:
        raise HasAccountError
    Membership.objects.get_or_create(user=user, organisation=found.organisation, role=found.role)
    found.used_at, found.used_by = timezone.now(), user
    found.save(update_fields=["used_at", "used_by"])
    _event(user, "invitation.used", found)


def _new_person(email: str, name: str, password: str) -> User:
    user = _person(email, name)
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise ValidationError({"password": problem.error_list}) from problem
    user.set_password(password)
    return _stored(user)


def person_without_password(email: str, name: str) -> User:
    """Store somebody who logs in at a provider; shown by their address where it says no printable name.

    HasAccountError, ValidationError for an address that nobody may have here.
    """
    shown = characters.one_line(name)
    if characters.unprintable(shown):
        shown = ""
    user = _person(email, (shown or email)[:120])
    user.set_unusable_password()
    return _stored(user)


def _person(email: str, name: str) -> User:
    if User.objects.filter(email=email).exists():
        raise HasAccountError
    user = User(email=email, name=name)
    user.full_clean(exclude=["password"])
    return user


def _stored(user: User) -> User:
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise HasAccountError from None
    return user


@transaction.atomic
def end_access(by: User, region: Region, membership_pk: int) -> bool:
    """Take a role in one of the region's municipalities away; tell whether it was there. OwnRoleError."""
    rows = Membership.objects.filter(organisation__in=access.bodies(region))
    row = (
        rows.select_related("user", "organisation")
        .select_for_update(of=("self",))
        .filter(pk=membership_pk)
        .first()
    )
    if row is None:
        return False
    if row.user_id == by.pk:
        raise OwnRoleError
    RegisterEvent.objects.create(
        actor=by,
        action="membership.ended",
        organisation=row.organisation,
        data={
            "user": row.user_id,
            "name": row.user.name,
            "role": row.role,
            "region": region.slug,
        },
    )
    row.delete()
    sessions.end_without_role(row.user, by)
    return True


def send(pk: int) -> bool:
    """Mail an invitation's link, unless that is done or the invitation is dead."""
    rows = Invitation.objects.select_related("organisation", "region", "invited_by")
    return outbox.deliver(rows, pk, _compose)


def _compose(row: Invitation) -> outbox.Mail | None:
    token = token_of(row.nonce)
    # With another SECRET_KEY than when it was made the link would lead nowhere: «send again» mends it.
    if not row.usable or not settings.BASE_URL or sha256_of(token) != row.token_sha256:
        return None
    context = {
        "invitation": row,
        "role": row.get_role_display(),
        "link": outbox.address(reverse("invitation", args=[token])),
    }
    subject = f"Invitasjon til Samarbeidsavtaler for {row.organisation.name}"
    return outbox.Mail(row.email, subject, "mail/invitation", context)
