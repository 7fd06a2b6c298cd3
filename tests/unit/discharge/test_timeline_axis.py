"""A timeline is a width: moments keep their order on it, and nothing falls off its ends."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from apps.followups.domain.axis import Axis, axis_over

OSLO = ZoneInfo("Europe/Oslo")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


def test_it_begins_at_midnight_of_the_ward_and_ends_half_a_day_after_the_last_moment():
    axis = axis_over([START + timedelta(days=3), START], OSLO)
    assert axis.from_at == datetime(2026, 3, 2, 0, 0, tzinfo=OSLO)
    assert axis.to_at == START + timedelta(days=3, hours=12)


@given(st.lists(moments, min_size=1, max_size=9), moments, moments)
def test_later_is_never_further_left_and_all_stays_on_the_drawing(on_it, one, other):
    axis = axis_over(on_it, OSLO)
    assert 0 <= axis.place(one) <= 100
    assert (axis.place(one) <= axis.place(other)) or one > other
    assert all(axis.holds(moment) for moment in on_it)


@given(st.lists(moments, min_size=1, max_size=9))
def test_ticks_are_midnights_and_at_most_seven(on_it):
    ticks = axis_over(on_it, OSLO).ticks(OSLO)
    assert 1 <= len(ticks) <= 7
    assert all((tick.hour, tick.minute) == (0, 0) for tick in ticks)


def test_a_tick_stays_at_midnight_when_the_clocks_change():
    axis = Axis(datetime(2026, 3, 27, 0, 0, tzinfo=OSLO), datetime(2026, 4, 1, 0, 0, tzinfo=OSLO))
    assert {tick.hour for tick in axis.ticks(OSLO)} == {0}
