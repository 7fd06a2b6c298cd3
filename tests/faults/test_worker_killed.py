"""kill -9 in the middle of a timer's effect: the step is asked for once, after the restart."""

import psycopg

from tests.clients import ApiClient
from tests.flow.steps import board_row, running_infusion, ward_id
from tests.stack import Stack

HALF_HOUR_S = 30 * 60


def test_a_worker_killed_between_effect_and_commit_loses_and_doubles_nothing(fresh_stack: Stack) -> None:
    stack = fresh_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "kill-1")
    subject = f"session:{session['id']}"

    with psycopg.connect(stack.database_url) as blocker:
        # The handler has changed the session and recorded its event; numbering the board's message, the last
        # step before its commit, waits for this lock.
        blocker.execute("SELECT 1 FROM ledger_wardsequence WHERE ward_id = %s FOR UPDATE", (ward_id(nurse),))
        stack.advance_clock(HALF_HOUR_S)
        stack.wait_until(lambda: _waits_for_a_lock(stack), message="No handler reached its commit")
        assert _asked(stack, subject) == 0
        stack.kill("worker")
        blocker.rollback()
    assert _asked(stack, subject) == 0

    stack.start("worker")
    stack.wait_until(lambda: _asked(stack, subject) == 1, 90, "The step was lost")
    stack.wait_until(lambda: _settled(stack), 90, "Timers stayed open")
    assert _asked(stack, subject) == 1
    row = board_row(nurse, ward_id(nurse), subject)
    assert row is not None and row["next"]["asked"]


def test_two_workers_and_two_beats_ask_once(fresh_stack: Stack) -> None:
    stack = fresh_stack
    stack.start("worker-2")
    stack.start("beat-2")
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    sessions = [running_infusion(stack, nurse, physician, f"twice-{n}") for n in range(5)]
    stack.advance_clock(HALF_HOUR_S)
    for session in sessions:
        stack.wait_until(
            lambda s=session: _asked(stack, f"session:{s['id']}") >= 1, message="A step was lost"
        )
    stack.wait_until(lambda: _settled(stack), 60, "Timers stayed open")
    assert [_asked(stack, f"session:{session['id']}") for session in sessions] == [1] * 5


def _asked(stack: Stack, subject: str) -> int:
    query = "SELECT count(*) AS n FROM ledger_event WHERE subject = %s AND name = 'infusion.step.due'"
    return int(stack.sql(query, (subject,))[0]["n"])


def _waits_for_a_lock(stack: Stack) -> bool:
    query = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    return bool(stack.sql(query))


def _settled(stack: Stack) -> bool:
    return not stack.sql("SELECT 1 FROM ledger_timer WHERE state = 'claimed'")
