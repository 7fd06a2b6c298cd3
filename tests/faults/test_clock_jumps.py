"""The machine's clock is put forward and back two hours while everything runs."""

from tests.conftest import MakeStack
from tests.faults.bells import lateness_s, ringing_stack, rung, set_timers, settled
from tests.stack import Stack

TWO_HOURS_S = 2 * 3600
HOUR_S = 3600


def test_a_clock_put_forward_fires_what_is_overdue_once_and_says_that_it_was_late(
    make_stack: MakeStack,
) -> None:
    stack = ringing_stack(make_stack, shifted_clock=True)
    set_timers(stack, "soon", count=10, after_s=HOUR_S)
    stack.shift_real_time(TWO_HOURS_S)
    stack.wait_until(lambda: settled(stack, "soon"), 60, "Overdue timers did not fire")
    assert rung(stack, "soon") == [1] * 10
    marks = stack.sql("SELECT late_by_s FROM ledger_timer WHERE starts_with(subject, 'soon:')")
    assert all(HOUR_S - 60 < mark["late_by_s"] < HOUR_S + 600 for mark in marks)
    _still_works(stack, TWO_HOURS_S, "forward")


def test_a_clock_put_back_strands_neither_claims_nor_rests_nor_beat(make_stack: MakeStack) -> None:
    stack = ringing_stack(make_stack, shifted_clock=True)
    set_timers(stack, "broken", kind="cracked bell")
    resting = "SELECT 1 FROM ledger_timer WHERE subject = 'broken:1' AND retry_at IS NOT NULL"
    stack.wait_until(lambda: stack.sql(resting), message="The broken bell did not fail")
    stack.shift_real_time(-TWO_HOURS_S)
    tried = "SELECT max(attempts) AS n FROM ledger_timer WHERE subject = 'broken:1'"
    stack.sql("UPDATE ledger_timer SET due_at = due_at - interval '3 hours' WHERE subject = 'broken:1'")
    before = stack.sql(tried)[0]["n"]
    stack.wait_until(lambda: stack.sql(tried)[0]["n"] > before, 60, "The broken bell rests for two hours")
    _still_works(stack, -TWO_HOURS_S, "back")
    # Everybody who worked is gone: only beat can call the next shift.
    stack.kill("worker")
    stack.start("worker")
    _still_works(stack, -TWO_HOURS_S, "later")


def _still_works(stack: Stack, shift_s: float, story: str) -> None:
    """Timers due now by the shifted clock fire in time."""
    set_timers(stack, story, count=10, after_s=shift_s, within_s=1)
    stack.wait_until(lambda: settled(stack, story), 60, f"Timers no longer fire ({story})")
    assert rung(stack, story) == [1] * 10
    assert len(lateness_s(stack, story)) == 10
