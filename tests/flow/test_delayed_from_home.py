"""Walk 3: a patient opens the link at home, in Persian, and answers at 30 hours that her neck is stiff."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.alerts.domain.escalation import Level
from apps.alerts.models import Alert
from apps.courses.domain import PatientProfile
from apps.courses.selectors import CourseRecord
from apps.patients.selectors import PatientRecord
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Hospital, put_on_call
from tests.flow.walking import DAY, HOUR, Phone, Walk
from tests.standing_clock import StandingClock

CALL = "aseptic_meningitis_call"


def at_home(walk: Walk) -> tuple[PatientRecord, CourseRecord, Phone]:
    """She had her dose and is home; the link was given to her when she left, in her language."""
    patient = walk.admit(date(1990, 5, 17))
    profile = PatientProfile(weight_kg=Decimal(60), weighed_on=NOW.date(), blood_group="O", iga="normal")
    course = walk.order(patient, profile, days=1, setting="day_care_admission")
    walk.infuse(course)
    issued = walk.written(f"courses/{course.pk}/self-report-link/", {"language": "fa"})
    return patient, course, Phone(issued["url"])


@pytest.mark.django_db
def test_a_stiff_neck_at_thirty_hours(hospital: Hospital, clock: StandingClock, settings: Any) -> None:
    settings.EMERGENCY_NUMBER, settings.HOSPITAL_NUMBER = "115", "+98 21 6100 0000"
    walk = Walk(hospital, clock)
    put_on_call(hospital, hospital.second_physician, until=NOW + 7 * DAY)
    patient, course, phone = at_home(walk)
    check = walk.check(course, CALL)
    at = walk.to(check.anchored_at + 30 * HOUR)
    assert walk.waiting() == [CALL]

    # The link alone opens the form: in Persian, from right to left, and with nothing on it of who she is.
    page = phone.page()
    assert 'lang="fa" dir="rtl"' in page and "گردنتان" in page
    assert 'href="tel:115"' in page and "۱۱۵" in page
    assert patient.name not in page and patient.medical_record_number not in page and "Kiovig" not in page
    assert Client().get("/follow-ups/").status_code == 302

    # A headache alone calls nobody. The stiff neck with it does, at once, before anything is sent off.
    assert phone.send({"bad_headache": "yes"})["urgency"] == "none"
    assert walk.alerts("check:") == []
    assert phone.send({"stiff_neck": "yes"})["urgency"] == "same_day"
    page = phone.page()
    assert 'data-urgency="same_day"' in page and "همین امروز با بیمارستان تماس بگیرید" in page
    assert 'href="tel:+982161000000"' in page
    said = page[page.index('data-urgency="same_day"') : page.index("<form")]
    assert 'href="tel:115"' in said, "and whom to call if it becomes worse"

    # The physician on call is called in the same minute, not after the nurses; the alert says what, and what to do.
    walk.to(at)
    alert = Alert.objects.get(subject=f"check:{check.pk}")
    assert (alert.code, alert.priority, alert.raised_at) == ("red_flag_aseptic_meningitis", "medium", at)
    (hop,) = alert.hops.all()
    assert (hop.level, hop.called_at, hop.on_call) == (Level.PHYSICIAN, at, True)
    assert [person["id"] for person in hop.people] == [hospital.second_physician.pk]
    assert alert.params["symptoms"]["fa"] and "Bacterial meningitis" in alert.params["advice"]["en"]
    assert alert.source

    # It stands in the open check, as her own word, and as an adverse event that is delayed in both schemes.
    shown = walk.nurse.get(f"follow-ups/{check.pk}/").json()
    assert shown["status"] == "due"
    (attempt,) = shown["attempts"]
    assert (attempt["source"], attempt["recorded_by"]) == ("self_report", None)
    assert {one["code"]: one["answer"] for one in attempt["answers"]} == {
        "bad_headache": "yes", "stiff_neck": "yes",
    }  # fmt: skip
    assert [flag["code"] for flag in attempt["flags"]] == ["headache_and_stiff_neck"]
    (event,) = walk.physician.get("adverse-events/").json()
    assert (event["term"], event["onset_class"], event["onset_class_norwegian"]) == (
        "aseptic_meningitis", "delayed", "late",
    )  # fmt: skip
    assert event["reported_by"] is None and event["lots"]
    assert {one["term"] for one in event["symptoms"]} == {"bad_headache", "stiff_neck"}

    # She answers the rest and sends it off: the check is done by it, nothing is told twice.
    walk.to(at + timedelta(minutes=4))
    rest = [part.split('"')[0] for part in page.split('name="a.')[1:]]
    phone.send(dict.fromkeys(rest, "no") | {"bad_headache": "yes", "stiff_neck": "yes"}, complete=True)
    shown = walk.nurse.get(f"follow-ups/{check.pk}/").json()
    assert (shown["status"], shown["outcome"]) == ("done", "suspected")
    assert len(walk.alerts("check:")) == 1 and AdverseEvent.objects.count() == 1
    assert not walk.alerts("self_report:")
    assert 'data-urgency="same_day"' in phone.page(), "she is still told to call"

    # The physician takes it: the alert rests, the adverse event carries on, the later calls stay planned.
    walk.written(f"alerts/{alert.pk}/acknowledge/", {}, walk.physician)
    assert walk.alerts("check:") == [("red_flag_aseptic_meningitis", "medium", "resolved")]
    assert walk.waiting() == []
    assert {"day_7_call", "day_14_call"} <= walk.checks(course, status="planned").keys()


@pytest.mark.django_db
def test_a_patient_who_heard_it_on_the_telephone_is_the_nurse_s_first(
    hospital: Hospital, clock: StandingClock
) -> None:
    """What the nurse heard herself climbs from her, as every alert of the ward: only an emergency does not."""
    walk = Walk(hospital, clock)
    put_on_call(hospital, hospital.second_physician, until=NOW + 7 * DAY)
    _, course, _ = at_home(walk)
    check = walk.check(course, CALL)
    at = walk.to(check.due_at)
    answers = {"bad_headache": "yes", "stiff_neck": "yes"}
    walk.written(f"follow-ups/{check.pk}/answers/", {"answers": answers, "complete": False})
    walk.to(at)
    assert not Alert.objects.get(subject=f"check:{check.pk}").hops.exists()
    walk.to(at + timedelta(minutes=20))
    hops = Alert.objects.get(subject=f"check:{check.pk}").hops.order_by("level")
    assert [hop.level for hop in hops] == [Level.CHARGE_NURSE, Level.PHYSICIAN]
