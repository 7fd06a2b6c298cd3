"""How long to wait for the next timer: never past it, never long, never in circles."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ledger.domain.timing import (
    LONGEST_REST,
    LONGEST_WAIT_S,
    SHORTEST_WAIT_S,
    falls_due_soon,
    rest_after_death,
    rest_after_failure,
    wait_s,
)

NOW = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)
SPEEDS = st.sampled_from([0, 0.5, 1, 60, 3600])
AHEAD = st.floats(min_value=-1e7, max_value=1e7)


@given(AHEAD, SPEEDS)
def test_the_wait_is_bounded_and_ends_when_the_timer_falls_due(ahead_s: float, speed: float) -> None:
    pause_s = wait_s(next_due_at=NOW + timedelta(seconds=ahead_s), now=NOW, speed=speed)
    assert SHORTEST_WAIT_S <= pause_s <= LONGEST_WAIT_S
    if SHORTEST_WAIT_S < pause_s < LONGEST_WAIT_S:
        assert pause_s * speed == pytest.approx(ahead_s, abs=1e-5)


@given(AHEAD, SPEEDS)
def test_whoever_waits_is_woken_for_every_timer_he_might_sleep_through(ahead_s: float, speed: float) -> None:
    due_at = NOW + timedelta(seconds=ahead_s)
    if not falls_due_soon(due_at=due_at, now=NOW, speed=speed):
        assert (due_at - NOW).total_seconds() > LONGEST_WAIT_S * speed


def test_with_nothing_to_wait_for_it_looks_again_soon() -> None:
    assert wait_s(next_due_at=None, now=NOW, speed=1) == LONGEST_WAIT_S
    assert wait_s(next_due_at=NOW + timedelta(days=21), now=NOW, speed=0) == LONGEST_WAIT_S


def test_a_fast_clock_shortens_the_wait() -> None:
    assert wait_s(next_due_at=NOW + timedelta(seconds=12), now=NOW, speed=60) == pytest.approx(0.2)


@given(st.integers(min_value=0, max_value=60))
def test_rests_grow_up_to_a_limit(attempt: int) -> None:
    assert rest_after_failure(attempt) <= rest_after_failure(attempt + 1) <= LONGEST_REST
    assert rest_after_death(attempt) <= rest_after_failure(attempt)
    assert rest_after_death(1) == timedelta(0)
