"""The main job in browsers: a physician, a nurse, a second dashboard on the ward, and one on another ward."""

import re
from datetime import date

from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedInPage
from tests.browser.screens import keep_picture
from tests.stack import Stack

HOUR_S = 3600
VITALS = {
    "systolic_mmhg": "122",
    "diastolic_mmhg": "78",
    "pulse_per_min": "72",
    "respiratory_rate_per_min": "14",
    "spo2_percent": "98",
    "temperature_c": "36,7",
}


def test_the_main_job_from_the_course_to_the_csv(stack: Stack, signed_in_page: SignedInPage) -> None:
    physician = signed_in_page("physician", viewport={"width": 1180, "height": 820})
    course_url = _open_course(physician)

    nurse = signed_in_page("nurse", viewport={"width": 1180, "height": 820})
    charge = signed_in_page("charge", viewport={"width": 1180, "height": 820})
    other_ward = signed_in_page("nurse2")
    expect(charge.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    expect(other_ward.get_by_test_id("board-status")).to_have_attribute("data-status", "live")

    _start_day_one(nurse, course_url)
    session = re.search(r"/sessions/(\d+)/", nurse.url)
    assert session
    card = charge.locator(f"[data-test=session-card][data-session='{session[1]}']")
    expect(card).to_contain_text("30 mL/h")

    _confirm_the_first_step(stack, nurse, card)
    _falling_pressure(nurse, charge, other_ward)
    keep_picture(charge, "board")
    keep_picture(nurse, "bedside")
    _reaction(nurse, physician, signed_in_page)
    _complete_and_follow_up(stack, nurse, charge)


def _open_course(physician: Page) -> str:
    """Step 1: 60 kg, 2 g/kg over 5 days, 100 mg/mL: 120 g, 1200 mL, 250 mL a day in whole vials."""
    physician.goto("/patients/")
    physician.get_by_role("link", name="Demo Anemone").click()
    physician.get_by_test_id("new-course").click()
    physician.locator("#q").fill("CIDP")
    physician.get_by_test_id("search").click()
    row = physician.locator("[data-test=indication][data-slug=nel_cidp]")
    row.get_by_test_id("use-regimen").first.click()
    physician.locator("#blood_group").select_option("O")
    physician.locator("#product_code").select_option("kiovig")
    physician.locator("#weight_kg").fill("60")
    expect(physician.get_by_test_id("total-g")).to_have_text("120 g")
    expect(physician.get_by_test_id("total-ml")).to_have_text("1200 mL")
    expect(physician.get_by_test_id("vial-plan")).to_contain_text("1 × 200 mL + 1 × 50 mL = 250 mL")
    expect(physician.get_by_test_id("deviation")).to_contain_text("+4.2 %")
    keep_picture(physician, "course")
    physician.get_by_test_id("open-course").click()
    physician.wait_for_url(re.compile(r"/courses/\d+/$"))
    expect(physician.get_by_test_id("total-g")).to_have_text("120 g")
    return physician.url


def _start_day_one(nurse: Page, course_url: str) -> None:
    """Step 2: identity, vials, baseline, start; the rate plan stands in both units with times."""
    nurse.goto(course_url)
    nurse.get_by_test_id("start-day").first.click()
    nurse.get_by_test_id("identity-confirmed").check()
    nurse.locator("#lot_0").fill("LOT-STORY-1")
    nurse.locator("#expiry_0").fill(date(2030, 12, 31).isoformat())
    nurse.get_by_test_id("whole-volume").click()
    for sign, value in VITALS.items():
        nurse.locator(f"#baseline_{sign}").fill(value)
    _air_and_alert(nurse, "baseline_", "baseline.")
    nurse.get_by_test_id("start-infusion").click()
    nurse.wait_for_url("**/sessions/*/")
    steps = nurse.get_by_test_id("plan-step")
    expect(steps).to_have_count(5)
    expect(steps.nth(0)).to_contain_text("30")
    expect(steps.nth(4)).to_contain_text("360")
    expect(nurse.get_by_test_id("rate-now")).to_have_text("30 mL/h")


def _confirm_the_first_step(stack: Stack, nurse: Page, card) -> None:  # type: ignore[no-untyped-def]
    """The timer falls due through Celery, the board asks, vital signs open the step, the rate changes."""
    stack.advance_clock(HOUR_S / 2)
    expect(card).to_contain_text("Rate change waits for you")
    expect(nurse.get_by_test_id("holds")).to_contain_text("Record vital signs")
    _record(nurse, VITALS)
    nurse.get_by_test_id("confirm-step").click()
    expect(nurse.get_by_test_id("rate-now")).to_have_text("60 mL/h")
    expect(card).to_contain_text("60 mL/h")
    shown = float(nurse.get_by_test_id("volume-given").inner_text())
    (given,) = stack.sql(
        "SELECT sum(rate_ml_per_h * extract(epoch FROM coalesce(until, %s) - started_at) / 3600) AS ml"
        " FROM (SELECT rate_ml_per_h, started_at, lead(started_at) OVER (ORDER BY started_at) AS until"
        " FROM infusions_ratechange WHERE session_id = %s) AS rates",
        (stack.clinical_now, int(nurse.url.rstrip("/").rsplit("/", 1)[1])),
    )
    assert abs(shown - float(given["ml"])) <= 0.1


def _falling_pressure(nurse: Page, charge: Page, other_ward: Page) -> None:
    """Step 3: the alert is live on the ward's other dashboard, not on another ward's; all see who took it."""
    _record(nurse, VITALS | {"systolic_mmhg": "84"})
    high = charge.locator("[data-test=alert][data-priority=high]").filter(has_text="Demo Anemone")
    alert = high.filter(has_text="Systolic blood pressure 84 mmHg, below 90 mmHg")
    expect(alert).to_be_visible()
    expect(other_ward.get_by_test_id("alert").filter(has_text="84 mmHg")).to_have_count(0)
    alert.get_by_test_id("alert-acknowledge").click()
    expect(alert).to_contain_text("Demo Charge Nurse")
    expect(nurse.get_by_test_id("alerts")).to_contain_text("Demo Charge Nurse")


def _reaction(nurse: Page, physician: Page, signed_in_page: SignedInPage) -> None:
    """Step 5: the reaction is an adverse event; pharmacovigilance exports it."""
    nurse.get_by_test_id("reaction-tap").click()
    expect(nurse.get_by_test_id("state")).to_have_text("Paused")
    nurse.get_by_test_id("symptom-urticaria").check()
    nurse.get_by_test_id("describe").click()
    expect(nurse.get_by_test_id("proposal")).to_have_attribute("data-action", "stop")
    keep_picture(nurse, "reaction")
    nurse.get_by_test_id("reaction-resolve").click()
    expect(nurse.get_by_test_id("reaction-resolve")).to_have_count(0)

    physician.goto("/adverse-events/")
    row = physician.get_by_test_id("adverse-event-row").filter(has_text="Demo Anemone")
    expect(row).to_contain_text("Urticaria")
    officer = signed_in_page("pharmacovigilance")
    officer.goto("/adverse-events/")
    with officer.expect_download() as download:
        officer.get_by_test_id("export-csv").click()
    content = download.value.path().read_text(encoding="utf-8")
    assert "LOT-STORY-1" in content and "Demo Anemone" not in content


def _complete_and_follow_up(stack: Stack, nurse: Page, charge: Page) -> None:
    """Step 4: completion plans the checks; one falls due in the worklist; an overdue one alerts."""
    nurse.get_by_test_id("resume-infusion").click()
    expect(nurse.get_by_test_id("state")).to_have_text("Running")
    nurse.locator("[data-test=more] summary").click()
    nurse.locator("#complete_reason").fill("Story ends here")
    nurse.get_by_test_id("complete-infusion").click()
    expect(nurse.get_by_test_id("state")).to_have_text("Completed")

    nurse.goto("/follow-ups/?planned=all")
    planned = nurse.get_by_test_id("planned-follow-ups").locator("tr").filter(has_text="Demo Anemone")
    expect(planned.filter(has_text="aseptic meningitis")).to_have_count(1)
    # Due after 24 hours, or when the night is over; overdue after 48.
    stack.advance_clock(36 * HOUR_S + 60)
    due = charge.get_by_test_id("follow-up-row").filter(has_text="Demo Anemone")
    expect(due.filter(has_text="aseptic meningitis")).to_be_visible()
    stack.advance_clock(12 * HOUR_S)
    alert = (
        charge.get_by_test_id("alert").filter(has_text="Demo Anemone").filter(has_text="Follow-up overdue")
    ).filter(has_text="aseptic meningitis")
    expect(alert).to_be_visible()


def _air_and_alert(nurse: Page, prefix: str, name_prefix: str) -> None:
    alert = nurse.locator(f"[name='{name_prefix}consciousness'][value=alert]")
    for field in (nurse.locator(f"#{prefix}air"), alert):
        nurse.locator(".choice", has=field).click()


def _record(nurse: Page, vitals: dict[str, str]) -> None:
    rows = nurse.get_by_test_id("observation-row")
    before = rows.count()
    for sign, value in vitals.items():
        nurse.locator(f"#vital_{sign}").fill(value)
    _air_and_alert(nurse, "vital_", "")
    nurse.get_by_test_id("save-vitals").click()
    expect(rows).to_have_count(before + 1)
