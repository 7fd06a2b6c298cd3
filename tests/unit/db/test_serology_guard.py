"""Antibody tests and live vaccines over the API and on the patient page, from what was really given."""

from datetime import timedelta

import pytest

from apps.followups.models import FollowUpCheck
from tests.builders import NOW, Door, admit_patient, finish, running_session

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def ended(hospital, clock):
    session = running_session(hospital)
    end = finish(hospital, session.pk)
    clock.set(end + timedelta(hours=1))
    return session, end


def guard(hospital, session, **query):
    answer = Door(hospital.nurse).get(f"patients/{session.patient_id}/serology-guard/", **query)
    assert answer.status_code == 200, answer.json()
    return answer.json()


@pytest.mark.parametrize(
    ("test", "after", "misleads"),
    [
        ("antibody", timedelta(), True),
        ("antibody", 60 * DAY - SECOND, True),
        ("antibody", 60 * DAY, False),
        ("ana", 60 * DAY - SECOND, True),
        ("ana", 60 * DAY, False),
        ("anti_hbs", 60 * DAY, False),
        ("anti_hbc", 60 * DAY, True),
        ("anti_hbc", 90 * DAY - SECOND, True),
        ("anti_hbc", 90 * DAY, False),
    ],
)
def test_until_when_a_test_misleads(hospital, ended, test, after, misleads):
    session, end = ended
    found = guard(hospital, session, test=test, at=(end + after).isoformat())
    assert found["misleads"] is misleads
    assert bool(found["message"]) is bool(found["source"]) is misleads
    assert (found["until"] is not None) is (found["sample_before"] is not None) is misleads


def test_a_sample_from_before_the_first_dose_is_pointed_to_and_does_not_mislead(hospital, ended):
    session, _ = ended
    before = guard(hospital, session)["sample_before"]
    assert not guard(hospital, session, at=before)["misleads"]


def test_who_never_had_immunoglobulin_is_warned_of_nothing(hospital):
    patient = admit_patient(hospital)
    answer = Door(hospital.nurse).get(f"patients/{patient.pk}/serology-guard/", test="anti_hbc")
    assert answer.json()["misleads"] is False and answer.json()["until"] is None
    assert Door(hospital.nurse).get(f"patients/{patient.pk}/vaccine-release/").json()["vaccines"] == []


def test_while_the_infusion_runs_the_end_is_not_known_yet(hospital, clock):
    session = running_session(hospital)
    clock.set(NOW + timedelta(minutes=30))
    found = guard(hospital, session)
    assert found["misleads"] and found["is_running"]


def test_a_misspelt_test_is_refused_not_let_through(hospital, ended):
    answer = Door(hospital.nurse).get(f"patients/{ended[0].patient_id}/serology-guard/", test="anti_hbcc")
    assert (answer.status_code, answer.json()["code"]) == (400, "test_unknown")
    wrong = Door(hospital.nurse).get(f"patients/{ended[0].patient_id}/serology-guard/", at="soon")
    assert wrong.status_code == 400


def test_vaccines_wait_for_the_longer_of_the_authorities(hospital, ended):
    session, _ = ended
    body = Door(hospital.nurse).get(f"patients/{session.patient_id}/vaccine-release/").json()
    found = {
        vaccine["code"]: (
            vaccine["blocked_until"],
            vaccine["is_blocked"],
            [(one["authority"], one["months"], one["on"]) for one in vaccine["dates"]],
        )
        for vaccine in body["vaccines"]
    }
    acip = ("ACIP (US)", 11, "2027-02-02")
    assert found == {
        "measles_vaccine_hold": ("2027-03-02", True, [("EU leaflets", 12, "2027-03-02"), acip]),
        "varicella_vaccine_hold": ("2027-02-02", True, [acip, ("EU leaflets", 3, "2026-06-02")]),
    }
    assert all(one["source"] for vaccine in body["vaccines"] for one in vaccine["dates"])


def test_the_patient_page_says_what_must_wait_and_stops_saying_it(hospital, ended, clock):
    session, end = ended
    door, path = Door(hospital.nurse), f"/patients/{session.patient_id}/"
    page = door.client.get(path).content.decode()
    assert "Antibody tests mislead until" in page and 'data-code="anti_hbc"' in page
    assert 'data-code="measles_vaccine_hold" data-blocked="yes"' in page
    clock.set(end + 61 * DAY)
    page = door.client.get(path).content.decode()
    assert "Antibody tests mislead until" not in page and 'data-code="anti_hbc"' in page
    clock.set(end + 400 * DAY)
    page = door.client.get(path).content.decode()
    assert 'data-test="serology-hold"' not in page and 'data-blocked="no"' in page


def test_it_agrees_with_the_waiting_times_of_the_plan(hospital, ended):
    session, _ = ended
    plan = {check.code: check.closes_at for check in FollowUpCheck.objects.filter(kind="hold")}
    for test, code in (("antibody", "serology_hold"), ("anti_hbc", "serology_hold_anti_hbc")):
        assert guard(hospital, session, test=test)["until"] == plan[code].isoformat().replace("+00:00", "Z")
