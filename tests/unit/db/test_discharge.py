"""A patient goes home: once per stay, and follow-up is planned for home."""

from datetime import timedelta

import pytest

from apps.courses.selectors import get_course
from apps.discharge.models import Discharge
from apps.discharge.services import discharge_patient
from apps.followups.models import CourseFact, FollowUpCheck
from apps.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from apps.ledger.models import Event
from tests.builders import NOW, Door, admit_patient, finish, order_course, running_session, start_day

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def session(hospital):
    return running_session(hospital)


def send_home(hospital, session, now, person=None, note=""):
    return discharge_patient(
        performer=person or hospital.nurse, course_id=session.course_id, now=now, note=note
    )


def open_codes(session):
    checks = FollowUpCheck.objects.filter(course_id=session.course_id).exclude(status="superseded")
    return set(checks.values_list("code", flat=True))


def test_going_home_plans_again_what_is_only_asked_on_the_ward_is_dropped_with_its_reason(hospital, session):
    end = finish(hospital, session.pk)
    assert {"lungs_6h", "lungs_12h"} <= open_codes(session)
    discharge = send_home(hospital, session, end + timedelta(hours=1), note="Daughter drives.")
    assert not {"lungs_6h", "lungs_12h"} & open_codes(session)
    assert "aseptic_meningitis_call" in open_codes(session)
    gone = FollowUpCheck.objects.get(code="lungs_6h")
    assert (gone.status, gone.reason) == ("superseded", "no longer called for: inpatient does not hold")
    event = Event.objects.get(name="discharge.patient.discharged")
    assert (event.subject, event.actor) == (f"course:{session.course_id}", f"user:{hospital.nurse.pk}")
    assert event.payload["note"] == discharge.note == "Daughter drives."


def test_once_per_stay(hospital, session):
    end = finish(hospital, session.pk)
    send_home(hospital, session, end)
    with pytest.raises(ConflictError) as refused:
        send_home(hospital, session, end + timedelta(minutes=1))
    assert refused.value.code == "discharged_already"
    assert Discharge.objects.count() == 1


def test_nobody_goes_home_while_an_infusion_runs_or_before_there_was_one(hospital, session):
    with pytest.raises(ConflictError) as running:
        send_home(hospital, session, NOW + timedelta(minutes=5))
    course = order_course(hospital, admit_patient(hospital))
    with pytest.raises(ConflictError) as nothing:
        discharge_patient(performer=hospital.nurse, course_id=course.pk, now=NOW)
    assert (running.value.code, nothing.value.code) == ("infusion_running", "nothing_given")
    assert not Discharge.objects.exists() and not CourseFact.objects.exists()


def test_a_new_infusion_begins_the_stay_again_and_a_second_discharge_ends_it(hospital, session, clock):
    end = finish(hospital, session.pk)
    send_home(hospital, session, end + timedelta(hours=1))
    clock.set(NOW + DAY)
    start_day(hospital, get_course(session.course_id), day=2, now=NOW + DAY)
    assert CourseFact.objects.last().holds is True
    second = session.__class__.objects.get(course_id=session.course_id, day_number=2)
    end = finish(hospital, second.pk)
    assert "lungs_6h" in open_codes(session)
    send_home(hospital, session, end + timedelta(hours=1))
    assert "lungs_6h" not in open_codes(session)
    assert [(fact.fact, fact.holds) for fact in CourseFact.objects.all()] == [
        ("inpatient", False),
        ("inpatient", True),
        ("inpatient", False),
    ]
    assert Discharge.objects.count() == 2


def test_nurses_and_physicians_may_and_nobody_of_another_ward(hospital, elsewhere, session):
    end = finish(hospital, session.pk)
    for person in (hospital.safety_officer, hospital.administrator):
        with pytest.raises(ForbiddenError):
            send_home(hospital, session, end, person)
    with pytest.raises(NotFoundError):
        send_home(hospital, session, end, elsewhere.physician)
    assert send_home(hospital, session, end, hospital.physician).discharged_by == hospital.physician


def test_sent_twice_by_a_tablet_it_is_one_discharge(hospital, session, clock):
    clock.set(finish(hospital, session.pk))
    door, path = Door(hospital.nurse), f"courses/{session.course_id}/discharges/"
    answers = [door.post(path, {"note": "home"}, key="e3b0c442-98fc-4c14-9afb-f4c8996fb924") for _ in "ab"]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    (shown,) = door.get(path).json()
    assert (shown["note"], shown["discharged_by"]) == ("home", hospital.nurse.display_name)
    assert door.post(path, {}).json()["code"] == "discharged_already"


def test_the_page_is_for_those_who_see_follow_up_on_this_ward(hospital, elsewhere, session, clock):
    clock.set(finish(hospital, session.pk))
    path = f"/courses/{session.course_id}/discharge/"
    page = Door(hospital.nurse).client.get(path)
    assert page.status_code == 200 and b'data-test="discharge"' in page.content
    assert Door(elsewhere.nurse).client.get(path).status_code == 404
    for person in (hospital.safety_officer, hospital.administrator):
        assert Door(person).client.get(path).status_code == 403
    send_home(hospital, session, clock.now)
    page = Door(hospital.nurse).client.get(path).content
    assert b'data-test="discharge-row"' in page and b'data-test="discharge"' not in page


def test_printing_from_another_site_is_refused(hospital, session, clock):
    clock.set(finish(hospital, session.pk))
    path = f"/courses/{session.course_id}/discharge/sheet.pdf"
    answer = Door(hospital.nurse, enforce_csrf_checks=True).client.post(path, {"language": "en"})
    assert answer.status_code == 403
