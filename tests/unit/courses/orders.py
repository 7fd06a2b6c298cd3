"""An order and what is known around it, for the tests of its assessment."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from apps.courses.domain import CourseOrder, PatientProfile
from apps.courses.domain.assessment import Situation

TODAY = date(2026, 3, 2)
QUIET = PatientProfile(
    weight_kg=Decimal(60),
    weighed_on=TODAY,
    blood_group="O",
    iga="normal",
    anti_iga="negative",
    prior_ivig="before",
    prior_product="kiovig",
    prior_given_on=date(2026, 2, 2),
)
NEUROLOGIST = Situation(today=TODAY, age_years=45, sex="female", specialty="neurology")
STANDARD = CourseOrder(
    indication_code="nel_cidp",
    regimen_code="initial",
    product_code="kiovig",
    profile=QUIET,
    dose_mg_per_kg=Decimal(2000),
    days=5,
    starts_on=TODAY,
    setting="inpatient",
)


def order(**changes: Any) -> CourseOrder:
    """The Norwegian page's worked example in a patient nothing is wrong with, with changes."""
    return dataclasses.replace(STANDARD, **changes)


def patient(**changes: Any) -> PatientProfile:
    """That patient, with changes."""
    return dataclasses.replace(QUIET, **changes)


def around(**changes: Any) -> Situation:
    """A neurologist's order today, with changes."""
    return dataclasses.replace(NEUROLOGIST, **changes)
