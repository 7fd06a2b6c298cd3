"""Pure rules of the running infusion: rate plan, volume, states, bedside rules, step gate, reactions."""

from apps.infusions.domain.ceilings import (
    Ceiling,
    indication_maximum,
    product_initial,
    product_maximum,
    risk_maximum,
)
from apps.infusions.domain.observation_rules import Finding, evaluate
from apps.infusions.domain.rate_plan import PlannedStep, RatePlan, build_rate_plan, pump_rate_ml_per_h
from apps.infusions.domain.rate_steps import ReducedRate, next_step, reachable_step, reduced_rate
from apps.infusions.domain.reactions import Proposal, propose_action
from apps.infusions.domain.schedule import ScheduledStep, lay_out
from apps.infusions.domain.session_state import (
    FINAL_STATES,
    SessionCommand,
    SessionState,
    allowed_commands,
    decide_transition,
)
from apps.infusions.domain.start_offer import StartOffer, WatchAfter, start_offer, watch_minutes_after
from apps.infusions.domain.step_gate import GateDecision, Hold, evaluate_gate
from apps.infusions.domain.vitals import VITAL_SIGNS, Vitals
from apps.infusions.domain.volume import RateSegment, finish_time, grams_given, to_tenth_ml, volume_given_ml

__all__ = [
    "FINAL_STATES",
    "VITAL_SIGNS",
    "Ceiling",
    "Finding",
    "GateDecision",
    "Hold",
    "PlannedStep",
    "Proposal",
    "RatePlan",
    "RateSegment",
    "ReducedRate",
    "ScheduledStep",
    "SessionCommand",
    "SessionState",
    "StartOffer",
    "Vitals",
    "WatchAfter",
    "allowed_commands",
    "build_rate_plan",
    "decide_transition",
    "evaluate",
    "evaluate_gate",
    "finish_time",
    "grams_given",
    "indication_maximum",
    "lay_out",
    "next_step",
    "product_initial",
    "product_maximum",
    "propose_action",
    "pump_rate_ml_per_h",
    "reachable_step",
    "reduced_rate",
    "risk_maximum",
    "start_offer",
    "to_tenth_ml",
    "volume_given_ml",
    "watch_minutes_after",
]
