"""Whoever dies or hangs, each timer has one effect, and soon."""

import os
import signal

import pytest

from tests.conftest import MakeStack
from tests.faults.bells import HeldEffect, leader, ringing_stack, rung, set_timers, settled


def test_pool_children_killed_between_effect_and_commit_loses_and_doubles_nothing(
    make_stack: MakeStack,
) -> None:
    stack = ringing_stack(make_stack)
    held = HeldEffect(stack, "killed:1")
    set_timers(stack, "killed")
    held.wait_reached()
    for pid in stack.worker_pids()[1:]:
        os.kill(pid, signal.SIGKILL)
    held.let_go()
    stack.wait_until(lambda: settled(stack, "killed"), 60, "The timer stayed open")
    assert rung(stack, "killed") == [1]
    tried = stack.sql("SELECT attempts FROM ledger_timer WHERE subject = 'killed:1'")[0]["attempts"]
    assert tried >= 2


def test_both_beats_killed_timers_go_on_firing_from_one_shift_to_the_next(make_stack: MakeStack) -> None:
    stack = ringing_stack(make_stack, "beat-2")
    stack.kill("beat")
    set_timers(stack, "one", count=5, within_s=2)
    stack.kill("beat-2")
    set_timers(stack, "none", count=30, after_s=1, within_s=27)
    stack.wait_until(lambda: settled(stack, "one") and settled(stack, "none"), 90, "Timers waited for beat")
    assert rung(stack, "one") == [1] * 5 and rung(stack, "none") == [1] * 30
    assert (
        stack.sql("SELECT count(DISTINCT process) AS n FROM ledger_heartbeat WHERE kind = 'tick'")[0]["n"]
        >= 2
    )


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.long)])
def test_many_timers_due_in_one_second_ring_once_though_a_worker_is_killed(
    make_stack: MakeStack, count: int
) -> None:
    stack = ringing_stack(make_stack, "worker-2", "beat-2")
    set_timers(stack, "many", count=count, after_s=1, within_s=1)
    stack.wait_until(lambda: len(rung(stack, "many")) > count / 10, 60, "No timer fired")
    stack.kill("worker")
    stack.wait_until(lambda: settled(stack, "many"), 60 + count / 25, "Timers were lost")
    assert rung(stack, "many") == [1] * count


def test_a_leader_that_hangs_is_replaced_and_wakes_up_to_do_nothing_twice(make_stack: MakeStack) -> None:
    stack = ringing_stack(make_stack)
    hung = leader(stack)
    os.kill(hung, signal.SIGSTOP)
    try:
        set_timers(stack, "hung", count=20, within_s=5)
        stack.wait_until(lambda: settled(stack, "hung"), 60, "A shift that hangs held up the timers")
        # PostgreSQL ends a shift of which it hears nothing for 15 s.
        stack.wait_until(lambda: leader(stack) not in (0, hung), 90, "Nobody else led")
    finally:
        os.kill(hung, signal.SIGCONT)
    set_timers(stack, "after", count=20, within_s=2)
    stack.wait_until(lambda: settled(stack, "after"), 60, "Timers were lost")
    assert rung(stack, "hung") == [1] * 20 and rung(stack, "after") == [1] * 20


def test_a_handler_that_waits_holds_up_nobody_else(make_stack: MakeStack) -> None:
    stack = ringing_stack(make_stack)
    held = HeldEffect(stack, "waits:1")
    set_timers(stack, "waits")
    held.wait_reached()
    set_timers(stack, "others", count=20, within_s=1)
    stack.wait_until(lambda: settled(stack, "others"), 60, "All waited for one")
    assert rung(stack, "others") == [1] * 20 and rung(stack, "waits") == []
    held.let_go()
    stack.wait_until(lambda: settled(stack, "waits"), 60, "The timer stayed open")
    assert rung(stack, "waits") == [1]


@pytest.mark.long
def test_timers_fire_while_redis_is_away(make_stack: MakeStack) -> None:
    stack = ringing_stack(make_stack)
    stack.kill("valkey")
    set_timers(stack, "away", count=30, within_s=30)
    stack.wait_until(lambda: settled(stack, "away"), 90, "Timers waited for Redis")
    assert rung(stack, "away") == [1] * 30
    stack.start("valkey")
    set_timers(stack, "back", count=5, within_s=1)
    stack.wait_until(lambda: settled(stack, "back"), 60, "Timers were lost after Redis came back")
    assert rung(stack, "back") == [1] * 5
