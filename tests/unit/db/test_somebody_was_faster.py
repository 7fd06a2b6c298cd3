"""Whoever comes second is told what changed since what they saw, and who changed it."""

from datetime import timedelta

import pytest

from apps.infusions import services
from tests.builders import NOW, Door, observe, running_session

pytestmark = pytest.mark.django_db
DUE = NOW + timedelta(minutes=30)


@pytest.fixture
def session(hospital, clock):
    session = running_session(hospital)
    clock.set(DUE)
    observe(hospital, session.pk, DUE)
    return session


def refused(person, session, act, **entry):
    answer = Door(person).post(f"sessions/{session.pk}/{act}/", entry)
    assert answer.status_code == 409, answer.json()
    return answer.json()


def said(body):
    return [(change["text"], change["by"]) for change in body["extra"]["changes"]]


def test_the_second_nurse_sees_the_first_ones_step(hospital, session, clock):
    services.confirm_step(performer=hospital.nurse, session_id=session.pk, version=session.version, now=DUE)
    clock.forward(seconds=5)
    body = refused(hospital.second_nurse, session, "confirm-step", version=session.version)
    assert body["code"] == "session_changed"
    assert said(body) == [("Rate changed to 60 mL/h.", hospital.nurse.display_name)]
    shown = {name: body["extra"][name] for name in ("state", "step_index", "rate_ml_per_h")}
    assert shown == {"state": "running", "step_index": 1, "rate_ml_per_h": "60"}
    assert body["extra"]["version"] == session.version + 1


def test_only_what_happened_since_what_was_seen_is_told_newest_first(hospital, session, clock):
    seen = session.version
    services.confirm_step(performer=hospital.nurse, session_id=session.pk, version=seen, now=DUE)
    clock.forward(seconds=60)
    observe(hospital, session.pk, clock.now)
    services.pause_session(
        performer=hospital.physician, session_id=session.pk, reason="to X-ray", now=clock.now
    )
    body = refused(hospital.second_nurse, session, "stay", version=seen, minutes=10, reason="tired")
    assert said(body) == [
        ("Paused. to X-ray", hospital.physician.display_name),
        ("Vital signs recorded.", hospital.nurse.display_name),
        ("Rate changed to 60 mL/h.", hospital.nurse.display_name),
    ]
    body = refused(hospital.second_nurse, session, "stay", version=seen + 1, minutes=10, reason="tired")
    assert said(body)[0] == ("Paused. to X-ray", hospital.physician.display_name)
    assert len(said(body)) == 1


def test_an_act_that_needs_no_version_tells_what_came_after_it(hospital, session, clock):
    """A pause typed later than a rate change that was set after it."""
    clock.forward(minutes=5)
    services.confirm_step(
        performer=hospital.nurse, session_id=session.pk, version=session.version, now=clock.now
    )
    body = refused(
        hospital.second_nurse, session, "pause", effective_at=(DUE + timedelta(minutes=1)).isoformat()
    )
    assert body["code"] == "changed_meanwhile"
    assert said(body) == [("Rate changed to 60 mL/h.", hospital.nurse.display_name)]


def test_two_pauses_tell_who_paused(hospital, session, clock):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=DUE)
    body = refused(hospital.second_nurse, session, "pause", version=session.version)
    assert said(body) == [("Paused.", hospital.nurse.display_name)]


def test_the_reader_s_language_tells_it(hospital, session, clock):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=DUE)
    door = Door(hospital.second_nurse, language="nb")
    body = door.post(f"sessions/{session.pk}/pause/", {"version": session.version}).json()
    assert said(body) == [("Pauset.", hospital.nurse.display_name)]
