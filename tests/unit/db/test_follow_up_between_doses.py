"""A check of one dose while the next one runs or was given: asked once, judged and told by the last dose."""

from datetime import timedelta

import pytest

from apps.alerts.domain.escalation import Level
from apps.alerts.models import Alert
from apps.followups.models import FollowUpCheck
from apps.followups.script import hours_since_last_dose
from apps.followups.services import answer_check, note_fact, record_outcome
from apps.safety.models import AdverseEvent
from tests.builders import NOW, admit_patient, finish, measure, order_course, put_on_call, start_day

pytestmark = pytest.mark.django_db
CALL = "aseptic_meningitis_call"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def course(hospital):
    return order_course(hospital, admit_patient(hospital))


@pytest.fixture
def ended(hospital, course):
    return finish(hospital, start_day(hospital, course).pk)


def calls(course, **conditions):
    return list(FollowUpCheck.objects.filter(course_id=course.pk, code=CALL, **conditions).order_by("pk"))


def test_a_call_that_falls_due_while_the_next_dose_runs_waits_for_its_end(hospital, course, ended, clock):
    (call,) = calls(course)
    second = start_day(hospital, course, day=2, now=call.due_at - HOUR)
    clock.fire(call.due_at)
    assert [one.status for one in calls(course)] == ["planned"]
    again = finish(hospital, second.pk)
    gone, moved = calls(course)
    assert (gone.status, moved.status, moved.anchored_at) == ("superseded", "planned", again)
    clock.fire(moved.due_at)
    assert [one.status for one in calls(course)] == ["superseded", "due"], "asked once, not once a day"


def test_a_dose_whose_end_is_never_told_does_not_silence_the_call(hospital, course, ended, clock):
    (call,) = calls(course)
    start_day(hospital, course, day=2, now=call.due_at - HOUR)
    clock.fire(call.due_at)
    clock.fire(call.closes_at)
    call.refresh_from_db()
    assert call.status == "overdue" and Alert.objects.filter(subject=f"check:{call.pk}").exists()


def test_a_call_that_falls_due_before_the_next_dose_is_asked(hospital, course, ended, clock):
    (call,) = calls(course)
    clock.fire(call.due_at)
    start_day(hospital, course, day=2, now=call.due_at + HOUR)
    assert [one.status for one in calls(course)] == ["due"]


@pytest.fixture
def next_course(hospital, course, ended):
    """Another course of the same patient, its first dose 13 days after; the call on day 14 is still to come."""
    again = order_course(hospital, course.patient, now=NOW + 13 * DAY)
    return again, finish(hospital, start_day(hospital, again, now=NOW + 13 * DAY).pk)


def test_hours_count_from_the_patient_s_last_dose_of_whichever_course(course, ended, next_course):
    _, last = next_course
    check = FollowUpCheck.objects.get(course_id=course.pk, code="day_14_call", status="planned")
    assert (
        hours_since_last_dose(check, now=last - 10 * DAY) == (last - 10 * DAY - ended).total_seconds() / 3600
    )
    assert hours_since_last_dose(check, now=NOW + 13 * DAY + HOUR) == 0, "a dose of the other course runs"
    assert hours_since_last_dose(check, now=last + 5 * HOUR) == 5


def test_what_the_earlier_course_s_call_finds_is_told_of_the_dose_before_it(
    hospital, course, ended, next_course, clock
):
    again, last = next_course
    check = FollowUpCheck.objects.get(course_id=course.pk, code="day_14_call", status="planned")
    clock.set(last + 5 * HOUR)
    answer_check(
        check_id=check.pk,
        answers={"new_cough": "yes"},
        note="",
        source="call",
        performer=hospital.nurse,
        now=clock.now,
        complete=False,
    )
    assert Alert.objects.get(subject=f"check:{check.pk}").priority == "high", "within a day of a dose"
    event = AdverseEvent.objects.get()
    assert (event.course_id, event.infusion_ended_at) == (again.pk, last)


def report(hospital, check, at, *, performer):
    answer_check(
        check_id=check.pk,
        answers={"bad_headache": "yes", "stiff_neck": "yes"},
        note="",
        source="call" if performer else "self_report",
        performer=performer,
        now=at,
        complete=False,
    )


def test_a_red_flag_that_nobody_heard_calls_the_physician_at_once(hospital, course, ended, clock):
    (call,) = calls(course)
    put_on_call(hospital, hospital.second_physician, until=NOW + 3 * DAY)
    clock.fire(call.due_at)
    report(hospital, call, clock.now, performer=None)
    clock.fire()
    alert = Alert.objects.get(subject=f"check:{call.pk}")
    (hop,) = alert.hops.all()
    assert (alert.priority, hop.level) == ("medium", Level.PHYSICIAN)
    assert [person["id"] for person in hop.people] == [hospital.second_physician.pk]


def test_one_that_the_nurse_heard_is_hers_first(hospital, course, ended, clock):
    (call,) = calls(course)
    clock.fire(call.due_at)
    report(hospital, call, clock.now, performer=hospital.nurse)
    clock.fire()
    assert not Alert.objects.get(subject=f"check:{call.pk}").hops.exists()


@pytest.fixture
def fallen(hospital, course, ended):
    """Hemoglobin fell by 30 g/L on day 4: an adverse event of the results."""
    measure(hospital, course.patient_id, "hemoglobin", "130", "g/L", at=NOW - DAY)
    return measure(hospital, course.patient_id, "hemoglobin", "100", "g/L", at=ended + 4 * DAY)


def suspect(hospital, course, code, at):
    check = FollowUpCheck.objects.get(course_id=course.pk, code=code, status="planned")
    record_outcome(
        performer=hospital.physician, check_id=check.pk, outcome="suspected", note="See there.", now=at
    )


def origins():
    return sorted(event.origin.partition(":")[0] for event in AdverseEvent.objects.all())


def test_the_results_and_the_check_that_asked_for_them_are_one_adverse_event(hospital, course, ended, fallen):
    suspect(hospital, course, "hemolysis_lab", ended + 5 * DAY)
    assert origins() == ["laboratory"]


def test_a_suspicion_of_something_else_is_an_event_of_its_own(hospital, course, ended, fallen):
    note_fact(
        course_id=course.pk,
        fact="creatinine_rose",
        holds=True,
        reason="told by another hospital",
        performer=hospital.physician,
        now=ended + 4 * DAY,
    )
    suspect(hospital, course, "kidney_lab_day_7", ended + 5 * DAY)
    assert origins() == ["check", "laboratory"]
