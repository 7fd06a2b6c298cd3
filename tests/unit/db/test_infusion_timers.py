"""The infusion asks for what is due, once, and only while it is still due."""

from datetime import timedelta

import pytest

from apps.alerts.models import Alert
from apps.infusions import services
from apps.infusions.selectors import access_session
from apps.infusions.services.observing import ObservationEntry
from apps.ledger.models import Event, Timer
from tests.builders import NOW, climb, observe, running_session, vitals

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def session(hospital):
    return running_session(hospital)


@pytest.fixture
def now(hospital, session):
    return lambda: access_session(hospital.nurse, session.pk)


def asked_for(name):
    return Event.objects.filter(name=name).count()


def test_nothing_is_asked_before_it_is_due(clock, session, now):
    assert clock.fire(minutes(14)) == 0
    assert now().asked == []


def test_vital_signs_are_asked_for_then_missed(clock, session, now, hospital):
    clock.fire(minutes(15))
    assert now().asked == ["observation"]
    assert not Alert.objects.exists()
    clock.fire(minutes(25))
    alert = Alert.objects.get()
    assert (alert.code, alert.priority, alert.state) == ("observation_overdue", "medium", "raised")
    assert alert.params == {"minutes": {"number": "10"}}

    observe(hospital, session.pk, minutes(26))
    assert now().asked == []
    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.nurse)


def test_measured_in_time_nobody_is_alerted(clock, session, now, hospital):
    observe(hospital, session.pk, minutes(14))
    clock.fire(minutes(25))
    assert now().asked == []
    assert not Alert.objects.exists()
    clock.fire(minutes(29))
    assert now().asked == ["observation"]


def test_the_step_is_asked_for_once(clock, session, now, hospital):
    observe(hospital, session.pk, minutes(29))
    clock.fire(minutes(30))
    clock.fire(minutes(31))
    assert (now().asked, asked_for("infusion.step.due")) == (["step"], 1)
    assert now().step_index == 0  # asked, never done by itself


def test_a_confirmed_step_is_no_longer_asked_for_and_the_next_one_is(clock, session, now, hospital):
    observe(hospital, session.pk, minutes(30))
    clock.fire(minutes(30))
    services.confirm_step(
        performer=hospital.nurse, session_id=session.pk, version=now().version, now=minutes(31)
    )
    assert now().asked == []
    clock.fire(minutes(35))
    assert now().asked == []
    clock.fire(minutes(36))
    assert (now().asked, asked_for("infusion.step.due")) == (["step"], 2)


def test_a_step_confirmed_before_its_timer_fired_is_not_asked_for(clock, session, now, hospital):
    climb(hospital, session.pk, to_step=1)
    clock.fire(minutes(30))
    assert asked_for("infusion.step.due") == 0
    assert Timer.objects.get(kind="infusion.step.due", due_at=minutes(30)).state == "done"


def test_a_paused_infusion_asks_for_vital_signs_but_for_no_step(clock, session, now, hospital):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(10))
    clock.fire(minutes(30))
    assert asked_for("infusion.step.due") == 0
    assert now().asked == ["observation"]
    services.resume_session(
        performer=hospital.nurse,
        session_id=session.pk,
        version=now().version,
        step_index=None,
        reason="",
        now=minutes(40),
    )
    clock.fire(minutes(69))
    assert asked_for("infusion.step.due") == 0
    clock.fire(minutes(70))
    assert asked_for("infusion.step.due") == 1


def test_when_the_volume_is_in_by_the_clock_completion_is_asked_for(clock, session, now, hospital):
    climb(hospital, session.pk, to_step=4)
    clock.fire(minutes(78))
    assert "volume" not in now().asked
    clock.fire(minutes(78) + timedelta(seconds=20))
    assert "volume" in now().asked
    assert now().state == "running"  # asked, never done by itself


def test_a_rate_changed_meanwhile_moves_the_end(clock, session, now, hospital):
    climb(hospital, session.pk, to_step=4)
    services.lower_rate(
        performer=hospital.nurse, session_id=session.pk, step_index=3, reason="", now=minutes(60)
    )
    clock.fire(minutes(80))
    assert asked_for("infusion.volume.due") == 0
    clock.fire(minutes(60 + 27) + timedelta(seconds=30))  # 110 mL left at 240 mL/h
    assert asked_for("infusion.volume.due") == 1


def test_a_late_change_of_rate_does_not_take_the_question_back(clock, session, now, hospital):
    climb(hospital, session.pk, to_step=4)
    clock.fire(minutes(79))
    assert "volume" in now().asked
    services.lower_rate(
        performer=hospital.nurse, session_id=session.pk, step_index=3, reason="line", now=minutes(80)
    )
    clock.fire(minutes(81))
    assert "volume" in now().asked


def test_an_ended_infusion_asks_for_vital_signs_and_nothing_else(clock, session, now, hospital):
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(10))
    clock.fire(minutes(600))
    assert now().asked == ["observation"]
    assert Alert.objects.get(subject=f"session:{session.pk}").code == "observation_overdue"


def test_an_infusion_that_is_watched_no_more_asks_for_nothing(clock, session, now, hospital):
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(10))
    services.end_watch(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(10))
    clock.fire(minutes(600))
    assert now().asked == []
    names = set(Event.objects.filter(subject=f"session:{session.pk}").values_list("name", flat=True))
    assert names == {"infusion.session.started", "infusion.session.stopped", "infusion.watch.ended"}
    assert not Alert.objects.filter(subject=f"session:{session.pk}").exists()


# A due time that lies in the past already


def record(hospital, session, entry, at):
    return services.record_observation(
        performer=hospital.nurse, session_id=session.pk, entry=entry, now=minutes(at)
    )


def in_error(hospital, session, row, at):
    services.mark_observation_in_error(
        performer=hospital.nurse,
        session_id=session.pk,
        observation_id=row.pk,
        reason="bed 4",
        now=minutes(at),
    )


def test_a_wrong_newest_set_asks_again_at_once_for_what_was_due_before(clock, session, now, hospital):
    wrong = observe(hospital, session.pk, minutes(14))
    clock.fire(minutes(20))
    assert (now().asked, now().observation_due_at) == ([], minutes(29))
    in_error(hospital, session, wrong, 20)
    assert (now().asked, now().observation_due_at) == (["observation"], minutes(15))
    assert not Alert.objects.exists(), "due for five minutes: not missed yet"
    clock.fire(minutes(25))
    assert Alert.objects.get().code == "observation_overdue"


def test_a_wrong_newest_set_that_hid_a_missed_one_alerts_at_once(clock, session, now, hospital):
    wrong = observe(hospital, session.pk, minutes(14))
    clock.fire(minutes(28))
    in_error(hospital, session, wrong, 28)
    assert now().asked == ["observation"]
    alert = Alert.objects.get()
    assert (alert.code, alert.state, alert.params) == (
        "observation_overdue", "raised", {"minutes": {"number": "13"}},
    )  # fmt: skip
    clock.fire(minutes(40))
    assert Alert.objects.count() == 1, "nobody is alerted twice"


def test_a_set_corrected_to_an_earlier_time_asks_at_once(clock, session, now, hospital):
    wrong = observe(hospital, session.pk, minutes(20))
    clock.fire(minutes(21))
    entry = ObservationEntry(vitals=vitals(minutes(5)), replaces=wrong.pk, reason="wrong time")
    record(hospital, session, entry, 21)
    assert (now().asked, now().observation_due_at) == (["observation"], minutes(20))


def test_a_set_typed_late_answers_the_alert_for_it(clock, session, now, hospital):
    clock.fire(minutes(26))
    assert Alert.objects.get().state == "raised"
    record(hospital, session, ObservationEntry(vitals=vitals(minutes(14))), 27)
    assert (now().asked, now().observation_due_at) == ([], minutes(29))
    assert Alert.objects.get().state == "resolved"


def test_a_set_typed_very_late_leaves_the_next_one_missed(clock, session, now, hospital):
    clock.fire(minutes(26))
    record(hospital, session, ObservationEntry(vitals=vitals(minutes(4))), 30)
    assert (now().asked, now().observation_due_at) == (["observation"], minutes(19))
    assert Alert.objects.get().state == "raised"


def test_an_end_typed_late_asks_for_the_sets_after_it_at_once(clock, session, now, hospital):
    services.stop_session(
        performer=hospital.nurse,
        session_id=session.pk,
        reason="",
        now=minutes(28),
        effective_at=minutes(10),
    )
    clock.fire(minutes(28))
    assert (now().asked, now().observation_due_at) == (["observation"], minutes(10))
    assert Alert.objects.get().code == "observation_overdue"


def test_a_night_without_workers_is_caught_up_in_the_morning(clock, session, now):
    clock.fire(minutes(600))
    assert set(now().asked) == {"step", "observation", "volume"}
    assert Alert.objects.get().params == {"minutes": {"number": "585"}}
    assert not Timer.objects.filter(
        state="pending", due_at__lte=minutes(600), kind__startswith="infusion"
    ).exists()


def test_resumed_after_the_volume_was_in_it_asks_for_completion_at_once(clock, session, now, hospital):
    climb(hospital, session.pk, to_step=4)
    clock.fire(minutes(79))
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(80))
    assert "volume" not in now().asked
    services.resume_session(
        performer=hospital.nurse,
        session_id=session.pk,
        version=now().version,
        step_index=None,
        reason="",
        now=minutes(81),
    )
    assert "volume" in now().asked
