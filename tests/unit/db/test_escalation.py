"""Nobody takes an alert: charge nurse, physician on call, out of the ward; each looked up when called."""

from datetime import timedelta

import pytest

from apps.alerts.domain.escalation import WAITS, Priority
from apps.alerts.models import Alert, AlertHop, OutgoingMessage
from apps.alerts.selectors import calls_to, people_called_for
from apps.alerts.services import Condition, acknowledge_alert, raise_alert, resolve_alerts
from apps.ledger.models import Event, Timer
from tests.builders import NOW, Door, admit_patient, in_parallel, put_on_call

pytestmark = pytest.mark.django_db
PRIORITIES = list(Priority)


def minutes(count):
    return NOW + timedelta(minutes=count)


@pytest.fixture
def sound(hospital):
    """sound(priority, minute): a condition, as a rule would raise it."""
    patient = admit_patient(hospital)

    def raise_it(priority=Priority.HIGH, minute=0):
        return raise_alert(
            ward_id=hospital.ward.pk,
            patient_id=patient.pk,
            subject="session:1",
            condition=Condition("hypotension", priority, "Pressure %(value)s.", {"value": minute}),
            now=minutes(minute),
        )

    return raise_it


def calls():
    return [
        (hop.level, hop.called_at, [person["name"] for person in hop.people])
        for hop in AlertHop.objects.order_by("called_at", "level")
    ]


def climb_to_the_top(clock):
    for minute in (2, 4, 7):
        clock.fire(minutes(minute))


def row(hospital):
    board = Door(hospital.nurse).get(f"wards/{hospital.ward.pk}/board/").json()
    return next(one for one in board["rows"] if one["kind"] == "alert")


@pytest.mark.parametrize("priority", PRIORITIES)
def test_level_by_level_at_the_policys_times(sound, hospital, clock, priority):
    put_on_call(hospital, hospital.second_physician)
    sound(priority)
    moments, at = [], NOW
    for wait in WAITS[priority]:
        at += wait
        clock.fire(at - timedelta(seconds=1))
        assert len(calls()) == len(moments)
        clock.fire(at)
        moments.append(at)
    assert calls() == [
        (1, moments[0], ["Charge Nurse Neurology"]),
        (2, moments[1], ["Second Physician Neurology"]),
        (3, moments[2], []),
    ]
    clock.fire(at + timedelta(minutes=59))
    assert len(calls()) == 3
    assert Event.objects.filter(name="alert.escalated").count() == 3
    clock.fire(at + timedelta(days=1))
    again = [] if priority is not Priority.HIGH else [(3, at + timedelta(days=1), [])]
    assert calls()[3:] == again


def test_nobody_takes_a_high_alert_the_top_is_called_every_hour_until_somebody_does(sound, hospital, clock):
    alert = sound()
    climb_to_the_top(clock)
    for hour in (1, 2, 3):
        clock.fire(minutes(7 + 60 * hour - 1))
        assert len(calls()) == 2 + hour
        clock.fire(minutes(7 + 60 * hour))
        assert calls()[-1] == (3, minutes(7 + 60 * hour), [])
    shown = row(hospital)
    assert (shown["level"], len(shown["calls"])) == (3, 3)  # one line a level: the newest call of each
    acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(190))
    clock.fire(minutes(1000))
    assert len(calls()) == 6
    assert not Timer.objects.filter(kind="alert.escalate", state="pending").exists()


def test_with_nobody_on_call_all_physicians_of_the_ward_are_called(sound, hospital, clock):
    sound()
    clock.fire(minutes(2))
    clock.fire(minutes(4))
    assert calls()[1] == (2, minutes(4), ["Physician Neurology", "Second Physician Neurology"])
    assert row(hospital)["calls"][1]["message"].startswith("nobody is on call")


def test_the_shift_that_began_meanwhile_is_called_not_the_one_before(sound, hospital, clock):
    put_on_call(hospital, hospital.physician, since=minutes(-600), until=minutes(3))
    put_on_call(hospital, hospital.second_physician, since=minutes(3))
    sound()
    clock.fire(minutes(2))
    clock.fire(minutes(4))
    assert calls()[1] == (2, minutes(4), ["Second Physician Neurology"])


def test_without_a_charge_nurse_the_physician_is_called_at_once(sound, hospital, clock):
    hospital.charge_nurse.wards.clear()
    sound()
    clock.fire(minutes(2))
    clock.fire(minutes(2))
    assert [level for level, *_ in calls()] == [1, 2]
    assert calls()[0] == (1, minutes(2), [])
    assert row(hospital)["calls"][0]["message"] == "no charge nurse works on this ward"


def test_taken_between_two_hops_nobody_else_is_called(sound, hospital, clock):
    alert = sound()
    clock.fire(minutes(2))
    acknowledge_alert(performer=hospital.charge_nurse, alert_id=alert.pk, now=minutes(3))
    clock.fire(minutes(600))
    assert [level for level, *_ in calls()] == [1]
    assert not Timer.objects.filter(kind="alert.escalate", state="pending").exists()


def test_reopened_by_something_worse_it_climbs_from_the_bottom(sound, hospital, clock):
    alert = sound(Priority.MEDIUM)
    clock.fire(minutes(10))
    acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(11))
    sound(Priority.HIGH, 20)
    assert row(hospital) | {"level": 0, "calls": [], "called": []} == row(hospital)
    for minute in (22, 24, 27):
        clock.fire(minutes(minute))
    assert [(level, at) for level, at, _ in calls()] == [
        (1, minutes(10)), (1, minutes(22)), (2, minutes(24)), (3, minutes(27)),
    ]  # fmt: skip
    assert [call["message"][:14] for call in row(hospital)["calls"]] == [
        "charge nurse (", "nobody is on c", "outside the wa",
    ]  # fmt: skip


def test_worse_while_untaken_it_goes_on_from_where_it_stands(sound, clock):
    sound(Priority.MEDIUM)
    clock.fire(minutes(10))
    sound(Priority.HIGH, 12)
    clock.fire(minutes(14))
    clock.fire(minutes(17))
    clock.fire(minutes(60))
    assert [(level, at) for level, at, _ in calls()] == [
        (1, minutes(10)), (2, minutes(14)), (3, minutes(17)),
    ]  # fmt: skip


def test_after_an_outage_each_level_still_has_its_time(sound, clock):
    """Two hours late the charge nurse is called, and only then the physician's wait begins."""
    sound()
    clock.fire(minutes(120))
    clock.fire(minutes(120))
    assert [(level, at) for level, at, _ in calls()] == [(1, minutes(120))]
    assert AlertHop.objects.get().due_at == minutes(2)
    clock.fire(minutes(122))
    assert [level for level, *_ in calls()] == [1, 2]


def test_a_timer_from_before_levels_makes_the_first_hop(sound, clock):
    alert = sound()
    Timer.objects.filter(kind="alert.escalate").update(payload={}, occurrence=NOW.isoformat())
    clock.fire(minutes(2))
    assert [level for level, *_ in calls()] == [1]
    assert Timer.objects.filter(subject=f"alert:{alert.pk}", state="pending").get().payload == {
        "climb": 1, "level": 2,
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_taken_in_the_same_moment_as_a_hop_the_two_agree(sound, hospital, clock):
    alert = sound()
    in_parallel(
        lambda: clock.fire(minutes(2)),
        lambda: acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(2)),
    )
    clock.fire(minutes(600))
    alert.refresh_from_db()
    assert alert.state == "acknowledged" and len(calls()) <= 1
    assert Timer.objects.filter(state="failed").count() == 0


def test_the_board_says_whom_it_reached_and_who_is_called(sound, hospital, clock):
    put_on_call(hospital)
    alert = sound()
    clock.fire(minutes(2))
    assert row(hospital)["called"] == [hospital.charge_nurse.pk]
    clock.fire(minutes(4))
    shown = row(hospital)
    assert (shown["level"], shown["called"]) == (2, sorted([hospital.charge_nurse.pk, hospital.physician.pk]))
    assert shown["calls"] == [
        {"message": "charge nurse (%(names)s)", "params": {"names": "Charge Nurse Neurology"}},
        {"message": "physician on call (%(names)s)", "params": {"names": "Physician Neurology"}},
    ]
    body = Door(hospital.nurse).post(f"alerts/{alert.pk}/acknowledge/").json()
    assert (body["level"], [call["text"] for call in body["calls"]]) == (
        2, ["charge nurse (Charge Nurse Neurology)", "physician on call (Physician Neurology)"],
    )  # fmt: skip


def late_alert(hospital, due_minute, now_minute, priority=Priority.MEDIUM):
    return raise_alert(
        ward_id=hospital.ward.pk,
        patient_id=admit_patient(hospital).pk,
        subject="session:2",
        condition=Condition("vial_empty", priority, "Empty.", {}, due_at=minutes(due_minute)),
        now=minutes(now_minute),
    )


def test_an_alert_that_comes_late_says_when_it_was_due(hospital):
    alert = late_alert(hospital, due_minute=0, now_minute=6)
    assert row(hospital)["was_due_at"] == NOW.isoformat()
    body = Door(hospital.nurse).post(f"alerts/{alert.pk}/acknowledge/").json()
    assert body["was_due_at"] == NOW.isoformat().replace("+00:00", "Z")


def test_in_time_it_says_nothing_and_a_repeat_does_not_make_it_late(hospital):
    late_alert(hospital, due_minute=0, now_minute=5)
    assert row(hospital)["was_due_at"] is None
    late_alert(hospital, due_minute=0, now_minute=30)
    assert row(hospital)["was_due_at"] is None


def test_untaken_it_stays_late_and_taken_the_next_one_speaks_for_itself(hospital):
    alert = late_alert(hospital, due_minute=0, now_minute=60)
    late_alert(hospital, due_minute=61, now_minute=61)
    assert row(hospital)["was_due_at"] == NOW.isoformat()
    acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(62))
    late_alert(hospital, due_minute=63, now_minute=63, priority=Priority.HIGH)
    assert row(hospital)["was_due_at"] is None


def test_with_no_channel_out_of_the_ward_the_board_says_so(sound, hospital, clock):
    sound()
    climb_to_the_top(clock)
    assert AlertHop.objects.get(level=3).delivery == "no_channel"
    assert row(hospital)["calls"][2]["message"] == (
        "outside the ward: no channel is set up. Call somebody yourself."
    )
    assert not OutgoingMessage.objects.exists()


def test_resolved_by_a_person_it_climbs_no_more(sound, hospital, clock):
    sound()
    clock.fire(minutes(2))
    resolve_alerts(subject="session:1", now=minutes(3), done_by=hospital.nurse)
    clock.fire(minutes(600))
    assert [level for level, *_ in calls()] == [1]
    assert Alert.objects.get().state == "resolved"


def test_the_record_says_who_was_called_in_every_climb(sound, hospital, clock):
    alert = sound(Priority.MEDIUM)
    clock.fire(minutes(10))
    acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(11))
    sound(Priority.HIGH, 20)
    for minute in (22, 24, 27):
        clock.fire(minutes(minute))
    alert.refresh_from_db()
    everybody = "Physician Neurology, Second Physician Neurology"
    assert people_called_for(alert) == (
        (minutes(10), "Charge Nurse Neurology"),
        (minutes(22), "Charge Nurse Neurology"),
        (minutes(24), everybody),
        (minutes(27), ""),
    )


def test_only_who_is_called_is_counted_as_called(sound, hospital, clock):
    put_on_call(hospital)
    alert = sound()
    people = (hospital.nurse, hospital.charge_nurse, hospital.physician, hospital.second_physician)
    clock.fire(minutes(2))
    assert [calls_to(person).count for person in people] == [0, 1, 0, 0]
    clock.fire(minutes(4))
    assert [calls_to(person).count for person in people] == [0, 1, 1, 0]
    page = Door(hospital.physician).client.get("/patients/").content.decode()
    assert 'data-test="called-to-me">1<' in page
    assert Door(hospital.physician).get("me/calls/").json() == {"count": 1, "ward_id": hospital.ward.pk}
    acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=minutes(5))
    assert [calls_to(person).count for person in people] == [0, 0, 0, 0]
    assert Door(hospital.physician).get("me/calls/").json() == {"count": 0, "ward_id": None}
