"""What must happen later happens once: claimed by one worker, retried, and a human told when it cannot."""

from datetime import timedelta
from threading import Event as Signal

import pytest
from django.db import connection, transaction

from apps.alerts.models import Alert
from apps.kernel import clock as kernel_clock
from apps.ledger import wiring
from apps.ledger.models import Event, OutboxMessage, Timer
from apps.ledger.services import cancel_timers, schedule_timer
from apps.ledger.services.timers import (
    KEPT,
    MAX_ATTEMPTS,
    claim_due_timers,
    fire_timer,
    forget_settled_timers,
    release_timers,
)
from apps.ledger.unit import Unit, unit_of_work
from tests.builders import NOW, in_parallel

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def bells(settings, monkeypatch):
    """The test wiring, and real time standing at NOW."""
    caches = (wiring.event_handlers, wiring.timer_handler, wiring.timer_failed_handler)
    for cache in caches:
        cache.cache_clear()
    settings.LEDGER_WIRING = "tests.ledger_wiring"
    monkeypatch.setattr(kernel_clock, "wall_now", lambda: NOW)
    yield
    for cache in caches:
        cache.cache_clear()


def schedule(subject="thing:1", *, kind="bell", occurrence="1", due_at=NOW, ward_id=None, **more):
    schedule_timer(kind=kind, subject=subject, occurrence=occurrence, due_at=due_at, ward_id=ward_id, **more)
    return Timer.objects.get(kind=kind, subject=subject, occurrence=occurrence)


def claim(now=NOW, wall_now=NOW, **more):
    return claim_due_timers(now=now, wall_now=wall_now, **more)


def rings(subject="thing:1"):
    return Event.objects.filter(subject=subject, name="bell.rang").count()


def test_the_same_occurrence_scheduled_twice_is_one_timer():
    first = schedule(due_at=NOW)
    again = schedule(due_at=NOW + timedelta(hours=1))
    assert first.pk == again.pk
    assert again.due_at == NOW
    schedule(occurrence="2")
    schedule(subject="thing:2")
    assert Timer.objects.count() == 3


def test_a_timer_rings_once_and_a_second_schedule_does_not_wake_it():
    timer = schedule()
    [(number, attempt)] = claim()
    assert (number, attempt) == (timer.pk, 1)
    fire_timer(timer_id=number, attempt=attempt)
    fire_timer(timer_id=number, attempt=attempt)
    schedule()
    assert claim(now=LATER, wall_now=LATER) == []
    assert rings() == 1
    timer.refresh_from_db()
    assert (timer.state, timer.fired_at) == ("done", NOW)


def test_nothing_rings_before_it_is_due_and_called_off_means_never():
    schedule("thing:early", due_at=NOW + timedelta(microseconds=1))
    schedule("thing:off")
    cancel_timers(subject="thing:off", kinds=("bell",))
    assert claim() == []
    assert len(claim(now=NOW + timedelta(seconds=1))) == 1


def test_the_most_urgent_come_first_then_the_longest_waiting():
    for subject, priority, minutes in (("c", 5, 9), ("b", 1, 1), ("d", 5, 3), ("a", 1, 2)):
        schedule(subject, due_at=NOW - timedelta(minutes=minutes), priority=priority)
    names = dict(Timer.objects.values_list("pk", "subject"))
    assert [names[number] for number, _ in claim(limit=3)] == ["a", "b", "c"]
    assert [names[number] for number, _ in claim(limit=3)] == ["d"]


def test_what_a_dead_shift_had_is_given_again_and_the_late_worker_does_nothing():
    timer = schedule()
    [(number, first)] = claim(shift=1)
    assert claim(now=NOW + timedelta(days=3), wall_now=NOW + timedelta(days=3)) == []
    assert release_timers(shift=0, wall_now=NOW) == release_timers(shift=None, wall_now=NOW) == 0
    assert release_timers(shift=1, wall_now=NOW) == 1
    assert not fire_timer(timer_id=number, attempt=first)
    [(same, second)] = claim()
    assert (same, first, second) == (number, 1, 2)

    assert not fire_timer(timer_id=number, attempt=first)
    assert rings() == 0
    timer.refresh_from_db()
    assert (timer.state, timer.claimed_by) == ("claimed", 0)

    assert fire_timer(timer_id=number, attempt=second)
    assert not fire_timer(timer_id=number, attempt=first)
    assert rings() == 1


def test_a_claim_nobody_owns_is_given_back():
    timer = schedule()
    claim()
    Timer.objects.update(claimed_by=None)
    assert release_timers(shift=None, wall_now=NOW) == 1
    assert claim() == [(timer.pk, 2)]


def test_a_timer_that_fires_late_is_marked_and_its_handler_told():
    for subject, seconds in (("thing:1", 4), ("thing:2", 6), ("thing:3", 7200)):
        schedule(subject, due_at=NOW - timedelta(seconds=seconds))
    for number, attempt in claim():
        fire_timer(timer_id=number, attempt=attempt)
    late = dict(Timer.objects.values_list("subject", "late_by_s"))
    assert late["thing:1"] is None
    assert late["thing:2"] == pytest.approx(6) and late["thing:3"] == pytest.approx(7200)
    told = {event.subject: event.payload["late_by_s"] for event in Event.objects.filter(name="bell.rang")}
    assert told == {"thing:1": 0, "thing:2": 6, "thing:3": 7200}


def test_a_clock_put_back_does_not_keep_a_failed_timer_resting():
    timer = schedule(kind="cracked bell", due_at=NOW - timedelta(hours=3))
    [(number, attempt)] = claim()
    fire_timer(timer_id=number, attempt=attempt)
    assert claim(wall_now=NOW + timedelta(seconds=1)) == []
    assert claim(wall_now=NOW - timedelta(hours=2)) == [(timer.pk, 2)]


def test_only_what_was_settled_long_ago_is_forgotten():
    old = NOW - KEPT - timedelta(days=1)
    for subject in ("done", "called off", "still pending"):
        schedule(subject, due_at=old)
    schedule("recent")
    Timer.objects.filter(subject__in=("done", "recent")).update(state="done")
    Timer.objects.filter(subject="called off").update(state="cancelled")
    assert forget_settled_timers(now=NOW) == 2
    assert set(Timer.objects.values_list("subject", flat=True)) == {"still pending", "recent"}


def test_effect_and_settlement_are_one_transaction():
    timer = schedule(kind="cracked bell")
    [(number, attempt)] = claim()
    fire_timer(timer_id=number, attempt=attempt)
    assert rings() == 0
    timer.refresh_from_db()
    assert (timer.state, timer.fired_at) == ("pending", None)
    assert timer.last_error == "RuntimeError: the clapper fell off"


def test_an_effect_that_cannot_be_committed_is_undone(monkeypatch):
    timer = schedule()
    [(number, attempt)] = claim()

    def lost(self):
        raise ConnectionError("gone before it was committed")

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "finish", lost)
        fire_timer(timer_id=number, attempt=attempt)
    assert rings() == 0
    timer.refresh_from_db()
    assert (timer.state, timer.fired_at) == ("pending", None)


def test_a_broken_timer_is_tried_again_after_longer_and_longer_waits():
    timer = schedule(kind="cracked bell")
    wall, waits = NOW, []
    for attempt in range(1, MAX_ATTEMPTS):
        assert claim(wall_now=wall) == [(timer.pk, attempt)]
        fire_timer(timer_id=timer.pk, attempt=attempt)
        timer.refresh_from_db()
        waits.append((timer.retry_at - NOW).total_seconds())
        assert claim(wall_now=timer.retry_at - timedelta(microseconds=1)) == []
        wall = timer.retry_at
    assert waits == [2, 4, 8, 16, 32]


def test_when_retries_end_the_ward_is_told(hospital):
    timer = schedule("session:5", kind="cracked bell", ward_id=hospital.ward.pk)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        [claimed] = claim(wall_now=NOW + timedelta(hours=attempt))
        assert claimed == (timer.pk, attempt)
        assert not Alert.objects.exists()
        fire_timer(timer_id=timer.pk, attempt=attempt)
    timer.refresh_from_db()
    assert timer.state == "failed"
    assert claim(wall_now=NOW + timedelta(days=9)) == []

    alert = Alert.objects.get()
    assert (alert.ward_id, alert.priority, alert.state) == (hospital.ward.pk, "high", "raised")
    assert alert.code == "timer_failed:cracked bell"
    assert "clapper" in alert.source
    row = OutboxMessage.objects.get(ward_id=hospital.ward.pk).payload["row"]
    assert (row["row_id"], row["priority"]) == (f"alert:{alert.pk}", "high")


def test_workers_that_die_each_time_are_told_of_too(hospital):
    timer = schedule("session:5", ward_id=hospital.ward.pk)
    wall, rests = NOW, []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert claim(wall_now=wall) == [(timer.pk, attempt)]
        release_timers(shift=0, wall_now=wall)
        timer.refresh_from_db()
        rests.append((timer.retry_at - wall).total_seconds() if timer.retry_at else 0)
        wall = timer.retry_at or wall
    assert rests == [0, 2, 4, 8, 16, 32]
    assert claim(wall_now=wall) == []
    timer.refresh_from_db()
    assert timer.state == "failed"
    assert Alert.objects.get().priority == "high"
    fire_timer(timer_id=timer.pk, attempt=MAX_ATTEMPTS)
    assert rings("session:5") == 0


def test_a_kind_nobody_wired_is_retried_not_lost():
    timer = schedule(kind="unheard of")
    [(number, attempt)] = claim()
    fire_timer(timer_id=number, attempt=attempt)
    timer.refresh_from_db()
    assert timer.state == "pending"
    assert "unheard of" in timer.last_error


@pytest.mark.django_db(transaction=True)
def test_a_second_claimer_steps_over_what_the_first_one_holds():
    for number in range(5):
        schedule(f"thing:{number}")
    with transaction.atomic():
        held = claim(limit=3)
        [rest] = in_parallel(lambda: claim(limit=5))
    assert len(held) == 3 and len(rest) == 2
    assert not set(held) & set(rest)
    assert claim() == []


@pytest.mark.django_db(transaction=True)
def test_many_claimers_at_once_take_each_timer_once():
    for number in range(120):
        schedule(f"thing:{number}")

    def take_all():
        taken = []
        while batch := claim(limit=7):
            taken += batch
        return taken

    results = in_parallel(take_all, take_all, take_all, take_all)
    taken = [pair for result in results for pair in result]
    # A claimer may stop early because the others hold the last rows; nobody may take one twice.
    assert len(taken) == len(set(taken)) == 120
    assert {attempt for _, attempt in taken} == {1}


@pytest.mark.django_db(transaction=True)
def test_the_same_delivery_twice_at_once_rings_once():
    schedule()
    [(number, attempt)] = claim()
    results = in_parallel(*[lambda: fire_timer(timer_id=number, attempt=attempt)] * 4)
    assert sorted(results) == [False, False, False, True]
    assert rings() == 1


@pytest.mark.django_db(transaction=True)
def test_two_hands_scheduling_the_same_moment_make_one_timer():
    results = in_parallel(*[lambda: schedule().pk] * 6)
    assert len(set(results)) == 1
    assert Timer.objects.count() == 1


def test_claiming_takes_the_same_few_queries_however_many_wait(django_assert_num_queries):
    for number in range(20):
        schedule(f"thing:{number}")
    with django_assert_num_queries(1):
        assert len(claim()) == 20


@pytest.mark.django_db(transaction=True)
def test_firing_waits_for_whoever_plans_the_same_timer_and_is_not_waited_for(monkeypatch):
    """Both hold first what the timer is about. The other way round one of the two would be thrown out."""
    schedule()
    [(number, attempt)] = claim()
    planner_has_it, handler_wants_it = Signal(), Signal()

    def lock():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7, 7)")

    def handler(timer, *, now):
        handler_wants_it.set()
        lock()

    def plan():
        with unit_of_work():
            lock()
            planner_has_it.set()
            assert handler_wants_it.wait(20)
            schedule_timer(kind="bell", subject="thing:1", occurrence="1", due_at=LATER, ward_id=None)

    def fire():
        assert planner_has_it.wait(20)
        assert fire_timer(timer_id=number, attempt=attempt)

    monkeypatch.setattr("apps.ledger.services.timers.timer_handler", lambda kind: handler)
    assert in_parallel(plan, fire) == [None, None]
    assert Timer.objects.get().state == "done"


def test_a_claim_that_was_taken_over_meanwhile_leaves_no_effect(monkeypatch):
    schedule()
    [(number, attempt)] = claim()
    ring = wiring.timer_handler("bell")

    def slow(timer, *, now):
        ring(timer, now=now)
        Timer.objects.update(attempts=attempt + 1)  # its shift was given up, and another one has it

    monkeypatch.setattr("apps.ledger.services.timers.timer_handler", lambda kind: slow)
    assert not fire_timer(timer_id=number, attempt=attempt)
    assert rings() == 0


def test_setting_and_firing_a_timer_take_few_queries(django_assert_num_queries):
    with django_assert_num_queries(3):  # savepoint, insert, release
        schedule_timer(kind="bell", subject="a", occurrence="1", due_at=LATER, ward_id=None)
    schedule("b", kind="silent bell")
    [(number, attempt)] = claim()
    with django_assert_num_queries(4):  # savepoint, read, settle, release
        fire_timer(timer_id=number, attempt=attempt)
