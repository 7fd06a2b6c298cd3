"""The plan on the bedside page: done steps as they were, steps ahead as they would come."""

from datetime import timedelta

import pytest

from apps.infusions import services
from apps.infusions.presentation import present
from apps.infusions.selectors import access_session
from tests.builders import NOW, climb, react, running_session

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def session(hospital):
    return running_session(hospital)


def starts(hospital, session, at):
    shown = present(access_session(hospital.nurse, session.pk), now=at)
    return [step.planned_start for step in shown["plan"]["steps"]]


def test_on_time_the_plan_is_the_norwegian_page_s(hospital, session):
    assert starts(hospital, session, minutes(10)) == [minutes(m) for m in (0, 30, 35, 40, 45)]


def test_a_late_step_shifts_the_rest(hospital, session):
    assert starts(hospital, session, minutes(50)) == [minutes(m) for m in (0, 50, 55, 60, 65)]


def test_done_steps_keep_their_real_times(hospital, session):
    climb(hospital, session.pk, to_step=2)
    assert starts(hospital, session, minutes(36)) == [minutes(m) for m in (0, 30, 35, 40, 45)]


def test_what_may_be_done_follows_the_state(hospital, session):
    shown = present(access_session(hospital.nurse, session.pk), now=minutes(1))
    assert shown["actions"] == [
        "observe", "react", "hang_vial", "hand_over", "confirm_step", "stay", "pause", "stop", "complete",
    ]  # fmt: skip


def actions(hospital, session, at):
    return present(access_session(hospital.nurse, session.pk), now=at)["actions"]


def test_what_can_only_be_refused_is_not_offered(hospital, session):
    at = climb(hospital, session.pk, to_step=4)
    assert {"confirm_step", "stay"}.isdisjoint(actions(hospital, session, at))
    assert "lower_rate" in actions(hospital, session, at)


def test_in_a_pause_and_after_the_end(hospital, session):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(1))
    assert actions(hospital, session, minutes(2)) == [
        "observe", "react", "hang_vial", "hand_over", "resume", "stop", "complete",
    ]  # fmt: skip
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(3))
    assert actions(hospital, session, minutes(4)) == ["observe", "react", "hand_over", "end_watch"]
    services.end_watch(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(5))
    assert actions(hospital, session, minutes(6)) == []


def test_the_lowest_restart_stands_on_the_page_of_a_paused_infusion(hospital, session):
    climb(hospital, session.pk, to_step=2)
    shown = lambda at: present(access_session(hospital.nurse, session.pk), now=at)  # noqa: E731
    assert shown(minutes(36))["restart"] is None
    react(hospital, session.pk, minutes(36), action="pause")
    assert shown(minutes(37))["restart"]["rate_ml_per_h"] == 60
    assert (shown(minutes(37))["rate_ml_per_h"], shown(minutes(37))["next_step"]) == (None, None)
