"""An alert is taken once, by a name and at a time, and climbs only while nobody takes it."""

from datetime import timedelta

import pytest

from apps.alerts.domain.escalation import WAITS, Priority
from apps.alerts.models import Alert
from apps.alerts.services import Condition, acknowledge_alert, raise_alert, resolve_alerts
from apps.kernel.errors import ForbiddenError, NotFoundError
from apps.ledger.models import Event
from tests.builders import NOW, Door, admit_patient, in_parallel

pytestmark = pytest.mark.django_db


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def sound(hospital):
    """sound(priority, minute): the condition, as a rule would raise it."""
    patient = admit_patient(hospital)

    def raise_it(priority=Priority.HIGH, minute=0, code="hypotension"):
        condition = Condition(code, priority, "Pressure %(value)s.", {"value": minute}, "a source")
        return raise_alert(
            ward_id=hospital.ward.pk,
            patient_id=patient.pk,
            subject="session:1",
            condition=condition,
            now=minutes(minute),
        )

    return raise_it


def take(person, minute=1):
    return acknowledge_alert(performer=person, alert_id=Alert.objects.get().pk, now=minutes(minute))


def happened():
    return list(Event.objects.filter(name__startswith="alert.").order_by("id").values_list("name", flat=True))


def test_taking_it_says_who_and_when(sound, hospital):
    sound()
    take(hospital.nurse)
    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by, alert.acknowledged_at) == (
        "acknowledged", hospital.nurse, minutes(1),
    )  # fmt: skip


def test_taking_it_twice_keeps_the_first_name(sound, hospital):
    sound()
    take(hospital.nurse)
    take(hospital.physician, 2)
    alert = Alert.objects.get()
    assert (alert.acknowledged_by, alert.acknowledged_at) == (hospital.nurse, minutes(1))
    assert happened() == ["alert.raised", "alert.acknowledged"]


@pytest.mark.django_db(transaction=True)
def test_taken_by_two_at_once_it_has_one_name(sound, hospital):
    sound()
    results = in_parallel(
        *[lambda person=person: take(person) for person in (hospital.nurse, hospital.physician)] * 2
    )
    assert {result.acknowledged_by_id for result in results} == {Alert.objects.get().acknowledged_by_id}
    assert happened().count("alert.acknowledged") == 1


@pytest.mark.parametrize("priority", list(Priority))
def test_untaken_it_escalates_when_its_time_is_over(sound, clock, priority):
    alert = sound(priority)
    due = NOW + WAITS[priority][0]
    clock.fire(due - timedelta(seconds=1))
    assert happened() == ["alert.raised"]
    clock.fire(due)
    alert.refresh_from_db()
    assert (alert.state, alert.escalated_at) == ("raised", due)
    assert happened() == ["alert.raised", "alert.escalated"]


def test_taken_it_does_not_escalate(sound, hospital, clock):
    sound()
    take(hospital.nurse)
    clock.fire(minutes(600))
    assert Alert.objects.get().escalated_at is None


def test_resolved_it_does_not_escalate(sound, hospital, clock):
    sound()
    resolve_alerts(subject="session:1", now=minutes(1), done_by=hospital.nurse)
    clock.fire(minutes(600))
    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by, alert.escalated_at) == ("resolved", hospital.nurse, None)


def test_an_escalated_one_can_still_be_taken(sound, hospital, clock):
    sound()
    clock.fire(minutes(2))
    take(hospital.physician, 3)
    assert Alert.objects.get().state == "acknowledged"


def test_worse_while_it_waits_escalates_by_the_shorter_time(sound, clock):
    sound(Priority.MEDIUM)
    sound(Priority.HIGH, 3)
    clock.fire(minutes(5))
    assert Alert.objects.get().escalated_at == minutes(5)


def test_reopened_by_a_worse_number_it_escalates_again(sound, hospital, clock):
    sound(Priority.MEDIUM)
    take(hospital.nurse)
    sound(Priority.HIGH, 5)
    clock.fire(minutes(7))
    alert = Alert.objects.get()
    assert (alert.state, alert.escalated_at) == ("raised", minutes(7))


def test_bad_better_and_bad_again_escalates_again(sound, hospital, clock):
    sound(Priority.HIGH)
    take(hospital.nurse)
    sound(Priority.MEDIUM, 5)
    sound(Priority.HIGH, 10)
    assert Alert.objects.get().state == "raised"
    clock.fire(minutes(12))
    assert Alert.objects.get().escalated_at == minutes(12)


def test_reopened_after_it_had_escalated_it_escalates_again(sound, hospital, clock):
    sound(Priority.HIGH)
    clock.fire(minutes(2))
    take(hospital.nurse, 3)
    sound(Priority.LOW, 5)
    sound(Priority.HIGH, 10)
    assert Alert.objects.get().escalated_at is None
    clock.fire(minutes(12))
    assert Alert.objects.get().escalated_at == minutes(12)


def test_the_same_condition_after_it_was_resolved_is_a_new_alert(sound, hospital, clock):
    first = sound()
    resolve_alerts(subject="session:1", now=minutes(1), done_by=hospital.nurse)
    second = sound(minute=5)
    assert first.pk != second.pk
    clock.fire(minutes(7))
    second.refresh_from_db()
    assert second.escalated_at == minutes(7)


def test_resolving_without_a_person_leaves_untaken_ones(sound, hospital):
    sound()
    resolve_alerts(subject="session:1", now=minutes(1))
    assert Alert.objects.get().state == "raised"
    take(hospital.nurse)
    resolve_alerts(subject="session:1", now=minutes(2), codes=frozenset({"spo2"}))
    assert Alert.objects.get().state == "acknowledged"
    resolve_alerts(subject="session:1", now=minutes(3))
    assert Alert.objects.get().state == "resolved"


def test_only_the_wards_own_bedside_staff_take_it(sound, hospital, elsewhere):
    sound()
    with pytest.raises(NotFoundError):
        take(elsewhere.nurse)
    with pytest.raises(ForbiddenError):
        take(hospital.safety_officer)
    assert Alert.objects.get().state == "raised"


def test_over_the_api_everyone_reads_who_took_it(sound, hospital, clock):
    alert = sound()
    clock.set(minutes(1))
    body = Door(hospital.nurse).post(f"alerts/{alert.pk}/acknowledge/").json()
    assert (body["state"], body["acknowledged_by"], body["text"]) == (
        "acknowledged",
        "Nurse Neurology",
        "Pressure 0.",
    )
    again = Door(hospital.physician).post(f"alerts/{alert.pk}/acknowledge/").json()
    assert (again["acknowledged_by"], again["acknowledged_at"]) == (
        body["acknowledged_by"], body["acknowledged_at"],
    )  # fmt: skip
