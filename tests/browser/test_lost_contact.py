"""A board without contact says so within 15 seconds, and comes back by itself; a form keeps what was typed."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import MEASURED, QUIET, running_infusion
from tests.stack import Stack

STALE_WITHIN_MS = 15_000


def test_silence_becomes_stale_and_contact_live_again(
    fresh_stack: Stack, signed_in_page: SignedInPage
) -> None:
    board = signed_in_page("nurse", base_url=fresh_stack.url)
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    fresh_stack.kill("web")
    silent_since = time.monotonic()
    expect(board.get_by_test_id("stale-banner")).to_be_visible(timeout=STALE_WITHIN_MS)
    assert time.monotonic() - silent_since < STALE_WITHIN_MS / 1000
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "stale")
    fresh_stack.start("web")
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "live", timeout=40_000)
    expect(board.get_by_test_id("stale-banner")).to_be_hidden()


def test_a_socket_that_speaks_is_no_contact_while_rows_are_missing(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    board = signed_in_page("nurse")
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    board.route("**/board/**", lambda route: route.abort())
    # A patient this page knows nothing of: the row alone shows no name, and every pull fails.
    running_infusion(stack, nurse, physician, "lost-0")
    expect(board.get_by_test_id("stale-banner")).to_be_visible(timeout=STALE_WITHIN_MS + 5_000)
    board.unroute("**/board/**")
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "live", timeout=40_000)


@pytest.mark.parametrize("module", ["board.js", "ward-socket.js"])
def test_a_board_whose_module_never_came_says_that_it_is_old(
    stack: Stack, signed_in_page: SignedInPage, module: str
) -> None:
    board = signed_in_page("nurse", service_workers="block")
    board.route(f"**/js/{module}", lambda route: route.abort())
    board.reload()
    expect(board.get_by_test_id("stale-banner")).to_contain_text(
        "a part of this page did not arrive", timeout=STALE_WITHIN_MS + 5_000
    )
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "stale")


def test_one_refusal_beside_a_socket_that_speaks_is_not_the_last_word(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    """Nothing is missing and nothing is silent: only asking again shows that the board is let in."""
    board = signed_in_page("nurse")
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    refusal = {"code": "no_right", "message": "Not now.", "extra": {}}
    board.route("**/board/**", lambda route: route.fulfill(status=403, json=refusal), times=1)
    board.evaluate("window.dispatchEvent(new Event('online'))")
    expect(board.get_by_test_id("stale-banner")).to_be_visible()
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "live", timeout=40_000)
    expect(board.get_by_test_id("stale-banner")).to_be_hidden()


def test_an_entry_whose_answer_was_lost_is_entered_once(
    fresh_stack: Stack, signed_in_page: SignedInPage
) -> None:
    stack = fresh_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "lost-1")
    page = signed_in_page("nurse", base_url=stack.url)
    page.goto(f"/sessions/{session['id']}/")
    for sign, value in MEASURED.items():
        page.locator(f"#vital_{sign}").fill(value)

    def enter_but_lose_the_answer(route) -> None:  # type: ignore[no-untyped-def]
        route.fetch()
        route.abort()

    page.route("**/observations/", enter_but_lose_the_answer, times=1)
    page.get_by_test_id("save-vitals").click()
    expect(page.get_by_text("kept on this device, not sent yet")).to_be_visible()
    expect(page.get_by_test_id("offline-queue")).to_be_hidden()
    expect(page.get_by_test_id("observation-row")).to_have_count(2)
    stored = stack.sql(
        "SELECT count(*) AS n FROM infusions_observation WHERE session_id = %s", (session["id"],)
    )
    assert stored[0]["n"] == 2  # the baseline and one entry


def test_a_form_that_cannot_wait_keeps_what_was_typed(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse")
    page.goto("/patients/new/")
    page.locator("#name").fill("Test lost-2")
    page.locator("#birth_date").fill("1980-05-17")
    page.locator("#medical_record_number").fill("TEST-lost-2")
    page.get_by_label("Female").check()
    page.route("**/api/v1/patients/", lambda route: route.abort())
    page.get_by_test_id("save-patient").click()
    expect(page.get_by_text("Nothing was lost")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Test lost-2")


def test_signing_out_closes_the_socket(stack: Stack, signed_in_page: SignedInPage) -> None:
    board = signed_in_page("nurse")
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    second = board.context.new_page()
    second.goto("/patients/")
    second.get_by_test_id("user-menu").click()
    second.get_by_test_id("sign-out").click()
    expect(board.get_by_test_id("stale-banner")).to_be_visible(timeout=STALE_WITHIN_MS)
    expect(board.get_by_text("You are signed out").first).to_be_visible()


def test_without_a_socket_the_board_polls_and_misses_nothing(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "poll-1")
    board = signed_in_page("nurse")
    board.route_web_socket("**/ws/**", lambda socket: socket.close())
    board.reload()
    expect(board.get_by_test_id("board-status")).to_have_attribute("data-status", "polling", timeout=15_000)
    nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"systolic_mmhg": "86"})
    alert = board.get_by_test_id("alert").filter(has_text="86 mmHg, below 90 mmHg")
    expect(alert).to_be_visible(timeout=10_000)
    expect(board.get_by_test_id("stale-banner")).to_be_hidden()
