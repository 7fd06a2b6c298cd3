"""When the next set of vital signs is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

_LEVELS = ("none", "low", "single", "urgent", "emergency")
_AHEAD_OF_A_POINT = timedelta(minutes=5)


class Interval(Protocol):
    """An interval for a score level, as the guidelines hold it."""

    @property
    def level(self) -> str: ...
    @property
    def every_minutes(self) -> int: ...


class Policy(Protocol):
    """The schedule, as the guidelines hold it; minutes."""

    @property
    def first_phase_minutes(self) -> int: ...
    @property
    def first_phase_every_minutes(self) -> int: ...
    @property
    def afterwards_every_minutes(self) -> int: ...
    @property
    def after_end_minutes(self) -> Sequence[int]: ...
    @property
    def by_score(self) -> Sequence[Interval]: ...


@dataclass(frozen=True, slots=True)
class Watched:
    """What the schedule counts from: the infusion's times, the newest set, and how bad its score was."""

    started_at: datetime
    ended_at: datetime | None
    watch_minutes_after: int
    observed_at: datetime
    score_level: str


def next_observation_due(policy: Policy, watched: Watched) -> datetime | None:
    """When the next set is due; None once the watch after the end is over.

    Running or paused: every 15 minutes in the first hour, then every 30. After the end: at the end, 20 and 60
    minutes after it, as far as this patient is watched; a set up to five minutes before a point stands for it.
    A worse score asks sooner, and nobody is let go by the clock while it lasts. Source: clinical facts 3.1.
    """
    by_score = [watched.observed_at + every for every in _by_score(policy, watched)]
    usual = _usual(policy, watched)
    return min([*by_score, *([usual] if usual else [])], default=None)


def _usual(policy: Policy, watched: Watched) -> datetime | None:
    if watched.ended_at is None:
        return watched.observed_at + _interval(policy, watched)
    points = [
        watched.ended_at + timedelta(minutes=minutes)
        for minutes in policy.after_end_minutes
        if minutes <= watched.watch_minutes_after
    ]
    return next((point for point in points if point - _AHEAD_OF_A_POINT > watched.observed_at), None)


def _interval(policy: Policy, watched: Watched) -> timedelta:
    soon = timedelta(minutes=policy.first_phase_every_minutes)
    first_phase_ends = watched.started_at + timedelta(minutes=policy.first_phase_minutes)
    is_early = watched.observed_at + soon <= first_phase_ends
    return soon if is_early else timedelta(minutes=policy.afterwards_every_minutes)


def _by_score(policy: Policy, watched: Watched) -> list[timedelta]:
    reached = _LEVELS[: _LEVELS.index(watched.score_level) + 1]
    return [timedelta(minutes=item.every_minutes) for item in policy.by_score if item.level in reached]
