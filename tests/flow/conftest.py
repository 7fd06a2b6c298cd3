"""A hospital of one process for the walks that need no processes of their own; asked for by name, never by itself."""

from pathlib import Path
from typing import Any

import pytest
import pytest_django

from apps.guidelines.services import load_guidelines
from ivig_monitor.catalogues.files import compile_all
from ivig_monitor.launch.places import ROOT
from tests.builders import NOW, Hospital, build_hospital
from tests.standing_clock import StandingClock


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """The guidelines are there once for all, and the texts in three languages."""
    list(compile_all(ROOT))
    with django_db_blocker.unblock():
        load_guidelines(now=NOW)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    """The clock of this process, standing still until the walk moves it."""
    path = tmp_path / "clock.json"
    standing = StandingClock(path)
    monkeypatch.setenv("IVIG_CLOCK_FILE", str(path))
    return standing


@pytest.fixture
def hospital(db: None, clock: StandingClock, settings: Any) -> Hospital:
    """One ward in Oslo and its people."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return build_hospital()
