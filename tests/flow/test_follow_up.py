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
        "SELECT code, status, extract(epoch FROM opens_at - s.ended_at) / 3600 AS opens_h,"
        " extract(epoch FROM due_at - s.ended_at) AS due_s, extract(epoch FROM closes_at - s.ended_at) AS closes_s"
        " FROM followups_followupcheck c JOIN infusions_infusionsession s ON s.id = c.session_id"
        " WHERE c.session_id = %s AND c.code LIKE '%%_call' ORDER BY c.opens_at",
        (session["id"],),
    )
    assert [(row["code"], row["status"], int(row["opens_h"])) for row in planned] == [
        ("aseptic_meningitis_call", "planned", 24),
        ("day_7_call", "planned", 144),
        ("day_14_call", "planned", 312),
    ]

    # Nobody is called at night: the hour at which it is due depends on when the infusion ended.
    due_s, closes_s = float(planned[0]["due_s"]), float(planned[0]["closes_s"])
    assert 24 * HOUR_S <= due_s < closes_s == 48 * HOUR_S
    stack.advance_clock(due_s + 60)
    check = stack.wait_until(lambda: _of_session(nurse, session["id"]), message="Not in the worklist")
    assert (check["effect"], check["status"]) == ("aseptic_meningitis", "due")
    nurse.write(f"follow-ups/{check['id']}/outcomes/", {"outcome": "unreachable", "note": "No answer"})

    stack.advance_clock(closes_s - due_s)

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
    found = [
        check
        for check in nurse.read("follow-ups/")
        if check["session_id"] == session_id and check["code"] == "aseptic_meningitis_call"
    ]
    return found[0] if found else None
