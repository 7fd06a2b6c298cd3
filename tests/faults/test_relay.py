"""The relay killed or hung between commit and publish, and messages whose numbers come out of turn."""

import os
import signal

import psycopg

from tests.board_feed import BoardFeed
from tests.clients import ApiClient
from tests.flow.steps import running_infusion, ward_id
from tests.stack import Stack, wait_until

RELAY_LOCK = 0x49564947


def test_a_killed_and_a_hung_relay_are_replaced_and_nothing_is_lost_or_doubled(module_stack: Stack) -> None:
    stack = module_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "relay-1")["id"]
    ward = ward_id(nurse)
    with BoardFeed(stack, nurse, ward) as board:
        wait_until(lambda: board.cursor == _last(stack, ward), 30, "Not up to date", lambda: [board.state()])

        relay = _stopped_relay(stack)  # it cannot publish what is committed now
        with psycopg.connect(stack.database_url) as writer:
            _number_message(writer, ward)
        assert _unsent(stack) >= 1  # the ward's own timers may have spoken, too
        os.kill(relay, signal.SIGKILL)
        stack.wait_until(lambda: _unsent(stack) == 0, 60, "No relay took over from the killed one")
        assert _at_work(stack) != relay

        # A hung one keeps its connection and its lock, until PostgreSQL ends the silent session.
        hung = _stopped_relay(stack)
        try:
            _measure(nurse, session, 102)
            stack.wait_until(lambda: _unsent(stack) == 0, 60, "No relay took over from the hung one")
            assert _at_work(stack) != hung
        finally:
            os.kill(hung, signal.SIGKILL)

        wait_until(lambda: board.cursor == _last(stack, ward), 30, "Missed", lambda: [board.state()])
        board.assert_in_order()
        row, _ = board.wait_for_row(f"session:{session}")
        assert row["last_vitals"]["pulse_per_min"] == "102"


def test_a_commit_slower_than_later_ones_is_missed_by_nobody(module_stack: Stack) -> None:
    stack = module_stack
    nurse, physician, other = (ApiClient(stack, name) for name in ("nurse", "physician", "nurse2"))
    session = running_infusion(stack, nurse, physician, "relay-2")["id"]
    ward, slow_ward = ward_id(nurse), ward_id(other)
    with (
        BoardFeed(stack, nurse, ward) as board,
        BoardFeed(stack, other, slow_ward) as slow_board,
        psycopg.connect(stack.database_url) as slow,
    ):
        # The slow one has taken the lower outbox id, and its ward's number, before the fast ones commit.
        number = _number_message(slow, slow_ward)
        for pulse in range(90, 95):
            _measure(nurse, session, pulse)
        wait_until(lambda: board.cursor == _last(stack, ward), 30, "Held up", lambda: [board.state()])
        stack.wait_until(lambda: _unsent(stack) == 0, 60, "Held up by a message that is not committed")
        assert slow_board.cursor < number
        slow.commit()
        wait_until(lambda: slow_board.cursor >= number, 30, "Missed", lambda: [slow_board.state()])
        assert number in slow_board.pushed[-1]
        stack.wait_until(lambda: _unsent(stack) == 0, 60, "The slow message was never sent")
        for each in (board, slow_board):
            each.assert_in_order()


def test_a_long_backlog_does_not_delay_what_comes_after(module_stack: Stack) -> None:
    stack = module_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "relay-3")["id"]
    ward = ward_id(nurse)
    stack.stop("worker", signal.SIGKILL)
    with psycopg.connect(stack.database_url) as writer:
        for _ in range(3000):
            _number_message(writer, ward)
    with BoardFeed(stack, nurse, ward) as board:
        stack.start("worker")
        _measure(nurse, session, 111)
        stack.wait_until(lambda: _unsent(stack) == 0, 60, "The backlog stayed")
        _measure(nurse, session, 112)
        board.wait_for_row(f"session:{session}", lambda row: row["last_vitals"]["pulse_per_min"] == "112")
        wait_until(lambda: board.cursor == _last(stack, ward), 30, "Missed", lambda: [board.state()])
        board.assert_in_order()


def _measure(nurse: ApiClient, session: int, pulse: int) -> None:
    nurse.write(f"sessions/{session}/observations/", {"pulse_per_min": str(pulse)})


def _number_message(connection: "psycopg.Connection[tuple[int, ...]]", ward: int) -> int:
    """Number and store a message as a unit of work does, without committing it."""
    row = connection.execute(
        """INSERT INTO ledger_wardsequence (ward_id, last_sequence) VALUES (%s, 1)
        ON CONFLICT (ward_id) DO UPDATE SET last_sequence = ledger_wardsequence.last_sequence + 1
        RETURNING last_sequence""",
        (ward,),
    ).fetchone()
    assert row is not None
    connection.execute(
        """INSERT INTO ledger_outboxmessage (ward_id, sequence, payload, created_at)
        VALUES (%s, %s, jsonb_build_object('type', 'row', 'sequence', %s::int, 'row',
            jsonb_build_object('row_id', 'trial:1', 'sequence', %s::int, 'removed', true)), now())""",
        (ward, row[0], row[0], row[0]),
    )
    connection.execute("NOTIFY ivig_outbox")
    return row[0]


def _at_work(stack: Stack) -> int:
    """The process id of the relay that holds the lock."""
    query = """SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND objid = %s AND granted AND datname = current_database()
        AND application_name LIKE 'ivig-relay:%%'"""
    rows = stack.wait_until(lambda: stack.sql(query, (RELAY_LOCK,)), message="No relay works")
    return int(rows[0]["application_name"].rsplit(":", 1)[1])


def _stopped_relay(stack: Stack) -> int:
    """Stop the relay at work in its tracks, lock in hand. Returns its process id."""
    while True:
        relay = _at_work(stack)
        os.kill(relay, signal.SIGSTOP)
        if _at_work(stack) == relay:
            return relay
        os.kill(relay, signal.SIGCONT)  # its shift had just ended


def _unsent(stack: Stack) -> int:
    rows = stack.sql("SELECT count(*) AS n FROM ledger_outboxmessage WHERE sent_at IS NULL")
    return int(rows[0]["n"])


def _last(stack: Stack, ward: int) -> int:
    query = "SELECT last_sequence FROM ledger_wardsequence WHERE ward_id = %s"
    rows = stack.sql(query, (ward,))
    return int(rows[0]["last_sequence"]) if rows else 0
