"""Walk 5: a child whose measles vaccine is planned. It waits as the dose asks for, and a further dose moves it."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.utils import translation
from pypdf import PdfReader

from apps.courses.domain import PatientProfile
from apps.courses.selectors import CourseRecord
from apps.infusions.domain import RespiratoryEffort
from apps.infusions.record.wording import day_text
from apps.patients.selectors import PatientRecord
from tests.builders import NOW, Hospital
from tests.flow.walking import DAY, HOLDS, HOUR, Walk
from tests.standing_clock import StandingClock

# A quiet five-year-old.
QUIET_CHILD: dict[str, Any] = {
    "systolic_mmhg": 96,
    "diastolic_mmhg": 60,
    "pulse_per_min": 105,
    "respiratory_rate_per_min": 24,
    "spo2_percent": 99,
    "temperature_c": Decimal("36.8"),
    "capillary_refill_s": Decimal("1.5"),
    "respiratory_effort": RespiratoryEffort.NORMAL,
}
BORN = date(2020, 9, 1)
MEASLES, OTHERS = "measles_vaccine_hold", "varicella_vaccine_hold"


def given(
    walk: Walk, patient: PatientRecord, dose_mg_per_kg: str, *, days: int = 1, first: Any = NOW
) -> CourseRecord:
    """A course of so much in all, its days one after another from `first`."""
    profile = PatientProfile(
        weight_kg=Decimal(18), weighed_on=first.date(), blood_group="O", iga="normal", prior_ivig="before"
    )
    dose = Decimal(dose_mg_per_kg)
    course = walk.order(
        patient, profile, now=first, dose_mg_per_kg=dose, days=days, setting="day_care_admission"
    )
    for day in range(1, days + 1):
        walk.infuse(course, day=day, at=first + (day - 1) * DAY, signs=QUIET_CHILD)
    return course


def release(walk: Walk, patient: PatientRecord) -> dict[str, dict[str, Any]]:
    """What the page says of each live vaccine, by code."""
    body = walk.nurse.get(f"patients/{patient.pk}/vaccine-release/").json()
    return {vaccine["code"]: vaccine for vaccine in body["vaccines"]}


def sheet_text(walk: Walk, course: CourseRecord) -> str:
    """The words of the discharge sheet as it is printed."""
    answer = walk.nurse.client.post(f"/courses/{course.pk}/discharge/sheet.pdf", {"language": "en"})
    assert answer.status_code == 200, answer.content[:400]
    pages = PdfReader(BytesIO(answer.content)).pages
    return " ".join("".join(page.extract_text() for page in pages).split())


@pytest.mark.django_db
def test_a_child_s_measles_vaccine_waits_and_a_further_dose_moves_it(
    hospital: Hospital, clock: StandingClock
) -> None:
    walk = Walk(hospital, clock)
    patient = walk.admit(BORN)
    assert release(walk, patient) == {}, "nothing was given, nothing waits"

    # 2 g/kg in two days, the last on 3 March: 11 months by ACIP, up to a year for measles by the EU leaflets.
    course = given(walk, patient, "2000", days=2)
    found = release(walk, patient)
    assert {code: one["blocked_until"] for code, one in found.items()} == {
        MEASLES: "2027-03-03", OTHERS: "2027-02-03",
    }  # fmt: skip
    by_authority = {
        code: {one["authority"]: (one["months"], one["on"]) for one in vaccine["dates"]}
        for code, vaccine in found.items()
    }
    assert by_authority == {
        MEASLES: {"ACIP (US)": (11, "2027-02-03"), "EU leaflets": (12, "2027-03-03")},
        OTHERS: {"ACIP (US)": (11, "2027-02-03"), "EU leaflets": (3, "2026-06-03")},
    }
    assert all(one["source"] for vaccine in found.values() for one in vaccine["dates"])
    holds = walk.checks(course, kind="hold")
    assert {holds[code].status for code in (MEASLES, OTHERS)} == {"planned"}

    # The parents take the dates home, with whom they come from.
    text = sheet_text(walk, course)
    assert "Live vaccines must wait" in text and "Another infusion moves these dates" in text
    with translation.override("en"):
        assert day_text(date(2027, 3, 3)) in text and day_text(date(2027, 2, 3)) in text
    assert "ACIP" in text and "11 months" in text and "EU leaflets" in text and "12 months" in text

    # Six weeks on a further dose, 0.4 g/kg: its own 8 months end before the first's 11, its year does not.
    again = given(walk, patient, "400", first=NOW + 42 * DAY)
    moved = release(walk, patient)
    assert (moved[MEASLES]["blocked_until"], moved[OTHERS]["blocked_until"]) == ("2027-04-13", "2027-02-03")
    decides = {one["authority"]: one["course_id"] for one in moved[MEASLES]["dates"]}
    assert decides == {"ACIP (US)": course.pk, "EU leaflets": again.pk}

    # Blocked until the day before, free on the day: and each vaccine on its own.
    for day, blocked in (
        (date(2027, 2, 2), {MEASLES, OTHERS}), (date(2027, 2, 3), {MEASLES}),
        (date(2027, 4, 12), {MEASLES}), (date(2027, 4, 13), set()),
    ):  # fmt: skip
        walk.to(NOW + (day - NOW.date()).days * DAY)
        assert {code for code, one in release(walk, patient).items() if one["is_blocked"]} == blocked, day
    for one in (course, again):
        assert {walk.statuses(one)[code] for code in HOLDS} == {"done"}
        assert walk.statuses(one)["lot_look_back"] == "planned"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("dose_mg_per_kg", "measles_like", "months"),
    [
        ("400", "2026-11-02", 8),
        ("500", "2027-01-02", 10),
        ("1000", "2027-01-02", 10),
        ("1500", "2027-02-02", 11),
    ],
)
def test_a_dose_between_two_rows_takes_the_next_row_up(
    hospital: Hospital, clock: StandingClock, dose_mg_per_kg: str, measles_like: str, months: int
) -> None:
    walk = Walk(hospital, clock)
    patient = walk.admit(BORN)
    course = given(walk, patient, dose_mg_per_kg)
    found = release(walk, patient)
    assert (found[OTHERS]["blocked_until"], found[OTHERS]["dates"][0]["months"]) == (measles_like, months)
    assert found[MEASLES]["blocked_until"] == "2027-03-02", "never before the year of the EU leaflets"
    hold = walk.checks(course)[OTHERS]
    assert hold.closes_at.date() == date.fromisoformat(measles_like) - DAY, "midnight in Oslo"
    walk.to(hold.closes_at - HOUR)
    assert walk.checks(course)[OTHERS].status == "planned"
    walk.to(hold.closes_at)
    assert walk.checks(course)[OTHERS].status == "done"
