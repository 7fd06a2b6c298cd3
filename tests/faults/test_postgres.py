"""PostgreSQL goes away and comes back: what was acknowledged is there, and timers go on."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.clients import ApiClient
from tests.conftest import MakeStack
from tests.faults.bells import SETTINGS, rung, set_timers, settled
from tests.flow.steps import MEASURED, running_infusion
from tests.stack import Stack

_TERMINATE = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def test_vital_signs_acknowledged_around_an_outage_are_there_and_timers_fire(make_stack: MakeStack) -> None:
    stack = _own_server_stack(make_stack)
    nurse = ApiClient(stack, "nurse")
    session = running_infusion(stack, nurse, ApiClient(stack, "physician"), "outage-1")["id"]
    with _vital_signs_posted(nurse, session) as acknowledged:
        stack.wait_until(lambda: len(acknowledged) >= 2)
        stack.sql(_TERMINATE)
        _goes_on(stack, acknowledged, "after all connections were ended")
        set_timers(stack, "outage", count=10, within_s=5)
        stack.stop("postgres")
        stack.start("postgres")
        _goes_on(stack, acknowledged, "after the restart")
        stack.kill("postgres")
        stack.start("postgres")
        _goes_on(stack, acknowledged, "after the crash")
    kept = _pressures(stack, session)
    assert [kept.count(pressure) for pressure in acknowledged] == [1] * len(acknowledged)
    stack.wait_until(lambda: settled(stack, "outage"), 60, "Timers were lost in the outage")
    assert rung(stack, "outage") == [1] * 10


def test_what_was_acknowledged_just_before_a_crash_is_there(make_stack: MakeStack) -> None:
    stack = _own_server_stack(make_stack)
    nurse = ApiClient(stack, "nurse")
    session = running_infusion(stack, nurse, ApiClient(stack, "physician"), "crash-1")["id"]
    nurse.write(f"sessions/{session}/observations/", MEASURED | {"systolic_mmhg": "131"})
    stack.kill("postgres")
    stack.start("postgres")
    assert _pressures(stack, session).count(131) == 1


def _own_server_stack(make_stack: MakeStack) -> Stack:
    stack = make_stack(own_postgres=True, settings=SETTINGS)
    stack.start_all()
    return stack


def _pressures(stack: Stack, session: int) -> list[int]:
    rows = stack.sql("SELECT systolic_mmhg FROM infusions_observation WHERE session_id = %s", (session,))
    return [int(row["systolic_mmhg"]) for row in rows]


@contextmanager
def _vital_signs_posted(nurse: ApiClient, session: int) -> Iterator[list[int]]:
    """Post vital signs as a tablet does, each until it is acknowledged; the pressures that were."""
    acknowledged: list[int] = []
    over = threading.Event()

    def post() -> None:
        for pressure in range(101, 160):
            key = str(uuid.uuid4())
            body = MEASURED | {"systolic_mmhg": str(pressure)}
            while not _accepted(nurse, f"sessions/{session}/observations/", body, key):
                if over.wait(0.2):
                    return
            acknowledged.append(pressure)
            if over.wait(0.5):
                return

    thread = threading.Thread(target=post)
    thread.start()
    try:
        yield acknowledged
    finally:
        over.set()
        thread.join()


def _accepted(nurse: ApiClient, path: str, body: dict[str, str], key: str) -> bool:
    try:
        return nurse.post(path, body, key=key).status_code < 300
    except httpx.HTTPError:
        return False


def _goes_on(stack: Stack, acknowledged: list[int], when: str) -> None:
    before = len(acknowledged)
    stack.wait_until(lambda: len(acknowledged) >= before + 2, 90, f"No vital signs were taken {when}")
