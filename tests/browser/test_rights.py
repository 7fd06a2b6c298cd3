"""Standing in and emergency access as people meet them: what opens, what the ward is told, and what closes again."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from apps.accounts.domain.cover import EMERGENCY_LASTS
from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import new_patient, running_infusion
from tests.stack import Stack

DESK = {"width": 1180, "height": 820}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_patient_of_another_ward_opens_in_an_emergency_and_the_ward_hears_and_judges(
    stack: Stack, signed_in_page: SignedInPage, language: str
) -> None:
    number = f"emergency-{language}"
    patient = new_patient(ApiClient(stack, "nurse"), number)
    record = ApiClient(stack, "nurse").read(f"patients/{patient}/")["medical_record_number"]
    helper = signed_in_page("nurse2", language, viewport=DESK)
    refused = helper.goto(f"/patients/{patient}/")
    assert refused is not None and refused.status == 404
    helper.get_by_test_id("emergency-link").click()
    helper.get_by_test_id("emergency-number").fill(record)
    helper.get_by_test_id("emergency-reason").fill(f"Collapsed in the lift ({language}).")
    helper.get_by_test_id("open-in-emergency").click()
    helper.wait_for_url(f"**/patients/{patient}/")
    expect(helper.get_by_test_id("emergency-bar").first).to_contain_text("lift")

    charge = signed_in_page("charge", language, viewport=DESK)
    charge.goto("/emergency-access/review/")
    entry = charge.get_by_test_id("emergency-access").filter(has_text=f"({language})")
    expect(entry).to_have_count(1)
    expect(entry).not_to_contain_text("Test emergency")
    entry.locator("input[value=justified]").check()
    entry.locator("input[name=note]").fill("She was the nearest.")
    entry.get_by_test_id("judge").click()
    expect(entry.get_by_test_id("verdict")).to_be_visible()


def test_a_bedside_page_opened_in_an_emergency_keeps_itself_true(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    nurse = ApiClient(stack, "nurse")
    session = running_infusion(stack, nurse, ApiClient(stack, "physician"), "emergency-live")
    patient = session["patient"]["id"]
    record = nurse.read(f"patients/{patient}/")["medical_record_number"]
    helper = signed_in_page("nurse2", viewport=DESK)
    helper.goto("/emergency-access/")
    helper.get_by_test_id("emergency-number").fill(record)
    helper.get_by_test_id("emergency-reason").fill("The only one in the corridor.")
    helper.get_by_test_id("open-in-emergency").click()
    helper.wait_for_url(f"**/patients/{patient}/")
    helper.goto(f"/sessions/{session['id']}/")
    status = helper.get_by_test_id("board-status")
    expect(status).to_have_attribute("data-status", "polling")
    expect(status).to_contain_text("Polling")

    told = {"symptoms": [{"term": "urticaria", "severity": "moderate"}], "action": "pause"}
    nurse.write(f"sessions/{session['id']}/reactions/", told)
    expect(helper.get_by_test_id("state")).to_have_text("Paused")
    expect(helper.get_by_test_id("alert").first).to_be_visible()
    expect(helper.get_by_test_id("stale-banner")).to_be_hidden()

    stack.advance_clock(EMERGENCY_LASTS.total_seconds() + 60)
    expect(helper.get_by_test_id("stale-banner")).to_contain_text("no longer have access")


def test_somebody_stands_in_until_the_ward_ends_it(stack: Stack, signed_in_page: SignedInPage) -> None:
    ward = ApiClient(stack, "charge").read("wards/")[0]
    helper = signed_in_page("nurse2", viewport=DESK)
    answer = helper.goto(f"/wards/{ward['id']}/")
    assert answer is not None and answer.status == 404

    charge = signed_in_page("charge", viewport=DESK)
    charge.goto("/on-call/")
    charge.get_by_test_id("covers-link").click()
    form = charge.get_by_test_id("cover-form")
    form.locator("select").select_option(label="Demo Nurse, Haematology")
    until = (stack.clinical_now + timedelta(hours=4)).astimezone(ZoneInfo("Europe/Oslo"))
    form.locator("[name=ends_at]").fill(f"{until:%Y-%m-%dT%H:%M}")
    form.locator("[name=reason]").fill("Two are ill.")
    charge.get_by_test_id("grant-cover").click()
    expect(charge.get_by_test_id("cover").first).to_contain_text("Nurse, Haematology")

    helper.goto("/")
    answer = helper.goto(f"/wards/{ward['id']}/")
    assert answer is not None and answer.status == 200
    charge.get_by_test_id("withdraw-cover").first.click()
    expect(charge.get_by_test_id("withdraw-cover")).to_have_count(0)
    answer = helper.goto(f"/wards/{ward['id']}/")
    assert answer is not None and answer.status == 404
