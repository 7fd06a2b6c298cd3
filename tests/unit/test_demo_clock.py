"""The demo's clock across stops and crashes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from apps.kernel.clock import read_clock_file
from ivig_monitor.launch.demo_clock import PROMISE, DemoClock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(tmp_path: Path) -> DemoClock:
    return DemoClock(tmp_path / "demo_clock.json")


def shown(clock: DemoClock, wall: datetime) -> datetime:
    return read_clock_file(clock.path).clinical_at(wall)


def test_the_first_run_starts_at_real_time(clock: DemoClock) -> None:
    assert not clock.exists
    assert clock.resume(speed=60, wall_now=NOON) == NOON
    assert shown(clock, NOON + MINUTE) == NOON + 60 * MINUTE


def test_while_stopped_it_passes_at_real_speed(clock: DemoClock) -> None:
    clock.resume(speed=60, wall_now=NOON)
    clock.stop(wall_now=NOON + MINUTE)
    restarted = NOON + 31 * MINUTE
    assert clock.resume(speed=60, wall_now=restarted) == NOON + 90 * MINUTE
    assert shown(clock, restarted + MINUTE) == NOON + 150 * MINUTE


def test_back_to_real_speed_it_keeps_its_lead(clock: DemoClock) -> None:
    clock.resume(speed=60, wall_now=NOON)
    clock.stop(wall_now=NOON + MINUTE)
    assert clock.resume(speed=1, wall_now=NOON + MINUTE) == NOON + 60 * MINUTE
    assert shown(clock, NOON + 2 * MINUTE) == NOON + 61 * MINUTE


def test_a_slow_demo_catches_up_with_real_time(clock: DemoClock) -> None:
    clock.resume(speed=0.5, wall_now=NOON)
    clock.stop(wall_now=NOON + 10 * MINUTE)
    assert clock.resume(speed=1, wall_now=NOON + 10 * MINUTE) == NOON + 10 * MINUTE


@pytest.mark.parametrize("seconds_after_the_promise_was_renewed", [0, 1, 2, 5, 6, 600])
def test_after_a_crash_it_never_goes_back(
    clock: DemoClock, seconds_after_the_promise_was_renewed: int
) -> None:
    clock.resume(speed=60, wall_now=NOON)
    clock.keep(wall_now=NOON + MINUTE)
    crash = NOON + MINUTE + timedelta(seconds=min(seconds_after_the_promise_was_renewed, 5))
    last_shown = shown(clock, crash)
    restarted = NOON + MINUTE + timedelta(seconds=seconds_after_the_promise_was_renewed)
    resumed = clock.resume(speed=60, wall_now=restarted)
    assert resumed >= last_shown
    assert resumed - last_shown <= PROMISE * 60 + timedelta(minutes=10)


def test_it_does_not_go_back_when_the_machine_s_clock_does(clock: DemoClock) -> None:
    clock.resume(speed=1, wall_now=NOON)
    clock.stop(wall_now=NOON + 10 * MINUTE)
    assert clock.resume(speed=1, wall_now=NOON - 60 * MINUTE) == NOON + 10 * MINUTE


def test_a_clock_file_without_its_promise_is_believed_to_have_run_on(clock: DemoClock) -> None:
    clock.resume(speed=60, wall_now=NOON)
    for path in clock.path.parent.glob("*.running-until"):
        path.unlink()
    assert clock.resume(speed=1, wall_now=NOON + MINUTE) == NOON + 60 * MINUTE
