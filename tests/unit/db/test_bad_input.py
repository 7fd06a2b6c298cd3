"""Bad input at every door: a clear refusal in the one shape, and not a row more or less than before."""

import json
import uuid
from decimal import Decimal

import pytest
from django.apps import apps
from django.db.models import Max

from apps.edge.door import MAX_BODY_BYTES
from apps.safety.models import AdverseEvent
from tests.builders import Door, admit_patient, react, running_session, vitals_entry
from tests.entries import course_entry

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert('x')</script><img src=x onerror=alert(1)>"


def contents():
    """How many rows each table has, and their highest number."""
    return {
        model._meta.label: (model.objects.count(), model.objects.aggregate(top=Max("pk"))["top"])
        for model in apps.get_models()
        if model._meta.label != "sessions.Session"
    }


def raw(door, path, content, content_type="application/json", **headers):
    return door.client.generic(
        "POST",
        path if path.startswith("/") else f"/api/v1/{path}",
        content,
        content_type=content_type,
        headers={"Idempotency-Key": str(uuid.uuid4())} | headers,
    )


def refused(answer, status=400, code=None):
    body = answer.json()
    assert answer.status_code == status, body
    assert set(body) == {"code", "message", "extra"} and body["message"] and isinstance(body["extra"], dict)
    assert code is None or body["code"] == code
    return body


@pytest.fixture
def session(hospital):
    return running_session(hospital)


@pytest.fixture
def nurse(hospital):
    return Door(hospital.nurse)


BODIES = {
    "deep": ('{"note":' + "[" * 100_000 + "]" * 100_000 + "}", 400, "json_too_deep"),
    "large": ('{"note":"' + "x" * (MAX_BODY_BYTES + 1) + '"}', 413, "body_too_large"),
    "twice": ('{"pulse_per_min": 60, "pulse_per_min": 160}', 400, "json_name_twice"),
    "nan": ('{"temperature_c": NaN}', 400, "json_number_invalid"),
    "huge": ('{"temperature_c": 1e999}', 400, "json_number_invalid"),
    "digits": ('{"pulse_per_min": ' + "7" * 400 + "}", 400, "json_number_invalid"),
    "nul": ('{"note": "\\u0000"}', 400, "entries_invalid"),
    "nul beside": ('{"unknown": {"deep": ["\\u0000"]}}', 400, "entries_invalid"),
    "half": ('{"consciousness": "\\ud83d"}', 400, "entries_invalid"),
    "latin": ('{"note": "ø"}'.encode("latin-1"), 400, "not_json"),
    "list": ("[]", 400, "entries_invalid"),
    "underscore": ('{"pulse_per_min": "1_00"}', 400, "entries_invalid"),
    "boolean": ('{"pulse_per_min": true}', 400, "entries_invalid"),
    "text digits": ('{"pulse_per_min": "' + "7" * 400 + '"}', 400, "entries_invalid"),
    "fullwidth": ('{"pulse_per_min": "７２"}', 400, "entries_invalid"),
    "hidden": ('{"note": "\u202egnp.exe", "pulse_per_min": 70}', 400, "entries_invalid"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body_changes_nothing_and_says_why(nurse, session, name):
    content, status, code = BODIES[name]
    before = contents()
    for path in (f"sessions/{session.pk}/observations/", "patients/", "barcodes/vial/"):
        body = refused(raw(nurse, path, content), status)
        if path.endswith("observations/"):
            assert body["code"] == code
    assert contents() == before


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded", ""],
)
def test_anything_but_json_is_refused_in_the_same_shape(nurse, session, content_type):
    before = contents()
    body = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n"
    refused(raw(nurse, f"sessions/{session.pk}/observations/", body, content_type), 415, "not_json")
    assert contents() == before


def test_a_page_refuses_a_large_form_with_a_page(hospital):
    content = "username=x&password=" + "y" * MAX_BODY_BYTES
    answer = raw(Door(hospital.nurse), "/sign-in/", content, "application/x-www-form-urlencoded")
    assert answer.status_code == 413 and "1024" in answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")


def test_a_host_that_is_not_ours_is_refused_in_the_same_shape(nurse):
    refused(nurse.client.get("/api/v1/me/", headers={"host": "elsewhere.example"}), 400, "request_unreadable")


# Numbers with another unit in mind.

OTHER_UNITS = {
    "temperature_c": ("98.6", "°C"),  # Fahrenheit
    "spo2_percent": ("0.98", "%"),
    "systolic_mmhg": ("16", "mmHg"),  # kPa
    "capillary_refill_s": ("2000", "s"),  # milliseconds
}


@pytest.mark.parametrize("sign", OTHER_UNITS)
def test_a_sign_in_another_unit_is_refused_with_the_unit(nurse, session, sign):
    value, unit = OTHER_UNITS[sign]
    before = contents()
    entry = vitals_entry() | {sign: value}
    fields = refused(nurse.post(f"sessions/{session.pk}/observations/", entry))["extra"]["fields"]
    assert set(fields) == {sign} and unit in fields[sign][0]
    assert contents() == before


@pytest.mark.parametrize(
    ("changes", "where", "unit"),
    [
        ({"dose_g_per_kg": "200000"}, "dose_g_per_kg", "g/kg"),
        ({"profile": {"weight_kg": "60000"}}, "weight_kg", "kg"),  # grams
        ({"profile": {"weight_kg": "0.06"}}, "weight_kg", "kg"),  # tonnes, or a slip
        ({"profile": {"height_cm": "1.75"}}, "height_cm", "cm"),  # metres
    ],
)
def test_an_order_in_another_unit_is_refused_with_the_unit(hospital, changes, where, unit):
    patient = admit_patient(hospital)
    before = contents()
    entry = course_entry(patient.pk, "2026-03-02", **changes)
    for path in ("course-assessments/", "courses/"):
        fields = refused(Door(hospital.physician).post(path, entry))["extra"]["fields"]
        assert unit in json.dumps(fields | fields.get("profile", {}), ensure_ascii=False)
        assert where in json.dumps(fields)
    assert contents() == before


def test_a_dose_in_milligrams_is_recognised_as_one(hospital):
    patient = admit_patient(hospital)
    before = contents()
    for typed in ("2000", "400"):
        entry = course_entry(patient.pk, "2026-03-02", dose_g_per_kg=typed)
        body = refused(Door(hospital.physician).post("courses/", entry))
        assert "mg" in json.dumps(body)
    assert contents() == before


def test_persian_and_arabic_digits_are_read_as_meant(nurse, session):
    entry = vitals_entry() | {"pulse_per_min": "۷۲", "systolic_mmhg": "١٢٤", "temperature_c": "۳۶٫۷"}
    assert nurse.post(f"sessions/{session.pk}/observations/", entry).status_code == 200
    vitals = session.observations.order_by("pk").last()
    assert (vitals.pulse_per_min, vitals.systolic_mmhg, vitals.temperature_c) == (72, 124, Decimal("36.7"))


# Texts.


def test_a_name_that_hides_something_is_refused_and_persian_is_not(nurse, hospital):
    entry = {"birth_date": "1980-05-17", "sex": "female", "ward_id": hospital.ward.pk}
    before = contents()
    for field, value in (
        ("name", "Kari\u202eira"), ("name", "\u200b"), ("name", "a\nb"), ("bed", "1\u20662"),
        ("medical_record_number", "12\u200c3"),
    ):  # fmt: skip
        body = entry | {"name": "Kari", "medical_record_number": "UNIT-TXT"} | {field: value}
        assert set(refused(nurse.post("patients/", body))["extra"]["fields"]) == {field}
    assert contents() == before
    body = entry | {"name": "علی‌رضا", "medical_record_number": "UNIT-TXT"}
    assert nurse.post("patients/", body).json()["name"] == "علی‌رضا"


@pytest.mark.parametrize("year", ["1404-05-06", "2199-01-01", "0001-01-01", "9999-12-31"])
def test_a_birth_date_of_another_calendar_is_refused(nurse, hospital, year):
    entry = {
        "name": "Kari", "birth_date": year, "sex": "female", "ward_id": hospital.ward.pk,
        "medical_record_number": "UNIT-CAL",
    }  # fmt: skip
    before = contents()
    refused(nurse.post("patients/", entry))
    assert contents() == before


def test_script_in_every_text_is_shown_as_it_was_typed_and_runs_nowhere(hospital):
    session = running_session(hospital, name=f"{SCRIPT} Gran")
    nurse, officer = Door(hospital.nurse), Door(hospital.safety_officer)
    path = f"sessions/{session.pk}/"
    assert nurse.post(path + "observations/", vitals_entry() | {"note": SCRIPT}).status_code == 200
    react(hospital, session.pk, session.started_at, severity="moderate", action="pause", note=SCRIPT)
    pages = [
        (nurse, f"/sessions/{session.pk}/"), (nurse, f"/wards/{hospital.ward.pk}/"),
        (nurse, f"/patients/{session.patient_id}/"), (nurse, f"/patients/{session.patient_id}/history/"),
        (nurse, "/patients/"), (nurse, f"/courses/{session.course_id}/"), (officer, "/adverse-events/"),
        (officer, f"/adverse-events/{AdverseEvent.objects.get().pk}/"),
    ]  # fmt: skip
    seen = 0
    for door, address in pages:
        html = door.client.get(address).content.decode()
        assert "<script>alert" not in html and "<img src=x" not in html, address
        seen += "&lt;script&gt;alert" in html or "\\u003Cscript\\u003Ealert" in html
    assert seen >= 4


# Pages.


@pytest.mark.parametrize(
    "address",
    [
        "/guidelines/?q=%00", "/guidelines/?q=" + "x" * 5000, "/guidelines/?category=%00&evidence=%F0%9F%98%80",
        "/guidelines/?population[]=1&document=../../etc", "/guidelines/?q=%ff%fe", "/guidelines/?q=%ED%A0%80",
        "/guidelines/?page=abc&page=-1&page=99999999999999999999", "/patients/?q=%00&page=1e9",
        "/patients/99999999999999999999999/", "/follow-ups/?ward=%00", "/handover/?x=%00",
        "/wards/99999999999999999999/?view=%00", "/guidelines/indications/nowhere/", "/guidelines/compare/a/b/",
        "/guidelines/documents/nowhere/", "/courses/99999999999999999999/", "/sessions/1/record.pdf?lang=%00",
        "/sign-in/?next=%00", "/sign-in/?next=//elsewhere.example", "/%00", "/static/%00", "/static/../manage.py",
    ],
)  # fmt: skip
def test_no_query_upsets_a_page(hospital, address):
    for person in (hospital.nurse, hospital.physician):
        assert Door(person).client.get(address).status_code < 500


def test_no_form_of_a_page_is_upset(hospital):
    client = Door(None).client
    for body in (
        {"username": "a\x00", "password": "b\x00"},
        {"username": "x" * 9999},
        {},
        {"username": "\u202e"},
    ):
        assert client.post("/sign-in/", body).status_code == 200
    for body in ({"language": "\x00"}, {"language": "xx", "next": "//elsewhere.example\x00"}, {}):
        assert client.post("/i18n/setlang/", body).status_code < 500


@pytest.mark.parametrize(
    "value", ['"\\000bcdefghij"', "x" * 4000, '"\\377\\376"', "../../x", "%00%00%00%00%00"]
)
def test_no_cookie_upsets_a_page(hospital, value):
    client = Door(None).client
    for name in ("sessionid", "csrftoken", "django_language", "board_view", "messages"):
        for address in ("/", "/sign-in/", "/api/v1/me/"):
            assert client.get(address, headers={"cookie": f"{name}={value}"}).status_code < 500, name


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "a" * 5000, "Token", "\x00"])
def test_no_token_upsets_the_api(hospital, token):
    answer = Door(None).client.get("/api/v1/me/", headers={"authorization": f"Token {token}"})
    refused(answer, answer.status_code)
    assert answer.status_code in {400, 401, 403}


@pytest.mark.parametrize("key", ["x", "00000000", "é", "a" * 5000])
def test_a_key_that_is_none(nurse, session, key):
    before = contents()
    refused(nurse.post(f"sessions/{session.pk}/observations/", vitals_entry(), key=key), 400)
    assert contents() == before
