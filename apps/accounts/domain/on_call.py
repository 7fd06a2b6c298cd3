"""Who is called at which moment, from entries that may overlap. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Duty:
    """One entry: a physician is called from `starts_at` until just before `ends_at`; later entries count higher."""

    number: int
    physician_id: int
    starts_at: datetime
    ends_at: datetime

    def covers(self, moment: datetime) -> bool:
        """Whether the entry speaks for this moment."""
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True, slots=True)
class Stretch:
    """What the entries say together: from when until when one entry counts; None where nobody is on call."""

    duty: Duty | None
    starts_at: datetime
    ends_at: datetime


def duty_at(duties: Iterable[Duty], moment: datetime) -> Duty | None:
    """The entry that counts at a moment: of those that cover it the one made last.

    An evening taken over inside a week's duty thus gives the rest of the week back by itself.
    """
    return max((duty for duty in duties if duty.covers(moment)), key=lambda duty: duty.number, default=None)


def stretches(duties: Sequence[Duty], *, since: datetime, until: datetime) -> list[Stretch]:
    """The time from `since` to `until` without gaps or overlaps, neighbours of the same entry joined."""
    edges = {edge for duty in duties for edge in (duty.starts_at, duty.ends_at) if since < edge < until}
    moments = [since, *sorted(edges), until]
    found: list[Stretch] = []
    for start, end in pairwise(moments):
        duty = duty_at(duties, start)
        if found and found[-1].duty == duty:
            found[-1] = Stretch(duty, found[-1].starts_at, end)
        else:
            found.append(Stretch(duty, start, end))
    return found
