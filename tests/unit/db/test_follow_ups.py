"""After the infusion somebody asks how the patient is. Unanswered is unknown, never fine.

The patient has blood group A, 2 g/kg and a creatinine that rose: of all that is planned, the call and two
laboratory checks tell the story here; test_follow_up_planning.py has the rest.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from apps.alerts.models import Alert
from apps.courses.domain.profile import PatientProfile
from apps.courses.selectors import access_course
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.selectors import planned_checks, worklist
from apps.followups.services import (
    DUE,
    OVERDUE,
    check_falls_due,
    check_is_overdue,
    note_fact,
    record_outcome,
)
from apps.infusions.services import stop_session
from apps.kernel.errors import ConflictError
from apps.ledger.models import Event
from apps.ledger.types import DueTimer, RecordedEvent
from apps.ledger.unit import unit_of_work
from apps.safety.models import AdverseEvent
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    approve,
    course_order,
    finish,
    measure,
    start_day,
    watch,
)

pytestmark = pytest.mark.django_db
CALL, RENAL, HEMOLYSIS = "aseptic_meningitis_call", "renal_function_lab", "hemolysis_lab"
OSLO = ZoneInfo("Europe/Oslo")
THREE = (CALL, RENAL, HEMOLYSIS)


def at_risk(hospital, now=NOW):
    """A first day, just started, of a patient whose kidneys and red cells are at risk."""
    patient = admit_patient(hospital, now=now)
    profile = PatientProfile(weight_kg=Decimal(60), weighed_on=now.date(), blood_group="A", iga="normal")
    course = approve(hospital, patient, course_order(profile=profile, starts_on=now.date()), now=now)
    note_fact(
        course_id=course.pk,
        fact="creatinine_rose",
        holds=True,
        reason="before the course",
        performer=hospital.physician,
        now=now,
    )
    return start_day(hospital, course, now=now)


@pytest.fixture
def session(hospital):
    return at_risk(hospital)


@pytest.fixture
def ended(hospital, session):
    """When the first day ended, at 09:18:20; the patient was watched for an hour after it."""
    ended = finish(hospital, session.pk)
    watch(hospital, session.pk)
    return ended


def hours(ended, count):
    return ended + timedelta(hours=count)


def check(code=CALL):
    return FollowUpCheck.objects.exclude(status="superseded").get(code=code)


def answer(person, outcome, at, code=CALL, note=""):
    return record_outcome(performer=person, check_id=check(code).pk, outcome=outcome, note=note, now=at)


def three():
    return FollowUpCheck.objects.filter(code__in=THREE)


def about(checks):
    return [check for check in checks if check.code in THREE]


def alerts():
    return Alert.objects.filter(subject__in=[f"check:{check.pk}" for check in three()])


def events(name):
    return Event.objects.filter(name=name, subject__in=[f"check:{check.pk}" for check in three()])


def statuses():
    return dict(three().exclude(status="superseded").values_list("code", "status"))


def test_the_end_of_an_infusion_plans_three_checks(ended, session, hospital):
    planned = [(c.code, c.opens_at, c.due_at, c.closes_at) for c in about(planned_checks(hospital.nurse))]
    assert planned == [
        (CALL, hours(ended, 24), hours(ended, 24), hours(ended, 48)),
        (RENAL, hours(ended, 36), hours(ended, 48), hours(ended, 96)),
        (HEMOLYSIS, hours(ended, 120), hours(ended, 168), hours(ended, 240)),
    ]
    assert {(c.session_id, c.patient_id) for c in three()} == {(session.pk, session.patient_id)}
    assert worklist(hospital.nurse) == []


def test_the_same_event_again_plans_nothing_more(ended, session):
    from apps.followups.handlers import plan_around_infusion

    stored = Event.objects.get(name="infusion.session.completed")
    fields = ("name", "subject", "ward_id", "actor", "occurred_at", "recorded_at", "payload")
    with unit_of_work():
        plan_around_infusion(RecordedEvent(**{name: getattr(stored, name) for name in fields}))
    assert three().count() == 3
    assert events("followup.check.planned").count() == 3
    assert not FollowUpCheck.objects.filter(status="superseded").exists()


def test_a_stopped_infusion_is_followed_up_too(session, hospital):
    at = NOW + timedelta(minutes=5)
    stop_session(performer=hospital.nurse, session_id=session.pk, reason="Fever.", now=at)
    assert check().due_at == hours(at, 24)
    assert statuses() == {CALL: "planned", RENAL: "planned"}, "what went in is far from 2 g/kg"


def test_the_next_day_moves_what_is_only_planned(ended, session, hospital, clock):
    clock.fire(hours(ended, 24))
    assert statuses() == {CALL: "due", RENAL: "planned", HEMOLYSIS: "planned"}
    next_start = hours(ended, 25)
    second = start_day(hospital, access_course(hospital.nurse, session.course_id), day=2, now=next_start)
    second_end = finish(hospital, second.pk)

    first_day = dict(three().filter(session_id=session.pk).values_list("code", "status"))
    assert first_day == {CALL: "due", RENAL: "superseded", HEMOLYSIS: "superseded"}
    assert all(c.reason for c in FollowUpCheck.objects.filter(status="superseded"))
    second_day = dict(three().filter(session_id=second.pk).values_list("code", "due_at"))
    assert second_day == {
        CALL: hours(second_end, 24),
        # 48 and 168 hours later it is half past twelve: blood is drawn at the morning's rounds.
        RENAL: datetime(2026, 3, 5, 10, tzinfo=OSLO),
        HEMOLYSIS: datetime(2026, 3, 10, 10, tzinfo=OSLO),
    }

    clock.fire(hours(ended, 48) + timedelta(minutes=1))
    assert FollowUpCheck.objects.get(session_id=session.pk, code=RENAL).status == "superseded"
    assert FollowUpCheck.objects.get(session_id=session.pk, code=CALL).status == "overdue"


def test_another_course_moves_nothing(ended, session, hospital):
    other = at_risk(hospital, now=hours(ended, 1))
    finish(hospital, other.pk)
    assert three().filter(status="planned").count() == 6


def test_a_check_falls_due_once_and_enters_the_worklist(ended, hospital, clock):
    clock.fire(hours(ended, 24) - timedelta(seconds=1))
    assert about(worklist(hospital.nurse)) == []
    clock.fire(hours(ended, 24))
    clock.fire(hours(ended, 25))
    assert [c.code for c in about(worklist(hospital.nurse))] == [CALL]
    assert events("followup.check.due").count() == 1
    assert not alerts().exists()


def test_unanswered_it_goes_overdue_and_alerts(ended, hospital, clock):
    clock.fire(hours(ended, 24))
    clock.fire(hours(ended, 48))
    assert check().status == "overdue"
    alert = alerts().get()
    assert (alert.code, alert.priority, alert.subject) == (
        "follow_up_overdue",
        "medium",
        f"check:{check().pk}",
    )
    assert set(alert.params["name"]) == {"en", "nb", "fa"}
    assert [c.status for c in about(worklist(hospital.nurse))] == ["overdue", "due"]
    clock.fire(hours(ended, 90))
    assert alerts().count() == 1


@pytest.mark.parametrize("kinds", [(DUE, OVERDUE), (OVERDUE, DUE)])
def test_after_an_outage_it_fell_due_and_is_overdue_in_whichever_order_workers_fire(ended, kinds):
    late = hours(ended, 72)
    handlers = {DUE: check_falls_due, OVERDUE: check_is_overdue}
    for kind in kinds:
        timer = DueTimer(kind, f"check:{check().pk}", "1", check().ward_id, check().due_at, {})
        with unit_of_work():
            handlers[kind](timer, now=late)
    names = (
        Event.objects.filter(subject=f"check:{check().pk}")
        .order_by("position")
        .values_list("name", flat=True)
    )
    assert list(names)[-2:] == ["followup.check.due", "followup.check.overdue"]
    assert check().status == "overdue"


def test_a_week_without_workers_ends_overdue_not_fine(ended, clock):
    clock.fire(hours(ended, 500))
    assert set(statuses().values()) == {"overdue"}
    assert set(alerts().values_list("subject", flat=True)) >= {
        f"check:{check(code).pk}" for code in (CALL, RENAL)
    }, "what is urgent is told at once, the rest within two hours, one after another"
    clock.fire(hours(ended, 502))
    assert alerts().filter(code="follow_up_overdue").count() == 3


def test_nobody_answering_the_phone_keeps_it_open(ended, hospital, clock):
    clock.fire(hours(ended, 24))
    answer(hospital.nurse, "unreachable", hours(ended, 25), note="No answer.")
    answer(hospital.second_nurse, "unreachable", hours(ended, 30))
    assert check().status == "due"
    clock.fire(hours(ended, 48))
    assert check().status == "overdue"
    answer(hospital.nurse, "unreachable", hours(ended, 49))
    assert check().status == "overdue"
    # The third attempt in vain is told beside it.
    assert dict(alerts().values_list("code", "state")) == {
        "follow_up_overdue": "raised", "follow_up_unreachable": "raised",
    }  # fmt: skip
    assert FollowUpAttempt.objects.count() == 3


def test_an_answer_ends_it(ended, hospital, clock):
    clock.fire(hours(ended, 24))
    answer(hospital.nurse, "no_effect", hours(ended, 25))
    clock.fire(hours(ended, 400))
    assert check().status == "done"
    assert not Alert.objects.filter(subject=f"check:{check().pk}").exists()
    with pytest.raises(ConflictError):
        answer(hospital.nurse, "suspected", hours(ended, 401))
    assert FollowUpAttempt.objects.count() == 1


def test_a_late_answer_ends_the_alert_in_the_name_of_who_asked(ended, hospital, clock):
    clock.fire(hours(ended, 48))
    answer(hospital.nurse, "no_effect", hours(ended, 50))
    alert = alerts().get()
    assert (alert.state, alert.acknowledged_by) == ("resolved", hospital.nurse)


def test_a_patient_who_calls_before_it_is_due_is_heard(ended, hospital, clock):
    answer(hospital.nurse, "no_effect", hours(ended, 3))
    clock.fire(hours(ended, 60))
    assert check().status == "done"


def test_a_suspicion_opens_an_adverse_event_and_calls_the_physician(ended, hospital, clock, session):
    clock.fire(hours(ended, 24))
    answer(hospital.nurse, "suspected", hours(ended, 26), note="Stiff neck, fever.")
    assert check().status == "done"
    event = AdverseEvent.objects.get()
    assert (event.term, event.note, event.session_id) == (
        "aseptic_meningitis",
        "Stiff neck, fever.",
        session.pk,
    )
    assert (event.onset_at, event.infusion_ended_at, event.rate_ml_per_h) == (hours(ended, 26), ended, None)
    assert (event.volume_given_ml, event.lots[0]["lot_number"]) == (250, "LOT-A1204")
    assert event.reported_by == hospital.nurse
    alert = alerts().get()
    assert (alert.code, alert.priority, alert.state) == ("delayed_effect_suspected", "high", "raised")
    body = Door(hospital.physician).get(f"adverse-events/{event.pk}/").json()
    assert body["term_name"] and (body["onset_class"], body["onset_class_norwegian"]) == ("delayed", "late")


def test_a_suspicion_after_it_was_overdue_leaves_one_open_alert(ended, hospital, clock):
    clock.fire(hours(ended, 48))
    answer(hospital.nurse, "suspected", hours(ended, 50))
    assert dict(alerts().values_list("code", "state")) == {
        "follow_up_overdue": "resolved", "delayed_effect_suspected": "raised",
    }  # fmt: skip


def test_a_superseded_check_can_no_longer_be_answered(ended, session, hospital):
    second = start_day(
        hospital, access_course(hospital.nurse, session.course_id), day=2, now=ended + timedelta(hours=20)
    )
    finish(hospital, second.pk)
    old = FollowUpCheck.objects.filter(session_id=session.pk, status="superseded").first()
    body = Door(hospital.nurse).post(f"follow-ups/{old.pk}/outcomes/", {"outcome": "no_effect"}).json()
    assert body["code"] == "check_closed"


def test_the_questions_stand_beside_the_check(ended, hospital):
    body = Door(hospital.nurse).get(f"follow-ups/{check().pk}/").json()
    assert body["questions"] and all(question["text"] for question in body["questions"])
    assert body["source"] and body["outcome"] is None


def test_a_laboratory_check_shows_which_of_its_results_have_come_and_stays_open(hospital, clock):
    session = at_risk(hospital)
    finish(hospital, session.pk)
    check = FollowUpCheck.objects.get(code=HEMOLYSIS)
    clock.fire(check.due_at)
    clock.set(check.due_at)
    measure(hospital, check.patient_id, "hemoglobin", "133", "g/L", at=check.opens_at - timedelta(minutes=1))
    measure(hospital, check.patient_id, "hemoglobin", "121", "g/L", at=check.opens_at)
    page = Door(hospital.nurse).client.get(f"/follow-ups/{check.pk}/").content.decode()
    assert "121 g/L" in page and "133 g/L" not in page
    assert 'data-known="yes"' in page and 'data-known="no"' in page
    check.refresh_from_db()
    assert check.status == "due"
