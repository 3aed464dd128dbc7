"""What is done with a person's name, role and two factors. One transaction and one event each."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from municipalities import access
from municipalities.accounts import mails, second_factor
from municipalities.accounts.models import AccountMail
from municipalities.invitations import service
from municipalities.models import Membership, Region, RegisterEvent, User
from municipalities.revisions import ConflictError


class AboveError(ConflictError):
    """The person's say goes beyond the region: they are helped by somebody who runs the installation."""


def note(by: User | None, action: str, user: User) -> None:
    """Write down what was done with somebody's way of logging in."""
    RegisterEvent.objects.create(actor=by, action=action, data={"user": user.pk, "name": user.name})


@transaction.atomic
def rename(user: User, name: str) -> bool:
    """Let somebody be called something else from now on; tell whether it differs. ValidationError."""
    row = User.objects.select_for_update().get(pk=user.pk)
    before, row.name = row.name, name
    row.full_clean(exclude=["password"])
    if row.name == before:
        return False
    row.save(update_fields=["name", "sort_key"])
    data = {"user": row.pk, "name": [before, row.name]}
    RegisterEvent.objects.create(actor=row, action="person.renamed", data=data)
    return True


@transaction.atomic
def change_role(by: User, region: Region, membership_pk: int, role: str) -> bool:
    """Give somebody another role in the same municipality; tell whether it was there to change.

    ValueError for a role that is not `by`'s to give, OwnRoleError, AlreadyThereError.
    """
    if role not in access.roles_to_give(by, region):
        raise ValueError(f"nobody is made {role} by {by.pk}")
    rows = Membership.objects.filter(organisation__in=access.bodies(region))
    rows = rows.select_related("user", "organisation").select_for_update(of=("self",))
    row = rows.filter(pk=membership_pk).first()
    if row is None:
        return False
    if row.user_id == by.pk:
        raise service.OwnRoleError
    if row.role == role:
        raise service.AlreadyThereError
    before, row.role = row.role, role
    try:
        with transaction.atomic():
            row.save(update_fields=["role"])
    except IntegrityError:
        raise service.AlreadyThereError from None
    data = {"user": row.user_id, "name": row.user.name, "region": region.slug}
    RegisterEvent.objects.create(
        actor=by,
        action="membership.changed",
        organisation=row.organisation,
        data={**data, "role": [before, role]},
    )
    return True


def with_totp(users: set[int]) -> set[int]:
    """Return those of these people who log in with two factors. One query."""
    rows = Authenticator.objects.filter(user__in=users, type=second_factor.TOTP)
    return set(rows.values_list("user_id", flat=True))


@transaction.atomic
def reset_totp(by: User | None, user: User, region: Region | None = None) -> bool:
    """Take somebody's app and codes away, so that they can start afresh; tell whether there were any.

    The person is told by mail. `by` is nobody on the command line, and else an administrator of the
    region: OwnRoleError for oneself, which takes the code; AboveError where access.may_reset_totp says no.
    """
    if by is not None and by.pk == user.pk:
        raise service.OwnRoleError
    if by is not None and (region is None or not access.may_reset_totp(by, user, region)):
        raise AboveError
    deleted, _ = Authenticator.objects.filter(user=user).delete()
    if not deleted:
        return False
    note(by, "totp.reset", user)
    mails.tell(user, AccountMail.Kind.TOTP_RESET, by.name if by else "Den som drifter programmet,")
    return True
