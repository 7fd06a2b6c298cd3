"""What happened stays as it was written, and tampering shows."""

from datetime import timedelta

import pgtrigger
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.ledger.models import Event
from apps.ledger.selectors import events_of, first_broken_event
from apps.ledger.services import record_event, unit_of_work
from tests.builders import NOW, climb, running_session

pytestmark = pytest.mark.django_db

SUBJECT = "session:7"


def record(name, subject=SUBJECT, **changes):
    entry = {"ward_id": None, "actor": "system", "now": NOW, "payload": {"name": name}} | changes
    record_event(name=name, subject=subject, **entry)


@pytest.fixture
def chain():
    with unit_of_work():
        for name in ("test.first", "test.second", "test.third"):
            record(name)


def test_positions_count_up_within_a_subject(chain):
    with unit_of_work():
        record("test.other", subject="session:8")
        record("test.fourth")
    positions = list(Event.objects.filter(subject=SUBJECT).order_by("id").values_list("position", flat=True))
    assert positions == [1, 2, 3, 4]
    assert Event.objects.get(subject="session:8").position == 1


def test_a_position_is_taken_once(chain):
    twin = Event.objects.get(subject=SUBJECT, position=2)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_an_event_tells_bedside_time_and_typing_time_apart():
    earlier = NOW - timedelta(minutes=9)
    with unit_of_work():
        record("test.late_entry", occurred_at=earlier, actor="user:3")
    event = Event.objects.get(subject=SUBJECT)
    assert (event.occurred_at, event.recorded_at) == (earlier, NOW)
    assert events_of(SUBJECT) == [("test.late_entry", earlier, "user:3", {"name": "test.late_entry"})]


def test_outside_a_unit_of_work_nothing_can_be_recorded():
    with pytest.raises(RuntimeError, match="unit of work"):
        record("test.loose")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET payload = '{}'",
        "UPDATE ledger_event SET id = id",
        "DELETE FROM ledger_event",
        "DELETE FROM ledger_event WHERE position = 3",
    ],
)
def test_the_database_refuses_to_change_or_forget_an_event(chain, statement):
    before = list(Event.objects.order_by("id").values())
    with (
        pytest.raises(DatabaseError, match="Cannot update or delete"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Event.objects.order_by("id").values()) == before


@pytest.mark.parametrize("act", ["save", "delete"])
def test_the_orm_gets_no_further(chain, act):
    event = Event.objects.get(subject=SUBJECT, position=1)
    event.actor = "user:999"
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        getattr(event, act)()


def test_an_untouched_chain_is_sound(chain):
    assert first_broken_event(SUBJECT) is None
    assert first_broken_event("session:nobody") is None


@pytest.mark.parametrize(
    "change",
    [
        {"name": "test.nicer"},
        {"actor": "user:999"},
        {"payload": {"name": "test.second", "more": 1}},
        {"occurred_at": NOW - timedelta(microseconds=1)},
        {"recorded_at": NOW + timedelta(hours=1)},
        {"ward_id": 5},
        {"hash": "0" * 64},
        {"previous_hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_somebody_with_the_keys_to_the_database_leaves_a_trace(chain, change):
    with pgtrigger.ignore("ledger.Event:event_append_only"):
        Event.objects.filter(subject=SUBJECT, position=2).update(**change)
    assert first_broken_event(SUBJECT) in {2, 3}


@pytest.mark.parametrize("position", [1, 2])
def test_a_missing_link_is_found(chain, position):
    with pgtrigger.ignore("ledger.Event:event_append_only"):
        Event.objects.filter(subject=SUBJECT, position=position).delete()
    assert first_broken_event(SUBJECT) == position


def test_a_whole_infusion_leaves_one_sound_chain(hospital):
    session = running_session(hospital)
    climb(hospital, session.pk, to_step=2)
    subject = f"session:{session.pk}"
    names = [name for name, *_ in events_of(subject)]
    assert names == [
        "infusion.session.started",
        "infusion.observation.recorded",
        "infusion.rate.changed",
        "infusion.observation.recorded",
        "infusion.rate.changed",
    ]
    assert first_broken_event(subject) is None
