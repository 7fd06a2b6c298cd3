"""When a screen is locked: after its time without a touch, and from then on until somebody opens it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from apps.devices.domain.locking import Screen, idle_seconds

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LIMIT = timedelta(minutes=5)


def screen(idle: timedelta, locked_at: datetime | None = None, limit: timedelta = LIMIT) -> Screen:
    return Screen(touched_at=NOW - idle, locked_at=locked_at, limit=limit)


def test_a_screen_is_open_for_its_time_and_locked_after_it():
    assert not screen(LIMIT).is_locked(NOW)
    assert screen(LIMIT + timedelta(seconds=1)).is_locked(NOW)


def test_a_locked_screen_stays_locked_however_lately_it_was_touched():
    assert screen(timedelta(0), locked_at=NOW).is_locked(NOW)


def test_without_a_limit_nothing_is_locked():
    assert not screen(timedelta(days=9), locked_at=NOW, limit=timedelta(0)).is_locked(NOW)


def test_a_clock_that_went_back_locks_nobody_out():
    assert not screen(timedelta(hours=-1)).is_locked(NOW)


@given(st.timedeltas(timedelta(0), LIMIT), st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_a_touch_is_never_written_into_the_future_nor_backwards(idle, said):
    known = screen(idle)
    touched = known.note(NOW, said)
    assert touched is None or known.touched_at < touched <= NOW


def test_only_whole_seconds_are_read_as_idleness():
    assert idle_seconds("90") == timedelta(seconds=90)
    for text in (None, "", "-1", "1.5", "nan", "1e3", "۹", "9" * 10):
        assert idle_seconds(text) is None, text
