"""A hospital on the real database, under a clock that stands still until the test moves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_django

from apps.audit import services as audit
from apps.guidelines.models import GuidelineRelease
from apps.guidelines.services import load_guidelines
from tests.builders import NOW, Hospital, build_hospital
from tests.standing_clock import StandingClock


@pytest.fixture(autouse=True)
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    path = tmp_path / "clock.json"
    standing = StandingClock(path)
    monkeypatch.setenv("IVIG_CLOCK_FILE", str(path))
    return standing


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """Argon2 is slow on purpose; these tests guess nobody's password."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield


@pytest.fixture(autouse=True)
def nothing_read_yet() -> None:
    """A process remembers for a while what it wrote of readings; each test is a process of its own."""
    audit._remembered.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """The guidelines are there once for all; only tests that commit wash them away."""
    with django_db_blocker.unblock():
        load_guidelines(now=NOW)


@pytest.fixture
def release(db: None) -> None:
    if not GuidelineRelease.objects.filter(is_current=True).exists():
        load_guidelines(now=NOW)


@pytest.fixture
def hospital(release: None) -> Hospital:
    return build_hospital()


@pytest.fixture
def elsewhere(release: None) -> Hospital:
    return build_hospital("Haematology", time_zone="Asia/Tehran")
