"""Nurses, a physician and the workers act on one infusion at the same moment: nobody deadlocks, nothing is lost."""

from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from threading import Barrier

import pytest

from apps.alerts.models import Alert
from apps.alerts.services import acknowledge_alert
from apps.courses.selectors import access_course
from apps.infusions import services
from apps.infusions.models import Observation, RateChange, Reaction
from apps.infusions.selectors import access_session
from apps.kernel.errors import DomainError
from apps.ledger.models import Event, OutboxMessage, Timer
from apps.ledger.selectors import first_broken_event
from apps.safety.models import AdverseEvent
from tests.builders import (
    NOW,
    Door,
    admit_patient,
    fire_due_timers,
    in_parallel,
    observe,
    order_course,
    react,
    revise,
    running_session,
    start_day,
)

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


def test_many_hands_on_one_infusion(hospital, clock):
    session = running_session(hospital)
    clock.set(NOW + timedelta(minutes=40))
    start = Barrier(6)
    refused = []

    def each_round(act):
        def run():
            start.wait(timeout=20)
            for turn in range(ROUNDS):
                try:
                    act(clock.now + timedelta(seconds=turn), turn)
                except DomainError as error:  # a refusal is an answer; anything else fails the test
                    refused.append(error.code)

        return run

    def version():
        return access_session(hospital.nurse, session.pk).version

    def take_all(at, turn):
        for alert in Alert.objects.filter(state="raised"):
            acknowledge_alert(performer=hospital.physician, alert_id=alert.pk, now=at)

    def go_on(at, turn):
        services.pause_session(performer=hospital.nurse, session_id=session.pk, reason="", now=at)
        services.resume_session(
            performer=hospital.nurse,
            session_id=session.pk,
            version=version(),
            step_index=None,
            reason="",
            now=at,
        )

    results = in_parallel(
        each_round(lambda at, turn: observe(hospital, session.pk, at, systolic_mmhg=84 + 40 * (turn % 2))),
        each_round(lambda at, turn: observe(hospital, session.pk, at, spo2_percent=88 + 10 * (turn % 2))),
        each_round(take_all),
        each_round(go_on),
        each_round(lambda at, turn: react(hospital, session.pk, at)),
        each_round(lambda at, turn: fire_due_timers(clock.now)),
    )
    assert results == [None] * 6
    assert set(refused) <= {"session_changed", "session_transition_refused", "reaction_open"}

    assert Observation.objects.filter(is_baseline=False).count() == 2 * ROUNDS
    assert Reaction.objects.count() == AdverseEvent.objects.count() == ROUNDS
    rates = list(RateChange.objects.values_list("started_at", "rate_ml_per_h"))
    assert [at for at, _ in rates] == sorted(at for at, _ in rates)
    assert all((one == 0) != (following == 0) for (_, one), (_, following) in pairwise(rates))
    for subject in set(Event.objects.values_list("subject", flat=True)):
        assert first_broken_event(subject) is None, subject
    numbers = OutboxMessage.objects.order_by("sequence").values_list("sequence", flat=True)
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert not Timer.objects.filter(state="failed").exists()
    assert not Timer.objects.exclude(last_error="").exists()

    newest = {}
    for payload in OutboxMessage.objects.order_by("sequence").values_list("payload", flat=True):
        newest[payload["row"]["row_id"]] = payload["row"]
    board = Door(hospital.nurse).get(f"wards/{hospital.ward.pk}/board/").json()
    shown = {row["row_id"]: row for row in board["rows"]}
    assert shown == {name: row for name, row in newest.items() if not row.get("removed")}


def test_a_day_is_started_while_its_course_is_changed(hospital):
    """Whoever comes first: the started day holds what was hung, and the others hold the rest of the new dose."""
    for _ in range(ROUNDS):
        course = order_course(hospital, admit_patient(hospital))
        start = Barrier(2)

        def change(course=course, start=start):
            start.wait(timeout=20)
            revise(hospital, course, dose_mg_per_kg=Decimal(1800))

        def begin(course=course, start=start):
            start.wait(timeout=20)
            return start_day(hospital, course)

        changed, session = in_parallel(change, begin)
        assert not isinstance(changed, Exception), changed
        assert not isinstance(session, Exception), session
        first, *rest = access_course(hospital.nurse, course.pk).infusion_days.all()
        assert (first.number, first.status, first.session_id) == (1, "running", session.pk)
        assert first.volume_ml == session.volume_total_ml
        assert [day.number for day in rest] == [2, 3, 4, 5]
