"""Nothing decides by a role or by a person's list of wards beside the table and `reach.py`."""

import re
from collections.abc import Iterator

import pytest

from ivig_monitor.launch.places import ROOT

# A word for the screen, a reporter's qualification in E2B(R3), the demo's people: no decision.
NAMES_ROLES = {"apps/dashboard/context.py", "apps/cases/gathering.py", "ivig_monitor/demo/ward.py"}
# A drug's role is another matter.
DECIDES = re.compile(r"(?<!drug\.)\brole\s*(==|!=|(not )?in [({\[A-Z_])")


def sources() -> Iterator[tuple[str, str]]:
    for place in ("apps/**/*.py", "ivig_monitor/**/*.py", "templates/**/*.html", "static/js/*.js"):
        for path in ROOT.glob(place):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and not name.startswith("apps/accounts/"):
                yield name, path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wrong", "allowed"),
    [
        (DECIDES, set()),
        (re.compile(r"\bRole\.[A-Z_]+\b"), NAMES_ROLES),
        (re.compile(r"\.wards\.(all|filter|values)\("), set()),
        (re.compile(r"\bis_(staff|superuser)\b"), set()),
    ],
)
def test_only_the_table_decides(wrong: re.Pattern[str], allowed: set[str]) -> None:
    found = [name for name, text in sources() if wrong.search(text) and name not in allowed]
    assert found == []
