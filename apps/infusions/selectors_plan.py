"""The rate plan of a day before it starts: steps, limits, where to start, how long to watch afterwards."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.courses.selectors import PlannedInfusion
from apps.edge.messages import fill
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.infusions.domain import (
    Ceiling,
    RatePlan,
    ReducedRate,
    ScheduledStep,
    StartOffer,
    WatchAfter,
    lay_out,
    pump_rate_ml_per_h,
    reduced_rate,
    start_offer,
    watch_minutes_after,
)
from apps.infusions.domain.familiarity import Given, familiarity
from apps.infusions.models import InfusionSession
from apps.infusions.planning import rate_plan
from apps.infusions.selectors import ToleratedRate, past_reactions, tolerated_rates
from apps.kernel.numbers import plain


@dataclass(frozen=True, slots=True)
class StartTerms:
    """What a day would run on if it started now: its plan, where it may start, how long to watch afterwards."""

    plan: RatePlan
    start: StartOffer | None
    watch: WatchAfter

    @property
    def highest_step_index(self) -> int:
        """The highest step it may start at."""
        return self.start.step_index if self.start else 0

    @property
    def watch_minutes_after(self) -> int:
        """How long the patient is watched after the end."""
        return self.watch.minutes


@dataclass(frozen=True, slots=True)
class _Given:
    product_code: str
    given_on: date | None


def start_terms(planned: PlannedInfusion, *, patient_id: int, now: datetime) -> StartTerms:
    """The plan as it was ordered; where it may start and how long to watch by what the ward does today.

    Raises what `rate_plan` raises.
    """
    plan = rate_plan(planned, volume_ml=planned.volume_ml)
    last = _last_infusion(patient_id)
    guidelines = current_guidelines()
    stands = asdict(
        familiarity(
            _earlier(planned, last),
            product_code=planned.product_code,
            today=now.astimezone(ZoneInfo(planned.ward_time_zone)).date(),
            long_gap_days=guidelines.order_check("long_gap").figure("days"),
        )
    )
    return StartTerms(
        plan=plan,
        start=start_offer(plan, tolerated=_borne(patient_id, last), **stands),
        watch=watch_minutes_after(
            plan,
            highest_rate_ml_per_kg_h=lay_out(plan, now)[-1].step.rate_ml_per_kg_h,
            familiar=guidelines.rate_rule("watch_familiar"),
            unfamiliar=guidelines.rate_rule("watch_unfamiliar"),
            **stands,
        ),
    )


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


def slower_rate(
    plan: RatePlan, *, onset_step_index: int, onset_rate_ml_per_kg_h: Decimal, weight_kg: Decimal
) -> ReducedRate:
    """The rate after a reaction, by the rule that is current. Raises DomainError `pump_resolution_too_coarse`."""
    return reduced_rate(
        plan,
        onset_step_index=onset_step_index,
        onset_rate_ml_per_kg_h=onset_rate_ml_per_kg_h,
        weight_kg=weight_kg,
        rule=current_guidelines().rate_rule("after_reaction"),
    )


def _last_infusion(patient_id: int) -> InfusionSession | None:
    ended = InfusionSession.objects.filter(
        patient_id=patient_id, started_at__isnull=False, ended_at__isnull=False
    )
    return ended.select_related("ward").order_by("-ended_at").first()


def _earlier(planned: PlannedInfusion, last: InfusionSession | None) -> Sequence[Given]:
    """The last infusion kept here, and what the order knows of another."""
    earlier: list[Given] = [planned.prior] if planned.prior else []
    if last is not None and last.ended_at is not None:
        given_on = last.ended_at.astimezone(ZoneInfo(last.ward.time_zone)).date()
        earlier.insert(0, _Given(last.product_code, given_on))
    return earlier


def _borne(patient_id: int, last: InfusionSession | None) -> ToleratedRate | None:
    """The rate borne in the very last infusion, if no reaction began at it or below."""
    rates = [rate for rate in tolerated_rates(patient_id) if last and rate.session_id == last.pk]
    if not rates or last is None:
        return None
    onsets = [
        reaction.rate_ml_per_kg_h or Decimal(0)
        for reaction in past_reactions(patient_id)
        if reaction.session_id == last.pk
    ]
    return rates[0] if all(onset > rates[0].rate_ml_per_kg_h for onset in onsets) else None


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
