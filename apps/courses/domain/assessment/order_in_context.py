"""An order together with the guideline items it names and the facts that follow from its patient."""

from dataclasses import dataclass

from apps.courses.domain.assessment.situation import Situation
from apps.courses.domain.dose import Dose
from apps.courses.domain.order import CourseOrder
from apps.courses.domain.profile import Exposure
from apps.courses.domain.vials import VialPlan
from apps.courses.domain.weight import DosingWeight
from apps.guidelines.domain import (
    DoseRegimen,
    Guidelines,
    Indication,
    PlannableProduct,
    Product,
    RateTable,
    RiskCeiling,
)


@dataclass(frozen=True, slots=True)
class OrderInContext:
    """What the single checks look at."""

    order: CourseOrder
    situation: Situation
    guidelines: Guidelines
    indication: Indication
    regimen: DoseRegimen
    product: Product
    figures: PlannableProduct
    rate_table: RateTable
    facts: frozenset[str]
    exposure: Exposure
    risk_ceilings: tuple[RiskCeiling, ...]
    weight: DosingWeight
    dose: Dose
    vials: VialPlan
