"""Which vital signs are usual at an age."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol, TypeVar

from apps.infusions.domain.age import Age


class AgePoint(Protocol):
    """An age in completed days or completed months; the one not used is 0."""

    @property
    def days(self) -> int: ...
    @property
    def months(self) -> int: ...


class HypotensionLimit(Protocol):
    """`base_mmhg` + `per_year_mmhg` x completed years."""

    @property
    def base_mmhg(self) -> int: ...
    @property
    def per_year_mmhg(self) -> int: ...


class Range(Protocol):
    """For whom a reference range holds, as far as it is looked up by; half-open, None is open."""

    @property
    def from_age(self) -> AgePoint: ...
    @property
    def until_age(self) -> AgePoint: ...
    @property
    def weight_from_kg(self) -> Decimal | None: ...
    @property
    def weight_until_kg(self) -> Decimal | None: ...
    @property
    def hypotension(self) -> HypotensionLimit: ...


_Range = TypeVar("_Range", bound=Range)


def reference_range_for(age: Age, weight_kg: Decimal, ranges: Iterable[_Range]) -> _Range | None:
    """The range for this age and, in the first days of life, weight in kg; None from 16 years on.

    Source: clinical facts 4.3. Healthy children are often outside it: it alerts, it does not score.
    """
    return next((row for row in _of_age(age, ranges) if _holds_weight(row, weight_kg)), None)


def child_hypotension_limit_mmhg(age: Age, ranges: Iterable[Range]) -> int | None:
    """The systolic pressure below which a child of this age is hypotensive, mmHg; None from 16 years on.

    Where the limit depends on weight, the highest one, so that nobody's hypotension is missed. Source:
    clinical facts 4.3.
    """
    limits = (row.hypotension for row in _of_age(age, ranges))
    return max((limit.base_mmhg + limit.per_year_mmhg * age.years for limit in limits), default=None)


def _of_age(age: Age, ranges: Iterable[_Range]) -> list[_Range]:
    return [row for row in ranges if _reached(age, row.from_age) and not _reached(age, row.until_age)]


def _reached(age: Age, point: AgePoint) -> bool:
    return age.days >= point.days and age.months >= point.months


def _holds_weight(row: Range, weight_kg: Decimal) -> bool:
    return (row.weight_from_kg is None or row.weight_from_kg <= weight_kg) and (
        row.weight_until_kg is None or weight_kg < row.weight_until_kg
    )
