"""What all tests share."""

from tests.database import django_db_setup  # noqa: F401 - pytest finds a fixture by its name
