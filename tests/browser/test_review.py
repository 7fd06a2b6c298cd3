"""A physician from the alert to the signature, on a telephone, at three in the morning."""

import pytest
from playwright.sync_api import Page, expect

from ivig_monitor.demo_accounts import PASSWORD
from tests.browser.conftest import SignedInPage
from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack

PHONE = {"width": 390, "height": 844}


def reaction(stack: Stack, number: str) -> int:
    """An infusion with a severe wheeze, told at the bedside. Returns the number of the adverse event."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, number)
    told = {"symptoms": [{"term": "wheezing", "severity": "severe"}], "action": "stop"}
    nurse.write(f"sessions/{session['id']}/reactions/", told)
    return next(one["id"] for one in nurse.read("adverse-events/") if one["session_id"] == session["id"])


def choose(page: Page, group: str, value: str) -> None:
    page.get_by_test_id(group).locator(f'input[value="{value}"]').first.check()


def saved(page: Page) -> None:
    expect(page.locator("[data-draft-state]")).to_have_attribute("data-now", "saved")


@pytest.mark.parametrize(
    ("language", "verbatim", "number"),
    [("en", "wheezing on both sides", "review-1"), ("fa", "خس‌خس هر دو ریه", "review-2")],
)
def test_from_the_queue_to_the_signature(
    stack: Stack, signed_in_page: SignedInPage, language: str, verbatim: str, number: str
) -> None:
    event_id = reaction(stack, number)
    page = signed_in_page("physician", language, viewport=PHONE)
    page.goto("/adverse-events/")
    page.get_by_test_id("waiting").locator(f'a[href="/adverse-events/{event_id}/"]').click()
    expect(page.get_by_test_id("review-clock")).to_be_visible()
    expect(page.get_by_test_id("condition-anaphylaxis")).to_be_visible()

    # What is missing is named at its place; nothing was signed.
    page.get_by_test_id("open-signature").click()
    expect(page.locator(".field-error").first).to_be_visible()
    expect(page.get_by_test_id("verbatim")).to_be_focused()

    page.get_by_test_id("verbatim").fill(verbatim)
    expect(page.get_by_test_id("severity-term")).to_have_value("bronchospasm")
    page.get_by_test_id("grade-4").check()
    page.get_by_test_id("not-serious").check()
    page.get_by_test_id("seriousness").locator('input[value="medically_important"]').check()
    expect(page.get_by_test_id("not-serious")).not_to_be_checked()
    page.locator('[data-asked-by="4"] input').check()
    choose(page, "expectedness", "expected")
    choose(page, "outcome", "recovering")
    choose(page, "causality", "probable")
    for box in page.locator('[data-criteria-of="probable"] input').all():
        box.check()
    choose(page, "course-of-it", "stopped")
    page.locator('input[name="dechallenge"][value="improved"]').check()
    page.locator('input[name="rechallenge"][value="not_done"]').check()
    page.locator('input[name="naranjo.q5"][value="no"]').check()
    saved(page)

    # The draft is on the server: it is there after the page is opened anew.
    page.reload()
    expect(page.get_by_test_id("verbatim")).to_have_value(verbatim)
    expect(page.get_by_test_id("grade-4")).to_be_checked()

    page.get_by_test_id("open-signature").click()
    dialog = page.get_by_test_id("signature-dialog")
    expect(dialog).to_be_visible()
    page.get_by_test_id("sign-password").fill("not my password")
    page.get_by_test_id("sign-review").click()
    expect(dialog.locator(".field-error, .form-summary").first).to_be_visible()
    page.get_by_test_id("sign-password").fill(PASSWORD)
    page.get_by_test_id("sign-review").click()

    signed = page.get_by_test_id("signed-review")
    expect(signed).to_have_count(1)
    expect(signed).to_contain_text(verbatim)
    expect(page.get_by_test_id("event-status")).to_have_attribute("data-state", "reviewed")
    page.goto("/adverse-events/")
    expect(page.get_by_test_id("waiting").locator(f'a[href="/adverse-events/{event_id}/"]')).to_have_count(0)


def test_without_the_network_what_was_written_stays_and_is_saved_later(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    event_id = reaction(stack, "review-3")
    page = signed_in_page("physician", "nb", viewport=PHONE)
    page.goto(f"/adverse-events/{event_id}/")
    page.context.set_offline(True)
    page.get_by_test_id("verbatim").fill("pipende pust")
    expect(page.locator("[data-draft-state]")).to_have_attribute("data-now", "failed")
    expect(page.get_by_test_id("verbatim")).to_have_value("pipende pust")
    page.context.set_offline(False)
    saved(page)
