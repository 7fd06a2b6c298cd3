"""A course has one set of checks: doses, stops, risks and changed orders move them, never double or lose them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from apps.alerts.models import Alert
from apps.courses.domain.profile import PatientProfile
from apps.followups.handlers import learn_from_laboratory
from apps.followups.models import CourseFact, FollowUpCheck
from apps.followups.services import give_up_as_lost, note_fact, replan_course
from apps.followups.timeline import follow_up_timeline
from apps.followups.wording import planned_because
from apps.infusions.services import stop_session
from apps.kernel.errors import ConflictError
from apps.ledger.models import Event, Timer
from apps.ledger.types import RecordedEvent
from apps.ledger.unit import unit_of_work
from tests.builders import (
    NOW,
    admit_patient,
    approve,
    course_order,
    finish,
    give,
    revise,
    signed_by,
    start_day,
)

EVERYBODY = {
    "aseptic_meningitis_call", "day_7_call", "day_14_call", "serology_hold", "serology_hold_anti_hbc",
    "measles_vaccine_hold", "varicella_vaccine_hold", "lot_look_back",
}  # fmt: skip
IN_HOSPITAL = {"lungs_6h", "lungs_12h"}
KIDNEYS = {"renal_function_lab", "kidney_lab_day_7"}


def of_group(blood_group):
    return PatientProfile(weight_kg=Decimal(60), weighed_on=NOW.date(), blood_group=blood_group, iga="normal")


def ordered(hospital, *, blood_group="O", **changes):
    patient = admit_patient(hospital)
    order = course_order(profile=of_group(blood_group), **changes)
    return approve(hospital, patient, order, signature=signed_by(hospital.nurse))


def standing(course, **conditions):
    return FollowUpCheck.objects.filter(course_id=course.pk, **conditions).exclude(status="superseded")


def codes(course, **conditions):
    return set(standing(course, **conditions).values_list("code", flat=True))


def learn(hospital, course, fact, holds=True, now=NOW):
    return note_fact(
        course_id=course.pk, fact=fact, holds=holds, reason="seen", performer=hospital.physician, now=now
    )


def everything():
    return list(FollowUpCheck.objects.order_by("pk").values())


@pytest.mark.django_db
def test_a_low_risk_dose_in_hospital(hospital):
    course = ordered(hospital, days=2)
    session = start_day(hospital, course)
    assert codes(course) == {"in_course_observation"}
    ended = finish(hospital, session.pk)
    assert codes(course) == EVERYBODY | IN_HOSPITAL | {"efficacy_visit", "in_course_observation"}
    assert set(standing(course).values_list("session_id", flat=True)) == {session.pk}
    call = standing(course).get(code="day_7_call")
    assert (call.anchored_at, call.closes_at) == (ended, ended + timedelta(hours=216))
    assert standing(course).get(code="lot_look_back").closes_at is None
    due = Timer.objects.filter(subject=f"check:{call.pk}", state="pending").values_list("kind", "due_at")
    assert dict(due) == {"followup.check.due": call.due_at, "followup.check.overdue": call.closes_at}


@pytest.mark.django_db
def test_a_course_of_five_days_ends_with_one_set_of_checks(hospital):
    course = ordered(hospital, blood_group="A")
    ended = give(hospital, course)
    counted = standing(course).exclude(code__startswith="in_course")
    assert len(counted) == len({check.code for check in counted})
    assert {check.anchored_at for check in counted} == {ended}
    mornings = standing(course, code__startswith="in_course").values_list("code", "day_number")
    assert sorted(mornings) == sorted(
        (code, number)
        for code in ("in_course_hemoglobin_lab", "in_course_observation")
        for number in (2, 3, 4, 5)
    )
    moved = FollowUpCheck.objects.filter(code="day_14_call", status="superseded").order_by("pk")
    assert [check.reason.partition(": ")[2] for check in moved] == [
        "a later infusion of the course ended"
    ] * 4
    assert [check.replaced_by.get().day_number for check in moved] == [2, 3, 4, 5]


@pytest.mark.django_db
def test_planning_again_without_news_writes_nothing(hospital):
    course = ordered(hospital, blood_group="unknown")
    give(hospital, course, days=2)
    before, told = everything(), Event.objects.count()
    assert replan_course(course_id=course.pk, why="again", now=NOW + timedelta(days=2)).is_nothing
    assert (everything(), Event.objects.count()) == (before, told)


@pytest.mark.django_db
def test_the_database_refuses_a_second_planned_check_of_a_rule(hospital):
    course = ordered(hospital)
    finish(hospital, start_day(hospital, course).pk)
    check = standing(course).get(code="day_7_call")
    check.pk, check.anchored_at = None, check.anchored_at + timedelta(minutes=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        check.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Planned because: Blood group A, B or AB (A); at least 2 g/kg in this course.")],
)
def test_the_reason_is_a_sentence(hospital, language, words):
    course = ordered(hospital, blood_group="A")
    finish(hospital, start_day(hospital, course).pk)
    with translation.override(language):
        assert planned_because(standing(course).get(code="hemolysis_lab")) == words
        everybody = planned_because(standing(course).get(code="day_7_call"))
        assert everybody == "Planned for everybody who had immunoglobulin."


@pytest.mark.django_db
def test_a_blood_group_nobody_knows_is_watched_and_said(hospital):
    course = ordered(hospital, blood_group="unknown")
    finish(hospital, start_day(hospital, course).pk)
    assert "not known" in planned_because(standing(course).get(code="hemolysis_lab"))


@pytest.mark.django_db
def test_a_stopped_infusion_shortens_what_depends_on_the_dose(hospital):
    course = ordered(hospital, blood_group="A", days=1, dose_mg_per_kg=Decimal(2000))
    session = start_day(hospital, course)
    stopped = NOW + timedelta(minutes=5)
    stop_session(performer=hospital.nurse, session_id=session.pk, reason="Fever.", now=stopped)
    assert codes(course) == EVERYBODY | IN_HOSPITAL | {"efficacy_visit"}
    assert standing(course).get(code="varicella_vaccine_hold").closes_at.date().isoformat() == "2026-11-01"
    assert standing(course).get(code="aseptic_meningitis_call").closes_at == stopped + timedelta(hours=48)


@pytest.mark.django_db
def test_a_risk_that_is_learned_plans_again_and_is_noted_once(hospital):
    course = ordered(hospital)
    finish(hospital, start_day(hospital, course).pk)
    assert not codes(course) & KIDNEYS
    learn(hospital, course, "creatinine_rose")
    learn(hospital, course, "creatinine_rose")
    assert codes(course) >= KIDNEYS
    assert CourseFact.objects.count() == 1
    assert Event.objects.filter(name="followup.fact.noted").count() == 1
    learn(hospital, course, "creatinine_rose", holds=False)
    assert not codes(course) & KIDNEYS
    [lab] = FollowUpCheck.objects.filter(code="kidney_lab_day_7")
    assert (lab.status, lab.reason) == ("superseded", "no longer called for: creatinine_rose does not hold")


def found(session, name, effect="hemolysis"):
    payload = {
        "effect": effect,
        "session_id": session and session.pk,
        "explanation": "Hemoglobin fell by 20 g/L.",
    }
    event = RecordedEvent(f"laboratory.finding.{name}", "patient:1", None, "", NOW, NOW, payload)
    with unit_of_work():
        learn_from_laboratory(event)


@pytest.mark.django_db
def test_a_fall_of_hemoglobin_calls_for_the_second_look_and_a_wrong_entry_takes_it_back(hospital):
    course = ordered(hospital)
    session = start_day(hospital, course)
    finish(hospital, session.pk)
    assert "hemolysis_lab" not in codes(course)
    found(session, "suspected")
    assert planned_because(standing(course).get(code="hemolysis_lab")) == "Planned because: Hemoglobin fell."
    found(session, "withdrawn")
    assert "hemolysis_lab" not in codes(course)
    found(None, "suspected")
    found(session, "suspected", effect="neutropenia")
    assert "hemolysis_lab" not in codes(course)


@pytest.mark.django_db
def test_a_discharge_ends_what_is_done_at_the_bedside(hospital):
    course = ordered(hospital)
    ended = finish(hospital, start_day(hospital, course).pk)
    assert codes(course) >= IN_HOSPITAL
    learn(hospital, course, "inpatient", holds=False, now=ended + timedelta(hours=2))
    assert not codes(course) & {*IN_HOSPITAL, "lungs_call"}


@pytest.mark.django_db
def test_a_changed_order_takes_the_days_that_will_not_come(hospital):
    course = ordered(hospital)
    finish(hospital, start_day(hospital, course).pk)
    revise(hospital, course, days=2, dose_mg_per_kg=Decimal(800))
    mornings = standing(course, code="in_course_observation").values_list("day_number", flat=True)
    assert list(mornings) == [2]
    gone = FollowUpCheck.objects.filter(status="superseded", code="in_course_observation")
    assert {check.reason for check in gone} == {"no longer called for: the course was changed"}


@pytest.mark.django_db
def test_a_hold_runs_out_by_itself_and_asks_nobody(hospital, clock):
    course = ordered(hospital, days=1, dose_mg_per_kg=Decimal(400))
    finish(hospital, start_day(hospital, course).pk)
    hold = standing(course).get(code="serology_hold")
    clock.fire(hold.closes_at)
    hold.refresh_from_db()
    assert hold.status == "done"
    assert Event.objects.filter(name="followup.hold.ended", subject=f"check:{hold.pk}").count() == 1
    assert not Alert.objects.filter(subject=f"check:{hold.pk}").exists()
    assert standing(course).get(code="lot_look_back").status == "planned"


@pytest.mark.django_db
def test_a_new_dose_after_a_hold_ran_out_holds_again(hospital, clock):
    course = ordered(hospital, days=2)
    finish(hospital, start_day(hospital, course).pk)
    clock.fire(NOW + timedelta(days=61))
    later = NOW + timedelta(days=62)
    finish(hospital, start_day(hospital, course, day=2, now=later).pk)
    holds = standing(course, code="serology_hold").order_by("day_number").values_list("status", flat=True)
    assert list(holds) == ["done", "planned"]


def _many_courses(hospital, count):
    for _ in range(count):
        finish(hospital, start_day(hospital, ordered(hospital, days=1, dose_mg_per_kg=Decimal(400))).pk)


@pytest.mark.django_db
def test_after_an_outage_calls_come_one_after_another_and_urgent_ones_at_once(hospital, clock):
    _many_courses(hospital, 10)
    day_7 = FollowUpCheck.objects.filter(code="day_7_call")
    outage_ends = day_7.first().due_at + timedelta(hours=1)
    clock.fire(outage_ends)
    assert day_7.filter(status="due").count() == 8
    urgent = FollowUpCheck.objects.filter(code="aseptic_meningitis_call")
    assert set(urgent.values_list("status", flat=True)) == {"overdue"}
    clock.fire(outage_ends + timedelta(minutes=10))
    assert day_7.filter(status="due").count() == 9
    clock.fire(outage_ends + timedelta(minutes=20))
    assert day_7.filter(status="due").count() == 10
    entered = Event.objects.filter(name="followup.check.due", subject__in=[f"check:{c.pk}" for c in day_7])
    assert entered.count() == 10


@pytest.mark.django_db
def test_after_an_outage_the_board_says_overdue_at_once_and_the_alarm_waits_its_turn(hospital, clock):
    _many_courses(hospital, 10)
    day_14 = FollowUpCheck.objects.filter(code="day_14_call")
    FollowUpCheck.objects.exclude(code="day_14_call").update(status="done")
    late = day_14.first().closes_at + timedelta(hours=3)
    clock.fire(late)
    assert day_14.filter(status="overdue").count() == 10
    told = Alert.objects.filter(code="follow_up_overdue")
    assert told.count() == 8
    clock.fire(late + timedelta(minutes=30))
    assert told.count() == 10


@pytest.mark.django_db
def test_the_timeline_shows_days_checks_and_bands(hospital):
    course = ordered(hospital, days=2, blood_group="A")
    ended = give(hospital, course)
    [shown] = follow_up_timeline(course.patient_id)
    assert [(day.number, day.started_at is not None) for day in shown.days] == [(1, True), (2, True)]
    bands = {band.code: band for band in shown.bands}
    assert (bands["hemolysis"].from_at, bands["hemolysis"].to_at) == (
        NOW + timedelta(hours=12), ended + timedelta(hours=336),
    )  # fmt: skip
    assert all(band.source for band in shown.bands)
    waiting = [check for check in shown.checks if check.code == "day_14_call"]
    assert [check.status for check in waiting] == ["superseded", "planned"]
    assert waiting[1].replaces_id == waiting[0].check_id
    assert waiting[0].gave_way and waiting[1].because


@pytest.mark.django_db
def test_a_course_that_was_never_given_has_an_empty_timeline(hospital):
    course = ordered(hospital)
    [shown] = follow_up_timeline(course.patient_id)
    assert (shown.checks, shown.bands, len(shown.days)) == ((), (), 5)


@pytest.mark.django_db
def test_the_event_again_in_the_same_unit_plans_once(hospital):
    course = ordered(hospital, days=1, dose_mg_per_kg=Decimal(400))
    finish(hospital, start_day(hospital, course).pk)
    before = everything()
    with unit_of_work():
        replan_course(course_id=course.pk, why="again", now=NOW)
        replan_course(course_id=course.pk, why="again", now=NOW)
    assert everything() == before


BEFORE = [("followups", "0001_initial")]


def migrate(targets):
    executor = MigrationExecutor(connection)
    return executor.migrate(targets).apps


@pytest.fixture
def newest():
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield leaves
    migrate(leaves)


@pytest.mark.django_db(transaction=True)
def test_checks_of_before_know_the_day_and_the_dose_they_follow(hospital, newest):
    course = ordered(hospital, days=2)
    ended = give(hospital, course)
    kept = {
        check.session_id: check
        for check in FollowUpCheck.objects.filter(code="day_7_call").order_by("session_id")
    }
    FollowUpCheck.objects.update(replaces=None)
    FollowUpCheck.objects.exclude(pk__in=[check.pk for check in kept.values()]).delete()
    first, second = kept
    old = migrate(BEFORE).get_model("followups", "FollowUpCheck")
    assert old.objects.count() == 2
    migrate(newest)

    moved = {check.session_id: check for check in FollowUpCheck.objects.all()}
    assert (moved[first].day_number, moved[first].status) == (1, "superseded")
    assert (moved[second].day_number, moved[second].anchored_at) == (2, ended)
    replan_course(course_id=course.pk, why="again", now=ended)
    assert standing(course, code="day_7_call").get().pk == moved[second].pk


@pytest.mark.django_db
def test_a_risk_learned_on_day_six_asks_at_once_and_one_learned_after_the_time_of_risk_is_kept_as_missed(
    hospital, clock
):
    course = ordered(hospital)
    ended = finish(hospital, start_day(hospital, course).pk)
    day_6 = ended + timedelta(days=6)
    learn(hospital, course, "creatinine_rose", now=day_6)
    lab = standing(course).get(code="renal_function_lab")
    assert (lab.opens_at, lab.due_at, lab.closes_at) == (day_6, day_6, day_6 + timedelta(hours=24))
    assert planned_because(lab) == ("Planned because: Creatinine rose. Learned of late: to be done at once.")
    before = everything()
    assert replan_course(course_id=course.pk, why="again", now=day_6 + timedelta(hours=3)).is_nothing
    assert everything() == before
    clock.fire(day_6 + timedelta(minutes=1))
    lab.refresh_from_db()
    assert lab.status == "due"

    learn(hospital, course, "hemoglobin_fell", now=ended + timedelta(days=20))
    missed = standing(course).get(code="hemolysis_lab")
    assert missed.status == "missed"
    assert planned_because(missed).endswith("Learned of too late: the time of risk was over.")
    assert not Timer.objects.filter(subject=f"check:{missed.pk}").exists()
    assert Event.objects.filter(name="followup.check.missed", subject=f"check:{missed.pk}").count() == 1
    assert replan_course(course_id=course.pk, why="again", now=ended + timedelta(days=21)).is_nothing
    [shown] = [one for one in follow_up_timeline(course.patient_id)[0].checks if one.check_id == missed.pk]
    assert shown.status == "missed" and "Learned of too late" in shown.because
    with pytest.raises(ConflictError) as refused:
        give_up_as_lost(performer=hospital.physician, check_id=missed.pk, reason="moved", now=day_6)
    assert refused.value.code == "check_missed"


@pytest.mark.django_db
def test_a_high_dose_that_is_cut_short_after_half_of_it_keeps_the_hemolysis_laboratory(hospital):
    course = ordered(hospital, blood_group="A", days=2, dose_mg_per_kg=Decimal(2000))
    give(hospital, course, stopped=(2,))
    lab = standing(course).get(code="hemolysis_lab")
    assert planned_because(lab) == (
        "Planned because: Blood group A, B or AB (A); 2 g/kg were ordered, at least 1 g/kg of it went in."
    )


@pytest.mark.django_db
def test_an_order_that_is_lowered_after_half_of_a_high_dose_keeps_it_too(hospital):
    course = ordered(hospital, blood_group="A", days=2, dose_mg_per_kg=Decimal(2000))
    finish(hospital, start_day(hospital, course).pk)
    revise(hospital, course, days=2, dose_mg_per_kg=Decimal(1200), profile=of_group("A"))
    assert codes(course) >= {"hemolysis_lab", "hemoglobin_lab"}


@pytest.mark.django_db
def test_cut_short_below_half_of_it_the_hemolysis_laboratory_falls_away(hospital):
    course = ordered(hospital, blood_group="A", days=5, dose_mg_per_kg=Decimal(2000))
    finish(hospital, start_day(hospital, course).pk)
    revise(hospital, course, days=2, dose_mg_per_kg=Decimal(800), profile=of_group("A"))
    assert not codes(course) & {"hemolysis_lab", "hemoglobin_lab"}
