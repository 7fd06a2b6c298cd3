"""Each effect's risk window as a band, as far as doses have opened it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from apps.followups.domain.picture import CoursePicture


class RiskWindow(Protocol):
    """When an effect may begin: from so long after its anchor until so long after the last dose."""

    @property
    def code(self) -> str: ...
    @property
    def effect(self) -> str: ...
    @property
    def anchor(self) -> str: ...
    @property
    def from_h(self) -> int: ...
    @property
    def to_h(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Band:
    """An effect's window in time."""

    code: str
    effect: str
    from_at: datetime
    to_at: datetime


def risk_bands(picture: CoursePicture, windows: Sequence[RiskWindow]) -> tuple[Band, ...]:
    """The bands of a course, in the order of the data; none before the first dose (clinical facts 5.1).

    Each dose opens an effect's window anew, so a band reaches from the first dose over the last one. While an
    infusion runs, its beginning stands for an end that nobody knows.
    """
    first = picture.first_begun
    if first is None or first.started_at is None:
        return ()
    last = max(day.ended_at or day.started_at for day in picture.days if day.started_at is not None)
    anchors = {"first_dose": first.started_at, "last_dose": last}
    return tuple(
        Band(
            code=window.code,
            effect=window.effect,
            from_at=anchors[window.anchor] + timedelta(hours=window.from_h),
            to_at=last + timedelta(hours=window.to_h),
        )
        for window in windows
    )
