"""The same hospital on the real database as tests/unit/db has."""

from tests.unit.db.conftest import clock, django_db_setup, elsewhere, hospital, quick_passwords, release
from tests.unit.db.test_access import numbers

__all__ = ["clock", "django_db_setup", "elsewhere", "hospital", "numbers", "quick_passwords", "release"]
