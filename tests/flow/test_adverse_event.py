"""A reaction during the infusion is an adverse event the physician sees and pharmacovigilance exports."""

import csv
import io

from tests.clients import ApiClient
from tests.flow.steps import running_infusion
from tests.stack import Stack


def test_from_the_bedside_to_the_csv(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    officer = ApiClient(stack, "pharmacovigilance")
    session = running_infusion(stack, nurse, physician, "event-1")
    reaction = {
        "symptoms": [{"term": "urticaria", "severity": "moderate"}],
        "action": "pause",
        "note": "=2+5 on both arms",
    }
    after = nurse.write(f"sessions/{session['id']}/reactions/", reaction)
    assert after["state"] == "paused"
    assert after["reactions"][0]["proposal"]["action"] == "stop"

    (event,) = [e for e in physician.read("adverse-events/") if e["session_id"] == session["id"]]
    assert (event["rate_ml_per_h"], event["step_index"]) == ("30", 0)
    assert event["lots"] == [{"lot_number": "LOT-TEST-1", "expires_on": "2030-12-31"}]

    answer = officer.get("adverse-events/export/")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = {row["adverse_event_id"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    row = rows[str(event["id"])]
    assert (row["term"], row["severity"], row["product"]) == ("Urticaria", "moderate", "Kiovig")
    assert row["note"].startswith("'=")
    assert session["patient"]["name"] not in answer.text
    assert row["patient_pseudonym"] == session["patient"]["pseudonym"]

    assert nurse.get("adverse-events/export/").status_code == 403
    assert officer.get(f"sessions/{session['id']}/").status_code == 403
