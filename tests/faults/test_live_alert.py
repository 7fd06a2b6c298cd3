"""A falling blood pressure reaches every dashboard of the ward within a second, and no other ward's."""

import time

import pytest

from tests.clients import ApiClient, WardSocket
from tests.flow.steps import QUIET, running_infusion, ward_id
from tests.stack import Stack

RELAY_SHIFT_AND_MORE_S = 24


def test_the_alert_is_live_on_this_ward_only_and_everyone_sees_who_took_it(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    other = ApiClient(stack, "nurse2")
    session = running_infusion(stack, nurse, physician, "alert-1")
    with (
        WardSocket(stack, physician, ward_id(physician)) as here,
        WardSocket(stack, other, ward_id(other)) as elsewhere,
    ):
        here.wait_for(lambda message: message["type"] == "hello")
        elsewhere.wait_for(lambda message: message["type"] == "hello")

        nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"systolic_mmhg": "84"})
        committed = time.monotonic()
        message = here.wait_for(_alert_of(session["id"]), timeout=30)
        assert time.monotonic() - committed < 1
        row = message["row"]
        assert (row["priority"], row["state"], row["code"]) == ("high", "raised", "hypotension")
        assert row["params"]["value"] == {"number": "84"}
        assert row["source"]

        nurse.write(f"alerts/{row['alert_id']}/acknowledge/")
        taken = here.wait_for(_taken(row["alert_id"]), timeout=30)["row"]
        assert taken["acknowledged_by"] == "Demo Nurse"
        assert taken["acknowledged_at"]

        elsewhere.wait_for(lambda m: m["type"] == "heartbeat", timeout=10)
        assert not [m for m in elsewhere.messages if _alert_of(session["id"])(m)]


def test_no_message_waits_a_second_even_while_the_relay_changes_shifts(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    session = running_infusion(stack, nurse, physician, "alert-3")
    row_id, longest, end = f"session:{session['id']}", 0.0, time.monotonic() + RELAY_SHIFT_AND_MORE_S
    with WardSocket(stack, nurse, ward_id(nurse)) as socket:
        socket.wait_for(lambda message: message["type"] == "hello")
        pulse = 60
        while time.monotonic() < end:
            pulse = 60 + (pulse - 59) % 40
            nurse.write(f"sessions/{session['id']}/observations/", {"pulse_per_min": str(pulse)})
            committed = time.monotonic()
            wanted = str(pulse)
            socket.wait_for(
                lambda m, wanted=wanted: (
                    m.get("row", {}).get("row_id") == row_id
                    and m["row"]["last_vitals"]["pulse_per_min"] == wanted
                )
            )
            longest = max(longest, time.monotonic() - committed)
    assert longest < 1


def test_sequences_have_no_gap_and_changes_tell_what_was_missed(stack: Stack) -> None:
    nurse, physician = ApiClient(stack, "nurse"), ApiClient(stack, "physician")
    ward = ward_id(nurse)
    cursor = nurse.read(f"wards/{ward}/board/")["sequence"]
    session = running_infusion(stack, nurse, physician, "alert-2")
    for systolic in ("120", "100", "88"):
        nurse.write(f"sessions/{session['id']}/observations/", QUIET | {"systolic_mmhg": systolic})
    missed = nurse.read(f"wards/{ward}/board/changes/", after=cursor)
    fresh = nurse.read(f"wards/{ward}/board/")
    changed = {row["row_id"]: row for row in missed["rows"]}
    assert f"session:{session['id']}" in changed
    for row in fresh["rows"]:
        if row["sequence"] > cursor:
            assert changed[row["row_id"]] == row


@pytest.mark.parametrize(
    ("username", "origin", "expected"),
    [("nurse2", None, 4403), ("pharmacovigilance", None, 4403)],
)
def test_the_socket_closes_on_people_without_the_right(
    stack: Stack, username: str, origin: str | None, expected: int
) -> None:
    from websockets.exceptions import ConnectionClosed

    ward = ward_id(ApiClient(stack, "nurse"))
    with (
        WardSocket(stack, ApiClient(stack, username), ward, origin=origin) as socket,
        pytest.raises(ConnectionClosed) as closed,
    ):
        socket.receive()
    assert closed.value.rcvd is not None and closed.value.rcvd.code == expected


def test_the_socket_refuses_a_foreign_origin(stack: Stack) -> None:
    from websockets.exceptions import InvalidStatus

    nurse = ApiClient(stack, "nurse")
    with pytest.raises(InvalidStatus):
        WardSocket(stack, nurse, ward_id(nurse), origin="https://elsewhere.example")


def _alert_of(session_id: int):  # type: ignore[no-untyped-def]
    def is_alert(message: dict) -> bool:  # type: ignore[type-arg]
        row = message.get("row", {})
        return row.get("kind") == "alert" and row.get("session_id") == session_id

    return is_alert


def _taken(alert_id: int):  # type: ignore[no-untyped-def]
    def is_taken(message: dict) -> bool:  # type: ignore[type-arg]
        row = message.get("row", {})
        return row.get("alert_id") == alert_id and row.get("state") == "acknowledged"

    return is_taken
