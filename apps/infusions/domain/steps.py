"""Moving along a rate plan: the step above what runs, and how far one may skip."""

from decimal import Decimal

from apps.infusions.domain.rate_plan import PlannedStep, RatePlan


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
