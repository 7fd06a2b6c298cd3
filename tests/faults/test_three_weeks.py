"""A follow-up three weeks away, in a hospital that restarts everything every day."""

import pytest

from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack

DAY_S = 24 * 3600
THREE_WEEKS = 21


@pytest.mark.parametrize("restarts", [3, pytest.param(THREE_WEEKS, marks=pytest.mark.long)])
def test_follow_ups_fall_due_once_each_through_daily_restarts(fresh_stack: Stack, restarts: int) -> None:
    stack = fresh_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, f"weeks-{restarts}")
    nurse.write(
        f"sessions/{session['id']}/complete/",
        {"version": session["version"], "reason": "Short test infusion"},
    )
    checks = [
        row["id"]
        for row in stack.sql(
            "SELECT c.id FROM followups_followupcheck c JOIN infusions_infusionsession s ON s.id = c.session_id"
            " WHERE c.session_id = %s AND c.kind IN ('observation', 'call', 'visit', 'laboratory')"
            " AND c.closes_at < s.ended_at + interval '20 days'",
            (session["id"],),
        )
    ]
    assert checks
    for _ in range(restarts):
        stack.advance_clock(THREE_WEEKS / restarts * DAY_S)
        stack.restart_all()
    for check in checks:
        stack.wait_until(lambda c=check: _happened(stack, c) == [1, 1], 90, f"Check {check} was forgotten")
    late = stack.sql(
        "SELECT late_by_s FROM ledger_timer WHERE kind LIKE 'followup.%%' AND subject = ANY(%s)"
        " AND occurrence = '1'",  # later turns, told one after another, are not what was late
        ([f"check:{check}" for check in checks],),
    )
    assert len(late) == 2 * len(checks) and all(row["late_by_s"] > 0 for row in late)


def _happened(stack: Stack, check: int) -> list[int]:
    """How often it fell due and became overdue."""
    query = "SELECT count(*) AS n FROM ledger_event WHERE subject = %s AND name = %s"
    return [
        stack.sql(query, (f"check:{check}", f"followup.check.{name}"))[0]["n"] for name in ("due", "overdue")
    ]
