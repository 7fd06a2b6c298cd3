"""A dashboard that folded every pushed row shows what a fresh one shows, and neither knows a name too many."""

import json
from datetime import timedelta

import pytest

from apps.alerts.models import Alert
from apps.alerts.services import acknowledge_alert
from apps.followups.models import FollowUpCheck
from apps.followups.services import record_outcome
from apps.infusions import services
from apps.ledger.models import OutboxMessage
from tests.builders import NOW, Door, climb, finish, observe, react, running_session, watch

pytestmark = pytest.mark.django_db
NAME = "Testperson Rogn-Særpreget"


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def board(hospital):
    door = Door(hospital.nurse)
    return lambda: door.get(f"wards/{hospital.ward.pk}/board/").json()


@pytest.fixture
def changes(hospital):
    door = Door(hospital.nurse)
    return lambda after: door.get(f"wards/{hospital.ward.pk}/board/changes/", after=after).json()


def rows(snapshot):
    return {row["row_id"]: row for row in snapshot["rows"]}


def fold(snapshot, messages):
    """What the browser does with pushed rows."""
    folded, cursor = rows(snapshot), snapshot["sequence"]
    for message in messages:
        if message["sequence"] <= cursor:
            continue
        assert message["sequence"] == cursor + 1, "a gap"
        cursor, row = message["sequence"], message["row"]
        assert row["sequence"] == cursor
        if row.get("removed"):
            folded.pop(row["row_id"], None)
        else:
            folded[row["row_id"]] = row
    return folded, cursor


def pushed(hospital):
    return list(
        OutboxMessage.objects.filter(ward_id=hospital.ward.pk)
        .order_by("sequence")
        .values_list("payload", flat=True)
    )


def live_a_day(hospital, clock):
    """Each act of a busy day, one yield after each: start, steps, fall, alert, reaction, end, follow-up."""
    session = running_session(hospital, name=NAME)
    yield
    clock.fire(minutes(15))
    yield
    clock.fire(minutes(25))  # vital signs overdue
    yield
    observe(hospital, session.pk, minutes(26), systolic_mmhg=84)
    yield
    clock.fire(minutes(28))  # nobody took it
    yield
    for alert in Alert.objects.filter(state="raised"):
        acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=clock.forward(seconds=20))
        yield
    observe(hospital, session.pk, clock.forward(minutes=1))
    yield
    clock.set(climb(hospital, session.pk, to_step=2))
    yield
    reaction = react(hospital, session.pk, clock.forward(minutes=1), severity="moderate", action="pause")
    yield
    services.resolve_reaction(
        performer=hospital.nurse, session_id=session.pk, reaction_id=reaction.pk, now=clock.forward(minutes=9)
    )
    yield
    session.refresh_from_db()
    services.resume_session(
        performer=hospital.nurse,
        session_id=session.pk,
        version=session.version,
        step_index=0,
        reason="",
        now=clock.forward(minutes=1),
    )
    yield
    ended = finish(hospital, session.pk)
    clock.set(ended)
    yield
    for minute in (0, 20, 60):
        clock.fire(ended + timedelta(minutes=minute))
        yield
        observe(hospital, session.pk, clock.now)
        yield
    clock.fire(ended + timedelta(hours=24))
    yield
    clock.fire(ended + timedelta(hours=48))
    yield
    call = FollowUpCheck.objects.get(code="aseptic_meningitis_call")
    record_outcome(
        performer=hospital.nurse, check_id=call.pk, outcome="suspected", note="", now=clock.forward(hours=1)
    )
    yield


def test_old_snapshot_and_pushed_rows_make_the_fresh_snapshot(hospital, clock, board):
    snapshots = [board()]
    for _ in live_a_day(hospital, clock):
        fresh = board()
        for old in snapshots:
            assert fold(old, pushed(hospital)) == (rows(fresh), fresh["sequence"])
        snapshots.append(fresh)
    seen = {row["kind"] for snapshot in snapshots for row in snapshot["rows"]}
    assert seen == {"session", "alert", "follow_up"}
    assert len(snapshots) > 14


def test_changes_are_exactly_what_a_dashboard_missed(hospital, clock, board, changes):
    snapshots = [board()]
    for _ in live_a_day(hospital, clock):
        fresh = board()
        for old in snapshots:
            missed = changes(old["sequence"])
            assert missed["sequence"] == fresh["sequence"]
            caught_up = rows(old)
            for row in missed["rows"]:
                assert row["sequence"] > old["sequence"]
                if row.get("removed"):
                    caught_up.pop(row["row_id"], None)
                else:
                    caught_up[row["row_id"]] = row
            assert caught_up == rows(fresh)
            unchanged = {name for name, row in rows(fresh).items() if row["sequence"] <= old["sequence"]}
            assert not unchanged & set(rows(missed))
        assert changes(fresh["sequence"])["rows"] == []
        snapshots.append(fresh)


def test_a_row_leaves_when_the_watch_after_the_end_is_over(hospital, board, changes):
    session = running_session(hospital)
    row_id, before = f"session:{session.pk}", board()
    assert row_id in rows(before)
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(9))
    stopped = rows(board())[row_id]
    assert (stopped["state"], stopped["watching"], stopped["rate_ml_per_h"]) == ("stopped", True, None)
    assert stopped["next"] == {"code": "vitals_due", "due_at": minutes(9).isoformat(), "asked": False}
    assert watch(hospital, session.pk) == minutes(69)
    assert row_id not in rows(board())
    missed = changes(before["sequence"])["rows"]
    [gone] = [row for row in missed if row["row_id"] == row_id]
    assert gone == {"row_id": row_id, "sequence": gone["sequence"], "removed": True}
    assert all(row.get("removed") for row in missed)  # the planned checks are not due yet


def test_the_card_of_a_running_infusion(hospital, clock, board):
    session = running_session(hospital, name=NAME)
    clock.set(climb(hospital, session.pk, to_step=2))
    clock.forward(minutes=2)
    observe(hospital, session.pk, clock.now, pulse_per_min=80)
    row = rows(board())[f"session:{session.pk}"]
    assert (row["state"], row["product"], row["day_number"], row["days"]) == ("running", "Kiovig", 1, 5)
    assert (row["rate_ml_per_h"], row["rate_ml_per_kg_h"]) == ("120", "2")
    assert (row["volume_given_ml"], row["volume_total_ml"], row["hung_left_ml"]) == ("24", "250", "226")
    assert (row["score"]["code"], row["score"]["total"], row["score"]["level"]) == ("news2", 0, "none")
    assert row["vitals_at"] == clock.now.isoformat()
    assert row["responsible"] == {"id": hospital.nurse.pk, "name": hospital.nurse.display_name}
    assert (row["reaction_open"], row["watching"]) == (False, False)
    assert row["volume_as_of"] == clock.now.isoformat()
    assert row["last_vitals"]["pulse_per_min"] == "80"
    assert row["next"] == {"code": "step_due", "due_at": minutes(40).isoformat(), "asked": False}


def test_people_stand_beside_the_rows_and_in_no_row(hospital, clock, board):
    for _ in live_a_day(hospital, clock):
        snapshot = board()
        patients = {str(row["patient_id"]) for row in snapshot["rows"] if row["patient_id"]}
        assert set(snapshot["people"]) == patients
        for person in snapshot["people"].values():
            assert person["name"] == NAME and person["age_years"] == 45 and person["bed"]
        assert not any(word in json.dumps(snapshot["rows"], ensure_ascii=False) for word in NAME.split())
    messages = json.dumps(pushed(hospital), ensure_ascii=False)
    assert len(messages) > 1000
    assert not any(word in messages for word in NAME.split())
    assert "UNIT-" not in messages and "1980-05-17" not in messages


def test_another_wards_board_is_not_touched(hospital, elsewhere, clock):
    other = Door(elsewhere.nurse)
    for _ in live_a_day(hospital, clock):
        pass
    board = other.get(f"wards/{elsewhere.ward.pk}/board/").json()
    assert (board["rows"], board["people"], board["sequence"]) == ([], {}, 0)
    assert not OutboxMessage.objects.filter(ward_id=elsewhere.ward.pk).exists()


def test_a_write_that_is_refused_pushes_nothing(hospital, board):
    session = running_session(hospital)
    before, messages = board(), len(pushed(hospital))
    answer = Door(hospital.nurse).post(f"sessions/{session.pk}/confirm-step/", {"version": session.version})
    assert answer.status_code == 400
    assert board() == before
    assert len(pushed(hospital)) == messages


def test_the_board_takes_the_same_few_queries_for_one_patient_or_six(
    hospital, board, django_assert_max_num_queries
):
    running_session(hospital)
    with django_assert_max_num_queries(12) as one:
        board()
    for _ in range(5):
        running_session(hospital)
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert len(board()["rows"]) == 6
