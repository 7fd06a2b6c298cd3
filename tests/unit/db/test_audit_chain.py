"""Whoever changes, removes or puts in a row afterwards is found, and the first broken row is named."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from apps.audit.collecting import Seen
from apps.audit.models import DayChain, Reading
from apps.audit.services import close_finished_days, record_readings
from apps.audit.tasks import close_days
from apps.audit.verifying import take_head, verify_all, verify_day, verify_head, verify_subject
from apps.ledger import settling
from apps.ledger.models import Event
from apps.ledger.origin import Origin
from apps.ledger.services import record_event, unit_of_work
from apps.ledger.settling import NotSettledError, settled_id
from apps.ledger.writing import chain_hash
from tests.builders import NOW, in_parallel

pytestmark = pytest.mark.django_db

DAY = NOW.date()
NEXT = DAY + timedelta(days=1)


def record(subject, *, now=NOW, name="test.told", **payload):
    with unit_of_work():
        record_event(name=name, subject=subject, ward_id=None, actor="system", now=now, payload=payload)


def read(patient, *, at=NOW):
    record_readings(
        user_id=3, kind=f"test:{at.isoformat()}", seen=Seen({patient: 1}), origin=Origin(), wall_now=at
    )


def close(day):
    """Close everything up to a day."""
    midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    return close_finished_days(now=midnight + timedelta(minutes=5), wall_now=midnight)


def tamper(statement, values=()):
    """What somebody with the keys to the database can do."""
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def two_days(db):
    """Three subjects and two readings on the first day, one of each on the second; both days are closed."""
    for number in (1, 2, 1, 3, 1):
        record(f"test:{number}", number=number)
    read(1), read(2)
    close(DAY)
    record("test:2", now=NOW + timedelta(days=1))
    read(1, at=NOW + timedelta(days=1))
    close(NEXT)
    record("test:2", now=NOW + timedelta(days=2))


def place(subject, position):
    return Event.objects.get(subject=subject, position=position).pk


# Days


def test_days_are_closed_once_each_holding_what_came_before_its_midnight(two_days):
    days = list(DayChain.objects.order_by("day").values_list("day", "events", "readings"))
    assert days == [(DAY, 5, 2), (NEXT, 1, 1)]
    assert close(NEXT) == []
    report = verify_all()
    assert (report.fault, report.events, report.readings, report.days) == (None, 7, 3, 2)


def test_days_that_were_missed_are_made_up_for_one_by_one(db):
    record("test:1")
    assert close(DAY) == [DAY]
    record("test:1", now=NOW + timedelta(days=2))
    later = DAY + timedelta(days=3)
    assert close(later) == [DAY + timedelta(days=step) for step in (1, 2, 3)]
    counts = list(DayChain.objects.order_by("day").values_list("events", flat=True))
    assert counts == [1, 0, 1, 0]
    assert verify_all().fault is None


def test_the_day_that_runs_is_not_closed(db, clock):
    record("test:1")
    clock.set(NOW)
    close_days()
    assert list(DayChain.objects.values_list("day", "events")) == [(DAY - timedelta(days=1), 0)]
    assert verify_all().events == 1


def test_what_is_recorded_late_falls_into_the_day_of_its_recording(two_days):
    with unit_of_work():
        record_event(
            name="test.late",
            subject="test:9",
            ward_id=None,
            actor="system",
            now=NOW + timedelta(days=2),
            occurred_at=NOW,
        )
    close(DAY + timedelta(days=2))
    assert DayChain.objects.order_by("-day").first().events == 2
    assert verify_all().fault is None


@pytest.mark.django_db(transaction=True)
def test_a_day_waits_for_whoever_is_still_writing(transactional_db):
    """A row with a lower number that is committed after one with a higher would lie between two days."""
    record("test:1")
    with transaction.atomic():
        record("test:2")
        (answer,) = in_parallel(_impatient)
        assert isinstance(answer, NotSettledError)
    assert settled_id("ledger_event") == Event.objects.order_by("-pk").first().pk


def _impatient():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "PATIENCE_S", 0.2)
        try:
            return settled_id("ledger_event")
        finally:
            connections.close_all()


# Tampering


@pytest.mark.parametrize(
    "change",
    [
        "name = 'test.nicer'",
        "actor = 'user:999'",
        """payload = '{"number": 2}'""",
        """origin = '{"address": "10.0.0.1"}'""",
        "recipe = 1",
        "occurred_at = occurred_at - interval '1 second'",
        "recorded_at = recorded_at + interval '1 second'",
        "ward_id = 5",
        "hash = repeat('0', 64)",
    ],
)
def test_a_changed_event_is_named(two_days, change):
    tampered = place("test:1", 2)
    tamper(f"UPDATE ledger_event SET {change} WHERE id = %s", [tampered])
    for report in (verify_all(), verify_subject("test:1"), verify_day(DAY)):
        assert (report.fault.table, report.fault.id, report.fault.problem) == (
            "ledger_event",
            tampered,
            "hash",
        )
        assert (report.fault.subject, report.fault.position) == ("test:1", 2)
    assert verify_subject("test:2").fault is None
    assert verify_day(NEXT).fault is None


def test_of_several_the_first_is_named(two_days):
    for subject, position in (("test:1", 3), ("test:3", 1), ("test:2", 1)):
        tamper("UPDATE ledger_event SET actor = 'x' WHERE id = %s", [place(subject, position)])
    fault = verify_all().fault
    assert (fault.subject, fault.position) == ("test:2", 1)


def test_a_changed_link_is_named(two_days):
    tamper("UPDATE ledger_event SET previous_hash = repeat('0', 64) WHERE id = %s", [place("test:1", 2)])
    fault = verify_all().fault
    assert (fault.subject, fault.position, fault.problem) == ("test:1", 2, "link")


@pytest.mark.parametrize("position", [1, 2])
def test_a_missing_event_is_named(two_days, position):
    tamper("DELETE FROM ledger_event WHERE id = %s", [place("test:1", position)])
    for report in (verify_all(), verify_subject("test:1")):
        fault = report.fault
        assert (fault.subject, fault.position, fault.problem) == ("test:1", position, "position")


def test_a_deleted_last_event_is_found_by_the_count_of_its_day(two_days):
    tamper("DELETE FROM ledger_event WHERE id = %s", [place("test:1", 3)])
    assert verify_subject("test:1").fault is None
    fault = verify_all().fault
    assert (fault.table, fault.day, fault.problem) == ("audit_daychain", DAY, "events")
    assert (fault.expected, fault.found) == (5, 4)


def test_a_whole_chain_rewritten_with_proper_hashes_is_found_by_its_day(two_days):
    event = Event.objects.get(subject="test:3")
    proper = Event(**{f.attname: getattr(event, f.attname) for f in Event._meta.concrete_fields})
    proper.actor = "user:999"
    own_hash = chain_hash(proper, position=1, previous_hash="")
    tamper("UPDATE ledger_event SET actor = 'user:999', hash = %s WHERE id = %s", [own_hash, event.pk])
    assert verify_subject("test:3").fault is None
    fault = verify_all().fault
    assert (fault.table, fault.day, fault.problem) == ("audit_daychain", DAY, "sum")


@pytest.mark.parametrize(
    "change", ["user_id = 4", "patient_id = 9", "purpose = 'export'", "read_at = read_at - interval '1 s'"]
)
def test_a_changed_reading_is_named(two_days, change):
    number = Reading.objects.order_by("pk").first().pk
    tamper(f"UPDATE audit_reading SET {change} WHERE id = %s", [number])
    fault = verify_all().fault
    assert (fault.table, fault.id, fault.problem) == ("audit_reading", number, "hash")


def test_a_deleted_reading_is_found_by_the_count_of_its_day(two_days):
    tamper("DELETE FROM audit_reading WHERE id = %s", [Reading.objects.order_by("pk").first().pk])
    fault = verify_all().fault
    assert (fault.day, fault.problem, fault.expected, fault.found) == (DAY, "readings", 2, 1)


@pytest.mark.parametrize(
    ("change", "day", "problem"),
    [
        ("UPDATE audit_daychain SET hash = repeat('0', 64) WHERE day = %s", DAY, "sum"),
        ("UPDATE audit_daychain SET previous_hash = repeat('0', 64) WHERE day = %s", NEXT, "link"),
        ("UPDATE audit_daychain SET events = events - 1 WHERE day = %s", NEXT, "events"),
        ("UPDATE audit_daychain SET last_event_id = last_event_id - 1 WHERE day = %s", DAY, "events"),
    ],
)
def test_a_changed_day_is_named(two_days, change, day, problem):
    tamper(change, [day])
    fault = verify_all().fault
    assert (fault.table, fault.day, fault.problem) == ("audit_daychain", day, problem)


def test_a_day_taken_out_is_missed(two_days):
    close(DAY + timedelta(days=3))
    tamper("DELETE FROM audit_daychain WHERE day = %s", [NEXT])
    fault = verify_all().fault
    assert (fault.day, fault.problem) == (DAY + timedelta(days=2), "day")


@pytest.mark.parametrize("table", ["ledger_event", "audit_reading", "audit_daychain"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_the_service_itself(two_days, table, statement):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        before = cursor.fetchone()
    with (
        pytest.raises(DatabaseError, match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == before


# The head that is kept elsewhere


def test_a_kept_head_holds_as_long_as_nothing_is_changed(two_days):
    head = json.loads(json.dumps(take_head(wall_now=NOW)))
    assert head["heads"].keys() == {"test:2"}
    record("test:2", now=NOW + timedelta(days=2))
    close(DAY + timedelta(days=4))
    assert verify_head(head).fault is None


def test_a_kept_head_finds_an_event_deleted_before_its_day_was_closed(two_days):
    head = take_head(wall_now=NOW)
    tamper("DELETE FROM ledger_event WHERE id = %s", [place("test:2", 3)])
    assert verify_all().fault is None
    fault = verify_head(head).fault
    assert (fault.subject, fault.position, fault.problem) == ("test:2", 3, "head")


def test_a_kept_head_finds_a_past_that_was_rewritten_as_a_whole(two_days):
    head = take_head(wall_now=NOW)
    tamper("DELETE FROM ledger_event WHERE id = %s", [place("test:1", 3)])
    tamper("DELETE FROM audit_daychain")
    close(NEXT)
    assert verify_all().fault is None
    fault = verify_head(head).fault
    assert (fault.table, fault.day, fault.problem) == ("audit_daychain", NEXT, "head")


# The commands


def test_the_command_says_how_much_is_whole(two_days):
    said = StringIO()
    call_command("verify_chain", stdout=said)
    assert said.getvalue() == "Whole: 7 events, 3 readings, 2 closed days.\n"
    for option in (["--subject", "test:1"], ["--day", str(DAY)], ["--since", str(NEXT)]):
        call_command("verify_chain", *option, stdout=said)


def test_the_command_names_the_first_broken_row_and_fails(two_days):
    number = place("test:1", 2)
    tamper("UPDATE ledger_event SET actor = 'x' WHERE id = %s", [number])
    with pytest.raises(CommandError) as refusal:
        call_command("verify_chain")
    assert refusal.value.returncode == 1
    assert str(refusal.value) == (
        f"BROKEN: ledger_event row {number}, test:1, position 2: its content is not what was hashed [hash]"
    )
    with pytest.raises(CommandError):
        call_command("verify_chain", "--day", str(DAY))
    call_command("verify_chain", "--since", str(NEXT), stdout=StringIO())


def test_the_head_travels_as_a_file(two_days, tmp_path):
    said, file = StringIO(), tmp_path / "head.json"
    call_command("export_head", stdout=said)
    file.write_text(said.getvalue())
    call_command("verify_chain", "--head", str(file), stdout=StringIO())
    tamper("DELETE FROM ledger_event WHERE id = %s", [place("test:2", 3)])
    with pytest.raises(CommandError, match="test:2, position 3"):
        call_command("verify_chain", "--head", str(file))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 9}'])
def test_a_file_that_is_no_head_is_refused(two_days, tmp_path, content):
    file = tmp_path / "head.json"
    file.write_text(content)
    with pytest.raises(CommandError, match="cannot be read as a head"):
        call_command("verify_chain", "--head", str(file))


def test_an_empty_record_is_whole(db):
    assert verify_all().fault is None
    assert verify_subject("session:nobody").fault is None
    assert verify_head(take_head(wall_now=NOW)).fault is None
    assert verify_day(date(2020, 1, 1)).fault is None
