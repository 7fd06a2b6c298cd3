"""At the bedside with a finger: keypad, oxygen, a refused sign, a correction, a stay, the next vial."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SignedInPage, sign_in
from tests.browser.screens import keep_picture
from tests.clients import ApiClient
from tests.flow.steps import QUIET, new_patient, open_course, running_infusion
from tests.stack import Stack

TABLET = {"width": 820, "height": 1180}
NUMBERS = {
    "systolic_mmhg": "118",
    "diastolic_mmhg": "76",
    "pulse_per_min": "81",
    "respiratory_rate_per_min": "16",
    "spo2_percent": "95",
    "temperature_c": "37.2",
}
MINUTE_S = 60


@pytest.fixture
def clients(stack: Stack) -> tuple[ApiClient, ApiClient]:
    """The nurse and the physician of the ward."""
    return ApiClient(stack, "nurse"), ApiClient(stack, "physician")


@pytest.fixture
def no_errors() -> Iterator[list[str]]:
    """What went wrong in the pages that were told to report here: nothing."""
    problems: list[str] = []
    yield problems
    assert problems == []


def bedside(
    signed_in_page: SignedInPage, session: dict[str, Any], problems: list[str], **options: Any
) -> Page:
    page = signed_in_page("nurse", viewport=TABLET, has_touch=True, **options)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"/sessions/{session['id']}/")
    return page


@pytest.mark.parametrize(("language", "shown"), [("en", "118"), ("fa", "۱۱۸")])
def test_a_full_set_is_entered_with_one_finger(
    stack: Stack,
    clients: tuple[ApiClient, ApiClient],
    signed_in_page: SignedInPage,
    no_errors: list[str],
    language: str,
    shown: str,
) -> None:
    nurse, physician = clients
    session = running_infusion(stack, nurse, physician, f"finger-{language}")
    page = bedside(signed_in_page, session, no_errors, language=language)
    page.locator("#vital_systolic_mmhg").tap()
    expect(page.get_by_test_id("keypad")).to_be_visible()
    for value in NUMBERS.values():
        _tap(page, value)
        if value == NUMBERS["systolic_mmhg"]:
            expect(page.locator("#vital_systolic_mmhg")).to_have_value(shown)
            keep_picture(page, f"bedside-{language}-keypad")
        page.get_by_test_id("keypad-next").tap()
    expect(page.get_by_test_id("keypad")).to_be_hidden()
    page.locator(".choice", has=page.locator("#vital_oxygen")).tap()
    flow = page.locator("#vital_oxygen_l_per_min")
    flow.tap()
    _tap(page, "2")
    page.locator(".choice", has=page.locator("[name=consciousness][value=alert]")).tap()
    page.get_by_test_id("save-vitals").tap()
    newest = _observations(page).first
    expect(_observations(page)).to_have_count(2)
    expect(newest).to_contain_text(f"{shown}/")
    stored = nurse.read(f"sessions/{session['id']}/")["observations"][0]
    assert {sign: str(stored[sign]) for sign in NUMBERS} == NUMBERS
    assert (stored["oxygen_l_per_min"], stored["consciousness"]) == ("2", "alert")
    expect(page.locator("#vital_systolic_mmhg")).to_have_value("")


def test_fahrenheit_on_this_device_celsius_in_the_record(
    stack: Stack, clients: tuple[ApiClient, ApiClient], signed_in_page: SignedInPage, no_errors: list[str]
) -> None:
    nurse, physician = clients
    session = running_infusion(stack, nurse, physician, "fahrenheit")
    page = bedside(signed_in_page, session, no_errors)
    page.get_by_test_id("fahrenheit").click()
    expect(page.locator("#vital_temperature_c")).to_have_attribute("placeholder", "98.1")
    page.locator("#vital_temperature_c").fill("100.4")
    page.get_by_test_id("save-vitals").click()
    expect(_observations(page)).to_have_count(2)
    assert nurse.read(f"sessions/{session['id']}/")["observations"][0]["temperature_c"] == "38"
    expect(_observations(page).first).to_contain_text("100.4")
    page.get_by_test_id("celsius").click()
    expect(_observations(page).first).to_contain_text("38.0")


def test_a_refused_sign_is_said_and_the_score_stays_open(
    stack: Stack, clients: tuple[ApiClient, ApiClient], signed_in_page: SignedInPage, no_errors: list[str]
) -> None:
    nurse, physician = clients
    session = running_infusion(stack, nurse, physician, "refused-sign")
    page = bedside(signed_in_page, session, no_errors)
    for sign, value in NUMBERS.items():
        if sign != "temperature_c":
            page.locator(f"#vital_{sign}").fill(value)
    page.get_by_test_id("not-done-temperature_c").click()
    temperature = page.locator("[data-sign=temperature_c]")
    temperature.get_by_text("Refused").click()
    temperature.get_by_placeholder("Why? (optional)").fill("asleep")
    page.locator("#vitals [data-moment-ago='5']").click()
    page.get_by_test_id("save-vitals").click()
    newest = _observations(page).filter(has_text="Refused")
    expect(newest).to_contain_text("asleep")
    expect(newest).to_contain_text("Incomplete")
    expect(newest).to_contain_text("Temperature")
    stored = nurse.read(f"sessions/{session['id']}/")["observations"]
    (refused,) = [row for row in stored if row["not_done"]]
    assert refused["not_done"] == {"temperature_c": {"code": "refused", "reason": "asleep"}}
    assert refused["score"]["total"] is None
    assert refused["effective_at"] < refused["recorded_at"]


def test_a_wrong_set_is_corrected_and_stays_struck_through(
    stack: Stack, clients: tuple[ApiClient, ApiClient], signed_in_page: SignedInPage, no_errors: list[str]
) -> None:
    nurse, physician = clients
    session = running_infusion(stack, nurse, physician, "corrected-set")
    nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"pulse_per_min": "27"})
    page = bedside(signed_in_page, session, no_errors)
    wrong = _observations(page).filter(has=page.get_by_text("27", exact=True))
    wrong.locator("summary").first.click()
    wrong.get_by_test_id("correct").click()
    expect(page.get_by_test_id("correcting")).to_be_visible()
    expect(page.locator("#vital_pulse_per_min")).to_have_value("27")
    expect(page.locator("#vital_air")).to_be_checked()
    page.locator("#vital_pulse_per_min").fill("72")
    page.locator("#correct_reason").fill("Digits swapped")
    keep_picture(page, "bedside-en-correcting")
    page.get_by_test_id("save-vitals").click()
    expect(page.get_by_test_id("error-mark")).to_contain_text("Digits swapped")
    expect(page.get_by_test_id("correcting")).to_be_hidden()
    rows = nurse.read(f"sessions/{session['id']}/")["observations"]
    assert sorted((row["pulse_per_min"], row["status"]) for row in rows if not row["is_baseline"]) == [
        (27, "entered_in_error"),
        (72, "final"),
    ]


def test_two_taps_keep_the_rate_and_two_take_it_back(fresh_stack: Stack, new_context: Any) -> None:
    nurse, physician = ApiClient(fresh_stack, "nurse"), ApiClient(fresh_stack, "physician")
    session = running_infusion(fresh_stack, nurse, physician, "two-taps")
    fresh_stack.advance_clock(31 * MINUTE_S)
    nurse.write(f"sessions/{session['id']}/observations/", QUIET)
    page = _signed_in(new_context(base_url=fresh_stack.url, viewport=TABLET, has_touch=True))
    page.goto(f"/sessions/{session['id']}/")
    expect(page.get_by_test_id("confirm-step")).to_be_visible(timeout=40_000)
    keep_picture(page, "bedside-en-step-due")
    stay = page.get_by_test_id("stay")
    stay.locator(".choice", has_text="15").tap()
    stay.get_by_test_id("reason").first.tap()
    expect(page.get_by_test_id("confirm-step")).to_have_count(0)
    expect(page.get_by_test_id("timeline")).to_contain_text("15 more minutes")
    expect(page.get_by_test_id("rate-now")).to_have_text(re.compile("30"))

    fresh_stack.advance_clock(16 * MINUTE_S)
    nurse.write(f"sessions/{session['id']}/observations/", QUIET)
    page.get_by_test_id("confirm-step").tap(timeout=40_000)
    expect(page.get_by_test_id("rate-now")).to_have_text(re.compile("60"))
    back = page.get_by_test_id("back")
    back.locator(".choice").first.tap()
    back.get_by_test_id("reason").first.tap()
    expect(page.get_by_test_id("rate-now")).to_have_text(re.compile("30"))

    page.get_by_test_id("pause-infusion").tap()
    expect(page.get_by_test_id("state")).to_have_text("Paused")
    page.get_by_test_id("resume-infusion").tap()
    expect(page.get_by_test_id("state")).to_have_text("Running")


def test_the_next_vial_is_hung_and_a_wrong_one_marked(
    stack: Stack, clients: tuple[ApiClient, ApiClient], signed_in_page: SignedInPage, no_errors: list[str]
) -> None:
    nurse, physician = clients
    patient = new_patient(nurse, "vial-change")
    course = open_course(physician, patient, stack.clinical_now.date().isoformat())
    session = nurse.write(
        f"courses/{course['id']}/sessions/",
        {
            "day_number": 1,
            "identity_confirmed": True,
            "baseline": QUIET,
            "vials": [{"lot_number": "FIRST", "expires_on": "2030-12-31", "volume_ml": "200"}],
        },
    )
    page = bedside(signed_in_page, session, no_errors)
    hang = page.get_by_test_id("hang-vial")
    hang.locator("summary").click()
    hang.locator("#next_lot").fill("SECOND")
    hang.locator("#next_expiry").fill("2031-05-31")
    hang.get_by_test_id("rest-volume").click()
    expect(hang.locator("#next_volume")).to_have_value("50")
    hang.get_by_test_id("vial-identity").check()
    hang.get_by_test_id("save-vial").click()
    lots = page.get_by_test_id("lot")
    expect(lots).to_have_count(2)
    second = lots.filter(has_text="SECOND")
    expect(second).to_contain_text("50 mL left")
    second.locator("summary").click()
    second.get_by_role("button", name="Wrong lot").click()
    expect(second).to_contain_text("Entered in error: Wrong lot")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_course_is_drawn_and_every_mark_has_words(
    stack: Stack,
    clients: tuple[ApiClient, ApiClient],
    signed_in_page: SignedInPage,
    no_errors: list[str],
    language: str,
) -> None:
    nurse, physician = clients
    session = running_infusion(stack, nurse, physician, f"course-{language}")
    nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"systolic_mmhg": "84"})
    page = bedside(signed_in_page, session, no_errors, language=language)
    expect(page.locator("[data-strip] canvas")).to_have_count(6)
    mark = page.get_by_test_id("mark").first
    mark.focus()
    figure = "۸۴" if language == "fa" else "84"
    expect(page.get_by_test_id("mark-said")).to_contain_text(figure)
    expect(page.get_by_test_id("mark-row").first).to_contain_text(figure)
    nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"systolic_mmhg": "119"})
    expect(page.locator("[data-strip=pressure] output")).to_contain_text("۱۱۹" if language == "fa" else "119")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def _tap(page: Page, text: str) -> None:
    for character in text:
        page.locator(f"[data-key='{character}']").tap()


def _observations(page: Page) -> Locator:
    return page.get_by_test_id("observation-row")


def _signed_in(context: Any) -> Page:
    page: Page = context.new_page()
    sign_in(page, "nurse")
    return page
