"""What the watchdog says of what it saw: causes, not their consequences, each with what to do."""

import pytest

from apps.vigilance.domain.findings import (
    BEHIND_LIMIT_S,
    CLOCK_APART_S,
    CLOCK_JUMP_S,
    DISK_FULL_BYTES,
    DISK_LOW_BYTES,
    KINDS,
    SILENCE_LIMIT_S,
    Answer,
    Disk,
    Finding,
    Severity,
    Signs,
    judge,
)
from apps.vigilance.domain.tracking import JUMP_SHOWN_S, Backlog, ClockWatch, SignOfLife
from apps.vigilance.services.watching import LOOK_EVERY_S

LOUD = SILENCE_LIMIT_S
NOTICED_WITHIN_S = 30.0
SHOWS_LIFE_EVERY_S = 5.0


def codes(**signs: object) -> list[str]:
    return [finding.code for finding in judge(Signs(**signs))]  # type: ignore[arg-type]


def test_a_service_that_works_has_no_findings() -> None:
    assert judge(Signs(disks=(Disk("/var", DISK_LOW_BYTES),))) == []


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        ({"postgresql": Answer.DOWN}, ["postgresql_down"]),
        ({"postgresql": Answer.FULL}, ["postgresql_full"]),
        ({"postgresql": Answer.READ_ONLY}, ["postgresql_read_only"]),
        ({"redis": Answer.DOWN}, ["redis_down"]),
        ({"redis": Answer.FULL}, ["redis_full"]),
        ({"redis": Answer.READ_ONLY}, ["redis_full"]),
        ({"beat_silent_s": LOUD}, ["beat_silent"]),
        ({"beat_silent_s": None}, ["beat_silent"]),
        ({"beat_silent_s": LOUD - 0.1}, []),
        ({"timers_silent_s": LOUD}, ["timers_silent"]),
        ({"relay_silent_s": LOUD}, ["relay_silent"]),
        ({"relay_silent_s": LOUD, "timers_silent_s": LOUD}, ["workers_silent"]),
        (
            {"relay_silent_s": LOUD, "timers_silent_s": LOUD, "beat_silent_s": LOUD},
            ["beat_silent", "workers_silent"],
        ),
        ({"watchdog_silent_s": LOUD}, ["watchdog_silent"]),
        ({"timers_behind_s": BEHIND_LIMIT_S, "timers_overdue": 3}, ["timers_late"]),
        ({"timers_behind_s": BEHIND_LIMIT_S - 0.1, "timers_overdue": 3}, []),
        ({"outbox_behind_s": BEHIND_LIMIT_S, "outbox_unsent": 3}, ["outbox_stuck"]),
        ({"clock_jump_s": CLOCK_JUMP_S}, ["clock_jumped"]),
        ({"clock_jump_s": -7200.0}, ["clock_jumped"]),
        ({"clock_apart_s": -CLOCK_APART_S}, ["clock_apart"]),
        ({"disks": (Disk("/a", DISK_LOW_BYTES - 1),)}, ["disk_low"]),
        ({"disks": (Disk("/a", DISK_FULL_BYTES - 1),)}, ["disk_full"]),
        ({"disks": (Disk("/a", 10**12, writable=False),)}, ["disk_full"]),
        ({"disks": (Disk("/a", 0), Disk("/b", 0))}, ["disk_full"]),
    ],
)
def test_each_fault_is_named(signs: dict[str, object], expected: list[str]) -> None:
    assert codes(**signs) == expected


def test_without_redis_or_postgresql_what_follows_from_it_is_not_said_again() -> None:
    silent = {"beat_silent_s": LOUD, "timers_silent_s": LOUD, "relay_silent_s": LOUD}
    assert codes(redis=Answer.DOWN, **silent, timers_behind_s=60.0) == ["redis_down", "timers_late"]
    assert codes(postgresql=Answer.DOWN, **silent) == ["postgresql_down"]


def test_every_kind_has_a_sentence_for_the_administrator_and_an_alarm_one_for_the_ward() -> None:
    numbers = {"seconds": 7, "count": 3, "place": "/var", "free_mb": 12}
    for code, kind in KINDS.items():
        sentence = Finding(code, numbers).sentence
        assert "%" not in sentence and sentence.endswith(".") and kind.advice in sentence
        assert bool(kind.board) == (kind.severity is Severity.ALARM), code


def test_silence_and_a_backlog_are_noticed_within_thirty_seconds() -> None:
    assert SHOWS_LIFE_EVERY_S + SILENCE_LIMIT_S + 2 * LOOK_EVERY_S < NOTICED_WITHIN_S
    assert Backlog().old_after_s + BEHIND_LIMIT_S + 2 * LOOK_EVERY_S < NOTICED_WITHIN_S


def test_silence_counts_from_the_first_look_and_ends_with_any_change() -> None:
    beat = SignOfLife()
    assert beat.silent_s(None, monotonic_s=100.0) == 0
    assert beat.silent_s(None, monotonic_s=116.0) == 16
    assert beat.silent_s("a sign, its time an hour before the last", monotonic_s=117.0) == 0
    assert beat.silent_s("a sign, its time an hour before the last", monotonic_s=119.0) == 2


def test_a_queue_is_behind_while_its_oldest_stays_or_is_old() -> None:
    queue = Backlog()
    assert queue.behind_s(None, age_s=0, monotonic_s=0) == 0
    assert queue.behind_s(1, age_s=0.1, monotonic_s=2) == 0  # it has just come
    assert queue.behind_s(1, age_s=-7200, monotonic_s=4) == 0  # the clock went back; it is still there
    assert queue.behind_s(1, age_s=-7198, monotonic_s=6) == 2
    assert queue.behind_s(2, age_s=6, monotonic_s=8) == 4  # it moves, but too slowly
    assert queue.behind_s(3, age_s=0.1, monotonic_s=10) == 0
    assert queue.behind_s(None, age_s=0, monotonic_s=12) == 0


def test_a_clock_jump_is_shown_for_a_while_and_its_reverse_takes_it_back() -> None:
    watch = ClockWatch()
    assert watch.jumped_s(wall_s=1000.0, monotonic_s=0.0) == 0
    assert watch.jumped_s(wall_s=1002.3, monotonic_s=2.0) == 0
    assert watch.jumped_s(wall_s=8204.3, monotonic_s=4.0) == pytest.approx(7200)
    assert watch.jumped_s(wall_s=8206.3, monotonic_s=6.0) == pytest.approx(7200)
    assert watch.jumped_s(wall_s=1008.3, monotonic_s=8.0) == pytest.approx(0)
    assert watch.jumped_s(wall_s=1008.3 + 3600, monotonic_s=10.0) == pytest.approx(3598)
    later_s = 11.0 + JUMP_SHOWN_S
    assert watch.jumped_s(wall_s=1008.3 + 3590 + later_s, monotonic_s=later_s) == pytest.approx(0)
