"""A shared tablet locks without losing what was typed, and opens to its own person's PIN."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ivig_monitor.demo_accounts import PASSWORD
from tests.browser.conftest import PATIENCE_MS
from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack, StackTemplate

PIN, WRONG = "280461", "739105"
BADGE = "0004711A"


@pytest.fixture(scope="module")
def locking_stack(stack_template: StackTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A ward whose screens lock; the tests lock by hand and wait for no minute."""
    directory: Path = tmp_path_factory.mktemp("lock")
    stack = Stack(stack_template, directory)
    stack.environment["SCREEN_LOCK_MINUTES"] = "5"
    try:
        stack.start_all()
        yield stack
    finally:
        stack.stop_all()


@pytest.fixture
def page(chromium: Browser, locking_stack: Stack) -> Iterator[Page]:
    """The nurse at a tablet, with a PIN."""
    context: Any = chromium.new_context(base_url=locking_stack.url, locale="en")
    context.set_default_timeout(PATIENCE_MS)
    page: Page = context.new_page()
    page.goto("/sign-in/?next=/account/pin/")
    page.locator("#id_username").fill("nurse")
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    page.locator("#own_password").fill(PASSWORD)
    page.locator("#pin").fill(PIN)
    with page.expect_navigation():  # the page loads again once the PIN is kept
        page.get_by_test_id("pin-form").get_by_role("button").click()
    expect(page.get_by_test_id("pin-state")).to_have_text("You have a PIN.")
    yield page
    context.close()


def bedside(stack: Stack, page: Page, number: str) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, number)["id"]
    page.goto(f"/sessions/{session}/")
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")


def lock(page: Page) -> None:
    page.get_by_test_id("user-menu").locator("summary").click()
    page.get_by_test_id("lock-now").click()
    expect(page.get_by_test_id("lock-screen")).to_be_visible()


def try_pin(page: Page, pin: str) -> None:
    page.locator("#lock-pin").fill(pin)
    page.get_by_test_id("unlock-pin").get_by_role("button").click()


def test_what_was_typed_is_still_there_when_its_person_is_back(locking_stack: Stack, page: Page) -> None:
    bedside(locking_stack, page, "lock-1")
    page.locator("#vital_pulse_per_min").fill("97")
    page.locator("#observation_note").fill("typed before the lock")
    patient = page.locator(".patient-strip h1")
    name = patient.inner_text()
    lock(page)

    expect(patient).to_be_hidden()
    assert name not in page.title()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("lock-screen")).to_be_visible()
    status = page.evaluate("fetch('/api/v1/patients/').then((answer) => answer.status)")
    assert status == 423
    # The board asks in vain while its socket is still open: it must not call itself stale for good.
    with page.expect_response("**/board/**") as asked:
        page.evaluate("window.dispatchEvent(new Event('online'))")
    assert asked.value.status == 423

    try_pin(page, WRONG)
    expect(page.get_by_test_id("lock-said")).to_contain_text("4")
    try_pin(page, PIN)
    expect(page.get_by_test_id("lock-screen")).to_be_hidden()
    expect(patient).to_be_visible()
    expect(page.locator("#vital_pulse_per_min")).to_have_value("97")
    expect(page.locator("#observation_note")).to_have_value("typed before the lock")
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    assert page.evaluate("fetch('/api/v1/patients/').then((answer) => answer.status)") == 200


def test_a_board_goes_on_without_names(locking_stack: Stack, page: Page) -> None:
    """Alarms are shown and sound on it: it is never covered."""
    page.goto("/")
    expect(page.locator("main")).to_contain_text("Demo Linden")
    page.get_by_test_id("user-menu").locator("summary").click()
    page.get_by_test_id("lock-now").click()
    page.wait_for_url("**/wards/*/?view=kiosk")
    expect(page.get_by_test_id("session-card").first).to_be_visible()
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    expect(page.locator("body")).not_to_contain_text("Demo Linden")
    page.goto(page.url.replace("kiosk", "normal"))
    try_pin(page, PIN)
    expect(page.locator("main")).to_contain_text("Demo Linden")


def test_a_page_asked_for_while_locked_opens_where_it_was_asked_for(locking_stack: Stack, page: Page) -> None:
    lock(page)
    page.goto("/patients/")
    expect(page.get_by_test_id("lock-page")).to_be_visible()
    expect(page.locator("nav")).to_have_count(0)
    try_pin(page, PIN)
    expect(page.get_by_test_id("lock-page")).to_have_count(0)
    assert page.url.endswith("/patients/")


def test_a_pin_never_gets_into_the_address(chromium: Browser, locking_stack: Stack, page: Page) -> None:
    """Nor where the module that should send it does not come."""
    lock(page)
    state = page.context.storage_state()
    context = chromium.new_context(
        base_url=locking_stack.url, locale="en", storage_state=state, service_workers="block"
    )
    other = context.new_page()
    other.route("**/js/screen-locked.js", lambda route: route.abort())
    other.goto("/patients/")
    try_pin(other, PIN)
    expect(other.get_by_test_id("unlock-pin")).to_contain_text("Not sent")
    assert other.url.endswith("/patients/")
    context.close()


def test_five_wrong_pins_end_the_session_and_the_page_stays_covered(locking_stack: Stack, page: Page) -> None:
    lock(page)
    for left in ("4", "3", "2", "1"):
        try_pin(page, WRONG)
        expect(page.get_by_test_id("lock-said")).to_contain_text(f"left: {left}.")
    try_pin(page, WRONG)
    expect(page.get_by_test_id("lock-over")).to_be_visible()
    expect(page.get_by_test_id("unlock-pin")).to_be_hidden()
    expect(page.locator("main")).to_be_hidden()
    page.goto("/patients/")
    expect(page.locator("#id_username")).to_be_visible()


def test_a_badge_at_the_reader_stands_for_the_name_and_the_pin_opens(
    locking_stack: Stack, page: Page
) -> None:
    """A reader types the code faster than anybody could and ends with Enter, wherever the cursor is."""
    page.locator("#badge_password").fill(PASSWORD)
    page.locator("#badge").focus()
    with page.expect_navigation():
        page.keyboard.type(f"{BADGE}\n")
    expect(page.get_by_test_id("badge-state")).to_contain_text("Your badge is known")

    bedside(locking_stack, page, "lock-badge")
    page.locator("#vital_pulse_per_min").fill("88")
    lock(page)
    expect(page.locator("#lock-pin")).to_be_focused()
    page.keyboard.type(f"{BADGE}\n")
    expect(page.get_by_test_id("badge-read")).to_be_visible()
    expect(page.locator("#lock-pin")).to_have_value("")
    page.keyboard.type(PIN, delay=80)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("lock-screen")).to_be_hidden()
    expect(page.locator("#vital_pulse_per_min")).to_have_value("88")
