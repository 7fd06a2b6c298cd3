"""Every page, for everybody, in three languages: no script error, no policy violation, nothing cut off."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage
from tests.browser.screens import keep_picture
from tests.clients import ApiClient
from tests.stack import Stack

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1024, "height": 768}


def _addresses(stack: Stack) -> list[str]:
    nurse = ApiClient(stack, "nurse")
    ward = nurse.read("wards/")[0]["id"]
    patient = nurse.read("patients/")[0]["id"]
    rows = nurse.read(f"wards/{ward}/board/")["rows"]
    session = next(row for row in rows if row["kind"] == "session")["session_id"]
    planned = next(
        course
        for course in nurse.read("courses/")
        if any(day["may_start"] for day in course["infusion_days"])
    )
    check = stack.wait_until(lambda: nurse.read("follow-ups/"), message="No check fell due")[0]["id"]
    event = nurse.read("adverse-events/")[0]["id"]
    day = next(day["number"] for day in planned["infusion_days"] if day["may_start"])
    return [
        f"/wards/{ward}/",
        "/patients/",
        "/patients/new/",
        f"/patients/{patient}/",
        f"/patients/{patient}/history/",
        f"/patients/{patient}/replacement/",
        f"/patients/{patient}/courses/new/",
        f"/courses/{planned['id']}/",
        f"/courses/{planned['id']}/days/{day}/start/",
        f"/sessions/{session}/",
        "/follow-ups/",
        f"/follow-ups/{check}/",
        "/adverse-events/",
        f"/adverse-events/{event}/",
    ]


@pytest.mark.parametrize("language", ["en", "fa", "nb"])
def test_pages_are_sound(stack: Stack, signed_in_page: SignedInPage, language: str) -> None:
    page = signed_in_page("physician", language, viewport=TABLET)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda line: problems.append(f"{page.url}: {line.text}") if line.type == "error" else None,
    )
    for address in _addresses(stack):
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
        for size in (PHONE, TABLET):
            page.set_viewport_size(size)
            _nothing_is_cut_off(page, f"{language} {address} {size['width']}")
        if "sessions" in address or "wards" in address:
            keep_picture(page, f"{language}-{address.strip('/').split('/')[0]}")
    assert problems == []


def test_persian_is_read_from_the_right_with_persian_digits(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse", "fa", viewport=TABLET)
    card = page.get_by_test_id("session-card").first
    expect(card.get_by_test_id("rate-now")).to_contain_text("mL/h")
    text = card.get_by_test_id("rate-now").inner_text()
    assert any(digit in text for digit in "۰۱۲۳۴۵۶۷۸۹")
    assert not any(digit in text for digit in "0123456789")
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")


def test_the_language_is_one_tap_away_and_stays(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("nurse")
    page.get_by_test_id("language-menu").click()
    page.get_by_test_id("language-nb").click()
    expect(page.locator("html")).to_have_attribute("lang", "nb")
    page.goto("/patients/")
    expect(page.locator("html")).to_have_attribute("lang", "nb")


def test_other_wards_and_other_roles_pages_stay_shut(stack: Stack, signed_in_page: SignedInPage) -> None:
    ward = ApiClient(stack, "nurse").read("wards/")[0]["id"]
    elsewhere = signed_in_page("nurse2")
    answer = elsewhere.goto(f"/wards/{ward}/")
    assert answer is not None and answer.status == 404
    nurse = signed_in_page("nurse")
    patient = ApiClient(stack, "nurse").read("patients/")[0]["id"]
    answer = nurse.goto(f"/patients/{patient}/courses/new/")
    assert answer is not None and answer.status == 403
    officer = signed_in_page("pharmacovigilance")
    expect(officer).to_have_url(f"{stack.url}/adverse-events/")


def test_the_api_docs_page_works_under_the_content_policy(signed_in_page: SignedInPage) -> None:
    page = signed_in_page("physician")
    errors: list[str] = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto("/api/docs/")
    # The page draws the addresses that are in sight.
    address = page.get_by_text("/api/v1/adverse-events/", exact=True)
    expect(address).to_be_visible()
    address.click()
    expect(page.get_by_role("button", name="Try it out")).to_be_visible()
    assert errors == []


def _nothing_is_cut_off(page: Page, where: str) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{where}: {overflow} px wider than the screen"
