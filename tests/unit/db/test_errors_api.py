"""Whatever goes wrong, the client gets one shape: a code, a sentence, and what belongs to it."""

import json

import pytest
from django.utils.translation import gettext, override

from tests.builders import QUIET, Door, admit_patient, running_session, vitals_entry
from tests.entries import course_entry

pytestmark = pytest.mark.django_db

KEY = "6f9d2c1e-4f4b-4a7e-9d5e-0a1b2c3d4e5f"
ENTRIES_INVALID = "Some entries need another look. Nothing was saved; see the marked fields."


def refused(answer, status, code):
    body = answer.json()
    assert (answer.status_code, body.get("code")) == (status, code), body
    assert set(body) == {"code", "message", "extra"}
    assert isinstance(body["message"], str) and body["message"]
    assert isinstance(body["extra"], dict)
    assert answer["Content-Type"] == "application/json"
    return body


@pytest.fixture
def nurse(hospital):
    return Door(hospital.nurse)


@pytest.fixture
def path(hospital):
    return f"sessions/{running_session(hospital).pk}/observations/"


def test_every_field_that_needs_another_look_is_named(nurse, path):
    entry = vitals_entry(systolic_mmhg="1240", temperature_c="36,75", pulse_per_min="NaN", spo2_percent=True)
    extra = refused(nurse.post(path, entry), 400, "entries_invalid")["extra"]
    assert set(extra["fields"]) == {"systolic_mmhg", "temperature_c", "pulse_per_min", "spo2_percent"}
    assert all(isinstance(sentence, str) for sentences in extra["fields"].values() for sentence in sentences)


def test_fields_inside_fields_are_found_too(nurse, hospital):
    course_path = f"courses/{running_session(hospital).course_id}/sessions/"
    entry = {
        "day_number": 0,
        "identity_confirmed": True,
        "baseline": vitals_entry(pulse_per_min="9999"),
        "vials": [{"lot_number": "A"}],
    }
    fields = refused(nurse.post(course_path, entry), 400, "entries_invalid")["extra"]["fields"]
    assert set(fields) == {"day_number", "baseline", "vials"}
    assert set(fields["baseline"]) == {"pulse_per_min"}


@pytest.mark.parametrize("body", [[], "text", 5, [vitals_entry()]])
def test_something_that_is_no_entry_at_all(nurse, path, body):
    refused(nurse.post(path, body), 400, "entries_invalid")


@pytest.mark.parametrize("content", ["{", "{'a': 1}", "\ufeff{}", "nonsense"])
def test_broken_json(nurse, path, content):
    answer = nurse.client.generic("POST", f"/api/v1/{path}", content, content_type="application/json")
    body = answer.json()
    assert answer.status_code == 400 and set(body) == {"code", "message", "extra"}
    assert body["code"] in {"not_json", "idempotency_key_required"}
    headers = {"Idempotency-Key": KEY}
    answer = nurse.client.generic(
        "POST", f"/api/v1/{path}", content, content_type="application/json", headers=headers
    )
    refused(answer, 400, "not_json")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_json_does_not_have(nurse, path, value):
    headers = {"Idempotency-Key": KEY}
    answer = nurse.client.generic(
        "POST",
        f"/api/v1/{path}",
        '{"pulse_per_min": %s}' % value,  # noqa: UP031
        content_type="application/json",
        headers=headers,
    )
    refused(answer, 400, "json_number_invalid")


def test_a_form_is_not_json(nurse, path):
    headers = {"Idempotency-Key": KEY}
    answer = nurse.client.generic(
        "POST", f"/api/v1/{path}", "a=1", content_type="application/x-www-form-urlencoded", headers=headers
    )
    refused(answer, 415, "not_json")


@pytest.mark.parametrize("text", ["nul \x00 byte", "half a letter \ud83d"])
def test_text_the_database_cannot_hold_is_refused_not_crashed(nurse, path, text):
    content = json.dumps(vitals_entry() | {"note": text})  # as escapes: plain UTF-8 has no half letters
    answer = nurse.client.generic(
        "POST", f"/api/v1/{path}", content, content_type="application/json", headers={"Idempotency-Key": KEY}
    )
    extra = refused(answer, 400, "entries_invalid")["extra"]
    assert set(extra["fields"]) == {"note"}


def test_another_method(nurse, path):
    refused(nurse.client.delete(f"/api/v1/{path}"), 405, "method_not_allowed")
    refused(nurse.client.put("/api/v1/me/"), 405, "method_not_allowed")
    refused(nurse.get(path), 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["nowhere/", "sessions/abc/", "../v2/me/", "patients/-1/"])
def test_an_address_nobody_serves(nurse, path):
    refused(nurse.client.get(f"/api/v1/{path}"), 404, "not_found")


def test_signed_out(db):
    refused(Door(None).get("me/"), 403, "not_signed_in")


def test_a_refusal_of_the_rules_carries_its_reasons(nurse, path, hospital):
    session_path = path.removesuffix("observations/")
    version = nurse.get(session_path).json()["version"]
    body = refused(nurse.post(session_path + "confirm-step/", {"version": version}), 400, "step_held")
    assert {"code", "text", "source"} == set(body["extra"]["holds"][0])
    body = refused(
        nurse.post(session_path + "confirm-step/", {"version": version + 1}), 409, "session_changed"
    )
    assert body["extra"]["version"] == version


def test_percent_signs_in_an_entry_do_not_upset_the_sentence(hospital):
    patient = admit_patient(hospital)
    order = course_entry(patient.pk, "2026-03-02", product_code="100 %s %(code)s %")
    body = refused(Door(hospital.physician).post("course-assessments/", order), 400, "guideline_unknown_code")
    assert "100 %s %(code)s %" in body["message"]


def test_a_query_that_is_no_number(nurse, hospital):
    refused(nurse.get(f"wards/{hospital.ward.pk}/board/changes/?after=abc"), 400, "entries_invalid")
    refused(nurse.get(f"wards/{hospital.ward.pk}/board/changes/"), 400, "entries_invalid")
    refused(nurse.get("follow-ups/?ward=abc"), 400, "entries_invalid")
    refused(nurse.get(f"wards/{hospital.ward.pk}/board/changes/?after={10**30}"), 400, "entries_invalid")
    assert nurse.get(f"wards/{hospital.ward.pk}/board/changes/?after={10**17}").json()["rows"] == []


@pytest.mark.parametrize("language", ["fa", "nb"])
def test_the_sentence_is_in_the_readers_language_where_there_is_a_translation(hospital, path, language):
    with override(language):
        expected = gettext(ENTRIES_INVALID)
    entry = QUIET | {"pulse_per_min": "NaN", "temperature_c": "36.7"}
    body = refused(Door(hospital.nurse, language=language).post(path, entry), 400, "entries_invalid")
    assert body["message"] == expected


def test_a_language_nobody_prepared_is_answered_in_english(hospital, path):
    body = refused(
        Door(hospital.nurse, language="ja").post(path, {"pulse_per_min": "x"}), 400, "entries_invalid"
    )
    assert body["message"] == ENTRIES_INVALID
