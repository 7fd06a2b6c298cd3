"""What a day runs on if it starts now: the plan, where it may start, how long the patient is watched after it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.courses.selectors import PlannedInfusion
from apps.guidelines.selectors import current_guidelines
from apps.infusions.domain import RatePlan, StartOffer, WatchAfter, lay_out, start_offer, watch_minutes_after
from apps.infusions.domain.familiarity import Given, familiarity
from apps.infusions.models import InfusionSession
from apps.infusions.past import ToleratedRate, past_reactions, tolerated_rates
from apps.infusions.planning import rate_plan


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
