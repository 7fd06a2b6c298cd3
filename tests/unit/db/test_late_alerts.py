"""After an outage an alert says when it was due: nobody takes "raised now" for "since now"."""

from datetime import timedelta

import pytest

from apps.alerts.models import Alert
from apps.followups.models import FollowUpCheck
from apps.infusions.services.common import observation_overdue_at
from tests.builders import Door, finish, running_session, watch

pytestmark = pytest.mark.django_db


def row_of(hospital, code):
    board = Door(hospital.nurse).get(f"wards/{hospital.ward.pk}/board/").json()
    return next(row for row in board["rows"] if row["kind"] == "alert" and row["code"] == code)


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (5, False), (6, True), (300, True)])
def test_overdue_vital_signs(hospital, clock, minutes, late):
    session = running_session(hospital)
    due_at = observation_overdue_at(session)
    clock.fire(due_at + timedelta(minutes=minutes))
    clock.fire()
    assert row_of(hospital, "observation_overdue")["was_due_at"] == (due_at.isoformat() if late else None)


def test_an_overdue_follow_up(hospital, clock):
    session = running_session(hospital)
    finish(hospital, session.pk)
    watch(hospital, session.pk)
    call = FollowUpCheck.objects.get(code="aseptic_meningitis_call")
    clock.fire(call.closes_at + timedelta(hours=7))
    alert = Alert.objects.get(subject=f"check:{call.pk}", code="follow_up_overdue")
    assert (alert.was_due_at, alert.raised_at) == (call.closes_at, clock.now)
    board = Door(hospital.nurse).get(f"wards/{hospital.ward.pk}/board/").json()
    [row] = [row for row in board["rows"] if row.get("alert_id") == alert.pk]
    assert row["was_due_at"] == call.closes_at.isoformat()


def test_an_overdue_follow_up_in_time_says_nothing(hospital, clock):
    session = running_session(hospital)
    finish(hospital, session.pk)
    watch(hospital, session.pk)
    call = FollowUpCheck.objects.get(code="aseptic_meningitis_call")
    clock.fire(call.due_at)
    clock.fire(call.closes_at + timedelta(minutes=1))
    assert Alert.objects.get(subject=f"check:{call.pk}").was_due_at is None


def test_the_page_of_the_infusion_says_it(hospital, clock):
    session = running_session(hospital)
    due_at = observation_overdue_at(session)
    clock.fire(due_at + timedelta(minutes=30))
    page = Door(hospital.nurse).client.get(f"/sessions/{session.pk}/").content.decode()
    line = page.split('data-test="alert-late"')[1].split("</p>")[0]
    assert due_at.isoformat().replace("+00:00", "Z") in line
