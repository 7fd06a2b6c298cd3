"""Walk 4: one who never answers. Real processes under a clock that is moved; silence climbs and is never health."""

from datetime import datetime, timedelta
from typing import Any

from tests.clients import ApiClient
from tests.flow.steps import board_row, running_infusion, ward_id
from tests.stack import Stack

CALL = "aseptic_meningitis_call"


def test_one_who_never_answers(fresh_stack: Stack) -> None:
    stack = fresh_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "silent-1")
    done = {"version": session["version"], "reason": "Short test infusion"}
    nurse.write(f"sessions/{session['id']}/complete/", done)
    (row,) = stack.sql(
        "SELECT id, status, due_at, closes_at FROM followups_followupcheck"
        " WHERE session_id = %s AND code = %s AND status <> 'superseded'",
        (session["id"], CALL),
    )
    number, path = row["id"], f"follow-ups/{row['id']}/"
    assert row["status"] == "planned"

    # The call falls due by itself, through Celery, and stands on the worklist.
    _move_to(stack, row["due_at"])
    stack.wait_until(lambda: _status(nurse, path) == "due", message="The call did not fall due")
    assert number in _worklist(nurse)

    # Three attempts in vain. After each of the first two the next one is planned, by day, and called for in its time.
    for in_vain in (1, 2):
        tried = nurse.write(path + "outcomes/", {"outcome": "unreachable", "note": "No answer"})
        assert (tried["outcome"], tried["status"] in ("due", "overdue")) == ("unreachable", True)
        again = datetime.fromisoformat(tried["next_attempt_at"])
        assert again > stack.clinical_now
        assert not _alerts(stack, nurse, number, "follow_up_unreachable")
        _move_to(stack, again)
        stack.wait_until(
            lambda wanted=in_vain: len(_told(stack, number, "attempt_due")) == wanted,  # type: ignore[misc]
            message=f"Attempt {in_vain + 1} was not called for",
        )
        assert number in _worklist(nurse)
    nurse.write(path + "outcomes/", {"outcome": "unreachable", "note": "No answer, and no other number"})
    (alert,) = _alerts(stack, nurse, number, "follow_up_unreachable")
    assert (alert["priority"], alert["patient_id"]) == ("medium", session["patient"]["id"])

    # The window closes: it is overdue, which is told as well. Nobody takes it, and it climbs to the physician.
    if row["closes_at"] > stack.clinical_now:
        _move_to(stack, row["closes_at"])
    stack.wait_until(lambda: _status(nurse, path) == "overdue", message="The call did not become overdue")
    overdue = stack.wait_until(
        lambda: _alerts(stack, nurse, number, "follow_up_overdue"),
        message="Nobody was told that it is overdue",
    )[0]
    for level, minutes in ((1, 10), (2, 10)):
        stack.advance_clock(minutes * 60 + 30)
        stack.wait_until(
            lambda at_least=level: _level(stack, overdue["alert_id"]) >= at_least,  # type: ignore[misc]
            message=f"The overdue alert did not climb to level {level}",
        )

    # Days pass. Nothing gives up by itself: it stays overdue and on the list.
    stack.advance_clock(timedelta(days=2).total_seconds())
    stack.wait_until(
        lambda: _level(stack, overdue["alert_id"]) == 3, message="The alert did not reach the top"
    )
    assert _status(nurse, path) == "overdue" and number in _worklist(nurse)

    # To give up is a physician's decision, and needs a reason.
    refused = nurse.post(path + "lost/", {"reason": "No answer."})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_role")
    assert physician.post(path + "lost/", {"reason": " "}).status_code == 400
    assert _status(nurse, path) == "overdue"
    reason = "Moved abroad; her sister does not know the number."
    lost = physician.write(path + "lost/", {"reason": reason})
    assert (lost["status"], lost["outcome"], lost["note"]) == ("lost", "lost", reason)

    # It stays visible, with every attempt and who decided; the alerts rest; it is never counted as well.
    kept = nurse.read(path)
    assert [one["outcome"] for one in kept["attempts"]] == ["unreachable"] * 3 + ["lost"]
    assert kept["recorded_by"] == lost["recorded_by"] != kept["attempts"][0]["recorded_by"]
    assert number not in _worklist(nurse)
    assert not _alerts(stack, nurse, number, "follow_up")
    assert [event["payload"]["note"] for event in _told(stack, number, "lost")] == [reason]
    assert not _told(stack, number, "no_effect")
    assert not [one for one in physician.read("adverse-events/") if one["session_id"] == session["id"]]

    # It was this call that was given up, not the patient: the one on day 7 is asked when its time comes.
    (later,) = stack.sql(
        "SELECT id, status, due_at FROM followups_followupcheck"
        " WHERE session_id = %s AND code = 'day_7_call' AND status <> 'superseded'",
        (session["id"],),
    )
    assert later["status"] == "planned"
    _move_to(stack, later["due_at"])
    stack.wait_until(lambda: later["id"] in _worklist(nurse), message="The call on day 7 did not fall due")
    assert board_row(nurse, ward_id(nurse), f"follow_up:{later['id']}")


def _move_to(stack: Stack, moment: datetime) -> None:
    stack.advance_clock((moment - stack.clinical_now).total_seconds() + 5)


def _status(nurse: ApiClient, path: str) -> str:
    status: str = nurse.read(path)["status"]
    return status


def _worklist(nurse: ApiClient) -> list[int]:
    return [check["id"] for check in nurse.read("follow-ups/")]


def _alerts(stack: Stack, nurse: ApiClient, number: int, code: str) -> list[dict[str, Any]]:
    """The alerts about a check whose code begins so, as the ward's board shows them."""
    about = stack.sql("SELECT id FROM alerts_alert WHERE subject = %s", (f"check:{number}",))
    numbers = {row["id"] for row in about}
    rows = nurse.read(f"wards/{ward_id(nurse)}/board/")["rows"]
    alerts = [row for row in rows if row["kind"] == "alert" and row["alert_id"] in numbers]
    return [alert for alert in alerts if alert["code"].startswith(code)]


def _level(stack: Stack, alert_id: int) -> int:
    (row,) = stack.sql("SELECT level FROM alerts_alert WHERE id = %s", (alert_id,))
    level: int = row["level"]
    return level


def _told(stack: Stack, number: int, what: str) -> list[dict[str, Any]]:
    return stack.sql(
        "SELECT payload FROM ledger_event WHERE name = %s AND subject = %s ORDER BY position",
        (f"followup.check.{what}", f"check:{number}"),
    )
