"""What a regimen amounts to over a whole course, so that an order can be held against it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Amount(Protocol):
    """A dose statement: as printed, or as two people agreed to read it."""

    @property
    def amount_mg_per_kg_min(self) -> Decimal | None: ...
    @property
    def amount_mg_per_kg_max(self) -> Decimal | None: ...
    @property
    def basis(self) -> str | None: ...
    @property
    def days_min(self) -> int | None: ...
    @property
    def days_max(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class CourseDose:
    """The range of one course in mg/kg."""

    min_mg_per_kg: Decimal
    max_mg_per_kg: Decimal

    def holds(self, dose_mg_per_kg: Decimal) -> bool:
        """Whether the dose lies in the range."""
        return self.min_mg_per_kg <= dose_mg_per_kg <= self.max_mg_per_kg


def course_dose(regimen: Amount, *, days: int) -> CourseDose | None:
    """The range for a course over `days`; None where the source states no amount.

    An amount per day counts once for each day; per dose, per week and in total it is the whole course.
    """
    least, most = regimen.amount_mg_per_kg_min, regimen.amount_mg_per_kg_max
    if least is None or most is None or regimen.basis is None:
        return None
    times = days if regimen.basis == "per_day" else 1
    return CourseDose(min_mg_per_kg=least * times, max_mg_per_kg=most * times)


def days_fit(regimen: Amount, *, days: int) -> bool:
    """Whether the source allows this number of days; where it is silent, any number does."""
    if regimen.days_min is not None and days < regimen.days_min:
        return False
    return regimen.days_max is None or days <= regimen.days_max
