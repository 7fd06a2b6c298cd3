"""A picture of every screen of the ward and the bedside; nothing runs out of it sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage
from tests.browser.screens import keep_picture
from tests.clients import ApiClient
from tests.flow.steps import new_patient, open_course
from tests.stack import Stack

TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1180, "height": 820}
PHONE = {"width": 390, "height": 844}
WALL = {"width": 1920, "height": 1080}


@pytest.fixture(scope="module")
def addresses(stack: Stack) -> dict[str, str]:
    """Screens of the demo ward by name: of a child, after the end, in a reaction, prepared, before the start."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    ward = nurse.read("wards/")[0]["id"]
    rows = [row for row in nurse.read(f"wards/{ward}/board/")["rows"] if row["kind"] == "session"]
    score = {row["session_id"]: (row["score"] or {}).get("code") for row in rows}
    course = open_course(physician, new_patient(nurse, "screens"), stack.clinical_now.date().isoformat())
    prepared = nurse.write(f"courses/{course['id']}/prepare/", {"day_number": 1})

    def session(found: Callable[[dict], bool]) -> str:  # type: ignore[type-arg]
        return f"/sessions/{next(row['session_id'] for row in rows if found(row))}/"

    return {
        "board": f"/wards/{ward}/",
        "bedside": session(lambda row: row["state"] == "running" and score[row["session_id"]] == "news2"),
        "bedside-child": session(lambda row: score[row["session_id"]] == "bedside_pews"),
        "bedside-reaction": session(lambda row: row["reaction_open"]),
        "bedside-after": session(lambda row: row["watching"]),
        "bedside-prepared": f"/sessions/{prepared['id']}/",
        "handover": "/handover/",
        "course": f"/courses/{course['id']}/",
    }


@pytest.mark.parametrize(
    ("language", "scheme", "window", "kind"),
    [
        ("en", "light", DESK, "desk"),
        ("fa", "dark", TABLET, "tablet"),
        ("nb", "light", PHONE, "phone"),
    ],
)
def test_every_screen(
    addresses: dict[str, str],
    signed_in_page: SignedInPage,
    language: str,
    scheme: str,
    window: dict[str, int],
    kind: str,
) -> None:
    page = signed_in_page("nurse", language, viewport=window, color_scheme=scheme)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name, address in addresses.items():
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert _too_wide(page) <= 0, name
        keep_picture(page, f"{name}-{kind}-{language}")
    assert problems == []


def test_the_wall_and_the_corridor(addresses: dict[str, str], signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse", viewport=WALL, color_scheme="dark")
    for view in ("wall", "kiosk"):
        page.goto(f"{addresses['board']}?view={view}")
        expect(page.get_by_test_id("session-card").first).to_be_visible()
        assert _too_wide(page) <= 0, view
        keep_picture(page, f"board-{view}-en")


def _too_wide(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
