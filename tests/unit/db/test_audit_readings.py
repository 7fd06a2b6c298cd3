"""Who was shown whom is on record: once, and before a file leaves the house."""

import hashlib
import logging
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory

from apps.audit import services
from apps.audit.door import ReadingsMiddleware
from apps.audit.models import Reading
from apps.ledger.models import Event
from tests.builders import Door, admit_patient, react, running_session, vitals_entry

pytestmark = pytest.mark.django_db


def told():
    return list(Reading.objects.order_by("pk").values_list("user_id", "kind", "patient_id", "purpose"))


def test_opening_a_patient_leaves_one_row_that_says_who_when_and_from_where(hospital):
    patient = admit_patient(hospital)
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    row = Reading.objects.get()
    assert (row.user_id, row.patient_id, row.ward_id) == (hospital.nurse.pk, patient.pk, hospital.ward.pk)
    assert (row.purpose, row.address) == ("care", "127.0.0.1")
    assert row.request_id and row.device and len(row.hash) == 64


def test_a_patient_one_was_refused_leaves_none(hospital, elsewhere):
    patient = admit_patient(hospital)
    assert Door(elsewhere.nurse).get(f"patients/{patient.pk}/").status_code == 404
    assert Door(hospital.administrator).get(f"patients/{patient.pk}/").status_code == 403
    assert told() == []


def test_a_list_is_a_reading_of_each_patient_on_it(hospital):
    patients = {admit_patient(hospital).pk for _ in range(3)}
    Door(hospital.nurse).get("patients/")
    assert {patient for _, _, patient, _ in told()} == patients


def test_pages_count_like_the_api(hospital):
    patient = admit_patient(hospital)
    client = Client()
    client.force_login(hospital.nurse)
    assert client.get(f"/patients/{patient.pk}/").status_code == 200
    assert {number for _, _, number, _ in told()} == {patient.pk}


def test_a_second_look_within_a_minute_is_the_same_reading(hospital, monkeypatch):
    patient = admit_patient(hospital)
    for _ in range(3):
        Door(hospital.nurse).get(f"patients/{patient.pk}/")
    assert len(told()) == 1
    services._remembered.clear()  # another process
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    assert len(told()) == 1
    Door(hospital.second_nurse).get(f"patients/{patient.pk}/")
    assert len(told()) == 2


def test_a_look_after_a_minute_is_another_one(hospital, monkeypatch):
    patient = admit_patient(hospital)
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    later = services.time.monotonic() + 61
    monkeypatch.setattr(services.time, "monotonic", lambda: later)
    wall = Reading.objects.get().read_at + timedelta(seconds=61)
    monkeypatch.setattr("apps.audit.door.clock.wall_now", lambda: wall)
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    assert len(told()) == 2


def test_a_board_is_one_row_for_the_ward_however_often_it_is_polled(hospital, elsewhere):
    for _ in range(3):
        running_session(hospital)
    door = Door(hospital.nurse)
    for path in ("board/", "board/", "board/changes/?after=0"):
        assert door.get(f"wards/{hospital.ward.pk}/{path}").status_code == 200
    rows = list(Reading.objects.values_list("patient_id", "ward_id"))
    assert rows == [(None, hospital.ward.pk)] * 2  # the board, and its changes
    Door(elsewhere.nurse).get(f"wards/{elsewhere.ward.pk}/board/")
    assert Reading.objects.count() == 2  # an empty board names nobody


def test_changes_without_a_patient_are_no_reading(hospital):
    running_session(hospital)
    Door(hospital.nurse).get(f"wards/{hospital.ward.pk}/board/changes/?after=100000")
    assert told() == []


def test_an_entry_at_the_bedside_is_told_by_its_event_alone(hospital, clock):
    session = running_session(hospital)
    clock.forward(minutes=1)
    answer = Door(hospital.nurse).post(f"sessions/{session.pk}/observations/", vitals_entry())
    assert answer.status_code == 200
    assert told() == []


def test_a_reading_that_cannot_be_written_keeps_nobody_from_the_patient(hospital, monkeypatch, caplog):
    patient = admit_patient(hospital)

    def no_disk(**_):
        raise OperationalError("disk full")

    monkeypatch.setattr("apps.audit.door.services.record_readings", no_disk)
    with caplog.at_level(logging.CRITICAL):
        assert Door(hospital.nurse).get(f"patients/{patient.pk}/").status_code == 200
    assert "WHO READ WHAT COULD NOT BE WRITTEN" in caplog.text


# Files


@pytest.fixture
def reacted(hospital, clock):
    session = running_session(hospital)
    react(hospital, session.pk, clock.forward(minutes=1), severity="moderate")
    return session


def body_of(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("ending", ["", "xlsx/", "research/"])
def test_a_file_that_leaves_is_on_record_with_its_hash(hospital, reacted, ending):
    answer = Door(hospital.safety_officer).get(f"adverse-events/export/{ending}")
    content = body_of(answer)
    assert answer.status_code == 200 and content
    event = Event.objects.get(name="audit.export.taken")
    assert event.actor == f"user:{hospital.safety_officer.pk}"
    assert event.payload["sha256"] == hashlib.sha256(content).hexdigest()
    assert event.payload["bytes"] == len(content)
    assert {(patient, purpose) for _, _, patient, purpose in told()} == {(reacted.patient_id, "export")}
    assert event.payload["patients"] == 1


def test_a_record_as_pdf_is_a_file_too(hospital, reacted):
    client = Client()
    client.force_login(hospital.nurse)
    answer = client.get(f"/sessions/{reacted.pk}/record.pdf")
    assert answer.status_code == 200
    assert (
        Event.objects.get(name="audit.export.taken").payload["sha256"]
        == hashlib.sha256(answer.content).hexdigest()
    )


def test_a_file_that_flows_in_the_event_loop_leaves_only_with_its_sum(hospital):
    async def flowing():
        yield b"never"  # pragma: no cover

    def view(request):
        return StreamingHttpResponse(flowing(), headers={"Content-Disposition": "attachment"})

    request = RequestFactory().get("/")
    request.user = hospital.safety_officer
    with pytest.raises(TypeError, match="note_file"):
        ReadingsMiddleware(view)(request)
    assert not Event.objects.filter(name="audit.export.taken").exists()


def test_the_description_of_the_api_is_no_record_of_anybody(hospital):
    assert Door(hospital.nurse).client.get("/api/schema/").has_header("Content-Disposition")
    assert not Event.objects.filter(name="audit.export.taken").exists()


def test_files_are_recorded_each_time(hospital, reacted):
    for _ in range(2):
        body_of(Door(hospital.safety_officer).get("adverse-events/export/"))
    assert Event.objects.filter(name="audit.export.taken").count() == 2
    assert len(told()) == 2


@pytest.mark.parametrize("ending", ["", "xlsx/"])
def test_a_file_that_cannot_be_put_on_record_does_not_leave(hospital, reacted, ending, monkeypatch):
    def no_disk(**_):
        raise OperationalError("disk full")

    monkeypatch.setattr("apps.audit.door.services.record_export", no_disk)
    answer = Door(hospital.safety_officer).get(f"adverse-events/export/{ending}")
    assert answer.status_code == 503
    assert answer.json()["code"] == "export_not_recorded"
    assert not answer.has_header("Content-Disposition")
