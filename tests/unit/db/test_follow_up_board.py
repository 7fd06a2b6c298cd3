"""The board's line of a follow-up: who has it, how often nobody was reached, when it is tried again."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.followups.models import FollowUpCheck
from apps.followups.services import answer_check, give_back_check, record_outcome, take_check
from tests.builders import Door, finish, running_session

pytestmark = pytest.mark.django_db
NAME = "Testperson Rogn-Særpreget"
PARTS = ("Testperson", "Rogn", "Særpreget", r"S\u00e6rpreget")


@pytest.fixture
def due(hospital, clock):
    """A call that is due now."""
    session = running_session(hospital, name=NAME)
    clock.fire(finish(hospital, session.pk) + timedelta(hours=26))
    return FollowUpCheck.objects.get(code="aseptic_meningitis_call", status="due")


@pytest.fixture
def boards(hospital):
    """What a fresh board shows of the check, and what one with an old snapshot hears."""
    door = Door(hospital.nurse)
    started = door.get(f"wards/{hospital.ward.pk}/board/").json()["sequence"]

    def line(check, **query):
        def of(rows):
            return next((row for row in rows if row["row_id"] == f"follow_up:{check.pk}"), None)

        fresh = of(door.get(f"wards/{hospital.ward.pk}/board/", **query).json()["rows"])
        missed = of(
            door.get(f"wards/{hospital.ward.pk}/board/changes/", after=started, **query).json()["rows"]
        )
        assert fresh is None or missed is None or fresh == missed
        return fresh

    return line


def in_vain(hospital, check, clock, times):
    for _ in range(times):
        record_outcome(
            performer=hospital.nurse,
            check_id=check.pk,
            outcome="unreachable",
            note="",
            now=clock.forward(minutes=1),
        )
    check.refresh_from_db()


def test_nobody_has_tried_yet(due, boards):
    row = boards(due)
    assert (row["next_attempt_at"], row["responsible"], row["attempts_in_vain"]) == (None, None, 0)


def test_attempts_in_vain_and_the_next_one(due, boards, hospital, clock):
    in_vain(hospital, due, clock, 2)
    row = boards(due)
    assert (row["attempts_in_vain"], row["next_attempt_at"]) == (2, due.next_attempt_at.isoformat())


def test_who_has_taken_it_on_and_that_it_was_given_back(due, boards, hospital, clock):
    take_check(performer=hospital.second_nurse, check_id=due.pk, now=clock.now)
    assert boards(due)["responsible"] == {
        "id": hospital.second_nurse.pk, "name": hospital.second_nurse.display_name,
    }  # fmt: skip
    give_back_check(performer=hospital.nurse, check_id=due.pk, now=clock.now)
    assert boards(due)["responsible"] is None


def test_somebody_who_was_reached_is_not_waited_for(due, boards, hospital, clock):
    in_vain(hospital, due, clock, 1)
    told = {"answers": {"fever": "no"}, "note": "", "source": "call"}
    answer_check(check_id=due.pk, performer=hospital.nurse, now=clock.now, complete=False, **told)
    row = boards(due)
    assert (row["attempts_in_vain"], row["next_attempt_at"]) == (0, None)


def test_the_worklist_says_the_same(due, hospital, clock):
    in_vain(hospital, due, clock, 2)
    take_check(performer=hospital.nurse, check_id=due.pk, now=clock.now)
    [entry] = [one for one in Door(hospital.nurse).get("follow-ups/").json() if one["id"] == due.pk]
    assert (entry["attempts_in_vain"], entry["responsible"]) == (2, hospital.nurse.display_name)
    page = Door(hospital.nurse).client.get("/follow-ups/").content.decode()
    line = page.split(f'data-check="{due.pk}"')[1].split("</tr>")[0]
    assert "in vain so far: 2" in line and hospital.nurse.display_name in line


def test_in_a_corridor_no_patient_is_named(due, boards, hospital, clock):
    in_vain(hospital, due, clock, 1)
    take_check(performer=hospital.nurse, check_id=due.pk, now=clock.now)
    assert boards(due, names="initials")["attempts_in_vain"] == 1
    client = Client()
    client.force_login(hospital.nurse)
    page = client.get(f"/wards/{hospital.ward.pk}/?view=kiosk").content.decode()
    snapshot = client.get(f"/api/v1/wards/{hospital.ward.pk}/board/?names=initials").content.decode()
    assert not [part for part in PARTS if part in page + snapshot]
    assert 'data-list="follow_up"' not in page
