"""The dose of a course: grams and millilitres, in all and per day."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from apps.kernel.errors import DomainError
from apps.kernel.text import N_, Params

_CENTIGRAM = Decimal("0.01")
_TENTH_ML = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class DoseLimits:
    """What is believed without asking (facts 9.3 rules 2 and 6; a course is one to five days)."""

    min_weight_kg: Decimal = Decimal("0.3")
    max_weight_kg: Decimal = Decimal(350)
    max_course_mg_per_kg: Decimal = Decimal(2000)
    max_day_mg_per_kg: Decimal = Decimal(2000)
    max_days: int = 5
    daily_grams_with_thrombosis_warning: Decimal = Decimal(35)


DEFAULT_LIMITS = DoseLimits()


@dataclass(frozen=True, slots=True)
class DoseWarning:
    """Something the prescriber should see; `message` is an English %-template filled by `params`."""

    code: str
    message: str
    source: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dose:
    """A calculated dose. Grams are rounded to 0.01 g and volumes to 0.1 mL, half up."""

    total_g: Decimal
    total_ml: Decimal
    per_day_g: Decimal
    per_day_ml: Decimal
    days: int
    warnings: tuple[DoseWarning, ...]


def calculate_dose(
    *,
    weight_kg: Decimal,
    dose_mg_per_kg: Decimal,
    days: int,
    concentration_mg_per_ml: Decimal,
    limits: DoseLimits = DEFAULT_LIMITS,
) -> Dose:
    """The dose of a whole course of `dose_mg_per_kg`, spread evenly over `days`.

    60 kg, 2000 mg/kg, 100 mg/mL, 5 days: 120 g, 1200 mL, 24 g and 240 mL a day. Raises DomainError
    `weight_implausible`, `dose_not_positive`, `days_out_of_range`, `concentration_not_positive`,
    `dose_above_ceiling`. Source: NEL page, Preparater og dosering; clinical facts 1.4 S3-06 to S3-09, 9.3.
    """
    _refuse_implausible(weight_kg, dose_mg_per_kg, days, concentration_mg_per_ml, limits)
    total_mg = weight_kg * dose_mg_per_kg
    per_day_mg = total_mg / days
    return Dose(
        total_g=_round(total_mg / 1000, _CENTIGRAM),
        total_ml=_round(total_mg / concentration_mg_per_ml, _TENTH_ML),
        per_day_g=_round(per_day_mg / 1000, _CENTIGRAM),
        per_day_ml=_round(per_day_mg / concentration_mg_per_ml, _TENTH_ML),
        days=days,
        warnings=_warnings(per_day_mg / 1000, limits),
    )


def _refuse_implausible(
    weight_kg: Decimal,
    dose_mg_per_kg: Decimal,
    days: int,
    concentration_mg_per_ml: Decimal,
    limits: DoseLimits,
) -> None:
    if not limits.min_weight_kg <= weight_kg <= limits.max_weight_kg:
        raise DomainError(
            "weight_implausible",
            N_("A weight of %(weight_kg)s kg is outside %(minimum)s to %(maximum)s kg. Check it."),
            weight_kg=weight_kg,
            minimum=limits.min_weight_kg,
            maximum=limits.max_weight_kg,
        )
    if not dose_mg_per_kg > 0:
        raise DomainError("dose_not_positive", N_("The dose must be above zero."))
    if not 1 <= days <= limits.max_days:
        raise DomainError(
            "days_out_of_range", N_("A course takes 1 to %(maximum)s days."), maximum=limits.max_days
        )
    if not concentration_mg_per_ml > 0:
        raise DomainError("concentration_not_positive", N_("The concentration must be above zero."))
    if dose_mg_per_kg > limits.max_course_mg_per_kg:
        template = N_("%(dose_g_per_kg)s g/kg in the course is above %(ceiling_g_per_kg)s g/kg.")
        raise _above_ceiling(template, dose_mg_per_kg, limits.max_course_mg_per_kg)
    if dose_mg_per_kg / days > limits.max_day_mg_per_kg:
        template = N_("%(dose_g_per_kg)s g/kg in a day is above %(ceiling_g_per_kg)s g/kg.")
        raise _above_ceiling(template, dose_mg_per_kg / days, limits.max_day_mg_per_kg)


def _above_ceiling(template: str, dose_mg_per_kg: Decimal, ceiling_mg_per_kg: Decimal) -> DomainError:
    return DomainError(
        "dose_above_ceiling",
        template,
        dose_g_per_kg=dose_mg_per_kg / 1000,
        ceiling_g_per_kg=ceiling_mg_per_kg / 1000,
    )


def _warnings(per_day_g: Decimal, limits: DoseLimits) -> tuple[DoseWarning, ...]:
    if per_day_g < limits.daily_grams_with_thrombosis_warning:
        return ()
    return (
        DoseWarning(
            code="daily_dose_thrombosis",
            message=N_(
                "%(per_day_g)s g in a day: %(limit_g)s g or more was associated with early thrombosis."
            ),
            source="J Neurol Sci 2011;308:124",
            params={
                "per_day_g": _round(per_day_g, _CENTIGRAM),
                "limit_g": limits.daily_grams_with_thrombosis_warning,
            },
        ),
    )


def _round(value: Decimal, quantum: Decimal) -> Decimal:
    return value.quantize(quantum, rounding=ROUND_HALF_UP)
