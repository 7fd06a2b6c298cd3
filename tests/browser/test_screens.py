"""A picture of every screen of the ward and the bedside; nothing runs out of it sideways."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

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


@pytest.fixture(scope="module")
def afterwards(stack: Stack) -> dict[str, str]:
    """Screens of what comes after the infusions, by name, of patients of the demo ward."""
    nurse = ApiClient(stack, "nurse")
    of_patient = {course["patient"]["name"]: course for course in nurse.read("courses/")}
    kidneys, child = (of_patient[name] for name in ("Demo Furu", "Demo Shokoofeh (شکوفه)"))

    def calls() -> list[int]:
        """The call that nobody made, once the worker found it due."""
        return [
            check["id"] for check in nurse.read("follow-ups/") if check["patient"]["name"] == "Demo Selje"
        ]

    call = stack.wait_until(calls, message="No check fell due")[0]
    return {
        "follow-ups": "/follow-ups/",
        "call": f"/follow-ups/{call}/",
        "patient": f"/patients/{kidneys['patient']['id']}/",
        "laboratory": f"/patients/{kidneys['patient']['id']}/laboratory/",
        "going-home": f"/courses/{child['id']}/discharge/",
        "self-report-link": f"/courses/{child['id']}/self-report/",
    }


LOOKS = pytest.mark.parametrize(
    ("language", "scheme", "window", "kind"),
    [
        ("en", "light", DESK, "desk"),
        ("fa", "dark", TABLET, "tablet"),
        ("nb", "light", PHONE, "phone"),
    ],
)


@LOOKS
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


@LOOKS
def test_every_screen_of_what_comes_after(
    afterwards: dict[str, str],
    signed_in_page: SignedInPage,
    new_context: Callable[..., BrowserContext],
    language: str,
    scheme: str,
    window: dict[str, int],
    kind: str,
) -> None:
    page = signed_in_page("nurse", language, viewport=window, color_scheme=scheme)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    for name, address in afterwards.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if name == "call":
            _answer(page, "bad_headache", "stiff_neck")
            expect(page.get_by_test_id("flags").locator("[data-urgency=same_day]")).to_be_visible()
        if name == "self-report-link":
            page.locator("#issue-form label", has=page.locator(f"[value={language}]")).click()
            page.locator("#issue-form button").click()
            expect(page.locator("#qr img")).to_be_visible()
        problems += _cut_off(page, name)
        keep_picture(page, f"{name}-{kind}-{language}")
    home = new_context(language, viewport=PHONE, color_scheme=scheme).new_page()
    home.goto(page.locator("#issued-url").inner_text())
    home.wait_for_load_state("networkidle")
    keep_picture(home, f"self-report-phone-{language}")
    _answer(home, "bad_headache", "stiff_neck", prefix="a")
    expect(home.get_by_role("alert").locator("[data-urgency]")).to_be_visible()
    problems += _cut_off(home, "the patient's form")
    keep_picture(home, f"self-report-help-phone-{language}")
    assert problems == []


def _answer(page: Page, *symptoms: str, prefix: str = "answers") -> None:
    """Yes to each of them."""
    for symptom in symptoms:
        page.locator(f"label:has(input[name='{prefix}.{symptom}'][value=yes])").click()


def test_the_wall_and_the_corridor(addresses: dict[str, str], signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse", viewport=WALL, color_scheme="dark")
    for view in ("wall", "kiosk"):
        page.goto(f"{addresses['board']}?view={view}")
        expect(page.get_by_test_id("session-card").first).to_be_visible()
        assert _too_wide(page) <= 0, view
        keep_picture(page, f"board-{view}-en")


def _cut_off(page: Page, name: str) -> list[str]:
    """What runs out of the page sideways, and what is too small for a gloved finger (44 px)."""
    too_wide = [f"{name}: {_too_wide(page)} px too wide"] if _too_wide(page) > 0 else []
    return too_wide + [f"{name}: {small}" for small in page.evaluate(_TOO_SMALL, _TOUCHED)]


_TOUCHED = (
    "main button, main a.button, main a.main, main select, main .choice, main fieldset label, main summary, "
    "main input[type=text], main input[type=datetime-local]"
)
_TOO_SMALL = """(touched) => [...document.querySelectorAll(touched)]
  .filter((item) => item.checkVisibility({ visibilityProperty: true }))
  .map((item) => [item.getBoundingClientRect(), item])
  .filter(([box]) => box.height && (box.height < 44 || box.width < 44))
  .map(([box, item]) => `${Math.round(box.width)} x ${Math.round(box.height)} px: ${item.outerHTML.slice(0, 100)}`)"""


def _too_wide(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide
