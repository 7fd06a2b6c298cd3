"""A lot that stands out, from the alert to the hold, the refused scan, and the release by two people."""

import pytest
from playwright.sync_api import Page, expect

from ivig_monitor.demo_accounts import PASSWORD
from tests.browser.conftest import SignedInPage
from tests.browser.screens import keep_picture
from tests.browser.test_scanner import dialog, new_gtin, scan
from tests.clients import ApiClient
from tests.flow.steps import QUIET, new_patient, open_course
from tests.stack import Stack
from tests.unit.interop.codes import gs1_code

DESK = {"width": 1180, "height": 820}
PHONE = {"width": 390, "height": 844}
BAD, GOOD = "BAD-77", "GOOD-12"
ASK = "Read the maker's analysis."


def start_privigen(stack: Stack, number: str, lot: str | None) -> dict[str, int]:
    """A new patient's first day of Privigen; without a lot it is only ordered."""
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    course = open_course(
        physician,
        new_patient(nurse, number),
        stack.clinical_now.date().isoformat(),
        product_code="privigen",
    )
    if lot is None:
        return {"course": course["id"]}
    hung = {"lot_number": lot, "expires_on": "2030-12-31", "volume_ml": "100"}
    entry = {"day_number": 1, "identity_confirmed": True, "baseline": QUIET, "vials": [hung]}
    return {"course": course["id"], "session": nurse.write(f"courses/{course['id']}/sessions/", entry)["id"]}


def react(stack: Stack, session: int) -> None:
    told = {"symptoms": [{"term": "chills", "severity": "moderate"}], "action": "stop"}
    ApiClient(stack, "nurse").write(f"sessions/{session}/reactions/", told)


def release(page: Page, reason: str) -> None:
    page.get_by_test_id("release-form").locator("textarea").fill(reason)
    page.get_by_test_id("release-form").locator("input[type=password]").fill(PASSWORD)
    page.get_by_test_id("release").click()


@pytest.fixture
def bad_lot(stack: Stack) -> None:
    """Four of four infusions with one lot react, none of nine with another."""
    for number in range(9):
        start_privigen(stack, f"good-lot-{number}", GOOD)
    for number in range(4):
        react(stack, start_privigen(stack, f"bad-lot-{number}", BAD)["session"])


def test_a_lot_stands_out_is_held_refused_at_the_scan_and_released_by_two(
    stack: Stack, signed_in_page: SignedInPage, bad_lot: None
) -> None:
    officer = signed_in_page("pharmacovigilance", viewport=DESK)
    stack.wait_until(
        lambda: stack.sql("SELECT 1 FROM alerts_alert WHERE code = 'lot_stands_out'"),
        message="Nobody was told",
    )
    officer.goto("/cases/")
    alert = officer.locator('[data-code="lot_stands_out"]')
    expect(alert).to_contain_text(BAD)
    expect(alert).to_contain_text("0 of 9")
    officer.get_by_test_id("lots-link").click()
    row = officer.locator(f'[data-test="lot-row"][data-lot="{BAD}"]')
    expect(row).to_have_attribute("data-stands-out", "yes")
    keep_picture(officer, "lots")
    row.get_by_role("link").click()
    expect(officer.get_by_test_id("exposed-row")).to_have_count(4)
    officer.get_by_test_id("hold-form").locator("textarea").fill("Chills in four of four.")
    officer.get_by_test_id("hold-lot").click()
    expect(officer.get_by_test_id("hold")).to_have_attribute("data-state", "held")
    keep_picture(officer, "lot-held")

    gtin = new_gtin(stack, "privigen")
    course = start_privigen(stack, "next-lot", None)["course"]
    nurse = signed_in_page("nurse", viewport=DESK)
    nurse.goto(f"/courses/{course}/days/1/start/")
    scan(nurse, gs1_code(gtin=gtin, lot=BAD))
    expect(dialog(nurse)).to_contain_text("Chills in four of four.")
    expect(nurse.locator("#lot_0")).to_have_value("")
    nurse.goto("/lots/")
    expect(nurse.locator(f'[data-test="held-lot"][data-lot="{BAD}"]')).to_contain_text(
        "Chills in four of four."
    )
    expect(nurse.get_by_test_id("lot-row")).to_have_count(0)

    release(officer, ASK)
    expect(officer.get_by_test_id("hold")).to_have_attribute("data-state", "release_asked")
    expect(officer.get_by_test_id("waits-for-another")).to_be_visible()
    expect(officer.get_by_test_id("release-form")).to_have_count(0)

    physician = signed_in_page("physician", viewport=PHONE)
    physician.goto(f"/lots/one/?product=privigen&lot={BAD}")
    expect(physician.get_by_test_id("hold-acts")).to_contain_text(ASK)
    release(physician, "Agreed with the maker.")
    expect(physician.get_by_test_id("hold")).to_have_attribute("data-state", "released")

    nurse.goto(f"/courses/{course}/days/1/start/")
    scan(nurse, gs1_code(gtin=gtin, lot=BAD))
    nurse.get_by_test_id("scan-yes").click() if dialog(nurse).get_by_test_id("scan-yes").count() else None
    expect(nurse.locator("#lot_0")).to_have_value(BAD)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_rates_are_drawn_and_stand_in_the_table(
    stack: Stack, signed_in_page: SignedInPage, language: str
) -> None:
    page = signed_in_page("physician", language, viewport=DESK)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
    page.goto("/signals/?axis=lot&period=all")
    expect(page.get_by_test_id("plot").locator("canvas")).to_be_visible()
    expect(page.get_by_test_id("rates").get_by_test_id("rate-row").first).to_be_visible()
    keep_picture(page, f"signals-{language}")
    page.set_viewport_size(PHONE)
    page.reload()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page scrolls sideways on a telephone"
    keep_picture(page, f"signals-{language}-phone")
    page.goto("/signals/comparisons/?period=all")
    expect(page.get_by_test_id("no-risk")).to_be_visible()
    assert problems == []
