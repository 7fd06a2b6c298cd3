"""Pure rules of planning a course: the dose and the whole vials it is given from."""

from apps.courses.domain.dose import Dose, DoseLimits, DoseWarning, calculate_dose
from apps.courses.domain.vials import VialPlan, plan_vials

__all__ = ["Dose", "DoseLimits", "DoseWarning", "VialPlan", "calculate_dose", "plan_vials"]
