"""The product's clock, standing still until a test moves it."""

from datetime import datetime, timedelta
from pathlib import Path

from apps.kernel import clock as kernel_clock
from tests.builders import NOW, fire_due_timers


class StandingClock:
    """The product's own clock file at speed 0. Leases are in real time: nothing here moves them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.now = NOW
        self.set(NOW)

    def set(self, moment: datetime) -> None:
        """Clinical time is now `moment`, and stays."""
        self.now = moment
        kernel_clock.write_clock_file(self._path, clinical_anchor=moment, wall_anchor=NOW, speed=0)

    def forward(self, **step: float) -> datetime:
        """Move on by a timedelta. Returns the new time."""
        self.set(self.now + timedelta(**step))
        return self.now

    def fire(self, moment: datetime | None = None) -> int:
        """Stand at `moment` and fire what is due. Returns how many timers fired."""
        if moment is not None:
            self.set(moment)
        return fire_due_timers(self.now)
