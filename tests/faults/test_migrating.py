"""The schema of the release before is brought up to date while people work: no entry is lost, timers fire."""

import threading
import uuid
from itertools import count

from tests.clients import ApiClient
from tests.flow.steps import running_infusion, ward_id
from tests.stack import Stack

# Where the last release stood; what came since is undone and done again under a running service.
BEFORE = (("ledger", "0001_initial"), ("vigilance", "zero"))
HALF_HOUR_S = 30 * 60


def test_sessions_that_run_go_on_through_a_migration(fresh_stack: Stack) -> None:
    stack = fresh_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "migrating-1")
    stack.stop("beat")
    stack.stop("worker")
    for app, target in BEFORE:
        stack.manage("migrate", app, target, "--verbosity", "0")

    acknowledged: list[str] = []
    finished = threading.Event()

    def tablet() -> None:
        """Sends each set until it is taken, under its one key, as the bedside page does."""
        for pulse in count(60):
            key = str(uuid.uuid4())
            body = {"pulse_per_min": str(pulse % 60 + 60), "note": key}
            while not (
                answer := nurse.post(f"sessions/{session['id']}/observations/", body, key=key)
            ).is_success:
                assert answer.status_code >= 500, answer.text
                if finished.wait(0.2):
                    return
            acknowledged.append(key)
            if finished.wait(0.1):
                return

    working = threading.Thread(target=tablet)
    working.start()
    try:
        stack.manage("migrate", "--no-input", "--verbosity", "0")
        so_far = len(acknowledged)
        stack.wait_until(
            lambda: len(acknowledged) >= so_far + 3, 60, "No entry was taken after the migration"
        )
    finally:
        finished.set()
        working.join()

    query = "SELECT note FROM infusions_observation WHERE session_id = %s AND note <> ''"
    notes = [row["note"] for row in stack.sql(query, (session["id"],))]
    assert set(acknowledged) <= set(notes) and len(notes) == len(set(notes))
    stack.start("worker")
    stack.start("beat")
    stack.advance_clock(HALF_HOUR_S)
    asked = "SELECT 1 FROM ledger_event WHERE subject = %s AND name = 'infusion.step.due'"
    stack.wait_until(lambda: stack.sql(asked, (f"session:{session['id']}",)), 90, "The step was lost")
    assert nurse.read(f"wards/{ward_id(nurse)}/board/")["rows"]
