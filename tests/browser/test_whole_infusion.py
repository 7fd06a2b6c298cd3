"""One infusion from the wristband to the paper, in English and in Persian.

Start, four gated steps, a hold, ten minutes without network with six sets, a reaction with pause and restart, the
next vial, the end, the watch after it, and the record as a PDF.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import SignedInPage
from tests.browser.screens import KEPT, keep_picture
from tests.clients import ApiClient
from tests.flow.steps import new_patient, open_course
from tests.stack import Stack

VITALS = {
    "systolic_mmhg": "124",
    "diastolic_mmhg": "78",
    "pulse_per_min": "72",
    "respiratory_rate_per_min": "14",
    "spo2_percent": "98",
    "temperature_c": "36.7",
}
PERSIAN = str.maketrans("0123456789.", "۰۱۲۳۴۵۶۷۸۹٫")
WORDS = {
    "en": {"paused": "Paused", "running": "Running", "completed": "Completed", "given": "247.5"},
    "fa": {"paused": "متوقف", "running": "در جریان", "completed": "پایان", "given": "۷۴۲٫۵"},
}
MINUTE_S = 60
FAST = 60.0


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@dataclass
class Bedside:
    """A nurse at a tablet, typing in the language she reads."""

    stack: Stack
    page: Page
    language: str
    api: ApiClient
    session: int = 0

    def typed(self, number: str) -> str:
        return number.translate(PERSIAN) if self.language == "fa" else number

    def shown(self, number: str, unit: str) -> re.Pattern[str]:
        return re.compile(rf"{re.escape(self.typed(number))}\s*\S*{re.escape(unit)}")

    def picture(self, name: str) -> None:
        keep_picture(self.page, f"{name}-{self.language}")

    def fill(self, prefix: str, name_prefix: str = "", **changes: str) -> None:
        for sign, value in (VITALS | changes).items():
            self.page.locator(f"#{prefix}{sign}").fill(self.typed(value))
        self.page.locator(".choice", has=self.page.locator(f"#{prefix}air")).click()
        alert = self.page.locator(f"[name='{name_prefix}consciousness'][value=alert]")
        self.page.locator(".choice", has=alert).click()

    def observe(self, **changes: str) -> None:
        rows = self.page.get_by_test_id("observation-row")
        before = rows.count()
        self.fill("vital_", **changes)
        self.page.get_by_test_id("save-vitals").click()
        expect(rows).to_have_count(before + 1)

    def now(self) -> dict[str, Any]:
        session: dict[str, Any] = self.api.read(f"sessions/{self.session}/")
        return session

    def advance_to(self, due_at: str | None) -> None:
        assert due_at is not None
        left = _time(due_at) - self.stack.clinical_now
        if left > timedelta(0):
            self.stack.advance_clock(left.total_seconds() + 1)

    def step_up(self, rate: str) -> None:
        self.advance_to(self.now()["next_step"]["due_at"])
        self.observe()
        self.page.get_by_test_id("confirm-step").click()
        expect(self.page.get_by_test_id("rate-now")).to_have_text(self.shown(rate, "mL/h"))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_whole_infusion(stack: Stack, signed_in_page: SignedInPage, language: str) -> None:
    page = signed_in_page("nurse", language=language, viewport={"width": 1180, "height": 820})
    nurse = ApiClient(stack, "nurse")
    patient = new_patient(nurse, f"whole-{language}")
    course = open_course(ApiClient(stack, "physician"), patient, stack.clinical_now.date().isoformat())
    bedside = Bedside(stack, page, language, nurse)

    _start(bedside, course["id"], number=f"TEST-whole-{language}")
    _first_step_waits_for_vital_signs(bedside)
    _second_step_is_held_by_a_low_pressure(bedside)
    _ten_minutes_without_network(bedside)
    bedside.step_up("240")
    bedside.step_up("360")
    _reaction_pause_and_restart(bedside)
    _next_vial(bedside)
    _the_end_and_the_watch(bedside)
    _the_paper(bedside)


def _start(bedside: Bedside, course_id: int, *, number: str) -> None:
    page = bedside.page
    page.goto(f"/courses/{course_id}/days/1/start/")
    page.get_by_test_id("scan-wristband").fill(number)
    page.get_by_test_id("scan-wristband").press("Enter")
    expect(page.get_by_test_id("identity-confirmed")).to_be_checked()
    page.locator("#lot_0").fill("LOT-WHOLE-1")
    page.locator("#expiry_0").fill("2031-12-31")
    page.locator("#volume_0").fill(bedside.typed("200"))
    bedside.fill("baseline_", "baseline.")
    bedside.picture("start")
    page.get_by_test_id("start-infusion").click()
    page.wait_for_url("**/sessions/*/")
    bedside.session = int(page.url.rstrip("/").rsplit("/", 1)[1])
    expect(page.get_by_test_id("rate-now")).to_have_text(bedside.shown("30", "mL/h"))
    expect(page.get_by_test_id("state")).to_contain_text(WORDS[bedside.language]["running"])


def _first_step_waits_for_vital_signs(bedside: Bedside) -> None:
    bedside.advance_to(bedside.now()["next_step"]["due_at"])
    holds = bedside.page.get_by_test_id("holds")
    expect(holds.locator("[data-code=gate_no_vitals]")).to_be_visible()
    bedside.picture("bedside-held")
    bedside.step_up("60")


def _second_step_is_held_by_a_low_pressure(bedside: Bedside) -> None:
    page = bedside.page
    bedside.advance_to(bedside.now()["next_step"]["due_at"])
    bedside.observe(systolic_mmhg="86")
    expect(page.get_by_test_id("holds").locator("[data-code=gate_finding]").first).to_be_visible()
    alerts = page.get_by_test_id("alerts")
    expect(alerts).to_contain_text(bedside.typed("86"))
    bedside.picture("bedside-alert")
    while alerts.get_by_test_id("alert-acknowledge").count():
        before = alerts.get_by_test_id("alert-acknowledge").count()
        alerts.get_by_test_id("alert-acknowledge").first.click()
        expect(alerts.get_by_test_id("alert-acknowledge")).to_have_count(before - 1)
    bedside.step_up("120")


def _ten_minutes_without_network(bedside: Bedside) -> None:
    page, stack = bedside.page, bedside.stack
    stack.set_speed(FAST)
    page.reload()
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live")
    page.context.set_offline(True)
    went_away = stack.clinical_now
    entries = page.get_by_test_id("offline-entry")
    for number in range(1, 7):
        _wait_for_clinical_time(stack, went_away + timedelta(minutes=2 * (number - 1)))
        bedside.fill("vital_", pulse_per_min=str(80 + number))
        page.get_by_test_id("save-vitals").click()
        expect(entries).to_have_count(number)
    expect(page.get_by_test_id("offline-said")).to_contain_text(bedside.typed("6"))
    bedside.picture("offline")
    assert len(bedside.now()["observations"]) == 4
    page.context.set_offline(False)
    expect(entries).to_have_count(0, timeout=30_000)
    stack.set_speed(1)
    arrived = [one for one in bedside.now()["observations"] if one["pulse_per_min"] > 80]
    assert [one["pulse_per_min"] for one in reversed(arrived)] == list(range(81, 87))
    times = [_time(one["effective_at"]) for one in reversed(arrived)]
    assert times == sorted(times)
    assert timedelta(minutes=9) < times[-1] - times[0] < timedelta(minutes=16)
    expect(page.get_by_test_id("board-status")).to_have_attribute("data-status", "live", timeout=40_000)


def _wait_for_clinical_time(stack: Stack, moment: datetime) -> None:
    stack.wait_until(lambda: stack.clinical_now >= moment, message="Clinical time stands still")


def _reaction_pause_and_restart(bedside: Bedside) -> None:
    page = bedside.page
    page.get_by_test_id("reaction-tap").click()
    expect(page.get_by_test_id("state")).to_contain_text(WORDS[bedside.language]["paused"])
    page.get_by_test_id("symptom-urticaria").check()
    bedside.picture("reaction-picker")
    page.get_by_test_id("describe").click()
    expect(page.get_by_test_id("guidance")).to_be_visible()
    page.get_by_test_id("done-antihistamine").click()
    expect(page.get_by_test_id("intervention")).to_have_count(1)
    bedside.observe(pulse_per_min="92")
    bedside.picture("reaction-guide")
    page.get_by_test_id("reaction-resolve").click()
    expect(page.get_by_test_id("open-reaction")).to_have_count(0)
    page.get_by_test_id("resume-infusion").click()
    expect(page.get_by_test_id("rate-now")).to_have_text(bedside.shown("180", "mL/h"))
    event = next(
        one
        for one in ApiClient(bedside.stack, "physician").read("adverse-events/")
        if one["session_id"] == bedside.session
    )
    assert (event["term"], event["rate_ml_per_h"]) == ("urticaria", "360")


def _next_vial(bedside: Bedside) -> None:
    page = bedside.page
    now = bedside.now()
    bedside.advance_to(now["vial_due_at"])
    page.get_by_test_id("hang-vial").locator("summary").click()
    page.locator("#next_lot").fill("LOT-WHOLE-2")
    page.locator("#next_expiry").fill("2031-06-30")
    page.get_by_test_id("rest-volume").click()
    page.get_by_test_id("vial-identity").check()
    bedside.picture("next-vial")
    page.get_by_test_id("save-vial").click()
    expect(page.get_by_test_id("lot")).to_have_count(2)


def _the_end_and_the_watch(bedside: Bedside) -> None:
    page = bedside.page
    bedside.observe()
    bedside.advance_to(bedside.now()["finish_at"])
    expect(page.get_by_test_id("next-action")).to_have_attribute("data-action", "complete", timeout=20_000)
    bedside.picture("bedside-chart")
    page.locator("#residual_now").fill(bedside.typed("2.5"))
    page.get_by_test_id("complete-infusion").first.click()
    expect(page.get_by_test_id("state")).to_contain_text(WORDS[bedside.language]["completed"])
    expect(page.get_by_test_id("after")).to_be_visible()
    bedside.picture("after")
    for _ in range(3):
        bedside.advance_to(bedside.now()["observation_due_at"])
        bedside.observe()
    assert bedside.now()["watched_until"] is not None
    assert bedside.now()["volume_given_ml"] == "247.5"


def _the_paper(bedside: Bedside) -> None:
    answer = bedside.page.request.get(f"/sessions/{bedside.session}/record.pdf?lang={bedside.language}")
    assert answer.ok and answer.headers["content-type"] == "application/pdf"
    name = f"infusion-record-{bedside.language}.pdf"
    (KEPT / name).write_bytes(answer.body())
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.body())).pages)
    assert "LOT-WHOLE-1" in text and "LOT-WHOLE-2" in text
    assert WORDS[bedside.language]["given"] in text
