"""A hospital on the real database, under a clock that stands still until the test moves it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_django

from apps.guidelines.models import GuidelineRelease
from apps.guidelines.services import load_guidelines
from apps.kernel import clock as kernel_clock
from tests.builders import NOW, Hospital, build_hospital, fire_due_timers


class StandingClock:
    """The product's own clock file at speed 0. Leases are in real time: nothing here moves them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = NOW
        self.set(NOW)

    def set(self, moment: datetime) -> None:
        """Clinical time is now `moment`, and stays."""
        self.now = moment
        kernel_clock.write_clock_file(self._path, clinical_anchor=moment, wall_anchor=NOW, speed=0)

    def forward(self, **step: float) -> datetime:
        """Move on by a timedelta. Returns the new time."""
        self.set(self.now + timedelta(**step))
        return self.now

    def fire(self, moment: datetime | None = None) -> int:
        """Stand at `moment` and fire what is due. Returns how many timers fired."""
        if moment is not None:
            self.set(moment)
        return fire_due_timers(self.now)


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
