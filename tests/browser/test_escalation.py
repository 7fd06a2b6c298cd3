"""Somebody who is called for an alert sees it wherever they are; and a phone is enough to hand a duty over."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from tests.browser.boards import alert_of, infusion
from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import QUIET
from tests.stack import Stack

PHONE = {"width": 390, "height": 844}


def test_the_charge_nurse_sees_that_she_is_called(stack: Stack, signed_in_page: SignedInPage) -> None:
    session = infusion(stack, "called-1")
    ApiClient(stack, "nurse").write(f"sessions/{session}/observations/", QUIET | {"systolic_mmhg": "81"})
    words = "Systolic blood pressure 81 mmHg, below 90"
    charge, nurse = signed_in_page("charge"), signed_in_page("nurse")
    expect(alert_of(charge, words)).to_be_visible()
    expect(alert_of(charge, words).get_by_test_id("alert-mine")).to_have_count(0)
    # The one who has the patient is called by the alert itself.
    expect(alert_of(nurse, words).get_by_test_id("alert-mine")).to_have_text("You are called")

    reading = signed_in_page("charge")
    reading.goto("/guidelines/")
    _let_it_climb(stack, session)
    mine = alert_of(charge, words)
    expect(mine.get_by_test_id("alert-mine")).to_have_text("You are called")
    expect(mine.get_by_test_id("alert-calls")).to_contain_text("charge nurse (Demo Charge Nurse)")
    expect(reading.get_by_test_id("calls-to-me")).to_be_visible(timeout=40_000)
    expect(reading).to_have_title(re.compile(r"^\(\d+\) "))
    reading.get_by_test_id("calls-to-me").click()
    alert_of(reading, words).get_by_test_id("alert-acknowledge").click()
    expect(alert_of(charge, words).get_by_test_id("alert-mine")).to_have_count(0)

    bedside = signed_in_page("physician")
    bedside.goto(f"/sessions/{session}/")
    expect(bedside.locator("[data-test=alert]").filter(has_text=words).first).to_be_visible()


def test_a_duty_is_handed_over_on_a_phone(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = signed_in_page("physician", viewport=PHONE, has_touch=True)
    page.goto("/on-call/")
    until = (stack.clinical_now + timedelta(hours=8)).astimezone(ZoneInfo("Europe/Oslo"))
    page.get_by_label("Physician").select_option(label="Demo Physician")
    page.get_by_label("Until").fill(f"{until:%Y-%m-%dT%H:%M}")
    page.get_by_test_id("set-on-call").click()
    expect(page.get_by_test_id("on-call-now")).to_contain_text("Demo Physician")
    expect(page.get_by_test_id("on-call-now")).to_contain_text(f"{until:%H:%M}")
    expect(page.get_by_test_id("on-call-next")).to_contain_text("Nobody on call")
    assert _fits(page)
    page.get_by_test_id("withdraw-on-call").click()
    expect(page.get_by_test_id("on-call-now")).to_contain_text("Nobody on call")

    reader = signed_in_page("nurse", "fa", viewport=PHONE)
    reader.goto("/on-call/")
    expect(reader.get_by_test_id("on-call-now")).to_be_visible()
    expect(reader.get_by_test_id("on-call-form")).to_have_count(0)
    assert _fits(reader)


def _let_it_climb(stack: Stack, session: int) -> None:
    """The first hop falls due now; the shared stack's clock stays where it is."""
    stack.sql(
        "UPDATE ledger_timer SET due_at = %s WHERE kind = 'alert.escalate' AND state = 'pending' AND subject IN"
        " (SELECT 'alert:' || id FROM alerts_alert WHERE subject = %s AND priority = 'high')",
        (stack.clinical_now, f"session:{session}"),
    )


def _fits(page: Page) -> bool:
    fits: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return fits
