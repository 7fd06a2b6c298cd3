"""One request, one effect: twenty at once, another entry under the same key, a web process killed around its COMMIT."""

import json
import threading
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from apps.edge.models import ANSWERS
from tests.clients import ApiClient, succeeded
from tests.commit_gate import CommitGate, Hold
from tests.flow.steps import MEASURED, QUIET, board_row, running_infusion, ward_id
from tests.stack import Stack

ACT = "sessions/{}/observations/"


def at_once(jobs: list[Callable[[], httpx.Response]]) -> list[httpx.Response]:
    """Run the jobs in threads that start together. A job's exception fails the test."""
    gate = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], httpx.Response]) -> None:
        gate.wait()
        try:
            results[place] = job()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=item, daemon=True) for item in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    failed = [result for result in results if not isinstance(result, httpx.Response)]
    assert not failed, failed
    return results


def recorded(stack: Stack, session: int) -> list[dict[str, Any]]:
    """The sets of an infusion beside its baseline, in the order in which they were typed."""
    query = (
        "SELECT pulse_per_min, effective_at FROM infusions_observation WHERE session_id = %s AND NOT is_baseline"
        " ORDER BY id"
    )
    return stack.sql(query, (session,))


def told(stack: Stack, session: int, name: str) -> int:
    """How many events of this name the infusion's chain holds."""
    query = "SELECT count(*) AS n FROM ledger_event WHERE subject = %s AND name = %s"
    return int(stack.sql(query, (f"session:{session}", name))[0]["n"])


@pytest.fixture
def people(stack: Stack) -> tuple[ApiClient, ApiClient]:
    return ApiClient(stack, "nurse"), ApiClient(stack, "physician")


def test_twenty_with_one_key_have_one_effect_and_one_answer(stack: Stack, people: Any) -> None:
    nurse, physician = people
    session = running_infusion(stack, nurse, physician, uuid.uuid4().hex[:8])["id"]
    key, path = str(uuid.uuid4()), ACT.format(session)
    cursor = nurse.read(f"wards/{ward_id(nurse)}/board/")["sequence"]
    answers = at_once([lambda: nurse.post(path, QUIET, key=key) for _ in range(20)])
    assert [answer.status_code for answer in answers] == [200] * 20
    assert all(answer.json() == answers[0].json() for answer in answers)
    assert len(recorded(stack, session)) == 1
    assert told(stack, session, "infusion.observation.recorded") == 1
    pushed = "SELECT count(*) AS n FROM ledger_outboxmessage WHERE sequence > %s AND payload->'row'->>'row_id' = %s"
    assert stack.sql(pushed, (cursor, f"session:{session}")) == [{"n": 1}]

    other = nurse.post(path, QUIET | {"pulse_per_min": "73"}, key=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")
    assert len(recorded(stack, session)) == 1
    assert nurse.post(path, QUIET, key=key).json() == answers[0].json()


def test_vital_signs_out_of_order_end_as_in_order(stack: Stack, people: Any) -> None:
    nurse, physician = people
    session = running_infusion(stack, nurse, physician, uuid.uuid4().hex[:8])
    started, path = datetime.fromisoformat(session["started_at"]), ACT.format(session["id"])
    stack.wait_until(lambda: stack.clinical_now > started + timedelta(seconds=5))
    # Typed in any order, all at once: the fall that was measured last is the truth, whoever arrives last.
    series = [("84", 4), ("118", 2), ("121", 3), ("120", 1)]
    entries = [
        QUIET | {"systolic_mmhg": value, "effective_at": (started + timedelta(seconds=after)).isoformat()}
        for value, after in series
    ]
    answers = at_once([lambda entry=entry: nurse.post(path, entry) for entry in entries])
    assert [answer.status_code for answer in answers] == [200] * 4, [answer.text for answer in answers]
    row = board_row(nurse, ward_id(nurse), f"session:{session['id']}")
    assert row is not None and row["last_vitals"]["systolic_mmhg"] == "84"
    high = [
        other
        for other in nurse.read(f"wards/{ward_id(nurse)}/board/")["rows"]
        if other.get("kind") == "alert"
        and other["session_id"] == session["id"]
        and other["priority"] == "high"
    ]
    assert high, "The fall raised no alert"


def test_two_nurses_change_one_rate(stack: Stack, people: Any) -> None:
    nurse, physician = people
    session = running_infusion(stack, nurse, physician, uuid.uuid4().hex[:8])["id"]
    paused = nurse.write(f"sessions/{session}/pause/", {"reason": "line"})
    entry = {"version": paused["version"], "step_index": 0}
    answers = at_once([lambda: nurse.post(f"sessions/{session}/resume/", entry) for _ in range(2)])
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (200, 409), (won.text, lost.text)
    refusal = lost.json()
    assert refusal["extra"]["version"] == won.json()["version"]
    assert refusal["extra"]["changes"]
    assert told(stack, session, "infusion.session.resumed") == 1
    assert nurse.read(f"sessions/{session}/")["state"] == "running"


def test_a_web_process_killed_around_its_commit(stack: Stack, people: Any) -> None:
    """After COMMIT and before the reply: the retry gets the original answer. Before COMMIT: the entry is made now."""
    nurse, physician = people
    session = running_infusion(stack, nurse, physician, uuid.uuid4().hex[:8])["id"]
    path = ACT.format(session)
    (server,) = parse_qs(urlsplit(stack.database_url).query)["host"]
    with CommitGate(server, marker=b"infusions_observation") as gate:
        own, behind = stack.environment["DATABASE_URL"], f"host={quote(str(gate.directory), safe='')}"
        stack.environment["DATABASE_URL"] = f"{own.partition('?')[0]}?{behind}"
        try:
            for count, hold in enumerate((Hold.ANSWER, Hold.REQUEST)):
                stack.start("web-2")
                _killed_at(stack, gate, hold, path)
                saved = recorded(stack, session)
                assert len(saved) == (1 if hold is Hold.ANSWER else count), f"{hold}: {saved}"
                _tried_again(stack, nurse, path, session, count)
        finally:
            stack.environment["DATABASE_URL"] = own
            stack.kill("web-2")


OPEN = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
    " AND state IN ('idle in transaction', 'idle in transaction (aborted)')"
)
KEYS = [str(uuid.uuid4()), str(uuid.uuid4())]


def _entry(count: int) -> dict[str, str]:
    return MEASURED | {"pulse_per_min": str(70 + count)}


def _killed_at(stack: Stack, gate: CommitGate, hold: Hold, path: str) -> None:
    count = 0 if hold is Hold.ANSWER else 1
    tablet = ApiClient(stack, "nurse", web="web-2")
    outcome: list[Any] = []

    def send() -> None:
        try:
            outcome.append(tablet.post(path, _entry(count), key=KEYS[count]))
        except httpx.HTTPError as error:
            outcome.append(error)

    gate.held.clear()
    gate.hold = hold
    sending = threading.Thread(target=send, daemon=True)
    sending.start()
    assert gate.held.wait(20), f"No COMMIT came by: {outcome} {stack.logs('web-2', 1500)}"
    if hold is Hold.ANSWER:
        stack.wait_until(lambda: _answered(stack, KEYS[count]), message="The server did not commit")
    assert not outcome, "A reply came although the COMMIT was not answered"
    stack.kill("web-2")
    sending.join(30)
    assert isinstance(outcome[0], httpx.HTTPError), "A reply came from a dead process"


def _answered(stack: Stack, key: str) -> list[dict[str, Any]]:
    query = "SELECT status_code, body FROM edge_idempotentanswer WHERE key = %s AND status_code > 0"
    return stack.sql(query, (key,))


def _tried_again(stack: Stack, nurse: ApiClient, path: str, session: int, count: int) -> None:
    original = _answered(stack, KEYS[count])
    stack.wait_until(lambda: not stack.sql(OPEN), message="The dead process's transaction stayed open")
    again = succeeded(nurse.post(path, _entry(count), key=KEYS[count]))
    if original:
        sealed = original[0]["body"]
        assert sealed and "Testperson" not in sealed
        assert again == json.loads(ANSWERS.open(sealed, KEYS[count]))
    assert succeeded(nurse.post(path, _entry(count), key=KEYS[count])) == again
    pulses = [row["pulse_per_min"] for row in recorded(stack, session)]
    assert pulses == [70 + number for number in range(count + 1)]
    assert told(stack, session, "infusion.observation.recorded") == count + 1
