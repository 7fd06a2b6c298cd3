"""The shift changes at two tablets; and two nurses act at once, and the slower one sees what the other did."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack

TABLET = {"width": 1180, "height": 820}


def test_a_patient_changes_hands_by_name(stack: Stack, signed_in_page: SignedInPage) -> None:
    giver, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, giver, physician, "handover-1")
    day = signed_in_page("nurse", viewport=TABLET)
    day.goto("/handover/")
    patient = day.get_by_test_id("my-patient").filter(has_text="Test handover-1")
    expect(patient).to_contain_text("30 mL/h")
    expect(patient).to_contain_text("Vital signs due")
    patient.get_by_test_id("pick").check()
    day.get_by_label("Hand over to").select_option(label="Demo Charge Nurse")
    day.get_by_label("Note").fill("Mind the left arm.")
    day.get_by_test_id("offer").click()
    expect(patient.get_by_test_id("offered")).to_contain_text("You still have this patient.")

    evening = signed_in_page("charge", viewport=TABLET)
    expect(evening.get_by_test_id("offers-to-me")).to_have_text("1")
    evening.get_by_test_id("handover-link").click()
    offer = evening.get_by_test_id("offer-to-me").filter(has_text="Test handover-1")
    expect(offer).to_contain_text("Mind the left arm.")
    expect(offer).to_contain_text("30 mL/h")
    offer.get_by_role("button", name="I take over Test handover-1").click()
    expect(evening.get_by_test_id("offers-to-me")).to_have_count(0)
    expect(evening.get_by_test_id("my-patient").filter(has_text="Test handover-1")).to_be_visible()
    # The giver's page hears of it by itself.
    expect(patient).to_have_count(0)

    bedside = f"/sessions/{session['id']}/"
    day.goto(bedside)
    expect(day.get_by_test_id("responsible")).to_contain_text("Demo Charge Nurse")
    expect(day.get_by_test_id("timeline")).to_contain_text("Taken over from Demo Nurse.")
    day.get_by_test_id("take-over").click()
    expect(day.get_by_test_id("responsible")).to_contain_text("You have this patient.")


def test_the_slower_nurse_sees_what_the_other_did_and_keeps_what_was_typed(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "at-once-1")
    address = f"/sessions/{session['id']}/"
    faster, slower = signed_in_page("charge", viewport=TABLET), signed_in_page("nurse", viewport=TABLET)
    faster.goto(address)
    _without_news(slower)
    slower.goto(address)
    slower.locator("[data-test=more] summary").click()
    slower.locator("#complete_reason").fill("the bag is empty")

    faster.get_by_test_id("pause-infusion").click()
    expect(faster.get_by_test_id("state")).to_have_text("Paused")

    expect(slower.get_by_test_id("state")).to_have_text("Running")
    slower.get_by_test_id("complete-infusion").click()
    expect(slower.get_by_test_id("changes")).to_contain_text("Paused.")
    expect(slower.get_by_test_id("changes")).to_contain_text("Demo Charge Nurse")
    expect(slower.get_by_test_id("state")).to_have_text("Paused")
    expect(slower.locator("#complete_reason")).to_have_value("the bag is empty")


def test_what_changed_stays_on_the_page_when_its_button_is_gone(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "at-once-2")
    faster, slower = signed_in_page("charge", viewport=TABLET), signed_in_page("nurse", viewport=TABLET)
    _without_news(slower)
    for page in (faster, slower):
        page.goto(f"/sessions/{session['id']}/")
        page.locator("[data-test=more] summary").click()
    faster.get_by_test_id("pause-infusion").click()
    expect(faster.get_by_test_id("state")).to_have_text("Paused")
    slower.get_by_test_id("pause-infusion").click()
    expect(slower.get_by_test_id("state")).to_have_text("Paused")
    expect(slower.get_by_test_id("pause-infusion")).to_have_count(0)
    expect(slower.get_by_test_id("changes")).to_contain_text("Paused. (Demo Charge Nurse)")
    slower.get_by_role("button", name="Seen").click()
    expect(slower.get_by_test_id("changes")).to_have_count(0)


def _without_news(page: Page) -> None:
    """The ward's news do not reach this page: neither the socket nor the polls."""
    page.route_web_socket("**/*", lambda socket: socket.close())
    page.route("**/board/**", lambda route: route.abort())
