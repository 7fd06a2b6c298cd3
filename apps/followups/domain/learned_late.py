"""A check whose window had closed before anybody knew that it was called for: done at once, or missed and said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from apps.followups.domain.calling_hours import Hours
from apps.followups.domain.planner import PlannedCheck
from apps.followups.domain.reasons import Reason
from apps.followups.domain.windows import Window, asked_window

# Reasons of their own: they tell when, not why, and stand behind the facts that call for the check.
LEARNED_LATE, LEARNED_TOO_LATE = Reason("learned_late"), Reason("learned_too_late")
_AT_ANY_HOUR = ("laboratory", "observation")


@dataclass(frozen=True, slots=True)
class Lateness:
    """What becomes of such a check at `now`: it is done `within_h`, calls and visits at their hours by kind."""

    now: datetime
    within_h: int
    zone: ZoneInfo
    hours: Mapping[str, Hours] = field(default_factory=dict)

    def concerns(self, check: PlannedCheck) -> bool:
        """Whether somebody would have been asked, and the window has closed."""
        closes = check.window.closes_at
        return check.is_asked and closes is not None and closes <= self.now

    def is_in_time(self, check: PlannedCheck) -> bool:
        """Whether the effect may still begin. One of which no risk window is known counts as such."""
        return check.risk_until is None or self.now < check.risk_until

    def at_once(self, check: PlannedCheck) -> PlannedCheck:
        """The check with a window that opens now. Blood is drawn now; nobody is called at night for it."""
        window = Window(self.now, self.now, self.now + timedelta(hours=self.within_h))
        if check.kind not in _AT_ANY_HOUR:
            window = asked_window(window, self.hours.get(check.kind), self.zone)
        return replace(check, window=window, reasons=(*check.reasons, LEARNED_LATE))


def too_late(check: PlannedCheck) -> PlannedCheck:
    """The check as it is kept: with the window that nobody knew of, and why nothing came of it."""
    return replace(check, reasons=(*check.reasons, LEARNED_TOO_LATE))


def without_lateness(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The facts alone that call for a check."""
    return tuple(reason for reason in reasons if reason not in (LEARNED_LATE, LEARNED_TOO_LATE))
