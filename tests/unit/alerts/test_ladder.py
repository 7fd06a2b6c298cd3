"""An alert climbs one level at a time, never after it was taken, and no call is made twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.alerts.domain.escalation import (
    REPEATS,
    WAITS,
    Hop,
    Ladder,
    Level,
    Priority,
    awaits,
    hopped,
    late_since,
    start,
    taken,
    worsened,
)

MILDEST_FIRST = [Priority.LOW, Priority.MEDIUM, Priority.HIGH]


@pytest.mark.parametrize("priority", list(Priority))
def test_from_the_nurses_to_the_outside_by_the_policys_times(priority):
    ladder, hop = start(priority)
    reached, waits = [ladder.level], []
    while hop and ladder.level != Level.FALLBACK:
        waits.append(hop.wait)
        ladder, hop = hopped(ladder, priority, anybody=True)
        reached.append(ladder.level)
    assert reached == list(Level)
    assert tuple(waits) == WAITS[priority]
    assert (hop and hop.wait) == REPEATS.get(priority)


def test_of_a_high_alert_nobody_takes_the_top_is_called_every_hour():
    ladder = Ladder(climb=1, level=Level.PHYSICIAN, next_level=Level.FALLBACK)
    for climb in (2, 3, 4):
        ladder, hop = hopped(ladder, Priority.HIGH, anybody=True)
        assert hop == Hop(climb, Level.FALLBACK, timedelta(hours=1))
        assert awaits(ladder, climb=hop.climb, level=hop.level)
        assert not awaits(taken(ladder), climb=hop.climb, level=hop.level)


@pytest.mark.parametrize("priority", [Priority.MEDIUM, Priority.LOW])
def test_a_milder_one_is_left_at_the_top(priority):
    ladder = Ladder(climb=1, level=Level.PHYSICIAN, next_level=Level.FALLBACK)
    assert hopped(ladder, priority, anybody=True) == (Ladder(1, Level.FALLBACK, None), None)


@pytest.mark.parametrize(
    ("minutes", "is_late"), [(-1, False), (0, False), (5, False), (5.01, True), (600, True)]
)
def test_more_than_five_minutes_after_it_was_due_an_alert_says_so(minutes, is_late):
    due_at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    found = late_since(due_at, due_at + timedelta(minutes=minutes))
    assert found == (due_at if is_late else None)
    assert late_since(None, due_at) is None


def test_more_urgent_never_waits_longer():
    for urgent, milder in ((Priority.HIGH, Priority.MEDIUM), (Priority.MEDIUM, Priority.LOW)):
        assert all(one < other for one, other in zip(WAITS[urgent], WAITS[milder], strict=True))


def test_where_nobody_works_the_next_level_is_called_at_once():
    ladder, _ = start(Priority.HIGH)
    ladder, hop = hopped(ladder, Priority.HIGH, anybody=False)
    assert hop == Hop(1, Level.PHYSICIAN, timedelta(0))


def test_worse_while_untaken_nobody_who_was_called_is_let_off():
    ladder = Ladder(climb=1, level=Level.PHYSICIAN, next_level=Level.FALLBACK)
    moved, hop = worsened(ladder, Priority.HIGH, untaken=True)
    assert (moved.level, hop) == (Level.PHYSICIAN, Hop(2, Level.FALLBACK, WAITS[Priority.HIGH][2]))


def test_worse_at_the_top_the_top_is_called_again():
    ladder = Ladder(climb=1, level=Level.FALLBACK, next_level=None)
    moved, hop = worsened(ladder, Priority.HIGH, untaken=True)
    assert awaits(moved, climb=hop.climb, level=hop.level) and hop.level == Level.FALLBACK


@given(st.integers(1, 5), st.sampled_from(list(Level)), st.integers(1, 6), st.sampled_from(list(Level)))
def test_only_the_hop_that_comes_next_is_made(climb, following, asked_climb, asked_level):
    ladder = Ladder(climb, Level.NURSES, following)
    assert awaits(ladder, climb=asked_climb, level=asked_level) is (
        (asked_climb, asked_level) == (climb, following)
    )
    assert not awaits(taken(ladder), climb=asked_climb, level=asked_level)


class Climbing(RuleBasedStateMachine):
    """Any order of raising, repeating, taking and timers; timers may come late, twice and out of order."""

    @initialize(priority=st.sampled_from(MILDEST_FIRST))
    def raised(self, priority):
        self.priority, self.untaken = priority, True
        self.ladder, hop = start(priority)
        self.timers, self.made = [hop], []
        self.lowest = Level.NURSES

    @precondition(lambda self: self.priority is not Priority.HIGH)
    @rule(data=st.data())
    def becomes_more_urgent(self, data):
        rank = MILDEST_FIRST.index(self.priority)
        self.priority = data.draw(st.sampled_from(MILDEST_FIRST[rank + 1 :]))
        before = self.ladder.level
        self.ladder, hop = worsened(self.ladder, self.priority, untaken=self.untaken)
        self.lowest = before if self.untaken else Level.NURSES
        self.untaken = True
        self.timers.append(hop)

    @precondition(lambda self: not self.untaken)
    @rule(priority=st.sampled_from(MILDEST_FIRST))
    def becomes_milder_after_it_was_taken(self, priority):
        self.priority = min(self.priority, priority, key=MILDEST_FIRST.index)

    @rule()
    def is_taken(self):
        self.ladder, self.untaken = taken(self.ladder), False

    @rule(data=st.data(), anybody=st.booleans())
    def a_timer_fires(self, data, anybody):
        hop = data.draw(st.sampled_from(self.timers))
        if not awaits(self.ladder, climb=hop.climb, level=hop.level):
            return
        assert self.untaken, "called although somebody has it"
        before = self.ladder.level
        self.ladder, following = hopped(self.ladder, self.priority, anybody=anybody)
        assert self.ladder.level == hop.level >= before
        assert self.ladder.level - before <= 1, "a level was left out"
        self.made.append((hop.climb, hop.level))
        if following:
            self.timers.append(following)

    @invariant()
    def each_call_is_made_once_and_levels_only_rise(self):
        assert len(self.made) == len(set(self.made))
        assert self.ladder.level >= self.lowest

    @invariant()
    def an_untaken_alert_waits_for_a_timer_or_everybody_was_called(self):
        if self.untaken:
            waiting = self.ladder.next_level is not None
            assert waiting or self.ladder.level == Level.FALLBACK
            if waiting:
                assert any(awaits(self.ladder, climb=hop.climb, level=hop.level) for hop in self.timers)


TestClimbing = Climbing.TestCase
