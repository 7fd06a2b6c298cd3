"""A stack without web whose timers ring bells, and what the tests of its timers ask."""

from typing import Any

import psycopg

from tests.conftest import MakeStack
from tests.stack import Stack

SETTINGS = "tests.settings_bells"
_SET = """
    INSERT INTO ledger_timer (kind, subject, occurrence, due_at, priority, payload, state, attempts, last_error)
    SELECT %s, %s || ':' || n, '1', clock_timestamp() + make_interval(secs => %s + random() * %s), 5, '{}',
        'pending', 0, ''
    FROM generate_series(1, %s) AS n
"""


def ringing_stack(make_stack: MakeStack, *more: str, **options: Any) -> Stack:
    """Workers and beats (worker and beat, and what else is named), with a leader at work."""
    stack = make_stack(settings=SETTINGS, **options)
    for name in ("worker", "beat", *more):
        stack.start(name)
    stack.wait_until(lambda: leader(stack), 60, "Nobody led")
    return stack


def set_timers(
    stack: Stack,
    story: str,
    *,
    count: int = 1,
    after_s: float = 0,
    within_s: float = 0,
    kind: str = "bell",
) -> None:
    """Timers with the subjects `<story>:1`, `<story>:2` …, due at random moments from `after_s` on."""
    stack.sql(_SET, (kind, story, after_s, within_s, count))


def rung(stack: Stack, story: str) -> list[int]:
    """How often each bell of a story rang, the silent ones left out."""
    query = "SELECT count(*) AS n FROM ledger_event WHERE subject LIKE %s GROUP BY subject"
    return [row["n"] for row in stack.sql(query, (f"{story}:%",))]


def settled(stack: Stack, story: str) -> bool:
    """Whether nothing of a story is waiting or being done."""
    query = "SELECT 1 FROM ledger_timer WHERE subject LIKE %s AND state IN ('pending', 'claimed') LIMIT 1"
    return not stack.sql(query, (f"{story}:%",))


def lateness_s(stack: Stack, story: str) -> list[float]:
    """Seconds from due to fired, the shortest first."""
    query = """
        SELECT extract(epoch FROM fired_at - due_at)::float AS s FROM ledger_timer
        WHERE subject LIKE %s AND state = 'done' ORDER BY 1
    """
    return [row["s"] for row in stack.sql(query, (f"{story}:%",))]


def leader(stack: Stack) -> int:
    """Process id of the shift that leads now; 0 when there is none."""
    query = """
        SELECT process FROM ledger_heartbeat WHERE kind = 'tick' AND EXISTS (
            SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = 0 AND granted
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
        ORDER BY at DESC LIMIT 1
    """
    rows = stack.sql(query, (0x54494D45,))
    return int(rows[0]["process"].rpartition(":")[2]) if rows else 0


class HeldEffect:
    """While it is open, the bell of a subject cannot finish its effect: its event waits for this one."""

    def __init__(self, stack: Stack, subject: str) -> None:
        self._stack = stack
        self._connection = psycopg.connect(stack.database_url)
        self._connection.execute(
            """
            INSERT INTO ledger_event (name, subject, position, actor, occurred_at, recorded_at, payload,
                previous_hash, hash)
            VALUES ('held', %s, 1, 'test', now(), now(), '{}', '', '')
            """,
            (subject,),
        )

    def wait_reached(self) -> None:
        """Until a handler stands before it, in the middle of its transaction."""
        query = "SELECT 1 FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        holder = self._connection.info.backend_pid
        self._stack.wait_until(
            lambda: self._stack.sql(query, (holder,)), message="No handler came as far as its effect"
        )

    def let_go(self) -> None:
        """Out of the way, without a trace."""
        self._connection.rollback()
        self._connection.close()
