"""A tablet may send an entry twice; it happens once."""

import uuid
from datetime import timedelta

import pytest

from apps.edge.models import IdempotentAnswer
from apps.infusions.models import InfusionSession, Observation, RateChange, Reaction
from apps.ledger.models import Event, OutboxMessage
from apps.patients.models import Patient
from tests.builders import (
    NOW,
    VIAL,
    Door,
    admit_patient,
    in_parallel,
    order_course,
    running_session,
    vitals_entry,
)

pytestmark = pytest.mark.django_db
KEY = "6f9d2c1e-4f4b-4a7e-9d5e-0a1b2c3d4e5f"


@pytest.fixture
def nurse(hospital):
    return Door(hospital.nurse)


@pytest.fixture
def path(hospital, clock):
    session = running_session(hospital)
    clock.forward(minutes=10)
    return f"sessions/{session.pk}/observations/"


def observations():
    return Observation.objects.filter(is_baseline=False).count()


def test_the_same_entry_again_gets_the_same_answer_and_has_no_second_effect(nurse, path, clock):
    first = nurse.post(path, vitals_entry(), key=KEY)
    assert first.status_code == 200
    events, messages = Event.objects.count(), OutboxMessage.objects.count()
    clock.forward(minutes=5)
    again = nurse.post(path, vitals_entry(), key=KEY)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert observations() == 1
    assert (Event.objects.count(), OutboxMessage.objects.count()) == (events, messages)


def test_created_is_answered_as_created_again(nurse, hospital):
    entry = {
        "name": "Testperson Or", "birth_date": "1980-01-01", "sex": "male",
        "medical_record_number": "UNIT-IDEM", "ward_id": hospital.ward.pk,
    }  # fmt: skip
    answers = [nurse.post("patients/", entry, key=KEY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Patient.objects.count() == 1


def test_another_entry_under_the_same_key_is_refused(nurse, path):
    assert nurse.post(path, vitals_entry(), key=KEY).status_code == 200
    answer = nurse.post(path, vitals_entry(pulse_per_min=73), key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")
    assert observations() == 1


def test_the_same_entry_at_another_address_is_another_entry(nurse, path, hospital):
    other = running_session(hospital)
    assert nurse.post(path, vitals_entry(), key=KEY).status_code == 200
    answer = nurse.post(f"sessions/{other.pk}/observations/", vitals_entry(), key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_fields_in_another_order_are_the_same_entry(nurse, path):
    entry = vitals_entry()
    first = nurse.post(path, entry, key=KEY)
    again = nurse.post(path, dict(reversed(entry.items())), key=KEY)
    assert again.json() == first.json()
    assert observations() == 1


@pytest.mark.parametrize("key", ["", "1", "not-a-uuid"])
def test_without_a_proper_key_nothing_is_written(nurse, path, key):
    answer = nurse.post(path, vitals_entry(), key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
    assert observations() == 0
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize(
    ("entry", "code"), [({"pulse_per_min": "720"}, "entries_invalid"), ({}, "observation_empty")]
)
def test_a_refused_entry_leaves_the_key_free(nurse, path, entry, code):
    answer = nurse.post(path, entry, key=KEY)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not IdempotentAnswer.objects.exists()
    assert nurse.post(path, vitals_entry(), key=KEY).status_code == 200
    assert observations() == 1


def test_an_entry_that_broke_half_way_leaves_nothing_and_the_key_free(nurse, path, monkeypatch):
    from apps.infusions.services import observing

    def broken(**_):
        raise RuntimeError("half way")

    nurse.client.raise_request_exception = False
    before = Event.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(observing, "record_event", broken)
        assert nurse.post(path, vitals_entry(), key=KEY).status_code == 500
    assert (observations(), Event.objects.count()) == (0, before)
    assert nurse.post(path, vitals_entry(), key=KEY).status_code == 200


def test_two_people_may_happen_on_the_same_key(nurse, path, hospital):
    assert nurse.post(path, vitals_entry(), key=KEY).status_code == 200
    assert Door(hospital.second_nurse).post(path, vitals_entry(), key=KEY).status_code == 200
    assert observations() == 2


def test_what_waited_without_network_happens_once_however_often_it_is_sent(nurse, path, clock):
    """A tablet sends its queue, hears nothing, and sends all of it again; each entry keeps its key."""
    session = InfusionSession.objects.get()
    base, at = path.removesuffix("observations/"), session.started_at

    def minute(count):
        return (at + timedelta(minutes=count)).isoformat()

    queue = [
        ("observations/", vitals_entry() | {"effective_at": minute(10)}),
        ("pause/", {"effective_at": minute(11), "reason": "line"}),
        ("reactions/", {"onset_at": minute(11), "action": "pause"}),
        ("observations/", {"systolic_mmhg": "118", "effective_at": minute(12)}),
        ("stop/", {"effective_at": minute(13)}),
    ]
    keys = [str(uuid.uuid4()) for _ in queue]
    clock.forward(minutes=20)
    for _ in range(3):
        answers = [
            nurse.post(base + address, body, key=key)
            for (address, body), key in zip(queue, keys, strict=True)
        ]
        assert [answer.status_code for answer in answers] == [200] * 5
    session.refresh_from_db()
    assert (session.state, session.ended_at) == ("stopped", at + timedelta(minutes=13))
    assert (observations(), Reaction.objects.count()) == (2, 1)
    rates = RateChange.objects.values_list("rate_ml_per_h", "started_at")
    assert list(rates) == [(30, at), (0, at + timedelta(minutes=11)), (0, at + timedelta(minutes=13))]


@pytest.mark.django_db(transaction=True)
def test_ten_sendings_at_once_have_one_effect_and_ten_equal_answers(path, hospital):
    doors = [Door(hospital.nurse) for _ in range(10)]
    answers = in_parallel(*[lambda door=door: door.post(path, vitals_entry(), key=KEY) for door in doors])
    assert [answer.status_code for answer in answers] == [200] * 10
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert observations() == 1
    assert Event.objects.filter(name="infusion.observation.recorded").count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_starts_at_once_start_one_infusion(hospital):
    course = order_course(hospital, admit_patient(hospital))
    entry = {"day_number": 1, "identity_confirmed": True, "baseline": vitals_entry(), "vials": [VIAL]}
    doors = [Door(hospital.nurse) for _ in range(10)]
    path = f"courses/{course.pk}/sessions/"

    same_key = in_parallel(*[lambda door=door: door.post(path, entry, key=KEY) for door in doors[:5]])
    assert [answer.status_code for answer in same_key] == [201] * 5
    keys = [str(uuid.uuid4()) for _ in doors]
    others = in_parallel(
        *[
            lambda door=door, key=key: door.post(path, entry, key=key)
            for door, key in zip(doors, keys, strict=True)
        ]
    )
    assert {answer.json()["code"] for answer in others} == {"day_already_started"}
    session = InfusionSession.objects.get()
    assert session.started_at == NOW
    assert IdempotentAnswer.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_twin_of_a_refused_entry_is_answered_for_itself(path, hospital, clock):
    session = InfusionSession.objects.get()
    clock.forward(minutes=30)
    doors = [Door(hospital.nurse) for _ in range(4)]
    answers = in_parallel(
        *[
            lambda door=door: door.post(
                f"sessions/{session.pk}/confirm-step/", {"version": session.version}, key=KEY
            )
            for door in doors
        ]
    )
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "step_held")] * 4
    assert not IdempotentAnswer.objects.exists()
    assert clock.now - session.started_at == timedelta(minutes=40)
