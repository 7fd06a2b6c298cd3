"""Where an infusion may start, and how long the patient is watched after it, by what was given before."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from apps.infusions.domain.rate_plan import RatePlan
from apps.infusions.domain.rate_steps import Rule
from apps.kernel.text import N_, Params, Phrase

_LABEL_CEILINGS = ("product_maximum", "indication_maximum")
_FIRST = N_("First infusion that is known of")
_SWITCHED = N_("Another product than last time")
_LONG_GAP = N_("Long gap since the last infusion")


class Tolerated(Protocol):
    """The highest rate borne without a reaction in the last infusion, and for how long."""

    @property
    def rate_ml_per_kg_h(self) -> Decimal: ...
    @property
    def minutes(self) -> int: ...


@dataclass(frozen=True, slots=True)
class StartOffer:
    """The step an infusion may start at, with the reason; 0 is the bottom. A person decides."""

    step_index: int
    message: str
    params: Params


@dataclass(frozen=True, slots=True)
class WatchAfter:
    """How long the patient is watched after the end, with the reason."""

    minutes: int
    message: str
    params: Params
    source: str


def start_offer(
    plan: RatePlan,
    *,
    tolerated: Tolerated | None,
    is_naive: bool,
    switched_product: bool,
    long_gap: bool,
) -> StartOffer | None:
    """The highest step not above what was borne last time, offered; the steps are below the ceiling already.

    Whoever is new to the product starts at the bottom, with the reason. None when there is nothing to say: the
    plan starts at its first step. Source: clinical facts 2.3 (first infusion, switch, long gap: lowest rate).
    """
    reason = _unfamiliar(is_naive=is_naive, switched_product=switched_product, long_gap=long_gap)
    if reason:
        return StartOffer(0, N_("%(reason)s: starts at the lowest rate."), {"reason": Phrase(reason)})
    borne = [step for step in plan.steps if tolerated and step.rate_ml_per_kg_h <= tolerated.rate_ml_per_kg_h]
    if tolerated is None or len(borne) < 2:
        return None
    return StartOffer(
        borne[-1].index,
        N_(
            "Bore %(borne)s mL/kg/h for %(minutes)s min last time without a reaction: may start at %(rate)s mL/kg/h."
        ),
        {
            "borne": tolerated.rate_ml_per_kg_h,
            "minutes": tolerated.minutes,
            "rate": borne[-1].rate_ml_per_kg_h,
        },
    )


def watch_minutes_after(
    plan: RatePlan,
    *,
    is_naive: bool,
    switched_product: bool,
    long_gap: bool,
    highest_rate_ml_per_kg_h: Decimal,
    familiar: Rule,
    unfamiliar: Rule,
) -> WatchAfter:
    """How long to watch after the end: the rules' `minutes`, 60 for whoever is new to the product or is given as much
    as a label's highest rate, else 20.

    `highest_rate_ml_per_kg_h` is the highest that ran or will be reached. Source: clinical facts 3.1.
    """
    reason = _unfamiliar(is_naive=is_naive, switched_product=switched_product, long_gap=long_gap)
    label_maximum = min(
        (one.rate_ml_per_kg_h for one in plan.ceilings if one.code in _LABEL_CEILINGS), default=None
    )
    if not reason and label_maximum is not None and highest_rate_ml_per_kg_h >= label_maximum:
        reason = N_("The rate reaches the label's highest")
    rule = unfamiliar if reason else familiar
    minutes = int(rule.figure("minutes"))
    return WatchAfter(
        minutes=minutes,
        message=N_("%(reason)s: watch for at least %(minutes)s min after the end."),
        params={"reason": Phrase(reason or N_("Had this product not long ago")), "minutes": minutes},
        source=rule.citation.label,
    )


def _unfamiliar(*, is_naive: bool, switched_product: bool, long_gap: bool) -> str:
    """Why the patient is new to the product; empty when they are not."""
    if is_naive:
        return _FIRST
    if switched_product:
        return _SWITCHED
    return _LONG_GAP if long_gap else ""
