"""Celery beat by a clock that nobody can put back.

Celery's own scheduler waits for a time of day: put the clock back two hours, and it calls nothing for
two hours.
"""

import time
from typing import Any

from celery.beat import PersistentScheduler


class SteadyScheduler(PersistentScheduler):  # type: ignore[misc]
    """Sends each entry every so many seconds of monotonic time. Entries are intervals, not times of day."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        self._next: dict[str, float] = {}
        super().__init__(*arguments, **more)

    def tick(self, *_: Any, **__: Any) -> float:
        """Send what is due. Returns the seconds until the next one."""
        for name, entry in list(self.schedule.items()):
            if self._next.get(name, 0.0) <= time.monotonic():
                self._next[name] = time.monotonic() + entry.schedule.run_every.total_seconds()
                self.apply_entry(self.reserve(entry), producer=self.producer)
        pause_s = min(self._next.values(), default=self.max_interval) - time.monotonic()
        return float(min(max(pause_s, 0.0), self.max_interval))
