"""The rate plan of a session, from the guideline version it pins, and what its rows mean in the domain."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from apps.guidelines.domain import Guidelines, Product
from apps.guidelines.selectors import guidelines_version
from apps.infusions.domain import (
    VITAL_SIGNS,
    Ceiling,
    RatePlan,
    RateSegment,
    Vitals,
    build_rate_plan,
    indication_maximum,
    product_initial,
    product_maximum,
    risk_maximum,
    volume_given_ml,
)
from apps.infusions.models import InfusionSession, Observation, RateChange

# What the timers of a session can have asked a person for.
STEP, OBSERVATION, VOLUME = "step", "observation", "volume"

FIRST_HOUR = timedelta(hours=1)
# Site policy: the leaflets only ask for watching throughout (clinical facts 3.1).
OBSERVE_EVERY_FIRST_HOUR = timedelta(minutes=15)
OBSERVE_EVERY_AFTERWARDS = timedelta(minutes=30)
OBSERVATION_GRACE = timedelta(minutes=10)


class Planned(Protocol):
    """What a rate plan is made from: a session, or an infusion that is still to be started."""

    @property
    def guideline_version(self) -> str: ...
    @property
    def product_code(self) -> str: ...
    @property
    def rate_table_code(self) -> str: ...
    @property
    def disease(self) -> str: ...
    @property
    def weight_kg(self) -> Decimal: ...
    @property
    def risk_factors(self) -> Iterable[str]: ...


def rate_plan(planned: Planned, *, volume_ml: Decimal) -> RatePlan:
    """The steps for this product, weight and risk; the lowest ceiling wins.

    Raises DomainError `product_incomplete`.
    """
    guidelines = guidelines_version(planned.guideline_version)
    product = guidelines.product(planned.product_code)
    figures = product.require_complete()
    return build_rate_plan(
        rate_table=guidelines.rate_table(planned.rate_table_code),
        weight_kg=planned.weight_kg,
        volume_ml=volume_ml,
        concentration_mg_per_ml=figures.concentration_mg_per_ml,
        ceilings=_ceilings(guidelines, planned),
        initial=product_initial(
            product=product.name,
            region=product.region,
            rate_ml_per_kg_h=figures.initial_rate_ml_per_kg_h,
            source=figures.rate_citation.label,
        ),
    )


def plan_of(session: InfusionSession) -> RatePlan:
    """The rate plan of a session."""
    return rate_plan(session, volume_ml=session.volume_total_ml)


def segments_of(session: InfusionSession) -> list[RateSegment]:
    """What ran at which rate, in order of time."""
    return [_segment(change) for change in RateChange.objects.filter(session=session)]


def given_ml(session: InfusionSession, now: datetime) -> Decimal:
    """Millilitres given until `now`: what the rates add up to, and never more than was hung."""
    return min(volume_given_ml(segments_of(session), now), session.volume_total_ml)


def observations_of(session: InfusionSession) -> list[Vitals]:
    """The session's vital signs in order of effective time, baseline included."""
    return [vitals_of(row) for row in Observation.objects.filter(session=session)]


def baseline_of(session: InfusionSession) -> Vitals | None:
    """The vital signs from before the start."""
    row = Observation.objects.filter(session=session, is_baseline=True).first()
    return vitals_of(row) if row else None


def vitals_of(row: Observation) -> Vitals:
    """A stored observation as the domain sees it."""
    return Vitals(effective_at=row.effective_at, **{sign: getattr(row, sign) for sign in VITAL_SIGNS})


def next_observation_due(session: InfusionSession, last_observed_at: datetime) -> datetime:
    """When the next vital signs are due: every 15 minutes in the first hour, then every 30."""
    assert session.started_at is not None
    soon = last_observed_at + OBSERVE_EVERY_FIRST_HOUR
    if soon <= session.started_at + FIRST_HOUR:
        return soon
    return last_observed_at + OBSERVE_EVERY_AFTERWARDS


def _ceilings(guidelines: Guidelines, planned: Planned) -> list[Ceiling]:
    product = guidelines.product(planned.product_code)
    figures = product.require_complete()
    label = product_maximum(
        product=product.name,
        region=product.region,
        rate_ml_per_kg_h=figures.max_rate_ml_per_kg_h,
        source=figures.rate_citation.label,
    )
    return [
        label,
        *_for_disease(guidelines, product, planned.disease),
        *_at_risk(guidelines, product, planned.risk_factors),
    ]


def _for_disease(guidelines: Guidelines, product: Product, disease: str) -> list[Ceiling]:
    """What a label of any region says for this very disease; the lowest counts (clinical facts 2.2)."""
    return [
        indication_maximum(
            product=product.name,
            region=limit.region,
            rate_ml_per_kg_h=limit.max_rate_ml_per_kg_h,
            source=limit.citation.label,
        )
        for limit in guidelines.disease_rate_limits(product.code, disease)
        if limit.max_rate_ml_per_kg_h is not None
    ]


def _at_risk(guidelines: Guidelines, product: Product, risk_factors: Iterable[str]) -> list[Ceiling]:
    """The general limits at the patient's risks, and what the product's own label says of them (facts 2.3)."""
    concentration = product.require_complete().concentration_mg_per_ml
    found: list[Ceiling] = []
    for risk in guidelines.risk_ceilings_for(risk_factors):
        limits = [(risk.rate_ml_per_kg_h_at(concentration), risk.citation)]
        limits += [
            (limit.max_rate_ml_per_kg_h, limit.citation)
            for limit in guidelines.risk_rate_limits(product.code, risk.code)
            if limit.max_rate_ml_per_kg_h is not None
        ]
        found += [
            risk_maximum(code=risk.code, rate_ml_per_kg_h=rate, source=citation.label)
            for rate, citation in limits
        ]
    return found


def _segment(change: RateChange) -> RateSegment:
    return RateSegment(
        started_at=change.started_at, ended_at=change.ended_at, rate_ml_per_h=change.rate_ml_per_h
    )
