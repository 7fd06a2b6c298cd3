"""Pure rules of planning a course: profile, dose, whole vials, and what must be seen before approval."""

from apps.courses.domain.dose import Dose, calculate_dose
from apps.courses.domain.order import CourseOrder
from apps.courses.domain.profile import PatientProfile
from apps.courses.domain.vials import VialPlan, plan_least_waste, plan_vials

__all__ = [
    "CourseOrder",
    "Dose",
    "PatientProfile",
    "VialPlan",
    "calculate_dose",
    "plan_least_waste",
    "plan_vials",
]
