"""The rate plan of a day before it starts, in the reader's language."""

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from apps.courses.selectors import PlannedInfusion
from apps.edge.messages import fill
from apps.guidelines.selectors import guidelines_version
from apps.infusions.beginning import start_terms
from apps.infusions.domain import Ceiling, RatePlan, ScheduledStep, StartOffer, lay_out, pump_rate_ml_per_h
from apps.kernel.numbers import plain


def plan_preview(planned: PlannedInfusion, *, patient_id: int, now: datetime) -> dict[str, Any]:
    """The plan in the reader's language, ready for JSON: numbers as text, minutes from the start.

    `steps` are those reached if each is confirmed as soon as it may be. Raises what `rate_plan` raises.
    """
    terms = start_terms(planned, patient_id=patient_id, now=now)
    plan, guidelines = terms.plan, guidelines_version(planned.guideline_version)
    laid_out = lay_out(plan, now)
    others = [ceiling for ceiling in plan.ceilings if ceiling is not plan.ceiling]
    return {
        "table": {
            "code": plan.table_code,
            "source": guidelines.rate_table(plan.table_code).citation.label,
        },
        "volume_ml": plain(plan.volume_ml),
        "weight_kg": plain(planned.weight_kg),
        "steps": [_step(plan, step, now) for step in laid_out],
        "total_minutes": _minutes(laid_out[-1].planned_end - now),
        "ceiling": _ceiling(plan.ceiling, planned.weight_kg),
        "other_ceilings": [_ceiling(ceiling, planned.weight_kg) for ceiling in others],
        "start": terms.start and _start(plan, terms.start, now),
        "watch_after": {
            "minutes": terms.watch.minutes,
            "reason": fill(terms.watch.message, terms.watch.params),
            "source": terms.watch.source,
        },
    }


def _step(plan: RatePlan, scheduled: ScheduledStep, started_at: datetime) -> dict[str, Any]:
    step = scheduled.step
    limit = plan.limit_of(step)
    return {
        "index": step.index,
        "rate_ml_per_kg_h": plain(step.rate_ml_per_kg_h),
        "rate_ml_per_h": plain(step.rate_ml_per_h),
        "rate_mg_per_kg_min": plain(step.rate_mg_per_kg_min),
        "from_minute": _minutes(scheduled.planned_start - started_at),
        "to_minute": _minutes(scheduled.planned_end - started_at),
        "given_ml": plain(scheduled.given_ml),
        "limited_by": fill(limit.message, limit.params) if limit else "",
    }


def _ceiling(ceiling: Ceiling, weight_kg: Decimal) -> dict[str, Any]:
    return {
        "code": ceiling.code,
        "rate_ml_per_kg_h": plain(ceiling.rate_ml_per_kg_h),
        "rate_ml_per_h": plain(pump_rate_ml_per_h(ceiling.rate_ml_per_kg_h, weight_kg)),
        "reason": fill(ceiling.message, ceiling.params),
        "source": ceiling.source,
    }


def _start(plan: RatePlan, offer: StartOffer, now: datetime) -> dict[str, Any]:
    laid_out = lay_out(plan, now, first_step_index=offer.step_index)
    return {
        "step_index": offer.step_index,
        "rate_ml_per_h": plain(plan.steps[offer.step_index].rate_ml_per_h),
        "reason": fill(offer.message, offer.params),
        "total_minutes": _minutes(laid_out[-1].planned_end - now),
    }


def _minutes(span: timedelta) -> str:
    """To 0.1 min, half up."""
    minutes = Decimal(span // timedelta(microseconds=1)) / 60_000_000
    return plain(minutes.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
