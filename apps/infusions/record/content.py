"""What the infusion record shows, in no language yet: numbers, times, codes and texts to be translated."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.infusions.record.entries import (
    AlertLine,
    HandoverLine,
    Happening,
    InterventionLine,
    Name,
    ObservationLine,
    RateLine,
    ReactionLine,
    Sentence,
    VialLine,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the paper is about, on every page."""

    name: str
    medical_record_number: str
    birth_date: date | None
    age_years: int
    ward: str
    bed: str


@dataclass(frozen=True, slots=True)
class Order:
    """What was ordered for this day."""

    course_id: int
    day_number: int
    days: int
    indication: Name
    product: str
    concentration_mg_per_ml: Decimal
    dose_g: Decimal
    volume_ml: Decimal
    weight_kg: Decimal


@dataclass(frozen=True, slots=True)
class Volumes:
    """What went in. `hung_ml` is None where the vials' volumes were not kept.

    `by_rates_ml` is what the pump's rates add up to, `residual_ml` what was measured in what was hung at the end.
    """

    ordered_ml: Decimal
    hung_ml: Decimal | None
    by_rates_ml: Decimal
    residual_ml: Decimal | None

    @property
    def given_ml(self) -> Decimal:
        """What was hung less what was left over, where both are known; else what the rates add up to."""
        if self.hung_ml is None or self.residual_ml is None:
            return self.by_rates_ml
        return max(Decimal(0), self.hung_ml - self.residual_ml)

    @property
    def difference_ml(self) -> Decimal:
        """Given beyond the ordered volume; negative when less went in."""
        return self.given_ml - self.ordered_ml


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A step of the plan; `min_minutes` is None for the last one."""

    number: int
    rate_ml_per_h: Decimal
    rate_ml_per_kg_h: Decimal
    rate_mg_per_kg_min: Decimal
    min_minutes: int | None


@dataclass(frozen=True, slots=True)
class CeilingLine:
    """The rate that was never to be exceeded, and why."""

    rate_ml_per_kg_h: Decimal
    reason: Sentence
    source: str


@dataclass(frozen=True, slots=True)
class InfusionRecord:
    """One infusion from the order to the end of watching, as it stands at `printed_at`."""

    session_id: int
    identity: Identity
    order: Order
    state: str
    started_at: datetime | None
    started_by: str
    ended_at: datetime | None
    ended_by: str
    watched_until: datetime | None
    responsible: str
    volumes: Volumes
    ceiling: CeilingLine
    plan: tuple[PlanLine, ...]
    rates: tuple[RateLine, ...]
    vials: tuple[VialLine, ...]
    observations: tuple[ObservationLine, ...]
    reactions: tuple[ReactionLine, ...]
    interventions: tuple[InterventionLine, ...]
    alerts: tuple[AlertLine, ...]
    handovers: tuple[HandoverLine, ...]
    happenings: tuple[Happening, ...]
    guideline_version: str
    time_zone: str
    printed_at: datetime
    printed_by: str
