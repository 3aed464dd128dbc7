"""Making the first person, and others who run the installation."""

from __future__ import annotations

import base64
import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from municipalities import register
from municipalities.models import Membership, Organisation, RegisterEvent, User


class AlreadySetUpError(Exception):
    """Somebody else made the first person."""


def setup_code() -> str:
    """Return the code that opens the first-run page: `abcd-efgh-ijkl-mnop`.

    Derived from SECRET_KEY, so that whoever can read the server's settings or its log can set it
    up, and a passer-by cannot. It is worth nothing once there is a person.
    """
    digest = salted_hmac("municipalities.first-run", "setup code", algorithm="sha256").digest()
    letters = base64.b32encode(digest[:10]).decode("ascii").lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def is_setup_code(text: str) -> bool:
    """Tell whether the text is the code; spaces, hyphens and case do not matter."""
    typed = re.sub(r"[\s-]", "", text).lower()
    return constant_time_compare(typed, setup_code().replace("-", ""))


def nobody_yet() -> bool:
    """Tell whether the installation has no person at all, and the first-run page is open."""
    return not User.objects.exists()


@transaction.atomic
def make_administrator(
    *, email: str, name: str, password: str, organisation: Organisation, first: bool = False
) -> User:
    """Store a person who runs the installation, with the roles administrator and editor.

    ValidationError, with a message for each field, for an address that is taken, a name that is
    missing or cannot be printed, or a weak password. With `first`: AlreadySetUpError if there is a
    person, also one who is being made at this moment.
    """
    register.lock()
    if first and not nobody_yet():
        raise AlreadySetUpError
    user = User(email=email, name=name, is_staff=True, is_superuser=True)
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
    except ValidationError as problem:
        if hasattr(problem, "error_dict"):
            raise
        raise ValidationError({"password": problem.error_list}) from problem
    user.set_password(password)
    user.save()
    roles = (Membership.Role.ADMINISTRATOR, Membership.Role.EDITOR)
    Membership.objects.bulk_create(
        Membership(user=user, organisation=organisation, role=role) for role in roles
    )
    RegisterEvent.objects.create(
        actor=user if first else None,
        action="person.administrator_made",
        organisation=organisation,
        data={"email": user.email, "name": user.name, "roles": [str(role) for role in roles]},
    )
    return user
