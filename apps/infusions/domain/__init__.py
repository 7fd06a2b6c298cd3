"""Pure rules of the running infusion: rate plan, volume, states, bedside rules, step gate, reactions."""

from apps.infusions.domain.bedside_rules import (
    Finding,
    SeenReaction,
    Series,
    current,
    findings_on,
    judge,
    make_series,
)
from apps.infusions.domain.ceilings import Ceiling, product_initial, product_maximum, risk_maximum
from apps.infusions.domain.rate_plan import PlannedStep, RatePlan, build_rate_plan
from apps.infusions.domain.reactions import Proposal, propose_action
from apps.infusions.domain.schedule import ScheduledStep, lay_out
from apps.infusions.domain.session_state import (
    FINAL_STATES,
    SessionCommand,
    SessionState,
    allowed_commands,
    decide_transition,
)
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
    "ScheduledStep",
    "SeenReaction",
    "Series",
    "SessionCommand",
    "SessionState",
    "Vitals",
    "allowed_commands",
    "build_rate_plan",
    "current",
    "decide_transition",
    "evaluate_gate",
    "findings_on",
    "finish_time",
    "grams_given",
    "judge",
    "lay_out",
    "make_series",
    "product_initial",
    "product_maximum",
    "propose_action",
    "risk_maximum",
    "to_tenth_ml",
    "volume_given_ml",
]
