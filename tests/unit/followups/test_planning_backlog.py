"""After an outage: most urgent first, and no storm of calls."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.followups.domain import LateCheck, turns
from apps.followups.domain.backlog import AT_ONCE
from apps.followups.domain.calling_hours import in_calling_hours
from tests.unit.followups.pictures import OSLO, local

NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
EVERY = timedelta(minutes=10)
LONG = timedelta(days=30)


def late(number, *, urgent=False, until=NOON + LONG):
    return LateCheck(number, urgent, NOON - timedelta(hours=5), until)


def calling(guidelines):
    return next(one for one in guidelines.calling_hours if one.kind == "call")


def given_turns(checks, guidelines, now=NOON, taken=0):
    return turns(checks, now=now, taken=taken, every=EVERY, hours=calling(guidelines), zone=OSLO)


def test_a_ward_that_missed_a_few_is_asked_for_all_of_them(guidelines):
    granted = given_turns([late(number) for number in range(AT_ONCE)], guidelines)
    assert set(granted.values()) == {NOON}


def test_many_come_one_after_another_the_soonest_to_close_first(guidelines):
    checks = [late(number, until=NOON + LONG - timedelta(hours=number)) for number in range(20)]
    granted = given_turns(checks, guidelines)
    in_order = sorted(granted, key=lambda number: (granted[number], -number))
    assert in_order == list(reversed(range(20)))
    assert sorted(granted.values())[AT_ONCE:] == [NOON + EVERY * n for n in range(1, 20 - AT_ONCE + 1)]


def test_who_came_a_moment_ago_counts(guidelines):
    granted = given_turns([late(1), late(2)], guidelines, taken=AT_ONCE)
    assert sorted(granted.values()) == [NOON + EVERY, NOON + 2 * EVERY]


def test_at_night_only_what_is_urgent_is_asked(guidelines):
    night = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    granted = given_turns([late(1), late(2, urgent=True)], guidelines, now=night)
    assert granted[2] == night
    assert local(granted[1]) == "2026-03-02 08:00"


def test_a_line_that_reaches_the_evening_goes_on_in_the_morning(guidelines):
    evening = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
    granted = given_turns([late(number) for number in range(AT_ONCE + 4)], guidelines, now=evening)
    assert local(max(granted.values())) == "2026-03-03 08:00"


@given(
    checks=st.lists(
        st.builds(
            lambda urgent, closes: (urgent, NOON + timedelta(hours=closes)),
            st.booleans(),
            st.integers(-48, 400),
        ),
        max_size=60,
    ),
    hour=st.integers(0, 23),
    taken=st.integers(0, 20),
)
def test_urgent_never_waits_and_nobody_waits_past_the_end_of_their_window(guidelines, checks, hour, taken):
    now = NOON + timedelta(hours=hour)
    rows = [late(number, urgent=urgent, until=until) for number, (urgent, until) in enumerate(checks)]
    granted = given_turns(rows, guidelines, now=now, taken=taken)
    assert set(granted) == {row.number for row in rows}
    for row in rows:
        turn = granted[row.number]
        assert turn >= now
        assert not row.urgent or turn == now
        assert turn <= max(now, row.until)
        if now < turn < row.until:
            assert in_calling_hours(turn, calling(guidelines), OSLO)
