"""Somebody presses a button before the page's modules have come, or where they never come."""

from datetime import timedelta

from playwright.sync_api import Route, expect

from tests.browser.conftest import SignedInPage
from tests.stack import Stack


def test_a_click_before_the_modules_waits_for_them(stack: Stack, signed_in_page: SignedInPage) -> None:
    page = signed_in_page("physician", service_workers="block")
    late: list[Route] = []
    page.route("**/js/app.js", lambda route: late.append(route))
    page.goto("/on-call/", wait_until="commit")
    until = stack.clinical_now + timedelta(hours=8)
    page.get_by_label("Physician").select_option(label="Demo Physician")
    page.get_by_label("Until").fill(f"{until:%Y-%m-%dT%H:%M}")
    page.get_by_test_id("set-on-call").click(no_wait_after=True)
    expect(page.get_by_label("Until")).not_to_have_value("")
    assert "?" not in page.url and len(late) == 1
    expect(page.get_by_text("The page is still loading.")).to_be_visible()

    page.unroute("**/js/app.js")
    expect(page.get_by_test_id("on-call-now")).to_contain_text("Demo Physician")
    assert "?" not in page.url
    page.get_by_test_id("withdraw-on-call").click()
    expect(page.get_by_test_id("on-call-now")).to_contain_text("Nobody on call")


def test_where_the_modules_never_come_it_is_said_that_nothing_was_sent(
    stack: Stack, signed_in_page: SignedInPage
) -> None:
    page = signed_in_page("nurse", service_workers="block")
    page.route("**/js/app.js", lambda route: route.abort())
    page.goto("/patients/new/")
    page.locator("#name").fill("Test early-1")
    page.locator("#birth_date").fill("1980-05-17")
    page.locator("#medical_record_number").fill("TEST-early-1")
    page.get_by_label("Female").check()
    page.get_by_test_id("save-patient").click()
    expect(page.get_by_text("Not sent, nothing was saved")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Test early-1")
    assert "?" not in page.url
