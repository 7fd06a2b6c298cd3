"""A physician may set the waiting time of a live vaccine aside, with a reason that is kept for good."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from apps.courses.selectors import access_course, get_course
from apps.discharge.models import VaccineOverride
from apps.discharge.sheet import discharge_sheet, render_sheet
from apps.ledger.models import Event
from apps.selfreport.services import issue_link
from tests.builders import Door, admit_patient, finish, running_session, start_day

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MEASLES = "measles_vaccine_hold"
BODY = {"vaccine": MEASLES, "reason": "Measles outbreak in the family."}


@pytest.fixture
def ended(hospital, clock):
    session = running_session(hospital)
    end = finish(hospital, session.pk)
    clock.set(end + DAY)
    return session, end


def override(person, session, key=None, **changes):
    return Door(person).post(f"patients/{session.patient_id}/vaccine-overrides/", BODY | changes, key=key)


def vaccines(hospital, session):
    body = Door(hospital.nurse).get(f"patients/{session.patient_id}/vaccine-release/").json()
    return {one["code"]: one for one in body["vaccines"]}


def page_of(person, session, language="en"):
    return Door(person, language=language).client.get(f"/patients/{session.patient_id}/").content.decode()


def test_who_when_which_why_and_until_when_it_was_blocked(hospital, ended):
    session, _ = ended
    answer = override(hospital.physician, session)
    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["vaccine"], shown["blocked_until"], shown["reason"], shown["overridden_by"]) == (
        MEASLES,
        "2027-03-02",
        BODY["reason"],
        hospital.physician.display_name,
    )
    found = vaccines(hospital, session)
    assert found[MEASLES]["is_blocked"] and found[MEASLES]["override"] == shown
    assert found["varicella_vaccine_hold"]["override"] is None
    event = Event.objects.get(name="discharge.vaccine.overridden")
    assert event.subject == f"patient:{session.patient_id}"
    assert event.actor == f"user:{hospital.physician.pk}"
    assert event.payload["reason"] == BODY["reason"] and event.payload["blocked_until"] == "2027-03-02"


@pytest.mark.parametrize("role", ["nurse", "charge_nurse", "safety_officer", "administrator"])
def test_only_a_physician_decides(hospital, ended, role):
    answer = override(getattr(hospital, role), ended[0])
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_role")
    assert not VaccineOverride.objects.exists()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"reason": "  "}, 400, "reason_needed"),
        ({"vaccine": "influenza_hold"}, 400, "vaccine_unknown"),
        ({"vaccine": "serology_hold"}, 400, "vaccine_unknown"),
    ],
)
def test_what_is_refused(hospital, ended, change, status, code):
    answer = override(hospital.physician, ended[0], **change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_what_does_not_wait_cannot_be_set_aside(hospital, ended, clock):
    session, end = ended
    clock.set(end + 400 * DAY)
    assert override(hospital.physician, session).json()["code"] == "vaccine_not_blocked"
    stranger = admit_patient(hospital)
    path = f"patients/{stranger.pk}/vaccine-overrides/"
    assert Door(hospital.physician).post(path, BODY).json()["code"] == "vaccine_not_blocked"


def test_twice_is_one_decision_and_a_tablet_that_sends_twice_gets_the_first_answer(hospital, ended):
    session, _ = ended
    key = "0b0f9a52-6c3e-4a1e-8a55-7b7a3c2d1e0f"
    first, again = (override(hospital.physician, session, key=key) for _ in "ab")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    assert override(hospital.physician, session).json()["code"] == "overridden_already"
    assert VaccineOverride.objects.count() == 1


def test_it_is_never_changed_and_never_deleted(hospital, ended):
    override(hospital.physician, ended[0])
    for act in (lambda rows: rows.update(reason="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(VaccineOverride.objects.all())


def test_another_infusion_blocks_anew_and_the_old_decision_stays_to_be_read(hospital, ended, clock):
    session, end = ended
    override(hospital.physician, session)
    clock.set(end + 2 * DAY)
    second = start_day(hospital, get_course(session.course_id), day=2, now=end + 2 * DAY)
    finish(hospital, second.pk)
    found = vaccines(hospital, session)[MEASLES]
    assert found["is_blocked"] and found["override"] is None and len(found["overrides"]) == 1


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_patient_page_shows_it_beside_the_dates_and_on_the_timeline(hospital, ended, language):
    session, _ = ended
    before = page_of(hospital.physician, session, language)
    assert before.count('data-test="vaccine-override"') == 2
    assert 'data-test="vaccine-override"' not in page_of(hospital.nurse, session, language)
    override(hospital.physician, session)
    page = page_of(hospital.nurse, session, language)
    assert page.count('data-test="vaccine-overridden"') == 1
    row = page.split(f'data-test="check-row" data-code="{MEASLES}"')[1].split("</tr>")[0]
    assert 'data-test="check-override"' in row and BODY["reason"] in row
    assert page.count('data-test="check-override"') == 1


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_sheet_says_that_a_physician_allowed_it_earlier(hospital, ended, language):
    session, end = ended
    override(hospital.physician, session)
    course = access_course(hospital.nurse, session.course_id)
    issued = issue_link(performer=hospital.nurse, course_id=course.pk, language=language, now=end)
    sheet = discharge_sheet(course, issued, replaces_another=False, printed_by=hospital.nurse, now=end)
    allowed = {one.release.code for one in sheet.vaccines if one.override}
    assert allowed == {MEASLES}
    assert render_sheet(sheet, language=language).startswith(b"%PDF")
