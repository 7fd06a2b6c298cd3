"""A nurse starts day 1; steps fall due through Celery, hold without vital signs, and open with them."""

from decimal import Decimal

from tests.clients import ApiClient
from tests.flow.steps import QUIET, board_row, running_infusion, ward_id
from tests.stack import Stack

HALF_HOUR_S = 30 * 60


def test_a_step_is_asked_for_held_and_confirmed(fresh_stack: Stack) -> None:
    stack = fresh_stack
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "run-1")
    rates = [(step["rate_ml_per_kg_h"], step["rate_ml_per_h"]) for step in session["plan"]["steps"]]
    assert rates == [("0.5", "30"), ("1", "60"), ("2", "120"), ("4", "240"), ("6", "360")]
    assert all(step["planned_start"] for step in session["plan"]["steps"])
    path, ward, row_id = f"sessions/{session['id']}/", ward_id(nurse), f"session:{session['id']}"

    early = nurse.post(path + "confirm-step/", {"version": session["version"]}).json()
    assert {hold["code"] for hold in early["extra"]["holds"]} == {"gate_too_early", "gate_no_vitals"}

    stack.advance_clock(HALF_HOUR_S)

    def asked() -> bool:
        row = board_row(nurse, ward, row_id)
        return bool(row and row["next"]["code"] == "step_due" and row["next"]["asked"])

    stack.wait_until(asked, message="The board did not ask for the step")
    held = nurse.post(path + "confirm-step/", {"version": session["version"]})
    assert (held.status_code, held.json()["code"]) == (400, "step_held")
    assert [hold["code"] for hold in held.json()["extra"]["holds"]] == ["gate_no_vitals"]

    nurse.write(path + "observations/", QUIET)
    after = nurse.write(path + "confirm-step/", {"version": session["version"]})
    assert (after["rate_ml_per_h"], after["state"]) == ("60", "running")
    _volume_is_right(stack, after)

    loser = ApiClient(stack, "charge").post(path + "confirm-step/", {"version": session["version"]})
    assert (loser.status_code, loser.json()["code"]) == (409, "session_changed")

    stack.advance_clock(5 * 60)
    _volume_is_right(stack, nurse.read(path))


def _volume_is_right(stack: Stack, session: dict[str, str]) -> None:
    """mL given equal the sum over the rates that really ran, to 0.1 mL."""
    (given,) = stack.sql(
        "SELECT sum(rate_ml_per_h * extract(epoch FROM ends_at - started_at) / 3600) AS ml FROM"
        " (SELECT *, lead(started_at, 1, %s) OVER (ORDER BY started_at, id) AS ends_at"
        " FROM infusions_ratechange WHERE session_id = %s) AS ran",
        (session["as_of"], session["id"]),
    )
    assert abs(Decimal(session["volume_given_ml"]) - given["ml"]) <= Decimal("0.05")
