"""What a scorer needs of a published score, as the guidelines hold it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol


class Band(Protocol):
    """Points for values from `lowest` to `highest`, both included; None is open."""

    @property
    def lowest(self) -> Decimal | None: ...
    @property
    def highest(self) -> Decimal | None: ...
    @property
    def points(self) -> int: ...


class Choice(Protocol):
    """Points for one of the words a sign is told in."""

    @property
    def code(self) -> str: ...
    @property
    def points(self) -> int: ...


class Row(Protocol):
    """The points of one sign, and when they hold."""

    @property
    def sign(self) -> str: ...
    @property
    def step(self) -> Decimal: ...
    @property
    def bands(self) -> Sequence[Band]: ...
    @property
    def choices(self) -> Sequence[Choice]: ...
    def fits(self, *, spo2_scale: int | None, on_oxygen: bool | None, age_band: str | None) -> bool: ...


class AgeBand(Protocol):
    """Ages in completed months; `until_months` is not in it."""

    @property
    def code(self) -> str: ...
    @property
    def from_months(self) -> int: ...
    @property
    def until_months(self) -> int | None: ...


class ScoreTable(Protocol):
    """A published score."""

    @property
    def code(self) -> str: ...
    @property
    def age_bands(self) -> Sequence[AgeBand]: ...
    @property
    def rows(self) -> Sequence[Row]: ...
