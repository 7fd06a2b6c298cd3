"""Somebody presses a button before the page's modules have come: it is sent once they have, and by them alone."""

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

    page.unroute("**/js/app.js")
    expect(page.get_by_test_id("on-call-now")).to_contain_text("Demo Physician")
    assert "?" not in page.url
    page.get_by_test_id("withdraw-on-call").click()
    expect(page.get_by_test_id("on-call-now")).to_contain_text("Nobody on call")
