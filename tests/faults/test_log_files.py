"""No log file of a running service names a patient, whatever went wrong; each line can be traced."""

import json
import uuid
from pathlib import Path
from typing import Any

from tests.clients import ApiClient
from tests.flow.steps import new_patient, running_infusion, ward_id
from tests.stack import Stack

NAME, NUMBER, NOTE = "Kanarifugl-Særpreget", "KANARI-4711", "Notat-om-kanarifugl"
CANARIES = (NAME, NUMBER, NOTE, "kanari")


def lines(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a log."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_no_log_file_names_a_patient_and_each_line_can_be_traced(fresh_stack: Stack) -> None:
    stack = fresh_stack
    stack.start("watchdog")
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    entry = {"name": NAME, "medical_record_number": NUMBER, "bed": "kanari"}
    new_patient(nurse, "canary", **entry)
    session = running_infusion(stack, nurse, physician, "canary-2")
    path = f"sessions/{session['id']}/"
    nurse.write(path + "observations/", {"systolic_mmhg": "80", "note": NOTE})

    # Refused: the same number again, a name where a number belongs, no JSON, a search.
    again = entry | {"birth_date": "1980-05-17", "sex": "female", "ward_id": ward_id(nurse)}
    assert nurse.post("patients/", again).status_code in {400, 409}
    assert nurse.post(path + "observations/", {"systolic_mmhg": NAME}).status_code == 400
    assert nurse.get("nowhere/", q=NAME).status_code == 404
    nurse.get("patients/", q=NAME)

    # An error of the service itself, in the middle of writing the name; and a timer that cannot be carried out.
    stack.sql("ALTER TABLE patients_patient RENAME TO patients_gone")
    request = str(uuid.uuid4())
    broken = nurse._http.post(
        "patients/", json=again, headers={"X-Request-ID": request, "Idempotency-Key": request}
    )
    stack.sql("ALTER TABLE patients_gone RENAME TO patients_patient")
    assert broken.status_code == 500 and NAME not in broken.text
    stack.sql(
        "INSERT INTO ledger_timer"
        " (kind, subject, occurrence, due_at, priority, payload, state, attempts, last_error)"
        " VALUES ('kanari', %s, '1', now(), 1, %s, 'pending', 5, '')",
        (f"thing:{NUMBER}", json.dumps({"name": NAME})),
    )
    failed = "SELECT 1 FROM ledger_timer WHERE kind = 'kanari' AND state = 'failed'"
    stack.wait_until(lambda: stack.sql(failed), 90, "The timer did not fail")

    web = lines(stack.places.log / "web.log")
    said = [line for line in web if line["level"] == "ERROR" and "exc_info" in line]
    assert any("UndefinedTable (PostgreSQL 42P01)" in line["exc_info"] for line in said)
    assert broken.headers["X-Request-ID"] in {line.get("correlation_id") for line in said}
    worker = lines(stack.places.log / "worker.log")
    failures = [line for line in worker if "failed on attempt" in line["message"]]
    assert failures and all(line["correlation_id"] and line["celery_current_id"] for line in failures)

    for log in stack.places.log.glob("*.log"):
        text = log.read_text(encoding="utf-8", errors="replace").casefold()
        assert [word for word in CANARIES if word.casefold() in text] == [], log.name
