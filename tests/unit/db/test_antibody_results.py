"""Antibody tests where they are ordered and read: what the product may have brought is said, at once and for good."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.laboratory.models import LabResult
from apps.ledger.models import Event
from tests.builders import NOW, Door, admit_patient, finish, measure, running_session

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BEFORE = "2026-02-20T09:00:00Z"


@pytest.fixture
def ended(hospital, clock):
    session = running_session(hospital)
    end = finish(hospital, session.pk)
    clock.set(end + 5 * DAY)
    return session, end


def enter(hospital, session, taken_at, analyte="anti_hbc", choice="positive", **more):
    body = {"taken_at": taken_at, "results": [{"analyte": analyte, "choice": choice} | more]}
    return Door(hospital.nurse).post(f"patients/{session.patient_id}/laboratory/", body)


def only(answer):
    assert answer.status_code == 201, answer.json()
    return answer.json()["results"][-1]


def guard(hospital, session, **query):
    return Door(hospital.nurse).get(f"patients/{session.patient_id}/serology-guard/", **query).json()


def page_of(person, patient_id, language="en", query=""):
    client = Client(headers={"accept-language": language})
    client.force_login(person)
    answer = client.get(f"/patients/{patient_id}/laboratory/{query}")
    return answer.status_code, answer.content.decode()


def test_a_result_of_a_sample_in_the_window_carries_the_warning_in_the_answer(hospital, ended):
    session, end = ended
    shown = only(enter(hospital, session, (end + DAY).isoformat()))
    assert shown["choice_name"] == "Positive"
    serology = shown["serology"]
    assert serology["misleads"] and "donors" in serology["message"] and serology["source"]
    assert "HBsAg" in serology["instead"] and serology["earlier"] == []


def test_read_a_year_later_it_still_says_so_and_a_sample_from_after_the_window_does_not(
    hospital, ended, clock
):
    session, end = ended
    enter(hospital, session, (end + DAY).isoformat())
    clock.set(end + 365 * DAY)
    enter(hospital, session, (end + 91 * DAY).isoformat(), choice="negative")
    answer = Door(hospital.nurse).get(f"patients/{session.patient_id}/laboratory/")
    told = [one["serology"]["misleads"] for one in answer.json()["results"]]
    assert told == [True, False]
    _, page = page_of(hospital.nurse, session.patient_id)
    assert page.count('data-test="serology-warning"') == 1


def test_the_result_from_before_the_course_is_pointed_to(hospital, ended):
    session, end = ended
    earlier = only(enter(hospital, session, BEFORE, choice="negative", titre="۱:۱۰"))
    assert earlier["serology"]["misleads"] is False and earlier["titre"] == "1:10"
    shown = only(enter(hospital, session, (end + DAY).isoformat()))
    [pointed] = shown["serology"]["earlier"]
    assert (pointed["id"], pointed["choice_name"]) == (earlier["id"], "Negative")
    _, page = page_of(hospital.nurse, session.patient_id)
    told = page.split('data-test="earlier-result"')[1].split("</p>")[0]
    assert f'href="#result-{earlier["id"]}"' in told and "before the course: Negative" in told
    assert f'id="result-{earlier["id"]}"' in page


def test_an_earlier_result_that_was_wrong_is_not_pointed_to(hospital, ended):
    session, end = ended
    wrong = only(enter(hospital, session, BEFORE, choice="negative"))
    door = Door(hospital.nurse)
    answer = door.post(f"laboratory-results/{wrong['id']}/entered-in-error/", {"reason": "another patient's"})
    assert answer.json()["serology"]["misleads"] is False
    assert only(enter(hospital, session, (end + DAY).isoformat()))["serology"]["earlier"] == []


def test_before_the_sample_is_taken_one_can_ask_and_is_told_what_to_do_instead(hospital, ended):
    session, end = ended
    measure(hospital, session.patient_id, "creatinine", "80", "µmol/L", at=NOW - 3 * DAY, now=NOW)
    measure(hospital, session.patient_id, "hemoglobin", "130", "g/L", at=NOW - 3 * DAY, now=NOW)
    measure(hospital, session.patient_id, "creatinine", "82", "µmol/L", at=end + DAY, now=end + 2 * DAY)
    asked = guard(hospital, session, test="anti_hbc")
    assert asked["misleads"] and asked["until"] and "HBV DNA" in asked["instead"] and asked["instead_source"]
    [sample] = asked["samples"]
    assert sample["measured"] == ["Creatinine", "Hemoglobin"]
    other = guard(hospital, session, test="ana")
    assert other["misleads"] and "before the course" in other["instead"]
    assert not LabResult.objects.filter(analyte="anti_hbc").exists(), "asking records nothing"


def test_a_test_without_a_name_of_its_own_has_the_time_of_any(hospital, ended):
    asked = guard(hospital, ended[0])
    assert (asked["test"], asked["name"], asked["instead"]) == ("antibody", "antibody test", "")


@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_the_page_asks_and_answers(hospital, ended, language):
    session, _ = ended
    status, page = page_of(hospital.nurse, session.patient_id, language, "?test=anti_hbc")
    assert status == 200 and 'data-test="antibody-wanted"' in page
    assert 'data-test="antibody-answer" data-misleads="yes"' in page
    status, page = page_of(hospital.nurse, session.patient_id, language)
    assert 'data-test="antibody-answer"' not in page and 'data-test="antibody-entry"' in page


def test_who_never_had_immunoglobulin_is_told_that_nothing_misleads(hospital):
    patient = admit_patient(hospital)
    _, page = page_of(hospital.nurse, patient.pk, query="?test=ana")
    assert 'data-misleads="no"' in page and "serology-warning" not in page


def test_a_misspelt_test_is_refused_by_the_page_too(hospital, ended):
    assert page_of(hospital.nurse, ended[0].patient_id, query="?test=anti_hbcc")[0] == 400


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"analyte": "ana", "choice": "positive", "titre": "strong"}, "titre_invalid"),
        ({"analyte": "ana", "choice": "", "titre": "1:80"}, "result_missing"),
        ({"analyte": "dat", "choice": "positive", "titre": "1:80"}, "titre_not_taken"),
        ({"analyte": "ana", "choice": "1:80"}, "choice_unknown"),
    ],
)
def test_what_is_no_result_of_an_antibody_test_is_refused(hospital, ended, entry, code):
    session, end = ended
    answer = enter(hospital, session, (end + DAY).isoformat(), **entry)
    assert answer.status_code == 400 and answer.json()["code"] == code, answer.json()


def test_the_titre_stands_in_the_event_and_is_kept_as_entered(hospital, ended):
    session, end = ended
    shown = only(enter(hospital, session, (end + DAY).isoformat(), analyte="ana", titre="1:160"))
    event = Event.objects.get(name="laboratory.result.recorded", subject=f"lab_result:{shown['id']}")
    assert (event.payload["choice"], event.payload["titre"]) == ("positive", "1:160")
    body = {"analyte": "ana", "choice": "positive", "titre": "1:320", "reason": "misread"}
    path = f"laboratory-results/{shown['id']}/corrections/"
    right = Door(hospital.nurse).post(path, body | {"taken_at": (end + DAY).isoformat()})
    assert right.status_code == 201 and right.json()["titre"] == "1:320"
    assert right.json()["serology"]["misleads"]


def test_what_is_no_antibody_test_says_nothing_of_it(hospital, ended):
    session, end = ended
    shown = only(enter(hospital, session, (end + DAY).isoformat(), analyte="hbsag", choice="negative"))
    assert shown["serology"] is None
