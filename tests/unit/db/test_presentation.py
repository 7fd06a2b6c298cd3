"""The plan on the bedside page: done steps as they were, steps ahead as they would come."""

from datetime import timedelta

import pytest

from apps.infusions.presentation import present
from apps.infusions.selectors import access_session
from tests.builders import NOW, climb, running_session

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
    assert shown["actions"] == ["observe", "react", "confirm_step", "pause", "stop", "complete"]
