"""How old a patient is, as the scores and limits of the bedside ask for it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ADULT_FROM_YEARS = 16  # NEWS2 is not for younger patients (clinical facts 4.1)


class AgeGroup(StrEnum):
    """Who is watched by adults' scores, and who by children's."""

    ADULT = "adult"
    CHILD = "child"


@dataclass(frozen=True, slots=True)
class Age:
    """Completed days and completed calendar months of life."""

    days: int
    months: int

    @property
    def years(self) -> int:
        """Completed years."""
        return self.months // 12

    @property
    def group(self) -> AgeGroup:
        """Adult from 16 years on."""
        return AgeGroup.ADULT if self.years >= ADULT_FROM_YEARS else AgeGroup.CHILD


def age_on(birth_date: date, on: date) -> Age:
    """The age on a day; a day before birth counts as the day of birth."""
    months = (on.year - birth_date.year) * 12 + on.month - birth_date.month - (on.day < birth_date.day)
    return Age(days=max(0, (on - birth_date).days), months=max(0, months))
