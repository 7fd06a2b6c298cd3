from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
import yaml
from django.test import TransactionTestCase

from apps.guidelines.domain import Guidelines, parse_guidelines
from ivig_monitor.catalogues.files import compile_all
from ivig_monitor.launch.places import ROOT

DATA = Path(__file__).parents[2] / "apps" / "guidelines" / "data"


@pytest.fixture(scope="session", autouse=True)
def texts() -> None:
    """Persian and Norwegian as they are in the catalogues now."""
    list(compile_all(ROOT))


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Tests that commit leave empty tables behind: only here may a table that never forgets be emptied."""
    with pytest.MonkeyPatch.context() as patch:
        teardown = TransactionTestCase._fixture_teardown

        def emptying(self: TransactionTestCase) -> None:
            with pgtrigger.ignore():
                teardown(self)

        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying)
        yield


@pytest.fixture(scope="session")
def documents() -> Mapping[str, Mapping[str, Any]]:
    """The shipped guideline documents as parsed YAML."""
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.yaml"))
    }


@pytest.fixture(scope="session")
def guidelines(documents: Mapping[str, Mapping[str, Any]]) -> Guidelines:
    """The shipped guideline data."""
    return parse_guidelines(documents)
