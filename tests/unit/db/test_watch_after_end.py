"""After the last drop: watched at the end, 20 and 60 minutes later, on the board until then."""

from datetime import timedelta

import pytest

from apps.alerts.models import Alert
from apps.followups.models import FollowUpCheck
from apps.infusions import services
from apps.infusions.presentation import present
from apps.infusions.selectors import access_session, session_row
from apps.infusions.services.observing import ObservationEntry
from apps.kernel.errors import ConflictError, DomainError
from apps.ledger.models import Event
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    finish,
    observe,
    order_course,
    react,
    running_session,
    start_day,
    vial,
    vitals,
    watch,
)

pytestmark = pytest.mark.django_db


class Watched:
    """A patient whose infusion ended; minutes count from the end."""

    def __init__(self, hospital, session_id, ended):
        self.hospital, self.pk, self.ended = hospital, session_id, ended

    def at(self, minute):
        return self.ended + timedelta(minutes=minute)

    def see(self, minute, **changes):
        return observe(self.hospital, self.pk, self.at(minute), **changes)

    def release(self, minute, reason="Went home with her daughter."):
        return services.end_watch(
            performer=self.hospital.nurse, session_id=self.pk, reason=reason, now=self.at(minute)
        )

    @property
    def now(self):
        return access_session(self.hospital.nurse, self.pk)

    @property
    def due(self):
        due_at = self.now.observation_due_at
        return None if due_at is None else (due_at - self.ended).total_seconds() / 60


@pytest.fixture
def new_to_it(hospital):
    """The first infusion that is known of: watched for an hour. The newest set is from half an hour before the end."""
    session = running_session(hospital)
    return Watched(hospital, session.pk, finish(hospital, session.pk))


@pytest.fixture
def familiar(hospital):
    """The second day of a course, below the label's highest rate: watched for twenty minutes."""
    course = order_course(hospital, admit_patient(hospital), risk_factors=["diabetes"])
    for day, start in ((1, NOW), (2, NOW + timedelta(days=1))):
        session = start_day(hospital, course, day=day, now=start)
        ended = start + timedelta(minutes=40)
        services.stop_session(performer=hospital.nurse, session_id=session.pk, reason="Enough.", now=ended)
        if day == 1:
            watch(hospital, session.pk)
    return Watched(hospital, session.pk, ended)


def test_new_to_the_product_is_watched_for_an_hour(new_to_it):
    assert (new_to_it.now.state, new_to_it.now.watch_minutes_after) == ("completed", 60)
    seen = []
    while new_to_it.due is not None:
        seen.append(new_to_it.due)
        new_to_it.see(new_to_it.due)
    assert seen == [0, 20, 60]
    assert new_to_it.now.watched_until == new_to_it.at(60)


def test_familiar_with_it_twenty_minutes_are_enough(familiar):
    assert familiar.now.watch_minutes_after == 20
    assert familiar.due == 0
    familiar.see(0)
    assert familiar.due == 20
    familiar.see(20)
    assert (familiar.due, familiar.now.watched_until) == (None, familiar.at(20))


def test_a_set_shortly_before_a_point_stands_for_it(new_to_it):
    new_to_it.see(0)
    new_to_it.see(15)
    assert new_to_it.due == 60
    new_to_it.see(54)
    assert new_to_it.due == 60
    new_to_it.see(55)
    assert new_to_it.now.watched_until == new_to_it.at(55)


def test_until_then_it_stays_on_the_board_and_asks(clock, new_to_it):
    clock.fire(new_to_it.at(0))
    row = session_row(new_to_it.pk)
    assert (row["state"], row["watching"], row["rate_ml_per_h"], row["finish_at"]) == (
        "completed", True, None, None,
    )  # fmt: skip
    assert row["next"] == {"code": "vitals_due", "due_at": new_to_it.ended.isoformat(), "asked": True}
    watch(new_to_it.hospital, new_to_it.pk)
    assert session_row(new_to_it.pk) is None


def test_the_page_says_that_somebody_watches(new_to_it):
    shown = present(new_to_it.now, now=new_to_it.at(5))
    assert (shown["watching"], shown["actions"]) == (True, ["observe", "react", "hand_over", "end_watch"])
    watch(new_to_it.hospital, new_to_it.pk)
    shown = present(new_to_it.now, now=new_to_it.at(70))
    assert (shown["watching"], shown["actions"], shown["chart"]["until"]) == (False, [], new_to_it.at(60))


def test_nobody_measuring_after_the_end_is_an_alert(clock, new_to_it):
    clock.fire(new_to_it.at(9))
    assert new_to_it.now.asked == ["observation"] and not Alert.objects.exists()
    clock.fire(new_to_it.at(10))
    assert Alert.objects.get().code == "observation_overdue"
    new_to_it.see(12)
    assert Alert.objects.get().state == "resolved"
    clock.fire(new_to_it.at(30))
    assert Alert.objects.filter(state="raised").count() == 1, "the set at 20 minutes is missed too"


def test_a_fall_after_the_end_alerts_and_stays_until_taken(new_to_it):
    new_to_it.see(0)
    new_to_it.see(20, systolic_mmhg=84)
    alert = Alert.objects.get(code="hypotension")
    assert (alert.priority, alert.state) == ("high", "raised")
    new_to_it.see(60)
    assert new_to_it.now.watched_until == new_to_it.at(60)
    alert.refresh_from_db()
    assert alert.state == "raised", "better numbers and the end of the watch hide nothing"


def test_nobody_is_let_go_by_the_clock_while_the_score_is_bad(new_to_it):
    for minute in (0, 20):
        new_to_it.see(minute)
    new_to_it.see(60, systolic_mmhg=84, pulse_per_min=118, respiratory_rate_per_min=23)
    assert (new_to_it.due, new_to_it.now.watched_until) == (65, None)
    new_to_it.see(65)
    assert new_to_it.now.watched_until == new_to_it.at(65)


def test_a_reaction_after_the_end_is_recorded_at_the_last_rate(new_to_it):
    react(new_to_it.hospital, new_to_it.pk, new_to_it.at(10), action="pause", severity="moderate")
    assert new_to_it.now.state == "completed"
    assert new_to_it.due == 0, "it asks for vital signs as before"


def test_released_early_with_a_reason(clock, new_to_it):
    new_to_it.see(0)
    released = new_to_it.release(10)
    assert (released.watched_until, released.observation_due_at) == (new_to_it.at(10), None)
    assert session_row(new_to_it.pk) is None
    event = Event.objects.get(name="infusion.watch.ended")
    assert event.payload["reason"] == "Went home with her daughter."
    clock.fire(new_to_it.at(300))
    assert not Alert.objects.exists()
    with pytest.raises(ConflictError) as refused:
        new_to_it.release(11)
    assert refused.value.code == "not_watched"


def test_released_early_answers_the_missed_set(clock, new_to_it):
    clock.fire(new_to_it.at(10))
    new_to_it.release(12)
    alert = Alert.objects.get()
    assert (alert.state, alert.acknowledged_by) == ("resolved", new_to_it.hospital.nurse)


def test_releasing_needs_a_reason_and_an_end(hospital, new_to_it, clock):
    clock.set(new_to_it.at(5))
    answer = Door(hospital.nurse).post(f"sessions/{new_to_it.pk}/end-watch/", {"reason": ""})
    assert (answer.status_code, set(answer.json()["extra"]["fields"])) == (400, {"reason"})
    running = running_session(hospital)
    with pytest.raises(ConflictError) as refused:
        services.end_watch(performer=hospital.nurse, session_id=running.pk, reason="home", now=NOW)
    assert refused.value.code == "not_watched"


def test_the_next_day_may_start_while_this_one_is_watched(hospital, new_to_it):
    course_id = new_to_it.now.course_id
    services.start_session(
        performer=hospital.nurse,
        course_id=course_id,
        day_number=2,
        baseline=vitals(new_to_it.at(5)),
        vials=[vial()],
        now=new_to_it.at(6),
    )
    assert session_row(new_to_it.pk)["watching"] is True


def test_a_set_typed_late_ends_the_watch_and_one_from_after_it_is_refused(new_to_it):
    new_to_it.release(30)

    def record(minute, typed):
        services.record_observation(
            performer=new_to_it.hospital.nurse,
            session_id=new_to_it.pk,
            entry=ObservationEntry(vitals=vitals(new_to_it.at(minute))),
            now=new_to_it.at(typed),
        )

    record(20, 90)
    with pytest.raises(ConflictError) as refused:
        record(31, 90)
    assert refused.value.code == "session_not_open"
    assert new_to_it.now.watched_until == new_to_it.at(30)


def test_follow_up_counts_from_the_end_of_the_infusion_not_of_the_watch(new_to_it):
    planned = Event.objects.get(name="followup.check.planned", payload__code="aseptic_meningitis_call")
    assert planned.recorded_at == new_to_it.ended
    assert FollowUpCheck.objects.get(code="aseptic_meningitis_call").anchored_at == new_to_it.ended


def test_before_the_start_there_is_nothing_to_observe(hospital):
    course = order_course(hospital, admit_patient(hospital))
    prepared = services.prepare_session(performer=hospital.nurse, course_id=course.pk, day_number=1, now=NOW)
    with pytest.raises(DomainError) as refused:
        observe(hospital, prepared.pk, NOW)
    assert refused.value.code == "session_not_open"
