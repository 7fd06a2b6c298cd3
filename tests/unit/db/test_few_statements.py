"""What a write and a reading cost the database: the same few statements however long the story is."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from rest_framework.test import APIClient

from apps.edge import authentication
from apps.ledger.models import Event, OutboxMessage, Timer
from apps.ledger.selectors import first_broken_event
from apps.patients.domain.identity import age_years
from apps.patients.models import Patient
from apps.patients.selectors import people_as_json
from tests.builders import Door, observe, running_session, vitals_entry

pytestmark = pytest.mark.django_db

# claim of the key · session with the rows around it · the set · open alerts · when the next is due ·
# ends of the chains with the ward's number · everything else; in a test two savepoints stand for BEGIN and COMMIT
QUIET_SET = 9
NEW_ALERTS = 2 * 3  # hypotension, anaphylaxis and NEWS2: a row each, and room for one look-up


@pytest.fixture
def tablet(hospital):
    """A machine with a token, which asks for no more than it needs."""
    client = APIClient()
    _, token = AuthToken.objects.create(hospital.nurse)
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}", HTTP_PREFER="return=minimal")
    client.get("/api/v1/me/")
    return client


@pytest.fixture
def cost(tablet):
    """cost(session_id, number, **vitals): how many statements a set took, and the answer to it."""

    def record(session_id, number, **changes):
        with CaptureQueriesContext(connection) as taken:
            answer = tablet.post(
                f"/api/v1/sessions/{session_id}/observations/",
                vitals_entry(**changes),
                format="json",
                headers={"Idempotency-Key": f"00000000-0000-4000-8000-{number:012d}"},
            )
        assert answer.status_code == 200, answer.content
        return len(taken), answer.json()

    return record


def test_a_set_takes_the_same_few_statements_however_long_the_series(hospital, cost, clock):
    session = running_session(hospital)
    clock.forward(minutes=1)
    first, _ = cost(session.pk, 1)
    for _ in range(20):
        observe(hospital, session.pk, clock.forward(minutes=1))
    clock.forward(minutes=1)
    later, answer = cost(session.pk, 2)
    assert (first, later) == (QUIET_SET, QUIET_SET)
    assert answer == {
        "id": session.pk,
        "version": session.version,
        "state": "running",
        "observation_due_at": answer["observation_due_at"],
        "asked": [],
    }


def test_with_alerts_it_takes_one_more_for_each_alert_and_leaves_everything_written(hospital, cost, clock):
    session = running_session(hospital)
    clock.forward(minutes=1)
    taken, _ = cost(session.pk, 1, systolic_mmhg="84")
    assert QUIET_SET < taken <= QUIET_SET + NEW_ALERTS
    raised = Event.objects.filter(name="alert.raised").order_by("pk")
    assert raised.count() == 3
    for event in raised:
        assert first_broken_event(event.subject) is None
        assert Timer.objects.filter(subject=event.subject, kind="alert.escalate", state="pending").exists()
    assert first_broken_event(f"session:{session.pk}") is None
    numbers = list(
        OutboxMessage.objects.filter(ward_id=hospital.ward.pk)
        .order_by("id")
        .values_list("sequence", flat=True)
    )
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_board_takes_the_same_few_statements_for_five_patients_and_fifty(hospital):
    door = Door(hospital.nurse)

    def snapshot():
        with CaptureQueriesContext(connection) as taken:
            answer = door.get(f"wards/{hospital.ward.pk}/board/")
        return len(taken), len(answer.json()["rows"])

    for _ in range(5):
        running_session(hospital)
    first, rows = snapshot()
    few, _ = snapshot()
    assert rows == 5
    assert first == few + 1  # that this person saw the ward is written once a quarter of an hour
    for _ in range(15):
        running_session(hospital)
    assert snapshot() == (few, 20)
    assert first <= 7


def test_what_a_write_collected_is_seen_by_whoever_reads_it_within_the_write(hospital, clock):
    session = running_session(hospital)
    clock.forward(minutes=1)
    shown = Door(hospital.nurse).post(f"sessions/{session.pk}/observations/", vitals_entry()).json()
    assert shown["timeline"][0]["text"] == "Vital signs recorded."


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    born=st.dates(date(1920, 1, 1), date(2026, 1, 1))
    | st.sampled_from([date(1980, 2, 29), date(2000, 2, 29)]),
    today=st.dates(date(2026, 1, 1), date(2030, 12, 31))
    | st.sampled_from([date(2027, 2, 28), date(2028, 2, 29)]),
)
def test_the_board_counts_years_as_the_house_does(hospital, born, today):
    patient = Patient.objects.filter(ward=hospital.ward).first() or Patient.objects.get(
        pk=running_session(hospital).patient_id
    )
    patient.birth_date = born
    patient.save()
    people = json.loads(people_as_json([patient.pk], today=today))
    assert people[str(patient.pk)]["age_years"] == age_years(born, today)


# Tokens


def test_a_token_is_looked_up_once_and_then_remembered_for_seconds(hospital, tablet, monkeypatch):
    def statements():
        with CaptureQueriesContext(connection) as taken:
            assert tablet.get("/api/v1/me/").status_code == 200
        return [query["sql"] for query in taken if "knox" in query["sql"]]

    assert statements() == []
    monkeypatch.setattr(authentication.time, "monotonic", lambda: 1e9)
    assert len(statements()) == 1


def test_a_token_withdrawn_in_this_process_ends_at_once(hospital, tablet):
    AuthToken.objects.all().delete()
    assert tablet.get("/api/v1/me/").status_code == 403


def test_a_person_deactivated_in_this_process_is_out_at_once(hospital, tablet):
    hospital.nurse.is_active = False
    hospital.nurse.save()
    assert tablet.get("/api/v1/me/").status_code == 403


def test_a_token_withdrawn_elsewhere_ends_after_five_seconds(hospital, tablet, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM knox_authtoken")
    assert authentication.REMEMBERED_S <= 5
    later = authentication.time.monotonic() + authentication.REMEMBERED_S
    monkeypatch.setattr(authentication.time, "monotonic", lambda: later)
    assert tablet.get("/api/v1/me/").status_code == 403


def test_an_expired_token_is_refused_although_it_is_remembered(hospital, tablet, monkeypatch):
    later = authentication.clock.wall_now() + timedelta(hours=11)
    monkeypatch.setattr(authentication.clock, "wall_now", lambda: later)
    assert tablet.get("/api/v1/me/").status_code == 403


@pytest.mark.parametrize("token", ["", "nonsense", "0" * 64])
def test_a_wrong_token_is_refused(db, token):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}".encode().decode("latin-1"))
    assert client.get("/api/v1/me/").status_code == 403
