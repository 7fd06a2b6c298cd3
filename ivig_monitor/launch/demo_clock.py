"""The demo's clinical clock across stops and crashes: it runs on, and never goes back.

While the demo runs, clinical time passes `speed` times as fast as real time. While it is stopped,
it passes as fast as real time. Beside the clock file stands a promise, renewed every few seconds:
nobody has read the clock later than this. After a crash the clock goes on from there.
"""

from datetime import datetime, timedelta
from pathlib import Path

from apps.kernel.clock import read_clock_file, write_clock_file

RENEW_S = 2.0
PROMISE = timedelta(seconds=3 * RENEW_S)


class DemoClock:
    """The clock file and the promise beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._promise = path.with_name(path.name + ".running-until")

    @property
    def exists(self) -> bool:
        return self.path.exists()

    def resume(self, *, speed: float, wall_now: datetime) -> datetime:
        """Write the clock file for a run that starts now. Returns the clinical time it starts at."""
        clinical = max(wall_now, self._last_known(wall_now)) if self.exists else wall_now
        self.keep(wall_now=wall_now)
        write_clock_file(self.path, clinical_anchor=clinical, wall_anchor=wall_now, speed=speed)
        return clinical

    def keep(self, *, wall_now: datetime) -> None:
        """Renew the promise; call it at least every RENEW_S seconds while anything runs."""
        self._write(wall_now + PROMISE)

    def stop(self, *, wall_now: datetime) -> None:
        """Everything has stopped: the clock was read until now and no later."""
        self._write(wall_now)

    def _last_known(self, wall_now: datetime) -> datetime:
        clock = read_clock_file(self.path)
        promised = self._read() or wall_now
        stopped_for = max(wall_now - promised, timedelta(0))
        return clock.clinical_at(promised) + stopped_for

    def _read(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self._promise.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None

    def _write(self, moment: datetime) -> None:
        temporary = self._promise.with_name(self._promise.name + ".new")
        temporary.write_text(moment.isoformat(), encoding="utf-8")
        temporary.replace(self._promise)
