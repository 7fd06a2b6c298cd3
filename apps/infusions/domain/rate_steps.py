"""Moving along a rate plan: the step above what runs, how far one may skip, the lower rate after a reaction."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Protocol

from apps.infusions.domain.bedside_rules import Cited
from apps.infusions.domain.rate_plan import PlannedStep, RatePlan, pump_rate_ml_per_h
from apps.kernel.text import N_, Params

_AS_KEPT = Decimal("0.001")


class Rule(Protocol):
    """A rule around a plan, as the guidelines hold it."""

    def figure(self, name: str) -> Decimal: ...
    @property
    def citation(self) -> Cited: ...


@dataclass(frozen=True, slots=True)
class ReducedRate:
    """A rate that need not be a step; `step_index` is the highest step not above it, -1 below the first."""

    step_index: int
    rate_ml_per_kg_h: Decimal
    rate_ml_per_h: Decimal
    message: str
    params: Params
    source: str


def next_step(plan: RatePlan, rate_ml_per_h: Decimal) -> PlannedStep | None:
    """The first step above a running pump rate, which may lie below or between the steps; None at the top."""
    return next((step for step in plan.steps if step.rate_ml_per_h > rate_ml_per_h), None)


def reachable_step(plan: RatePlan, *, step_index: int, minutes_at_step: int | Decimal) -> int:
    """The highest step that may be confirmed now; `step_index` itself when it is too early for the next.

    Steps may be skipped only when the time at the present rate, pauses apart, covers the shortest time of this step
    and of every step skipped: the running rate is never ahead of the plan. A rate between two steps counts as the
    lower one; one below the first (-1) lasts as long as the first. Source: clinical facts 1.5 ("at least"), 9.2 L3.
    """
    needed = 0
    reachable = step_index
    while reachable < len(plan.steps) - 1:
        shortest = plan.steps[max(reachable, 0)].min_duration_minutes
        needed += shortest or 0
        if minutes_at_step < needed:
            break
        reachable += 1
    return reachable


def reduced_rate(
    plan: RatePlan,
    *,
    onset_step_index: int,
    onset_rate_ml_per_kg_h: Decimal,
    weight_kg: Decimal,
    rule: Rule,
    pump_resolution_ml_per_h: Decimal = Decimal(1),
) -> ReducedRate:
    """A part of the rate at which the reaction began (`rule.figure("percent_of_rate")`: half), never above the step
    before it nor above the ceiling, rounded down to 0.001 mL/kg/h and to what the pump can be set to.

    `onset_step_index` is -1 when the onset rate was below the first step. Raises DomainError
    `pump_resolution_too_coarse` when nothing would be left: then only a pause is lower. Source: clinical facts 3.2.
    """
    before = [
        step.rate_ml_per_kg_h
        for step in plan.steps[: onset_step_index + 1]
        if step.rate_ml_per_kg_h < onset_rate_ml_per_kg_h
    ]
    part = onset_rate_ml_per_kg_h * rule.figure("percent_of_rate") / 100
    rate = min([part, plan.ceiling.rate_ml_per_kg_h, *before[-1:]]).quantize(_AS_KEPT, rounding=ROUND_FLOOR)
    return ReducedRate(
        step_index=sum(step.rate_ml_per_kg_h <= rate for step in plan.steps) - 1,
        rate_ml_per_kg_h=rate,
        rate_ml_per_h=pump_rate_ml_per_h(rate, weight_kg, pump_resolution_ml_per_h),
        message=N_(
            "%(percent)s %% of the %(onset)s mL/kg/h at which the reaction began, never above the step before it."
        ),
        params={"percent": rule.figure("percent_of_rate"), "onset": onset_rate_ml_per_kg_h},
        source=rule.citation.label,
    )
