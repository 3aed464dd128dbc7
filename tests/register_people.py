"""People for the tests of the register."""

from municipalities.models import Membership, Organisation, User


def person(email: str, *roles: tuple[str, str], **fields: object) -> User:
    """A person with (organisation key, role) pairs."""
    user = User.objects.create_user(email, name=email.split("@")[0], **fields)
    for key, role in roles:
        organisation = Organisation.objects.get(key=key)
        Membership.objects.create(user=user, organisation=organisation, role=role)
    return user
