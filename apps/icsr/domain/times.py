"""Dates and times as far as they are known, with the offset from UTC in which they were meant."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_SHAPE = re.compile(
    r"(?P<digits>\d{4}(?:\d{2}){0,5})(?P<fraction>\.\d{1,6})?(?P<offset>[+-]\d{2}(?:\d{2})?)?", re.ASCII
)
_FAR_EAST = timezone(timedelta(hours=14))
_FAR_WEST = timezone(-timedelta(hours=12))


class Precision(IntEnum):
    """To what a time is known, as the number of digits that are written."""

    YEAR = 4
    MONTH = 6
    DAY = 8
    HOUR = 10
    MINUTE = 12
    SECOND = 14


@dataclass(frozen=True, slots=True)
class E2bTime:
    """A date or time truncated from the right to what is known: `2026`, `20260301`, `202603011015+0330`.

    An offset from UTC belongs to times of an hour or finer; the standard's pattern refuses it on dates. Its
    minutes may be left out.
    Raises DomainError `icsr_time_invalid` for text that is no such time.
    """

    text: str

    def __post_init__(self) -> None:
        parts = _SHAPE.fullmatch(self.text)
        if not parts or not _sound(parts):
            raise DomainError(
                "icsr_time_invalid",
                N_(
                    "“%(text)s” is no date or time as E2B(R3) writes it, such as 20260301 or 202603011015+0100."
                ),
                text=self.text[:40],
            )

    @classmethod
    def of(cls, moment: datetime, precision: Precision = Precision.SECOND) -> "E2bTime":
        """An aware moment in its own offset, cut off (never rounded) at `precision`."""
        offset = moment.strftime("%z")[:5]
        if not offset:
            raise ValueError("a time without a time zone")
        digits = moment.strftime("%Y%m%d%H%M%S").zfill(14)[:precision]
        return cls(digits + (offset if precision >= Precision.HOUR else ""))

    @classmethod
    def of_date(cls, day: date) -> "E2bTime":
        """A date to the day."""
        return cls(day.strftime("%Y%m%d").zfill(8))

    @property
    def precision(self) -> Precision:
        """To what the time is known; a fraction of a second counts as seconds."""
        return Precision(len(self._digits))

    @property
    def has_offset(self) -> bool:
        """Whether the offset from UTC is given."""
        return self._offset is not None

    @property
    def day(self) -> date | None:
        """The calendar day in the offset in which the time was written; None for a month or a year."""
        return _first_moment(self._digits).date() if self.precision >= Precision.DAY else None

    def earliest(self) -> datetime:
        """The first moment this may mean, in UTC; without an offset that of the easternmost time zone."""
        return (
            (_first_moment(self._digits) + self._fraction)
            .replace(tzinfo=self._zone(_FAR_EAST))
            .astimezone(UTC)
        )

    def latest(self) -> datetime:
        """The moment at which what this may mean has ended, in UTC; without an offset the westernmost's."""
        end = _first_moment(self._digits, after=True) if not self._fraction else _first_moment(self._digits)
        return (end + self._fraction).replace(tzinfo=self._zone(_FAR_WEST)).astimezone(UTC)

    def __str__(self) -> str:
        return self.text

    @property
    def _digits(self) -> str:
        return re.split(r"[.+-]", self.text, maxsplit=1)[0]

    @property
    def _offset(self) -> str | None:
        parts = _SHAPE.fullmatch(self.text)
        return parts["offset"] if parts else None

    @property
    def _fraction(self) -> timedelta:
        parts = _SHAPE.fullmatch(self.text)
        return (
            timedelta(seconds=float("0" + parts["fraction"])) if parts and parts["fraction"] else timedelta()
        )

    def _zone(self, otherwise: timezone) -> timezone:
        return _zone_of(self._offset) if self._offset else otherwise


def _sound(parts: re.Match[str]) -> bool:
    digits, fraction, offset = parts["digits"], parts["fraction"], parts["offset"]
    if (offset and len(digits) < Precision.HOUR) or (fraction and len(digits) < Precision.SECOND):
        return False
    try:
        moment = _first_moment(digits)
        zone = _zone_of(offset) if offset else UTC
    except ValueError:
        return False
    # Years at the edge of the calendar cannot be brought to UTC.
    return 1000 <= moment.year <= 9998 and abs(zone.utcoffset(None)) <= timedelta(hours=14)


def _zone_of(offset: str) -> timezone:
    sign = -1 if offset[0] == "-" else 1
    minutes = int(offset[3:5] or 0)
    if minutes > 59:
        raise ValueError("an offset of more than 59 minutes past the hour")
    return timezone(sign * timedelta(hours=int(offset[1:3]), minutes=minutes))


def _first_moment(digits: str, *, after: bool = False) -> datetime:
    """The first moment of what the digits name, or of what follows it."""
    pairs = [int(digits[at : at + 2]) for at in range(4, len(digits), 2)]
    month, day, hour, minute, second = (*pairs, *(1, 1, 0, 0, 0)[len(pairs) :])
    moment = datetime(int(digits[:4]), month, day, hour, minute, second)  # noqa: DTZ001 - the offset comes later
    if not after:
        return moment
    if len(digits) == Precision.YEAR:
        return moment.replace(year=moment.year + 1)
    if len(digits) == Precision.MONTH:
        return (moment + timedelta(days=32)).replace(day=1)
    steps = {8: timedelta(days=1), 10: timedelta(hours=1), 12: timedelta(minutes=1), 14: timedelta(seconds=1)}
    return moment + steps[len(digits)]
