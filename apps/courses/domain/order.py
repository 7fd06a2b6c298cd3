"""What a prescriber orders, before anything is calculated from it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.courses.domain.profile import PatientProfile

WEIGHT_BASES = ("actual", "ideal", "adjusted")
VIAL_CHOICES = ("rounded", "least_waste")


@dataclass(frozen=True, slots=True)
class CourseOrder:
    """One course: `dose_mg_per_kg` is for the whole course and spread evenly over `days`.

    `rate_table_code` empty means the plan the guideline offers first for the product.
    """

    indication_code: str
    regimen_code: str
    product_code: str
    profile: PatientProfile
    dose_mg_per_kg: Decimal
    days: int
    starts_on: date
    setting: str
    weight_basis: str = "actual"
    vial_choice: str = "rounded"
    rate_table_code: str = ""
    missing_tests: tuple[str, ...] = ()
    premedication: tuple[str, ...] = ()
    hydration: str = ""
