"""Going up a plan: the next step, and how far one may skip."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import lay_out, next_step, reachable_step
from tests.unit.infusions.plans import plan_of
from tests.unit.infusions.test_rate_plan import START


@pytest.fixture
def plan(guidelines):
    """The Norwegian plan at 60 kg: 30, 60, 120, 240, 360 mL/h; 30, 5, 5, 5 min."""
    return plan_of(guidelines, "kiovig")


@pytest.mark.parametrize(
    ("running", "index"), [("0", 0), ("15", 0), ("30", 1), ("45", 1), ("239", 3), ("240", 4), ("360", None)]
)
def test_the_next_step_is_the_first_above_what_runs(plan, running, index):
    step = next_step(plan, Decimal(running))
    assert (step.index if step else None) == index


@pytest.mark.parametrize(
    ("at", "minutes", "reachable"),
    [
        (0, 0, 0),
        (0, 29, 0),
        (0, 30, 1),
        (0, 34, 1),
        (0, 35, 2),
        (0, 40, 3),
        (0, 45, 4),
        (0, 600, 4),
        (1, 4, 1),
        (1, 5, 2),
        (1, 10, 3),
        (4, 60, 4),
        (-1, 29, -1),
        (-1, 30, 0),
        (-1, 60, 1),
    ],
)
def test_a_step_may_be_skipped_when_its_time_has_passed_too(plan, at, minutes, reachable):
    assert reachable_step(plan, step_index=at, minutes_at_step=minutes) == reachable


@given(waits=st.lists(st.integers(0, 90), min_size=1, max_size=12), data=st.data())
def test_whoever_skips_is_never_ahead_of_the_plan(guidelines, waits, data):
    """However long each step is waited for, and however far is skipped: no minute runs faster than the plan's."""
    plan = plan_of(guidelines, "bivigam", table="bivigam_label", volume_ml="10000")
    begins = {one.step.index: one.planned_start for one in lay_out(plan, START)}
    now, index = START, 0
    for wait in waits:
        now += timedelta(minutes=wait)
        highest = reachable_step(plan, step_index=index, minutes_at_step=wait)
        assert highest >= index
        index = data.draw(st.integers(index, highest))
        assert begins[index] <= now


def test_what_runs_below_the_first_step_goes_on_with_the_first(plan):
    assert lay_out(plan, START, first_step_index=-1) == lay_out(plan, START)


def test_a_start_higher_up_takes_the_rest_of_the_plan(plan):
    laid_out = lay_out(plan, START, first_step_index=3)
    assert [one.step.index for one in laid_out] == [3, 4]
    assert [str(one.given_ml) for one in laid_out] == ["20.0", "240.0"]
    assert laid_out[-1].planned_end == START + timedelta(minutes=5, seconds=60 * 220 / 6)
