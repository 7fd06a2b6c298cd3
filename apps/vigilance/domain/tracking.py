"""How long something has been so, by a monotonic clock: a clock that jumps is no silence and hides none."""

from dataclasses import dataclass, field

JUMP_STEP_S = 1.0  # less within one look is the two clocks being read one after the other
JUMP_SHOWN_S = 600.0  # long enough for a ward to see it and compare what was recorded


@dataclass(slots=True)
class SignOfLife:
    """Seconds since a value last changed. What was never seen counts from the first look."""

    _value: object = None
    _changed_s: float | None = None

    def silent_s(self, value: object, *, monotonic_s: float) -> float:
        """Take the value as it is now and return how long it has been the same."""
        if self._changed_s is None or value != self._value:
            self._value, self._changed_s = value, monotonic_s
        return monotonic_s - self._changed_s


@dataclass(slots=True)
class Backlog:
    """Seconds for which a queue has not been worked off: each look found its oldest entry again, or an old one.

    The same entry in two looks has waited for a whole look, whatever the clocks say.
    """

    old_after_s: float = 5.0
    _oldest: object = None
    _since_s: float | None = None

    def behind_s(self, oldest: object, *, age_s: float, monotonic_s: float) -> float:
        """`oldest` identifies the oldest entry (None: the queue is empty); `age_s` is its age by the clock."""
        again = oldest is not None and (oldest == self._oldest or age_s >= self.old_after_s)
        self._oldest = oldest
        if not again:
            self._since_s = None
            return 0.0
        if self._since_s is None:
            self._since_s = monotonic_s
        return monotonic_s - self._since_s


@dataclass(slots=True)
class ClockWatch:
    """The wall clock held against the monotonic one."""

    _offset_s: float | None = None
    _jumps: list[tuple[float, float]] = field(default_factory=list)

    def jumped_s(self, *, wall_s: float, monotonic_s: float) -> float:
        """Seconds by which the wall clock jumped lately; 0.0 when it did not, or jumped back to where it was."""
        offset = wall_s - monotonic_s
        if self._offset_s is not None and abs(offset - self._offset_s) >= JUMP_STEP_S:
            self._jumps.append((monotonic_s, offset - self._offset_s))
        self._offset_s = offset
        self._jumps = [jump for jump in self._jumps if monotonic_s - jump[0] < JUMP_SHOWN_S]
        return sum(step for _, step in self._jumps)
