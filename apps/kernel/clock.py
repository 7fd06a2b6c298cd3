"""The only place the product reads the time.

`now()` is clinical time: when a step is due, when vitals were taken. `wall_now()` is real time,
for leases and heartbeats. They are the same unless IVIG_CLOCK_FILE names a demo clock, which
may run faster; production settings refuse to start with one.
"""

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ClockFile:
    """clinical time = clinical_anchor + (wall time - wall_anchor) * speed."""

    wall_anchor: datetime
    clinical_anchor: datetime
    speed: float

    def clinical_at(self, wall: datetime) -> datetime:
        """Clinical time (UTC) at the given real time."""
        return self.clinical_anchor + (wall - self.wall_anchor) * self.speed


_cache: tuple[str, int, int, ClockFile] | None = None


def wall_now() -> datetime:
    """Real time, aware, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """Clinical time, aware, UTC."""
    wall = wall_now()
    active = _active()
    return active.clinical_at(wall) if active else wall


def speed() -> float:
    """How many clinical seconds pass in a real one."""
    active = _active()
    return active.speed if active else 1.0


def read_clock_file(path: Path | str) -> ClockFile:
    """Parse a clock file. Raises ValueError, KeyError or OSError when it cannot be read."""
    data = json.loads(Path(path).read_text(encoding="utf-8"))
    return ClockFile(
        wall_anchor=datetime.fromisoformat(data["wall_anchor"]),
        clinical_anchor=datetime.fromisoformat(data["clinical_anchor"]),
        speed=float(data["speed"]),
    )


def write_clock_file(
    path: Path | str, *, clinical_anchor: datetime, wall_anchor: datetime, speed: float
) -> None:
    """Replace the clock file in one step, so that no reader sees half of it."""
    target = Path(path)
    text = json.dumps(
        {
            "wall_anchor": wall_anchor.isoformat(),
            "clinical_anchor": clinical_anchor.isoformat(),
            "speed": speed,
        }
    )
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=target.name)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(temporary).replace(target)


def _active() -> ClockFile | None:
    global _cache
    path = os.environ.get("IVIG_CLOCK_FILE")
    if not path:
        return None
    stat = Path(path).stat()
    if _cache is None or _cache[:3] != (path, stat.st_mtime_ns, stat.st_ino):
        _cache = (path, stat.st_mtime_ns, stat.st_ino, read_clock_file(path))
    return _cache[3]
