"""People: an e-mail address, a name and a password. What they may do is said by their memberships."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from municipalities import characters, demonstration
from municipalities.fields import SortKeyField


class UserManager(BaseUserManager["User"]):
    """Make people from an e-mail address, which is also their login name."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Store and return a person. The address is kept in lower case; ValueError without one."""
        if not email:
            raise ValueError("a person needs an e-mail address")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> User:
        """Store a person who may use the installation's administration pages."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by address, whatever the case typed."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do follows from their memberships alone; see */access.py."""

    email = models.EmailField("e-postadresse", unique=True)
    name = models.CharField("navn", max_length=120)
    sort_key = SortKeyField("name")
    is_staff = models.BooleanField("kan bruke administrasjonssidene", default=False)
    is_active = models.BooleanField("aktiv", default=True)
    date_joined = models.DateTimeField("opprettet", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "personer"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(name="user_email_lower_case", condition=Q(email=Lower("email")))
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Keep the address in lower case, so that a form finds it taken whatever the case typed.

        The name is printed: it is on one line, with letters that the documents have.
        """
        super().clean()
        self.email = self.email.strip().lower()
        self.name = characters.one_line(self.name)
        if found := characters.unprintable(self.name):
            raise ValidationError({"name": characters.refusal(found)})
        if demonstration.is_refused(self.email):
            raise ValidationError(
                {"email": "Adresser som slutter på .example, er bare til demonstrasjon."}
            )

    def check_password(self, raw_password: str) -> bool:
        """Compare a password; on a server no password is right for a demonstration person."""
        return super().check_password(raw_password) and not demonstration.is_refused(self.email)
