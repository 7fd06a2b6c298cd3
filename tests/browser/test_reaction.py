"""A reaction at the bedside: one tap, then what is seen, what is done, and how it goes on."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack

TABLET = {"width": 1180, "height": 820}
PHONE = {"width": 390, "height": 844}
QUIET = {"systolic_mmhg": "118", "diastolic_mmhg": "76", "pulse_per_min": "80", "spo2_percent": "97"}


def bedside(stack: Stack, signed_in_page: SignedInPage, number: str, language: str = "en", **options) -> Page:  # type: ignore[no-untyped-def]
    """The page of an infusion that has just begun."""
    session = running_infusion(stack, ApiClient(stack, "nurse"), ApiClient(stack, "physician"), number)
    page = signed_in_page("nurse", language, **({"viewport": TABLET} | options))
    page.goto(f"/sessions/{session['id']}/")
    return page


def tap(page: Page) -> None:
    page.get_by_test_id("reaction-tap").click()
    expect(page.get_by_test_id("open-reaction")).to_be_visible()


def measure(page: Page) -> None:
    for sign, value in QUIET.items():
        page.locator(f"#vital_{sign}").fill(value)
    page.get_by_test_id("save-vitals").click()


@pytest.mark.parametrize(
    ("language", "viewport", "title", "number"),
    [("en", TABLET, "Urticaria", "react-1"), ("fa", PHONE, "کهیر", "react-2")],
)
def test_urticaria_from_one_tap_to_the_restart(
    stack: Stack, signed_in_page: SignedInPage, language: str, viewport: object, title: str, number: str
) -> None:
    page = bedside(stack, signed_in_page, number, language, viewport=viewport)
    tap(page)
    expect(page.locator("[data-reaction-heading]")).to_be_focused()
    expect(page.get_by_test_id("state")).to_have_attribute("data-state", "paused")

    page.get_by_test_id("symptom-urticaria").check()
    expect(page.get_by_test_id("urticaria-moderate")).to_be_checked()
    page.get_by_test_id("symptom-pruritus").check()
    page.get_by_test_id("describe").click()
    expect(page.get_by_test_id("proposal")).to_have_attribute("data-action", "stop")
    expect(page.get_by_test_id("guidance")).to_have_attribute("data-guidance", "urticaria")
    expect(page.locator("[data-reaction-heading]")).to_contain_text(title)

    page.get_by_test_id("done-antihistamine").click()
    expect(page.get_by_test_id("intervention")).to_have_count(1)
    page.get_by_test_id("reaction-vitals").click()
    expect(page.locator("#vital_systolic_mmhg")).to_be_focused()
    measure(page)
    expect(page.get_by_test_id("why-not-slower")).to_be_visible()

    page.get_by_test_id("reaction-resolve").click()
    expect(page.get_by_test_id("reaction-panel")).to_be_hidden()
    row = page.get_by_test_id("reaction-row")
    expect(row).to_contain_text(title)
    page.get_by_test_id("resume-infusion").click()
    expect(page.get_by_test_id("rate-now")).to_contain_text("15" if language == "en" else "۱۵")


def test_what_is_chosen_stays_while_others_work(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = bedside(stack, signed_in_page, "react-3")
    tap(page)
    page.get_by_test_id("symptom-chills").check()
    page.get_by_test_id("done-call_physician").click()
    expect(page.get_by_test_id("intervention")).to_have_count(1)
    expect(page.get_by_test_id("symptom-chills")).to_be_checked()


def test_mild_chills_go_on_slower(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = bedside(stack, signed_in_page, "react-4")
    tap(page)
    page.get_by_test_id("symptom-chills").check()
    page.get_by_test_id("describe").click()
    expect(page.get_by_test_id("why-not-slower")).to_contain_text("Record vital signs first")
    measure(page)
    page.get_by_test_id("go-on-slower").click()
    expect(page.get_by_test_id("rate-now")).to_have_text("15 mL/h")
    expect(page.get_by_test_id("open-reaction")).to_be_visible()


def test_anaphylaxis_shows_the_sources_and_waits_for_a_physician(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = bedside(stack, signed_in_page, "react-5")
    tap(page)
    page.get_by_test_id("symptom-anaphylaxis").check()
    page.get_by_test_id("describe").click()
    expect(page.get_by_test_id("adrenaline")).to_contain_text("A reference, not an order")
    expect(page.get_by_test_id("adrenaline-reference").first).to_contain_text("0.5 mg")
    page.locator("[data-test=guidance-step][data-code=adrenaline] summary").click()
    page.get_by_test_id("adrenaline-detail").fill("0.5 mg IM")
    page.get_by_test_id("adrenaline-time").fill("99:99")
    page.get_by_test_id("save-adrenaline_im").click()
    expect(page.get_by_test_id("intervention")).to_have_count(0)
    page.get_by_test_id("adrenaline-time").fill("")
    page.get_by_test_id("save-adrenaline_im").click()
    expect(page.get_by_test_id("intervention")).to_contain_text("0.5 mg IM")
    expect(page.get_by_test_id("repeat")).to_be_visible()
    expect(page.get_by_test_id("physician-needed")).to_be_visible()
    expect(page.get_by_test_id("reaction-resolve")).to_have_count(0)

    physician = signed_in_page("physician", viewport=TABLET)
    physician.goto(page.url)
    physician.get_by_test_id("reaction-resolve").click()
    expect(physician.get_by_test_id("reaction-panel")).to_be_hidden()
    expect(page.get_by_test_id("reaction-panel")).to_be_hidden()


def test_a_mistaken_tap_is_taken_back(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = bedside(stack, signed_in_page, "react-6")
    tap(page)
    page.get_by_test_id("mistake").click()
    page.get_by_test_id("reaction-mistake").click()
    expect(page.get_by_test_id("reaction-tap")).to_be_visible()
    expect(page.get_by_test_id("reaction-row")).to_have_attribute("data-status", "entered_in_error")
    page.get_by_test_id("resume-infusion").click()
    expect(page.get_by_test_id("rate-now")).to_have_text("30 mL/h")
    page.goto("/adverse-events/")
    expect(page.get_by_test_id("adverse-event-row").filter(has_text="Test react-6")).to_have_count(0)


def test_the_key_r_is_a_tap_but_a_scanner_s_letter_is_not(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = bedside(stack, signed_in_page, "react-7")
    expect(page.get_by_test_id("reaction-tap")).to_be_visible()
    for key in "LOTR12":
        page.keyboard.press(key)
    page.wait_for_function("() => new Promise((resolve) => setTimeout(() => resolve(true), 900))")
    expect(page.get_by_test_id("reaction-tap")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_test_id("open-reaction")).to_be_visible()
