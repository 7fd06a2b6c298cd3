"""Break-glass: one patient of another ward, at once, for a reason; the ward hears of it and somebody judges it."""

import logging

import pytest

from apps.accounts.domain.roles import IN_AN_EMERGENCY, Action
from apps.accounts.emergency import judge_emergency
from apps.accounts.models import EmergencyAccess
from apps.alerts.models import Alert
from apps.audit.models import Reading
from apps.audit.verifying import verify_last_days
from apps.followups.models import FollowUpCheck
from apps.kernel.clock import wall_now
from apps.kernel.errors import DomainError
from apps.ledger.models import Event
from apps.ledger.selectors import first_broken_event
from apps.patients.models import Patient
from tests.builders import NOW, Door, finish, running_session, vitals_entry
from tests.entries import course_entry

pytestmark = pytest.mark.django_db
REASON = "Collapsed in the lift, infusion running."


@pytest.fixture
def session(hospital):
    return running_session(hospital)


@pytest.fixture
def patient(session):
    return Patient.objects.get(pk=session.patient_id)


@pytest.fixture
def break_glass(patient):
    """break_glass(person): what the door answers."""

    def ask(person, **changes):
        entry = {"number": patient.medical_record_number, "reason": REASON} | changes
        return Door(person).post("emergency-access/", entry)

    return ask


def test_it_opens_this_patient_alone_for_looking_and_helping_for_four_hours(
    hospital, elsewhere, session, patient, break_glass, clock
):
    other = running_session(hospital)
    door = Door(elsewhere.nurse)
    clock.forward(minutes=1)
    assert door.get(f"patients/{patient.pk}/").status_code == 404
    answer = break_glass(elsewhere.nurse)
    assert answer.status_code == 201 and answer.json()["patient_id"] == patient.pk
    assert door.get(f"patients/{patient.pk}/").json()["name"] == patient.name
    assert door.get(f"courses/{session.course_id}/").status_code == 200
    assert door.post(f"sessions/{session.pk}/observations/", vitals_entry()).status_code == 200
    assert door.post(f"sessions/{session.pk}/pause/").status_code == 200
    for path in (
        f"patients/{other.patient_id}/",
        f"sessions/{other.pk}/",
        f"wards/{hospital.ward.pk}/board/",
    ):
        assert door.get(path).status_code == 404, path
    assert door.get("patients/").json() == []
    clock.forward(minutes=4 * 60)
    assert door.get(f"patients/{patient.pk}/").status_code == 404
    assert door.post(f"sessions/{session.pk}/stop/").status_code == 404


def test_who_no_longer_needs_it_shuts_the_patient_again(hospital, elsewhere, patient, break_glass, clock):
    break_glass(elsewhere.nurse)
    break_glass(elsewhere.physician)
    clock.forward(minutes=10)
    door = Door(elsewhere.nurse)
    assert door.post("emergency-access/end/", {"patient_id": patient.pk}).json() == []
    assert door.get(f"patients/{patient.pk}/").status_code == 404
    assert Door(elsewhere.physician).get(f"patients/{patient.pk}/").status_code == 200
    again = door.post("emergency-access/end/", {"patient_id": patient.pk})
    assert (again.status_code, again.json()["code"]) == (409, "emergency_not_open")
    event = Event.objects.get(name="access.emergency.ended")
    assert (event.actor, event.payload["patient"]) == (f"user:{elsewhere.nurse.pk}", patient.pk)
    assert break_glass(elsewhere.nurse).status_code == 201


def test_a_verdict_of_not_justified_shuts_the_patient_at_once(
    hospital, elsewhere, patient, break_glass, clock
):
    access = break_glass(elsewhere.nurse).json()["id"]
    clock.forward(minutes=10)
    verdict = {"verdict": "not_justified", "note": "Nobody called for her."}
    assert Door(hospital.charge_nurse).post(f"emergency-access/{access}/verdict/", verdict).status_code == 200
    assert Door(elsewhere.nurse).get(f"patients/{patient.pk}/").status_code == 404
    names = Event.objects.filter(subject=f"emergency_access:{access}").order_by("pk")
    assert [event.name.rpartition(".")[2] for event in names] == ["opened", "ended", "judged"]


def test_a_look_in_an_emergency_says_so_and_one_on_the_own_ward_does_not(
    hospital, elsewhere, patient, break_glass
):
    break_glass(elsewhere.nurse)
    Door(elsewhere.nurse).get(f"patients/{patient.pk}/")
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    told = dict(Reading.objects.filter(patient_id=patient.pk).values_list("user_id", "purpose"))
    assert told == {elsewhere.nurse.pk: "break_glass", hospital.nurse.pk: "care"}
    assert verify_last_days(now=wall_now()).fault is None


def test_orders_stay_with_the_ward(hospital, elsewhere, patient, break_glass):
    """What an emergency does not open is as absent as before, also for a physician."""
    assert break_glass(elsewhere.physician).status_code == 201
    door = Door(elsewhere.physician)
    assert door.get(f"patients/{patient.pk}/").status_code == 200
    order = course_entry(patient.pk, "2026-03-02")
    assert door.post("course-assessments/", order).status_code == 404
    assert Action.OPEN_COURSE not in IN_AN_EMERGENCY and Action.SEE_CASES not in IN_AN_EMERGENCY


def test_follow_ups_open_with_the_patient(hospital, elsewhere, session, break_glass):
    finish(hospital, session.pk)
    check = FollowUpCheck.objects.filter(patient_id=session.patient_id).first()
    assert Door(elsewhere.nurse).get(f"follow-ups/{check.pk}/").status_code == 404
    break_glass(elsewhere.nurse)
    assert Door(elsewhere.nurse).get(f"follow-ups/{check.pk}/").status_code == 200


def test_the_ward_is_told_at_once_with_the_name_and_the_reason_and_no_patients(
    hospital, elsewhere, patient, break_glass
):
    break_glass(elsewhere.nurse)
    alert = Alert.objects.get(code="emergency_access")
    assert (alert.ward_id, alert.patient_id, alert.source) == (hospital.ward.pk, patient.pk, REASON)
    assert alert.params == {"person": elsewhere.nurse.display_name}
    assert patient.name not in f"{alert.message}{alert.params}"
    rows = Door(hospital.charge_nurse).get(f"wards/{hospital.ward.pk}/board/").json()["rows"]
    assert [row for row in rows if row.get("code") == "emergency_access"]
    assert Door(hospital.physician).post(f"alerts/{alert.pk}/acknowledge/").status_code == 200
    alert.refresh_from_db()
    assert alert.state == "resolved"
    event = Event.objects.get(name="access.emergency.opened")
    assert (event.payload["reason"], event.payload["patient"]) == (REASON, patient.pk)
    assert first_broken_event(event.subject) is None


@pytest.mark.parametrize("who", ["pharmacist", "safety_officer", "administrator", "auditor"])
def test_only_who_works_at_the_bedside_breaks_the_glass(elsewhere, break_glass, who):
    assert break_glass(getattr(elsewhere, who)).status_code == 403
    assert not EmergencyAccess.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"reason": ""}, 400, "entries_invalid"),
        ({"reason": "sos"}, 400, "emergency_needs_reason"),
        ({"number": "UNIT-"}, 404, "no_such_number"),
    ],
)
def test_without_the_whole_number_and_a_reason_nobody_learns_anything(
    elsewhere, break_glass, changes, status, code
):
    answer = break_glass(elsewhere.nurse, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not EmergencyAccess.objects.exists()


def test_a_pseudonym_does_as_well_and_opened_twice_it_is_not_prolonged(
    elsewhere, patient, break_glass, clock
):
    first = break_glass(elsewhere.nurse, number=patient.pseudonym.lower()).json()
    clock.forward(minutes=60)
    assert break_glass(elsewhere.nurse).json() == first
    assert EmergencyAccess.objects.count() == 1
    assert Alert.objects.filter(code="emergency_access").count() == 1


def test_ones_own_patient_needs_no_glass(hospital, break_glass):
    answer = break_glass(hospital.nurse)
    assert (answer.status_code, answer.json()["code"]) == (409, "emergency_not_needed")


def test_each_access_is_judged_once_and_never_by_who_used_it(hospital, elsewhere, patient, break_glass):
    break_glass(elsewhere.charge_nurse)
    access = EmergencyAccess.objects.get()
    hospital.ward.staff.add(elsewhere.charge_nurse)
    with pytest.raises(DomainError) as own:
        judge_emergency(
            performer=elsewhere.charge_nurse, access_id=access.pk, verdict="justified", note="Fine.", now=NOW
        )
    assert own.value.code == "emergency_own"
    path, entry = f"emergency-access/{access.pk}/verdict/", {"verdict": "not_justified", "note": "Curious."}
    assert Door(hospital.nurse).post(path, entry).status_code == 403
    assert Door(elsewhere.auditor).post(path, entry).status_code == 404
    (shown,) = Door(hospital.auditor).get("emergency-access/to-review/").json()
    assert (shown["pseudonym"], shown["verdict"]) == (patient.pseudonym, "")
    assert patient.name not in str(shown) and patient.medical_record_number not in str(shown)
    (judged,) = Door(hospital.auditor).post(path, entry).json()
    assert (judged["verdict"], judged["judged_by"]) == ("not_justified", hospital.auditor.display_name)
    assert Door(hospital.charge_nurse).post(path, entry).json()["code"] == "emergency_judged"
    assert Event.objects.get(name="access.emergency.judged").payload["verdict"] == "not_justified"


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_pages_ask_for_the_reason_say_that_it_is_open_and_list_what_to_judge(
    hospital, elsewhere, patient, break_glass, language
):
    nurse = Door(elsewhere.nurse, language=language).client
    assert 'data-test="emergency-form"' in nurse.get("/emergency-access/").content.decode()
    assert 'data-test="emergency-bar"' not in nurse.get("/patients/").content.decode()
    break_glass(elsewhere.nurse)
    page = nurse.get(f"/patients/{patient.pk}/").content.decode()
    assert 'data-test="emergency-bar"' in page and REASON in page
    assert nurse.get("/emergency-access/review/").status_code == 403
    page = Door(hospital.auditor, language=language).client.get("/emergency-access/review/").content.decode()
    assert patient.pseudonym in page and patient.name not in page and 'data-test="judge"' in page


def test_a_foreign_number_is_not_there_and_the_log_says_whose_it_was_not(
    hospital, elsewhere, session, patient, caplog, clock
):
    """A foreign number is a 404 like one that does not exist; the log tells them apart, by numbers alone."""
    caplog.set_level(logging.WARNING, logger="access")
    door = Door(elsewhere.nurse)
    assert door.get(f"patients/{patient.pk}/").status_code == 404
    assert door.client.get(f"/patients/{patient.pk}/").status_code == 404
    assert door.post(f"sessions/{session.pk}/pause/").status_code == 404
    assert Door(elsewhere.administrator).get(f"patients/{patient.pk}/").status_code == 404
    nurse, administrator = elsewhere.nurse.pk, elsewhere.administrator.pk
    lines = [record.getMessage() for record in caplog.records if record.name == "access"]
    assert lines == [
        f"access.refused: user {nurse}, patient {patient.pk}",
        f"access.refused: user {nurse}, patient {patient.pk}",
        f"access.refused: user {nurse}, session {session.pk}",
        f"access.refused: user {administrator}, patient {patient.pk}",
    ]
    caplog.clear()
    assert door.get("patients/987654/").status_code == 404
    assert Door(hospital.administrator).get(f"patients/{patient.pk}/").status_code == 403
    assert [record for record in caplog.records if record.name == "access"] == []
