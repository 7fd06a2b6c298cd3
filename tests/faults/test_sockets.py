"""Sockets cut, half-open, or never read: nobody else notices, nothing is missed, and the server lets go."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import psycopg
import pytest
from websockets.sync.client import connect

from tests.board_feed import BoardFeed
from tests.clients import ApiClient
from tests.flow.steps import running_infusion, ward_id
from tests.proxy import Proxy
from tests.stack import Stack, wait_until

LARGE_MESSAGES = 60  # of 200 kB: more than the kernel and the server keep for one socket
DELIVERY_LIMIT_S = 1.0


@pytest.fixture
def proxy(module_stack: Stack) -> Iterator[Proxy]:
    """In front of the web process."""
    address = urlsplit(module_stack.url)
    assert address.hostname and address.port
    with Proxy((address.hostname, address.port)) as between:
        yield between


def test_a_dropped_socket_resumes_without_gap_or_double(module_stack: Stack, proxy: Proxy) -> None:
    stack = module_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "socket-1")["id"]
    ward = ward_id(nurse)
    with BoardFeed(stack, nurse, ward, through=f"http://127.0.0.1:{proxy.port}") as board:
        for round_number in range(3):
            _measure(nurse, session, 80 + round_number)
            proxy.cut()
            _measure(nurse, session, 90 + round_number)
            wanted = round_number + 2
            wait_until(lambda n=wanted: board.connections >= n, 60, "It did not come back")
        _measure(nurse, session, 100)
        row, _ = board.wait_for_row(
            f"session:{session}", lambda row: row["last_vitals"]["pulse_per_min"] == "100"
        )
        fresh = nurse.read(f"wards/{ward}/board/")
        wait_until(lambda: board.cursor == fresh["sequence"], 30, "Missed", lambda: [board.state()])
        board.assert_in_order()
        for expected in fresh["rows"]:
            assert board.rows.get(expected["row_id"], expected) == expected
        assert row["sequence"] <= fresh["sequence"]


def test_who_stops_reading_or_is_half_open_delays_nobody_and_is_let_go(
    module_stack: Stack, proxy: Proxy
) -> None:
    stack = module_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "socket-2")["id"]
    ward = ward_id(nurse)
    with ExitStack() as opened:
        board = opened.enter_context(BoardFeed(stack, nurse, ward))
        lazy = opened.enter_context(_never_reads(nurse, ward))
        half_open = opened.enter_context(_never_reads(nurse, ward, port=proxy.port))
        assert "hello" in str(lazy.recv(timeout=20)) and "hello" in str(half_open.recv(timeout=20))
        stack.wait_until(lambda: _sockets(stack) == 3, 30, "Three sockets were not counted")
        proxy.blackhole()

        _flood(stack, ward)
        wait_until(lambda: board.cursor >= _last(stack, ward), 60, "Held up", lambda: [board.state()])
        late = []
        for pulse in range(80, 90):
            _measure(nurse, session, pulse)
            committed = time.time()
            _, seen_at = board.wait_for_row(
                f"session:{session}",
                lambda row, wanted=str(pulse): row["last_vitals"]["pulse_per_min"] == wanted,
            )
            late.append(seen_at - committed)
        assert sorted(late)[-2] < DELIVERY_LIMIT_S, late
        stack.wait_until(lambda: _sockets(stack) == 1, 90, "Dead sockets were kept")
        board.assert_in_order()
        assert board.connections == 1


def _never_reads(nurse: ApiClient, ward: int, *, port: int | None = None):  # type: ignore[no-untyped-def]
    """A socket with a small buffer whose frames nobody takes, beyond those asked for."""
    address = urlsplit(nurse.origin)
    assert address.port
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", port or address.port))
    cookies = "; ".join(f"{name}={value}" for name, value in nurse.page_cookies().items())
    return connect(
        f"ws://{address.netloc}/ws/wards/{ward}/",
        sock=raw,
        origin=nurse.origin,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookies},
        open_timeout=20,
        close_timeout=0.1,
        ping_interval=None,
        max_queue=1,
        max_size=None,
        proxy=None,
    )


def _flood(stack: Stack, ward: int) -> None:
    """Many large messages on the ward, numbered as a unit of work numbers them."""
    with psycopg.connect(stack.database_url) as connection:
        for _ in range(LARGE_MESSAGES):
            connection.execute(
                """WITH number AS (UPDATE ledger_wardsequence SET last_sequence = last_sequence + 1
                    WHERE ward_id = %s RETURNING last_sequence AS n)
                INSERT INTO ledger_outboxmessage (ward_id, sequence, payload, created_at)
                SELECT %s, n, jsonb_build_object('type', 'row', 'sequence', n, 'row', jsonb_build_object(
                    'row_id', 'trial:1', 'sequence', n, 'removed', true, 'filler', repeat('x', 200000))), now()
                FROM number""",
                (ward, ward),
            )
            connection.execute("NOTIFY ivig_outbox")
            connection.commit()


def _measure(nurse: ApiClient, session: int, pulse: int) -> None:
    nurse.write(f"sessions/{session}/observations/", {"pulse_per_min": str(pulse)})


def _sockets(stack: Stack) -> int:
    """What the web process last said of its open sockets."""
    query = "SELECT details FROM ledger_heartbeat WHERE kind = 'web' ORDER BY at DESC LIMIT 1"
    rows = stack.sql(query)
    return int(rows[0]["details"]["sockets"]) if rows else 0


def _last(stack: Stack, ward: int) -> int:
    query = "SELECT last_sequence FROM ledger_wardsequence WHERE ward_id = %s"
    return int(stack.sql(query, (ward,))[0]["last_sequence"])
