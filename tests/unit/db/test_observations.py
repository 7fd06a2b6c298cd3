"""Vital signs speak: a fall raises an alert, a repeat joins it, worse re-opens it; taken and quiet ends it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.alerts.models import Alert
from apps.alerts.services import acknowledge_alert
from apps.edge.messages import params_from_json
from apps.infusions import services
from apps.infusions.domain import Vitals
from apps.infusions.models import Observation
from apps.infusions.presentation import present
from apps.infusions.selectors import access_session
from apps.infusions.services.observing import NotDone, ObservationEntry
from apps.kernel.errors import ConflictError, DomainError
from apps.ledger.models import Event
from tests.builders import NOW, Door, observe, running_session, vitals, vitals_entry

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def session(hospital):
    return running_session(hospital)  # baseline 124 mmHg


@pytest.fixture
def see(hospital, session):
    """see(minute, systolic_mmhg=84): a set of vital signs; returns the open hypotension alert."""

    def look(minute, **changes):
        observe(hospital, session.pk, minutes(minute), **changes)
        return Alert.objects.filter(code="hypotension").order_by("-id").first()

    return look


def take(hospital, minute):
    alert = Alert.objects.filter(code="hypotension").latest("id")
    return acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(minute))


def test_a_quiet_set_raises_nothing(see):
    assert see(10) is None
    assert not Alert.objects.exists()


@pytest.mark.parametrize(
    ("systolic", "priority"),
    [(105, None), (104, "medium"), (90, "medium"), (89, "high"), (86, "high"), (60, "high")],
)
def test_a_fall_in_pressure_raises_as_urgently_as_it_is_deep(see, systolic, priority):
    alert = see(10, systolic_mmhg=systolic)
    assert (alert.priority if alert else None) == priority


def test_the_alert_answers_why(see, session):
    alert = see(10, systolic_mmhg=100)
    assert (alert.subject, alert.patient_id, alert.raised_at) == (
        f"session:{session.pk}", session.patient_id, minutes(10),
    )  # fmt: skip
    numbers = params_from_json(alert.params)
    assert (numbers["value"], numbers["baseline"], numbers["change"]) == (100, 124, 24)
    assert alert.source


def test_a_repeat_joins_the_same_alert_with_the_newest_numbers(see):
    first = see(10, systolic_mmhg=86)
    again = see(15, systolic_mmhg=82)
    assert Alert.objects.filter(code="hypotension").count() == 1
    assert (again.pk, params_from_json(again.params)["value"]) == (first.pk, 82)
    assert (again.raised_at, again.repeated_at) == (minutes(10), minutes(15))
    names = (
        Event.objects.filter(subject=f"alert:{again.pk}").order_by("position").values_list("name", flat=True)
    )
    assert list(names) == ["alert.raised", "alert.repeated"]


def test_two_signs_are_two_alerts(see):
    see(10, systolic_mmhg=100, spo2_percent=89, temperature_c=Decimal("38.9"))
    assert dict(Alert.objects.values_list("code", "priority")) == {
        "hypotension": "medium", "spo2": "high", "temperature": "high", "news2": "medium",
    }  # fmt: skip


def test_a_deep_fall_alone_asks_for_a_look_at_anaphylaxis_and_for_a_team(see):
    """An isolated low pressure after immunoglobulin meets the second criterion (clinical facts 3.3)."""
    see(10, systolic_mmhg=84)
    assert dict(Alert.objects.values_list("code", "priority")) == {
        "hypotension": "high", "anaphylaxis": "high", "news2": "medium",
    }  # fmt: skip


def test_worse_after_it_was_taken_opens_it_again(see, hospital):
    see(10, systolic_mmhg=100)
    take(hospital, 11)
    worse = see(15, systolic_mmhg=84)
    assert Alert.objects.filter(code="hypotension").count() == 1
    assert (worse.priority, worse.state, worse.acknowledged_by) == ("high", "raised", None)


def test_as_bad_as_before_leaves_it_taken(see, hospital):
    see(10, systolic_mmhg=100)
    take(hospital, 11)
    same = see(15, systolic_mmhg=99)
    assert (same.state, same.acknowledged_by) == ("acknowledged", hospital.nurse)


def test_quiet_numbers_alone_hide_nothing(see):
    see(10, systolic_mmhg=84)
    assert see(15).state == "raised"


def test_taken_and_quiet_is_over(see, hospital):
    see(10, systolic_mmhg=84)
    take(hospital, 11)
    over = see(15)
    assert (over.state, over.resolved_at) == ("resolved", minutes(15))
    new = see(20, systolic_mmhg=84)
    assert new.pk != over.pk and new.state == "raised"


def test_a_sign_that_was_not_measured_is_unknown_not_quiet(see, hospital):
    see(10, systolic_mmhg=84)
    take(hospital, 11)
    assert see(15, systolic_mmhg=None).state == "acknowledged"


def test_a_slightly_better_number_does_not_make_an_untaken_alert_less_urgent(see):
    see(10, systolic_mmhg=84)
    better = see(12, systolic_mmhg=100)
    assert (better.state, better.priority) == ("raised", "high")


def test_each_set_asks_for_the_next_one(see, hospital, session):
    due = {}
    for minute in (15, 30, 45, 60, 90):
        see(minute)
        due[minute] = access_session(hospital.nurse, session.pk).observation_due_at
    assert due == {15: minutes(30), 30: minutes(45), 45: minutes(60), 60: minutes(90), 90: minutes(120)}


def test_a_set_typed_late_does_not_put_the_next_one_off(hospital, session, see):
    see(20)
    services.record_observation(
        performer=hospital.nurse,
        session_id=session.pk,
        entry=ObservationEntry(vitals=vitals(minutes(5))),
        now=minutes(25),
    )
    assert access_session(hospital.nurse, session.pk).observation_due_at == minutes(35)
    event = Event.objects.filter(name="infusion.observation.recorded").latest("position")
    assert (event.occurred_at, event.recorded_at) == (minutes(5), minutes(25))


def test_nothing_at_all_is_no_observation(hospital, session):
    with pytest.raises(DomainError) as refused:
        services.record_observation(
            performer=hospital.nurse,
            session_id=session.pk,
            entry=ObservationEntry(vitals=Vitals(minutes(5))),
            now=minutes(5),
        )
    assert refused.value.code == "observation_empty"


def test_while_paused_and_after_the_end_one_goes_on_looking_until_the_watch_is_over(hospital, session, see):
    services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(5))
    assert see(6, systolic_mmhg=84).state == "raised"
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(7))
    assert see(8, systolic_mmhg=80).repeated_at == minutes(8)
    services.end_watch(
        performer=hospital.nurse, session_id=session.pk, reason="To intensive care.", now=minutes(9)
    )
    with pytest.raises(ConflictError) as refused:
        see(10)
    assert refused.value.code == "session_not_open"


def test_why_a_sign_was_not_measured_is_kept_and_still_unknown(hospital, session, see):
    entry = ObservationEntry(
        vitals=vitals(minutes(10), temperature_c=None),
        not_done={"temperature_c": NotDone("refused", "asleep")},
    )
    services.record_observation(performer=hospital.nurse, session_id=session.pk, entry=entry, now=minutes(10))
    row = Observation.objects.get(is_baseline=False)
    assert row.not_done == {"temperature_c": {"code": "refused", "reason": "asleep"}}
    shown = present(access_session(hospital.nurse, session.pk), now=minutes(10))
    assert (shown["score"]["total"], shown["score"]["missing"]) == (None, ["temperature_c"])
    assert shown["next_step"]["gate"]["holds"][-1]["code"] == "gate_vital_missing"


def test_persian_digits_typed_at_the_bedside_are_the_same_numbers(hospital, session, clock):
    clock.set(minutes(10))
    entry = vitals_entry() | {"systolic_mmhg": "۸۴", "temperature_c": "۳۶٫۹", "pulse_per_min": "٧٢"}
    shown = Door(hospital.nurse).post(f"sessions/{session.pk}/observations/", entry).json()
    row = Observation.objects.get(is_baseline=False)
    assert (row.systolic_mmhg, row.pulse_per_min, str(row.temperature_c)) == (84, 72, "36.9")
    assert ("hypotension", "high") in [(alert["code"], alert["priority"]) for alert in shown["alerts"]]
    assert shown["observations"][0]["findings"][0]["code"] == "systolic_below_90"


@pytest.mark.parametrize("minute", [-1445, 75])
def test_a_time_tomorrow_or_the_day_before_yesterday_is_a_slip_of_the_finger(
    hospital, session, clock, minute
):
    clock.set(minutes(10))
    entry = vitals_entry() | {"effective_at": minutes(minute).isoformat()}
    answer = Door(hospital.nurse).post(f"sessions/{session.pk}/observations/", entry)
    assert answer.status_code == 400
    assert set(answer.json()["extra"]["fields"]) == {"effective_at"}


def test_taken_after_the_end_it_stays_while_watched_and_leaves_the_board_with_the_watch(
    see, hospital, session
):
    see(5, systolic_mmhg=84)
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(6))
    assert take(hospital, 7).state == "acknowledged"
    assert see(8, systolic_mmhg=86).state == "acknowledged"
    services.end_watch(performer=hospital.nurse, session_id=session.pk, reason="Moved.", now=minutes(9))
    alert = Alert.objects.get(code="hypotension")
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.nurse)


def test_taken_after_the_watch_it_leaves_the_board_at_once(see, hospital, session):
    see(5, systolic_mmhg=84)
    services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="", now=minutes(6))
    services.end_watch(performer=hospital.nurse, session_id=session.pk, reason="Moved.", now=minutes(7))
    assert Alert.objects.get(code="hypotension").state == "raised", "nobody took it"
    take(hospital, 8)
    alert = Alert.objects.get(code="hypotension")
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.nurse)
