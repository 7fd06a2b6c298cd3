"""An alert on the ward board: in the reader's numbers, and acknowledged without losing the page."""

from playwright.sync_api import Route, expect

from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import QUIET, running_infusion
from tests.stack import Stack


def test_the_numbers_of_an_alert_are_the_readers(stack: Stack, signed_in_page: SignedInPage) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "alert-numbers")
    nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"systolic_mmhg": "83"})
    board = signed_in_page("nurse", "fa")
    expect(board.get_by_test_id("alert").filter(has_text="۸۳ mmHg").first).to_be_visible()


def test_the_board_stays_when_the_push_is_faster_than_the_answer(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "alert-race")
    nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"systolic_mmhg": "82"})
    board = signed_in_page("nurse")
    alert = board.get_by_test_id("alert").filter(has_text="Systolic blood pressure 82 mmHg, below 90")
    expect(alert).to_be_visible()
    navigations: list[str] = []
    board.on("framenavigated", lambda frame: navigations.append(frame.url))

    def hold_until_pushed(route: Route) -> None:
        answer = route.fetch()
        expect(alert.get_by_test_id("alert-acknowledged")).to_be_visible()
        route.fulfill(response=answer)

    board.evaluate("document.addEventListener('saved', () => (document.body.dataset.heard = 'yes'))")
    board.route("**/acknowledge/", hold_until_pushed)
    alert.get_by_test_id("alert-acknowledge").click()
    expect(board.locator("body")).to_have_attribute("data-heard", "yes")
    assert navigations == []
