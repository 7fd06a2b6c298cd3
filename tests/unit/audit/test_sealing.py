"""A seal changes with anything that it seals."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.collecting import Seen, gathering, note_read, note_ward_read
from apps.audit.domain import DaySum, reading_hash

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TOLD = {
    "kind": "patients:list",
    "patient_id": 7,
    "ward_id": 1,
    "purpose": "care",
    "request_id": "r",
    "address": "10.0.0.1",
    "device": "d",
}
HASHES = st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), max_size=6)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "courses:detail"},
        {"patient_id": 8},
        {"patient_id": None},
        {"ward_id": 2},
        {"purpose": "export"},
        {"request_id": ""},
        {"address": "10.0.0.2"},
        {"device": ""},
    ],
    ids=lambda change: "-".join(f"{name}={value}" for name, value in change.items()),
)
def test_nothing_a_reading_says_can_change_unseen(change):
    assert reading_hash(user_id=3, read_at=AT, told=TOLD | change) != reading_hash(
        user_id=3, read_at=AT, told=TOLD
    )


def test_nor_who_it_was_or_when():
    proper = reading_hash(user_id=3, read_at=AT, told=TOLD)
    assert reading_hash(user_id=4, read_at=AT, told=TOLD) != proper
    assert reading_hash(user_id=3, read_at=AT + timedelta(microseconds=1), told=TOLD) != proper


def test_the_same_moment_in_another_zone_is_the_same_reading():
    elsewhere = AT.astimezone(timezone(timedelta(hours=3, minutes=30)))
    assert reading_hash(user_id=3, read_at=elsewhere, told=TOLD) == reading_hash(
        user_id=3, read_at=AT, told=TOLD
    )


def _sum(events, readings, *, previous="", day=date(2026, 3, 2)):
    whole = DaySum(previous, day)
    for number, own_hash in enumerate(events, 1):
        whole.add_event(number, own_hash)
    for number, own_hash in enumerate(readings, 1):
        whole.add_reading(number, own_hash)
    return whole.digest()


@given(events=HASHES, readings=HASHES)
def test_a_day_with_a_row_less_more_or_swapped_has_another_sum(events, readings):
    proper = _sum(events, readings)
    assert _sum([*events, "beef"], readings) != proper
    assert _sum(events, [*readings, "beef"]) != proper
    if events:
        assert _sum(events[:-1], readings) != proper
        assert _sum(events[1:], readings) != proper
        assert _sum(events[:-1], [*readings, events[-1]]) != proper
    assert _sum(events, readings, previous="0") != proper
    assert _sum(events, readings, day=date(2026, 3, 3)) != proper


# What is gathered while a request is answered


def test_a_ward_seen_as_a_whole_tells_its_patients_too():
    with gathering() as seen:
        note_read(patient_id=1, ward_id=5)
        note_read(patient_id=2, ward_id=6)
        note_read(patient_id=2, ward_id=6)
        note_ward_read(ward_id=5)
    assert (seen.singly(), seen.wards) == ({2: 6}, {5})


def test_outside_of_a_request_nothing_is_gathered():
    note_read(patient_id=1, ward_id=5)
    with gathering() as seen:
        pass
    assert seen == Seen()
