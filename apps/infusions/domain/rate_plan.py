"""The rate plan of one infusion: steps in mL/kg/h and mL/h, none above the lowest ceiling."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Protocol

from apps.infusions.domain.ceilings import Ceiling, lowest
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_HUNDREDTH = Decimal("0.01")


class TableStep(Protocol):
    """A step of a rate table, as the guidelines hold it."""

    @property
    def rate_ml_per_kg_h(self) -> Decimal: ...
    @property
    def min_duration_minutes(self) -> int | None: ...


class Table(Protocol):
    """A rate table, as the guidelines hold it: rising rates, a shortest time on every step but the last."""

    @property
    def code(self) -> str: ...
    @property
    def concentration_mg_per_ml(self) -> Decimal: ...
    @property
    def steps(self) -> Sequence[TableStep]: ...


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step; `index` counts from 0. `rate_ml_per_h` is what the pump is set to, rounded down.

    `min_duration_minutes` is None for the last step, which runs until the volume is in. `limited_by` is the
    code of the ceiling that shaped the step, None when it stands as in the table.
    """

    index: int
    rate_ml_per_kg_h: Decimal
    rate_ml_per_h: Decimal
    rate_mg_per_kg_min: Decimal
    min_duration_minutes: int | None
    limited_by: str | None


@dataclass(frozen=True, slots=True)
class RatePlan:
    """The steps of an infusion of `volume_ml` and the ceiling that applies (whether or not it shaped a step).

    `ceilings` are all that were considered, the lowest first; `initial` is the product's first rate.
    """

    table_code: str
    volume_ml: Decimal
    concentration_mg_per_ml: Decimal
    ceiling: Ceiling
    ceilings: tuple[Ceiling, ...]
    initial: Ceiling | None
    steps: tuple[PlannedStep, ...]

    def limit_of(self, step: PlannedStep) -> Ceiling | None:
        """What shaped this step; None when it stands as in the table."""
        if step.limited_by is None:
            return None
        return self.ceiling if step.limited_by == self.ceiling.code else self.initial


@dataclass(frozen=True, slots=True)
class _Rate:
    rate_ml_per_kg_h: Decimal
    min_duration_minutes: int | None
    limited_by: str | None = None


def build_rate_plan(
    *,
    rate_table: Table,
    weight_kg: Decimal,
    volume_ml: Decimal,
    concentration_mg_per_ml: Decimal,
    ceilings: Sequence[Ceiling],
    initial: Ceiling | None = None,
    pump_resolution_ml_per_h: Decimal = Decimal(1),
) -> RatePlan:
    """The plan for one infusion.

    Steps above the lowest ceiling become one last step at the ceiling. When the table starts above the
    product's first rate (`initial`), a step at that rate is put before it, for as long as the table's first
    step lasts. Raises DomainError `rate_table_concentration` for a table made for another concentration,
    `rate_ceiling_missing`, `volume_not_positive`, `weight_not_positive`, `pump_resolution_too_coarse`.
    Source: NEL page, Infusjonsplan; clinical facts 1.5, 2.2, 2.3, 9.2 L1, L2, L5, 9.3 rule 3.
    """
    if rate_table.concentration_mg_per_ml != concentration_mg_per_ml:
        raise DomainError(
            "rate_table_concentration",
            N_("The rate plan is for %(table)s mg/mL and must not be used for %(product)s mg/mL."),
            table=rate_table.concentration_mg_per_ml,
            product=concentration_mg_per_ml,
        )
    if not volume_ml > 0:
        raise DomainError("volume_not_positive", N_("The volume to infuse must be above zero."))
    if not weight_kg > 0:
        raise DomainError("weight_not_positive", N_("The weight must be above zero."))
    ceiling = lowest(ceilings)
    rates = _below_ceiling(_with_initial(rate_table.steps, initial), ceiling)
    return RatePlan(
        table_code=rate_table.code,
        volume_ml=volume_ml,
        concentration_mg_per_ml=concentration_mg_per_ml,
        ceiling=ceiling,
        ceilings=tuple(sorted(ceilings, key=lambda one: one.rate_ml_per_kg_h)),
        initial=initial,
        steps=tuple(
            PlannedStep(
                index=index,
                rate_ml_per_kg_h=rate.rate_ml_per_kg_h,
                rate_ml_per_h=pump_rate_ml_per_h(rate.rate_ml_per_kg_h, weight_kg, pump_resolution_ml_per_h),
                rate_mg_per_kg_min=mg_per_kg_min(rate.rate_ml_per_kg_h, concentration_mg_per_ml),
                min_duration_minutes=rate.min_duration_minutes,
                limited_by=rate.limited_by,
            )
            for index, rate in enumerate(rates)
        ),
    )


def pump_rate_ml_per_h(
    rate_ml_per_kg_h: Decimal, weight_kg: Decimal, resolution_ml_per_h: Decimal = Decimal(1)
) -> Decimal:
    """What the pump is set to, in mL/h, rounded down to what it can be set to.

    Raises DomainError `pump_resolution_too_coarse` when that would be nothing (a very small child).
    """
    clicks = (rate_ml_per_kg_h * weight_kg / resolution_ml_per_h).to_integral_value(rounding=ROUND_FLOOR)
    if not clicks:
        raise DomainError(
            "pump_resolution_too_coarse",
            N_("%(rate)s mL/kg/h at %(weight_kg)s kg is below the pump's smallest step of %(step)s mL/h."),
            rate=rate_ml_per_kg_h,
            weight_kg=weight_kg,
            step=resolution_ml_per_h,
        )
    return clicks * resolution_ml_per_h


def mg_per_kg_min(rate_ml_per_kg_h: Decimal, concentration_mg_per_ml: Decimal) -> Decimal:
    """The rate as mass, in mg/kg/min, to 0.01 (clinical facts 0, unit rule)."""
    return (rate_ml_per_kg_h * concentration_mg_per_ml / 60).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)


def _with_initial(steps: Sequence[TableStep], initial: Ceiling | None) -> list[_Rate]:
    rates = [_Rate(step.rate_ml_per_kg_h, step.min_duration_minutes) for step in steps]
    if initial and rates[0].rate_ml_per_kg_h > initial.rate_ml_per_kg_h:
        rates.insert(0, _Rate(initial.rate_ml_per_kg_h, rates[0].min_duration_minutes, initial.code))
    return rates


def _below_ceiling(rates: list[_Rate], ceiling: Ceiling) -> list[_Rate]:
    if rates[-1].rate_ml_per_kg_h <= ceiling.rate_ml_per_kg_h:
        return rates
    below = [rate for rate in rates if rate.rate_ml_per_kg_h < ceiling.rate_ml_per_kg_h]
    return [*below, _Rate(ceiling.rate_ml_per_kg_h, None, ceiling.code)]
