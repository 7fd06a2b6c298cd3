"""When the next vital signs are due, cell by cell (clinical facts 3.1)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import Watched, next_observation_due
from tests.bedside import START

LEVELS = ("none", "low", "single", "urgent", "emergency")


@pytest.fixture(scope="session")
def policy(guidelines):
    """The shipped schedule."""
    [schedule] = guidelines.observation_schedules
    return schedule


def minute(count):
    return None if count is None else START + timedelta(minutes=count)


def due(policy, observed, *, ended=None, level="none", watch=60):
    """The minute at which the next set is due after one taken in minute `observed`."""
    watched = Watched(
        started_at=START,
        ended_at=minute(ended),
        watch_minutes_after=watch,
        observed_at=minute(observed),
        score_level=level,
    )
    at = next_observation_due(policy, watched)
    return None if at is None else (at - START).total_seconds() / 60


@pytest.mark.parametrize(
    ("observed", "expected"),
    [(0, 15), (14, 29), (30, 45), (45, 60), (45.5, 75.5), (46, 76), (60, 90), (90, 120), (600, 630)],
)
def test_every_quarter_of_an_hour_in_the_first_hour_then_every_half(policy, observed, expected):
    assert due(policy, observed) == expected


# level: minutes after a set in the first hour, minutes after one later on
BY_SCORE = {"none": (15, 30), "low": (15, 30), "single": (15, 15), "urgent": (15, 15), "emergency": (5, 5)}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(("phase", "observed"), [(0, 20), (1, 120)])
def test_a_worse_score_asks_sooner(policy, level, phase, observed):
    assert due(policy, observed, level=level) == observed + BY_SCORE[level][phase]


# An infusion that ended in minute 100: the minute of the newest set, the next due one when watched for an hour, and
# when watched for twenty minutes. A set up to five minutes before a point stands for it.
AFTER_THE_END = [
    (90, 100, 100),
    (94.9, 100, 100),
    (95, 120, 120),
    (100, 120, 120),
    (101, 120, 120),
    (114.9, 120, 120),
    (115, 160, None),
    (120, 160, None),
    (140, 160, None),
    (154.9, 160, None),
    (155, None, None),
    (160, None, None),
    (161, None, None),
    (300, None, None),
]


@pytest.mark.parametrize(("observed", "an_hour", "twenty_minutes"), AFTER_THE_END)
def test_at_the_end_and_twenty_and_sixty_minutes_after_it(policy, observed, an_hour, twenty_minutes):
    assert due(policy, observed, ended=100, watch=60) == an_hour
    assert due(policy, observed, ended=100, watch=20) == twenty_minutes


@pytest.mark.parametrize(
    ("level", "after"),
    [("none", None), ("low", None), ("single", 15), ("urgent", 15), ("emergency", 5)],
)
def test_nobody_is_let_go_by_the_clock_while_the_score_is_bad(policy, level, after):
    assert due(policy, 160, ended=100, level=level) == (None if after is None else 160 + after)
    assert due(policy, 120, ended=100, level=level) == (160 if after is None else 120 + after)
    assert due(policy, 152, ended=100, level=level) == min(160, 152 + (after or 60))


@given(
    observed=st.integers(0, 600),
    ended=st.none() | st.integers(0, 600),
    levels=st.lists(st.sampled_from(LEVELS), min_size=2, max_size=2),
)
def test_a_worse_score_never_asks_later(policy, observed, ended, levels):
    better, worse = sorted(levels, key=LEVELS.index)
    sooner = due(policy, observed, ended=ended, level=worse)
    later = due(policy, observed, ended=ended, level=better)
    assert later is None or (sooner is not None and sooner <= later)


@given(observed=st.integers(0, 600), later=st.integers(0, 60), level=st.sampled_from(LEVELS))
def test_while_it_runs_the_next_set_is_always_asked_for_and_never_in_the_past(policy, observed, later, level):
    first, second = due(policy, observed, level=level), due(policy, observed + later, level=level)
    assert first is not None and second is not None
    assert observed < first <= observed + 30
    assert first <= second, "a later set never brings the next one forward"
