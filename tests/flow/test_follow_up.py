"""The infusion ends; its delayed effects are followed up, and silence becomes overdue, never "fine"."""

from tests.clients import ApiClient
from tests.flow.steps import running_infusion, ward_id
from tests.stack import Stack

HOUR_S = 3600


def test_checks_are_planned_fall_due_and_an_overdue_one_alerts(fresh_stack: Stack) -> None:
    stack = fresh_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "follow-1")
    path = f"sessions/{session['id']}/"
    refused = nurse.post(path + "complete/", {"version": session["version"]})
    assert refused.json()["code"] == "volume_not_in"
    nurse.write(path + "complete/", {"version": session["version"], "reason": "Short test infusion"})
    planned = stack.sql(
        "SELECT effect, status, extract(epoch FROM due_at - s.ended_at) / 3600 AS hours"
        " FROM followups_followupcheck c JOIN infusions_infusionsession s ON s.id = c.session_id"
        " WHERE c.session_id = %s ORDER BY due_at",
        (session["id"],),
    )
    assert [(row["effect"], row["status"], int(row["hours"])) for row in planned] == [
        ("aseptic_meningitis", "planned", 24),
        ("acute_renal_failure", "planned", 48),
        ("hemolysis", "planned", 168),
    ]

    stack.advance_clock(24 * HOUR_S + 60)
    check = stack.wait_until(lambda: _of_session(nurse, session["id"]), message="Not in the worklist")
    assert (check["effect"], check["status"]) == ("aseptic_meningitis", "due")
    nurse.write(f"follow-ups/{check['id']}/outcomes/", {"outcome": "unreachable", "note": "No answer"})

    stack.advance_clock(24 * HOUR_S)

    def overdue() -> bool:
        found = _of_session(nurse, session["id"])
        return bool(found and found["status"] == "overdue")

    stack.wait_until(overdue, message="The check did not become overdue")
    rows = nurse.read(f"wards/{ward_id(nurse)}/board/")["rows"]
    alerts = [r for r in rows if r["kind"] == "alert" and r["code"] == "follow_up_overdue"]
    assert session["patient"]["id"] in [alert["patient_id"] for alert in alerts]

    nurse.write(f"follow-ups/{check['id']}/outcomes/", {"outcome": "suspected", "note": "Stiff neck"})
    events = physician.read("adverse-events/")
    found = [e for e in events if e["session_id"] == session["id"] and e["term"] == "aseptic_meningitis"]
    assert found[0]["onset_class"] == "delayed"


def _of_session(nurse: ApiClient, session_id: int):  # type: ignore[no-untyped-def]
    found = [check for check in nurse.read("follow-ups/") if check["session_id"] == session_id]
    return found[0] if found else None
