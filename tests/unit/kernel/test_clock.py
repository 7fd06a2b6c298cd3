"""Clinical time is real time, unless a demo clock file says how it runs."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from apps.kernel import clock

WALL = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLINICAL = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def wall(monkeypatch):
    """Real time as the test says: call it to move."""

    def stand(moment):
        monkeypatch.setattr(clock, "wall_now", lambda: moment)

    stand(WALL)
    return stand


@pytest.fixture
def clock_file(tmp_path, monkeypatch):
    path = tmp_path / "clock.json"
    monkeypatch.setenv("IVIG_CLOCK_FILE", str(path))
    return path


def write(path, *, speed=1.0, clinical=CLINICAL, wall=WALL):
    clock.write_clock_file(path, clinical_anchor=clinical, wall_anchor=wall, speed=speed)


def test_without_a_file_both_times_are_one(monkeypatch, wall):
    monkeypatch.delenv("IVIG_CLOCK_FILE", raising=False)
    assert clock.now() == clock.wall_now() == WALL
    assert clock.speed() == 1.0


def test_real_time_is_aware_and_utc():
    assert clock.wall_now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(("speed", "clinical_s"), [(0, 0), (0.5, 30), (1, 60), (60, 3600)])
def test_clinical_time_runs_from_its_anchor_at_its_speed(wall, clock_file, speed, clinical_s):
    write(clock_file, speed=speed)
    assert clock.speed() == speed
    assert clock.now() == CLINICAL
    wall(WALL + timedelta(seconds=60))
    assert clock.now() == CLINICAL + timedelta(seconds=clinical_s)
    assert clock.wall_now() == WALL + timedelta(seconds=60)


def test_a_replaced_file_is_picked_up_at_once(wall, clock_file):
    write(clock_file)
    assert clock.now() == CLINICAL
    for step in range(1, 20):
        write(clock_file, clinical=CLINICAL + timedelta(minutes=step), speed=step)
        assert clock.now() == CLINICAL + timedelta(minutes=step)
        assert clock.speed() == step


def test_another_file_is_another_clock(wall, clock_file, tmp_path, monkeypatch):
    write(clock_file)
    assert clock.now() == CLINICAL
    other = tmp_path / "other.json"
    write(other, clinical=WALL)
    monkeypatch.setenv("IVIG_CLOCK_FILE", str(other))
    assert clock.now() == WALL


def test_replacing_leaves_nothing_behind_and_reads_back(clock_file):
    for speed in (1, 2, 3):
        write(clock_file, speed=speed)
    assert [path.name for path in clock_file.parent.iterdir()] == [clock_file.name]
    assert clock.read_clock_file(clock_file) == clock.ClockFile(WALL, CLINICAL, 3.0)


def test_a_write_that_fails_leaves_the_old_clock_whole(clock_file, monkeypatch):
    write(clock_file, speed=7)

    def full_disk(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(clock.os, "fdopen", full_disk)
    with pytest.raises(OSError, match="No space"):
        write(clock_file, speed=8)
    assert clock.read_clock_file(clock_file).speed == 7


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"speed": 1}'])
def test_half_a_file_is_an_error_not_a_guess(clock_file, content):
    clock_file.write_text(content)
    with pytest.raises((ValueError, KeyError, TypeError)):
        clock.now()


def test_a_missing_file_is_an_error_not_real_time(clock_file):
    with pytest.raises(FileNotFoundError):
        clock.now()


def test_the_file_is_plain_json_with_time_zones(clock_file):
    write(clock_file, speed=60)
    data = json.loads(clock_file.read_text())
    assert data == {"wall_anchor": WALL.isoformat(), "clinical_anchor": CLINICAL.isoformat(), "speed": 60}
