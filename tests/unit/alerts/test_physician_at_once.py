"""An emergency at home is not first a matter of the nurses' ten minutes: the physician is called with them."""

from datetime import timedelta

import pytest

from apps.alerts.domain.escalation import (
    Hop,
    Level,
    Priority,
    awaits,
    hopped,
    physician_at_once,
    start,
    worsened,
)


@pytest.mark.parametrize("priority", list(Priority))
def test_the_first_call_is_the_physician_s_and_comes_now(priority):
    ladder, hop = physician_at_once(*start(priority))
    assert (ladder.level, ladder.next_level, hop) == (
        Level.NURSES,
        Level.PHYSICIAN,
        Hop(1, Level.PHYSICIAN, timedelta(0)),
    )
    assert awaits(ladder, climb=1, level=Level.PHYSICIAN) and not awaits(
        ladder, climb=1, level=Level.CHARGE_NURSE
    )


def test_nobody_taking_it_leaves_the_ward_as_any_other():
    ladder, _ = physician_at_once(*start(Priority.HIGH))
    ladder, hop = hopped(ladder, Priority.HIGH, anybody=True)
    assert hop is not None and (ladder.level, hop.level) == (Level.PHYSICIAN, Level.FALLBACK)


def test_a_physician_who_was_called_is_not_called_again():
    ladder, _ = physician_at_once(*start(Priority.MEDIUM))
    ladder, _ = hopped(ladder, Priority.MEDIUM, anybody=True)
    worse = worsened(ladder, Priority.HIGH, untaken=True)
    assert physician_at_once(*worse) == worse
