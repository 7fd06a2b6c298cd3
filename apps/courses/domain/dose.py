"""The dose of a course: grams and millilitres, in all and per day."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_CENTIGRAM = Decimal("0.01")
_TENTH_ML = Decimal("0.1")

# What is believed without asking (clinical facts 9.3 rules 2 and 6).
MIN_WEIGHT_KG = Decimal("0.3")
MAX_WEIGHT_KG = Decimal(350)
MAX_DOSE_MG_PER_KG = Decimal(10_000)
MAX_DAYS = 10


@dataclass(frozen=True, slots=True)
class Dose:
    """A calculated dose. Grams are rounded to 0.01 g and volumes to 0.1 mL, half up; `per_day_mg` is exact.

    `per_day` figures are for the `days_left` days that are still to come.
    """

    total_g: Decimal
    total_ml: Decimal
    per_day_mg: Decimal
    per_day_g: Decimal
    per_day_ml: Decimal
    days: int
    days_left: int


def calculate_dose(
    *,
    weight_kg: Decimal,
    dose_mg_per_kg: Decimal,
    days: int,
    concentration_mg_per_ml: Decimal,
    given_g: Decimal = Decimal(0),
    days_given: int = 0,
) -> Dose:
    """The dose of a whole course of `dose_mg_per_kg`, spread evenly over `days`.

    60 kg, 2000 mg/kg, 100 mg/mL, 5 days: 120 g, 1200 mL, 24 g and 240 mL a day. When a running course is
    changed, what its `days_given` first days hold (`given_g`) is taken off and the rest spread over the days
    left. Raises DomainError `weight_implausible`, `dose_not_positive`, `dose_implausible`,
    `days_out_of_range`, `concentration_not_positive`, `nothing_left_to_give`. Ceilings are no refusals but
    cautions of the assessment. Source: NEL page, Preparater og dosering; clinical facts 1.4 S3-06 to S3-09.
    """
    _refuse_implausible(weight_kg, dose_mg_per_kg, days, concentration_mg_per_ml)
    total_mg = weight_kg * dose_mg_per_kg
    left_mg = total_mg - given_g * 1000
    if days <= days_given or left_mg <= 0:
        raise DomainError(
            "nothing_left_to_give",
            N_("%(days)s days with %(grams)s g are given already: nothing is left to plan."),
            days=days_given,
            grams=given_g,
            extra={"field": "days"},
        )
    per_day_mg = left_mg / (days - days_given)
    return Dose(
        total_g=_round(total_mg / 1000, _CENTIGRAM),
        total_ml=_round(total_mg / concentration_mg_per_ml, _TENTH_ML),
        per_day_mg=per_day_mg,
        per_day_g=_round(per_day_mg / 1000, _CENTIGRAM),
        per_day_ml=_round(per_day_mg / concentration_mg_per_ml, _TENTH_ML),
        days=days,
        days_left=days - days_given,
    )


def _refuse_implausible(
    weight_kg: Decimal, dose_mg_per_kg: Decimal, days: int, concentration_mg_per_ml: Decimal
) -> None:
    if not MIN_WEIGHT_KG <= weight_kg <= MAX_WEIGHT_KG:
        raise DomainError(
            "weight_implausible",
            N_("A weight of %(weight_kg)s kg is outside %(minimum)s to %(maximum)s kg. Check it."),
            weight_kg=weight_kg,
            minimum=MIN_WEIGHT_KG,
            maximum=MAX_WEIGHT_KG,
            extra={"field": "profile.weight_kg"},
        )
    if not dose_mg_per_kg > 0:
        raise DomainError(
            "dose_not_positive", N_("The dose must be above zero."), extra={"field": "dose_g_per_kg"}
        )
    if dose_mg_per_kg > MAX_DOSE_MG_PER_KG:
        raise DomainError(
            "dose_implausible",
            N_("%(dose_g_per_kg)s g/kg cannot be meant. If you meant mg/kg, enter %(meant_g_per_kg)s g/kg."),
            dose_g_per_kg=_plain(dose_mg_per_kg / 1000),
            meant_g_per_kg=_plain(dose_mg_per_kg / 1_000_000),
            extra={"field": "dose_g_per_kg"},
        )
    if not 1 <= days <= MAX_DAYS:
        raise DomainError(
            "days_out_of_range",
            N_("A course takes 1 to %(maximum)s days."),
            maximum=MAX_DAYS,
            extra={"field": "days"},
        )
    if not concentration_mg_per_ml > 0:
        raise DomainError("concentration_not_positive", N_("The concentration must be above zero."))


def _round(value: Decimal, quantum: Decimal) -> Decimal:
    return value.quantize(quantum, rounding=ROUND_HALF_UP)


def _plain(value: Decimal) -> Decimal:
    return value.normalize() + 0
