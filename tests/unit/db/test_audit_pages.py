"""The auditor's walk: who saw this patient, who raised this rate, is the chain whole."""

import csv
import hashlib
import io

import pgtrigger
import pytest
from django.test import Client

from apps.accounts.domain.roles import Role
from apps.accounts.services import ensure_staff
from apps.audit.models import Reading
from apps.inspection import selectors
from apps.ledger.models import Event
from apps.ledger.services import record_event, unit_of_work
from tests.builders import NOW, PASSWORD, Door, admit_patient, climb, running_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(hospital):
    user = ensure_staff(
        username="auditor", full_name=("Auditor", "One"), role=Role.AUDITOR, wards=[], password=PASSWORD
    )
    client = Client()
    client.force_login(user)
    client.user = user
    return client


def find(client, **typed):
    return client.post("/audit/find/", typed, follow=True)


def rows(answer):
    return answer.context["entries"]


@pytest.mark.parametrize(
    "address", ["/audit/", "/audit/whole/", "/audit/export.csv", "/audit/events/1/", "/audit/readings/1/"]
)
def test_the_record_is_the_auditors_alone(hospital, address):
    for name in ("nurse", "charge_nurse", "physician", "safety_officer", "administrator"):
        client = Client()
        client.force_login(getattr(hospital, name))
        assert client.get(address).status_code == 403, name
        assert client.post("/audit/find/", {"person": "nurse"}).status_code == 403
    assert Client().get(address).status_code == 302


def test_an_auditor_sees_no_ward_and_no_patient(hospital, auditor):
    patient = admit_patient(hospital)
    door = Door(auditor.user)
    assert door.get(f"patients/{patient.pk}/").status_code in (403, 404)
    assert door.get(f"wards/{hospital.ward.pk}/board/").status_code == 404
    assert auditor.get("/").headers["Location"] == "/audit/"


def test_who_saw_this_patient(hospital, auditor):
    patient, other = admit_patient(hospital), admit_patient(hospital)
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    Door(hospital.physician).get(f"patients/{other.pk}/")
    answer = find(auditor, patient=patient.medical_record_number, kind="reads")
    seen = [one for one in rows(answer) if one.person_id != auditor.user.pk]
    assert [(one.who, one.pseudonym) for one in seen] == [(hospital.nurse.display_name, patient.pseudonym)]
    text = answer.content.decode()
    assert patient.name not in text and patient.medical_record_number not in text


def test_the_search_itself_is_on_record_and_its_address_names_nobody(hospital, auditor):
    patient = admit_patient(hospital)
    answer = find(auditor, patient=patient.pseudonym)
    ((address, _),) = answer.redirect_chain
    assert address == f"/audit/?patient={patient.pk}"
    reading = Reading.objects.get(user_id=auditor.user.pk)
    assert (reading.kind, reading.patient_id) == ("inspection:find", patient.pk)


def test_a_board_counts_among_the_readings_of_its_patients(hospital, auditor):
    session = running_session(hospital)
    Door(hospital.charge_nurse).get(f"wards/{hospital.ward.pk}/board/")
    answer = auditor.get(f"/audit/?patient={session.patient_id}&kind=reads")
    assert [(one.who, one.subject) for one in rows(answer)] == [
        (hospital.charge_nurse.display_name, f"ward:{hospital.ward.pk}")
    ]


def test_who_raised_this_rate(hospital, auditor):
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=1)
    changed = [
        one
        for one in rows(auditor.get(f"/audit/?patient={session.patient_id}&kind=changes"))
        if one.name == "infusion.rate.changed"
    ]
    (raised,) = changed
    event = Event.objects.get(name="infusion.rate.changed")
    before, after = event.payload["rate_ml_per_h_before"], event.payload["rate_ml_per_h"]
    assert raised.who == hospital.nurse.display_name
    assert raised.what.startswith("Rate raised from ")
    page = auditor.get(f"/audit/events/{event.pk}/")
    values = {one["name"]: (one["before"], one["after"]) for one in page.context["values"]}
    assert values["rate_ml_per_h"] == (before, after)
    assert page.context["report"]["whole"]
    assert event.hash in page.content.decode()


def test_whether_the_chain_is_whole(hospital, auditor):
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=1)
    subject = f"session:{session.pk}"
    page = auditor.get("/audit/whole/", {"subject": subject})
    assert page.context["of_subject"]["whole"] and page.context["of_days"]["whole"]
    with pgtrigger.ignore("ledger.Event:event_append_only"):
        Event.objects.filter(subject=subject, position=2).update(actor="user:999")
    page = auditor.get("/audit/whole/", {"subject": subject})
    for part in ("of_subject", "of_days"):
        fault = page.context[part]["fault"]
        assert (fault["subject"], fault["position"]) == (subject, 2)
    assert 'data-whole="no"' in page.content.decode()


def test_a_person_is_found_by_their_sign_in_name(hospital, auditor):
    patient = admit_patient(hospital)
    Door(hospital.physician).get(f"patients/{patient.pk}/")
    answer = find(auditor, person=hospital.physician.username)
    assert {one.who for one in rows(answer)} == {hospital.physician.display_name}
    assert answer.context["username"] == hospital.physician.username  # searched on from there it stays


@pytest.mark.parametrize(("typed", "missing"), [("patient", "patient"), ("person", "person")])
def test_who_is_not_there_is_said_to_be_missing(hospital, auditor, typed, missing):
    answer = find(auditor, **{typed: "NOBODY-9"})
    assert answer.context["missing"] == missing
    assert 'data-test="missing"' in answer.content.decode()


def test_pages_of_the_record_meet_without_gap_or_overlap(hospital, auditor, monkeypatch):
    for number in range(7):
        with unit_of_work():
            record_event(name="test.told", subject=f"test:{number}", ward_id=None, actor="system", now=NOW)
    for _ in range(3):
        Door(hospital.nurse).get(f"patients/{admit_patient(hospital).pk}/")
    monkeypatch.setitem(selectors.find_entries.__kwdefaults__, "limit", 3)
    address, found = "/audit/", []
    while True:
        answer = auditor.get(address)
        found += [(one.source, one.id) for one in rows(answer)]
        if not answer.context["more"]:
            break
        address = f"/audit/?{answer.context['more']}"
    everything = {("event", pk) for pk in Event.objects.values_list("pk", flat=True)} | {
        ("reading", pk) for pk in Reading.objects.values_list("pk", flat=True)
    }
    assert len(found) == len(set(found)) and set(found) == everything


@pytest.mark.parametrize(
    "query",
    [
        "patient=x", "patient=" + "9" * 40, "person=-1", "since=yesterday", "until=2026-13-01", "kind=nonsense",
        "before=e1r1;DROP", "before=e" + "9" * 30, "since=0001-01-01", "until=9999-12-31", "patient=1%27--",
    ],
)  # fmt: skip
def test_nonsense_in_the_address_is_left_out(hospital, auditor, query):
    assert auditor.get(f"/audit/?{query}").status_code == 200
    assert auditor.get(f"/api/v1/audit/?{query}").status_code == 200


def test_the_api_tells_the_same_to_the_same_people(hospital, auditor):
    patient = admit_patient(hospital)
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    answer = Door(auditor.user).get("audit/", patient=patient.pk, kind="reads")
    (entry,) = answer.json()["entries"]
    assert (entry["who"], entry["pseudonym"], entry["what"]) == (
        hospital.nurse.display_name,
        patient.pseudonym,
        "Seen: patient.",
    )
    assert patient.name not in answer.content.decode()
    for name in ("nurse", "charge_nurse", "physician", "safety_officer", "administrator"):
        assert Door(getattr(hospital, name)).get("audit/").status_code == 403, name
    assert Door(None).get("audit/").status_code == 403


def test_absurd_numbers_are_not_found(auditor):
    for number in (987_654_321, 2**62):
        assert auditor.get(f"/audit/events/{number}/").status_code == 404
        assert auditor.get(f"/audit/readings/{number}/").status_code == 404


# The record as a file


def test_the_record_leaves_as_a_file_and_that_is_on_record(hospital, auditor):
    patient = admit_patient(hospital)
    Door(hospital.nurse).get(f"patients/{patient.pk}/")
    answer = auditor.get(f"/audit/export.csv?patient={patient.pk}")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert patient.pseudonym in {line["patient"] for line in lines}
    assert patient.name not in answer.content.decode()
    event = Event.objects.get(name="audit.export.taken")
    assert event.actor == f"user:{auditor.user.pk}"
    assert event.payload["sha256"] == hashlib.sha256(answer.content).hexdigest()
    assert event.payload["records"] == len(lines) > 0
    assert event.payload["filter"] == f"patient={patient.pk}"


@pytest.mark.parametrize("formula", ["=HYPERLINK(1)", "+SUM(1)", "-SUM(1)", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(hospital, auditor, formula):
    with unit_of_work():
        record_event(
            name="test.told",
            subject="test:1",
            ward_id=None,
            actor=f"user:{hospital.nurse.pk}",
            now=NOW,
            payload={"reason": formula},
        )
    answer = auditor.get("/audit/export.csv")
    (line,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert line["reason"] != formula and line["reason"].lstrip("'") in (formula, formula.strip())
