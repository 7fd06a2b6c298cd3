"""Walk 2: five days at 2 g/kg, blood group A, 70 years, diabetes. Kidneys on day 3, the red cells a week later."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from apps.alerts.domain.escalation import Level
from apps.alerts.models import Alert
from apps.courses.domain import PatientProfile
from apps.followups.models import FollowUpCheck
from apps.followups.wording import planned_because
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Hospital, put_on_call
from tests.flow.walking import DAY, HOLDS, HOUR, LOOK_BACK, Walk
from tests.standing_clock import StandingClock

PROFILE = PatientProfile(
    weight_kg=Decimal(60),
    weighed_on=NOW.date(),
    blood_group="A",
    iga="normal",
    prior_ivig="never",
    diabetes=True,
    glucose_meter="glucose_specific",
)
BEFORE_COURSE = (
    ("creatinine", "80", "µmol/L"), ("hemoglobin", "13.5", "g/dL"), ("dat", "negative", ""),
    ("ldh", "180", "U/L"), ("haptoglobin", "1.2", "g/L"),
)  # fmt: skip
# Creatinine (µmol/L) and hemoglobin (g/L) on the mornings of days 2 to 5.
MORNINGS = {2: ("88", "123"), 3: ("160", "121"), 4: ("130", "122"), 5: ("104", "121")}
BEFORE_EACH_DAY = ("in_course_observation", "in_course_kidney_lab", "in_course_hemoglobin_lab")
# What counts from the last dose, for her, in hours after its end: opens, closes (clinical facts 8).
AFTER = {
    "lungs_6h": (4, 8), "lungs_12h": (10, 16), "aseptic_meningitis_call": (24, 48),
    "hemoglobin_lab": (36, 96), "renal_function_lab": (36, 96), "hemolysis_lab": (120, 240),
    "kidney_lab_day_7": (120, 240), "day_7_call": (144, 216), "day_14_call": (312, 408),
    "efficacy_visit": (432, 576), "thrombosis_call": (672, 816),
}  # fmt: skip


@pytest.mark.django_db
def test_a_high_risk_course_of_five_days(hospital: Hospital, clock: StandingClock) -> None:
    walk = Walk(hospital, clock)
    patient = walk.admit(date(1955, 5, 17))
    put_on_call(hospital, hospital.second_physician, since=NOW - DAY, until=NOW + 30 * DAY)
    clock.set(NOW - DAY)
    walk.measure(patient, *BEFORE_COURSE)
    course = walk.order(patient, PROFILE)

    # The mornings of days 2 to 5 stand from the first drop on, and the rest from the end of the first day.
    ended = walk.infuse(course)
    planned = walk.checks(course)
    mornings = {f"{code}:{day}" for code in BEFORE_EACH_DAY for day in (2, 3, 4, 5)}
    assert set(planned) == mornings | AFTER.keys() | HOLDS | LOOK_BACK
    for code, (opens, closes) in AFTER.items():
        window = planned[code].opens_at, planned[code].closes_at
        assert window == (ended + opens * HOUR, ended + closes * HOUR), code
    because = {code: planned_because(check) for code, check in planned.items()}
    assert because["hemolysis_lab"] == (
        "Planned because: Blood group A, B or AB (A); at least 2 g/kg in this course."
    )
    assert because["renal_function_lab"] == "Planned because: Renal risk."
    assert because["thrombosis_call"] == "Planned because: Thrombosis risk."
    assert because["efficacy_visit"] == "Planned because: CIDP."
    assert planned["in_course_kidney_lab:3"].due_at == datetime(2026, 3, 4, 6, tzinfo=UTC)
    _look_after_breathing(walk, course.pk, ended)

    # Day 2, morning: hemoglobin fell by 12 g/L within 36 hours. That may be dilution: said, and nothing opened.
    _morning(walk, course, patient, day=2)
    assert walk.alerts("laboratory:") == [("hemolysis", "low", "raised")]
    (dilution,) = walk.nurse.get(f"patients/{patient.pk}/laboratory/").json()["standing"]
    assert dilution["level"] == "fall_early" and "may be dilution" in dilution["text"]
    assert not AdverseEvent.objects.exists()
    assert "hemoglobin_fell" not in str(walk.told("followup.fact.noted"))
    ended = walk.infuse(course, day=2, at=NOW + DAY)
    _look_after_breathing(walk, course.pk, ended)

    # Day 3, morning: creatinine doubled. KDIGO stage 2, by whose words; a high alert that climbs to the one on call.
    _morning(walk, course, patient, day=3)
    alert = Alert.objects.get(code="aki")
    assert (alert.priority, alert.state, alert.patient_id) == ("high", "raised", patient.pk)
    assert "KDIGO" in alert.source
    findings = walk.nurse.get(f"patients/{patient.pk}/laboratory/").json()["standing"]
    kidneys = next(found for found in findings if found["code"] == "aki")
    assert (kidneys["level"], kidneys["urgency"]) == ("stage_2", "high")
    assert "KDIGO stage 2: creatinine 160 µmol/L is 2 times the baseline of 80 µmol/L" in kidneys["text"]
    assert any("2.0 to 2.9 times" in one["label"] for one in kidneys["citations"])
    walk.to(alert.raised_at + timedelta(minutes=4))
    called = alert.hops.get(level=Level.PHYSICIAN)
    assert [person["id"] for person in called.people] == [hospital.second_physician.pk] and called.on_call

    # The adverse event is there already, filled in from the infusion before; the physician takes the alert.
    (event,) = walk.physician.get("adverse-events/").json()
    assert (event["term"], event["onset_class"], event["product"]) == (
        "acute_renal_failure", "delayed", "Kiovig",
    )  # fmt: skip
    assert event["onset_at"] == "2026-03-04T06:00:00Z" and event["session_id"] == planned_day(walk, course, 2)
    assert event["lots"] == [{"lot_number": "LOT-A1204", "expires_on": "2027-12-31"}]
    assert event["note"].startswith("Kidney injury suspected, KDIGO stage 2")
    assert "KDIGO" in AdverseEvent.objects.get().details["laboratory"]["source"]
    walk.written(f"alerts/{alert.pk}/acknowledge/", {}, walk.physician)

    # What was learned stands among the reasons of every kidney check that is still to come, and of no other.
    (fact,) = walk.told("followup.fact.noted")
    assert (fact["fact"], fact["holds"]) == ("creatinine_rose", True) and "2.00 times" in fact["reason"]
    now_because = {
        code: planned_because(check) for code, check in walk.checks(course, status="planned").items()
    }
    told_of = {code for code, words in now_because.items() if "Creatinine rose" in words}
    assert told_of == {
        "in_course_kidney_lab:4", "in_course_kidney_lab:5", "renal_function_lab", "kidney_lab_day_7",
    }  # fmt: skip

    # The physician goes on with it, creatinine falls again (stage 1 on day 4: the same event); the last day ends.
    for day in (3, 4, 5):
        if day > 3:
            _morning(walk, course, patient, day=day)
        ended = walk.infuse(course, day=day, at=NOW + (day - 1) * DAY)
        if day < 5:
            _look_after_breathing(walk, course.pk, ended)
    assert len(walk.physician.get("adverse-events/").json()) == 1
    standing = walk.checks(course, status="planned")
    assert standing.keys() == AFTER.keys() | HOLDS | LOOK_BACK
    assert all(check.day_number == 5 and check.anchored_at == ended for check in standing.values())
    gone = FollowUpCheck.objects.filter(course_id=course.pk, status="superseded", code="day_14_call")
    assert [check.replaced_by.get().day_number for check in gone.order_by("pk")] == [2, 3, 4, 5]
    assert all(check.reason.endswith("a later infusion of the course ended") for check in gone)
    assert walk.waiting() == []

    # Home two hours after: what is asked at the bedside gives way to a call; nothing else moves, doubles or is lost.
    walk.to(ended + 2 * HOUR)
    before = _by_number(standing)
    walk.send_home(course, "Goes home with her son.")
    at_home = walk.checks(course, status="planned")
    assert at_home.keys() == (AFTER.keys() - {"lungs_6h", "lungs_12h"}) | {"lungs_call"} | HOLDS | LOOK_BACK
    after = _by_number(at_home)
    kept = {number: check for number, check in before.items() if not check[0].startswith("lungs_")}
    assert {number: check for number, check in after.items() if check[0] != "lungs_call"} == kept
    assert planned_because(at_home["lungs_call"]) == "Planned because: Out of hospital; Age over 65."
    for code in ("lungs_6h", "lungs_12h"):
        given_up = FollowUpCheck.objects.get(code=code, course_id=course.pk, day_number=5)
        assert (given_up.status, given_up.reason) == (
            "superseded", "no longer called for: inpatient does not hold",
        )  # fmt: skip

    # At home she is called, and comes for her blood on the third day: the fall is as it was, the kidneys are well.
    walk.to(at_home["lungs_call"].due_at)
    walk.answer_well(at_home["lungs_call"])
    walk.to(ended + 26 * HOUR)
    walk.answer_well(at_home["aseptic_meningitis_call"])
    walk.to(at_home["renal_function_lab"].due_at)
    assert set(walk.waiting()) == {"hemoglobin_lab", "renal_function_lab"}
    walk.measure(patient, ("creatinine", "90", "µmol/L"), ("hemoglobin", "128", "g/L"))
    walk.found_well(at_home["hemoglobin_lab"])
    walk.found_well(at_home["renal_function_lab"])
    assert ("aki", "medium", "resolved") in walk.alerts("laboratory:"), "taken, stage 1 on day 4, now over"

    # Day 7 after the last dose: the hemoglobin fell, and everything that speaks for hemolysis speaks for it.
    walk.to(at_home["hemolysis_lab"].due_at)
    assert set(walk.waiting()) >= {"hemolysis_lab", "kidney_lab_day_7"}
    taken = clock.now
    walk.measure(
        patient,
        ("hemoglobin", "104", "g/L"), ("dat", "positive", ""), ("ldh", "420", "U/L"),
        ("haptoglobin", "0.1", "g/L"), ("creatinine", "86", "µmol/L"),
    )  # fmt: skip
    standing_now = walk.nurse.get(f"patients/{patient.pk}/laboratory/").json()["standing"]
    (hemolysis,) = [found for found in standing_now if found["urgency"] == "high"]
    assert (hemolysis["code"], hemolysis["level"]) == ("hemolysis", "case")
    assert "fallen by 31 g/L from 135 g/L" in hemolysis["text"]
    assert "LDH raised" in hemolysis["text"] and "haptoglobin low" in hemolysis["text"]
    open_alert = Alert.objects.get(code="hemolysis", state="raised")
    assert open_alert.priority == "high"
    events = {event["term"]: event for event in walk.physician.get("adverse-events/").json()}
    assert events.keys() == {"acute_renal_failure", "hemolysis"}
    assert events["hemolysis"]["onset_at"] == taken.isoformat().replace("+00:00", "Z")
    assert events["hemolysis"]["session_id"] == planned_day(walk, course, 5)
    assert [fact["fact"] for fact in walk.told("followup.fact.noted")][-1] == "hemoglobin_fell"

    # Whoever closes the check says the same: it is the same adverse event, not another one.
    body = {"outcome": "suspected", "note": "Hemolysis, see the results."}
    walk.written(f"follow-ups/{at_home['hemolysis_lab'].pk}/outcomes/", body, walk.physician)
    walk.found_well(at_home["kidney_lab_day_7"])
    assert len(walk.physician.get("adverse-events/").json()) == 2

    # The calls go on to the end, and the five weeks leave nothing unasked and nothing asked twice.
    for code in ("day_7_call", "day_14_call"):
        walk.to(at_home[code].due_at)
        walk.answer_well(at_home[code])
    walk.to(at_home["efficacy_visit"].due_at)
    walk.found_well(at_home["efficacy_visit"])
    walk.to(at_home["thrombosis_call"].due_at)
    walk.answer_well(at_home["thrombosis_call"])
    walk.to(ended + 40 * DAY)
    assert walk.waiting() == []
    assert walk.checks(course, status="planned").keys() == HOLDS | LOOK_BACK
    assert not walk.told("followup.check.overdue")
    asked = Counter(told["code"] for told in walk.told("followup.check.due"))
    once = (AFTER.keys() | {"lungs_call"}) - {"lungs_6h", "lungs_12h"}
    each_day = {*BEFORE_EACH_DAY, "lungs_6h", "lungs_12h"}
    assert asked == {**dict.fromkeys(once, 1), **dict.fromkeys(each_day, 4)}


def _morning(walk: Walk, course, patient, *, day: int) -> None:  # type: ignore[no-untyped-def]
    """The round before an infusion: what is due, is asked and measured, and the results are read."""
    walk.to(NOW + (day - 1) * DAY - 2 * HOUR)
    assert set(walk.waiting()) == set(BEFORE_EACH_DAY)
    creatinine, hemoglobin = MORNINGS[day]
    walk.measure(patient, ("creatinine", creatinine, "µmol/L"), ("hemoglobin", hemoglobin, "g/L"))
    for code in BEFORE_EACH_DAY:
        walk.found_well(walk.check(course, f"{code}:{day}"))


def _look_after_breathing(walk: Walk, course_id: int, ended: datetime) -> None:
    for code, hours in (("lungs_6h", 6), ("lungs_12h", 12)):
        walk.to(ended + hours * HOUR)
        walk.found_well(FollowUpCheck.objects.get(course_id=course_id, code=code, status="due"))


def planned_day(walk: Walk, course, day: int) -> int:  # type: ignore[no-untyped-def]
    """The number of the infusion of a day."""
    number: int = FollowUpCheck.objects.filter(course_id=course.pk, code="lungs_6h", day_number=day)[
        0
    ].session_id
    return number


def _by_number(checks: Mapping[str, FollowUpCheck]) -> dict[int, tuple[object, ...]]:
    return {
        check.pk: (check.code, check.opens_at, check.due_at, check.closes_at) for check in checks.values()
    }
